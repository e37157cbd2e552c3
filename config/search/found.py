"""One question to everything that the public may read: the groups of the search page."""

from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from municipalities.models import Municipality
from municipalities.search import keys, words
from sessions.models import Proposal
from strategies.models import Measure

from .kinds import KINDS, Kind
from .one_query import rows_of
from .typing import corrected

MOST = 60  # rows of a kind; who needs more names it closer
SHOWN = 5
LONGEST_WITH_TOWN = 6  # words of a question that may name a town beside something else


@dataclass(frozen=True)
class Group:
    """What was found of one kind.

    Attributes:
        likeness: how near the first row is, the least is the nearest (`_order`).
        rows: [`Row`, …], the likeliest first.
        number: how many there are, `MOST` at most.
        is_more: whether there are still more.
    """

    kind: Kind
    likeness: tuple
    rows: list
    number: int
    is_more: bool

    @property
    def rest(self):
        """How many are not among the rows."""
        return self.number - len(self.rows)


@dataclass(frozen=True)
class Answer:
    """What was found.

    Attributes:
        typed: what was asked.
        shown: what was looked for: the same, or with a typing error mended.
        groups: [`Group`, …] that have rows.
    """

    typed: str
    shown: str
    groups: list

    @property
    def is_corrected(self):
        """Whether something else is shown than was asked."""
        return self.typed != self.shown

    @property
    def number(self):
        """How many records were found."""
        return sum(group.number for group in self.groups)

    @property
    def is_more(self):
        """Whether there are more than were counted."""
        return any(group.is_more for group in self.groups)

    @property
    def absent(self):
        """[`Kind`, …] where nothing was found."""
        return [kind for kind in KINDS if kind not in {group.kind for group in self.groups}]


def only_one(query):
    """The page that a name or a number is the only one of; None where there is none, or several.

    A town by its whole name in either language; a proposal by its number as people type it; a measure by its number.
    """
    name = words(query)
    towns = [
        town
        for town in Municipality.objects.towns().search(query).only("slug", "name", "name_en", "is_reference")[:MOST]
        if name in (words(town.name), words(town.name_en))
    ]
    towns = [town for town in towns if not town.is_reference] or towns
    if towns or not any(map(str.isdigit, query)):
        return towns[0] if len(towns) == 1 else None
    code = query.strip().lstrip("№Nn").strip()
    measures = list(Measure.objects.public().filter(code__in={code, query.strip()}).only("pk").order_by()[:2])
    proposals = list(Proposal.objects.public().numbered(query).only("number").order_by()[:2])
    found = measures + proposals
    return found[0] if len(found) == 1 else None


def look(query, *, kind="", as_typed=False):
    """The `Answer` to a query: one question for the hits of all kinds, one more for the rows of each that has any.

    Args:
        query: what was typed.
        kind: code of the only kind that is asked for: all its rows are given then.
        as_typed: look for the words as they are, typing errors and all.
    """
    kinds = [one for one in KINDS if one.code == kind] or KINDS
    hits = _hits(kinds, query)
    shown = query
    if not hits and not as_typed and (meant := corrected(query)):
        hits = _hits(kinds, meant)
        shown = meant if hits else query
    shown_rows = MOST if kind else SHOWN
    groups = [_group(one, hits[one.code], shown, shown_rows) for one in kinds if hits[one.code]]
    return Answer(query, shown, sorted(groups, key=lambda group: group.likeness))


def _hits(kinds, query):
    """{code of a kind: [(id, title), …]}, the `MOST` + 1 newest of each at most."""
    found = defaultdict(list)
    if not keys(query):
        return found
    places = _places(query)
    for code, pk, title in rows_of([kind.hits(query, places)[: MOST + 1] for kind in kinds]):
        found[code].append((pk, title))
    return found


def _places(query):
    """[(id of a town that a query of several words names, the other words), …]: «Октябрьск пляж»."""
    asked = keys(query)
    if not 1 < len(asked) <= LONGEST_WITH_TOWN:
        return []
    named = reduce(or_, (Q(search_stems__words=[key]) for key in asked))
    towns = Municipality.objects.towns().filter(named, is_reference=False).only("name")[:MOST]
    rests = [(town.pk, [key for key in asked if key not in keys(town.name)], keys(town.name)) for town in towns]
    return [(pk, " ".join(rest)) for pk, rest, name in rests if rest and set(name) <= set(asked)]


def _group(kind, hits, query, shown):
    asked = keys(query)
    newest = sorted(hits, reverse=True)[:MOST]
    first = sorted(newest, key=lambda hit: _order(hit[1], query, asked))[:shown]
    rows = kind.rows([pk for pk, _title in first], asked)
    likeness = _order(first[0][1], query, asked)[:2]
    found = [rows[pk] for pk, _title in first if pk in rows]
    return Group(kind, likeness, found, min(len(hits), MOST), len(hits) > MOST)


def _order(title, query, asked):
    """The title itself first, then one that holds all words, then the shorter; the newest of equals."""
    held = keys(title)
    is_held = all(any(key.startswith(one) for key in held) for one in asked)
    return words(title) != words(query), not is_held, len(title)
