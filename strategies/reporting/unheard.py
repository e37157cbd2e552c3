"""Measures and priorities of a region of which nothing was heard for long, or for which nobody answers."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from strategies.priorities.models import Priority, Strategy
from strategies.programme.models.measure import Measure

from .freshness import freshness, heads_of, with_freshness


class Lack(models.TextChoices):
    """What is missing."""

    SILENT = "silent", _("давно нет сведений")
    OWNERLESS = "ownerless", _("никто не отвечает лично")


def unheard_rows(region, on, *, town=None, lack=""):
    """(model, record, last_word_on) of what lacks a word or a person, the longest silent first; one queryset of both.

    Args:
        region: whose measures and priorities.
        on: the date of the question.
        town: only of this town, with region-wide measures that name it.
        lack: only one of `Lack`; empty: either.
    """
    measures = Measure.objects.watched().filter(direction__programme__region=region)
    priorities = Priority.objects.public().filter(
        strategy__status__in=Strategy.LIVE, strategy__municipality__region=region
    )
    if town is not None:
        measures, priorities = measures.of_town(town), priorities.of_town(town)
    found = [
        _lacking(measures, measures, on, lack),
        _lacking(priorities, priorities.filter(pk__in=Priority.objects.watched().values("pk")), on, lack),
    ]
    rows = [
        records.with_silence(on)
        .annotate(model=Value(records.model._meta.model_name), record=F("pk"))
        .order_by()
        .values_list("model", "record", "last_word_on")
        for records in found
    ]
    return rows[0].union(rows[1], all=True).order_by("last_word_on", "model", "record")


def _lacking(records, watched, on, lack):
    chosen = Q(pk__in=[])
    if lack in {"", Lack.SILENT}:
        chosen |= Q(pk__in=watched.silent(on).values("pk"))
    if lack in {"", Lack.OWNERLESS}:
        chosen |= Q(pk__in=records.ownerless(on).values("pk"))
    return records.filter(chosen)


def unheard_records(rows, on):
    """The records of a page of `unheard_rows`, in their order; three queries.

    Each has `fresh`, `town` (None for a region-wide measure) and `is_watched`: whether reports are expected on it.
    """
    rows = list(rows)
    watched = Exists(Priority.objects.watched().filter(pk=OuterRef("pk")))
    records = {
        "measure": with_freshness(Measure.objects.all(), on)
        .select_related("direction__programme", "municipality", "owner")
        .annotate(is_watched=Value(True, output_field=models.BooleanField()))
        .in_bulk([record for model, record, _day in rows if model == "measure"]),
        "priority": with_freshness(Priority.objects.all(), on)
        .select_related("strategy__municipality", "owner")
        .annotate(is_watched=watched)
        .in_bulk([record for model, record, _day in rows if model == "priority"]),
    }
    found = [records[model][record] for model, record, _day in rows]
    heads = heads_of({one.territory[1] for one in found} - {None}, on)
    for one in found:
        one.fresh = freshness(one, on, heads)
        one.town = one.municipality if isinstance(one, Measure) else one.strategy.municipality
    return found
