"""Pages of a long list without counting it: whether there is a next page is known from one row more."""

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.utils.translation import gettext as _


def cut(rows, start, stop):
    """Rows of a long ordered queryset from `start` to `stop`: only their numbers are sorted, then they are read whole.

    Two queries whatever the number of rows, and a deep page costs what the first one does.
    """
    bare = rows.select_related(None).defer(None)
    return list(rows.filter(pk__in=list(bare.values_list("pk", flat=True)[start:stop])))


class OpenPage(Page):
    """A page that knows its neighbours only."""

    def __init__(self, rows, number, paginator, *, is_last):
        super().__init__(rows, number, paginator)
        self.is_last = is_last

    def has_next(self):
        """Whether one row more was found."""
        return not self.is_last

    def has_other_pages(self):
        """Whether there is anywhere to step."""
        return self.has_previous() or self.has_next()


class OpenPaginator(Paginator):
    """A paginator that never counts its rows."""

    def validate_number(self, number):
        """Any whole number from one; whether the page exists is seen when it is read."""
        try:
            number = int(number)
        except (TypeError, ValueError):
            raise PageNotAnInteger(_("Номер страницы — целое число.")) from None
        if not 1 <= number <= 1_000_000:
            raise EmptyPage(_("Такой страницы нет."))
        return number

    def page(self, number):
        """The rows of a page and whether more follow."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = cut(self.object_list, first, first + self.per_page + 1)
        if not rows and number > 1:
            raise EmptyPage(_("Такой страницы нет."))
        return OpenPage(rows[: self.per_page], number, self, is_last=len(rows) <= self.per_page)
