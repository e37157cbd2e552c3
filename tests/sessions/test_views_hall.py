"""In the hall: lines taken down by secretaries, each once, and counts of votes."""

import datetime
import uuid

import pytest
from django.utils import timezone

from documents.models import Document
from sessions.models import PriorityVote, Proposal, Section
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text, texts

FETCH = {"X-Requested-With": "fetch"}


def browser(person):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(person)
    return client


def announced(owner, **fields):
    """A session that takes proposals."""
    soon = timezone.now() + datetime.timedelta(days=2)
    return factories.session(owner, **({"status": "announced", "starts_at": soon} | fields))


def hall(session):
    """The address of the page in the hall."""
    return f"/office/sessions/{session.pk}/hall/"


def line(**fields):
    """What a secretary sends with Enter."""
    return {"do": "line", "form_key": str(uuid.uuid4()), "text": "Нужен мост", "speaker": "жители",
            "kind": "proposal"} | fields  # fmt: skip


def test_line_becomes_a_proposal_with_a_number_and_a_term(town, editor):
    session = announced(town)
    section = Section.objects.create(session=session, title="Дороги")

    response = browser(editor).post(hall(session), line(section=section.pk, table="4", speaker="глава района"))

    proposal = Proposal.objects.get()
    assert response.url == f"{hall(session)}?section={section.pk}&table=4"
    assert (proposal.text, proposal.section, proposal.table, proposal.speaker, proposal.channel, proposal.session) == (
        "Нужен мост", section, "4", "глава района", "hall", session,
    )  # fmt: skip
    assert (proposal.public_text, proposal.created_by, proposal.status) == ("", editor, "new")
    assert proposal.answer_due == timezone.localdate() + datetime.timedelta(days=town.region.answer_days)
    assert proposal.number.startswith("СЗ-")


def test_next_line_keeps_the_section_and_the_table(town, editor):
    session = announced(town)
    section = Section.objects.create(session=session, title="Дороги")

    form = browser(editor).get(f"{hall(session)}?section={section.pk}&table=4").context["form"]

    assert (form["section"].value(), form["table"].value(), form["speaker"].value()) == (str(section.pk), "4", "жители")


@pytest.mark.invariant(41)
def test_line_sent_again_after_a_lost_connection_enters_once(town, editor):
    session, sent = announced(town), line()
    client = browser(editor)

    answers = [client.post(hall(session), sent, headers=FETCH) for _time in range(3)]

    assert [answer.json() for answer in answers] == [{"saved": True}] * 3
    assert Proposal.objects.count() == 1


def test_two_keys_are_two_lines_even_with_the_same_words(town, editor):
    session, client = announced(town), browser(editor)

    client.post(hall(session), line(), headers=FETCH)
    client.post(hall(session), line(), headers=FETCH)

    assert Proposal.objects.count() == 2


@pytest.mark.invariant(41)
def test_key_of_another_session_is_no_excuse(town, editor):
    """A key that stands elsewhere is refused, not taken for a line of this hall."""
    sent = line()
    client, first, second = browser(editor), announced(town), announced(town)
    client.post(hall(first), sent, headers=FETCH)

    answer = client.post(hall(second), sent, headers=FETCH)

    assert (answer.status_code, Proposal.objects.count()) == (422, 1)


def test_empty_line_is_told_to_the_script_and_to_the_page(town, editor):
    session, client = announced(town), browser(editor)

    told = client.post(hall(session), line(text=" "), headers=FETCH)
    page = client.post(hall(session), line(text=" ", table="7"))

    assert (told.status_code, told.json()) == (422, {"saved": False, "error": "Наберите, что сказано."})
    assert (page.status_code, page.context["form"]["table"].value(), Proposal.objects.count()) == (422, "7", 0)


def test_section_of_another_session_is_refused(town, editor):
    stranger = Section.objects.create(session=announced(town), title="Чужая")

    response = browser(editor).post(hall(announced(town)), line(section=stranger.pk))

    assert (response.status_code, Proposal.objects.count()) == (422, 0)


@pytest.mark.invariant(12)
@pytest.mark.parametrize("status", ["planned", "outcome", "cancelled"])
def test_line_is_refused_while_the_session_takes_none(town, editor, status):
    minutes = factories.document(town, kind=Document.Kind.MINUTES)
    session, client = announced(town, status=status, minutes=minutes), browser(editor)

    response = client.post(hall(session), line())

    assert (response.status_code, Proposal.objects.count()) == (422, 0)
    assert "Записывать сейчас нельзя." in text(client.get(hall(session)), "main")


@pytest.mark.invariant(12)
def test_line_said_aloud_is_taken_down_after_the_last_day_for_residents(town, editor):
    held = timezone.now() - datetime.timedelta(days=3)
    session = announced(town, status="held", starts_at=held, proposals_until=timezone.localdate(held))

    response = browser(editor).post(hall(session), line(), headers=FETCH)

    said = Proposal.objects.get()
    assert (response.status_code, said.channel, said.said_on) == (200, "hall", timezone.localdate(held).isoformat())
    assert said.answer_due == timezone.localdate() + datetime.timedelta(days=town.region.answer_days)


def test_secretaries_see_each_other_s_lines_and_mend_their_own_only(town, editor, head):
    session = announced(town)
    browser(editor).post(hall(session), line(text="Первая"), headers=FETCH)
    browser(head).post(hall(session), line(text="Вторая"), headers=FETCH)
    client, first = browser(editor), Proposal.objects.get(text="Первая")

    part = client.get(f"{hall(session)}?part=lines")
    foreign = client.post(hall(session), line(line=Proposal.objects.get(text="Вторая").pk, text="Чужое"))
    mended = line(line=first.pk, form_key=str(first.form_key), text="Первая, точнее")
    client.post(hall(session), mended | {"seen_version": "1"})
    late = client.post(hall(session), mended | {"seen_version": "1", "text": "Со старой страницы"})

    assert [(one.text, one.is_own) for one in part.context["lines"]] == [("Вторая", False), ("Первая", True)]
    assert texts(part, "h1") == []
    assert (foreign.status_code, late.status_code) == (404, 422)
    assert text(late, "textarea", id="id_text") == "Со старой страницы"
    assert sorted(Proposal.objects.values_list("text", flat=True)) == ["Вторая", "Первая, точнее"]


def test_own_line_is_not_mended_once_it_is_moderated(town, editor):
    session, client = announced(town), browser(editor)
    client.post(hall(session), line(), headers=FETCH)
    Proposal.objects.update(public_text="Мост")

    assert client.get(f"{hall(session)}?edit={Proposal.objects.get().pk}").status_code == 404
    assert client.get(f"{hall(session)}?edit=слово").status_code == 404


def test_line_of_another_session_is_not_mended_here(town, editor):
    client, first, second = browser(editor), announced(town), announced(town)
    client.post(hall(first), line(), headers=FETCH)

    assert client.get(f"{hall(second)}?edit={Proposal.objects.get().pk}").status_code == 404


def test_lines_of_a_regional_session_are_about_the_region(region, region_editor):
    session = announced(region)

    browser(region_editor).post(hall(session), line(), headers=FETCH)

    assert list(Proposal.objects.values_list("municipality", "region", "session")) == [(None, region.pk, session.pk)]


def test_votes_are_counted_per_priority_and_way(town, editor):
    session, priority = announced(town), factories.priority(factories.strategy(town))
    client = browser(editor)

    client.post(hall(session), {"do": "votes", f"hands-{priority.pk}": "40", f"stickers-{priority.pk}": "0"})

    assert sorted(PriorityVote.objects.values_list("method", "count", "created_by")) == [
        ("hands", 40, editor.pk), ("stickers", 0, editor.pk),
    ]  # fmt: skip


def test_votes_counted_by_another_stay_where_one_changed_nothing(town, editor, head):
    session, priority = announced(town), factories.priority(factories.strategy(town))
    stale = {"do": "votes", f"hands-{priority.pk}": "", f"initial-hands-{priority.pk}": "",
             f"stickers-{priority.pk}": "9", f"initial-stickers-{priority.pk}": ""}  # fmt: skip
    browser(head).post(hall(session), {"do": "votes", f"hands-{priority.pk}": "40"})

    browser(editor).post(hall(session), stale)
    browser(editor).post(hall(session), {"do": "votes", f"hands-{priority.pk}": "",
                                         f"initial-hands-{priority.pk}": "40"})  # fmt: skip

    assert list(PriorityVote.objects.values_list("method", "count")) == [("stickers", 9)]


def test_votes_that_are_no_number_stay_in_the_form(town, editor):
    session, priority = announced(town), factories.priority(factories.strategy(town))

    response = browser(editor).post(hall(session), {"do": "votes", f"hands-{priority.pk}": "-4"})

    assert (response.status_code, PriorityVote.objects.count()) == (422, 0)


def test_priorities_of_another_town_are_not_voted_for(town, other_town, editor):
    factories.priority(factories.strategy(other_town))

    assert browser(editor).get(hall(announced(town))).context["votes_form"].rows == []


@pytest.mark.parametrize("number", [1, 3])
def test_hall_costs_the_same_for_any_number_of_lines(town, editor, number, django_assert_num_queries):
    session = announced(town)
    for _one in range(number):
        factories.proposal(town, session=session, channel="hall", created_by=editor, received_at=timezone.now(),
                           form_key=uuid.uuid4())  # fmt: skip
    client = browser(editor)
    client.get(hall(session))

    with django_assert_num_queries(9):
        client.get(hall(session))
    with django_assert_num_queries(6):
        client.get(f"{hall(session)}?part=lines")
