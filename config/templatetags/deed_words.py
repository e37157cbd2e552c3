"""Words of a deed in a list: for how much, until when, how it stands, who answers; of a town's figures and money."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config import sentences
from config.templatetags.site import day, derived_status, measure_status, millions, number, percent, sample
from strategies.programme.models.measure_queryset import DerivedState
from strategies.programme.models.programme import Programme

register = template.Library()

register.filter("deeds_sentence", sentences.deeds_sentence)
register.filter("region_sentence", sentences.region_sentence)
register.filter("three_words", sentences.three_words)

YEARS = 2
LONG = 90


@register.simple_tag
def promised_note(money, shared):
    """What stands under «обещано»: the money by years, and the deeds that are shared with other towns."""
    return ". ".join(filter(None, (money_words(money), also_shared(shared.promised))))


@register.simple_tag
def late_note(shared):
    """What stands under «опаздывает»: what it means, and what it does not count."""
    return ". ".join(filter(None, (_("Срок прошёл, а отчёта нет"), also_shared(shared.late))))


@register.simple_tag
def also_shared(count):
    """What a figure does not count: «Ещё 2 общих с другими городами»; nothing where there is none."""
    if not count:
        return ""
    return ngettext("Ещё %(n)s общее с другими городами", "Ещё %(n)s общих с другими городами", count) % {"n": count}


@register.filter
def ring(figures):
    """How thick the ring of a town is on the map: 4 where all is done, 3 where anything was promised, else 0."""
    own = figures.own
    if own.promised:
        return 4 if own.done == own.promised else 3
    return 3 if figures.shared.promised else 0


@register.simple_tag
def done_of(figures):
    """How many things are done of all: «1 из 11», «0»."""
    if not figures.promised:
        return "0"
    return _("%(done)s из %(total)s") % {"done": number(figures.done), "total": number(figures.promised)}


@register.simple_tag
def more_deeds(total, shown):
    """How many deeds a list of the first ones leaves out: «Ещё 6 дел»."""
    more = total - len(shown)
    return ngettext("Ещё %(n)s дело", "Ещё %(n)s дел", more) % {"n": number(more)}


@register.filter
def deed_sum(deed):
    """How much was promised: «107,1 млн», the words of the source, «Сумма не найдена»."""
    if deed.planned is None:
        return capfirst(deed.funding_note) or _("Сумма не найдена")
    return _("%(sum)s млн") % {"sum": millions(deed.planned)}


@register.filter
def deed_due(deed):
    """Until when: «срок 1 мая 2027 года», with the date before, the words of the source, «срок не назван»."""
    if deed.postponed_to and deed.due:
        return format_html("{} <s>{}</s> — {}", _("срок"), day(deed.due), day(deed.postponed_to))
    if deed.due_now:
        return _("срок %(day)s") % {"day": day(deed.due_now)}
    note = deed.due_note
    return note[:1].lower() + note[1:] if note else _("срок не назван")


@register.simple_tag
def deed_state(deed, on):
    """How a deed stands on a day: late, silent for years, days or so far, under way, finished; icon and words."""
    state = deed.state_on(on)
    if state == DerivedState.OVERDUE:
        return measure_status(deed, on)
    if not deed.is_open:
        return measure_status(deed, on)
    if not deed.is_reported:
        return _silent(deed, on, state)
    how_far = measure_status(deed, on, percent(deed.percent) if deed.percent is not None else "")
    return format_html("{} {}", how_far, _days(deed)) if deed.is_silent else how_far


def _silent(deed, on, state):
    years = on.year - deed.promised_year if deed.promised_year else 0
    if state == DerivedState.UNHEARD and years > 0:
        return derived_status("no_reports", ngettext("%(n)s год", "%(n)s лет", years) % {"n": years})
    return _days(deed) if deed.is_silent else derived_status("no_reports")


def _days(deed):
    days = deed.silent_days
    return derived_status("silent", ngettext("%(n)s день", "%(n)s дней", days) % {"n": number(days)})


@register.filter
def deed_who(deed):
    """Who answers: «Отвечает Дорожная служба.», «Кто отвечает, не найдено.»."""
    if not deed.responsible:
        return _("Кто отвечает, не найдено.")
    return _("Отвечает: %(who)s.") % {"who": deed.responsible.rstrip(" .")}


@register.filter
def money_words(money):
    """Money by the year and by whose promise it is, never one sum: «107,1 млн рублей на 2026 год, конкурс»."""
    words = [
        _("%(sum)s млн %(year)s, %(kind)s")
        % {"sum": millions(one["planned"]), "year": _year(one["year"]), "kind": Programme.Kind(one["kind"]).label}
        for one in money[:YEARS]
    ]
    if len(money) > YEARS:
        words.append(_("остальное — на другие годы"))
    return "; ".join(words)


@register.filter
def priority_words(priority):
    """How many deeds answer a priority and their money by years: «2 дела: 250,0 млн на 2022 год, 107,1 на 2026 год»."""
    count = len(priority.deeds)
    if not count:
        return _("Дел не назначили.")
    words = ngettext("%(n)s дело", "%(n)s дел", count) % {"n": count}
    millions_word = _("млн")
    sums = [
        f"{millions(planned)} {millions_word} {_year(year)}"
        for year, planned in sorted(priority.money.items(), key=_known)
    ]
    return f"{words}: {', '.join(sums)}." if sums else f"{words}."


@register.simple_tag
def priority_links(priorities):
    """Priorities of one row as links, one after another."""
    links = ((one.get_absolute_url(), Truncator(one.title).chars(LONG), sample(one)) for one in priorities)
    return format_html_join("; ", '<a href="{}">{}</a>{}', links)


def _known(item):
    return item[0] or 0


def _year(year):
    return _("на %(year)s год") % {"year": year} if year else _("без года")
