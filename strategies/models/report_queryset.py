from django.db.models import OuterRef, Q

from accounts.models import WorkflowQuerySet

from .measure import Measure
from .programme import Programme
from .strategy import Priority, Strategy


class ProgressReportQuerySet(WorkflowQuerySet):
    def public(self):
        """Published reports on public measures and priorities."""
        return self.filter(
            Q(measure__status__in=Measure.PUBLIC, measure__direction__programme__status__in=Programme.PUBLIC)
            | Q(priority__status__in=Priority.PUBLIC, priority__strategy__status__in=Strategy.PUBLIC),
            status__in=self.model.PUBLIC,
        )

    def counting(self):
        """Published reports that no published correction replaces (invariant 19)."""
        return self.filter(status=self.model.Status.PUBLISHED).exclude(corrected_by__status=self.model.Status.PUBLISHED)

    def unpublished(self):
        """Reports on their way: drafts, those that wait for the region, those sent back."""
        return self.filter(status__in=self.model.ON_THE_WAY)

    def waiting(self):
        """The approver's queue: submitted reports, the longest waiting first."""
        return self.filter(status=self.model.Status.SUBMITTED).order_by("submitted_at", "pk")

    def in_regions(self, regions):
        """Reports of the towns and region-wide measures of some regions."""
        return self.filter(
            Q(measure__direction__programme__region__in=regions)
            | Q(priority__strategy__municipality__region__in=regions)
        )

    def by_time(self):
        """The latest period first, and within it the latest publication."""
        return self.order_by("-period_end", "-published_at", "-pk")

    def of_town(self, town):
        """Reports on a town's own measures and on its priorities."""
        return self.filter(Q(measure__municipality=town) | Q(priority__strategy__municipality=town))

    def on(self, subject):
        """Reports on one measure or priority."""
        return self.filter(**{subject._meta.model_name: subject})

    def with_subject(self):
        """Each report with what it is about, so that its name and address cost no query."""
        return self.select_related("measure__direction__programme", "measure__municipality",
                                   "priority__strategy__municipality")  # fmt: skip

    def about_row(self):
        """Reports on the subject and period of an outer row of `ExpectedReport`, corrections left out."""
        return self.filter(
            Q(measure=OuterRef("measure")) | Q(priority=OuterRef("priority")),
            year=OuterRef("cycle__year"),
            period=OuterRef("cycle__period"),
            corrects__isnull=True,
        )
