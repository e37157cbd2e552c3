"""Ways round a rule of sessions and proposals: a stale copy, the wrong paper, an hour after the session."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from documents.models import Document
from sessions.models import Proposal
from tests import factories
from tests.refusals import codes

DAY = datetime.timedelta(days=1)


@pytest.mark.invariant(13)
def test_erased_author_is_not_written_back_by_a_copy_read_before(town, editor):
    record = factories.proposal(town, author_name="Анна Иванова", consent_version="1")
    stale = Proposal.objects.get(pk=record.pk)
    record.erase_author()

    with pytest.raises(ValidationError) as refusal:
        stale.move_to("on_review", by=editor)

    assert refusal.value.code == "changed_meanwhile"
    assert Proposal.objects.values_list("author_name", "status").get() == ("", "new")


@pytest.mark.invariant(13)
def test_expired_author_is_not_written_back_by_a_copy_read_before(town, editor):
    moment = timezone.now()
    stale = factories.proposal(town, author_name="Анна", consent_version="1", consented_at=moment - 2 * DAY)
    Proposal.objects.erase_expired(moment - DAY)

    assert codes(stale.save_edited, by=editor, known_version=1) == ["changed_meanwhile"]
    assert Proposal.objects.get().author_name == ""


@pytest.mark.invariant(12)
@pytest.mark.parametrize(("until", "takes"), [(None, False), (0, True), (-1, False)])
def test_held_session_takes_proposals_until_the_last_day_if_it_is_named(town, until, takes):
    today = timezone.localdate()
    session = factories.session(town, proposals_until=None if until is None else today + until * DAY)

    assert session.takes_proposals(today) is takes


@pytest.mark.invariant(10)
def test_outcome_rests_on_minutes_not_on_any_paper(town, head):
    record = factories.session(town, outcome="Договорились.", minutes=factories.document(town))

    assert codes(record.move_to, "outcome", by=head) == ["no_minutes"]
    record.minutes = factories.document(town, kind=Document.Kind.MINUTES)
    record.move_to("outcome", by=head)

    assert record.status == "outcome"
