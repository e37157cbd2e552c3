import datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from config import charts
from config.templatetags import site
from strategies.chain import Chain, State
from strategies.forecast import Forecast, Outlook
from tests import factories

CHAIN = Chain(State.YES, State.PART, State.GAP, State.NO)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime.date(2018, 8, 14), "14 августа 2018 года"),
        (datetime.datetime(2018, 8, 13, 21, tzinfo=datetime.UTC), "14 августа 2018 года"),  # 01:00 in Samara
        (None, "дата не найдена"),
    ],
)
def test_day_is_written_in_full_and_in_local_time(value, expected):
    assert site.day(value).replace("\u00a0", " ") == expected


def test_day_is_english_in_english():
    with translation.override("en"):
        assert site.day(datetime.date(2018, 8, 14)).replace("\u00a0", " ") == "14 August 2018"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2018", "2018 год"), ("2018-06", "июнь 2018 года"), ("2018-06-22", "22 июня 2018 года"), ("", "дата не найдена")],
)
def test_partial_date_says_as_much_as_is_known(value, expected):
    assert site.partial_date(value).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ((2027, 3, 1), (2027, 9, 30), "между мартом и сентябрём 2027 года"),
        ((2026, 11, 30), (2027, 5, 1), "между ноябрём 2026 и маем 2027 года"),
        ((2027, 3, 1), (2027, 3, 31), "март 2027 года"),
        ((2027, 3, 1), None, "не раньше марта 2027 года"),
    ],
)
def test_forecast_range_is_told_by_months(first, last, expected):
    found = Forecast(Outlook.AHEAD, 4, earliest=datetime.date(*first), latest=datetime.date(*last) if last else None)

    assert site.forecast_range(found).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2020", "2020 года"), ("2021-08", "августа 2021 года"), ("2026-01-15", "15 января 2026 года")],
)
def test_since_date_follows_a_preposition(value, expected):
    assert site.since_date(value).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(165725, "165\u00a0725"), (Decimal("75.50"), "75,5"), (-33, "−33"), (None, "нет данных"), (0, "0")],
)
def test_number_uses_russian_marks_and_tells_blank_from_zero(value, expected):
    assert site.number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(107_100, "107,1"), (0, "0,0"), (None, "не найдено"), (5_000_000, "5\u00a0000,0"), (Decimal("250.00"), "0,3"),
     (Decimal("0.01"), "<\u00a00,1"), (Decimal("49.99"), "<\u00a00,1"), (50, "0,1"), (Decimal("-0.01"), ">\u00a0−0,1"),
     (-3250, "−3,3")],
)  # fmt: skip
def test_millions_are_made_of_thousand_roubles(value, expected):
    assert site.millions(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(40, "40\u00a0%"), (-33.3, "−33\u00a0%"), (None, "—")])
def test_percent_has_no_figure_without_a_base(value, expected):
    assert site.percent(value) == expected


def test_glyph_speaks_to_those_who_listen():
    assert (
        '<span class="visually-hidden">Цепочка. сказано: есть, выбрано: есть, но не подтверждено, обещано: пробел, '
        "сделано: нет.</span>" in site.chain_glyph(CHAIN)
    )


def test_joined_needs_both_links_confirmed():
    assert site.joined(CHAIN, "said") == "no"
    assert site.joined(Chain(State.YES, State.YES, State.NO, State.NO), "said") == "yes"


def test_source_links_addresses_and_keeps_papers(town):
    town.sources = "https://www.example.org/page (city.csv) ; Газета «Волга», № 5"

    assert site.source(town) == (
        '<p class="source">Источники: <a href="https://www.example.org/page" rel="nofollow noopener">example.org</a> '
        "(city.csv), Газета «Волга», № 5</p>"
    )


def test_source_escapes_markup(town):
    town.sources = "<script>alert(1)</script>"

    assert site.source(town) == '<p class="source">Источник: &lt;script&gt;alert(1)&lt;/script&gt;</p>'


def test_source_of_nothing_is_nothing(town):
    assert site.source(town) == ""


def test_measure_status_tells_lateness_in_days(town):
    measure = factories.measure(town, due=datetime.date(2026, 11, 1))

    late = site.measure_status(measure, datetime.date(2026, 11, 9))
    in_time = site.measure_status(measure, datetime.date(2026, 11, 1))

    assert "st--bad" in late
    assert "<span>Просрочено <small>на 8 дней</small></span>" in late
    assert "<span>Запланировано</span>" in in_time


def test_sample_is_labelled(town):
    town.is_sample = True

    assert Template("{% sample town %}").render(Context({"town": town})) == '<span class="sample">пример</span>'


def test_line_chart_needs_two_points():
    assert charts.line([(2021, 5)], "x") == ""
    assert charts.line([(2020, 5), (2021, 7)], "x").count("<circle") == 2


def test_plan_fact_chart_draws_no_bar_for_a_blank():
    class Value:
        year, target, actual, is_preliminary = 2025, 6, None, False

    assert charts.plan_fact([Value], "x").count("<rect") == 1
    assert charts.plan_fact([], "x") == ""


def test_bar_without_a_total_is_not_drawn():
    assert charts.bar(5, 0, "x") == ""
    assert charts.bar(None, 5, "x") == ""
    assert 'width="50"' in charts.bar(1, 2, "x")
