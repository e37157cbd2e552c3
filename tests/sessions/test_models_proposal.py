"""Proposals: what a moderator makes of them and what the database itself keeps."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from sessions.models import ConsentText, Proposal
from sessions.outcomes import outcomes_of
from sessions.paths import add_paths, for_paths
from strategies.models import Priority, Strategy
from tests import factories
from tests.refusals import codes, database_refuses_change
from tests.sessions.proposing import consent

S = Proposal.Status


def said(town, **fields):
    """Words that came through the site today and wait for an answer."""
    now = timezone.now()
    defaults = {"channel": "site", "received_at": now, "said_on": now.date().isoformat(),
                "answer_due": timezone.localdate() + datetime.timedelta(days=30)}  # fmt: skip
    return factories.proposal(town, **(defaults | fields))


def answered(status):
    """What a proposal with an answer holds."""
    return {"status": status, "answer": "Потому что так.", "answered_at": timezone.now(), "redirected_to": "Минтранс"}


@pytest.mark.invariant(109)
def test_number_that_somebody_gave_by_hand_is_passed_over(town, region, other_town):
    """A source, a sample or the workshop may have it: the words of a resident are taken all the same."""
    year = timezone.localtime().year
    for number in (1, 3):
        factories.proposal(other_town, number=f"СЗ-{year}-{number:04}")

    given = [Proposal.receive(region=region, town=town, text="Лавка", channel="site")[0].number for _ in range(2)]

    assert given == [f"СЗ-{year}-0002", f"СЗ-{year}-0004"]
    assert Proposal.objects.take_numbers(town, year, 2) == [f"СЗ-{year}-0005", f"СЗ-{year}-0006"]


@pytest.mark.invariant(38)
def test_consent_stays_as_it_was_agreed_to_also_when_the_author_has_withdrawn(town, region):
    text = consent(region)
    author = said(town, author_name="Анна", consent_version=text.version, consented_at=timezone.now())
    author.erase_author()
    text.text = "Другой текст."

    assert codes(text.full_clean) == ["agreed_to"]
    assert ConsentText.objects.get().text == "Я согласен на обработку имени и почты."


@pytest.mark.invariant(39, 41)
def test_database_keeps_one_proposal_for_a_key(town):
    key = uuid.uuid4()
    said(town, form_key=key)
    other = said(town)

    database_refuses_change(other, form_key=key)


@pytest.mark.invariant(43)
@pytest.mark.parametrize("status", Strategy.Status)
def test_priority_made_of_words_enters_a_living_strategy_only(town, editor, status):
    proposal, strategy = said(town), factories.strategy(town, status=status)

    if status in Strategy.LIVE:
        priority = proposal.become_priority(strategy, "Мост", by=editor)
        assert (Priority.objects.get(), Proposal.objects.get().priority) == (priority, priority)
        assert (priority.strategy, priority.status) == (strategy, Priority.Status.DRAFT)
    else:
        assert codes(proposal.become_priority, strategy, "Мост", by=editor) == ["other_strategy"]
        assert (Priority.objects.count(), Proposal.objects.get().priority) == (0, None)


@pytest.mark.invariant(43)
def test_priority_made_of_words_stays_in_the_town(town, other_town, region, editor, region_editor, outsider):
    proposal, ours, theirs = said(town), factories.strategy(town), factories.strategy(other_town)
    regional = Proposal.receive(region=region, town=None, text="Дорога", channel="hall", by=region_editor)[0]

    assert codes(proposal.become_priority, theirs, "Мост", by=editor) == ["other_strategy"]
    assert codes(regional.become_priority, ours, "Дорога", by=region_editor) == ["other_strategy"]
    for stranger in (outsider, region_editor):
        with pytest.raises(PermissionDenied):
            proposal.become_priority(ours, "Мост", by=stranger)
    assert Priority.objects.count() == 0


@pytest.mark.invariant(44)
@pytest.mark.parametrize("status", sorted(Proposal.PUBLIC - {S.MERGED}))
def test_priority_wished_by_the_author_is_chosen_only_by_the_answer(town, status):
    wished = factories.priority(factories.strategy(town, status="approved"))
    factories.link(wished, factories.measure(town, status="done", percent=100))
    said(town, priority=wished, **(answered(status) if status in Proposal.ANSWERED else {"status": status}))
    rows = for_paths(Proposal.objects.public())

    path, counted = add_paths(list(rows), timezone.localdate())[0], outcomes_of(rows, timezone.localdate())

    is_taken = status in {S.ACCEPTED, S.PARTLY}
    assert (path.public_priority, path.wished_priority) == ((wished, None) if is_taken else (None, wished))
    assert (path.chain.chosen, path.chain.done) == (("yes", "yes") if is_taken else ("no", "no"))
    assert (counted.in_priorities, counted.in_measures, counted.done) == ((1, 1, 1) if is_taken else (0, 0, 0))


@pytest.mark.invariant(49)
def test_merged_words_stay_and_their_fate_is_that_of_the_main_one(town, editor, head):
    main, same = said(town, text="Почините мост"), said(town, text="Мост скоро рухнет!", public_text="Мост опасен")
    same.merge_into(main, by=editor)
    main.answer = "Починим в мае."
    main.move_to(S.ON_REVIEW, by=editor)
    main.move_to(S.ACCEPTED, by=head)

    kept = Proposal.objects.get(pk=same.pk)
    assert (kept.text, kept.public_text, kept.status) == ("Мост скоро рухнет!", "Мост опасен", S.MERGED)
    assert (kept.fate, kept.fate.answer) == (main, "Починим в мае.")
    database_refuses_change(kept, merged_into=None)


@pytest.mark.invariant(49)
def test_merging_never_makes_a_second_step_to_the_answer(town, editor):
    first, second, third, last = (said(town) for _one in range(4))
    first.merge_into(second, by=editor)

    assert codes(second.merge_into, third, by=editor) == ["has_merged"]
    # A copy read before the other was merged itself does not deceive.
    stale = Proposal.objects.get(pk=third.pk)
    third.merge_into(last, by=editor)
    fresh = said(town)
    assert codes(fresh.merge_into, stale, by=editor) == ["merge_into"]
    assert Proposal.objects.get(pk=fresh.pk).status == S.NEW


@pytest.mark.invariant(45)
@pytest.mark.parametrize("status", sorted(Proposal.PUBLIC - {S.MERGED}))
def test_words_that_everybody_saw_go_out_of_sight_with_a_reason_only(town, editor, status):
    proposal = said(town, **(answered(status) if status in Proposal.ANSWERED else {"status": status}))
    proposal.public_text = " "

    assert codes(proposal.full_clean) == ["shown"]
    proposal.refresh_from_db()
    assert codes(proposal.move_to, S.HIDDEN, by=editor) == ["reason_needed"]
    proposal.move_to(S.HIDDEN, by=editor, reason="Чужой телефон")
    said(town, public_text="").full_clean()
