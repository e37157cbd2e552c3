"""Sessions and proposals: what the database and the door refuse."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import JournalEntry
from documents.models import Document
from sessions.models import DateChange, Proposal, Session
from tests import factories
from tests.refusals import codes, database_refuses, database_refuses_change, messages

DAY = datetime.timedelta(days=1)


def ahead(owner, **fields):
    """A session that is still to come."""
    defaults = {"status": "announced", "starts_at": timezone.now() + 10 * DAY, "ends_at": timezone.now() + 11 * DAY}
    return factories.session(owner, **(defaults | fields))


@pytest.mark.invariant(8)
@pytest.mark.usefixtures("checked")
def test_session_level_and_town_belong_together(town, region):
    municipal, regional = factories.session(town), factories.session(region)

    database_refuses_change(municipal, municipality=None)
    database_refuses_change(regional, municipality=town)
    database_refuses_change(regional, level="municipal")
    assert messages(factories.session, town, level="regional") == [
        "У муниципальной сессии есть город, у областной его нет."
    ]


@pytest.mark.invariant(9)
def test_session_that_ends_before_it_starts_is_refused(town):
    record = factories.session(town)

    database_refuses_change(record, ends_at=record.starts_at - DAY)
    Session.objects.update(ends_at=record.starts_at)


@pytest.mark.invariant(9)
def test_session_is_not_held_before_its_end(town, head):
    record = ahead(town, starts_at=timezone.now() - DAY, ends_at=timezone.now() + DAY)

    assert codes(record.move_to, "held", by=head) == ["not_over"]
    record.ends_at = timezone.now() - datetime.timedelta(minutes=1)
    record.save()
    record.move_to("held", by=head)

    assert Session.objects.get().status == "held"


@pytest.mark.invariant(9)
@pytest.mark.parametrize("fields", [{"outcome": "Договорились."}, {"participants_count": 0}], ids=str)
@pytest.mark.usefixtures("checked")
def test_session_outcome_and_count_before_the_end_are_refused(town, fields):
    assert codes(ahead, town, **fields) == ["not_over"]
    factories.session(town, **fields)


@pytest.mark.invariant(10)
def test_session_outcome_without_published_minutes_is_refused(town, head):
    record = factories.session(town, outcome="Договорились.")
    minutes = factories.document(town, kind=Document.Kind.MINUTES, status="draft")

    database_refuses_change(record, status="outcome")
    assert codes(record.move_to, "outcome", by=head) == ["no_minutes"]
    record.minutes = minutes
    assert codes(record.move_to, "outcome", by=head) == ["no_minutes"]
    minutes.move_to("published", by=head)
    record.move_to("outcome", by=head)

    assert Session.objects.get().status == "outcome"


def test_session_outcome_without_words_is_refused(town, head):
    record = factories.session(town, minutes=factories.document(town, kind=Document.Kind.MINUTES))

    assert messages(record.move_to, "outcome", by=head) == ["Напишите итоги."]


def test_session_announced_without_a_date_is_refused(town, head):
    record = factories.session(town, status="planned", starts_at=None)

    database_refuses_change(record, status="announced")
    assert messages(record.move_to, "announced", by=head) == ["Чтобы объявить сессию, укажите дату."]


@pytest.mark.invariant(11)
def test_session_moved_date_keeps_the_old_one_and_the_reason(town, head):
    record = ahead(town)
    old, new = record.starts_at, record.starts_at + 7 * DAY

    record.move_date(new, None, by=head, reason="Паводок.")

    assert Session.objects.get().starts_at == new
    assert list(DateChange.objects.values_list("old_starts_at", "new_starts_at", "reason", "created_by")) == [
        (old, new, "Паводок.", head.pk)
    ]
    assert list(JournalEntry.objects.about(record).values_list("reason", "actor")) == [("Паводок.", head.pk)]


@pytest.mark.invariant(11)
def test_session_date_moved_without_a_reason_is_refused(town, head):
    record = ahead(town)
    before = Session.objects.values("starts_at", "row_version").get()

    with pytest.raises(ValidationError):
        record.move_date(record.starts_at + DAY, None, by=head, reason="  ")

    assert Session.objects.values("starts_at", "row_version").get() == before
    assert (DateChange.objects.count(), JournalEntry.objects.count()) == (0, 0)
    database_refuses(DateChange, DateChange(session=record, new_starts_at=timezone.now(), reason=""))


@pytest.mark.parametrize("who", ["editor", "outsider", "approver", "region_editor", "admin_user"])
def test_session_date_is_moved_by_nobody_but_the_head(town, who, request):
    record = ahead(town)

    with pytest.raises(PermissionDenied):
        record.move_date(record.starts_at + DAY, None, by=request.getfixturevalue(who), reason="Паводок.")

    assert DateChange.objects.count() == 0


def test_session_date_of_the_past_or_of_a_stale_copy_is_not_moved(town, head):
    record = ahead(town)
    stale = Session.objects.get()
    record.move_date(record.starts_at + DAY, None, by=head, reason="Паводок.")

    assert codes(stale.move_date, stale.starts_at + DAY, None, by=head, reason="Паводок.") == ["changed_meanwhile"]
    assert codes(factories.session(town).move_date, timezone.now(), None, by=head, reason="Паводок.") == ["too_late"]
    assert DateChange.objects.count() == 1


@pytest.mark.invariant(12)
@pytest.mark.parametrize(
    ("status", "days", "takes"),
    [("planned", 1, False), ("announced", 0, True), ("announced", 1, True), ("announced", -1, False),
     ("cancelled", 1, False)],
)  # fmt: skip
@pytest.mark.usefixtures("checked")
def test_session_takes_proposals_from_announcement_to_the_last_day(town, status, days, takes):
    today = timezone.localdate()
    session = ahead(town, status=status, proposals_until=today + days * DAY)

    assert session.takes_proposals(today) is takes
    if takes:
        assert factories.proposal(town, session=session, channel="site").session == session
    else:
        messages(factories.proposal, town, session=session, channel="site")
        assert Proposal.objects.count() == 0


@pytest.mark.invariant(12)
@pytest.mark.parametrize("channel", ["hall", "sheet"])
@pytest.mark.parametrize(
    ("status", "told"),
    [("planned", "session_not_announced"), ("announced", None), ("held", None), ("outcome", "session_closed"),
     ("cancelled", "session_closed")],
)  # fmt: skip
@pytest.mark.usefixtures("checked")
def test_words_are_taken_down_from_announcement_to_outcome_whatever_the_last_day(town, channel, status, told):
    minutes = factories.document(town, kind=Document.Kind.MINUTES)
    session = factories.session(town, status=status, minutes=minutes, proposals_until=timezone.localdate() - 30 * DAY)

    assert session.takes_notes() is (told is None)
    if told:
        assert codes(factories.proposal, town, session=session, channel=channel) == [told]
    else:
        assert factories.proposal(town, session=session, channel=channel).session == session


@pytest.mark.invariant(12)
@pytest.mark.usefixtures("checked")
def test_resident_is_late_for_a_held_session_without_a_last_day(town):
    session = factories.session(town)

    assert codes(factories.proposal, town, session=session, channel="site") == ["session_closed"]
    assert Proposal.objects.count() == 0


@pytest.mark.invariant(13)
@pytest.mark.parametrize("fields", [{"author_name": "Анна"}, {"author_email": "anna@example.org"}], ids=str)
@pytest.mark.usefixtures("checked")
def test_proposal_author_without_consent_is_refused(town, fields):
    record = factories.proposal(town)

    database_refuses_change(record, **fields)
    assert messages(factories.proposal, town, **fields) == ["Имя и почту хранят только с согласием автора."]
    factories.proposal(town, consent_version="1", **fields)


@pytest.mark.invariant(13)
def test_proposal_erased_author_leaves_the_text_and_no_trace(town):
    record = factories.proposal(
        town, author_name="Анна Иванова", author_email="anna@example.org", consent_version="1", text="Почините мост."
    )

    record.erase_author()

    row = Proposal.objects.get()
    assert (row.author_name, row.author_email, row.text) == ("", "", "Почините мост.")
    assert row.author_erased_at is not None
    assert {"author_name", "author_email"} & {field.name for field in Proposal.history.model._meta.fields} == set()


@pytest.mark.invariant(13)
def test_proposal_authors_whose_consent_ran_out_are_erased(town):
    now = timezone.now()
    old, new = (
        factories.proposal(town, author_name="Анна", consent_version="1", consented_at=moment)
        for moment in (now - 400 * DAY, now - DAY)
    )

    assert Proposal.objects.erase_expired(now - 365 * DAY) == 1
    assert Proposal.objects.erase_expired(now - 365 * DAY) == 0

    assert dict(Proposal.objects.values_list("pk", "author_name")) == {old.pk: "", new.pk: "Анна"}


@pytest.mark.invariant(14)
@pytest.mark.parametrize("status", ["accepted", "partly", "declined", "redirected"])
def test_proposal_decided_without_an_answer_is_refused(town, head, status):
    record = factories.proposal(town, status="on_review")

    database_refuses_change(record, status=status)
    assert messages(record.move_to, status, by=head) == ["Напишите ответ с причинами: его увидят все."]
    record.answer, record.redirected_to = "Учтём: мост включён в план.", "министерство транспорта"
    record.move_to(status, by=head)

    row = Proposal.objects.get()
    assert (row.status, row.answer, row.answered_at is not None) == (status, "Учтём: мост включён в план.", True)


@pytest.mark.invariant(15)
def test_proposal_without_a_moderated_text_is_not_public(town, head):
    raw = factories.proposal(town, public_text="", status="on_review", answer="Учтём.")
    shown = factories.proposal(town)

    assert list(Proposal.objects.public()) == [shown]
    assert messages(raw.move_to, "accepted", by=head) == ["Сначала подготовьте текст для всех."]


@pytest.mark.invariant(15)
def test_proposal_search_and_name_know_only_the_public_text(town):
    record = factories.proposal(town, text="Мой телефон и мост", public_text="Почините мост")

    assert list(Proposal.objects.search("мост")) == [record]
    assert list(Proposal.objects.search("телефон")) == []
    assert str(record) == f"{record.number}: Почините мост"


@pytest.mark.usefixtures("checked")
def test_proposal_priority_of_another_town_is_refused(town, other_town):
    priority = factories.priority(factories.strategy(other_town))

    assert messages(factories.proposal, town, priority=priority) == ["Приоритет должен быть того же города."]
