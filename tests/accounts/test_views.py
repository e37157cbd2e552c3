"""Switching letters off from a letter: without signing in, by a person's press or by the mail program itself."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.letters import stop_token
from accounts.models import User
from tests.pages import text, texts

ADDRESS = "marked-person@towns.example.ru"


@pytest.fixture
def person(db):
    return User.objects.create_user("marked-login", email=ADDRESS, first_name="Меченый", last_name="Человек")


def wants():
    return list(User.objects.values_list("wants_early_reminders", "wants_publication_notices"))


def stop_url(person, stop):
    return reverse("letters_stop", args=[stop_token(person, stop)])


def test_letters_stop_shows_first_and_changes_nothing(client, person):
    response = client.get(stop_url(person, "early"))

    assert (response.status_code, text(response, "h1")) == (200, "Отключить письма?")
    assert texts(response, "p", css="lead") == [
        "Напоминания до срока сдачи и в сам день больше не будут приходить. Остальные письма останутся."
    ]
    assert texts(response, "button", css="btn") == ["Отключить"]
    assert wants() == [(True, True)]


@pytest.mark.parametrize(("stop", "left"), [("early", (False, True)), ("published", (True, False))])
def test_letters_stop_switches_off_one_kind(client, person, stop, left):
    response = client.post(stop_url(person, stop))

    assert (response.status_code, text(response, "h1"), wants()) == (200, "Больше не пришлём", [left])
    assert f'href="{reverse("office:letters")}"' in response.content.decode()


def test_letters_stop_takes_one_click_of_a_mail_program(person):
    mail_program = Client(enforce_csrf_checks=True)

    for _attempt in range(2):
        response = mail_program.post(stop_url(person, "early"), {"List-Unsubscribe": "One-Click"})
        assert (response.status_code, wants()) == (200, [(False, True)])


def test_letters_stop_touches_nobody_else(client, person):
    User.objects.create_user("other")

    client.post(stop_url(person, "early"))

    assert User.objects.get(username="other").wants_early_reminders


@pytest.mark.parametrize("method", ["get", "post"])
def test_letters_stop_never_says_whose_letter_it_is(client, person, method):
    page = getattr(client, method)(stop_url(person, "early")).content.decode()

    assert [mark for mark in (ADDRESS, "marked-login", "Меченый", "Человек") if mark in page] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_letters_stop_with_a_broken_link_explains_and_changes_nothing(client, person, method):
    response = getattr(client, method)(stop_url(person, "early")[:-3] + "x/")

    assert (response.status_code, text(response, "h1"), wants()) == (404, "Ссылка не подходит", [(True, True)])


def test_letters_stop_is_kept_by_nobody_and_sets_no_cookie(client, person):
    response = client.get(stop_url(person, "early"))

    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response.headers
    assert list(response.cookies) == []
