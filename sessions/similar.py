"""Proposals that say the same: of one place and one theme, whatever their words; for the office only.

What nobody has moderated yet counts by the author's own words: those who merge are the same people who read them.
"""

import enum
import functools
import math
from dataclasses import dataclass

from django.db.models import Case, Count, FloatField, Q, Value, When

from municipalities.search import keys, matching, stems
from sessions.models import Proposal
from strategies.coverage.conflicts.places import kind_of, read_work

WORDS, LEAST_LETTERS, SHOWN, LEAST_SHARE = 10, 3, 5, 0.34
NEAREST, NEWEST, READ = 100, 200, 400  # rows compared by words; rows compared without; letters read of each
# What residents name places by beside streets and squares; roots of stems.
LANDMARKS = (
    "вокза", "рынок", "рынк", "поликлин", "больниц", "роддом", "аптек", "магазин", "пляж", "берег", "остановк",
    "кладбищ", "храм", "церк", "музе", "библиотек", "почт", "двор", "завод", "фабрик", "бассейн",
)  # fmt: skip
# A street without its name is no place; of these a town has many, so that the bare word does not say which.
NAMELESS = {"улица", "переулок", "проспект", "проезд", "бульвар", "шоссе", "микрорайон"}
MANY = {"школа", "детский сад", "двор", "магазин", "аптек", "остановк"}


class Where(enum.IntEnum):
    """Whether two texts speak of one place."""

    OTHER = 0
    UNKNOWN = 1
    SAME = 2


@dataclass(frozen=True)
class Likeness:
    """Why a proposal is offered: the place, whether the theme and the session are one, how many words are shared."""

    where: Where
    is_one_theme: bool
    is_one_session: bool
    is_one_section: bool
    is_one_sphere: bool
    share: float

    @property
    def is_offered(self):
        """Whether it is worth a look; words alone speak where no place speaks against them."""
        if self.where == Where.SAME:
            return self.is_one_theme or self.is_one_session or self.share >= LEAST_SHARE
        return self.share >= LEAST_SHARE or self.is_one_theme and (self.where == Where.UNKNOWN or self.share > 0)

    @property
    def is_other_place(self):
        """Whether the texts name different places: such a pair is joined only by whoever looks it up by hand."""
        return self.where == Where.OTHER

    @property
    def order(self):
        """The place first, then the theme, then what else is one, then shared words; the largest is the closest."""
        one = self.is_one_session + self.is_one_section + self.is_one_sphere
        return self.where, self.is_one_theme, one, round(self.share, 6)


def mergeable(proposal):
    """Proposals about the same town, or the same region, which this one may be joined to."""
    others = Proposal.objects.filter(region=proposal.region_id, municipality=proposal.municipality_id)
    return others.filter(status__in=Proposal.WAITING | Proposal.ANSWERED).exclude(pk=proposal.pk)


def similar_to(proposal):
    """Proposals that may be joined to this one, the closest first, each with its `likeness`; three queries."""
    words = {key for key in keys(said(proposal)) if len(key) >= LEAST_LETTERS}
    # The longest words say the most; a sentence seldom has more of them.
    chosen = sorted(words, key=lambda key: (-len(key), key))[:WORDS]
    weights, mine, found = _weights(proposal, chosen), _read(said(proposal)), []
    for other in _candidates(proposal, weights):
        other.likeness = _likeness(proposal, mine, other, weights)
        if other.likeness.is_offered:
            found.append(other)
    found.sort(key=lambda other: other.number)
    found.sort(key=lambda other: other.likeness.order, reverse=True)
    return found[:SHOWN]


def search_mergeable(proposal, query):
    """Proposals that this one may be joined to, found by hand: by number, or by words; two queries."""
    others = mergeable(proposal).defer("author_name", "author_email")
    numbered = list(others.numbered(query).order_by("number")[:SHOWN])
    if numbered:
        return numbered
    asked = keys(query)
    unread = others.filter(public_text="").order_by("-pk")[:NEWEST] if asked else []
    raw = [one for one in unread if all(any(w.startswith(key) for w in keys(one.text)) for key in asked)]
    return (raw + list(matching(others, query).order_by("-pk")[:SHOWN]))[:SHOWN]


def said(proposal):
    """What a proposal says: the moderated text, or the author's own words until there is one."""
    return (proposal.public_text or proposal.text)[:READ]


def _has(stem):
    return Q(search_stems__contains=f" {stem} ")


def _weights(proposal, chosen):
    """{word: how much it says}: the rarer it is among moderated texts, the more."""
    if not chosen:
        return {}
    counts = {f"w{place}": Count("pk", filter=_has(stem)) for place, stem in enumerate(chosen)}
    counted = mergeable(proposal).order_by().aggregate(total=Count("pk"), **counts)
    return {
        stem: math.log(1 + (counted["total"] + 1) / max(counted[f"w{place}"], 1)) for place, stem in enumerate(chosen)
    }


def _candidates(proposal, weights):
    """What is compared at all: what shares words, and the newest of the same session or not moderated yet."""
    others = mergeable(proposal).select_related("priority").defer("author_name", "author_email", "answer")
    near = Q(public_text="") | (Q(session=proposal.session_id) if proposal.session_id else Q())
    found = {one.pk: one for one in others.filter(near).order_by("-pk")[:NEWEST]}
    if weights:
        score = sum(
            (Case(When(_has(stem), then=Value(weight)), default=Value(0.0), output_field=FloatField())
             for stem, weight in weights.items()), Value(0.0),
        )  # fmt: skip
        sharing = others.filter(functools.reduce(lambda left, right: left | right, map(_has, weights)))
        found |= {one.pk: one for one in sharing.annotate(score=score).order_by("-score", "number")[:NEAREST]}
    return found.values()


def _likeness(one, mine, other, weights):
    theirs = _read(said(other))
    shared = sum(weight for stem, weight in weights.items() if stem in theirs.keys)
    whole = sum(weights.values())
    return Likeness(
        where=_where(mine, theirs),
        is_one_theme=bool(mine.themes & theirs.themes),
        is_one_session=one.session_id is not None and one.session_id == other.session_id,
        is_one_section=one.section_id is not None and one.section_id == other.section_id,
        is_one_sphere=bool(one.priority and other.priority and one.priority.sphere == other.priority.sphere),
        share=shared / whole if whole else 0.0,
    )


@dataclass(frozen=True)
class _Text:
    places: tuple  # with a name of their own
    landmarks: frozenset  # kinds of places, named or not
    settlements: frozenset
    themes: frozenset
    keys: frozenset


def _read(text):
    work, words = read_work(text), stems(text)
    landmarks = {kind for word in words if (kind := kind_of(word)) and kind not in NAMELESS}
    landmarks |= {root for word in words for root in LANDMARKS if word.startswith(root)}
    named = tuple(place for place in work.places if place.name)
    return _Text(named, frozenset(landmarks), work.settlements, work.themes, frozenset(keys(text)))


def _where(mine, theirs):
    if mine.settlements != theirs.settlements:
        return Where.OTHER if mine.settlements and theirs.settlements else Where.UNKNOWN
    if any(one.may_be(other) for one in mine.places for other in theirs.places):
        return Where.SAME
    # «В парке» and «в парке» are one place; «в парке Победы» may be either; «в парке Гагарина» is another.
    named = [{place.kind for place in text.places} for text in (mine, theirs)]
    bare = [kind for kind in mine.landmarks & theirs.landmarks if not all(kind in kinds for kinds in named)]
    if any(kind not in MANY and not any(kind in kinds for kinds in named) for kind in bare):
        return Where.SAME
    says_where = all(text.places or text.landmarks for text in (mine, theirs))
    return Where.OTHER if says_where and not bare else Where.UNKNOWN
