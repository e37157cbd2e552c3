"""Tables given back, what was said of columns let go, drafts published in one act."""

import io

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import JournalEntry
from exchange.models import ColumnMatch
from strategies.models import Measure, Priority
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text

QUERIES = {"priorities": 9, "measures": 10}


def browser(person):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(person)
    return client


@pytest.fixture
def programme(region):
    return factories.direction(region, title="Дороги").programme


@pytest.fixture
def desk(region_editor):
    """The browser of the region's editor."""
    return browser(region_editor)


def test_export_gives_one_programme_to_its_own_people_only(desk, programme, town, other_town, other_approver):
    direction = programme.directions.get()
    factories.measure(town, direction=direction, title="Мост")
    factories.measure(other_town, direction=direction, title="Парк")
    address = reverse("office:tables_export")
    query = {"kind": "measures", "programme": programme.pk, "town": town.pk}

    book = desk.get(address, query)
    sheet = desk.get(address, query | {"format": "csv"})
    stranger = browser(other_approver).get(address, query)

    rows = list(openpyxl.load_workbook(io.BytesIO(book.content)).active.values)
    place = rows[0].index("мероприятие")
    assert [row[place] for row in rows] == ["мероприятие", "Мост"]
    assert sheet.content.decode("utf-8-sig").splitlines()[1].split(";")[place] == "Мост"
    assert (book.headers["Cache-Control"], stranger.status_code) == ("private, no-store", 404)


def test_match_said_wrong_is_deleted_in_the_workshop_by_its_own_region_only(region, region_editor, other_approver):
    match = ColumnMatch.objects.create(region=region, kind="measures", name="План", columns={"title": "Мера"})
    change = reverse("admin:exchange_columnmatch_change", args=[match.pk])
    delete = reverse("admin:exchange_columnmatch_delete", args=[match.pk])

    stranger = [browser(other_approver).get(change).status_code, browser(other_approver).post(delete).status_code]
    seen = browser(region_editor).get(change)
    kept = ColumnMatch.objects.count()
    browser(region_editor).post(delete, {"post": "yes"})

    assert (stranger, seen.status_code, kept, ColumnMatch.objects.count()) == ([302, 302], 200, 1, 0)


# ——— Publishing ———


def test_drafts_are_published_in_one_act_through_their_door(programme, town, approver):
    direction = programme.directions.get()
    made = [factories.measure(town, direction=direction, status="draft") for _one in range(3)]
    client, address = browser(approver), reverse("office:tables_publish")
    shown = client.get(address).context

    answer = client.post(address, {"list": shown["code"], "seen": shown["mark"]}, follow=True)

    assert shown["lists"] == [(str(programme.pk), programme.title, 3, False)]
    assert "Опубликовано записей: 3." in text(answer, "body")
    assert {one.status for one in Measure.objects.all()} == {"planned"}
    assert sorted(JournalEntry.objects.values_list("object_id", "to_status", "actor")) == [
        (one.pk, "planned", approver.pk) for one in made
    ]


def test_list_of_drafts_that_changed_is_not_published(programme, town, approver):
    direction = programme.directions.get()
    factories.measure(town, direction=direction, status="draft")
    client, address = browser(approver), reverse("office:tables_publish")
    shown = client.get(address).context
    factories.measure(town, direction=direction, status="draft", title="Позже")

    told = client.post(address, {"list": shown["code"], "seen": shown["mark"]})

    assert told.status_code == 422
    assert "Пока вы смотрели, черновики изменились." in text(told, "main")
    assert {one.status for one in Measure.objects.all()} == {"draft"}


def test_editor_and_strangers_publish_nothing(programme, town, region_editor, other_approver):
    factories.measure(town, direction=programme.directions.get(), status="draft")
    address = reverse("office:tables_publish")

    assert browser(region_editor).post(address, {"list": programme.pk}).status_code == 403
    assert browser(other_approver).post(address, {"list": programme.pk}).status_code == 404
    assert browser(other_approver).get(address).context["lists"] == []


def test_draft_priorities_of_strategies_that_nobody_sees_are_not_offered(town, approver):
    factories.priority(factories.strategy(town), status="draft", title="Парк")
    factories.priority(factories.strategy(town, status="draft"), status="draft", title="Мост")
    client, address = browser(approver), reverse("office:tables_publish")
    shown = client.get(address).context

    client.post(address, {"list": "priorities", "seen": shown["mark"]})

    assert sorted(Priority.objects.values_list("title", "status")) == [("Мост", "draft"), ("Парк", "published")]


def test_page_of_drafts_asks_the_same_whatever_their_number(region, town, approver, django_assert_num_queries):
    client, address = browser(approver), reverse("office:tables_publish")
    for number in (1, 3):
        for _one in range(number):
            direction = factories.direction(region)
            for _draft in range(number):
                factories.measure(town, direction=direction, status="draft")
                factories.priority(factories.strategy(town), status="draft")
        with django_assert_num_queries(QUERIES["priorities"]):
            assert client.get(address).context["code"] == "priorities"
        with django_assert_num_queries(QUERIES["measures"]):
            assert client.get(address, {"list": direction.programme_id}).context["total"] == number
