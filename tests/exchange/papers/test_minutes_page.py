"""The minutes as a page to be printed: the same words as the Word file, without a resident's name."""

import datetime

import pytest
from django.urls import reverse

from documents.models import Document
from exchange.papers.minutes import minutes_words
from sessions.models import Decision, PriorityVote, Section
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text, texts

NAME = "Ярослав Меченый"


@pytest.fixture
def session(town):
    """A held session with everything that minutes tell."""
    record = factories.session(
        town, title="Сессия о дворах", agenda="Итоги года\nСекции", place="Сызрань", participants="жители и дума",
        participants_count=42, outcome="Договорились о трёх приоритетах.",
        minutes=factories.document(town, kind=Document.Kind.MINUTES, number="7-П"),
    )  # fmt: skip
    section = Section.objects.create(session=record, title="Дворы", moderator="Глава", summary="Нужен свет")
    factories.proposal(
        town, session=record, number="СЗ-2026-0001", public_text="Фонари у вокзала", section=section,
        text=f"{NAME}: фонари", author_name=NAME, consent_version="1",
    )  # fmt: skip
    factories.proposal(town, session=record, number="СЗ-2026-0002", public_text="Скрытое", status="hidden")
    factories.make(
        Decision, session=record, number=1, text="Осветить сквер", due=datetime.date(2026, 12, 1),
        responsible="Управление благоустройства",
    )  # fmt: skip
    priority = factories.priority(factories.strategy(town), title="Свет")
    factories.make(PriorityVote, session=record, priority=priority, count=30)
    return record


def browser(person):
    client = StrictClient()
    client.force_login(person)
    return client


def address(session):
    return reverse("office:session_minutes_page", args=[session.pk])


def leaves(words):
    """Every text and number that minutes say."""
    if isinstance(words, dict):
        words = list(words.values())
    if isinstance(words, list):
        return [leaf for one in words for leaf in leaves(one)]
    return [str(words)] if words not in {"", None} else []


def test_page_of_minutes_says_all_that_the_file_says(session, head):
    response = browser(head).get(address(session))

    page = text(response, "article")
    assert text(response, "h1") == "Протокол № 7-П"
    assert [leaf for leaf in leaves(minutes_words(session)) if leaf not in page] == []
    assert "Договорились о трёх приоритетах." in page
    assert "Председатель____________________ Секретарь____________________ Исполнитель:" in page


def test_page_of_minutes_repeats_its_heads_and_names_its_columns(session, head):
    response = browser(head).get(address(session))

    assert texts(response, "thead") == [
        "Номер Что предложили Кто сказал Секция", "№ Поручение Срок Ответственный Отметка об исполнении",
    ]  # fmt: skip


def test_page_of_minutes_never_names_a_resident_nor_what_is_hidden(session, head):
    page = browser(head).get(address(session)).content.decode()

    assert [mark in page for mark in (NAME, "Скрытое")] == [False, False]


def test_page_of_minutes_of_a_session_without_anything_says_so(town, head):
    response = browser(head).get(address(factories.session(town)))

    page = text(response, "article")
    assert "Протокол № ____" in page
    assert ["Повестка" in page, "Предложения" in page, "Решили" in page] == [False] * 3
    assert "В карточке сессии нет: повестки, предложений, решений, поэтому" in text(response, "main")


def test_page_of_minutes_is_for_those_who_prepare_the_session(session, head, editor, outsider, approver, wg_member):
    people = (head, editor, outsider, approver, wg_member)

    assert [browser(person).get(address(session)).status_code for person in people] == [200, 200, 403, 403, 403]


@pytest.mark.parametrize("rows", [1, 3])
def test_page_of_minutes_costs_the_same_with_any_number_of_rows(session, head, town, rows, django_assert_num_queries):
    for number in range(rows):
        factories.proposal(town, session=session, section=Section.objects.create(session=session, title="Ещё"))
        factories.make(Decision, session=session, number=number + 2, text="Поручение")
    client = browser(head)
    client.get(address(session))

    with django_assert_num_queries(8):
        client.get(address(session))
