"""A table on its way in, before one's eyes: columns, faults, the mended one, the bar, done."""

import re

import pytest
from playwright.sync_api import expect

from exchange.intake import intake
from exchange.models import ColumnMatch
from exchange.tables import planner
from strategies.models import Funding, Measure
from tests import factories
from tests.exchange.intake.test_pasted import PASTED
from tests.exchange.tables.tables import book_file

HEAD = [
    ["План мероприятий", None, None, None, None, None, None],
    ["№ п/п", "Наименование мероприятия", "Город", "Срок", "Объём, тыс. руб.", None, "Исполнитель работ"],
    [None, None, None, None, "2026", None, None],
    [None, None, None, None, "местный бюджет", "областной бюджет", None],
]  # fmt: skip
MERGED = ("A2:A4", "B2:B4", "C2:C4", "D2:D4", "E2:F2", "E3:F3", "G2:G4")
ROWS = 30


def plan(tmp_path, name, *, is_mended, number=ROWS):
    """A file of a plan of measures."""
    rows = [
        [str(one), f"Двор № {one}", "Сызрань", "31.12.2027", 100 + one, "1 150,25", "Комитет"] for one in range(number)
    ]
    if not is_mended:
        rows[3][3], rows[7][4], rows[9][2] = "31.02.2027", "сто", "Нижние Мхи"
    file = tmp_path / name
    file.write_bytes(book_file(HEAD + rows, merged=MERGED).read())
    return file


@pytest.fixture
def office_of(page, enter):
    """A page of tables that somebody opens."""

    def open_page(person, rest=""):
        enter(person)
        page.goto(f"/office/tables/{rest}")
        return page

    return open_page


@pytest.fixture
def office(office_of, region, town, region_editor):
    """The page of tables, entered by the region's editor."""
    factories.direction(region, programme=factories.programme(region, title="Программа действий"), title="Дворы")
    return office_of(region_editor)


def choose(page, file):
    """Fill the first form and send it."""
    page.locator("#id_programme").select_option(label="Программа действий")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Проверить", exact=True).click()


def go_on(page):
    """From the columns to the check."""
    page.locator(".decide-bar").get_by_role("button", name="Показать, что изменится").click()


def test_table_is_matched_mended_and_taken_in(office, tmp_path, look):
    look("tables", 1280, 390)
    choose(office, plan(tmp_path, "План города.xlsx", is_mended=False))
    office.get_by_role("heading", name="Узнали 7 из 7 столбцов").wait_for()
    look("tables-match", 1280, 390)
    office.locator("#s0-column-6").select_option("responsible")
    go_on(office)
    office.get_by_role("heading", name="Не всё выбрано").or_(office.get_by_text("Не всё выбрано.")).wait_for()
    look("tables-asked", 390, 1280)
    office.get_by_label("«Нижние Мхи», город — это").select_option("Сызрань")
    go_on(office)

    office.get_by_role("heading", name="Ошибок: 2", level=1).wait_for()
    for place, cell in enumerate(("D8", "E12")):
        expect(office.locator("tbody th").nth(place)).to_have_text(cell)
    look("tables-faults", 390, 1280)
    assert Measure.objects.count() == 0
    office.get_by_label("Исправить ячейку D8").fill("31.12.2027")
    office.get_by_label("Исправить ячейку E12").fill("100")
    office.get_by_label("Исправить ячейку E12").press("Enter")

    office.get_by_role("heading", name="Что изменится", level=1).wait_for()
    look("tables-plan", 1280, 390)
    office.get_by_role("button", name=f"Внести: {ROWS} записей").click()
    office.get_by_text(f"Внесено записей: {ROWS}.").wait_for()
    look("tables-taken", 390, 1280)
    assert (Measure.objects.count(), Funding.objects.count()) == (ROWS, 2 * ROWS)
    assert [match.name for match in ColumnMatch.objects.all()] == ["План города"]


class Counted:
    """How much a person does: pages loaded, clicks and choices, signs typed."""

    def __init__(self, page):
        self.page, self.loads, self.clicks = page, 0, 0
        page.on("framenavigated", lambda frame: self._count() if frame == page.main_frame else None)

    def _count(self):
        self.loads += 1

    def click(self, place):
        """Press, with what a list or a tick needs."""
        self.clicks += 1
        place.click()


def test_quarterly_file_for_the_second_time_is_one_upload_and_one_tap(office, tmp_path):
    choose(office, plan(tmp_path, "Отчёт за III квартал.xlsx", is_mended=True))
    go_on(office)
    office.get_by_role("button", name=f"Внести: {ROWS} записей").click()
    office.get_by_text(f"Внесено записей: {ROWS}.").wait_for()
    office.goto("/office/tables/")

    choose(office, plan(tmp_path, "Отчёт за IV квартал.xlsx", is_mended=True, number=ROWS + 2))
    office.get_by_role("button", name="Внести: 2 записи").click()

    office.get_by_text("Внесено записей: 2.").wait_for()
    assert Measure.objects.count() == ROWS + 2


@pytest.mark.invariant(105)
def test_strategy_from_word_is_at_its_check_in_few_pages_and_clicks(office, town, look):
    factories.strategy(town, title="Стратегия")
    person = Counted(office)

    office.goto("/office/tables/")
    office.locator("#id_text").fill(PASTED)
    office.locator("#id_town").select_option(label="Сызрань")
    person.click(office.get_by_role("button", name="Проверить", exact=True))
    office.get_by_role("heading", name="Что это за строки").wait_for()
    look("tables-pasted", 390, 1280)
    person.click(office.locator(".decide-bar").get_by_role("button", name="Показать, что изменится"))
    office.get_by_role("heading", name="Что изменится", level=1).wait_for()

    # Three more of a list to choose the town and of pasting itself.
    assert (person.loads <= 6, person.clicks + 3 <= 25) == (True, True)
    expect(office.get_by_role("button", name="Внести: 7 записей")).to_have_count(1)


def test_what_is_chosen_waits_for_another_day_and_without_scripts(office, tmp_path):
    choose(office, plan(tmp_path, "План города.xlsx", is_mended=False))
    office.locator("#s0-column-6").select_option("co_executors")
    go_on(office)
    office.get_by_role("link", name="Отложить").click()

    office.get_by_role("link", name="План города.xlsx").first.click()

    expect(office.locator("#s0-column-6")).to_have_value("co_executors")


def test_bar_moves_while_a_table_goes_in(office, tmp_path, by_hand, monkeypatch):
    monkeypatch.setattr(planner, "AT_ONCE", 10)
    steps, bar, seen = by_hand(intake, "take_in_steps"), office.locator("form[data-progress] progress"), []
    choose(office, plan(tmp_path, "План.xlsx", is_mended=True))
    go_on(office)

    office.get_by_role("button", name=f"Внести: {ROWS} записей").click()
    expect(bar).to_be_visible()
    for done, of in steps:
        expect(bar).to_have_js_property("value", done)
        if not seen:
            expect(office.locator("[data-progress-status]")).to_have_text(re.compile("^проверено и внесено: "))
        seen.append(done / of)
    office.get_by_text(f"Внесено записей: {ROWS}.").wait_for()

    assert seen == sorted(seen)
    assert len({share for share in seen if 0 < share < 1}) >= 3


def test_links_beside_taking_in_lead_to_other_pages(office, tmp_path):
    choose(office, plan(tmp_path, "План.xlsx", is_mended=True))
    go_on(office)

    office.get_by_role("link", name="Поправить столбцы").click()
    office.get_by_role("heading", name="Узнали 7 из 7 столбцов").wait_for()
    go_on(office)
    office.get_by_role("button", name="Проверить ещё раз").click()

    office.get_by_role("heading", name="Что изменится", level=1).wait_for()
    assert Measure.objects.count() == 0


def test_drafts_are_published_before_ones_eyes(office_of, town, approver, look):
    direction = factories.direction(town.region, programme=factories.programme(town.region, title="Программа действий"))
    for number in range(25):
        factories.measure(town, direction=direction, status="draft", title=f"Двор № {number}")
    page = office_of(approver, "publish/")
    look("tables-publish", 1280, 390)

    page.get_by_role("button", name="Опубликовать все: 25").click()
    page.get_by_text("Опубликовано записей: 25.").wait_for()

    assert {one.status for one in Measure.objects.all()} == {"planned"}
    look("tables-published", 390, 1280)
