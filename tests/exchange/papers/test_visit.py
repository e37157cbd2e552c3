import datetime
import io

import pytest
from django.utils import timezone
from docx import Document

from exchange.papers.made import our_form
from exchange.papers.visit import SAMPLE_VISIT, visit_words
from exchange.papers.word import fill
from municipalities.models import Municipality
from sessions.models import Decision, Proposal
from strategies.models import ProgressReport
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
    assert ([row["what"] for row in words["late_region"]], words["late_region_more"]) == (["Дорога области"], "")
    assert (len(words["late_town"]), words["late_town_more"]) == (5, "ещё 15")
    assert words["promises"][0] == {
        "what": "Починить мост", "who": "Министерство", "when": "1 сентября 2026 года", "state": "просрочено",
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


@pytest.mark.parametrize("rows", [1, 30])
def test_card_costs_the_same_with_any_number_of_rows(django_assert_max_num_queries, town, region, rows):
    direction = factories.direction(region)
    for _number in range(rows):
        factories.measure(town, direction=direction, due=LONG_AGO)
        factories.proposal(town)
        factories.priority(factories.strategy(town))
    with django_assert_max_num_queries(32):
        card(town)
