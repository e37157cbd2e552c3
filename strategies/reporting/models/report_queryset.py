from django.db.models import F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Role, WorkflowQuerySet
from strategies.priorities.models import Priority, Strategy
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme


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

    def written_by(self, user):
        """Reports that a person writes: of their towns; on region-wide measures, the region's editor's."""
        towns = user.municipality_ids(Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR)
        regions = user.region_ids(Role.REGION_EDITOR)
        return self.filter(
            Q(measure__municipality__in=towns)
            | Q(priority__strategy__municipality__in=towns)
            | Q(measure__municipality__isnull=True, measure__direction__programme__region__in=regions)
        )

    def prepared(self):
        """Drafts that wait for the head alone, as `ProgressReport.is_prepared` says."""
        return self.filter(status=self.model.Status.DRAFT, typed__has_key="prepared")

    def waiting(self):
        """The approver's queue: submitted reports, the longest waiting first."""
        return self.filter(status=self.model.Status.SUBMITTED).order_by("submitted_at", "pk")

    def to_decide_by(self, user):
        """Submitted reports that a person may publish or return, the longest waiting first; not their own (rule 18)."""
        own = self.visible_to(user).waiting().in_regions(user.region_ids(Role.REGION_APPROVER))
        return own.exclude(created_by=user).exclude(submitted_by=user)

    def quiet(self):
        """Submitted reports that say «по плану» or «без изменений» and nothing that has to be weighed.

        No reason, no obstacles, no moved date, no milestone, no actual value, no step back in readiness, no correction;
        and the date of the measure has not passed.
        """
        in_time = Q(date_now__isnull=True) | Q(date_now__gte=timezone.localdate())
        rows = self.annotate(date_now=Coalesce("measure__postponed_to", "measure__due"))
        return rows.filter(
            in_time,
            Q(pace=self.model.Pace.ON_PLAN) | Q(is_unchanged=True),
            Q(percent__isnull=True) | Q(measure__percent__isnull=True) | Q(percent__gte=F("measure__percent")),
            status=self.model.Status.SUBMITTED,
            reported_status=self.model.Reported.IN_PROGRESS,
            reason_kind="",
            deviation_reason="",
            problems="",
            postponed_to__isnull=True,
            corrects__isnull=True,
            milestones__isnull=True,
            actuals__isnull=True,
        )

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

    def about_row(self, kind):
        """Reports on the subject and period of an outer row of `ExpectedReport`, the newest first.

        `kind` is «measure» or «priority»: asked apart, each finds its index; one condition with «or» reads everything.
        """
        return self.filter(
            **{kind: OuterRef(kind)}, year=OuterRef("cycle__year"), period=OuterRef("cycle__period")
        ).order_by("-created_at", "-pk")
