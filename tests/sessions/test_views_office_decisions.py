"""Decisions of a session in the office: what is told when a row is refused, and that what everybody saw stays."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from sessions.models import Decision
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text, texts


def browser(person):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(person)
    return client


def published(town):
    """A session with its outcome."""
    minutes = factories.document(town, kind="minutes")
    return factories.session(town, minutes=minutes, status="outcome", outcome="Решили")


def page(session):
    """The address of the decisions."""
    return reverse("office:session_decisions", args=[session.pk])


def rows(*decisions, **more):
    """What the form sends."""
    sent = {
        "decisions-TOTAL_FORMS": len(decisions), "decisions-MIN_NUM_FORMS": 0, "decisions-MAX_NUM_FORMS": 200,
        "decisions-INITIAL_FORMS": sum(one.pk is not None for one in decisions),
    }  # fmt: skip
    for place, one in enumerate(decisions):
        kept = {"id": one.pk or "", "number": one.number, "text": one.text, "done_note": one.done_note}
        sent |= {f"decisions-{place}-{name}": value for name, value in kept.items()}
    return sent | more


def test_two_decisions_of_one_number_are_told_in_plain_words(town, editor):
    session = factories.session(town)

    response = browser(editor).post(
        page(session), rows(Decision(number=1, text="Первое"), Decision(number=1, text="Второе"))
    )

    assert response.status_code == 422
    assert text(response, "div", css="note--bad") == "Решения не сохранены. Номера решений повторяются."
    assert texts(response, "p", css="field__error") == ["Такой номер уже стоит у другого решения."]
    assert texts(response, "textarea")[:2] == ["Первое", "Второе"]


@pytest.mark.invariant(46)
def test_decision_that_everybody_saw_is_not_removed(town, head):
    seen, inside = published(town), factories.session(town)
    for session in (seen, inside):
        factories.make(Decision, session=session, number=1, text="Укрепить берег")
    client = browser(head)

    offered = [texts(client.get(page(session)), "label")[-1:] for session in (seen, inside)]
    for session in (seen, inside):
        client.post(page(session), rows(session.decisions.get(), **{"decisions-0-DELETE": "on"}))

    assert ["Убрать решение" in "".join(texts(client.get(page(one)), "form")) for one in (seen, inside)] == [
        False, False,
    ]  # fmt: skip
    assert offered[0] != ["Убрать решение"]
    assert list(Decision.objects.values_list("session", flat=True)) == [seen.pk]
    with pytest.raises(ValidationError):
        seen.decisions.get().delete()


def test_region_finds_its_way_from_decisions_of_a_town(town, region_editor, head):
    seen, planned = published(town), factories.session(town, status="planned", starts_at=None)

    shown = [browser(region_editor).get(page(session)).content.decode() for session in (seen, planned)]

    assert [f'href="{reverse("office:sessions")}"' in one.split('class="kicker"')[1] for one in shown] == [True, True]
    assert [f'href="{seen.get_absolute_url()}"' in shown[0], f'href="{planned.get_absolute_url()}"' in shown[1]] == [
        True, False,
    ]  # fmt: skip


def typed(response, **changes):
    """What the form of a page sends when a person has changed some of its fields."""
    sent = {}
    for field in re.findall(
        r"<(?:input|textarea)[^>]*name=\"decisions-[^>]*>(?:[^<]*</textarea>)?", response.content.decode()
    ):
        name = re.search(r'name="([^"]*)"', field)[1]
        value = re.search(r'value="([^"]*)"', field) or re.search(r">\n?([^<]*)</textarea>", field)
        if 'type="checkbox"' not in field:
            sent[name] = value[1] if value else ""
    return sent | changes


def decisions_of(session):
    return list(session.decisions.order_by("number").values_list("number", "text"))


def test_rows_that_nobody_touched_undo_nobodys_work(town, editor, head):
    session = factories.session(town)
    for number in (1, 2):
        factories.make(Decision, session=session, number=number, text=f"Решение {number}")
    first, second = browser(editor), browser(head)
    seen_by_first, seen_by_second = first.get(page(session)), second.get(page(session))

    first.post(page(session), typed(seen_by_first, **{"decisions-0-text": "Берег"}))
    answer = second.post(page(session), typed(seen_by_second, **{"decisions-1-text": "Мост"}))

    assert (answer.status_code, decisions_of(session)) == (302, [(1, "Берег"), (2, "Мост")])


def test_row_that_both_changed_is_told_and_kept_with_the_next_attempt(town, editor, head):
    session = factories.session(town)
    factories.make(Decision, session=session, number=1, text="Решение")
    first, second = browser(editor), browser(head)
    seen_by_first, seen_by_second = first.get(page(session)), second.get(page(session))

    first.post(page(session), typed(seen_by_first, **{"decisions-0-text": "Берег"}))
    refused = second.post(page(session), typed(seen_by_second, **{"decisions-0-text": "Мост"}))

    assert refused.status_code == 422
    assert "строку изменил кто-то другой. Сейчас: Поручение: «Берег»" in refused.content.decode()
    assert (texts(refused, "textarea")[0], decisions_of(session)) == ("Мост", [(1, "Берег")])
    assert second.post(page(session), typed(refused)).status_code == 302
    assert decisions_of(session) == [(1, "Мост")]


def test_number_that_somebody_took_meanwhile_gives_the_next_one(town, editor, head):
    session = factories.session(town)
    first, second = browser(editor), browser(head)
    seen_by_first, seen_by_second = first.get(page(session)), second.get(page(session))

    first.post(page(session), typed(seen_by_first, **{"decisions-0-text": "Берег"}))
    answer = second.post(page(session), typed(seen_by_second, **{"decisions-0-text": "Мост"}), follow=True)

    assert decisions_of(session) == [(1, "Берег"), (2, "Мост")]
    assert "Номер 1 уже заняли: ваше решение получило № 2." in answer.content.decode()
