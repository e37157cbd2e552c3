"""Decisions of a session in the office: what is told when a row is refused, and that what everybody saw stays."""

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
