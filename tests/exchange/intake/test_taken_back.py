"""An import taken back by whoever made it; its file kept for a term; the list of imports."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from exchange.intake.models import KEPT_DAYS, WAITING_DAYS, TableImport, table_storage
from exchange.intake.views.start import SHOWN
from strategies.models import Measure
from tests import factories
from tests.exchange.intake.desk import PAGE, Desk
from tests.pages import text

ROWS = [["Мероприятие", "Срок"], ["Мост", "31.12.2027"], ["Парк", "31.12.2028"]]


@pytest.fixture
def taken(desk):
    """A table that has gone in."""
    desk.bring(ROWS)
    desk.send("match")
    desk.send("apply")
    return TableImport.objects.get()


@pytest.mark.invariant(104)
def test_wrong_import_is_taken_back_in_two_clicks_from_the_list(desk, taken):
    listed = desk.open()
    assert f'href="{taken.get_absolute_url()}"' in listed.content.decode()

    page = desk.client.get(taken.get_absolute_url())
    assert "Взять назад: 2 записи" in text(page, "main")
    told = desk.client.post(f"{taken.get_absolute_url()}back/", follow=True)

    assert "Взяли назад: всё стоит так, как было до этой таблицы." in text(told, "body")
    taken.refresh_from_db()
    assert (Measure.objects.count(), taken.taken_back_at is not None) == (0, True)
    again = desk.client.post(f"{taken.get_absolute_url()}back/", follow=True)
    assert "Эту таблицу уже взяли назад." in text(again, "body")


@pytest.mark.invariant(104)
def test_import_that_something_was_built_on_stays(desk, taken, town):
    measure = Measure.objects.get(title="Мост")
    factories.link(factories.priority(factories.strategy(town)), measure)

    told = desk.client.post(f"{taken.get_absolute_url()}back/", follow=True)

    taken.refresh_from_db()
    assert (Measure.objects.count(), taken.taken_back_at) == (2, None)
    assert "Взять обратно нельзя:" in text(told, "body")


@pytest.mark.invariant(104)
def test_nobody_else_takes_an_import_back(taken, approver, other_approver, head):
    address = f"{taken.get_absolute_url()}back/"

    codes = [Desk(who).client.post(address).status_code for who in (approver, other_approver, head)]

    assert (codes, Measure.objects.count()) == ([403, 404, 403], 2)


@pytest.mark.invariant(107)
def test_file_of_an_import_is_kept_apart_for_its_term_and_then_goes(desk, taken, committed):
    name, address = taken.file.name, f"{taken.get_absolute_url()}file/"
    answer = desk.client.get(address)
    assert b"".join(answer.streaming_content).decode() == "Мероприятие;Срок\r\nМост;31.12.2027\r\nПарк;31.12.2028\r\n"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    last = timezone.localdate() + datetime.timedelta(KEPT_DAYS)

    assert (taken.kept_until, TableImport.objects.forget_expired(last)) == (last, 0)
    TableImport.objects.update(kept_until=timezone.localdate() - datetime.timedelta(1))
    with committed():
        call_command("forget_authors", stdout=(out := io.StringIO()))

    assert "Удалено файлов внесённых таблиц: 1." in out.getvalue()
    assert (table_storage().exists(name), desk.client.get(address).status_code) == (False, 404)
    assert "Срок хранения файла прошёл." in text(desk.client.get(taken.get_absolute_url()), "main")


@pytest.mark.invariant(107)
def test_table_that_nobody_went_on_with_goes_whole_after_its_term(desk, committed):
    desk.bring(ROWS)
    table = TableImport.objects.get()
    assert table.kept_until == timezone.localdate() + datetime.timedelta(WAITING_DAYS)

    with committed():
        TableImport.objects.forget_expired(table.kept_until + datetime.timedelta(1))

    assert (TableImport.objects.count(), table_storage().exists(table.file.name)) == (0, False)


def test_table_is_let_go_with_its_file(desk, committed):
    desk.bring(ROWS)
    desk.send("match")
    name = TableImport.objects.get().file.name

    with committed():
        desk.send("drop")

    assert (TableImport.objects.count(), table_storage().exists(name)) == (0, False)


def test_list_of_imports_is_whole_page_by_page(desk, region, region_editor):
    for number in range(SHOWN + 1):
        table = TableImport.begin(b"rows", f"План {number}.csv", by=region_editor, region=region)
        table.close({"measures": [1, 0]}, {})

    first, second = (desk.client.get(PAGE, {"page": page}).context["page_obj"] for page in (1, 2))

    assert [len(first), [one.file_name for one in second]] == [SHOWN, ["План 0.csv"]]


def test_list_asks_the_same_whatever_the_number_of_imports(desk, region, region_editor, django_assert_num_queries):
    for number in (1, 3):
        for _one in range(number):
            table = TableImport.begin(b"rows", "План.csv", by=region_editor, region=region)
            table.close({"measures": [1, 0]}, {})
            TableImport.begin(b"rows", "План.csv", by=region_editor, region=region)
        with django_assert_num_queries(14):
            desk.client.get(PAGE)


def test_pages_of_a_table_ask_the_same_whatever_its_rows(desk, town, django_assert_max_num_queries):
    for number in (1, 30):
        rows = [["Мероприятие", "Город", "Срок"], *([f"Двор {one}", "Сызрань", "31.12.2027"] for one in range(number))]
        with django_assert_max_num_queries(40):
            desk.bring(rows)
        address = desk.page.context["table"].get_absolute_url()
        with django_assert_max_num_queries(30):
            desk.client.get(f"{address}?step=match")
        desk.send("match")
        with django_assert_max_num_queries(40):
            desk.client.get(address)
        desk.send("drop")
