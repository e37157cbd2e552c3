"""Indicators of measures: what was planned and what is known, by year, as of the end of a term."""

from dataclasses import dataclass

from strategies.models import IndicatorValue, ProgressReport, TargetChange
from strategies.reporting.models.report_parts import ReportedActual


@dataclass(frozen=True)
class Figure:
    """One indicator of one year: its name with the year, unit, plan, fact and why they differ."""

    name: str
    unit: str
    plan: object
    fact: object
    reason: str


def figures_of(batch, term):
    """Give each standing of a batch its `figures`: of the year of the term, of every year for the whole term."""
    measures = [standing.measure.pk for standing in batch]
    values = IndicatorValue.objects.filter(indicator__measure__in=measures).select_related("indicator")
    if term.year:
        values = values.filter(year=term.year)
    values = list(values.order_by("indicator__order", "indicator", "year", "pk"))
    said = {} if term.is_now else _said_by(measures, term.end)
    targets = {} if term.is_now else _targets_then(measures, term.end)
    found = {}
    for value in values:
        plan = targets.get(value.pk, value.target)
        fact, is_preliminary, reason = value.actual, value.is_preliminary, value.deviation_reason
        if not term.is_now and (value.indicator_id, value.year) in said:
            fact, is_preliminary, reason = said[value.indicator_id, value.year]
        name = f"{value.indicator.name}, {value.year}" if value.year else value.indicator.name
        found.setdefault(value.indicator.measure_id, []).append(
            Figure(
                name=f"{name} (предварительно)" if is_preliminary and fact is not None else name,
                unit=value.indicator.unit, plan=_plain(plan), fact=_plain(fact), reason=reason,
            )
        )  # fmt: skip
    for standing in batch:
        standing.figures = found.get(standing.measure.pk, [])
    return batch


def _plain(figure):
    """A figure without the noughts that the database adds: 12 rather than 12.0000."""
    if figure is None:
        return None
    plain = figure.normalize()
    return plain.quantize(1) if plain.as_tuple().exponent > 0 else plain


def _targets_then(measures, end):
    """{value: its target on a day} of those whose target was changed later."""
    changes = TargetChange.objects.filter(value__indicator__measure__in=measures, decided_on__gt=end)
    return dict(changes.order_by("-decided_on", "-pk").values_list("value", "old_target"))


def _said_by(measures, end):
    """{(indicator, year): (fact, is it preliminary, reason)} by reports; nothing known where they came only later."""
    counting = ProgressReport.objects.counting().filter(measure__in=measures)
    rows = ReportedActual.objects.filter(report__in=counting.values("pk")).order_by(
        "report__period_end", "report__published_at", "report"
    )
    found = {}
    names = ("indicator", "year", "actual", "is_preliminary", "deviation_reason", "report__period_end")
    for indicator, year, actual, is_preliminary, reason, period_end in rows.values_list(*names):
        found.setdefault((indicator, year), (None, False, ""))
        if period_end <= end:
            found[indicator, year] = (actual, is_preliminary, reason)
    return found
