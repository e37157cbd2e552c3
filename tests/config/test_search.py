"""The search over everything: what comes first, typing errors, what is never found."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exchange.region_box.loading import load_region
from municipalities.models import Head, Municipality, Region
from municipalities.search import translit_slug
from tests import factories
from tests.pages import text, texts

SAMARA = Path(__file__).parents[2] / "demo" / "samara"
QUESTIONS = Path(__file__).with_name("search_questions.txt")
HANDBOOK = ("Гусь-Хрустальный", "Набережные Челны", "Нижний Тагил", "Кировск", "Кировск", "Лебедянь", "Ростов", "Шуя")


def questions():
    """[(what is typed, the page or the title that must come first)]."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" | ")) for line in lines if line and not line.startswith("#")]


def first(client, query):
    """The address that a query leads to, or the title of the first thing found."""
    response = client.get("/search/", {"q": query})
    if response.status_code == 302:
        return unquote(response.url)
    return next(iter(texts(response, "h3", css="rows__title")), "nothing")


@pytest.mark.slow
def test_search_puts_first_what_was_meant(client, db):
    load_region(SAMARA)
    elsewhere = factories.make(Region, name="Россия", slug="russia", oktmo="99000000")
    for number, name in enumerate(HANDBOOK):
        slug = translit_slug(name) + ("-2" if name in HANDBOOK[:number] else "")
        factories.make(Municipality, region=elsewhere, name=name, slug=slug, is_reference=True)

    answers = [(query, wanted, first(client, query)) for query, wanted in questions()]

    assert len(answers) >= 60
    wrong = [answer for answer in answers if answer[1] != answer[2]]
    assert wrong == [], "\n".join(map(str, wrong))


def test_search_finds_each_kind_and_marks_the_words(client, town):
    factories.make(Head, municipality=town, name="Иван Мостовой")
    measure = factories.measure(town, title="Построить мост", responsible="Управление мостов")
    strategy = factories.strategy(town, published_at=timezone.now())
    priority = factories.priority(strategy, title="Мосты и дороги")
    proposal = factories.proposal(town, public_text="Нужен мост через овраг")
    session = factories.session(town, title="Сессия о мостах")
    document = factories.document(town, title="Решение о мосте")

    page = client.get("/search/", {"q": "мост"})

    assert text(page, "h1") == "«мост»: нашли 7 записей"
    shown = texts(page, "h2", css="sec__title")
    assert shown == ["Люди: 1", "Дела: 1", "Приоритеты: 1", "Что сказали: 1", "Сессии: 1", "Документы: 1",
                     "Кто отвечает: 1", "Где не нашли"]  # fmt: skip
    assert set(texts(page, "mark")) == {"Мостовой", "мост", "мостов", "Мосты", "мостах", "мосте"}
    content = page.content.decode()
    for record in (measure, priority, proposal, session, document):
        assert f'href="{record.get_absolute_url()}"' in content
    assert f'href="{town.get_absolute_url()}"' in content
    assert "Слов «мост» нет в городах." in " ".join(text(page, "main").split())


@pytest.mark.invariant(111)
def test_search_finds_nothing_that_is_not_public(client, town, approver, committed):
    programme = factories.programme(town.region, status="draft")
    factories.measure(town, title="Тайна меры", direction=factories.direction(town.region, programme=programme))
    factories.measure(town, title="Тайна черновика", status="draft")
    draft = factories.strategy(town, status="draft")
    factories.priority(draft, title="Тайна приоритета")
    factories.proposal(town, public_text="Тайна спрятана", status="hidden")
    factories.proposal(town, text="Тайна автора", public_text="Лавочки", author_name="")
    factories.document(town, title="Тайна отозвана", status="withdrawn")
    factories.session(town, title="Тайна сессии", status="planned")
    made_up = factories.make(Region, name="Пример", slug="primer", oktmo="98000000", is_sample=True)
    invented = factories.make(Municipality, region=made_up, name="Примерск", slug="primersk")
    factories.measure(invented, title="Тайна примера")

    page = client.get("/search/", {"q": "тайна"})

    assert text(page, "h1") == "«тайна»: ничего не нашли"
    # A typing error is mended by words that everybody may read, and by no others.
    assert text(client.get("/search/", {"q": "тайнв"}), "h1") == "«тайнв»: ничего не нашли"


def test_search_follows_a_record_in_the_transaction_that_changes_it(client, town, committed):
    proposal = factories.proposal(town, public_text="Качели во дворе")
    assert first(client, "качели") == proposal.plain_name

    with committed():
        proposal.public_text = "Карусель во дворе"
        proposal.save()
    assert (first(client, "качели"), first(client, "карусель")) == ("nothing", proposal.plain_name)

    with committed():
        proposal.delete()
    assert first(client, "карусель") == "nothing"


@pytest.mark.parametrize(
    ("typed", "shown"), [("Сызрнь", "Сызрань"), ("скамекий", "скамейки"), ("лод", ""), ("сквыр", "сквер")]
)
def test_search_says_which_typing_error_it_forgave(client, town, typed, shown):
    factories.measure(town, title="Скамейки и сквер у дома")

    page = client.get("/search/", {"q": typed})

    if shown:
        said = f"Вы набрали «{typed}». Показываем «{shown.lower()}». Искать как набрано"
        assert said in " ".join(texts(page, "p"))
        assert text(client.get("/search/", {"q": typed, "as_typed": "1"}), "h1") == f"«{typed}»: ничего не нашли"
    else:
        assert text(page, "h1") == f"«{typed}»: ничего не нашли"


def test_search_of_nothing_shows_the_towns_of_the_programme(client, town, other_town):
    page = client.get("/search/")

    assert text(page, "h1") == "Поиск по сайту"
    assert [text for text in texts(page, "a") if text in {"Сызрань", "Чапаевск"}] == ["Сызрань", "Чапаевск"]


@pytest.mark.parametrize(
    "query",
    ["'", '"', "*", "%", "(", "а", "—", "AND", "NOT мост", "мост'); DROP", "1" * 5000, "ы" * 5000, "😀", "a:b*"],
)
def test_search_takes_whatever_is_typed(client, town, query):
    factories.measure(town, title="Мост")

    assert client.get("/search/", {"q": query}).status_code == 200


def test_search_asks_as_much_for_three_rows_as_for_one(client, town):
    def count():
        with CaptureQueriesContext(connection) as caught:
            client.get("/search/", {"q": "мост 11"})
        return len(caught)

    strategy = factories.strategy(town, published_at=timezone.now())

    def fill(number):
        factories.make(Head, municipality=town, name=f"Мост 11 {number}")
        factories.measure(town, title=f"Мост 11 {number}", responsible=f"Мост 11 {number}")
        factories.priority(strategy, title=f"Мост 11 {number}")
        factories.proposal(town, public_text=f"Мост 11 {number}")
        factories.session(town, title=f"Мост 11 {number}")
        factories.document(town, title=f"Мост 11 {number}")

    fill(1)
    client.get("/search/", {"q": "мост 11"})
    one = count()
    fill(2)
    fill(3)

    assert (one, count()) == (one, one)
    assert one <= 13


def test_search_list_of_one_kind_shows_all_its_rows(client, town):
    for number in range(8):
        factories.measure(town, title=f"Мост {number}")

    page = client.get("/search/", {"q": "мост"})
    whole = client.get("/search/", {"q": "мост", "kind": "measures"})

    assert len(texts(page, "h3", css="rows__title")) == 5
    assert "Ещё 3" in texts(page, "a")
    assert len(texts(whole, "h3", css="rows__title")) == 8
