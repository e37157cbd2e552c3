"""Words are credited with the measure they entered, and a measure with its own words: with nobody else's."""

import pytest
from django.utils import timezone

from sessions.models import Proposal
from sessions.outcomes import done_of, outcomes_of
from tests import factories
from tests.pages import text


@pytest.fixture
def square(town):
    """A priority with two measures, «Свет» and «Горка»; the words about lamps entered the first."""
    priority = factories.priority(factories.strategy(town, status="approved"), title="Дворы")
    light, slide = (factories.measure(town, title=title) for title in ("Свет", "Горка"))
    for measure in (light, slide):
        factories.link(priority, measure)
        factories.report(measure, status="published", text=f"Отчёт о мере {measure.title}")
    return priority, light, slide


def accepted(town, **fields):
    return factories.proposal(
        town, status="accepted", channel="site", answer="Включили.", answered_at=timezone.now(), **fields
    )


@pytest.mark.invariant(93)
def test_proposal_shows_the_measure_it_entered_and_leads_to_the_rest(client, town, square):
    priority, light, slide = square
    page = client.get(accepted(town, priority=priority, measure=light).get_absolute_url())

    path = text(page, "ol", css="spine")
    assert [title in path for title in ("Свет", "Горка")] == [True, False]
    assert [f"Отчёт о мере {title}" in path for title in ("Свет", "Горка")] == [True, False]
    assert "Другие меры этого приоритета: 1" in path
    # The answer is what its author looks for first.
    whole = text(page, "main")
    assert whole.index("Включили.") < whole.index("Записано")


@pytest.mark.invariant(93)
def test_measure_names_the_words_that_entered_it_and_not_those_of_another(client, town, square):
    priority, light, slide = square
    own, of_priority = accepted(town, priority=priority, measure=light), accepted(town, priority=priority)

    said = {measure: text(client.get(measure.get_absolute_url()), "section", id="said") for measure in (light, slide)}

    assert [own.number in said[light], own.number in said[slide]] == [True, False]
    assert [of_priority.number in said[light], of_priority.number in said[slide]] == [True, True]
    assert said[slide].count("учтено в приоритете «Дворы», мера не названа") == 1
    assert said[light].count("мера не названа") == 1


@pytest.mark.invariant(93)
@pytest.mark.parametrize(
    ("light_is", "slide_is", "expected"),
    [
        ("done", "planned", (1, 1)),
        ("planned", "done", (1, 0)),
        ("draft", "done", (1, 1)),
        ("cancelled", "done", (0, 0)),
    ],
)
def test_what_is_done_is_the_measure_that_the_words_entered(town, square, light_is, slide_is, expected):
    priority, light, slide = square
    for measure, status in ((light, light_is), (slide, slide_is)):
        percent = 100 if status == "done" else None
        type(measure).objects.filter(pk=measure.pk).update(status=status, percent=percent)
    accepted(town, priority=priority, measure=light)

    counted = outcomes_of(Proposal.objects.public(), timezone.localdate())

    assert (counted.in_measures, counted.done, done_of(Proposal.objects.public()).count()) == (*expected, expected[1])
