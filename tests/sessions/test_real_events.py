"""The real events of 2018 from the demo region: every word on its path, the regional session with its account."""

from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from exchange.region_box.loading import load_region
from sessions.models import Proposal, Session
from tests.pages import text, texts

pytestmark = pytest.mark.slow

SAMARA = Path(__file__).parents[2] / "demo" / "samara"
REGIONAL = "regional-5-malye-goroda"


def test_real_events_of_the_demo_region(client, case):
    load_region(SAMARA)

    for is_told in (
        every_word_is_on_its_path, the_regional_session_in_novokuybyshevsk_counts_its_words,
        every_session_with_words_has_its_account_and_the_region_adds_them_up,
        the_meeting_in_pokhvistnevo_says_that_its_words_were_not_found,
    ):  # fmt: skip
        with case(is_told.__name__):
            is_told(client)


def every_word_is_on_its_path(client):
    seen = []
    for proposal in Proposal.objects.all():
        response = client.get(proposal.get_absolute_url())
        waits = "ответа" in text(response, "section", id="answer").lower()
        seen.append((response.status_code, text(response, "h1"), len(texts(response, "h2", css="spine__word")), waits))

    assert seen == [(200, " ".join(proposal.public_text.split()), 4, True) for proposal in Proposal.objects.all()]
    assert len(seen) >= 10


def the_regional_session_in_novokuybyshevsk_counts_its_words(client):
    session = Session.objects.get(slug=REGIONAL)
    said = Proposal.objects.public().filter(session=session).count()

    response = client.get(f"/sessions/{REGIONAL}/results/")

    assert timezone.localdate(session.starts_at).isoformat() == "2018-08-14"
    assert said > 0
    assert "На сессии записано: предложений 1, тезисов и поручений 3." in text(response, "p", css="lead")
    assert text(response, "section", id="outcomes").count(f"из {said}") == 4
    assert session.title in text(client.get("/sessions/results/"), "section", id="sessions")


def every_session_with_words_has_its_account_and_the_region_adds_them_up(client):
    said = Counter(kind in Proposal.ASKING for kind in Proposal.objects.public().values_list("kind", flat=True))

    for session in Session.objects.public():
        assert client.get(f"/sessions/{session.slug}/results/").status_code == 200
    lead = text(client.get("/sessions/results/"), "p", css="lead")
    assert f"Записано: предложений {said[True]}, тезисов и поручений {said[False]}." in lead


def the_meeting_in_pokhvistnevo_says_that_its_words_were_not_found(client):
    response = client.get("/sessions/meeting-pokhvistnevo-2018/results/")

    assert "Совещание о развитии малых городов в Похвистнево" in text(response, "p", css="kicker")
    assert text(response, "p", css="lead") == "Предложений этой сессии не найдено."
