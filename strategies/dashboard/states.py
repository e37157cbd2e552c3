"""What there is to do about a town: a row of the dashboard."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class TownState:
    """What there is to do about one town; None stands for measures on the whole region."""

    town: int | None = None
    reports: Counter = field(default_factory=Counter)  # by `ReportState`
    late_measures: int = 0
    measures: int = 0
    bare: int = 0
    priorities: int = 0
    words: int = 0
    late: int = 0

    @property
    def asked(self):
        """How many reports of the town are asked for in this period."""
        return sum(self.reports.values())

    @property
    def owed(self):
        """How many of them the region does not have."""
        return sum(self.reports[name] for name in OWING)

    @property
    def report(self):
        """The state of the town's reports for the period: of several the one where there is the most to do."""
        return next((state for state in ReportState.ORDER if self.reports[state]), "")

    @property
    def order(self):
        """Where the town stands in a list of what there is to do, most first; equal towns go by name."""
        return ReportState.URGENCY.get(self.report, 9), -self.late, -self.late_measures, -self.bare, -self.words


class ReportState:
    """How far it is with the reports of a town: not handed in, sent back, with the region, published."""

    OWED, RETURNED, SUBMITTED, PUBLISHED = "owed", "returned", "submitted", "published"
    ORDER = (OWED, RETURNED, SUBMITTED, PUBLISHED)
    URGENCY = {OWED: 0, SUBMITTED: 1, RETURNED: 2, PUBLISHED: 3}


OWING = (ReportState.OWED, ReportState.RETURNED)
