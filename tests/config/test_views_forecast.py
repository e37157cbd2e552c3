"""The forecast on the page of a measure, in words."""

import datetime

import pytest
from django.utils import timezone

from config.templatetags.site import forecast_range
from strategies.models import Measure
from tests import factories
from tests.pages import texts
from tests.strategies.published import reported

HOW = "Посчитано по 5 отчётам с готовностью, это не обещание: как считаем прогноз."


def months_ago(number):
    """(year, month) that many months before now."""
    index = timezone.localdate().year * 12 + timezone.localdate().month - 1 - number
    return index // 12, index % 12 + 1


def history(measure, *percents, ends=0):
    """Quarterly reports whose last one is about the quarter that ended some quarters before the last finished one."""
    year, month = months_ago(0)
    last = year * 4 + (month - 1) // 3 - 1 - ends
    for number, percent in enumerate(reversed(percents)):
        index = last - number
        reported(measure, f"q{index % 4 + 1}", year=index // 4, percent=percent)


def forecast(client, measure):
    return texts(client.get(measure.get_absolute_url()), "p", css="forecast")


def test_measure_page_sets_the_forecast_beside_the_promise(client, town):
    measure = factories.measure(town, due=datetime.date(2030, 6, 30))
    history(measure, 10, 20, 30, 40, 50)

    shown = forecast(client, measure)

    assert len(shown) == 1
    assert shown[0].startswith("Прогноз Обещано к 30 июня 2030 года, по ходу отчётов — ")
    assert shown[0].endswith(f"Прошлые прогнозы ошибались меньше чем на 1 пункт. {HOW}")


def test_measure_page_names_the_months_of_the_range_and_how_far_off_it_was(client, town):
    measure = factories.measure(town, due=None)
    history(measure, 10, 20, 40, 44, 52)  # 3.9 to 4.4 off, by the lengths of the quarters before today

    response = client.get(measure.get_absolute_url())

    months = forecast_range(response.context["forecast"])
    assert texts(response, "p", css="forecast") == [
        f"Прогноз Точный срок не назван, по ходу отчётов — {months}. "
        f"Прошлые прогнозы ошибались в среднем на 4 пункта. {HOW}".replace("\u00a0", " ")
    ]


def test_measure_page_says_when_it_should_be_done_by_now(client, town):
    measure = factories.measure(town, due=datetime.date(2026, 1, 31), start=None)
    history(measure, 10, 30, 50, 70, 90, ends=8)

    assert "по ходу отчётов уже должно быть готово." in forecast(client, measure)[0]


def test_measure_page_says_when_the_end_is_not_in_sight(client, town):
    measure = factories.measure(town)
    history(measure, 1, 1, 2, 2, 3)

    assert "при нынешнем темпе не видно, когда закончат." in forecast(client, measure)[0]


@pytest.mark.parametrize("percents", [(10, 20, 30), (10, None, 20, 30), (30, 30, 30, 30)])
def test_measure_page_makes_no_forecast_of_too_little(client, town, percents):
    measure = factories.measure(town)
    history(measure, *percents)

    assert forecast(client, measure) == []


@pytest.mark.parametrize("status", ["not_done", "cancelled"])
def test_measure_page_makes_no_forecast_of_what_is_not_open(client, town, status):
    measure = factories.measure(town)
    history(measure, 10, 20, 30, 40)
    shown = len(forecast(client, measure))
    Measure.objects.update(status=status, cancel_act=factories.document(town))
    client.cookies.clear()

    response = client.get(measure.get_absolute_url() + "?again")

    assert (shown, texts(response, "p", css="forecast")) == (1, [])
