import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from strategies.models import Funding, Indicator, IndicatorValue, ProgressReport
from strategies.reporting.models.report_parts import ReportedSpending
from tests import factories

KOPECKS = [("federal", "1000.01"), ("regional", "234567.89"), ("local", "0.10")]


def money(measure, year, source, planned, spent=None):
    """One line of money of a measure."""
    record = factories.make(Funding, measure=measure, year=year, source=source, planned=Decimal(planned))
    if spent is not None:
        Funding.objects.filter(pk=record.pk).update(spent=Decimal(spent))
    return record


def published(measure, *, period="q3", spent=(), **fields):
    """A published report of 2026, which says how much of each line of money is spent."""
    report = factories.report(measure, period=period, **fields)
    for record, sum_ in spent:
        ReportedSpending.objects.create(report=report, funding=record, spent=Decimal(sum_))
    ProgressReport.objects.filter(pk=report.pk).update(status="published", published_at=timezone.now())
    report.refresh_from_db()
    return report


@pytest.fixture
def programme(region):
    return factories.programme(region, title="Программа городов")


@pytest.fixture
def roads(programme):
    return factories.direction(programme.region, programme=programme, title="Дороги", order=1)


@pytest.fixture
def parks(programme):
    return factories.direction(programme.region, programme=programme, title="Парки", order=2)


@pytest.fixture
def bridge(town, roads):
    """A measure of town A with kopecks in two years, an indicator and a report on the third quarter of 2026."""
    measure = factories.measure(
        town, direction=roads, title="=Мост & «дамба»", due=datetime.date(2026, 9, 1), responsible="Минтранс",
        co_executors="+ГКУ", expected_result="Проезд открыт",
    )  # fmt: skip
    rows = [money(measure, 2026, source, planned) for source, planned in KOPECKS]
    indicator = factories.make(Indicator, measure=measure, name="Длина", unit="м")
    factories.make(IndicatorValue, indicator=indicator, year=2026, target=Decimal(120), actual=Decimal("110.5"),
                   deviation_reason="Сузили русло")  # fmt: skip
    published(
        measure, percent=55, text="Опоры стоят.\nИдёт настил.", reason_kind="contractor", pace="behind",
        deviation_reason="сорвал срок", problems="Паводок", next_steps="Сменить подрядчика",
        spent=[(rows[0], "900.01"), (rows[1], "0.09")],
    )  # fmt: skip
    for record, sum_ in zip(rows, ("900.01", "0.09"), strict=False):
        Funding.objects.filter(pk=record.pk).update(spent=Decimal(sum_))
    type(measure).objects.filter(pk=measure.pk).update(status="in_progress", percent=55)
    return measure


@pytest.fixture
def alley(other_town, parks):
    """A measure of town B with money of two years and no report."""
    measure = factories.measure(other_town, direction=parks, title="Аллея", due=datetime.date(2027, 6, 1))
    money(measure, 2026, "regional", "5000.50", "4000.25")
    money(measure, 2027, "extra", "70.07")
    return measure
