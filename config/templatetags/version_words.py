"""Words of a programme and its versions, of a strategy: acts, years, money, the step to the next state."""

from django import template
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.templatetags.site import day, iso, millions
from strategies.models import Programme

register = template.Library()

# What the button of a step does; the office is Russian only.
STEP_BUTTONS = {
    Programme.Status.DISCUSSION: "Вынести на обсуждение",
    Programme.Status.APPROVED: "Утвердить",
    Programme.Status.COMPLETED: "Завершить",
}


@register.simple_tag
def programme_step(move):
    """What the button of a programme's step says."""
    return STEP_BUTTONS.get(move.status, capfirst(move.label))


@register.filter
def act_words(record, otherwise):
    """The act of a programme or of its version, with its day: `{{ version|act_words:_("Акт не найден") }}`."""
    title = record.act_title or otherwise
    return f"{title}, {day(record.act_date)}" if record.act_date else title


@register.filter
def planned_words(measure):
    """What money is promised on a measure: «12,5 млн рублей», the note instead of it, «сумма не найдена»."""
    if measure.planned is None:
        return measure.funding_note or _("сумма не найдена")
    unit = _("млн рублей")
    return f"{millions(measure.planned)} {unit}"


@register.simple_tag
def strategy_when(strategy):
    """The day of the decision on a strategy and the years it is for: «5 мая 2026 года. Стратегия до 2030 года»."""
    if strategy.act_date:
        when = format_html('<time datetime="{}">{}</time>', iso(strategy.act_date), day(strategy.act_date))
    else:
        when = _("Дата решения не найдена")
    years = _strategy_years(strategy)
    return format_html("{}. {}", when, years) if years else when


def _strategy_years(strategy):
    """«Стратегия на 2020–2030 годы», «Стратегия до 2030 года»; nothing where its last year is not known."""
    if not strategy.year_to:
        return ""
    if not strategy.year_from:
        return _("Стратегия до %(b)s года") % {"b": strategy.year_to}
    return _("Стратегия на %(a)s–%(b)s годы") % {"a": strategy.year_from, "b": strategy.year_to}


@register.simple_tag
def version_measures(version):
    """How many measures a version of a programme promised: «12 мер»."""
    return ngettext("%(n)s мера", "%(n)s мер", version.measure_count) % {"n": version.measure_count}
