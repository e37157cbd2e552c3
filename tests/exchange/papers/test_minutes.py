"""The minutes of a session: filled from records, in a region's own template or in ours."""

import datetime

import pytest
from django.urls import reverse

from exchange.models import PaperTemplate
from exchange.papers.catalogue import our_form
from exchange.papers.minutes import SAMPLE_WORDS, minutes_words
from exchange.papers.word import fill
from sessions.models import Decision, PriorityVote
from tests import factories
from tests.conftest import StrictClient
from tests.exchange.papers.reading import template, words_of

NAME = "Ярослав Меченый"


@pytest.fixture
def session(town):
    """A held session with a proposal, a hidden one, a decision and votes."""
    record = factories.session(town, title="Сессия о дворах & скверах", agenda="Итоги года\nСекции", place="Сызрань",
                               participants_count=42, outcome="Договорились о трёх приоритетах.")  # fmt: skip
    factories.proposal(town, session=record, number="СЗ-2026-0001", public_text="Фонари у вокзала",
                       text=f"{NAME}: фонари", author_name=NAME, consent_version="1")  # fmt: skip
    factories.proposal(town, session=record, number="СЗ-2026-0002", public_text="Скрытое", status="hidden")
    factories.make(Decision, session=record, number=1, text="Осветить сквер", due=datetime.date(2026, 12, 1),
                   responsible="Управление благоустройства")  # fmt: skip
    priority = factories.priority(factories.strategy(town), title="Свет")
    factories.make(PriorityVote, session=record, priority=priority, count=30)
    return record


def address(session):
    return reverse("office:session_minutes", args=[session.pk])


def test_minutes_are_filled_from_the_records(session, head):
    client = StrictClient()
    client.force_login(head)

    response = client.get(address(session))

    paragraphs, cells = words_of(response.content)
    assert (response.status_code, paragraphs[:3]) == (200, ["Самарская область", "ПРОТОКОЛ № ____", session.title])
    assert "Присутствовали: 42 человек. " in paragraphs
    assert [text for text in paragraphs if text[:2] in {"1.", "2."}] == ["1. Итоги года", "2. Секции"]
    assert cells[:8] == [
        "Номер",
        "Что предложили",
        "Кто сказал",
        "Секция",
        "СЗ-2026-0001",
        "Фонари у вокзала",
        "жители",
        "",
    ]
    at = cells.index("Осветить сквер") - 1
    assert cells[at : at + 5] == ["1", "Осветить сквер", "1 декабря 2026 года", "Управление благоустройства", ""]
    assert "Голоса за приоритеты: Свет — 30." in paragraphs


def test_minutes_never_name_a_resident(session, head):
    client = StrictClient()
    client.force_login(head)

    paragraphs, cells = words_of(client.get(address(session)).content)

    assert [text for text in paragraphs + cells if NAME in text or "Скрытое" in text] == []


def test_minutes_are_for_those_who_prepare_the_session(session, head, editor, outsider, approver, wg_member):
    codes_of = {}
    for person in (head, editor, outsider, approver, wg_member):
        client = StrictClient()
        client.force_login(person)
        codes_of[person.username] = client.get(address(session)).status_code

    assert codes_of == {
        "syzran-head": 200,
        "syzran-editor": 200,
        "chapaevsk-head": 403,
        "approver": 403,
        "wg-member": 403,
    }


def test_minutes_cost_the_same_for_any_number_of_proposals(session, town, django_assert_num_queries):
    for number in range(30):
        factories.proposal(town, session=session, number=f"СЗ-2026-1{number:03}")

    with django_assert_num_queries(4):
        words = minutes_words(session)

    assert len(words["proposals"]) == 31


def test_default_template_takes_the_sample_words():
    paragraphs, _cells = words_of(fill(our_form("minutes"), SAMPLE_WORDS))

    assert paragraphs[:2] == ["Область", "ПРОТОКОЛ № 1"]


def test_region_uses_its_own_latest_template(session, region, head):
    for text in ("Старый бланк: {{ title }}", "Наш бланк: {{ title }}"):
        factories.make(PaperTemplate, region=region, file=template(text))
    client = StrictClient()
    client.force_login(head)

    paragraphs, _cells = words_of(client.get(address(session)).content)

    assert paragraphs == [f"Наш бланк: {session.title}"]
    assert list(PaperTemplate.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
