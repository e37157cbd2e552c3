"""Which letters come: two ticks of one's own."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.conftest import person
from tests.pages import text, texts

URL = "/office/letters/"


def wants(user):
    return User.objects.values_list("wants_early_reminders", "wants_publication_notices").get(pk=user.pk)


def test_letter_settings_show_what_is_chosen(client, head):
    User.objects.filter(pk=head.pk).update(email="head@towns.example.ru", wants_publication_notices=False)
    client.force_login(head)

    response = client.get(URL)

    assert texts(response, "label") == [
        "Напоминания до срока сдачи и в сам день", "Письма о том, что отчёт опубликован",
    ]  # fmt: skip
    assert response.content.decode().count(" checked") == 1
    assert texts(response, "div", css="note--warn") == []


def test_letter_settings_say_when_there_is_no_address(client, head):
    client.force_login(head)

    assert text(client.get(URL), "div", css="note--warn").startswith("Адреса почты у вас нет.")


@pytest.mark.parametrize(
    ("ticked", "left"),
    [
        ({}, (False, False)),
        ({"wants_early_reminders": "on"}, (True, False)),
        ({"wants_early_reminders": "on", "wants_publication_notices": "on"}, (True, True)),
    ],
)
def test_letter_settings_keep_the_choice(client, head, ticked, left):
    client.force_login(head)

    response = client.post(URL, ticked, follow=True)

    assert (wants(head), texts(response, "div", css="messages")) == (left, ["Сохранили."])


def test_letter_settings_change_nothing_else_and_nobody_else(client, head, editor):
    client.force_login(head)

    client.post(URL, {"user": editor.pk, "pk": editor.pk, "username": "x", "is_superuser": "on"})

    head.refresh_from_db()
    assert (head.username, head.is_superuser, wants(editor)) == ("syzran-head", False, (True, True))


def test_letter_settings_are_for_people_with_a_role(client, db):
    assert client.get(URL)["Location"] == f"{reverse('account_login')}?next={URL}"
    client.force_login(person("nobody"))
    assert client.get(URL).status_code == 403
