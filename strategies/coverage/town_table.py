"""Priorities by measures of one town: which measure answers which priority, and what is empty."""

from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure

from .gaps import live_priorities, promised_measures
from .matrix import awaited_words

PRIORITIES_SHOWN = 100
MEASURES_SHOWN = 20


@dataclass
class TownTable:
    """Priorities and measures of one town.

    Attributes:
        priorities: each with `cells`, [(measure, the link or None)] in the order of the measures, and `is_empty`;
            a link has `is_agreed` and `awaited`, in words.
        measures: those that answer a priority first, then the loose ones; each with `is_loose` and `lacks`.
        measure_total: how many measures the town has; more than are shown.
        loose: the loose ones among all, by name.
    """

    priorities: list
    measures: list
    measure_total: int
    loose: list

    @property
    def empty(self):
        """Priorities that no measure answers."""
        return [priority for priority in self.priorities if priority.is_empty]


def town_table(region, town, on, *, sphere=None):
    """The `TownTable` of a town; three queries."""
    priorities = live_priorities(region).of_town(town)
    if sphere is not None:
        priorities = priorities.filter(sphere=sphere)
    priorities = list(
        priorities.select_related("strategy__municipality").order_by("strategy", "order", "pk")[:PRIORITIES_SHOWN]
    )
    links = {
        (link.priority_id, link.measure_id): link
        for link in PriorityMeasure.objects.counting().filter(priority__in=priorities).with_agreement()
    }
    for link in links.values():
        link.is_agreed = link.region_confirmed and link.town_confirmed
        link.awaited = awaited_words(link.region_confirmed, link.town_confirmed)
    linked = {measure for _priority, measure in links}
    measures = list(
        promised_measures(region)
        .filter(Q(pk__in=linked) | Q(pk__in=Measure.objects.of_town(town).values("pk")))
        .with_money_apart()
        .with_owner(on)
        .order_by(F("due").asc(nulls_last=True), "pk")
    )
    for measure in measures:
        measure.is_loose = measure.pk not in linked
        measure.lacks = _lacks(measure)
    measures.sort(key=lambda measure: measure.is_loose)
    shown = measures[:MEASURES_SHOWN]
    for priority in priorities:
        priority.cells = [(measure, links.get((priority.pk, measure.pk))) for measure in shown]
        priority.is_empty = not any(of == priority.pk for of, _measure in links)
    loose = [measure for measure in measures if measure.is_loose]
    return TownTable(priorities, shown, len(measures), loose)


def _lacks(measure):
    """What an open measure lacks, in words."""
    if measure.status not in Measure.OPEN:
        return []
    lacks = {
        _("денег"): measure.planned is None and measure.stated_total is None,
        _("срока"): measure.due_now is None,
        _("ответственного"): not measure.is_owned,
    }
    return [str(word) for word, is_so in lacks.items() if is_so]
