from django.contrib import admin

from accounts.admin_scope import SOURCE_FIELDS, TableInline, limit_choice
from accounts.admin_workflow import WorkflowAdmin
from strategies.programme.models.funding import Funding
from strategies.programme.models.indicator import Indicator
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import Milestone
from strategies.reporting.models.report import ProgressReport, may_edit
from strategies.reporting.models.report_parts import ReportedActual, ReportedMilestone, ReportedSpending


class ReportedInline(TableInline):
    """Rows of a report: each points to a row of the same measure, chosen from a short list."""

    pointer = ""
    owner = None

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        # A report on a priority has no such rows.
        has_rows = obj is not None and obj.measure_id
        rows = self.owner.objects.filter(measure=obj.measure_id) if has_rows else self.owner.objects.none()
        limit_choice(formset, self.pointer, rows.select_related("measure"))
        return formset

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(f"{self.pointer}__measure")


class ReportedMilestoneInline(ReportedInline):
    model = ReportedMilestone
    pointer, owner = "milestone", Milestone
    fields = ["milestone", "done_on"]


class ReportedActualInline(ReportedInline):
    model = ReportedActual
    pointer, owner = "indicator", Indicator
    fields = ["indicator", "year", "actual", "is_preliminary", "deviation_reason"]


class ReportedSpendingInline(ReportedInline):
    model = ReportedSpending
    pointer, owner = "funding", Funding
    fields = ["funding", "spent"]


@admin.register(ProgressReport)
class ReportPage(WorkflowAdmin):
    """Reports of the towns are read and decided here; the region writes only those on region-wide measures."""

    list_display = ["about", "town", "period_label", "reported_status", "percent", "status", "sample_mark"]
    list_select_related = (
        "measure__municipality", "measure__direction__programme", "priority__strategy__municipality", "submitted_by",
    )  # fmt: skip
    list_filter = ["status", "reported_status", "year", ("measure__municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["measure__title", "measure__municipality__name", "text"]
    date_hierarchy = "period_end"
    ordering = ["-period_end", "-pk"]
    autocomplete_fields = ["measure", "corrects"]
    readonly_on_change = ("measure", "corrects")
    readonly_fields = ["priority", "submitted_by", "submitted_at", "return_comment"]
    inlines = [ReportedMilestoneInline, ReportedActualInline, ReportedSpendingInline]
    fieldsets = [
        (None, {"fields": [
            "measure", "priority", ("year", "period"), "text", ("reported_status", "percent"), ("pace", "is_unchanged"),
            "reason_kind", "deviation_reason", ("postponed_to", "postponed_by"), "problems", "next_steps", "corrects",
        ]}),
        ("Состояние", {"fields": ["status", "submitted_by", "submitted_at", "return_comment", "published_at"]}),
        SOURCE_FIELDS,
    ]  # fmt: skip

    def has_change_permission(self, request, obj=None):
        """A draft, by whoever may edit it; what is submitted or published is not touched (invariant 20)."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None:
            return True
        return obj.status == ProgressReport.Status.DRAFT and (request.user.is_superuser or may_edit(request.user, obj))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "measure" and not request.user.is_superuser:
            # The towns report on their own measures themselves.
            field.queryset = field.queryset.filter(municipality__isnull=True, status__in=Measure.PUBLIC)
        return field

    @admin.display(description="о чём")
    def about(self, report):
        """The measure or the priority."""
        return report.subject

    @admin.display(description="город", ordering="measure__municipality__name_sort")
    def town(self, report):
        """The town of the measure or the priority; empty for a region-wide measure."""
        return report.measure.municipality if report.measure_id else report.priority.strategy.municipality

    @admin.display(description="период", ordering="period_end")
    def period_label(self, report):
        """Quarter, half or year."""
        return report.period_label
