"""What is reported in the region of `region_data`: periods, 200,000 reports, figures; the same each time."""

import datetime
from decimal import Decimal

from strategies import periods
from strategies.models import ExpectedReport, Indicator, IndicatorValue, ProgressReport, ReportingCycle, TargetChange

BATCH, TODAY = 2_000, datetime.date(2026, 11, 24)
QUARTERS = [(year, period) for year in (2024, 2025, 2026) for period in ("q1", "q2", "q3", "q4")][:11]


def moment(day):
    """Noon of a day."""
    return datetime.datetime.combine(day, datetime.time(8), tzinfo=datetime.UTC)


def keep(model, rows):
    """Rows into the database in portions; return them with their numbers."""
    return model.objects.bulk_create(rows, batch_size=BATCH)


def status_of(index):
    """The state of a measure by its number."""
    if index % 8 == 0:
        return {0: "draft", 8: "cancelled"}.get(index % 40, "planned")
    return {6: "done", 7: "done", 8: "not_done", 9: "postponed"}.get(index % 10, "in_progress")


def percent_of(index, status):
    """Readiness: nothing where no report has told it."""
    if status in {"draft", "planned", "cancelled"}:
        return None
    return 100 if status == "done" else 10 + index * 7 % 85


class Reporting:
    """The last steps of a filling: it knows its measures, priorities, heads and programme."""

    def cycles(self):
        """Reporting periods and who owes what"""
        expected = []
        for year, period in QUARTERS[-3:]:
            cycle = ReportingCycle.objects.create(
                programme=self.promised, year=year, period=period, status="open",
                due_on=self.promised.due_day(year, period), published_at=moment(TODAY),
            )  # fmt: skip
            asked = [one for one in self.rows if one.status in {"planned", "in_progress", "postponed"}]
            expected += [ExpectedReport(cycle=cycle, measure=one, municipality_id=one.municipality_id) for one in asked]
        keep(ExpectedReport, expected)

    def reports(self):
        """Published reports"""
        rows, wanted = [], self.number["reports"]
        for index, measure in enumerate(self.rows):
            if status_of(index) in {"draft", "planned"} or index % 8 == 0:
                continue
            quarters = QUARTERS[:6] if index % 8 == 1 else QUARTERS
            for step, quarter in enumerate(quarters, start=1):
                rows.append(self.report(measure, quarter, index, is_last=step == len(quarters), step=step))
        for index, priority in enumerate(self.priorities):
            if index % 5 == 0 and priority.status == "published":
                rows += [
                    self.report(None, quarter, index, is_last=False, step=step, priority=priority)
                    for step, quarter in enumerate(QUARTERS[2:], start=1)
                ]
        kept = keep(ProgressReport, rows[:wanted])
        # What is missing to the number are corrections of the latest reports.
        fixed = [one for one in reversed(kept) if one.measure_id][: max(wanted - len(kept), 0)]
        for one in fixed:
            one.corrects_id, one.pk, one.text = one.pk, None, "Исправили опечатку."
        keep(ProgressReport, fixed)

    def report(self, measure, quarter, index, *, is_last, step, priority=None):
        """One published report of a quarter."""
        year, period = quarter
        end = periods.bounds(year, period)[1]
        state = measure.status if is_last and measure.status != "cancelled" else "in_progress"
        share = None if measure is None else measure.percent if is_last else min(step * 7, 90)
        published = moment(end + datetime.timedelta(days=10 + index % 30))
        head = self.heads[index % len(self.heads)]
        return ProgressReport(
            measure=measure, priority=priority, year=year, period=period, period_end=end, percent=share,
            text="Сделали очередной участок, приняли работы, закрыли акты.", reported_status=state,
            deviation_reason="Сорваны сроки закупки." if state in {"not_done", "postponed"} else "",
            postponed_to=measure.postponed_to if state == "postponed" else None, status="published",
            created_by=head, submitted_by=head, submitted_at=published - datetime.timedelta(days=index % 12),
            published_at=published, pace="on_plan" if index % 3 else "behind",
        )  # fmt: skip

    def figures(self):
        """Indicators and their changed targets"""
        indicators = keep(
            Indicator,
            [
                Indicator(priority=one, name="Отремонтировано", unit="м", base_year=2023, base_value=0)
                for one in self.priorities
            ],
        )
        values = keep(
            IndicatorValue,
            [
                IndicatorValue(
                    indicator=one, year=year, target=100 + number % 50, deviation_reason="Погода",
                    actual=(90 + number % 30) if year < 2026 else None,
                )
                for number, one in enumerate(indicators)
                for year in (2024, 2025, 2026, 2027)
            ],
        )  # fmt: skip
        keep(
            TargetChange,
            [
                TargetChange(
                    value=one, old_target=Decimal(200), new_target=one.target, reason="Денег стало меньше.",
                    decided_on=datetime.date(2026, 1 + number % 10, 5),
                )
                for number, one in enumerate(values[3::24])
            ],
        )  # fmt: skip
