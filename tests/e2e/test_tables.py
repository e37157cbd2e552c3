"""A table on its way in, before one's eyes: columns, faults, the mended one, the bar, done."""

import pytest

from exchange.models import ColumnMatch
from strategies.models import Funding, Measure
from tests import factories
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
def office_of(page, live_server, enter):
    """A page of tables that somebody opens."""

    def open_page(person, rest=""):
        enter(person)
        page.goto(f"{live_server.url}/office/tables/{rest}")
        return page

    return open_page


@pytest.fixture
def office(office_of, region, town, region_editor):
    """The page of tables, entered by the region's editor."""
    factories.direction(region, programme=factories.programme(region, title="Программа действий"), title="Дворы")
    return office_of(region_editor)


def choose(page, file):
    """Fill the first form and send it."""
    page.locator("#id_kind").select_option("measures")
    page.locator("#id_programme").select_option(label="Программа действий")
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Проверить", exact=True).click()


@pytest.mark.parametrize("pixels", [390, 1280])
def test_table_is_matched_mended_and_taken_in(office, width, pixels, tmp_path, axe, sideways, shot):
    width(pixels)
    assert (axe(office), sideways(office)) == ([], 0)
    shot(office, f"tables-{pixels}")

    choose(office, plan(tmp_path, "План города.xlsx", is_mended=False))
    office.get_by_role("heading", name="Что в каком столбце").wait_for()
    shot(office, f"tables-match-{pixels}")
    assert (axe(office), sideways(office)) == ([], 0)
    office.get_by_label("Что в столбце «Исполнитель работ»").select_option("responsible")
    office.get_by_role("button", name="Дальше: проверить строки").click()

    office.get_by_role("heading", name="Ошибок: 3").wait_for()
    assert [office.locator("tbody th").nth(place).inner_text() for place in range(3)] == ["D8", "E12", "C14"]
    shot(office, f"tables-faults-{pixels}")
    assert (axe(office), sideways(office), Measure.objects.count()) == ([], 0, 0)

    choose(office, plan(tmp_path, "План города.xlsx", is_mended=True))
    office.get_by_role("heading", name="Что изменится").wait_for()
    shot(office, f"tables-plan-{pixels}")
    assert (axe(office), sideways(office)) == ([], 0)
    office.get_by_role("button", name=f"Внести: {ROWS} записей").click()
    office.get_by_text(f"Внесено записей: {ROWS}.").wait_for()
    assert (axe(office), sideways(office)) == ([], 0)
    assert (Measure.objects.count(), Funding.objects.count()) == (ROWS, 2 * ROWS)
    assert [match.name for match in ColumnMatch.objects.all()] == ["План города"]


WATCH = """
const bar = document.querySelector("form[data-progress] progress");
const seen = () => tell(bar.value, bar.max, !bar.hidden && bar.getBoundingClientRect().width > 0,
                        document.querySelector("[data-progress-status]").textContent);
new MutationObserver(seen).observe(bar.form || bar.closest("form"),
                                   { attributes: true, subtree: true, attributeFilter: ["value", "hidden"] });
"""


def test_bar_moves_while_a_table_goes_in(office, tmp_path):
    told = []
    office.expose_function("tell", lambda *what: told.append(what))
    choose(office, plan(tmp_path, "План.xlsx", is_mended=True, number=1600))
    office.get_by_role("button", name="Дальше: проверить строки").click()
    button = office.get_by_role("button", name="Внести: 1 600 записей")
    button.wait_for()
    office.evaluate(WATCH)

    button.click()
    office.get_by_text("Внесено записей: 1600.").wait_for()

    values = [value / most for value, most, is_shown, _words in told if is_shown]
    assert values == sorted(values)
    assert len({value for value in values if 0 < value < 1}) >= 3
    assert any(words.startswith("проверено и внесено: ") for *_rest, words in told)


def test_buttons_beside_taking_in_lead_to_other_pages(office, tmp_path):
    choose(office, plan(tmp_path, "План.xlsx", is_mended=True))
    office.get_by_role("button", name="Дальше: проверить строки").click()

    office.get_by_role("button", name="Поправить столбцы").click()
    office.get_by_role("heading", name="Что в каком столбце").wait_for()
    office.get_by_role("button", name="Дальше: проверить строки").click()
    office.get_by_role("button", name="Проверить ещё раз").click()

    office.get_by_role("heading", name="Что изменится").wait_for()
    assert Measure.objects.count() == 0


@pytest.mark.parametrize("pixels", [390, 1280])
def test_drafts_are_published_before_ones_eyes(office_of, town, approver, width, pixels, axe, sideways, shot):
    direction = factories.direction(town.region, programme=factories.programme(town.region, title="Программа действий"))
    for number in range(25):
        factories.measure(town, direction=direction, status="draft", title=f"Двор № {number}")
    width(pixels)
    page = office_of(approver, "publish/")
    shot(page, f"tables-publish-{pixels}")
    assert (axe(page), sideways(page)) == ([], 0)

    page.get_by_role("button", name="Опубликовать все: 25").click()
    page.get_by_text("Опубликовано записей: 25.").wait_for()

    assert {one.status for one in Measure.objects.all()} == {"planned"}
    assert (axe(page), sideways(page)) == ([], 0)
