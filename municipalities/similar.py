"""Towns like a given one: by size, economy and distance, with the reasons in words. Nobody is ranked by success.

A town is unlike another by 0 (the same) to 1: a weighted mean of single differences (`WEIGHTS`). What is not known
makes nobody alike: it counts as a full difference. A town more than four times as large, or whose people are not
counted, is never alike.
"""

import math
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# size: how many times as large; economy: one industry or not; near: kilometres; figures: the same indicators; kind.
WEIGHTS = {"size": 4, "economy": 2, "near": 2, "figures": 1, "kind": 1}
TIMES = 4
FAR_KM = 500
EARTH_KM = 6371.0


@dataclass(frozen=True)
class Likeness:
    """How a town is like another one.

    Attributes:
        town: the other town.
        unlike: 0 is the same, 1 is wholly different.
        km: kilometres between them along the great circle; None where a place is not known.
        reasons: why they are alike, in words.
    """

    town: object
    unlike: float
    km: int | None
    reasons: tuple = field(default=())

    @property
    def words(self):
        """The reasons, a sentence each."""
        return " ".join(str(reason) for reason in self.reasons)


def similar_to(town, others, figures=None, limit=3):
    """[`Likeness`, …] of the towns most like a given one, the most alike first; empty where its people are not counted.

    Args:
        town, others: with `people` (see `with_people`).
        figures: {town id: {(name of an indicator, unit): latest value}}.
        limit: how many.
    """
    if not town.people:
        return []
    figures = figures or {}
    found = [
        _likeness(town, other, figures)
        for other in others
        if other.pk != town.pk and other.people and _times(town, other) <= TIMES
    ]
    return sorted(found, key=lambda one: (one.unlike, one.town.name_sort, one.town.pk))[:limit]


def distance_km(one, other):
    """Kilometres between two towns along the great circle (haversine); None where a place is not known."""
    if None in {one.latitude, other.latitude}:
        return None
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(float(one.longitude) - float(other.longitude))
    half = math.sin((a - b) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return round(2 * EARTH_KM * math.asin(math.sqrt(half)))


def _times(one, other):
    """How many times the larger town is as large as the smaller one."""
    return max(one.people, other.people) / min(one.people, other.people)


def _likeness(town, other, figures):
    km = distance_km(town, other)
    shared = _shared(figures.get(town.pk, {}), figures.get(other.pk, {}))
    differences = {
        "size": math.log(_times(town, other)) / math.log(TIMES),
        "economy": 0 if town.is_monotown is not None and town.is_monotown == other.is_monotown else 1,
        "near": 1 if km is None else min(km, FAR_KM) / FAR_KM,
        "figures": sum(shared.values()) / len(shared) if shared else 1,
        "kind": 0 if town.kind == other.kind else 1,
    }
    unlike = sum(WEIGHTS[name] * value for name, value in differences.items()) / sum(WEIGHTS.values())
    return Likeness(other, round(unlike, 4), km, tuple(_reasons(town, other, km, shared)))


def _shared(one, other):
    """{(name, unit): difference 0–1} of the indicators that both towns have."""
    both = {key: (Decimal(one[key]), Decimal(other[key])) for key in one if key in other}
    return {key: float(min(abs(a - b) / max(abs(a), abs(b)), 1)) if a or b else 0.0 for key, (a, b) in both.items()}


def _reasons(town, other, km, shared):
    if town.kind == other.kind:
        yield _("Тоже %(kind)s.") % {"kind": town.get_kind_display()}
    people = {"one": _thousands(town), "other": _thousands(other)}
    yield ngettext(
        "Жителей %(other)s тысяча, здесь %(one)s.", "Жителей %(other)s тысяч, здесь %(one)s.", people["other"]
    ) % people  # fmt: skip
    if town.is_monotown and other.is_monotown:
        yield _("Оба моногорода.")
    elif town.is_monotown is False and other.is_monotown is False:
        yield _("Оба не моногорода.")
    elif None not in {town.is_monotown, other.is_monotown}:
        yield _("Один моногород, другой нет.")
    if km is None:
        yield _("Расстояние не найдено.")
    else:
        yield ngettext("До него %(km)s километр.", "До него %(km)s километров.", km) % {"km": km}
    close = [name for (name, _unit), difference in shared.items() if difference <= 0.1]
    if close:
        yield _("Близки показатели: %(names)s.") % {"names": ", ".join(close[:3])}


def _thousands(town):
    return max(round(town.people / 1000), 1)
