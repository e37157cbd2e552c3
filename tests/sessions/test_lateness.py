"""Unanswered words belong to whoever was asked: a town, or the region about its own topics."""

import datetime

from django.utils import timezone

from sessions.lateness import region_lateness, town_lateness, towns_lateness
from tests import factories

ON = datetime.date(2026, 7, 1)
DUE = ON - datetime.timedelta(days=4)


def told(lateness):
    """{kind: (how many, days, the longest)} of what is late."""
    return {str(part.kind): (part.total, part.days, part.longest) for part in lateness.parts if part.total}


def test_lateness_of_proposals_is_that_of_whoever_was_asked(town, other_town, region):
    of_town = factories.proposal(town, answer_due=DUE)
    of_region = factories.proposal(town, answer_due=DUE - datetime.timedelta(days=2))
    type(of_region).objects.filter(pk=of_region.pk).update(municipality=None)

    assert told(town_lateness(town, ON)) == {"proposals": (1, 4, 4)}
    assert told(towns_lateness(region, ON)) == {"proposals": (1, 4, 4)}
    assert told(region_lateness(region, ON)) == {"proposals": (1, 6, 6)}
    assert told(town_lateness(other_town, ON)) == {}
    assert told(region_lateness(region, ON, town)) == {}
    rows = town_lateness(town, ON).part("proposals").rows()
    assert [(row.title, row.url, row.town) for row in rows] == [
        (f"{of_town.number}: {of_town.public_text}", of_town.get_absolute_url(), town)
    ]


def test_lateness_of_proposals_leaves_out_what_nobody_may_see_or_waits_for(town):
    factories.proposal(town, answer_due=DUE, public_text="")
    factories.proposal(town, answer_due=DUE, status="hidden")
    factories.proposal(town, answer_due=DUE, status="accepted", answer="Учтено.", answered_at=timezone.now())
    factories.proposal(town, answer_due=ON)
    factories.proposal(town)

    assert told(town_lateness(town, ON)) == {}
