"""Corrections that wait: whoever decides hears of them the day after and then weekly, never whoever proposed them."""

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Revision, Role
from sessions.models import Proposal
from strategies.models import Priority
from tests.accounts.revised import change, published
from tests.conftest import person
from tests.strategies.post import at, days, opened_by, reachable, run

DAY = timezone.localdate()
SUBJECT = "Правки: ждут вашего решения 1"


@pytest.fixture
def second(region):
    return person("second", Role.REGION_APPROVER, region=region)


def propose(town, by, model=Priority, **words):
    """A correction that somebody proposed at noon of the day."""
    revision = change(published(model, town), by, **(words or {"title": "Набережная"}))
    Revision.objects.filter(pk=revision.pk).update(proposed_at=at(DAY))
    return revision


@pytest.mark.invariant(94)
@pytest.mark.parametrize(("after", "is_told"), [(0, False), (1, True), (2, False), (7, True), (8, False), (14, True)])
def test_decider_is_told_the_day_after_and_weekly(town, region_editor, approver, after, is_told):
    reachable(region_editor, approver)
    propose(town, region_editor)

    assert run(DAY + days(after)) == ([("approver", SUBJECT)] if is_told else [])


@pytest.mark.invariant(94)
def test_whoever_proposed_is_not_asked_to_decide(town, approver, second, other_approver):
    reachable(approver, second, other_approver)
    propose(town, approver)

    assert run(DAY + days(1)) == [("second", SUBJECT)]


def test_letter_leads_to_the_page_where_corrections_wait(town, region_editor, approver):
    reachable(approver)
    propose(town, region_editor)
    run(DAY + days(1))

    assert opened_by(mail.outbox[0]) == (approver.pk, "/office/revisions/")
    assert "все видят прежний текст" in mail.outbox[0].body


def test_head_is_told_of_a_changed_answer_without_its_words(town, editor, head, approver):
    reachable(editor, head, approver)
    propose(town, editor, Proposal, answer="Тайные слова")

    assert run(DAY + days(1)) == [("syzran-head", SUBJECT)]
    body = mail.outbox[0].body
    assert ("Тайные слова" in body, Proposal.objects.get().number in body) == (False, True)


@pytest.mark.parametrize("step", ["accept", "decline"])
def test_what_is_decided_is_told_of_no_more(town, region_editor, approver, step):
    reachable(approver)
    revision = propose(town, region_editor)
    getattr(revision, step)(by=approver, seen=1, **({"reason": "Нет"} if step == "decline" else {}))

    assert run(DAY + days(1)) == []
