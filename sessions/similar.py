"""Proposals that say the same: found by the words that are rare in a town, in two queries whatever their number."""

import math
from functools import reduce

from django.db.models import Case, Count, FloatField, Q, Value, When

from municipalities.search import stems
from sessions.models import Proposal

WORDS, LEAST_LETTERS, RARE, SHOWN, LEAST_SHARE = 10, 4, 4, 5, 0.34


def _has(stem):
    return Q(search_stems__contains=f" {stem} ")


def similar_to(proposal):
    """Public proposals of the same place that share rare words with this one, the closest first.

    Only moderated texts are compared: nobody's own words show through another's page.
    """
    words = {stem for stem in stems(proposal.public_text or proposal.text) if len(stem) >= LEAST_LETTERS}
    # The longest words say the most; a sentence seldom has more of them.
    chosen = sorted(words, key=lambda stem: (-len(stem), stem))[:WORDS]
    if not chosen:
        return []
    candidates = (
        Proposal.objects.public()
        .filter(region=proposal.region_id, municipality=proposal.municipality_id)
        .filter(status__in=Proposal.WAITING | Proposal.ANSWERED)
        .exclude(pk=proposal.pk)
        .order_by()
    )
    counted = candidates.aggregate(
        total=Count("pk"), **{f"w{place}": Count("pk", filter=_has(stem)) for place, stem in enumerate(chosen)}
    )
    weights = {
        stem: math.log(1 + counted["total"] / counted[f"w{place}"])
        for place, stem in enumerate(chosen)
        if counted[f"w{place}"]
    }
    if not weights:
        return []
    score = reduce(
        lambda left, right: left + right,
        (
            Case(When(_has(stem), then=Value(weight)), default=Value(0.0), output_field=FloatField())
            for stem, weight in weights.items()
        ),
    )
    # Whatever is close shares one of the rarest words: the rest is not even weighed.
    rare = sorted(weights, key=weights.get, reverse=True)[:RARE]
    candidates = candidates.filter(reduce(lambda left, right: left | right, (_has(stem) for stem in rare)))
    # Words that no other proposal has tell how far apart the texts are: they weigh as the rarest.
    rarest = math.log(1 + counted["total"])
    whole = sum(weights.values()) + rarest * (len(chosen) - len(weights))
    found = candidates.annotate(score=score).filter(score__gte=whole * LEAST_SHARE).order_by("-score", "number")
    return list(found.defer("text", "author_name", "author_email")[:SHOWN])
