import datetime
import io
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from docx import Document

from exchange.papers.catalogue import our_form
from exchange.papers.visit import SAMPLE_VISIT, visit_words
from exchange.papers.word import fill
from municipalities.models import Municipality
from sessions.dashboard import dashboard_of
from sessions.models import Decision, Proposal
from strategies.models import Measure, ProgressReport
from tests import factories
from tests.pages import text

URL = "/office/towns/syzran/visit/"
LONG_AGO = datetime.date(2026, 9, 1)
SECRET = "Иванова Анна"


@pytest.fixture
def full(town, region):
    """A town with everything that the card says, and more of it than fits."""
    direction = factories.direction(region)
    for number in range(20):
        factories.measure(town, direction=direction, due=LONG_AGO, title=f"Мера {number}. " + "Очень длинно " * 20)
        factories.proposal(town, public_text=f"Скамейки {number}. " + "Очень нужно " * 40, text=SECRET)
    Proposal.objects.update(author_name=SECRET, consent_version="1", consented_at=timezone.now())
    shared = factories.measure(region, direction=direction, due=LONG_AGO, title="Дорога области")
    shared.towns.add(town)
    priority = factories.priority(factories.strategy(town))
    for number in range(6):
        link = factories.link(priority, factories.measure(town, direction=direction, title=f"Обещанное {number}"))
        factories.commitment(link, "region")
    session = factories.session(
        town, status="outcome", outcome="Итоги", minutes=factories.document(town, kind="minutes")
    )
    factories.make(Decision, session=session, number=1, text="Починить мост", due=LONG_AGO, responsible="Министерство")
    report = factories.report(link.measure, period="q3", problems="Не хватает сварщиков")
    ProgressReport.objects.filter(pk=report.pk).update(status="published", published_at=timezone.now())
    return town


def card(town):
    """The words of the card, as the page reads them."""
    return visit_words(Municipality.objects.with_people().with_region().get(pk=town.pk), timezone.localdate())


def test_card_says_what_both_sides_promised_and_are_late_with(full):
    words = card(full)
    assert words.keys() == SAMPLE_VISIT.keys()
    assert [row["value"] for row in words["figures"]] == ["0 из 26", "0 из 1", "20 и 1"]
    assert ([row["what"] for row in words["late_region"]], words["late_region_more"]) == (
        ["Мера просрочена: Дорога области"], "",
    )  # fmt: skip
    assert (len(words["late_town"]), words["late_town_more"]) == (5, "ещё 15")
    assert words["promises"][0] == {
        "what": "Починить мост", "who": "Министерство", "when": "1 сентября 2026 года", "state": "просрочено",
        "given": "сессия 22 июня 2018 года",
    }  # fmt: skip
    assert [row["what"] for row in words["promises"][1:5]] == [f"Обещанное {number}" for number in range(4)]
    assert [row["text"] for row in words["asks"]] == ["Не хватает сварщиков"]


@pytest.mark.invariant(59)
def test_card_never_names_authors_and_shows_only_public_words(full):
    factories.proposal(full, public_text="", text="Не показывать", said_on="2026-11-01")
    hidden = factories.proposal(full, public_text="Скрытое", said_on="2026-11-01")
    Proposal.objects.filter(pk=hidden.pk).update(status="hidden")
    said = str(card(full))
    for never in (SECRET, "Не показывать", "Скрытое"):
        assert never not in said
    assert "Скамейки" in said


def test_card_tells_when_a_promise_was_given_and_what_was_promised_first(town, region):
    direction = factories.direction(region)
    moved = factories.measure(town, direction=direction, title="Мост", due=LONG_AGO, status="postponed",
                              postponed_to=datetime.date(2027, 3, 1), is_sample=True)  # fmt: skip
    link = factories.link(factories.priority(factories.strategy(town)), moved)
    factories.commitment(link, "region", days=10, amount=Decimal("1250.00"))
    factories.commitment(link, "town", days=10, amount=Decimal("0.01"), kind="cofund")
    given = timezone.localdate() - datetime.timedelta(days=10)
    said = [(row["what"], row["when"], row["given"]) for row in card(town)["promises"]]
    assert said == [
        ("Мост", "к 2027 году", f"слово дано {date_format(given, 'j E Y')} года"),
        ("Мост", "к 2027 году", f"слово дано {date_format(given, 'j E Y')} года"),
        ("Мост (пример)", "1 марта 2027 года", "обещано в 2026 году; сначала обещали к 1 сентября 2026 года"),
    ]

    told = [row["state"].replace("\u00a0", " ") for row in card(town)["promises"]]
    assert told[:2] == ["финансируем 1,3 млн рублей", "софинансируем 0,01 тыс. рублей"]


def test_card_counts_what_the_dashboard_and_the_pages_of_lateness_count(client, full, other_town, region):
    """The three figures are those of the pages, whatever there is elsewhere in the region."""
    grown = factories.strategy(other_town)
    factories.priority(grown)
    factories.measure(other_town, direction=factories.direction(region), due=LONG_AGO)
    factories.measure(region, direction=factories.direction(region), due=LONG_AGO)
    state = dashboard_of(region, timezone.localdate()).towns[full.pk]
    late = [
        client.get("/programme/late/", {"side": side, "town": full.slug}).context["late"].total
        for side in ("town", "region")
    ]
    done = Measure.objects.filter(municipality=full, status="done").count()
    words = card(full)
    assert [row["value"] for row in words["figures"]] == [
        f"{done} из {state.measures}", f"{state.bare} из {state.priorities}", f"{late[0]} и {late[1]}",
    ] == ["0 из 26", "0 из 1", "20 и 1"]  # fmt: skip
    word = Document(io.BytesIO(fill(our_form("visit"), words)))
    said = [one.text for one in word.paragraphs]
    assert [line for line in said if " — " in line and line.startswith("• ")][:3] == [
        f"• {row['value']} — {row['label']}" for row in words["figures"]
    ]


def test_card_of_an_empty_town_says_what_is_not_found(town):
    words = card(town)
    assert words["head"] == "глава города: не найдено"
    assert [row["value"] for row in words["figures"]] == ["мер нет", "не найдено", "0 и 0"]
    assert [words[name] for name in ("late_town", "late_region", "promises", "words", "asks")] == [[]] * 5


@pytest.mark.invariant(59)
def test_card_in_word_says_the_same_as_the_page(client, wg_member, full):
    client.force_login(wg_member)
    page = text(client.get(URL), "article", css="visit")
    answer = client.get(URL + "?format=docx")
    paper = " ".join(" ".join(one.text for one in Document(io.BytesIO(answer.content)).paragraphs).split())
    assert answer.headers["Cache-Control"] == "private, no-store"
    words = card(full)
    for name in ("late_town", "late_region", "promises", "words", "asks", "figures"):
        for row in words[name]:
            for said in filter(None, row.values()):
                said = said.replace("\u00a0", " ")
                assert said in page
                assert said in paper


def test_card_in_word_is_filled_without_empty_marks():
    paper = Document(io.BytesIO(fill(our_form("visit"), SAMPLE_VISIT)))
    said = [one.text for one in paper.paragraphs]
    assert "Город: карточка поездки" in said
    assert [one for one in said if "{" in one or not one.strip()] == []


def test_card_is_for_the_region_and_the_head_of_the_town(client, full, head, outsider, other_approver):
    for person, code in ((head, 200), (outsider, 404), (other_approver, 404)):
        client.force_login(person)
        assert client.get(URL).status_code == code
        assert client.get(URL + "?format=docx").status_code == code


@pytest.mark.parametrize("rows", [1, 3])
def test_card_costs_the_same_with_any_number_of_rows(django_assert_max_num_queries, town, region, rows):
    direction = factories.direction(region)
    for _number in range(rows):
        factories.measure(town, direction=direction, due=LONG_AGO)
        factories.proposal(town)
        factories.priority(factories.strategy(town))
    with django_assert_max_num_queries(32):
        card(town)
