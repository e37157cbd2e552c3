"""What the region and the towns are late with, the words of residents among it.

Each function gives a `Lateness` of `strategies.dashboard`: `parts` (each with `kind`, `total`, `days`, `longest`,
`rows()`), `total`, `days`, `longest`, `part(kind)`. Some ten queries, whatever the number of records; rows cost one
more per part.
"""

from sessions.models import Proposal
from strategies.dashboard import lateness
from strategies.dashboard.lateness import Kind, part_of


def region_lateness(region, on, town=None):
    """What the region itself is late with on a day; what it owes to one town, where a town is named."""
    late = lateness.region_lateness(region, on, town)
    if town:
        return late  # words about a town are answered by the town
    return late.with_parts(late_proposals(Proposal.objects.filter(region=region, municipality__isnull=True), on))


def town_lateness(town, on):
    """What a town is late with on a day."""
    return lateness.town_lateness(town, on).with_parts(late_proposals(Proposal.objects.filter(municipality=town), on))


def towns_lateness(region, on):
    """What all towns of a region together are late with on a day."""
    of_towns = Proposal.objects.filter(municipality__region=region)
    return lateness.towns_lateness(region, on).with_parts(late_proposals(of_towns, on))


def late_proposals(proposals, on):
    """Proposals that everybody may see and whose term for an answer has passed."""
    late = proposals.public().overdue(on).select_related("municipality")
    return part_of(Kind.PROPOSALS, late, "answer_due", _proposal_facts, on)


def _proposal_facts(proposal):
    return f"{proposal.number}: {proposal.public_text}", proposal.get_absolute_url(), proposal.municipality
