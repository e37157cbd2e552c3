import datetime

import pytest
from django.db.models import Sum
from django.utils import timezone
from django.utils.http import urlencode
from lxml import html

from strategies.models import Funding, Measure
from strategies.programme.filters import MeasureFilter
from tests import factories
from tests.pages import text, texts


def titles(response):
    """Titles of the measures in the tables of a page."""
    return [cell for cell in texts(response, "th") if cell.startswith("Мера ")]


@pytest.fixture
def measures(region, town, other_town):
    """Four measures that differ in everything a filter asks for."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    own = factories.direction(region, title="Городская среда")
    other = factories.direction(region, title="Туризм", programme=factories.programme(region, kind="federal"))
    alley = factories.measure(
        town, title="Мера аллея", direction=own, responsible="Министерство энергетики", due=datetime.date(2028, 5, 1)
    )
    factories.measure(
        other_town, title="Мера пляж", direction=other, responsible="Ростуризм", start=None, due=yesterday
    )
    shared = factories.measure(
        region, title="Мера грант", direction=other, responsible="", start=None, due=None, due_note="работы в 2029 году"
    )
    shared.towns.add(town)
    factories.measure(
        other_town, title="Мера парк", direction=own, responsible="", status="postponed",
        postponed_to=datetime.date(2029, 6, 1),
    )  # fmt: skip
    factories.report(alley, status="published")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Мера парк", "Мера аллея", "Мера пляж", "Мера грант"]),
        ({"direction": "Туризм"}, ["Мера пляж", "Мера грант"]),
        ({"town": "syzran"}, ["Мера аллея", "Мера грант"]),
        ({"status": "overdue"}, ["Мера пляж"]),
        ({"status": "postponed"}, ["Мера парк"]),
        ({"status": "planned"}, ["Мера аллея", "Мера пляж", "Мера грант"]),
        ({"due": "2028"}, ["Мера аллея"]),
        ({"due": "2029"}, ["Мера парк", "Мера грант"]),
        ({"responsible": "РОСТУРИЗМ"}, ["Мера пляж"]),
        ({"responsible": "министерства"}, ["Мера аллея"]),
        ({"responsible": "пляж"}, []),
        ({"kind": "action"}, ["Мера парк", "Мера аллея"]),
        ({"kind": "other"}, ["Мера пляж", "Мера грант"]),
        ({"reported": "yes"}, ["Мера аллея"]),
        ({"reported": "no"}, ["Мера парк", "Мера пляж", "Мера грант"]),
        ({"q": "АЛЛЕИ"}, ["Мера аллея"]),
        ({"q": "Атлантида"}, []),
        ({"kind": "action", "town": "chapaevsk"}, ["Мера парк"]),
    ],
)
def test_measure_filters_choose(client, measures, query, expected):
    assert titles(client.get("/programme/", query)) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"direction": "Космос"}, "Выберите корректный вариант. Космос нет среди допустимых значений."),
        ({"town": "atlantida"}, "Выберите корректный вариант. Вашего варианта нет среди допустимых значений."),
        ({"status": "draft"}, "Выберите корректный вариант. draft нет среди допустимых значений."),
        ({"due": "скоро"}, "Введите число."),
        ({"due": "0"}, "Убедитесь, что это значение больше либо равно 1990."),
        ({"due": "2028.5"}, "Убедитесь, что вы ввели не более 0 цифр после запятой."),
        ({"kind": "1"}, "Выберите корректный вариант. 1 нет среди допустимых значений."),
        ({"reported": "maybe"}, "Выберите корректный вариант. maybe нет среди допустимых значений."),
    ],
)
def test_measure_filters_answer_nonsense_with_a_message_and_no_rows(client, measures, query, message):
    response = client.get("/programme/", query)

    assert (response.status_code, titles(response), texts(response, "p", css="field__error")) == (200, [], [message])


def test_measure_filters_write_out_every_label():
    assert {name: str(one.extra.get("label") or one._label) for name, one in MeasureFilter.base_filters.items()} == {
        "q": "Слова",
        "region": "Регион",
        "direction": "Направление",
        "town": "Город",
        "status": "Состояние",
        "due": "Срок, год",
        "responsible": "Кто отвечает",
        "money_year": "Деньги за год",
        "source": "Чьи деньги",
        "kind": "Чьё обещание",
        "reported": "Отчёты",
    }


def test_measure_filters_offer_only_towns_and_directions_with_public_measures(client, measures, region, town):
    hidden = factories.direction(region, title="Скрытое направление")
    factories.measure(town, direction=hidden, status="draft")
    factories.make(type(town), region=region, name="Кинель", slug="kinel", kind="urban_okrug")

    response = client.get("/programme/")

    assert text(response, "select", id="id_town") == "Все города Сызрань Чапаевск"
    assert text(response, "select", id="id_direction") == "Все направления Городская среда Туризм"


def test_measure_filters_show_one_region_at_a_time(client, measures, other_region):
    factories.measure(other_region, title="Мера соседей")

    home = titles(client.get("/programme/"))
    neighbours = titles(client.get("/programme/", {"region": "saratov-oblast"}))

    assert (home, neighbours) == (["Мера парк", "Мера аллея", "Мера пляж", "Мера грант"], ["Мера соседей"])
    assert titles(client.get("/programme/", {"region": "nowhere"})) == []


def test_measure_of_responsible_without_words_finds_nothing(measures):
    assert list(Measure.objects.of_responsible("—")) == []


def test_each_sum_of_money_leads_to_its_measures(client, region, town, other_town):
    """Every figure of the tables of money is the sum over the measures of the page it leads to."""
    own = factories.direction(region)
    grant = factories.direction(region, programme=factories.programme(region, kind="federal"))
    for place, direction, sums in (
        (
            town,
            own,
            [(2026, "federal", "0.01", None), (2026, "local", "333.33", "111.11"), (2027, "federal", "5", None)],
        ),
        (other_town, own, [(2026, "federal", "1000000.50", "10"), (2026, "extra", None, None)]),
        (other_town, grant, [(2026, "federal", "70", "7")]),
    ):
        measure = factories.measure(place, direction=direction)
        for year, source, planned, spent in sums:
            factories.make(Funding, measure=measure, year=year, source=source, planned=planned, spent=spent)
    gone = factories.measure(town, direction=own, status="cancelled", cancel_act=factories.document(region))
    factories.make(Funding, measure=gone, year=2026, source="federal", planned=99)

    page = client.get("/programme/")
    cells = html.fromstring(page.content.decode()).xpath("//section[@id='money']//tbody/tr/td[@data-label]/a/@href")

    assert len(cells) == 7
    for table in page.context["money"]:
        for row in table.rows:
            asked = {"kind": "other" if table.is_other else "action", "money_year": row.year, "source": row.code}
            shown = client.get("/programme/", asked).context["measures"]
            sums = Funding.objects.filter(measure__in=[one.pk for one in shown], year=row.year, source=row.code)
            assert sums.aggregate(Sum("planned"), Sum("spent")) == {
                "planned__sum": row.promised, "spent__sum": row.paid
            }  # fmt: skip
            leads = f"/programme/?region={region.slug}&" + urlencode(asked) in cells
            assert leads == ({row.promised, row.paid} != {None})
    assert client.get("/programme/?money_year=2031").context["measures"] == []
    assert client.get("/programme/?money_year=2027&source=local").context["measures"] == []


def test_sums_of_a_filtered_page_keep_its_filter(client, region, town, other_town):
    for place in (town, other_town):
        measure = factories.measure(place, direction=factories.direction(region))
        factories.make(Funding, measure=measure, year=2026, source="local", planned=5)

    page = html.fromstring(client.get(f"/programme/?town={town.slug}&page=1").content.decode())

    (link,) = page.xpath("//section[@id='money']//tbody//a/@href")
    assert [one.municipality for one in client.get(link).context["measures"]] == [town]
