"""What the pages of a session say of words that are still checked, of its hours, and where they lead on."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions.models import DateChange, Decision, Section
from tests import factories
from tests.pages import text, texts

UNREAD = [
    (1, "1 предложение проверяют: оно появится здесь, когда из текста уберут личное."),
    (3, "3 предложения проверяют: они появятся здесь, когда из текста уберут личное."),
]


def results(session):
    """The address of the results."""
    return reverse("sessions:session_results", args=[session.slug])


def moment(hour, minute=0, day=9):
    """A moment of a day of June 2026, local time."""
    return timezone.make_aware(datetime.datetime(2026, 6, day, hour, minute))


@pytest.mark.parametrize(("number", "told"), UNREAD)
def test_words_that_are_still_checked_are_counted_and_not_shown(client, town, number, told):
    session = factories.session(town)
    factories.proposal(town, session=session, public_text="", status="hidden", text="Тайное")
    for _one in range(number):
        factories.proposal(town, session=session, public_text="", text="Тайное")

    for page in (session.get_absolute_url(), results(session)):
        response = client.get(page)
        assert "Тайное" not in response.content.decode()
        assert "не найдено" not in text(response, "main").replace("Протокол не найден", "").split("Итоги")[0]
        assert told in " ".join(texts(response, "div", css="empty"))
    assert told in " ".join(texts(client.get(reverse("sessions:results")), "section", id="outcomes"))


@pytest.mark.parametrize(("number", "told"), UNREAD)
def test_words_that_are_still_checked_stand_beside_those_that_are_public(client, town, number, told):
    session = factories.session(town)
    factories.proposal(town, session=session)
    for _one in range(number):
        factories.proposal(town, session=session, public_text="")

    for page, part in ((session.get_absolute_url(), "fate"), (results(session), "outcomes")):
        assert f"Ещё {told}" in text(client.get(page), "section", id=part)


def test_session_without_words_says_that_none_were_found(client, town):
    session = factories.session(town)

    assert "проверяют" not in text(client.get(session.get_absolute_url()), "main")
    assert text(client.get(results(session)), "p", css="lead") == "Предложений этой сессии не найдено."


def test_words_of_a_session_that_was_not_held_were_sent_not_said(client, town):
    soon = timezone.now() + datetime.timedelta(days=9)
    sessions = [factories.session(town), factories.session(town, status="announced", starts_at=soon)]
    for session in sessions:
        factories.proposal(town, session=session)

    leads = [text(client.get(results(session)), "p", css="lead") for session in sessions]

    assert [lead.split(".")[0] for lead in leads] == [
        "На сессии записано 1 предложение",
        "К сессии записано 1 предложение",
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"ends_at": moment(12, 30)}, "9 июня 2026 года, вторник, 10:00–12:30"),
        ({"ends_at": None}, "9 июня 2026 года, вторник, 10:00"),
        ({"ends_at": moment(12, 30), "has_time": False}, "9 июня 2026 года, вторник"),
        ({"ends_at": moment(12, day=10)}, "9 июня 2026 года, вторник, 10:00 — 10 июня 2026 года, 12:00"),
        ({"ends_at": moment(12, day=10), "has_time": False}, "9 июня 2026 года, вторник — 10 июня 2026 года"),
    ],
)
def test_session_tells_from_when_to_when(client, town, fields, told):
    session = factories.session(town, starts_at=moment(10), **fields)

    assert texts(client.get(session.get_absolute_url()), "ul", css="head__meta")[0].startswith(f"{told} Сызрань")


def test_move_to_another_hour_of_the_same_day_is_seen(client, town):
    session = factories.session(town, starts_at=moment(15))
    DateChange.objects.create(session=session, old_starts_at=moment(10), new_starts_at=moment(15), reason="Паводок")

    assert texts(client.get(session.get_absolute_url()), "td")[:2] == ["9 июня 2026, 10:00", "9 июня 2026, 15:00"]
    session.has_time = False
    session.save()
    client.cookies.clear()
    assert texts(client.get(session.get_absolute_url() + "?1"), "td")[:2] == ["9 июня 2026", "9 июня 2026"]


def test_pages_of_sessions_lead_on(client, town):
    session = factories.session(town)
    everything, words = reverse("sessions:results"), f"{reverse('proposals:proposal_list')}?session={session.slug}"

    shown = client.get(results(session)).content.decode()
    factories.proposal(town, session=session)

    assert f'href="{everything}"' in shown
    assert f'href="{session.get_absolute_url()}"' in shown
    assert f'href="{words}"' in client.get(f"{session.get_absolute_url()}?1").content.decode()
    assert (
        f'href="{town.get_absolute_url()}"'
        in client.get(f"{session.get_absolute_url()}?1").content.decode().split('id="people"')[1]
    )
    for page in ("/", session.get_absolute_url()):
        markup = client.get(page).content.decode()
        frame = markup.partition("</header>")[0] + markup.partition("<footer")[2]
        assert [f'href="{reverse(name)}"' in frame for name in ("proposals:proposal_list", "sessions:results")] == [
            True, True,
        ]  # fmt: skip


def test_page_of_a_session_keeps_the_lines_of_what_was_written(client, town):
    lines = "Первая<\nВторая"
    session = factories.session(
        town, status="outcome", outcome=lines, summary=lines, participants=lines, organisers=lines,
        minutes=factories.document(town, kind="minutes"),
    )  # fmt: skip
    factories.proposal(town, session=session, public_text=lines)
    factories.make(Section, session=session, title="Дворы", summary=lines)
    factories.make(Decision, session=session, number=1, text=lines)

    assert client.get(session.get_absolute_url()).content.decode().count("Первая&lt;<br>Вторая") == 7
