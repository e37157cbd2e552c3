"""What all lists share: rows at once, one field of words, «Отбор» that says what is chosen, and is in the heading."""

import datetime

import pytest
from django.utils import timezone

from tests import factories
from tests.pages import text, texts

LISTS = {
    "/towns/": "Города", "/programme/": "Программа и меры", "/sessions/": "Сессии и обсуждения",
    "/proposals/": "Предложения", "/documents/": "Документы", "/programme/gaps/": "Пробелы программы",
    "/programme/silence/": "О чём нет сведений", "/programme/coverage/": "Где приоритет остался без меры",
}  # fmt: skip


def folded(response):
    """What the folded filters say of themselves, and whether they are open."""
    return text(response, "summary", css="pick__said"), '<details class="fold" open>' in response.content.decode()


@pytest.fixture
def filled(town, other_town):
    """One record of each list, of one town."""
    direction = factories.direction(town.region)
    factories.measure(town, direction=direction, title="Мост", start=None, due=None)
    factories.priority(factories.strategy(town), title="Дороги")
    factories.session(town, title="Встреча")
    factories.document(town, title="Решение")
    return factories.proposal(town, public_text="Скамейки у школы")


def test_every_list_says_in_its_heading_what_is_chosen(client, filled, case):
    for address, title in LISTS.items():
        with case(address):
            whole = client.get(address)
            assert (text(whole, "h1"), folded(whole)) == (title, ("Отбор", False))
            if address == "/towns/":
                continue
            chosen = client.get(address, {"town": "syzran"})
            assert (text(chosen, "h1"), folded(chosen)) == (f"{title}: Сызрань", ("Отбор: Сызрань", False))
            assert f"{title}: Сызрань — " in chosen.content.decode().partition("</title>")[0]
            wrong = client.get(address, {"town": "нет"})
            assert (text(wrong, "h1"), folded(wrong)) == (title, ("Отбор", True))


def test_word_and_conditions_are_asked_together_and_said_together(client, filled):
    page = client.get("/documents/", {"q": "реш", "town": "syzran", "year": ""})

    assert text(page, "h1") == "Документы: «реш», Сызрань"
    assert folded(page) == ("Отбор: Сызрань", False)
    assert texts(page, "form", css="pick")[0].startswith("Название или номер Найти Отбор: Сызрань")
    assert 'value="реш"' in page.content.decode()
    assert '<a href="/documents/">Снять отбор</a>' in page.content.decode()


def test_number_in_the_field_of_words_leads_to_the_proposal(client, filled):
    assert client.get("/proposals/", {"q": filled.number}).headers["Location"] == filled.get_absolute_url()
    assert text(client.get("/proposals/", {"q": "скамейки"}), "h2", id="h-list") == "Найдено 1 предложение"


def test_coming_session_stands_first_with_its_buttons(client, town):
    for days in (20, 5):
        soon = timezone.now() + datetime.timedelta(days=days)
        factories.session(town, title=f"Через {days}", slug=f"s{days}", starts_at=soon, status="announced")

    page = client.get("/sessions/")
    markup = page.content.decode()

    assert texts(page, "p", css="btns") == ["Добавить в календарь Предложить"]
    assert [f'href="/sessions/{slug}/session.ics"' in markup for slug in ("s5", "s20")] == [True, False]
    assert [f'href="/sessions/{slug}/propose/"' in markup for slug in ("s5", "s20")] == [True, False]


def test_coverage_says_one_number_of_each_town_where_the_table_has_no_room(client, filled, town):
    assert texts(client.get("/programme/coverage/"), "ul", css="only-narrow") == [
        "Сызрань: без меры 1 из 1 Чапаевск: приоритетов не найдено"
    ]


def test_pages_of_who_is_late_and_silent_lead_to_each_other(client, filled, case):
    for address in ("/programme/late/", "/programme/silence/", "/programme/coverage/", "/programme/gaps/"):
        with case(address):
            page = client.get(address)
            assert texts(page, "nav", css="acts") == ["Опаздывают Молчат Без мер Пробелы"]
            assert f'<a href="{address}" aria-current="page">' in page.content.decode()
