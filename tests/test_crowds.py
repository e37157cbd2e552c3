"""Eight at one moment, at every act that numbers or makes something: no 500, one is made, nobody's words are lost.

PostgreSQL has many writers; SQLite lets them in one after another, yet what each of them has read may be old by then.
"""

from collections import Counter

import pytest
from django.utils import timezone

from accounts.forms import seen_of
from accounts.models import JournalEntry
from exchange.models import PaperTemplate
from exchange.papers.catalogue import our_form
from municipalities.models import Municipality
from sessions.models import Decision, PriorityVote, Proposal, Session
from sessions.views.office_decisions import SHOWN
from strategies import periods
from strategies.models import (
    Commitment,
    Finding,
    GapAnswer,
    Handover,
    Measure,
    Priority,
    ProgressReport,
    ReportingCycle,
)
from tests import factories
from tests.crowd import CROWD, SOON, Crowd, kept
from tests.sessions.proposing import send, token
from tests.strategies.reporting.answers import answers, form_url, upload

# Each case prepares its records, acts, and gives (answers, what was made, how many it should be).


def first_proposals_of_like_towns(world):
    towns = [
        factories.make(Municipality, region=world.region, name=f"Сызрань{letter}", slug=f"like-{number}",
                       kind="urban_okrug", takes_proposals=True)
        for number, letter in enumerate("абвгдежз")
    ]  # fmt: skip
    said = Crowd().at_once(lambda browser, number: send(browser, towns[number], address=f"203.0.113.{number}"))
    return said, Proposal.objects.values("number").distinct().count(), CROWD


def proposals_of_one_town(world):
    world.town.takes_proposals = True
    world.town.save()
    forms = [token() for _one in range(CROWD)]
    said = Crowd().at_once(
        lambda browser, number: send(browser, world.town, token=forms[number], address=f"203.0.113.{number}")
    )
    return said, Proposal.objects.values("number").distinct().count(), CROWD


def one_form_of_a_proposal(world):
    world.town.takes_proposals = True
    world.town.save()
    form = token()
    said = Crowd().at_once(lambda browser, number: send(browser, world.town, token=form, address="203.0.113.7"))
    return said, Proposal.objects.count(), 1


def lines_of_a_hall(world):
    session = factories.session(world.town)
    key = "5f3c2f4e-0000-4000-8000-00000000000"
    said = Crowd(world.editor).post(
        f"/office/sessions/{session.pk}/hall/",
        lambda n: {"form_key": f"{key}{n // 2}", "text": f"Строка {n // 2}", "speaker": "жители", "kind": "proposal"},
    )
    return said, Proposal.objects.values("number").distinct().count(), CROWD // 2


def votes_of_a_hall(world):
    session, priority = factories.session(world.town), factories.priority(factories.strategy(world.town))
    said = Crowd(world.editor).post(
        f"/office/sessions/{session.pk}/hall/",
        lambda n: {"do": "votes", f"hands-{priority.pk}": n + 1, f"initial-hands-{priority.pk}": ""},
    )
    return said, PriorityVote.objects.count(), 1


def sessions_of_one_title(world):
    said = Crowd(world.editor).post(
        "/office/sessions/new/",
        lambda n: {"owner": f"town-{world.town.pk}", "title": "Сессия", "kind": "strategic", "has_time": "on",
                   "seen_version": "0", "starts_at": "2026-12-20T10:00"},
    )  # fmt: skip
    return said, Session.objects.filter(title="Сессия").count(), CROWD


def decisions_of_a_session(world):
    session = factories.session(world.town)
    said = Crowd(world.editor).post(
        f"/office/sessions/{session.pk}/decisions/",
        lambda n: {"decisions-TOTAL_FORMS": 1, "decisions-INITIAL_FORMS": 0, "decisions-0-number": 1,
                   "decisions-0-text": f"Поручение {n}"},
    )  # fmt: skip
    return said, Decision.objects.count(), CROWD


def measure_of_a_decision(world):
    session = factories.session(world.region)
    decision = factories.make(Decision, session=session, number=1, text="Сделать тротуар")
    direction = factories.direction(world.region)
    said = Crowd(world.writer).post(
        f"/office/sessions/{session.pk}/decisions/",
        lambda n: {
            "do": "measure",
            "decision": decision.pk,
            "direction": direction.pk,
            "seen": seen_of(decision, SHOWN),
        },
    )
    return said, Measure.objects.count(), 1


def priority_of_a_proposal(world):
    proposal, strategy = factories.proposal(world.town), factories.strategy(world.town)
    said = Crowd(world.head).post(
        f"/office/proposals/{proposal.pk}/",
        lambda n: {"do": "priority", "strategy": strategy.pk, "title": f"Приоритет {n}",
                   "seen_version": proposal.row_version},
    )  # fmt: skip
    return said, Priority.objects.count(), 1


def answers_to_a_proposal(world):
    proposal = factories.proposal(world.town, status="on_review")
    said = Crowd(world.head).post(
        f"/office/proposals/{proposal.pk}/",
        lambda n: {"do": "answer", "status": "accepted", "answer": f"Ответ {n}", "seen_version": proposal.row_version},
    )
    assert kept(said, *(f"Ответ {n}" for n in range(CROWD))) == CROWD - 1
    return said, JournalEntry.objects.about(proposal).count(), 1


def joining_of_a_proposal(world):
    main, same = factories.proposal(world.town), factories.proposal(world.town)
    said = Crowd(world.head).post(
        f"/office/proposals/{same.pk}/",
        lambda n: {"do": "merge", "into": main.pk, "seen_version": same.row_version},
    )
    return said, JournalEntry.objects.about(same).count(), 1


def minutes_of_a_session(world):
    session = factories.session(world.town)
    said = Crowd(world.editor).post(
        f"/office/sessions/{session.pk}/",
        lambda n: {
            "do": "minutes",
            "minutes-seen_version": 1,
            "minutes-file": upload(our_form("minutes").read_bytes(), f"п{n}.docx"),
        },
    )
    return said, type(world).minutes(world.town), 1


def step_of_a_session(world):
    session = factories.session(world.town, status="announced", starts_at=timezone.now() - SOON)
    said = Crowd(world.head).post(
        f"/office/sessions/{session.pk}/", lambda n: {"do": "step", "status": "held", "seen_version": 1}
    )
    return said, JournalEntry.objects.about(session).count(), 1


def link_of(world):
    priority = factories.priority(factories.strategy(world.town, status="approved"))
    return factories.link(priority, factories.measure(world.town))


def word_of_a_side(world, do="confirm"):
    link = link_of(world)
    said = Crowd(world.approver).post(
        f"/office/commitments/{link.pk}/",
        lambda n: {"side": "region", "do": do, "kind": "fund", "amount": f"{n + 1}", "year": "2027",
                   "condition": f"Условие {n}", "seen_version": ""},
    )  # fmt: skip
    assert kept(said, *(f"Условие {n}" for n in range(CROWD))) == CROWD - 1
    return said, Commitment.objects.count(), 1


def draft_of_a_side(world):
    return word_of_a_side(world, do="save")


def answer_about_a_gap(world):
    priority = factories.priority(factories.strategy(world.town, status="approved"))
    said = Crowd(world.writer).post(
        f"/office/programme/gaps/no_measure/{priority.pk}/",
        lambda n: {"decision": "preparing", "owner": "", "responsible": "Минстрой",
                   "due": f"{timezone.localdate() + SOON}", "why": f"Причина {n}", "seen": "0"},
    )  # fmt: skip
    assert kept(said, *(f"Причина {n}" for n in range(CROWD))) == CROWD - 1
    return said, GapAnswer.objects.count(), 1


def period_to_report(world):
    programme = factories.programme(world.region)
    factories.measure(world.town, direction=factories.direction(world.region, programme=programme))
    year, period = programme.period_to_report(timezone.localdate())
    said = Crowd(world.approver).post(
        "/office/cycles/", lambda n: {"programme": programme.pk, "period": periods.code(year, period)}
    )
    return said, ReportingCycle.objects.filter(status="open").count(), 1


def report_of_a_period(world):
    measure = factories.measure(world.town)
    said = Crowd(world.head).post(form_url(measure, "2026-q3"), lambda n: answers(text=f"Сделали {n}", do="send"))
    assert kept(said, *(f"Сделали {n}" for n in range(CROWD))) == CROWD - 1
    return said, ProgressReport.objects.count(), 1


def version_of_a_programme(world):
    programme = factories.programme(world.region, status="draft", kind="other")
    programme.move_to("approved", by=world.approver)
    factories.measure(world.town, direction=factories.direction(world.region, programme=programme))
    act = factories.document(world.region, number="2")
    said = Crowd(world.approver).post(
        f"/office/programme/{programme.pk}/revise/",
        lambda n: {"act": act.pk, "act_title": "Постановление", "act_date": f"{timezone.localdate()}",
                   "reason": f"Причина {n}", "seen_version": programme.row_version},
    )  # fmt: skip
    return said, programme.versions.count(), 2


def handing_over(world):
    factories.measure(world.town, owner=world.editor)
    said = Crowd(world.head).post(
        f"/office/handovers/new/?place=town-{world.town.pk}&from={world.editor.pk}",
        lambda n: {"to_user": world.head.pk, "reason": f"Отпуск {n}"},
    )
    return said, Handover.objects.count(), 1


def templates_of_a_paper(world):
    said = Crowd(world.approver).post(
        "/office/papers/templates/",
        lambda n: {"region": world.region.pk, "kind": "minutes",
                   "file": upload(our_form("minutes").read_bytes(), f"ш{n}.docx")},
    )  # fmt: skip
    return said, PaperTemplate.objects.values("version").distinct().count(), CROWD


def search_for_findings(world):
    direction = factories.direction(world.region)
    for title in ("Ремонт улицы Мира", "Ямочный ремонт ул. Мира"):
        factories.measure(world.town, title=title, direction=direction, stated_total=700)
    said = Crowd(world.approver).post("/office/programme/findings/", lambda n: {})
    return said, Finding.objects.count(), 1


def paper_published(world):
    paper = factories.document(world.town, kind="minutes", status="draft")
    session = factories.session(world.town, minutes=paper)
    said = Crowd(world.head).post(f"/office/sessions/{session.pk}/", lambda n: {
        "do": "publish_minutes", "paper": paper.pk, "seen_version": paper.row_version,
    })  # fmt: skip
    return said, JournalEntry.objects.about(paper).count(), 1


ACTS = [
    first_proposals_of_like_towns, proposals_of_one_town, one_form_of_a_proposal, lines_of_a_hall, votes_of_a_hall,
    sessions_of_one_title, decisions_of_a_session, measure_of_a_decision, priority_of_a_proposal,
    answers_to_a_proposal, joining_of_a_proposal, minutes_of_a_session, step_of_a_session, word_of_a_side,
    draft_of_a_side, answer_about_a_gap, period_to_report, report_of_a_period, version_of_a_programme, handing_over,
    templates_of_a_paper, search_for_findings, paper_published,
]  # fmt: skip


@pytest.mark.invariant(90)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_crowd_gets_no_error_and_makes_what_it_should(act, people, settings):
    settings.PROPOSALS_PER_HOUR = 100

    said, made, expected = act(people)

    codes = Counter(response.status_code for response in said)
    assert ({code: codes[code] for code in codes if code >= 500 or code in {403, 404}}, made) == ({}, expected)
