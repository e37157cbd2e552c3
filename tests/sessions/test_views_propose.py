"""The form where residents propose: what it asks, what it takes, what it never loses."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from sessions.models import Proposal
from tests import factories
from tests.pages import text, texts
from tests.sessions.proposing import WORDS, consent, secret_in, send, token
from tests.strategies.reporting.test_letters import REFUSING


@pytest.fixture
def open_town(town):
    """A town that takes proposals on any day."""
    town.takes_proposals = True
    town.save()
    return town


@pytest.fixture
def session(town):
    """An announced session of the town."""
    soon = timezone.now() + datetime.timedelta(days=10)
    until = timezone.localdate() + datetime.timedelta(days=5)
    return factories.session(town, status="announced", starts_at=soon, proposals_until=until)


def page(place):
    return reverse("sessions:propose", args=[place.slug])


def all_kept():
    return list(Proposal.objects.values("number", "text", "municipality__slug", "session", "channel", "author_name"))


def test_proposal_to_a_session_gets_a_number_and_a_link(client, session, town):
    response = send(client, session)

    year = timezone.localdate().year
    kept = Proposal.objects.get()
    assert response.status_code == 200
    assert text(response, "h1") == f"СЗ-{year}-0001" == kept.number
    assert (kept.text, kept.municipality, kept.session, kept.channel) == (WORDS, town, session, "site")
    assert (kept.public_text, kept.status, kept.created_by) == ("", "new", None)
    assert kept.answer_due == timezone.localdate() + datetime.timedelta(days=30)
    assert list(Proposal.objects.with_secret(secret_in(response))) == [kept]


def test_town_takes_proposals_only_if_it_says_so(client, town, other_town):
    town.takes_proposals = True
    town.save()

    answers = [send(client, town).status_code, send(client, other_town).status_code]
    opened = [client.get(reverse("proposals:propose_town", args=[one.slug])).status_code for one in (town, other_town)]

    assert (answers, opened) == ([200, 404], [200, 404])
    assert list(Proposal.objects.values_list("municipality__slug", "session")) == [("syzran", None)]


def test_form_sets_no_cookie_and_is_kept_by_nobody(client, session):
    opened = client.get(page(session))
    again = client.get(page(session))
    sent = send(client, session)

    assert [response.cookies.output() for response in (opened, again, sent)] == ["", "", ""]
    assert {response.headers["Cache-Control"] for response in (opened, again, sent)} == {
        "max-age=0, no-cache, no-store, must-revalidate, private"
    }
    assert "ETag" not in opened.headers
    assert opened.context["token"] != again.context["token"]


@pytest.mark.invariant(37)
def test_form_needs_no_script_and_asks_only_what_may_be_kept(client, session, region):
    without = client.get(page(session)).content.decode()
    text_in_force = consent(region)
    asked = client.get(page(session)).content.decode()

    assert [name in without for name in ('name="name"', 'name="email"', 'name="consent"')] == [False] * 3
    assert [name in asked for name in ('name="name"', 'name="email"', 'name="consent"')] == [True] * 3
    assert 'name="consent" aria-describedby' in " ".join(asked.split())  # not ticked beforehand
    assert f'href="/consent/#consent-{text_in_force.pk}"' in asked


@pytest.mark.invariant(37)
def test_consent_of_tomorrow_or_of_another_region_is_not_asked_for(client, session, region, other_region):
    consent(other_region)
    consent(region, valid_from=timezone.localdate() + datetime.timedelta(days=1))

    assert 'name="email"' not in client.get(page(session)).content.decode()


@pytest.mark.invariant(37)
def test_name_posted_where_none_is_asked_is_not_kept(client, session):
    send(client, session, name="Ярослав Меченый", email="marked@example.org", consent="on")

    assert list(Proposal.objects.values_list("author_name", "author_email", "consent_version")) == [("", "", "")]


def test_name_without_consent_is_refused_and_nothing_typed_is_lost(client, session, region):
    asked = consent(region)

    response = send(client, session, consent_text=asked, name="Анна")

    assert response.status_code == 422
    assert texts(response, "p", css="field__error") == [
        "Вы указали имя или почту, но не дали согласия. Поставьте отметку или сотрите имя и почту."
    ]
    assert text(response, "textarea") == WORDS
    assert Proposal.objects.count() == 0


def test_name_with_consent_is_kept_with_the_version_that_was_shown(client, session, region):
    shown = consent(region)
    consent(region, version="2026-2", text="Другой текст.")

    send(client, session, consent_text=shown, name="Анна", email="anna@example.org", consent="on")

    kept = Proposal.objects.get()
    assert (kept.author_name, kept.author_email, kept.consent_version) == ("Анна", "anna@example.org", "2026-1")
    assert timezone.now() - kept.consented_at < datetime.timedelta(minutes=1)


def test_consent_alone_is_not_noted(client, session, region):
    send(client, session, consent_text=consent(region), consent="on")

    assert list(Proposal.objects.values_list("consent_version", "consented_at")) == [("", None)]


@pytest.mark.invariant(39)
def test_same_form_twice_gives_the_one_proposal_and_the_same_link(client, session):
    form = token()

    first, second = (send(client, session, token=form) for _ in range(2))

    assert text(second, "h1") == text(first, "h1")
    assert secret_in(first) == secret_in(second)
    assert Proposal.objects.count() == 1


@pytest.mark.invariant(39)
@pytest.mark.parametrize("other", [{"text": "Совсем другое"}, {"name": "Борис"}, {"email": "boris@example.org"}])
def test_one_form_shown_to_two_people_gives_each_their_own(client, session, region, other):
    text_of_consent = consent(region)
    author = {"name": "Анна", "email": "anna@example.org", "consent": "on"}
    form = token(text_of_consent)

    first = send(client, session, token=form, **author)
    second = send(client, session, token=form, **(author | other))

    assert secret_in(first) != secret_in(second)
    assert [(one.text, one.author_name, one.author_email) for one in Proposal.objects.order_by("pk")] == [
        (said["text"], said["name"], said["email"])
        for said in ({"text": WORDS} | author, {"text": WORDS} | author | other)
    ]


@pytest.mark.invariant(39)
def test_two_forms_give_two_proposals_with_links_of_their_own(client, session):
    assert secret_in(send(client, session)) != secret_in(send(client, session))
    assert Proposal.objects.count() == 2


@pytest.mark.parametrize(("length", "status"), [(2000, 200), (2001, 422)])
def test_text_has_a_limit_that_counts_new_lines_as_browsers_do(client, session, length, status):
    assert send(client, session, text="а\r\n" * (length // 2) + "б" * (length % 2)).status_code == status


def test_empty_text_is_refused(client, session):
    response = send(client, session, text="  ")

    assert response.status_code == 422
    assert texts(response, "p", css="field__error") == ["Напишите, что вы предлагаете."]


def test_priorities_are_public_ones_of_the_town(client, session, town, other_town):
    strategy = factories.strategy(town)
    own = factories.priority(strategy, title="Дворы")
    factories.priority(strategy, title="Черновик", status="draft")
    strange = factories.priority(factories.strategy(other_town), title="Чужой")

    shown = texts(client.get(page(session)), "label")
    taken = send(client, session, priority=own.pk)
    refused = send(client, session, priority=strange.pk)

    assert shown[-2:] == ["Дворы", "Не знаю"]
    assert (taken.status_code, refused.status_code) == (200, 422)
    assert [proposal.priority for proposal in Proposal.objects.all()] == [own]


def test_regional_session_offers_its_towns_and_takes_none_other(client, region, town, other_town, other_region):
    soon = timezone.now() + datetime.timedelta(days=10)
    session = factories.session(region, status="announced", starts_at=soon)
    session.towns.set([town, other_town])
    priority = factories.priority(factories.strategy(town), title="Дворы")
    session.priorities.set([priority])

    shown = client.get(page(session))
    none = send(client, session)
    unknown = send(client, session, town="samara")
    mixed = send(client, session, town="chapaevsk", priority=priority.pk)
    taken = send(client, session, town="syzran", priority=priority.pk)

    assert texts(shown, "option") == ["—", "Сызрань", "Чапаевск"]
    assert texts(shown, "label")[-2:] == ["Сызрань: Дворы", "Не знаю"]
    assert [one.status_code for one in (none, unknown, mixed, taken)] == [422, 422, 422, 200]
    assert [(one.municipality, one.priority) for one in Proposal.objects.all()] == [(town, priority)]


def test_regional_session_without_towns_offers_those_of_the_programme(client, region, town, other_town):
    soon = timezone.now() + datetime.timedelta(days=10)
    session = factories.session(region, status="announced", starts_at=soon)

    assert texts(client.get(page(session)), "option") == ["—", "Сызрань", "Чапаевск"]


def test_closed_session_says_why_and_keeps_what_was_written(client, town):
    session = factories.session(town)

    opened = client.get(page(session))
    sent = send(client, session)

    assert (opened.status_code, sent.status_code) == (200, 422)
    assert text(opened, "p", css="lead") == "Приём закрыт: сессия прошла."
    assert text(sent, "textarea") == WORDS
    assert Proposal.objects.count() == 0


def test_session_that_is_not_announced_is_not_there_for_visitors(client, town, head):
    soon = timezone.now() + datetime.timedelta(days=10)
    session = factories.session(town, status="planned", starts_at=soon)

    strange = client.get(page(session)).status_code
    client.force_login(head)

    assert strange == 404
    assert text(client.get(page(session)), "p", css="lead") == "Сессию ещё не объявили. Приём откроется, когда объявят."


def test_notice_leads_to_the_regions_own_reception(client, session, region):
    before = text(client.get(page(session)), "div", css="note--warn")
    region.appeals_url = "https://example.org/appeals"
    region.save()

    after = client.get(page(session))

    assert before == (
        "Это не обращение по закону 59-ФЗ. Чтобы получить официальный ответ в течение 30 дней, направьте обращение "
        "через Госуслуги."
    )
    assert 'href="https://example.org/appeals"' in after.content.decode()


def test_number_of_queries_does_not_grow(client, session, town, django_assert_num_queries):
    strategy = factories.strategy(town)
    factories.priority(strategy)
    client.get(page(session))
    with django_assert_num_queries(4):
        client.get(page(session))
    for _ in range(5):
        factories.priority(strategy)
        factories.proposal(town, session=session)
    with django_assert_num_queries(4):
        client.get(page(session))


def test_letter_holds_number_and_link_and_nothing_the_sender_wrote(
    client, session, region, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = send(
            client, session, consent_text=consent(region), name="Анна", email="anna@example.org", consent="on"
        )

    number, secret = Proposal.objects.get().number, secret_in(response)
    (letter,) = mail.outbox
    assert (letter.to, letter.cc, letter.bcc) == (["anna@example.org"], [], [])
    assert letter.subject == f"Предложение принято: {number}"
    bodies = letter.body, letter.alternatives[0].content
    assert [f"https://towns.example.ru/proposals/mine/{secret}/" in body for body in bodies] == [True, True]
    assert [WORDS in body or "Анна" in body for body in bodies] == [False, False]


def test_no_letter_without_an_address(client, session, region, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send(client, session, consent_text=consent(region), name="Анна", consent="on")

    assert mail.outbox == []


def test_mail_server_that_refuses_breaks_nothing_and_names_nobody(
    client, session, region, settings, caplog, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = REFUSING

    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, session, consent_text=consent(region), email="anna@example.org", consent="on")

    assert response.status_code == 200
    assert Proposal.objects.count() == 1
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["A letter was not sent"]
    assert "anna" not in caplog.text
