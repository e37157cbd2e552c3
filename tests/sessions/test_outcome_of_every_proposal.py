"""Whoever spoke sees on every page one outcome or how long the answer is waited for, in every state there is."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

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


def cases():
    """Every state with every term; a term of what does not wait changes nothing and is tried in the whole check."""
    for status, into in STATES:
        for number, term in enumerate(TERMS):
            is_quick = number == 0 or (into or status) in Proposal.WAITING
            yield pytest.param(status, into, term, marks=[] if is_quick else [pytest.mark.slow])


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


@pytest.mark.invariant(45)
@pytest.mark.parametrize(("status", "into", "term"), list(cases()))
def test_every_proposal_tells_one_outcome_or_its_wait_on_every_page(client, town, status, into, term):
    # Open to residents for a while after it was held.
    session = factories.session(town, proposals_until=timezone.localdate() + datetime.timedelta(days=30))
    main = into and factories.proposal(town, **fields_of(into, TERMS[term]))
    one = factories.proposal(town, session=session, merged_into=main, **fields_of(status, TERMS[term]))
    if status == S.HIDDEN:
        assert client.get(one.get_absolute_url()).status_code == 404
        assert Proposal.objects.public().count() == 0
        return
    fate = into or status
    expected = {"unseen" if fate == S.HIDDEN else "waits" if fate in Proposal.WAITING else str(fate)}

    page, rows = client.get(one.get_absolute_url()), [
        texts(client.get(reverse("proposals:proposal_list"), {"session": session.slug}), "p", css="rows__meta"),
        texts(client.get(reverse("sessions:session_results", args=[session.slug])), "p", css="rows__meta")[-1:],
        texts(client.get(session.get_absolute_url()), "li", id=one.number),
    ]  # fmt: skip

    rows += [texts(client.get(page), "li", id=one.number) for page in pages_of(town, one)]
    assert [len(found) for found in rows] == [1] * 5
    answer = re.sub("Так решили.", "", text(page, "section", id="answer"))
    if fate == S.HIDDEN:
        assert "Ответ на предложение, с которым его объединили, скрыт." in answer
    else:
        assert told(answer) == expected
    # Words of a source that have grown into a priority do not wait any more.
    grown = set() if term == "no term" and expected == {"waits"} else expected
    assert [told(found[0]) for found in rows] == [expected] * 3 + [grown] * 2


def pages_of(town, proposal):
    """The other pages where a proposal is named: of its town and of the priority that it was put to."""
    priority = factories.priority(factories.strategy(town))
    Proposal.objects.filter(pk=proposal.pk).update(priority=priority)
    return town.get_absolute_url(), priority.get_absolute_url()


@pytest.mark.invariant(45)
@pytest.mark.parametrize("status", sorted(Proposal.WAITING))
def test_words_merged_with_what_is_not_moderated_yet_wait_and_say_so(client, town, status):
    main = factories.proposal(town, public_text="", **fields_of(status, TERMS["late"]))
    one = factories.proposal(town, merged_into=main, **fields_of(S.MERGED, TERMS["late"]))

    row = text(client.get(reverse("proposals:proposal_list")), "p", css="rows__meta")

    assert told(row) == {"unread", "waits"}
    assert told(text(client.get(one.get_absolute_url()), "section", id="answer")) == {"waits"}
    assert main.number not in client.get(one.get_absolute_url()).content.decode()
