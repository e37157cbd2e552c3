"""Tags and filters of every page: the chain, statuses, dates, money, sources."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlsplit

from django import template
from django.utils import formats, timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config import charts, statuses, symbols
from municipalities.models import Region
from municipalities.numbers import NBSP, with_marks, written
from sessions.paths import add_outcome
from strategies.chain import STATE_WORDS, Chain, State
from strategies.programme.models.measure_queryset import DerivedState

register = template.Library()


# ——— The chain ———


@register.simple_tag
def chain_link(step, state, percent=None, vertical=False):
    """One link: `{% chain_link 0 chain.said %}`; the word stands beside it."""
    return symbols.link(step, state, percent, vertical=vertical)


@register.simple_tag
def chain_glyph(chain, small=False):
    """Four links in a line with a sentence for those who listen."""
    words = ", ".join(f"{str(word).lower()}: {STATE_WORDS[state]}" for _name, word, state in chain.links)
    return format_html(
        '<span class="glyph{}">{}<span class="visually-hidden">{} {}.</span></span>',
        " glyph--s" if small else "",
        symbols.glyph(chain),
        _("Цепочка."),
        words,
    )


@register.simple_tag
def chain_mark():
    """The mark of the site: four whole links."""
    whole = Chain(State.YES, State.YES, State.YES, State.YES)
    return mark_safe(symbols.glyph(whole).replace('class="lk"', 'class="lk brand__mark"', 1))  # noqa: S308 - our own SVG


@register.filter
def at(items, index):
    """The item of a list at an index."""
    return items[index]


@register.filter
def joined(chain, name):
    """«yes» where the link and the next are both confirmed, else «no»: for `data-next`."""
    return "yes" if chain.joined(name) else "no"


# ——— Statuses ———


def _status(tone, icon, word, detail=""):
    small = format_html(" <small>{}</small>", detail) if detail else ""
    return format_html(
        '<span class="st st--{}"><svg viewBox="0 0 16 16" aria-hidden="true">{}</svg><span>{}{}</span></span>',
        tone,
        mark_safe(statuses.ICONS[icon]),  # noqa: S308 - our own constant
        word,
        small,
    )


def _capital(text):
    text = str(text)
    return text[:1].upper() + text[1:]


@register.simple_tag
def status(record, detail=""):
    """The status of a record: icon, word and, if given, a detail."""
    tone, icon = statuses.LOOKS[record._meta.model_name, record.status]
    return _status(tone, icon, _capital(record.get_status_display()), detail)


@register.simple_tag
def proposal_status(proposal):
    """The status of a proposal, for everybody; nobody owes an answer to words that ask for none."""
    is_asked = proposal.status != proposal.Status.NEW or proposal.asks
    return status(proposal) if is_asked else derived_status("answer_not_asked")


@register.simple_tag
def reported_status(report, detail=""):
    """The state of the measure as a report says it."""
    tone, icon = statuses.LOOKS["measure", report.reported_status]
    return _status(tone, icon, _capital(report.get_reported_status_display()), detail)


@register.simple_tag
def measure_status(measure, on, detail=""):
    """The state of a measure on a date: «Просрочено на N дней», «Сведений об исполнении нет» (`Measure.state_of`)."""
    state = measure.state_on(on)
    if state == DerivedState.OVERDUE:
        detail = detail or days_late((on - measure.due_now).days)
    return state_pill("measure", state, detail)


@register.simple_tag
def state_pill(kind, state, detail=""):
    """A state of some kind of records: icon, word and, if given, a detail. `state`: a member of its choices."""
    return _status(*statuses.LOOKS[kind, state], _capital(state.label), detail)


@register.simple_tag
def derived_status(name, detail=""):
    """A state that is not stored: `{% derived_status "no_reports" %}`."""
    return _status(*statuses.DERIVED[name], detail)


@register.inclusion_tag("sessions/_outcome.html")
def proposal_outcome(proposal):
    """How a public proposal ended or how long it waits, on pages that do not tell its whole path."""
    return {"proposal": add_outcome(proposal, timezone.localdate())}


@register.simple_tag
def zone_status(zone):
    """The zone of an indicator's value."""
    tone, icon = statuses.LOOKS["zone", str(zone)]
    return _status(tone, icon, _capital(zone.label))


@register.filter
def days_late(days):
    """«на 8 дней»."""
    return translation.ngettext("на %(n)s день", "на %(n)s дней", days) % {"n": number(days)}


# ——— Samples and sources ———


@register.simple_tag(takes_context=True)
def sample_region(context):
    """The sample region of a try-out (asked only there), `is_shown` where the page is about it; None without one."""
    region = Region.objects.filter(is_sample=True).defer("outline").first()
    if region:
        about = getattr(context.get("object") or context.get("town"), "territory", [None])
        region.is_shown = region.pk in {getattr(context["request"], "region_shown", None), about[0]}
    return region


@register.simple_tag
def sample(record):
    """The label «пример» beside anything invented for a try-out."""
    return format_html('<span class="sample">{}</span>', _("пример")) if getattr(record, "is_sample", False) else ""


def _source(part):
    address, _blank, rest = part.partition(" ")
    if not address.startswith(("http://", "https://")):
        return format_html("{}", part)
    host = urlsplit(address).netloc.removeprefix("www.")
    return format_html('<a href="{}" rel="nofollow noopener">{}</a>{}', address, host, f" {rest}" if rest else "")


@register.simple_tag
def source(record):
    """«Источник: …» under a fact; nothing where none is stored."""
    parts = record.source_list
    if not parts:
        return ""
    word = _("Источник") if len(parts) == 1 else _("Источники")
    return format_html(
        '<p class="source">{}: {}</p>', word, format_html_join(", ", "{}", ((_source(part),) for part in parts))
    )


@register.filter
def source_link(part):
    """One source as a link named by its site, or as it stands."""
    return _source(part)


@register.filter
def host(url):
    """The name of the site of an address."""
    return urlsplit(url).netloc.removeprefix("www.")


# ——— Dates ———


@register.filter
def day(value):
    """«14 августа 2018 года»; an empty value says that the date was not found."""
    if not value:
        return _("дата не найдена")
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    text = formats.date_format(value, "j E Y" if translation.get_language() == "ru" else "j F Y").replace(" ", NBSP)
    return f"{text}{NBSP}года" if translation.get_language() == "ru" else text


@register.filter
def day_short(value):
    """«14 августа 2018», for tables and lists."""
    return day(value).removesuffix(f"{NBSP}года")


@register.filter
def partial_date(value):
    """A date as far as it is known: `2018` «2018 год», `2018-06` «июнь 2018 года», `2018-06-22` «22 июня 2018 года»."""
    if not value:
        return _("дата не найдена")
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 3:
        return day(datetime.date(*parts))
    if len(parts) == 1:
        return _("%(year)s год") % {"year": value}
    month = _small(formats.date_format(datetime.date(*parts, 1), "F"))
    return _("%(month)s %(year)s года") % {"month": month, "year": parts[0]}


@register.filter
def partial_date_short(value):
    """A partial date without the word «года»: for the narrow column of a list."""
    return partial_date(value).removesuffix(f"{NBSP}года").removesuffix(" года")


@register.filter
def since_date(value):
    """A partial date after «с» or «до»: «2020 года», «августа 2021 года», «15 января 2026 года»."""
    parts = [int(part) for part in value.split("-")]
    if translation.get_language() != "ru" or len(parts) == 3:
        return partial_date(value)
    month = formats.date_format(datetime.date(*parts, 1), "E") + " " if len(parts) > 1 else ""
    return f"{month}{parts[0]} года"


@register.filter
def weekday(value):
    """«пятница» inside a line; English days keep their capital."""
    return _small(formats.date_format(timezone.localtime(value), "l"))


def _small(name):
    """The name of a month or a weekday as it stands inside a line."""
    return name.lower() if translation.get_language() == "ru" else name


# «между мартом и сентябрём»
_BETWEEN = (
    gettext_lazy("январём"),
    gettext_lazy("февралём"),
    gettext_lazy("мартом"),
    gettext_lazy("апрелем"),
    gettext_lazy("маем"),
    gettext_lazy("июнем"),
    gettext_lazy("июлем"),
    gettext_lazy("августом"),
    gettext_lazy("сентябрём"),
    gettext_lazy("октябрём"),
    gettext_lazy("ноябрём"),
    gettext_lazy("декабрём"),
)


@register.filter
def forecast_range(forecast):
    """The range of a forecast by months: «между мартом и сентябрём 2027 года», «март 2027 года», «не раньше …»."""
    first, last = forecast.earliest, forecast.latest
    if last is None:
        month = formats.date_format(first, "E" if translation.get_language() == "ru" else "F")
        return _("не раньше %(month)s %(year)s года") % {"month": month, "year": first.year}
    if (first.year, first.month) == (last.year, last.month):
        return partial_date(f"{first:%Y-%m}")
    words = {"first": _BETWEEN[first.month - 1], "last": _BETWEEN[last.month - 1], "year": last.year}
    if first.year == last.year:
        return _("между %(first)s и %(last)s %(year)s года") % words
    return _("между %(first)s %(first_year)s и %(last)s %(year)s года") % (words | {"first_year": first.year})


@register.filter
def iso(value):
    """A date for the `datetime` attribute."""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    return value.isoformat() if value else ""


# ——— Numbers and money ———


@register.filter
def number(value):
    """165 725 with a no-break space and a decimal comma (165,725 in English), −33 with a real minus; «нет данных»
    for None.
    """
    if value is None:
        return _("нет данных")
    return written(value, language=translation.get_language())


@register.filter
def millions(thousand_roubles):
    """Thousand roubles as millions with one decimal: 107100 gives «107,1»; «не найдено» for None.

    A half is rounded up; a little money is «< 0,1», never a nought.
    """
    if thousand_roubles is None:
        return _("не найдено")
    exact = Decimal(thousand_roubles) / 1000
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if exact and not rounded:
        return with_marks(f"<{NBSP}0.1" if exact > 0 else f">{NBSP}-0.1", translation.get_language())
    return written(rounded, places=1, language=translation.get_language())


@register.filter
def percent(value):
    """«40 %», «−33 %», in English "40%"; a dash where there is no figure."""
    if value is None:
        return "—"
    space = NBSP if translation.get_language() == "ru" else ""
    return f"{round(value)}{space}%".replace("-", "−")


# ——— Charts ———


@register.simple_tag
def line_chart(points, label):
    """A line of (year, value) points, values written at the ends and the top."""
    return charts.line(list(points), label)


@register.simple_tag
def plan_fact_chart(values, label):
    """Bars of plan (outline) and fact (fill, pale if preliminary) by year."""
    return charts.plan_fact(list(values), label)


@register.simple_tag
def share_bar(value, total, label):
    """A bar of a share; nothing where either number is missing."""
    return charts.bar(value, total, label)


@register.simple_tag
def status_bar(kind, counts, label):
    """Shares of states as one bar. `counts`: (a member of the kind's choices, None where nothing is due; how many)."""
    looks = [(statuses.LOOKS[kind, state][0] if state else "idle", number) for state, number in counts]
    return charts.segments(looks, label)


_OUTCOME_TONES = {"accepted": "ok", "partly": "ok", "declined": "idle", "late": "bad", "without_term": "idle"}


@register.simple_tag
def outcome_bar(outcomes, label):
    """What became of what was said, as one bar; the words and numbers stand below it."""
    parts = [(_OUTCOME_TONES.get(name, "run"), number) for name, _one, number in outcomes.answers]
    return charts.segments(parts, label)


@register.simple_tag
def spark(points, label):
    """A small line of percentages 0–100."""
    return charts.spark(list(points), label)
