"""The demo region claims only what its sources say: heads, years of promises, what a session gathered."""

import csv
import datetime
from pathlib import Path

import pytest

from config.templatetags.town_words import head_words
from exchange.region_box.loading import load_region
from municipalities.models import Head, Municipality
from sessions.models import Session
from strategies.models import Measure, PriorityMeasure
from tests.pages import text

pytestmark = pytest.mark.slow

SAMARA = Path(__file__).parents[2] / "demo" / "samara"
CHECKED = datetime.date(2026, 11, 30)
REGIONAL = "regional-5-malye-goroda"
HEADS = {
    "zhigulevsk": "глава городского округа Алексей Иванов (с 15 октября 2025 года)",
    "kinel": "кто глава сейчас, не найдено; в источниках без дат — Александр Прокудин",
    "novokuybyshevsk": "временно исполняющий обязанности главы городского округа "
    "Максим Девятов (с 13 октября 2025 года)",
    "oktyabrsk": "глава городского округа Владимир Ревин (с 24 февраля 2026 года)",
    "otradny": "глава городского округа Георгий Выводцев (с 15 января 2026 года)",
    "pokhvistnevo": "кто глава сейчас, не найдено; в источниках без дат — Сергей Попов",
    "syzran": "исполняющий обязанности главы, затем глава городского округа "
    "Сергей Володченков (с 15 августа 2024 года)",
    "chapaevsk": "глава городского округа Александр Краснов (с 22 января 2026 года)",
    "tolyatti": "глава городского округа Илья Сухих (с 18 марта 2025 года)",
}


def gathered_by_the_file():
    """Codes of the sessions that the regional one gathered, read without the code under test."""
    with (SAMARA / "sessions.csv").open(encoding="utf-8", newline="") as file:
        return {row["slug"] for row in csv.DictReader(file) if row["gathered_in"] == REGIONAL}


def test_demo_region_claims_only_what_its_sources_say(db, client, case):
    load_region(SAMARA)

    with case("nobody heads a town after the end of the term"):
        towns = Municipality.objects.filter(heads__isnull=False).distinct()
        told = {town.slug: head_words(town.heads.all()[0], CHECKED).replace("\xa0", " ") for town in towns}
        assert told == HEADS
        gone = [head for head in Head.objects.select_related("municipality") if head.is_over(CHECKED)]
        assert [head for head in gone if told[head.municipality.slug].startswith(f"{head.post} {head.name}")] == []
        assert len(gone) > 10

    with case("every promise has a date or a year, or says that the year was not found; titles do not repeat"):
        without = Measure.objects.filter(due=None, promised_year=None)
        assert [one.code for one in without if "Год обещания не найден" not in one.note] == []
        titles = list(Measure.objects.values_list("title", flat=True))
        assert len(set(titles)) == len(titles) > 20

    with case("the regional session gathers what the column says, and its theme stands in full"):
        session = Session.objects.get(slug=REGIONAL)
        assert {one.slug for one in session.gathered.all()} == gathered_by_the_file() != set()
        page = client.get(session.get_absolute_url())
        assert text(page, "section", id="gathered").count("2018") == 2
        theme = "О роли «нестоличных» городов в современной России и лучших практиках городского развития"
        assert theme in text(page, "section", id="sections")

    with case("selections, stages and prizes are words of their programmes, seen by everybody"):
        told = text(client.get("/programme/"), "section", id="support")
        for words in (
            "77 проектов из 240",
            "137,63 млн руб.",
            "заявки — до 20 мая",
            "1-е место — эскиз парка «Победа»",
        ):
            assert words in told

    with case("what only the compiler links is linked by words and in no total"):
        assert not PriorityMeasure.objects.exists()
        guessed = Measure.objects.filter(note__contains="связал составитель, источника нет")
        assert set(guessed.values_list("code", flat=True)) == {"KG-2025-syzran", "TUR-1", "TOR-1"}
