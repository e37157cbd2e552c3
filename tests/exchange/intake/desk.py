"""Tables brought through the pages of the office, the forms sent as a browser without scripts would send them."""

from html.parser import HTMLParser

from tests.conftest import StrictClient
from tests.exchange.tables.tables import csv_file

PAGE = "/office/tables/"


class _Fields(HTMLParser):
    """Fields of the forms of a page as they stand, form by form: buttons are named apart."""

    def __init__(self):
        super().__init__()
        self.forms, self._select, self._area = [], None, None

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        form, name = self.forms[-1], named.get("name")
        if tag == "input" and name and named.get("type") not in {"file", "submit"}:
            if named.get("type") not in {"checkbox", "radio"} or "checked" in named:
                form.setdefault(name, []).append(named.get("value", "on"))
        elif tag == "select":
            self._select, form[name] = name, []
        elif tag == "option" and self._select:
            if "selected" in named or not form[self._select]:
                form[self._select] = [named.get("value", "")]
        elif tag == "textarea":
            self._area, form[name] = name, [""]

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area:
            self.forms[-1][self._area][0] += data.removeprefix("\n")


def fields(page):
    """{name: values} of the form of a page that says what to `do`, or of its first with a token."""
    parser = _Fields()
    parser.feed(page.content.decode())
    found = [form for form in parser.forms if "csrfmiddlewaretoken" in form]
    return max(found, key=len)


class Desk:
    """A person at the pages of tables.

    Attributes:
        page: the page before their eyes.
        loads: how many pages they have loaded.
    """

    def __init__(self, person, programme=None):
        self.client, self.programme = StrictClient(), programme
        self.client.force_login(person)
        self.page, self.loads = None, 0

    def _seen(self, page):
        self.page, self.loads = page, self.loads + 1
        return page

    def bring(self, file=None, **more):
        """Send the first form; `file` may be rows."""
        file = csv_file(file) if isinstance(file, list) else file
        where = {"programme": self.programme.pk} if self.programme else {}
        data = where | ({"file": file} if file else {}) | more
        return self._seen(self.client.post(PAGE, data, follow=True))

    def send(self, do, **changes):
        """Send the form of the page with some fields otherwise."""
        data = fields(self.page) | {"do": do} | {name.replace("__", "-"): value for name, value in changes.items()}
        address, self.page = self.page.context["table"].get_absolute_url(), None  # the former page holds its table
        return self._seen(self.client.post(address, data, follow=True))

    def open(self, address=""):
        """Load a page."""
        return self._seen(self.client.get(PAGE + address))

    @property
    def asked(self):
        """What is left to choose, in words."""
        return [one.words for one in self.page.context["questions"]] if "questions" in self.page.context else None

    @property
    def faults(self):
        """[(cell, what is wrong)] of the plan."""
        return [
            (fault.cell or str(fault.line), fault.text)
            for preview in self.page.context["plan"].previews
            for fault in preview.faults
        ]

    @property
    def chosen(self):
        """{head: (what it is, how sure)} of the first sheet."""
        return {one.head: (one.choice.value, one.choice.sure) for one in self.page.context["chosen"][0].columns}
