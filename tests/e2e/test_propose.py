"""A resident proposes by phone, without script as well, and withdraws the name by the secret link."""

import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from sessions.models import Proposal
from tests import factories
from tests.sessions.proposing import WORDS, consent


@pytest.fixture
def session(town):
    """An announced session of a town with two priorities and a text of consent."""
    strategy = factories.strategy(town)
    for title in ("Благоустройство и удобная среда", "Экономика"):
        factories.priority(strategy, title=title)
    consent(town.region)
    soon = timezone.now() + datetime.timedelta(days=10)
    return factories.session(town, status="announced", starts_at=soon, title="Сессия о дворах", slug="dvory")


def test_resident_proposes_by_phone_and_withdraws_the_name(page, width, axe, shot, session):
    width(390)
    page.goto("/sessions/dvory/")
    page.get_by_role("link", name="Предложить", exact=True).click()
    page.get_by_label("Предложение").fill(WORDS)
    page.get_by_text("Экономика").click()
    page.get_by_label("Как к вам обращаться").fill("Анна")
    page.wait_for_timeout(2000)
    page.get_by_role("button", name="Отправить предложение").click()
    assert axe(page) == []
    shot(page, "propose-390-no-consent")

    page.get_by_label("Даю согласие").check()
    page.get_by_role("button", name="Отправить предложение").click()
    number = page.locator("h1").inner_text()
    assert axe(page) == []
    shot(page, "propose-390-done")

    page.locator("a[href*='/proposals/mine/']").click()
    assert page.locator("h1").inner_text() == number
    assert axe(page) == []
    shot(page, "mine-390")
    page.get_by_role("button", name="Отозвать имя и почту").click()
    page.get_by_text("Имя и почта стёрты").wait_for()
    kept = Proposal.objects.get()
    assert (kept.number, kept.text, kept.author_name, kept.priority.title) == (number, WORDS, "", "Экономика")
    assert page.context.cookies() == []


@pytest.mark.parametrize("size", [320, 390, 1280])
def test_form_fits_the_window_and_reads_well(page, width, scheme, axe, shot, session, size):
    width(size)
    for colours in ("light", "dark"):
        page.goto("/sessions/dvory/propose/")
        scheme(colours)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size
    shot(page, f"propose-{size}")


def test_who_is_sent_away_keeps_the_words(page, axe, shot, session, monkeypatch):
    monkeypatch.setattr(settings, "PROPOSALS_PER_HOUR", 1)
    for _ in range(2):
        page.goto("/sessions/dvory/propose/")
        page.get_by_label("Предложение").fill(WORDS)
        page.wait_for_timeout(2000)
        page.get_by_role("button", name="Отправить предложение").click()

    assert page.locator("textarea").input_value() == WORDS
    assert axe(page) == []
    shot(page, "propose-sent-away")


def test_consent_is_readable(page, axe, shot, session):
    page.goto("/consent/")
    assert axe(page) == []
    shot(page, "consent")


def test_page_of_personal_data_reads_well_by_phone(page, width, axe, shot, session):
    width(390)
    page.goto("/about/#personal-data")
    assert axe(page) == []
    shot(page, "about-390")
