"""What a page says is so: things are counted and not papers, a figure of the whole needs everybody's word."""

import re

import pytest
from django.urls import reverse

from tests import factories
from tests.pages import text, texts


@pytest.fixture
def half_silent(town, editor):
    """A priority with two measures: one is done, of the other nothing was heard."""
    priority = factories.priority(factories.strategy(town))
    done, silent = (factories.measure(town) for _ in range(2))
    for measure in (done, silent):
        factories.link(priority, measure)
    factories.report(done, by=editor, status="published", reported_status="done", percent=100)
    factories.report(done, by=editor, status="published", reported_status="done", percent=100, period="q2")
    type(done).objects.filter(pk=done.pk).update(status="done", percent=100)
    return priority


def test_done_counts_things_and_says_how_many_of_all(client, town, half_silent):
    for page in ("/", town.get_absolute_url()):
        assert texts(client.get(page), "p", css="chain-row__big")[3] == "1 из 2", page
    assert "мер. Опубликовано 2 отчёта." in texts(client.get("/"), "p", css="chain-row__text")[3]


def test_figure_of_the_whole_needs_the_word_of_all(client, town, half_silent):
    pages = ["/", "/towns/", town.get_absolute_url(), half_silent.get_absolute_url()]

    shown = {page: text(client.get(page), "main") for page in pages}

    assert {page: re.findall(r"Готово[^.]*100 %", words) for page, words in shown.items()} == dict.fromkeys(pages, [])
    assert "По 1 мере из 2 готово 100 %" in shown[town.get_absolute_url()]
    assert "По 1 мере из 2 готово 100 %" in shown[half_silent.get_absolute_url()]


def test_figure_of_the_whole_is_said_when_all_have_reported(client, town, half_silent, editor):
    silent = half_silent.measure_links.get(measure__percent=None).measure
    factories.report(silent, by=editor, status="published", percent=50)
    type(silent).objects.filter(pk=silent.pk).update(status="in_progress", percent=50)

    assert "Готово в среднем 75 %" in text(client.get(half_silent.get_absolute_url()), "main")


def test_link_of_the_half_silent_is_drawn_half(client, half_silent):
    chain = client.get(half_silent.get_absolute_url()).context["chain"]

    assert (chain.percent, chain.reported, chain.measures, chain.filled) == (100, 1, 2, 50)


def test_map_says_done_of_what_is_done_only(client, town, half_silent):
    town.latitude, town.longitude = 53.1, 48.4
    town.save()

    labels = re.findall(r'aria-label="(Сызрань: [^"]*)"', client.get("/").content.decode())

    assert labels in ([], ["Сызрань: сделано 1 из 2"])


def test_method_page_and_headline_count_the_same(client, town, half_silent):
    page = client.get(reverse("strategies:priority_progress", args=[half_silent.pk]))

    assert page.status_code == 200
    assert len(page.context["progress"].counted) == 1
