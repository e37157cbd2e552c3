import datetime

import pytest
from django.utils import timezone

from municipalities.models import Edition, Municipality
from strategies.models import ReportingCycle
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text, texts

URL = "/office/dashboard/"
LONG_AGO = datetime.date(2026, 9, 1)


@pytest.fixture
def direction(region):
    return factories.direction(region)


@pytest.fixture
def reader(client, wg_member):
    """A browser of somebody who only reads."""
    client.force_login(wg_member)
    return client


@pytest.fixture
def busy(town, other_town, region, direction):
    """Syzran owes a report and is late with a measure, Chapaevsk handed its report in."""
    factories.measure(town, direction=direction, due=LONG_AGO)
    handed_in = factories.measure(other_town, direction=direction)
    cycle = factories.cycle(direction.programme, period="q3")
    ReportingCycle.objects.update(due_on=timezone.localdate() - datetime.timedelta(days=41))
    factories.report(handed_in, period="q3", status="submitted", submitted_at=timezone.now())
    factories.priority(factories.strategy(town))
    return cycle


def test_dashboard_begins_with_who_has_not_reported(reader, busy, town):
    response = reader.get(URL)
    assert text(response, "h1") == "Один город не отчитался"
    lead = text(response, "p", css="lead")
    assert "Опаздывает 1 мера из 2." in lead
    assert "Область сама ничего не просрочила." in lead
    assert texts(response, "dd")[:4] == ["1 из 2", "1 из 2", "1 из 1", "0"]


def test_dashboard_puts_first_the_town_where_there_is_the_most_to_do(reader, busy, town, other_town):
    rows = texts(reader.get(URL), "tr")
    assert rows[1].startswith("Сызрань Цепочка.")
    assert "Не сдан 41 день не сдано 1 из 1" in rows[1]
    assert rows[2].startswith("Чапаевск")
    assert "Сдан, область проверяет" in rows[2]


def test_each_figure_of_the_dashboard_leads_to_as_many_rows(reader, busy, region, town):
    page = reader.get(URL).content.decode()
    for address, shown in (
        (f"/programme/?region={region.slug}&amp;status=overdue", "Найдена 1 мера"),
        (f"/programme/gaps/?region={region.slug}&amp;kind=no_measure", "Найден 1 пробел"),
        (f"/programme/late/?region={region.slug}&amp;side=town&amp;kind=reports", "Отчёты не сданы: 1"),
        (f"/programme/late/?region={region.slug}&amp;side=town&amp;kind=measures", "Меры просрочены: 1"),
        (f"/programme/late/?region={region.slug}&amp;side=town", "Просрочено 2 дела."),
        (f"{busy.get_absolute_url()}?town={town.slug}#rows", town.name),
    ):
        assert f'href="{address}"' in page, address
        assert shown in " ".join(texts(reader.get(address.replace("&amp;", "&")), "main")), address


def test_dashboard_filters_towns_by_what_they_need(reader, busy):
    assert [row.split()[0] for row in texts(reader.get(URL + "?need=review"), "tr") if "Цепочка." in row] == [
        "Чапаевск"
    ]
    assert [row.split()[0] for row in texts(reader.get(URL + "?need=bare"), "tr") if "Цепочка." in row] == ["Сызрань"]
    assert "Таких городов нет." in text(reader.get(URL + "?need=words"), "section", id="towns")


def test_dashboard_leads_the_approver_to_the_review_and_the_reader_not(client, approver, reader, busy):
    assert 'href="/office/review/">Проверить' not in reader.get(URL).content.decode()
    other = StrictClient()
    other.force_login(approver)
    assert 'href="/office/review/">Проверить' in other.get(URL).content.decode()


@pytest.mark.invariant(58)
def test_figures_of_the_office_are_those_of_everybody(reader, busy, region):
    public = StrictClient().get(f"/programme/?region={region.slug}")
    office = reader.get(URL)
    assert texts(office, "dd")[:4] == texts(public, "dd")[:4]
    for part in ("statuses", "late", "changed"):
        assert text(office, "section", id=part) == text(public, "section", id=part)


def test_money_of_the_office_is_that_of_everybody(reader, town, region, direction):
    measure = factories.measure(town, direction=direction)
    measure.fundings.create(year=2026, source="regional", planned="1234.56", spent="0.01")
    measure.fundings.create(year=2027, source="local", planned="0.44")
    public = StrictClient().get(f"/programme/?region={region.slug}")
    table = texts(public, "table")[-1:]
    assert [one for one in texts(reader.get(URL), "table") if "Обещано, млн руб." in one] == [
        one for one in texts(public, "table") if "Обещано, млн руб." in one
    ]
    assert table


def test_dashboard_compares_with_the_last_closed_period(reader, town, region, direction, approver, committed):
    measure = factories.measure(town, direction=direction, due=LONG_AGO)
    factories.cycle(direction.programme, period="q3").move_to("closed", by=approver)
    assert "Просрочено мер 1 1 0" in text(reader.get(URL), "section", id="changed")
    type(measure).objects.filter(pk=measure.pk).update(status="done", percent=100)
    with committed():
        Edition.bump(region.pk)
    changed = text(StrictClient().get("/programme/"), "section", id="changed")
    assert "Выполнено мер 0 1 1" in changed
    assert "Просрочено мер 1 0 −1" in changed


def test_dashboard_of_another_region_is_not_there(reader, other_region, busy):
    assert reader.get(URL + f"?region={other_region.slug}").status_code == 404


def test_dashboard_shows_nothing_of_another_region(client, other_approver, busy, town):
    client.force_login(other_approver)
    response = client.get(URL)
    assert town.name not in response.content.decode()
    assert text(response, "h1") == "Отчётный период ещё не открывали"


@pytest.mark.parametrize("rows", [1, 3, 51])
def test_dashboard_costs_the_same_with_any_number_of_towns(
    django_assert_num_queries, client, approver, region, direction, rows
):
    for number in range(rows):
        place = factories.make(
            Municipality, region=region, name=f"Город {number}",
            slug=f"town-{number}", in_programme=True,
        )  # fmt: skip
        factories.measure(place, direction=direction, due=LONG_AGO)
        factories.priority(factories.strategy(place))
    factories.cycle(direction.programme, period="q3").move_to("closed", by=approver)
    client.force_login(approver)
    with django_assert_num_queries(24):
        client.get(URL)
    with django_assert_num_queries(10):  # the figures are kept
        response = client.get(URL)
    assert len([row for row in texts(response, "tr") if "Цепочка." in row]) == min(rows, 50)
