"""Official papers in a real browser: the choice and the page to be printed, on a phone and on a desk."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from strategies.models import Funding
from tests import factories


@pytest.fixture
def programme(town, region):
    """Two measures, one of them answers a priority."""
    direction = factories.direction(region, title="Городская среда")
    factories.link(
        factories.priority(factories.strategy(town), title="Дворы"),
        factories.measure(town, title="Двор на Советской", direction=direction),
    )
    factories.measure(region, title="Обучение глав", direction=direction)


def test_papers_are_readable_and_made_by_one_click(page, programme, approver, enter, axe, shot, look):
    enter(approver)
    for name, address in (("templates", "/office/papers/templates/"), ("choice", "/office/papers/")):
        page.goto(address)
        look(f"papers-{name}", 390, 1280)
    page.get_by_role("button", name="Страница для печати и PDF").click()

    expect(page.get_by_role("rowheader", name="Двор на Советской")).to_have_count(1)
    assert axe(page) == []
    shot(page, "papers-print")


@pytest.fixture
def long(region, town):
    """Thirty measures of two directions, three lines of money each: several sheets."""
    for number in range(30):
        if number % 15 == 0:
            direction = factories.direction(region, title=f"Направление {number // 15 + 1}")
        measure = factories.measure(town, title=f"Мера с длинным названием, номер {number}", direction=direction)
        for source, planned in (("federal", "0.01"), ("regional", "333.33"), ("local", "1000000.10")):
            factories.make(Funding, measure=measure, year=2026, source=source, planned=planned)
            factories.make(Funding, measure=measure, year=2027, source=source, planned=planned)


def sheets(page):
    """The texts of the sheets that a page prints, as a PDF reader finds them; (width, height) of the first."""
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    box = printed.pages[0].mediabox
    texts = [" ".join(sheet.extract_text().replace("\u00a0", " ").split()) for sheet in printed.pages]
    return texts, (round(box.width), round(box.height))


def test_printed_paper_has_heads_and_a_number_on_each_sheet(page, long, approver, enter):
    enter(approver)
    page.goto("/office/papers/")
    page.get_by_label("План мероприятий").check()
    page.get_by_label("Год", exact=True).select_option("all")
    page.get_by_role("button", name="Страница для печати и PDF").click()
    expect(page.get_by_role("rowheader", name="Мера с длинным названием, номер 29")).to_be_visible()
    texts, size = sheets(page)

    assert size == (842, 595)
    assert len(texts) > 2
    assert ["Мероприятие Ответственный" in text for text in texts] == [True] * len(texts)
    # ГОСТ Р 7.0.97: no number on the first sheet, from the second one on it stands above.
    assert [re.match(r"(\d+) ", text) is not None for text in texts] == [False, *[True] * (len(texts) - 1)]
    assert [int(text.split()[0]) for text in texts[1:]] == list(range(2, len(texts) + 1))
    for said in ("По состоянию на", "Единица измерения денег: тыс. руб.", "Приложение к", "весь срок"):
        assert said in texts[0], said
    for said in ("Всего", "60 020 006,40", "Исполнитель", "И. О. Фамилия"):
        assert said in texts[-1], said
    assert [text for text in texts if re.search(r"Направление «Направление \d»$", text)] == []


def test_printed_card_for_a_visit_takes_two_sheets(page, long, town, approver, enter):
    for number in range(20):
        factories.proposal(town, public_text=f"Скамейки {number}. " + "Очень нужно " * 40)
    enter(approver)
    page.goto(f"/office/towns/{town.slug}/visit/")
    texts, size = sheets(page)

    assert (len(texts), size) == (2, (595, 842))
    assert "карточка поездки" in texts[0]
    assert re.search("Что обещано городу.*Последние слова жителей", texts[1])
    assert "Скачать DOCX" not in " ".join(texts)


def test_printed_dashboard_keeps_its_tables(page, long, approver, enter):
    enter(approver)
    page.goto("/office/dashboard/")
    texts, size = sheets(page)

    assert size == (842, 595)
    assert "Город Цепочка Отчёты" in texts[0]
    assert "Выгрузить" not in " ".join(texts)
