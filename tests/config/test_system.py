import re

import pytest
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from model_bakery import baker

from config.views import system
from municipalities.models import Edition, Municipality
from strategies import progress
from tests import factories
from tests.pages import text, texts


class _Refusal:
    """A database that is down: every query fails."""

    def __call__(self, execute, sql, params, many, context):
        raise DatabaseError("the database is down")


def html_attributes(response):
    """What stands on the element html, but for its language."""
    return re.search(r'<html lang="ru"(.*?)>', response.content.decode())[1].strip()


def locations(response):
    return re.findall(r"<loc>(.*?)</loc>", response.content.decode())


# ——— About ———


def test_about_page_answers_under_every_anchor_of_the_footer(client, db):
    response = client.get("/about/")

    assert re.findall(r'<section class="sec" id="([a-z-]+)"', response.content.decode()) == [
        "what", "counting", "accessibility", "personal-data", "licences",
    ]  # fmt: skip
    assert texts(response, "h2", css="sec__title") == [
        "Что это", "Как считаем", "Доступность", "Персональные данные", "Лицензии",
    ]  # fmt: skip


def test_about_page_tells_the_zones_of_the_code(client, db):
    green, yellow = progress.GREEN_FROM, progress.YELLOW_FROM

    shown = [line for line in texts(client.get("/about/"), "li") if line.endswith(("плана;", "плана.", "выполнен;"))]

    assert shown == [
        f"{green} % и больше — план выполнен;",
        f"от {yellow} до {green} % — хуже плана;",
        f"меньше {yellow} % — сильно хуже плана.",
    ]


def test_about_page_names_licences(client, db):
    assert texts(client.get("/about/"), "dd")[:3] == [
        "© участники OpenStreetMap, ODbL", "hflabs/city, CC BY-SA 4.0", "Golos Text, SIL Open Font License 1.1",
    ]  # fmt: skip


def test_about_page_asks_the_database_for_the_edition_only(client, db):
    with CaptureQueriesContext(connection) as queries:
        client.get("/about/")

    assert len(queries) == 1


# ——— Errors ———


def test_page_that_does_not_exist_shows_the_ways_on(client, db):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert text(response, "h1") == "Такой страницы нет"
    assert texts(response, "p", css="rows__title") == [
        "Города", "Программа и меры", "Сессии и обсуждения",
    ]  # fmt: skip


def test_refused_page_has_the_look_of_the_site(client, head):
    client.force_login(head)

    response = client.get("/admin/")

    assert (response.status_code, text(response, "h1")) == (403, "Сюда вас не пускает ваша роль")


def test_request_with_a_broken_host_has_the_look_of_the_site(client, db):
    response = client.get("/", headers={"host": "чужой.example"})

    assert (response.status_code, text(response, "h1")) == (400, "Мы не поняли этот запрос")


def test_failure_has_the_look_of_the_site_without_any_query(db):
    with CaptureQueriesContext(connection) as queries:
        response = system.server_error(RequestFactory().get("/"))

    assert (response.status_code, text(response, "h1"), len(queries)) == (500, "Сайт не справился", 0)


@pytest.mark.parametrize("page", ["/", "/sessions/", "/nowhere/", "/en/about/"])
def test_database_that_is_down_gives_the_page_of_a_failure(client, db, page):
    client.raise_request_exception = False

    with connection.execute_wrapper(_Refusal()):
        response = client.get(page)

    assert (response.status_code, text(response, "h1")) == (500, "Сайт не справился")


def test_failure_says_nothing_of_its_cause(client, db):
    client.raise_request_exception = False

    with connection.execute_wrapper(_Refusal()):
        response = client.get("/")

    assert re.findall("DatabaseError|Traceback|is down", response.content.decode()) == []


# ——— For machines ———


def test_healthz_answers_while_the_database_does(client, db):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_healthz_fails_when_the_database_is_down(client, db):
    client.raise_request_exception = False

    with connection.execute_wrapper(_Refusal()):
        assert client.get("/healthz").status_code == 500


def test_robots_keep_out_of_the_workshop(client, db):
    assert client.get("/robots.txt").content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /en/accounts/",
        "Disallow: /search/",
        "Disallow: /en/search/",
        "Disallow: /reading/",
        "Disallow: /en/reading/",
        "Sitemap: http://testserver/sitemap.xml",
    ]


# ——— Site map ———


@pytest.fixture
def published(region, town):
    """One public record of every kind, and beside it one of every kind that is not public."""
    baker.make(Municipality, region=region, name="Абаза", slug="abaza", kind="town", is_reference=True)
    strategy = factories.strategy(town)
    shown = [
        factories.priority(strategy),
        factories.measure(town),
        factories.session(town),
        factories.document(town),
    ]
    factories.priority(strategy, status="draft")
    factories.measure(town, status="draft")
    factories.session(town, status="planned")
    factories.document(town, status="draft")
    return ["/towns/syzran/", "/towns/syzran/strategy/", *(record.get_absolute_url() for record in shown)]


def test_sitemap_lists_public_pages_in_both_languages_and_nothing_else(client, published):
    talks = ["/sessions/", "/sessions/results/", "/proposals/"]
    told = ["/programme/coverage/", "/programme/gaps/", "/programme/silence/", "/programme/changes/"]
    told += ["/programme/versions/", "/programme/discussion/", "/programme/late/"]
    pages = ["/", "/towns/", "/programme/", *told, *talks, "/documents/", "/about/", *published]

    found = locations(client.get("/sitemap.xml"))

    assert sorted(found) == sorted(f"http://testserver{prefix}{page}" for page in pages for prefix in ("", "/en"))


@pytest.mark.walk
def test_every_page_of_the_sitemap_opens(client, published):
    found = locations(client.get("/sitemap.xml"))

    assert {client.get(page.removeprefix("http://testserver")).status_code for page in found} == {200}


def test_sitemap_names_the_other_language_of_each_page(client, db):
    found = re.findall(r'hreflang="(\w+)" href="(.*?)"', client.get("/sitemap.xml").content.decode())

    assert found[:2] == [("ru", "http://testserver/"), ("en", "http://testserver/en/")]


def test_sitemap_tells_the_day_of_the_last_change(client, town):
    session = factories.session(town)
    session.history.update(history_date="2020-02-03T00:00:00Z")

    content = client.get("/sitemap.xml").content.decode()

    assert re.findall(rf"{session.slug}/</loc><lastmod>(.*?)</lastmod>", content) == ["2020-02-03", "2020-02-03"]
    assert re.findall(r"syzran/</loc><lastmod>", content) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_sitemap_costs_the_same_queries(client, town, rows):
    for number in range(rows):
        factories.priority(factories.strategy(town, title=f"С{number}"))
        factories.measure(town)
        factories.session(town)
        factories.document(town)

    with CaptureQueriesContext(connection) as queries:
        client.get("/sitemap.xml")

    assert len(queries) == 7


# ——— Reading preferences ———


def test_reading_page_has_the_form_and_no_id_twice(client, db):
    response = client.get("/reading/")
    ids = re.findall(r'\bid="(.*?)"', response.content.decode())

    assert text(response, "h1") == "Шрифт и цвета"
    assert len(texts(response, "form", css="page")) == 2  # the folded panel of the header and the page's own
    assert len(ids) == len(set(ids))


def test_reading_choice_is_kept_in_a_cookie_and_printed_on_the_page(client, db):
    answer = client.post("/reading/", {"size": "3", "next": "/about/"})
    page = client.get("/about/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/about/")
    assert {name: morsel.value for name, morsel in answer.cookies.items()} == {"a11y": "size=3"}
    assert html_attributes(page) == 'data-size="3"'
    assert page.headers["Cache-Control"] == "private"


def test_reading_choices_add_up_until_reset(client, db):
    for pressed in ({"size": "2"}, {"scheme": "wb"}, {"spacing": "wide"}, {"images": "off"}, {"size": "1"}):
        client.post("/reading/", pressed)
    chosen = html_attributes(client.get("/about/"))

    client.post("/reading/", {"reset": "1"})

    assert chosen == 'data-scheme="wb" data-spacing="wide" data-images="off"'
    assert html_attributes(client.get("/about/")) == ""


@pytest.mark.parametrize("cookie", ["size=9", "scheme=red%22onload", "junk", "size", "%00", "unknown=1"])
def test_reading_cookie_with_nonsense_changes_nothing(client, db, cookie):
    client.cookies["a11y"] = cookie

    response = client.get("/about/")

    assert (response.status_code, html_attributes(response)) == (200, "")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "http:///evil"]
)
def test_reading_choice_never_leads_to_another_site(client, db, target):
    answer = client.post("/reading/", {"size": "2", "next": target})

    assert answer.headers["Location"] == reverse("reading_preferences")


def test_reading_choice_of_one_reader_does_not_reach_another(client, db):
    client.cookies["a11y"] = "size=3"
    client.get("/about/")
    client.cookies.clear()

    response = client.get("/about/")

    assert html_attributes(response) == ""
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


# ——— What officials do reaches readers at once ———


def test_publication_in_the_workshop_reaches_readers_at_once(client, town, approver, committed):
    strategy = factories.strategy(town)
    priority = factories.priority(strategy, title="Свет на набережной", status="draft")
    before = client.get("/towns/syzran/")
    client.force_login(approver)

    with committed():
        moved = client.post(reverse("admin:strategies_priority_move", args=[priority.pk, "published"]))
    client.logout()
    after = client.get("/towns/syzran/", headers={"If-None-Match": before.headers["ETag"]})

    assert (moved.status_code, after.status_code) == (302, 200)
    assert before.headers["ETag"] != after.headers["ETag"]
    assert texts(after, "h3", css="rows__title") == ["Свет на набережной"]


@pytest.mark.parametrize("page", ["/sessions/", "/documents/", "/about/", "/reading/", "/sitemap.xml"])
def test_page_is_not_sent_twice_until_the_next_edition(client, town, page, committed):
    first = client.get(page)
    tag = {"If-None-Match": first.headers["ETag"]}

    same = client.get(page, headers=tag)
    with committed():
        Edition.bump()
    changed = client.get(page, headers=tag)

    assert (same.status_code, changed.status_code, first.cookies) == (304, 200, {})
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
