"""What was typed is kept: every form made from what was seen, words given back where no view took them."""

import re
from html.parser import HTMLParser

import pytest
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone

from accounts.kept import TAKEN
from sessions.models import PriorityVote, Proposal
from tests import factories
from tests.office_pages import OfficePages
from tests.pages import text, texts

TYPED = {"text", "number", "date", "datetime-local", "email", "url", "tel"}
# How a form tells that a record changed meanwhile: the version it was made from, or a digest of a row.
SEEN = re.compile(r"(^|-)(seen|seen_version|row_version)$|^initial-")
# Forms that make something new: there is nothing older to be made from. The page and a field that tells the form.
NEW = {
    ("session_new", "title"), ("session_hall", "text"), ("handover_new", "to_user"), ("tables", "text"),
}  # fmt: skip
# Addresses that take posts without words: a button, ticks with versions, a file.
WORDLESS = {
    "cycles", "cycle_close", "findings", "commitments", "review", "remind", "letters", "evidence_remove",
    "paper_templates", "tables_publish", "table_back", "session_import",
}  # fmt: skip
WORDS = "Решили чинить набережную"


class _Forms(HTMLParser):
    """Forms that are posted: the names of their fields, hidden and typed."""

    def __init__(self):
        super().__init__()
        self.found, self.form = [], None

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.form = {"hidden": set(), "typed": set(), "all": set()} if said.get("method") == "post" else None
            if self.form:
                self.found.append(self.form)
        elif self.form is not None and said.get("name"):
            kind = said.get("type", "text") if tag == "input" else tag
            self.form["all"].add(said["name"])
            if kind == "hidden":
                self.form["hidden"].add(said["name"])
            elif kind == "textarea" or kind in TYPED:
                self.form["typed"].add(said["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


@pytest.fixture
def office(town):
    return OfficePages(town)


@pytest.fixture
def signed_in(client, office):
    client.force_login(office.person)
    return client


def posted_names():
    """Names of the office's pages whose views take posts."""
    resolver = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "office")
    views = {one.name: one.callback.view_class for one in resolver.url_patterns}
    return {name for name, view in views.items() if hasattr(view, "post") and "post" in view.http_method_names}


def test_every_page_that_takes_words_is_walked(office):
    walked = {name.split(":")[0] for name in office.addresses() if not name.startswith("admin:")}
    assert posted_names() - WORDLESS == walked


@pytest.mark.invariant(84)
def test_every_form_is_made_from_what_was_seen(signed_in, office, case):
    for name, url in office.addresses().items():
        with case(name):
            page = signed_in.get(url)
            assert page.status_code == 200
            reader = _Forms()
            reader.feed(page.content.decode())
            forms = [form for form in reader.found if form["typed"]]
            assert forms
            new = {field for page_name, field in NEW if page_name == name}
            bare = [
                form["all"] for form in forms
                if not any(SEEN.search(field) for field in form["hidden"]) and not form["all"] & new
            ]  # fmt: skip
            assert bare == []


@pytest.mark.invariant(85)
def test_words_come_back_when_the_sign_in_has_ended(client, office, case):
    for name, url in office.addresses().items():
        with case(name):
            response = client.post(url, {"reason": WORDS, "password": "тайна моя", "seen_version": "3"})
            assert (response.status_code, text(response, "textarea")) == (403, WORDS)
            assert 'name="seen_version" value="3"' in response.content.decode()
            assert "тайна" not in response.content.decode()
            assert "no-store" in response.headers["Cache-Control"]
            assert client.session.keys() == set()


def test_a_post_without_words_leads_to_the_sign_in_as_before(client, office):
    response = client.post(office.addresses()["finding"], {"do": "accepted"})
    assert (response.status_code, response.url.split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.invariant(85)
@pytest.mark.parametrize(
    ("origin", "shown", "repeats"),
    [("http://testserver", True, True), ("https://evil.example", False, False), (None, True, False)],
)
def test_words_come_back_from_a_stale_page(office, case, origin, shown, repeats):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(office.person)
    headers = {"origin": origin} if origin else {}
    for name, url in office.addresses().items():
        with case(name):
            response = browser.post(url, {"reason": WORDS, "csrfmiddlewaretoken": "x" * 64}, headers=headers)
            assert (response.status_code, text(response, "h1")) == (403, "Страница устарела")
            assert texts(response, "textarea") == ([WORDS] if shown else [])
            assert ("Отправить ещё раз" in response.content.decode()) is repeats
            assert "x" * 64 not in response.content.decode()


def test_words_of_a_stale_page_are_sent_again(office):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(office.person)
    typed = {"do": "accepted", "seen_version": office.finding.row_version, "reason": WORDS}
    stale = browser.post(office.addresses()["finding"], typed, headers={"origin": "http://testserver"})
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', stale.content.decode()))
    browser.post(office.addresses()["finding"], carried, headers={"origin": "http://testserver"})
    office.finding.refresh_from_db()
    assert (office.finding.status, office.finding.settled_because) == ("accepted", WORDS)


def test_passwords_are_never_shown_again(client):
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/accounts/login/", {"login": "Иван Ильин", "password": "тайна моя"})
    assert (response.status_code, texts(response, "textarea")) == (403, [])
    assert "Иван" not in response.content.decode()


def test_words_of_one_person_are_not_said_by_another(signed_in, office):
    typed = {"do": "accepted", "seen_version": office.finding.row_version, "reason": WORDS}
    url = office.addresses()["finding"]
    response = signed_in.post(url, typed | {"kept_by": office.colleague.pk})
    office.finding.refresh_from_db()
    assert (response.status_code, texts(response, "textarea"), office.finding.status) == (409, [WORDS], "open")
    assert signed_in.post(url, typed | {"kept_by": office.person.pk}).status_code == 302


@pytest.mark.parametrize(("url", "status"), [("/office/proposals/999999/", 404), ("/office/cycles/1/close/", 404)])
def test_words_come_back_where_the_record_has_gone(signed_in, url, status):
    response = signed_in.post(url, {"do": "answer", "answer": WORDS})
    assert (response.status_code, texts(response, "textarea")) == (status, [WORDS])


def test_words_come_back_where_the_role_has_ended(signed_in, office):
    office.person.role_assignments.all().delete()
    response = signed_in.post(office.addresses()["proposal"], {"do": "answer", "answer": WORDS})
    assert (response.status_code, texts(response, "textarea")) == (403, [WORDS])


def test_the_next_page_tells_which_sending_was_taken(signed_in, office):
    url, mark = office.addresses()["proposal"], "a1b2c3d4e5f6"
    refused = {"do": "answer", "kept_mark": mark, "seen_version": office.proposal.row_version}
    assert signed_in.post(url, refused).status_code == 422
    assert TAKEN not in signed_in.session
    taken = {"do": "answer", "status": "accepted", "answer": WORDS, "seen_version": office.proposal.row_version}
    assert signed_in.post(url, taken | {"kept_mark": mark}).status_code == 302
    assert f'data-taken="{mark}"' in signed_in.get(url).content.decode()
    assert signed_in.post(url, taken | {"kept_mark": '"><script>'}).status_code in {302, 422}
    assert signed_in.session[TAKEN] == [mark]


def test_refusals_of_the_workshop_are_not_taken_for_success(signed_in, office):
    url = office.addresses()["admin:strategy"]
    assert signed_in.post(url, {"title": "", "kept_mark": "a1b2c3d4e5f6"}).status_code == 200
    assert TAKEN not in signed_in.session


def test_answer_of_the_second_head_is_shown_to_them(signed_in, office):
    """C012: whoever is slower keeps their words and sees what stands."""
    first = {"status": "accepted", "answer": "Первый ответ", "answered_at": timezone.now(), "row_version": 2}
    Proposal.objects.filter(pk=office.proposal.pk).update(**first)
    said = {"do": "answer", "status": "declined", "answer": WORDS, "seen_version": "1"}
    response = signed_in.post(office.addresses()["proposal"], said)
    page = response.content.decode()
    assert (response.status_code, WORDS in page, "Первый ответ" in page) == (422, True, True)


def test_token_of_a_renewed_sign_in_is_the_cookie_itself(office):
    """kept.js puts the cookie in the place of a stale token: the site takes it."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(office.person)
    request = RequestFactory().get("/")
    get_token(request)
    browser.cookies["csrftoken"] = request.META["CSRF_COOKIE"]
    typed = {"do": "accepted", "seen_version": office.finding.row_version, "reason": WORDS}
    answer = browser.post(office.addresses()["finding"], typed | {"csrfmiddlewaretoken": request.META["CSRF_COOKIE"]})
    assert answer.status_code == 302


def _form_of(page):
    """{field: what stands there} of the workshop's form, as a browser would send it."""
    lists = [one.formset for one in page.context["inline_admin_formsets"]]
    forms = [page.context["adminform"].form]
    forms += [form for rows in lists for form in [rows.management_form, *rows]]
    found = {bound.html_name: bound.value() for form in forms for bound in form}
    return {name: value for name, value in found.items() if value is not None and value is not False}


@pytest.mark.invariant(84)
def test_row_of_the_workshop_that_a_colleague_rewrote_is_not_put_back(signed_in, office):
    goal = factories.goal(office.strategy, text="Прежняя цель")
    url = office.addresses()["admin:strategy"]
    stale = _form_of(signed_in.get(url))
    goal.text = "Цель коллеги"
    goal.save()

    answer = signed_in.post(url, stale | {"mission": WORDS})
    assert answer.status_code == 302
    goal.refresh_from_db()
    office.strategy.refresh_from_db()
    assert (goal.text, office.strategy.mission) == ("Цель коллеги", WORDS)

    refused = signed_in.post(url, stale | {"goals-0-text": "Моя цель", "seen_version": office.strategy.row_version})
    goal.refresh_from_db()
    page = refused.content.decode()
    assert (refused.status_code, goal.text) == (200, "Цель коллеги")
    assert ("Моя цель" in page, "Цель коллеги" in page) == (True, True)


@pytest.mark.invariant(84)
def test_two_counts_of_votes_are_told_apart(signed_in, office):
    url, name = office.addresses()["session_hall"], f"hands-{office.priority.pk}"
    assert signed_in.post(url, {"do": "votes", name: "5", f"initial-{name}": ""}).status_code == 302
    late = signed_in.post(url, {"do": "votes", name: "7", f"initial-{name}": ""})
    told = "Пока вы считали, записали другое. Сейчас: 5. Сравните и запишите ещё раз."
    assert (late.status_code, late.context["votes_form"].errors) == (422, {name: [told]})
    assert PriorityVote.objects.get().count == 5
    assert signed_in.post(url, {"do": "votes", name: "7", f"initial-{name}": "5"}).status_code == 302


@pytest.mark.invariant(85)
def test_old_form_of_the_hall_with_other_words_is_another_line(signed_in, office):
    """C086: the same form sent twice is one line, other words in it are another."""
    url, key = office.addresses()["session_hall"], "6f6f2f5c-8f0a-4f5e-9d5a-111111111111"
    line = {"do": "line", "form_key": key, "speaker": "жители", "kind": "proposal"}
    for words in ("Мост", "Мост", "Набережная"):
        assert signed_in.post(url, line | {"text": words}).status_code == 302
    assert sorted(Proposal.objects.filter(session=office.hall).values_list("text", flat=True)) == ["Мост", "Набережная"]
