"""From a letter to the form: the one who was written to, others, old links."""

import pytest
from django.core import signing
from django.utils import timezone

from strategies.reporting.letters import form_link
from tests import factories
from tests.pages import text, texts

SITE = "https://towns.example.ru"
PASSWORD = "пароль-для-тестов"


def link_to(person, measure):
    """The address of a link without the name of the site."""
    return form_link(person, "measure", (measure.pk, "2026-q3")).removeprefix(SITE)


@pytest.fixture
def measure(town):
    return factories.measure(town)


def form_of(measure):
    return f"/office/measures/{measure.pk}/report/2026-q3/"


def test_letter_link_opens_the_very_form(client, head, measure):
    client.force_login(head)

    response = client.get(link_to(head, measure))

    assert (response.status_code, response["Location"]) == (302, form_of(measure))


def test_letter_link_asks_a_stranger_to_sign_in_and_then_opens_the_form(client, head, measure):
    url = link_to(head, measure)

    asked = client.get(url)
    assert (asked.status_code, asked["Location"]) == (302, f"/accounts/login/?next={url.replace(':', '%3A')}")
    page = client.get(asked["Location"])
    assert f'name="next" value="{url}"' in page.content.decode()
    entered = client.post(asked["Location"], {"login": head.username, "password": PASSWORD, "next": url})
    assert (entered.status_code, entered["Location"]) == (302, url)
    assert client.get(url)["Location"] == form_of(measure)


@pytest.mark.parametrize("actor", ["outsider", "editor", "approver"])
def test_letter_link_of_somebody_else_opens_nothing(request, client, head, measure, actor):
    client.force_login(request.getfixturevalue(actor))

    response = client.get(link_to(head, measure))

    assert (response.status_code, text(response, "h1")) == (403, "Это ссылка из письма другому человеку")
    page = response.content.decode()
    assert [mark for mark in (head.username, measure.title, form_of(measure)) if mark in page] == []


def test_letter_link_gives_no_right_that_the_person_has_not(client, outsider, measure):
    """Signed for somebody who may not report on the town: the form itself says no."""
    client.force_login(outsider)

    response = client.get(link_to(outsider, measure), follow=True)

    assert response.redirect_chain == [(form_of(measure), 302)]
    assert response.status_code in {403, 404}


def test_letter_link_that_is_too_old_says_so(client, head, measure, monkeypatch):
    url = link_to(head, measure)
    client.force_login(head)
    later = timezone.now().timestamp() + 14 * 24 * 3600 + 60
    monkeypatch.setattr(signing.time, "time", lambda: later)

    response = client.get(url)

    assert (response.status_code, text(response, "h1")) == (410, "Ссылка из письма устарела")
    assert texts(response, "a", css="btn") == ["Открыть мои дела"]


@pytest.mark.parametrize("token", ["x", "1:2:3"])
def test_letter_link_that_is_broken_says_so(client, head, token):
    client.force_login(head)

    response = client.get(f"/office/go/{token}/")

    assert (response.status_code, text(response, "h1")) == (410, "Ссылка из письма устарела")


def test_letter_link_signed_for_something_else_is_refused(client, head):
    client.force_login(head)
    token = signing.dumps([head.pk, "measure", [1, "2026-q3"]], salt="accounts.letters.stop")

    assert client.get(f"/office/go/{token}/").status_code == 410


def test_letter_link_to_a_form_that_has_moved_is_old(client, head):
    client.force_login(head)
    url = form_link(head, "measure", ("no-number", "2026-q3")).removeprefix(SITE)

    assert client.get(url).status_code == 410
