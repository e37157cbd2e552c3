"""Findings in the office: the region reads and settles with a reason, towns and other regions find nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from strategies.coverage.conflicts.keep import search_region
from strategies.models import Finding
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text, texts
from tests.strategies.coverage.planted import Planter

LIST = "/office/programme/findings/"


def browser(person):
    client = StrictClient()
    client.force_login(person)
    return client


def url(finding):
    return f"{LIST}{finding.pk}/"


@pytest.fixture
def finding(town):
    direction = factories.direction(town.region)
    for title in ("Ремонт улицы Мира", "Ямочный ремонт ул. Мира"):
        factories.measure(town, title=title, direction=direction, stated_total=700)
    search_region(town.region)
    return Finding.objects.get()


@pytest.mark.parametrize(
    ("actor", "reads", "settles"),
    [
        ("region_editor", 200, 302), ("approver", 200, 302), ("wg_member", 200, 403), ("region_admin", 200, 403),
        ("head", 404, 404), ("editor", 404, 404), ("outsider", 404, 404), ("other_approver", 404, 404),
        ("admin_user", 403, 403),
    ],
)  # fmt: skip
@pytest.mark.parametrize("do", ["accepted", "dismissed"])
def test_finding_is_read_and_settled_by_its_region_only(finding, request, actor, reads, settles, do):
    client = browser(request.getfixturevalue(actor))

    assert client.get(url(finding)).status_code == reads
    response = client.post(url(finding), {"do": do, "reason": "Разные участки", "seen_version": finding.row_version})

    assert response.status_code == settles
    finding.refresh_from_db()
    assert (finding.status, finding.settled_because) == ((do, "Разные участки") if settles == 302 else ("open", ""))


@pytest.mark.parametrize("do", ["accepted", "dismissed"])
def test_finding_is_not_settled_without_a_reason(finding, approver, do):
    response = browser(approver).post(url(finding), {"do": do, "reason": " ", "seen_version": finding.row_version})

    assert texts(response, "p", css="field__error") == ["Напишите причину: без неё решение не принять."]
    assert Finding.objects.get().status == "open"


@pytest.mark.parametrize("do", ["gone", "open", ""])
def test_finding_takes_no_other_steps(finding, approver, do):
    data = {"do": do, "reason": "Просто так", "seen_version": finding.row_version}
    assert browser(approver).post(url(finding), data).status_code == 404


def test_two_people_at_once_do_not_overwrite_each_other(finding, approver, region_editor):
    seen = finding.row_version
    browser(region_editor).post(url(finding), {"do": "accepted", "reason": "Верно", "seen_version": seen})

    late = browser(approver).post(url(finding), {"do": "dismissed", "reason": "Неверно", "seen_version": seen})

    assert (late.status_code, text(late, "textarea")) == (422, "Неверно")
    assert texts(late, "p", css="field__error") == [
        "Запись уже изменил кто-то другой. Обновите страницу и посмотрите, что изменилось."
    ]
    assert Finding.objects.values_list("status", "settled_because").get() == ("accepted", "Верно")


def test_finding_shows_its_facts_side_by_side_and_where_each_is_mended(finding, region_editor):
    response = browser(region_editor).get(url(finding))

    assert texts(response, "h3", css="rows__title") == ["Ремонт улицы Мира", "Ямочный ремонт ул. Мира"]
    page = response.content.decode()
    for measure in finding.measures.all():
        assert f'href="{measure.get_absolute_url()}"' in page
        assert f'href="/admin/strategies/measure/{measure.pk}/change/"' in page
    assert texts(response, "button", css="btn") == ["Признать и поправить", "Отклонить: это не ошибка"]


def test_every_kind_of_finding_has_its_page(town, other_town, wg_member):
    Planter(town, other_town).plant()
    search_region(town.region)
    client = browser(wg_member)

    pages = {}
    for finding in Finding.objects.all():
        pages[finding.kind] = text(client.get(url(finding)), "main")
    assert sorted(pages) == ["ends_before", "money_sum", "overpromised", "same_place", "two_figures"]
    assert "Что обещано по приоритетам" in pages["overpromised"]
    assert "2018–2030" in pages["ends_before"]
    assert "всего по документу" in pages["money_sum"]
    assert "Решить" not in pages["money_sum"]


def test_list_puts_the_unsettled_first_and_filters(town, other_town, region_editor):
    Planter(town, other_town).plant()
    search_region(town.region)
    first = Finding.objects.filter(kind="same_place").first()
    first.move_to("dismissed", by=region_editor, reason="Разные участки")
    client = browser(region_editor)

    rows = client.get(LIST).context["findings"]
    assert ([one.status for one in rows].index("dismissed"), len(rows)) == (11, 12)
    assert len(client.get(f"{LIST}?kind=same_place").context["findings"]) == 3
    assert [one.pk for one in client.get(f"{LIST}?status=dismissed").context["findings"]] == [first.pk]
    assert list(client.get(f"{LIST}?kind=nothing").context["findings"]) == []
    assert text(client.get(LIST), "h1") == "Не разобрано: 11 находок"


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        ("region_editor", 302), ("approver", 302), ("wg_member", 403), ("region_admin", 403), ("head", 404),
        ("other_approver", 302),
    ],
)  # fmt: skip
def test_search_now_is_for_those_who_settle_and_in_their_region(town, request, actor, code):
    direction = factories.direction(town.region)
    for title in ("Ремонт улицы Мира", "Ямочный ремонт ул. Мира"):
        factories.measure(town, title=title, direction=direction)
    user = request.getfixturevalue(actor)

    response = browser(user).post(LIST)

    assert response.status_code == code
    assert Finding.objects.count() == (1 if actor in {"region_editor", "approver"} else 0)
    if Finding.objects.exists():
        assert Finding.objects.get().created_by == user


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_queries(town, approver, rows):
    for number in range(rows):
        for title in (f"Ремонт улицы Мира, {number}", f"Ямочный ремонт ул. Мира, {number}"):
            factories.measure(town, title=title)
    search_region(town.region)
    client = browser(approver)
    client.get(LIST)

    with CaptureQueriesContext(connection) as caught:
        assert len(client.get(LIST).context["findings"]) == rows
    assert len(caught) == 7


def test_list_tells_nothing_found_from_everything_settled(region, town, region_editor):
    client, said = browser(region_editor), []
    for status in (None, "dismissed", "open"):
        if status:
            because = "Разные участки" if status == "dismissed" else ""
            Finding.objects.create(region=region, kind="money_sum", key=status, status=status, settled_because=because)
        said.append(text(client.get(LIST), "h1"))

    assert said == ["Наложений и противоречий не найдено", "Разобрано всё, что нашлось", "Не разобрано: 1 находка"]
    assert text(client.get(f"{LIST}?kind=two_figures"), "div", css="empty").startswith("По этому отбору находок нет.")


def test_finding_leads_to_the_workshop_those_alone_who_mend_it(finding, region_editor, wg_member):
    leads = [browser(person).get(url(finding)).content.decode().count("в мастерской") for person in
             (region_editor, wg_member)]  # fmt: skip

    assert leads == [2, 0]
