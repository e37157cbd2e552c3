"""Words of the search page."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.search.found import MOST

register = template.Library()
MARK = (mark_safe(""), mark_safe("<mark>")), (mark_safe(""), mark_safe("</mark>"))


@register.simple_tag
def marked_parts(parts):
    """Parts of a text, the found ones marked."""
    return format_html_join("", "{}{}{}", ((MARK[0][found], text, MARK[1][found]) for text, found in parts))


@register.simple_tag
def search_title(query, answer=None):
    """«парк»: нашли 7 записей."""
    if not query:
        return _("Поиск по сайту")
    said = {"query": answer.shown, "n": answer.number}
    if not answer.groups:
        return _("«%(query)s»: ничего не нашли") % said
    if answer.is_more:
        return _("«%(query)s»: нашли больше %(n)s записей") % said
    return ngettext("«%(query)s»: нашли %(n)s запись", "«%(query)s»: нашли %(n)s записей", answer.number) % said


@register.simple_tag
def group_number(group):
    """How many there are: «7», «больше 60»."""
    return _("больше %(n)s") % {"n": MOST} if group.is_more else str(group.number)


@register.simple_tag
def group_rest(group):
    """«Ещё 12»."""
    return _("Показать больше") if group.is_more else _("Ещё %(n)s") % {"n": group.rest}


@register.simple_tag
def absent_words(answer, is_one_kind):
    """«В городах, среди людей слов «парк» нет.»"""
    if is_one_kind and answer.groups:
        return _("В других разделах этот раз не искали.")
    places = ", ".join(str(kind.absent) for kind in answer.absent)
    if not places:
        return _("Нашли во всех разделах.")
    return _("Слов «%(query)s» нет %(places)s.") % {"query": answer.shown, "places": places}
