import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from municipalities.models import Edition
from tests import factories
from tests.conftest import StrictClient

PAGES = ["/", "/towns/", "/towns/syzran/", "/about/", "/en/", "/robots.txt"]


@pytest.mark.parametrize("page", PAGES)
def test_public_page_sets_no_cookie_and_may_be_cached_by_anybody(client, town, page):
    response = client.get(page)

    assert response.status_code == 200
    assert response.cookies == {}
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding"


def test_public_page_is_kept_whole_until_the_next_edition(client, town, committed):
    first = client.get("/towns/syzran/")
    factories.priority(factories.strategy(town), title="Новый приоритет")

    kept = client.get("/towns/syzran/")
    with committed():
        Edition.bump(town.region_id)
    fresh = client.get("/towns/syzran/")

    assert kept.content == first.content
    assert "Новый приоритет" in fresh.content.decode()
    assert kept.headers["ETag"] == first.headers["ETag"] != fresh.headers["ETag"]
    assert kept.headers["X-Frame-Options"] == "DENY"


def test_public_page_from_the_cache_costs_one_query(client, town):
    client.get("/towns/syzran/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/towns/syzran/")

    assert len(queries) == 1


def test_file_that_is_kept_keeps_its_name(client, town):
    first, kept = client.get("/calendar.ics"), client.get("/calendar.ics")

    assert 'filename="' in kept.headers["Content-Disposition"]
    assert [first.headers[name] for name in ("Content-Disposition", "Content-Language")] == [
        kept.headers[name] for name in ("Content-Disposition", "Content-Language")
    ]


def test_public_page_answers_304_without_rendering(client, town):
    tag = client.get("/towns/syzran/").headers["ETag"]
    cache.clear()

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/towns/syzran/", headers={"If-None-Match": tag})

    assert response.status_code == 304
    assert response.content == b""
    assert len(queries) == 1


def test_public_page_of_another_language_or_query_is_another_page(client, town):
    tags = {client.get(page).headers["ETag"] for page in ("/towns/", "/en/towns/", "/towns/?q=syz")}

    assert len(tags) == 3


def test_signed_in_person_gets_a_page_of_their_own(client, town, head):
    client.get("/towns/syzran/")
    client.force_login(head)

    response = client.get("/towns/syzran/")

    assert response.headers["Cache-Control"] == "private"
    assert "ETag" not in response.headers


def test_change_by_an_official_makes_a_new_edition(client, town, head, committed):
    client.force_login(head)
    before = Edition.current()

    with committed():
        client.post("/office/handovers/new/?place=nowhere")
    assert Edition.current() == before  # refused: nothing changed

    with committed():
        response = client.post("/office/letters/", {"wants_early_reminders": "on"})
    assert (response.status_code, Edition.current()) == (302, before)  # own settings

    link = factories.link(factories.priority(factories.strategy(town)), factories.measure(town))
    word = {"side": "town", "do": "confirm", "kind": "cofund", "amount": "500", "year": 2027, "condition": ""}
    with committed():
        assert client.post(f"/office/commitments/{link.pk}/", word).status_code == 302
    assert Edition.current() == before + 1


def test_official_who_comes_and_goes_does_not_empty_the_cache(client, town, head, committed):
    before, door = Edition.current(), {"login": head.username, "password": "пароль-для-тестов"}

    with committed():
        assert client.post("/accounts/login/", door).status_code == 302
        client.post("/reading/", {"size": "2"})
        client.post("/accounts/logout/")

    assert Edition.current() == before


def test_strangers_post_does_not_empty_the_cache(client, town, committed):
    before = Edition.current()

    with committed():
        client.post("/accounts/login/", {"login": "кто-то", "password": "мимо"})
        client.post("/reading/", {"size": "2"})

    assert Edition.current() == before


def test_page_with_an_error_is_not_kept(client, town):
    response = client.get("/towns/atlantida/")

    assert response.status_code == 404
    assert "ETag" not in response.headers


def test_proxy_is_told_to_keep_public_pages_and_nothing_else(client, town, head):
    town.takes_proposals = True
    town.save()
    kept = client.get(town.get_absolute_url())
    again = client.get(town.get_absolute_url(), headers={"If-None-Match": kept.headers["ETag"]})
    reader, official = StrictClient(), StrictClient()
    reader.cookies["a11y"] = "size-3"
    official.force_login(head)
    private = [
        client.get(reverse("proposals:propose_town", args=[town.slug])),
        client.get("/proposals/mine/secret/"),
        client.get("/accounts/login/"),
        client.get("/healthz"),
        client.post(reverse("proposals:propose_town", args=[town.slug]), {"text": "Скамейки"}),
        reader.get(town.get_absolute_url()),
        official.get(town.get_absolute_url()),
        official.get("/office/"),
    ]

    assert [one.headers["X-Accel-Expires"] for one in (kept, again)] == ["10", "10"]
    assert {(one.headers["X-Accel-Expires"], one.headers["CDN-Cache-Control"]) for one in private} == {
        ("0", "no-store")
    }
