from django.contrib import admin

from accounts.admin_scope import SOURCE_FIELDS, RegionAdmin, TableInline
from accounts.admin_workflow import WorkflowAdmin, WorkflowHistoryAdmin
from strategies.programme.models.funding import Funding
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import DueChange, Milestone, PriorityMeasure
from strategies.programme.models.programme import Programme, ProgrammeDirection

from .indicator import IndicatorInline


class DirectionInline(TableInline):
    model = ProgrammeDirection
    show_change_link = True
    fields = ["title", "curator", "order", "sources"]

    def has_delete_permission(self, request, obj=None):
        """A direction with measures stays; an empty one is deleted on its own page."""
        return False


@admin.register(Programme)
class ProgrammePage(WorkflowAdmin):
    list_display = ["title", "kind", "region", "year_from", "year_to", "status", "sample_mark"]
    list_select_related = ("region",)
    list_filter = ["status", "kind", ("region", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "code", "act_title"]
    autocomplete_fields = ["region", "act"]
    readonly_on_change = ("region",)
    inlines = [DirectionInline]
    fieldsets = [
        (None, {"fields": ["region", "title", ("kind", "code"), ("year_from", "year_to"), "summary"]}),
        ("Состояние", {"fields": ["status", "status_note", "published_at"]}),
        ("Акт", {"fields": ["act_title", "act_date", "act"]}),
        ("Отчётность", {
            "description": "Уже открытые отчётные периоды сохраняют свой срок сдачи.",
            "fields": ["rhythm", "report_day", ("year_report_month", "year_report_day"), "review_days"],
        }),
        SOURCE_FIELDS,
    ]  # fmt: skip


@admin.register(ProgrammeDirection)
class DirectionPage(RegionAdmin):
    region_lookups = ("programme__region",)
    list_display = ["title", "programme", "curator", "order", "sample_mark"]
    list_select_related = ("programme",)
    list_filter = [("programme", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "curator", "programme__title"]
    autocomplete_fields = ["programme"]
    readonly_on_change = ("programme",)
    fieldsets = [(None, {"fields": ["programme", "title", "curator", "order"]}), SOURCE_FIELDS]

    def territory_of(self, record):
        return record.programme.territory


class MilestoneInline(TableInline):
    model = Milestone
    fields = ["title", "due", "done_on", "sources"]
    readonly_fields = ["done_on"]


class FundingInline(TableInline):
    model = Funding
    fields = ["year", "source", "planned", "spent", "sources"]
    readonly_fields = ["spent"]


class PriorityLinkInline(TableInline):
    """Priorities that a measure answers."""

    model = PriorityMeasure
    fields = ["priority", "sources"]
    autocomplete_fields = ["priority"]
    row_select_related = ("priority", "measure")
    verbose_name = "приоритет"
    verbose_name_plural = "на какие приоритеты отвечает"


class DueChangeInline(TableInline):
    model = DueChange
    read_only = True
    fields = ["old_due", "new_due", "reason", "decided_on", "document"]
    row_select_related = ("document", "measure")


@admin.register(Measure)
class MeasurePage(WorkflowHistoryAdmin):
    list_display = ["title", "municipality", "direction", "due", "postponed_to", "status", "percent", "sample_mark"]
    list_select_related = ("municipality", "direction__programme")
    list_filter = [
        "status",
        "is_flagship",
        ("municipality", admin.RelatedOnlyFieldListFilter),
        ("direction", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["title", "code", "responsible", "municipality__name"]
    date_hierarchy = "due"
    autocomplete_fields = ["direction", "municipality", "towns", "basis", "cancel_act"]
    inlines = [MilestoneInline, FundingInline, IndicatorInline, PriorityLinkInline, DueChangeInline]
    fieldsets = [
        (None, {"fields": [
            "direction", "municipality", ("code", "is_flagship"), "title", "description", "expected_result",
            "responsible", "co_executors", "towns",
        ]}),
        ("Срок и деньги", {"fields": [("start", "due"), "due_note", "postponed_to", "funding_note"]}),
        ("Состояние", {"fields": ["status", "percent", "published_at"]}),
        ("Бумаги", {"fields": ["basis", "cancel_act"]}),
        SOURCE_FIELDS,
    ]  # fmt: skip
    readonly_fields = ["postponed_to", "percent"]

    def get_readonly_fields(self, request, obj=None):
        """Once promised, a measure stays in its town, and its date moves by a report; one without a date may get it."""
        fixed = super().get_readonly_fields(request, obj)
        if obj is None or not obj.is_public:
            return fixed
        return [*fixed, "municipality", "due"] if obj.due else [*fixed, "municipality"]
