"""Findings live as long as their facts: again the same search changes nothing, mended is gone, come back is open."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import JournalEntry
from strategies.coverage.conflicts.keep import Searched, search_region
from strategies.models import Finding, Measure
from tests import factories
from tests.refusals import codes
from tests.strategies.coverage.planted import Planter


@pytest.fixture
def finding(town):
    """Two measures on one street, found."""
    direction = factories.direction(town.region)
    for title in ("Ремонт улицы Мира", "Ямочный ремонт ул. Мира"):
        factories.measure(town, title=title, direction=direction)
    search_region(town.region)
    return Finding.objects.get()


def mend(on=True):
    """Take the second measure from the street, or put it back."""
    Measure.objects.filter(pk=Measure.objects.order_by("-pk").values("pk")[:1]).update(
        title="Ямочный ремонт ул. Лесной" if on else "Ямочный ремонт ул. Мира"
    )


def searched(new=0, back=0, gone=0, total=0):
    return Searched(new, back, gone, total)


def status():
    return Finding.objects.values_list("status", "settled_because").get()


def test_search_again_changes_nothing(town, other_town):
    Planter(town, other_town).plant()

    assert search_region(town.region) == searched(new=12, total=12)
    before = list(Finding.objects.order_by("pk").values())
    assert search_region(town.region) == searched(total=12)
    assert list(Finding.objects.order_by("pk").values()) == before
    assert not JournalEntry.objects.filter(content_type__model="finding").exists()


def test_finding_keeps_the_records_it_is_about(town, other_town):
    Planter(town, other_town).plant()
    search_region(town.region)

    kinds = Finding.objects.order_by("kind", "pk")
    assert [(one.kind, one.measures.count(), one.priorities.count(), one.indicators.count()) for one in kinds] == [
        ("ends_before", 1, 1, 0), ("ends_before", 1, 1, 0), ("money_sum", 1, 0, 0), ("money_sum", 1, 0, 0),
        ("overpromised", 1, 0, 0), ("overpromised", 1, 0, 0),
        ("same_place", 2, 0, 0), ("same_place", 2, 0, 0), ("same_place", 2, 0, 0),
        ("two_figures", 0, 0, 2), ("two_figures", 0, 0, 2), ("two_figures", 1, 0, 0),
    ]  # fmt: skip


def test_finding_is_gone_when_mended_and_open_when_it_comes_back(finding, town):
    mend()
    assert search_region(town.region) == searched(gone=1)
    assert status() == ("gone", "")
    assert search_region(town.region) == searched()

    mend(on=False)
    assert search_region(town.region) == searched(back=1, total=1)
    assert status() == ("open", "")
    steps = JournalEntry.objects.about(finding).values_list("from_status", "to_status", "actor", "is_public")
    assert list(steps) == [("open", "gone", None, False), ("gone", "open", None, False)]


@pytest.mark.invariant(57)
@pytest.mark.parametrize("decision", ["accepted", "dismissed"])
def test_decision_stays_while_the_facts_stay(finding, town, region_editor, decision):
    finding.move_to(decision, by=region_editor, reason="Разные участки")

    assert search_region(town.region) == searched(total=1)
    assert status() == (decision, "Разные участки")
    # Another title is not another fact: the words follow, the decision stays.
    Measure.objects.filter(title="Ремонт улицы Мира").update(title="Капитальный ремонт улицы Мира")
    assert search_region(town.region) == searched(total=1)
    assert status() == (decision, "Разные участки")
    assert "Капитальный ремонт улицы Мира" in Finding.objects.get().text
    # Other facts are another finding.
    factories.measure(town, title="Тротуары на улице Мира")
    assert search_region(town.region) == searched(new=1, gone=1, total=1)
    assert list(Finding.objects.order_by("pk").values_list("status", flat=True)) == ["gone", "open"]


@pytest.mark.invariant(57)
def test_finding_is_not_settled_without_a_reason(finding, approver):
    for decision in ("accepted", "dismissed"):
        assert codes(finding.move_to, decision, by=approver, reason=" ") == ["reason_needed"]
    assert status() == ("open", "")


def test_command_searches_every_region_or_one(town, other_region, capsys):
    direction = factories.direction(town.region)
    for title in ("Ремонт улицы Мира", "Ямочный ремонт ул. Мира"):
        factories.measure(town, title=title, direction=direction)

    call_command("find_conflicts", "--region", "saratov-oblast")
    assert Finding.objects.count() == 0
    call_command("find_conflicts")
    call_command("find_conflicts", "--region", "samara-oblast")

    assert capsys.readouterr().out.splitlines() == [
        "Саратовская область: найдено 0, новых 0, вернулось 0, устранено 0.",
        "Самарская область: найдено 1, новых 1, вернулось 0, устранено 0.",
        "Саратовская область: найдено 0, новых 0, вернулось 0, устранено 0.",
        "Самарская область: найдено 1, новых 0, вернулось 0, устранено 0.",
    ]
    with pytest.raises(CommandError, match="Региона «mars» нет"):
        call_command("find_conflicts", "--region", "mars")
