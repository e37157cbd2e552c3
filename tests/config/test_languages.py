"""Two languages of the interface: English pages say nothing in Russian of their own, Russian ones count rightly."""

import datetime
import re

import pytest
from django.utils import timezone, translation
from django.utils.translation import ngettext
from model_bakery import baker

from accounts.models import JournalEntry
from config.templatetags import site
from municipalities.models import Head, Municipality, Population, Region
from sessions.models import DateChange, Practice, Section
from strategies.models import DueChange, Funding, Indicator, IndicatorValue, Milestone, Strategy
from tests import factories
from tests.conftest import person
from tests.pages import text, texts

LATER = datetime.timedelta(days=30)


@pytest.fixture
def syzran(db):
    """A town with every kind of record, all of it written in Latin letters."""
    region = baker.make(
        Region,
        name="Samara Oblast",
        slug="samara-oblast",
        oktmo="36000000",
        is_active=True,
        joined_on=datetime.date(2018, 8, 14),
    )
    town = baker.make(
        Municipality, region=region, name="Syzran", slug="syzran", kind="urban_okrug", oktmo="36735000",
        in_programme=True, is_monotown=True, is_sample=True, founded_year=1683, town_since_year=1796, area_km2="117.0",
        sources="https://example.org/town; https://example.com/town",
    )  # fmt: skip
    baker.make(Municipality, region=region, name="Abaza", slug="abaza", kind="town", is_reference=True)
    baker.make(Head, municipality=town, name="A. Head", post="Head of Syzran", since="2021-08", until="2026-01-15")
    baker.make(Head, municipality=town, name="B. Head", post="Acting head", since="2026", order=1)
    for year in (2010, 2021):
        baker.make(Population, municipality=town, year=year, people=165_725, basis="census")
    return town


@pytest.fixture
def plans(syzran):
    """The chain of the town: two strategies, a priority, measures in every state, indicators, a published report."""
    paper = factories.document(
        syzran, title="Decision of the Duma", adopted_by="Duma of Syzran", file_sha256="", is_sample=True
    )
    strategy = factories.make(
        Strategy, municipality=syzran, title="Strategy", year_from=2018, year_to=2030, status="approved", act=paper,
        act_number="432", act_date=datetime.date(2019, 2, 21), adopted_by="Duma of Syzran", mission="Mission",
    )  # fmt: skip
    factories.strategy(
        syzran, kind="plan", title="Plan", year_from=None, discussion_from=datetime.date(2026, 1, 1),
        discussion_to=datetime.date(2026, 2, 1),
    )  # fmt: skip
    goal = factories.goal(strategy, text="Goal")
    priority = factories.priority(strategy, title="Embankment", goal=goal)
    factories.priority(strategy, title="Lonely")
    programme = factories.programme(syzran.region, title="Programme")
    direction = factories.direction(syzran.region, programme=programme, title="Streets")
    other = factories.programme(syzran.region, title="Contest", kind="federal", status="prepared")
    measures = {
        "late": factories.measure(
            syzran, title="Bridge", direction=direction, responsible="Ministry", status="in_progress",
            due=datetime.date(2026, 3, 1), co_executors="Town", expected_result="A bridge", is_flagship=True,
        ),
        "bare": factories.measure(
            syzran, title="Square", responsible="", start=None, due=None,
            direction=factories.direction(syzran.region, programme=other, title="Parks"),
        ),
        "done": factories.measure(
            syzran, title="Garden", direction=direction, responsible="Ministry", status="done", percent=100
        ),
        "wide": factories.measure(syzran.region, title="Grants", direction=direction, responsible="Ministry"),
    }  # fmt: skip
    factories.link(priority, measures["late"])
    factories.link(priority, measures["bare"])
    factories.make(Funding, measure=measures["late"], year=2026, source="federal", planned=1_107_100, spent=50_000)
    factories.make(Milestone, measure=measures["late"], title="Project", due=datetime.date(2026, 2, 1))
    factories.make(Milestone, measure=measures["wide"], title="Call", due=datetime.date(2027, 2, 1))
    factories.make(
        DueChange, measure=measures["late"], old_due=datetime.date(2026, 2, 1), new_due=datetime.date(2026, 3, 1),
        reason="Rain", decided_on=datetime.date(2026, 1, 20),
    )  # fmt: skip
    indicator = factories.make(Indicator, priority=priority, name="Length", unit="km", base_year=2018, base_value=1)
    for year, actual in ((2024, "4.5"), (2025, 5)):
        factories.make(
            IndicatorValue, indicator=indicator, year=year, target=5, actual=actual, is_preliminary=True,
            deviation_reason="Rain",
        )  # fmt: skip
    factories.make(Indicator, municipality=syzran, name="Roads", unit="%")
    return {"paper": paper, "priority": priority, "programme": programme, **measures}


@pytest.fixture
def talks(syzran, plans):
    """Sessions held, ahead, cancelled and undated, with proposals in every public state."""
    held = factories.session(
        syzran, title="Session", number_in_series=2, place="Palace", summary="Short", agenda="Opening",
        participants="Residents",
    )  # fmt: skip
    held.priorities.add(plans["priority"])
    section = factories.make(Section, session=held, title="Roads")
    factories.make(Practice, session=held, region_name="Tatarstan")
    factories.make(
        DateChange, session=held, old_starts_at=timezone.now() - 2 * LATER, new_starts_at=held.starts_at, reason="Rain"
    )
    ahead = factories.session(
        syzran, title="Next", status="announced", starts_at=timezone.now() + LATER,
        proposals_until=(timezone.now() + LATER).date(),
    )  # fmt: skip
    factories.session(syzran.region, title="Forum", status="cancelled", host=syzran)
    factories.session(syzran.region, title="Undated", starts_at=None)
    for number, status in enumerate(("new", "on_review", "accepted", "partly", "declined", "redirected")):
        answer = {"answer": "Yes", "answered_at": timezone.now()} if number > 1 else {}
        factories.proposal(
            syzran, number=f"P-{number}", text="Build", public_text="Build", session=held, section=section,
            priority=plans["priority"], status=status, said_on="2018-06", **answer,
        )  # fmt: skip
    return {"held": held, "ahead": ahead}


@pytest.fixture
def reported(syzran, plans, talks):
    """A report of the head, published by the region: the journal speaks on three pages."""
    head = person("head", "municipal_head", municipality=syzran)
    approver = person("approver", "region_approver", region=syzran.region)
    report = factories.report(
        plans["late"], text="Half", percent=50, problems="Rain", next_steps="Paint", sources="https://example.org/r"
    )
    report.move_to("submitted", by=head)
    report.move_to("published", by=approver)
    plans["programme"].move_to("completed", by=approver, reason="Over")
    return plans | talks


PAGES = [
    "/en/", "/en/towns/", "/en/towns/?q=nothing", "/en/towns/?size=giant", "/en/towns/syzran/", "/en/towns/abaza/",
    "/en/towns/syzran/strategy/", "/en/towns/abaza/strategy/", "/en/priorities/{priority}/", "/en/programme/",
    "/en/programme/?reported=yes", "/en/programme/?q=nothing", "/en/programme/?year=soon", "/en/measures/{late}/",
    "/en/measures/{bare}/", "/en/measures/{done}/", "/en/measures/{wide}/", "/en/sessions/", "/en/sessions/?q=nothing",
    "/en/sessions/{held}/", "/en/sessions/{ahead}/", "/en/documents/", "/en/documents/?year=soon",
    "/en/documents/{paper}/", "/en/about/", "/en/reading/", "/en/nowhere/", "/en/accounts/login/",
    "/en/accounts/password/reset/", "/en/accounts/signup/",
]  # fmt: skip


def russian_words(response):
    """Russian letters of a page but for the switch to Russian, each with what stands around it."""
    page = response.content.decode().replace('lang="ru">Русский</a>', "")
    return [match.group().strip() for match in re.finditer(r"[^\n<>]*[А-Яа-яЁё][^\n<>]*", page)]


def test_english_page_says_nothing_in_russian(client, reported, case):
    keys = {name: getattr(record, "slug", record.pk) for name, record in reported.items()}

    for page in PAGES:
        with case(page):
            response = client.get(page.format(**keys))
            assert response.status_code == (404 if "nowhere" in page else 200)
            assert russian_words(response) == []


def test_empty_english_page_says_nothing_in_russian(client, case):
    for page in ("", "towns/", "programme/", "programme/?reported=yes", "sessions/", "documents/"):
        with case(page):
            response = client.get(f"/en/{page}")
            assert response.status_code == 200
            assert russian_words(response) == []


def test_failed_sign_in_is_told_in_english(client, db):
    response = client.post("/en/accounts/login/", {"login": "nobody", "password": "wrong"})

    assert russian_words(response) == []
    assert texts(response, "div", css="note--bad") == [
        "The name or the password is wrong. Check the keyboard layout and Caps Lock."
    ]


@pytest.mark.parametrize(
    ("page", "language", "other", "other_page"),
    [
        ("/towns/syzran/", "ru", "en", "/en/towns/syzran/"),
        ("/en/towns/syzran/", "en", "ru", "/towns/syzran/"),
        ("/", "ru", "en", "/en/"),
        ("/en/", "en", "ru", "/"),
        ("/towns/?q=syz", "ru", "en", "/en/towns/?q=syz"),
        ("/en/towns/?q=syz", "en", "ru", "/towns/?q=syz"),
    ],
)
def test_page_names_its_language_and_leads_to_itself_in_the_other(client, town, page, language, other, other_page):
    response = client.get(page)

    markup = response.content.decode()
    bare, other_bare = page.split("?")[0], other_page.split("?")[0]
    name = {"en": "English", "ru": "Русский"}[other]
    assert response.headers["Content-Language"] == language
    assert re.findall(r'<html lang="(\w+)"', markup) == [language]
    assert set(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', markup)) == {
        (language, f"http://testserver{bare}"),
        (other, f"http://testserver{other_bare}"),
    }
    assert re.findall(rf'<a href="([^"]+)" hreflang="{other}" lang="{other}">{name}</a>', markup) == [other_page]
    assert client.get(other_page).status_code == 200


def test_english_title_carries_the_name_of_the_site(client, town):
    titles = [
        re.findall("<title>(.*)</title>", client.get(page).content.decode()) for page in ("/about/", "/en/about/")
    ]

    assert titles == [
        ["О сайте — Малые города — большие возможности"],
        ["About the site — Small towns — big opportunities"],
    ]


@pytest.mark.parametrize(
    ("count", "heading", "english"),
    [
        (1, "Найден 1 город", "1 town found"),
        (2, "Найдено 2 города", "2 towns found"),
        (5, "Найдено 5 городов", "5 towns found"),
        (11, "Найдено 11 городов", "11 towns found"),
        (21, "Найден 21 город", "21 towns found"),
    ],
)
def test_page_counts_by_the_rules_of_its_language(client, region, count, heading, english):
    for number in range(count):
        baker.make(Municipality, region=region, name=f"Город {number}", slug=f"town-{number}", kind="town")

    assert text(client.get("/towns/"), "h2", id="h-list") == heading
    assert text(client.get("/en/towns/"), "h2", id="h-list") == english


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "По 1 мере обещано 9 млн рублей."),
        (2, "По 2 мерам обещано 9 млн рублей."),
        (5, "По 5 мерам обещано 9 млн рублей."),
        (11, "По 11 мерам обещано 9 млн рублей."),
        (21, "По 21 мере обещано 9 млн рублей."),
    ],
)
def test_sentence_puts_the_counted_noun_in_its_case(count, expected):
    sentence = ngettext(
        "По %(n)s мере обещано %(sum)s млн рублей.", "По %(n)s мерам обещано %(sum)s млн рублей.", count
    )

    assert sentence % {"n": count, "sum": 9} == expected


@pytest.mark.parametrize(
    ("tag", "value", "russian", "english"),
    [
        (site.day, datetime.date(2018, 8, 14), "14 августа 2018 года", "14 August 2018"),
        (site.day_short, datetime.date(2018, 8, 14), "14 августа 2018", "14 August 2018"),
        (site.day, None, "дата не найдена", "date not found"),
        (site.partial_date, "2018", "2018 год", "2018"),
        (site.partial_date, "2018-06", "июнь 2018 года", "June 2018"),
        (site.partial_date_short, "2018-06", "июнь 2018", "June 2018"),
        (site.since_date, "2021-08", "августа 2021 года", "August 2021"),
        (site.weekday, datetime.datetime(2018, 8, 13, 21, tzinfo=datetime.UTC), "вторник", "Tuesday"),
        (site.days_late, 21, "на 21 день", "by 21 days"),
        (site.days_late, 2, "на 2 дня", "by 2 days"),
        (site.number, 165_725, "165 725", "165,725"),
        (site.number, 4.5, "4,5", "4.5"),
        (site.millions, 5_107_100, "5 107,1", "5,107.1"),
        (site.percent, -33, "−33 %", "−33%"),
    ],
)
def test_dates_and_figures_follow_the_language(tag, value, russian, english):
    said = []
    for language in ("ru", "en"):
        with translation.override(language):
            said.append(tag(value).replace("\u00a0", " "))

    assert said == [russian, english]


def test_journal_is_kept_in_russian_and_read_in_the_language_of_the_page(client, town, approver):
    priority = factories.priority(factories.strategy(town, status="approved"), status="draft")
    with translation.override("en"):
        priority.move_to("published", by=approver)

    entry = JournalEntry.objects.get()
    history = [text(client.get(f"{page}priorities/{priority.pk}/"), "section", id="history") for page in ("/", "/en/")]

    assert (entry.from_label, entry.to_label, entry.record_url) == (
        "черновик", "опубликован", f"/priorities/{priority.pk}/",
    )  # fmt: skip
    assert [line.split(" Кто: ")[0].split(" Who: ")[0].split(" 20")[1][3:] for line in history] == [
        "Черновик → опубликован",
        "Draft → published",
    ]


def test_change_on_the_home_page_leads_to_a_page_of_the_same_language(client, town, approver):
    priority = factories.priority(factories.strategy(town), status="draft")
    priority.move_to("published", by=approver)

    markup = client.get("/en/").content.decode()

    assert re.findall(r'href="([^"]*/priorities/\d+/)"', markup) == [f"/en/priorities/{priority.pk}/"]
