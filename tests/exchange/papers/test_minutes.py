"""The minutes of a session: filled from records, in a region's own template or in ours."""

import datetime

import pytest
from django.urls import reverse

from exchange.models import PaperTemplate
from exchange.papers.catalogue import our_form
from exchange.papers.minutes import SAMPLE_WORDS, minutes_words
from exchange.papers.word import fill
from sessions.gathering import said_words
from sessions.models import Decision, PriorityVote
from tests import factories
from tests.conftest import StrictClient
from tests.exchange.papers.reading import template, words_of
from tests.pages import text

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
    assert [one for one in paragraphs if one[:2] in {"1.", "2."}] == ["1. Итоги года", "2. Секции"]
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
    assert "Голоса за приоритеты: Свет (поднятые руки) — 30." in paragraphs
    assert "ПРЕДЛОЖЕНИЯ: 1" in paragraphs


def test_minutes_never_name_a_resident(session, head):
    client = StrictClient()
    client.force_login(head)

    paragraphs, cells = words_of(client.get(address(session)).content)

    assert [one for one in paragraphs + cells if NAME in one or "Скрытое" in one] == []


@pytest.mark.invariant(88)
def test_minutes_hold_every_line_and_say_what_nobody_has_read(session, town, head):
    for number in (3, 4):
        line = factories.proposal(town, session=session, number=f"СЗ-2026-000{number}", public_text="", text="А\nБ")
    factories.make(PriorityVote, session=session, priority=factories.priority(factories.strategy(town), title="Двор"),
                   count=9, method="stickers")  # fmt: skip
    client = StrictClient()
    client.force_login(head)

    paragraphs, cells = words_of(client.get(address(session)).content)
    page = text(client.get(reverse("office:session", args=[session.pk])), "main")

    assert "ПРЕДЛОЖЕНИЯ: 3, из них 1\xa0проверено" in paragraphs
    at = cells.index(line.number)
    assert cells[at + 1] in {"[не проверено] А\nБ", "[не проверено] АБ"}
    assert "Голоса за приоритеты: Свет (поднятые руки) — 30; Двор (наклейки) — 9." in paragraphs
    assert [one for one in paragraphs if "не вносятся" in one] == []
    assert [one for one in paragraphs if "уберите из них имена" in one] != []
    assert "Предложения: 3, из них 1\xa0проверено." in page.replace("1 проверено", "1\xa0проверено")


def test_minutes_of_the_region_leave_the_words_of_a_town_to_the_town(town, region):
    forum = factories.session(region)
    factories.proposal(town, session=forum, public_text="", text="Звоните 8 927 000-11-22")

    assert minutes_words(forum)["proposals"][0]["text"] == "[не проверено] слова ещё не подготовил город"


@pytest.mark.parametrize(
    ("said", "unread", "words"),
    [(6, 2, "6, из них 4\xa0проверены"), (22, 1, "22, из них 21\xa0проверено"), (5, 0, "5"),
     (2, 2, "2, не проверено ни одно")],
)  # fmt: skip
def test_count_of_proposals_says_how_many_are_checked(said, unread, words):
    assert said_words(said, unread) == words


def test_minutes_of_a_session_without_anything_have_no_empty_parts(town):
    bare = factories.session(town)

    paragraphs, cells = words_of(fill(our_form("minutes"), minutes_words(bare)))

    assert [one for one in paragraphs if one.startswith(("ПОВЕСТКА", "ПРЕДЛОЖЕНИЯ", "РЕШИЛИ", "Голоса", "Итоги"))] == []
    assert "Номер" not in cells


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
    for form in ("Старый бланк: {{ title }}", "Наш бланк: {{ title }}"):
        factories.make(PaperTemplate, region=region, file=template(form))
    client = StrictClient()
    client.force_login(head)

    paragraphs, _cells = words_of(client.get(address(session)).content)

    assert paragraphs == [f"Наш бланк: {session.title}"]
    assert list(PaperTemplate.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
