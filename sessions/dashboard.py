"""The dashboard of a region with the words of residents in it: what the pages and papers ask for."""

from django.db.models import Count

from sessions.lateness import late_proposals
from sessions.models import Proposal
from strategies.dashboard import figures


def dashboard_of(region, on, cycles=None):
    """The `strategies.dashboard.figures.Dashboard` of a region on a day.

    Args:
        region: whose.
        on: the day of the question.
        cycles: what `figures.latest_cycles` gives, where it is known already.
    """
    cycles = figures.latest_cycles(region) if cycles is None else cycles
    proposals = Proposal.objects.filter(region=region)
    waiting = proposals.public().awaiting().order_by().values_list("municipality").annotate(number=Count("pk"))
    return figures.dashboard_of(region, on, cycles, words=dict(waiting), late_words=late_proposals(proposals, on))


def kept_dashboard(region, on, cycles, editions=None):
    """The same figures, kept until the region changes; `editions` where the request knows them already."""
    return figures.kept_dashboard(region, on, lambda: dashboard_of(region, on, cycles), editions)
