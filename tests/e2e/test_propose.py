"""A resident proposes by phone, without script as well, and withdraws the name by the secret link."""

import datetime
import re

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from sessions import gate
from sessions.models import Proposal
from tests import factories
from tests.e2e.conftest import OF_COLOUR
from tests.sessions.proposing import WORDS, consent


@pytest.fixture
def session(town, monkeypatch):
    """An announced session of a town with two priorities and a text of consent; nobody is too quick."""
    monkeypatch.setattr(gate, "QUICKEST", 0)
    strategy = factories.strategy(town)
    for title in ("Благоустройство и удобная среда", "Экономика"):
        factories.priority(strategy, title=title)
    consent(town.region)
    soon = timezone.now() + datetime.timedelta(days=10)
    return factories.session(town, status="announced", starts_at=soon, title="Сессия о дворах", slug="dvory")


def test_resident_proposes_by_phone_and_withdraws_the_name(page, width, look, session):
    width(390)
    page.goto("/sessions/dvory/")
    page.get_by_role("link", name="Предложить", exact=True).click()
    page.get_by_label("Предложение").fill(WORDS)
    page.get_by_text("Экономика").click()
    page.get_by_label("Как к вам обращаться").fill("Анна")
    page.get_by_role("button", name="Отправить предложение").click()
    expect(page.locator(".field__error").first).to_be_visible()
    look("propose-no-consent", 390)

    page.get_by_label("Даю согласие").check()
    page.get_by_role("button", name="Отправить предложение").click()
    own = page.locator("a[href*='/proposals/mine/']")
    expect(own).to_be_visible()
    kept = Proposal.objects.get()
    expect(page.locator("h1")).to_have_text(kept.number)
    look("propose-done", 390)

    own.click()
    expect(page.get_by_role("button", name="Отозвать имя и почту")).to_be_visible()
    expect(page.locator("h1")).to_have_text(kept.number)
    look("mine", 390)
    page.get_by_role("button", name="Отозвать имя и почту").click()
    page.get_by_text("Имя и почта стёрты").wait_for()
    kept.refresh_from_db()
    assert (kept.text, kept.author_name, kept.priority.title) == (WORDS, "", "Экономика")
    assert page.context.cookies() == []


def test_form_fits_the_window_and_reads_well(page, look, axe, scheme, session):
    page.goto("/sessions/dvory/propose/")
    look("propose", 1280, 390, 320)
    scheme("dark")
    assert axe(page, OF_COLOUR) == []


def test_who_is_sent_away_keeps_the_words(page, look, session, monkeypatch):
    monkeypatch.setattr(settings, "PROPOSALS_PER_HOUR", 1)
    for heading in (re.compile(r"\d"), "Предложение ещё не отправлено"):
        page.goto("/sessions/dvory/propose/")
        page.get_by_label("Предложение").fill(WORDS)
        page.get_by_role("button", name="Отправить предложение").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)

    expect(page.locator("textarea")).to_have_value(WORDS)
    look("propose-sent-away", 1280)


def test_words_about_personal_data_are_readable(page, look, session):
    page.goto("/consent/")
    look("consent", 1280)
    page.goto("/about/#personal-data")
    look("about", 390)
