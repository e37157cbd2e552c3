"""Whoever spoke sees on every page one outcome or how long the answer is waited for, in every state there is."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from config.views.town import WORDS as OF_A_TOWN
from municipalities.models import Municipality
from sessions.models import Proposal
from tests import factories
from tests.pages import text, texts

S = Proposal.Status
# The longer word first: it holds the shorter.
WORDS = {
    "partly": r"[Уу]чтено частично",
    "accepted": r"[Уу]чтено",
    "declined": r"[Оо]тклонено",
    "redirected": r"[Пп]ередано",
    "waits": r"([Жж]дёт ответа|Ответ обещан до \d+ [а-я]+ \d+ года\.)",
    "unseen": r"с предложением, которое потом скрыли",
    "unread": r"с предложением, текст которого ещё проверяют",
}
TERMS = {
    "in time": {"channel": "site", "days": 20}, "today": {"channel": "site", "days": 0},
    "late": {"channel": "hall", "days": 50}, "no term": {"channel": "source", "days": None},
}  # fmt: skip
# Every state, and for a merged one every state of the proposal that it was merged with.
STATES = [(status, None) for status in S if status != S.MERGED]
STATES += [(S.MERGED, into) for into in S if into != S.MERGED]

WAITING = [(status, into) for status, into in STATES if (into or status) in Proposal.WAITING]


def worlds():
    """Every state with every term; a term of what does not wait changes nothing and is tried in the whole check."""
    first, *others = TERMS
    yield pytest.param(first, STATES, id=first)
    for term in others:
        rest = [state for state in STATES if state not in WAITING]
        yield pytest.param(term, WAITING, id=term)
        yield pytest.param(term, rest, id=f"{term}, answered", marks=pytest.mark.slow)


def told(words):
    """The outcomes that a text names, each once."""
    found = set()
    for name, pattern in WORDS.items():
        words, number = re.subn(pattern, "", words)
        found |= {name} if number else set()
    return found


def fields_of(status, term):
    """What a proposal of a state holds."""
    days, fields = term["days"], {"status": status, "channel": term["channel"]}
    if days is not None:
        today = timezone.localdate()
        fields |= {"received_at": timezone.now() - datetime.timedelta(days=days),
                   "answer_due": today - datetime.timedelta(days=days - 30)}  # fmt: skip
    if status in Proposal.ANSWERED:
        fields |= {"answer": "Так решили.", "answered_at": timezone.now(), "redirected_to": "Минтранс"}
    return fields


def spoken_at(session, states, term, other_town):
    """{(status, into): a proposal of a session} in these states; a town has as many of them as its page shows."""
    found = {}
    for place, (status, into) in enumerate(states):
        if place % OF_A_TOWN == 0:
            home = factories.make(
                Municipality, region=session.region, name=f"Город {place}", slug=f"town-{place}", kind="urban_okrug",
            )  # fmt: skip
        main = into and factories.proposal(other_town, **fields_of(into, term))
        found[status, into] = factories.proposal(
            home, number=f"П-{place:02}", session=session, merged_into=main, **fields_of(status, term)
        )
    return found


@pytest.mark.invariant(45)
@pytest.mark.parametrize(("term", "states"), list(worlds()))
def test_every_proposal_tells_one_outcome_or_its_wait_on_every_page(client, town, other_town, case, term, states):
    """All states speak at one session: the pages that name them all are read once."""
    # Open to residents for a while after it was held.
    session = factories.session(town, proposals_until=timezone.localdate() + datetime.timedelta(days=30))
    spoken = spoken_at(session, states, TERMS[term], other_town)
    if hidden := spoken.pop((S.HIDDEN, None), None):
        assert client.get(hidden.get_absolute_url()).status_code == 404
        assert not Proposal.objects.public().filter(pk=hidden.pk).exists()

    pages = {one: client.get(one.get_absolute_url()) for one in spoken.values()}
    rows = rows_about(client, session, list(spoken.values()))

    for (status, into), one in spoken.items():
        with case(f"{status} {into or ''}"):
            fate = into or status
            expected = {"unseen" if fate == S.HIDDEN else "waits" if fate in Proposal.WAITING else str(fate)}
            answer = re.sub("Так решили.", "", text(pages[one], "section", id="answer"))
            if fate == S.HIDDEN:
                assert "Ответ на предложение, с которым его объединили, скрыт." in answer
            else:
                assert told(answer) == expected
            assert [len(found) for found in rows[one]] == [1] * 5
            # Words of a source that have grown into a priority do not wait any more.
            grown = set() if term == "no term" and expected == {"waits"} else expected
            assert [told(found[0]) for found in rows[one]] == [expected] * 3 + [grown] * 2


def rows_about(client, session, proposals):
    """{proposal: [its rows on the list, in the account, on the page of the session, of its town, of its priority]}."""
    listed = texts(client.get(reverse("proposals:proposal_list"), {"session": session.slug}), "p", css="rows__meta")
    account = texts(client.get(reverse("sessions:session_results", args=[session.slug])), "p", css="rows__meta")
    assert len(listed) == len(proposals)
    day = client.get(session.get_absolute_url())
    named = {one: [[listed[place]], [account[place - len(proposals)]], texts(day, "li", id=one.number)]
             for place, one in enumerate(proposals)}  # fmt: skip
    priority = factories.priority(factories.strategy(session.municipality))
    Proposal.objects.filter(session=session).update(priority=priority)
    chosen = client.get(priority.get_absolute_url())
    towns = {town: client.get(town.get_absolute_url()) for town in {one.municipality for one in proposals}}
    return {
        one: [*rows, texts(towns[one.municipality], "li", id=one.number), texts(chosen, "li", id=one.number)]
        for one, rows in named.items()
    }


@pytest.mark.invariant(45)
@pytest.mark.parametrize("status", sorted(Proposal.WAITING))
def test_words_merged_with_what_is_not_moderated_yet_wait_and_say_so(client, town, status):
    main = factories.proposal(town, public_text="", **fields_of(status, TERMS["late"]))
    one = factories.proposal(town, merged_into=main, **fields_of(S.MERGED, TERMS["late"]))

    row = text(client.get(reverse("proposals:proposal_list")), "p", css="rows__meta")

    assert told(row) == {"unread", "waits"}
    assert told(text(client.get(one.get_absolute_url()), "section", id="answer")) == {"waits"}
    assert main.number not in client.get(one.get_absolute_url()).content.decode()
