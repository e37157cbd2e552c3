from django import forms
from django.contrib import admin

from accounts.admin_history import ReadOnlyHistory
from accounts.admin_scope import SOURCE_FIELDS, CardInline, RegionScope, TableInline, limit_choice
from accounts.admin_workflow import PageForm, WorkflowHistoryAdmin

from .models import Goal, Priority, Strategy


def goals_of(strategy):
    """Goals that a page of one strategy offers."""
    return Goal.objects.filter(strategy=strategy) if strategy is not None and strategy.pk else Goal.objects.none()


class GoalInline(TableInline):
    model = Goal
    extra = 1
    show_change_link = True
    fields = ["text", "parent", "order", "sources"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        limit_choice(formset, "parent", goals_of(obj))
        return formset


class PriorityInline(CardInline):
    model = Priority
    form = PageForm
    extra = 1
    show_change_link = True
    fields = ["title", ("goal", "sphere", "order"), "plain_text", "sources", "status"]
    readonly_fields = ["status"]

    def get_fields(self, request, obj=None):
        own = super().get_fields(request, obj)
        return [*own, "why", "seen_version"] if self.has_change_permission(request, obj) else own

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        limit_choice(formset, "goal", goals_of(obj))
        formset.form.person = request.user
        return formset

    def has_delete_permission(self, request, obj=None):
        """A priority is archived on its own page, or deleted there while nobody has seen it."""
        return False


@admin.register(Strategy)
class StrategyPage(WorkflowHistoryAdmin):
    list_display = ["title", "municipality", "kind", "version", "years", "status", "sample_mark"]
    list_select_related = ("municipality",)
    list_filter = ["status", "kind", ("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "municipality__name"]
    autocomplete_fields = ["municipality", "act", "supersedes"]
    readonly_on_change = ("municipality",)
    inlines = [GoalInline, PriorityInline]
    fieldsets = [
        (None, {"fields": [
            "municipality", "title", ("kind", "version"), ("year_from", "year_to"), "mission", "main_goal", "summary",
        ]}),
        ("Состояние", {"fields": ["status", "status_note", ("discussion_from", "discussion_to"), "published_at"]}),
        ("Решение об утверждении", {"fields": [("act_number", "act_date"), "adopted_by", "act", "supersedes"]}),
        SOURCE_FIELDS,
    ]  # fmt: skip

    @admin.display(description="годы", ordering="year_from")
    def years(self, strategy):
        """First and last year."""
        return f"{strategy.year_from or '…'}–{strategy.year_to or '…'}"


@admin.register(Goal)
class GoalPage(RegionScope, ReadOnlyHistory):
    region_lookups = ("strategy__municipality__region",)
    list_display = ["__str__", "strategy", "parent", "order", "sample_mark"]
    list_select_related = ("strategy__municipality", "parent")
    search_fields = ["text", "strategy__title", "strategy__municipality__name"]
    autocomplete_fields = ["strategy"]
    readonly_on_change = ("strategy",)
    fieldsets = [(None, {"fields": ["strategy", "parent", "text", "order"]}), SOURCE_FIELDS]

    def territory_of(self, record):
        return record.strategy.territory

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "parent" in form.base_fields:
            form.base_fields["parent"].queryset = goals_of(obj.strategy if obj else None)
        return form


class PriorityPage(WorkflowHistoryAdmin):
    """A priority; what answers it stands in rooms above (`strategies/admin.py`)."""

    list_display = ["title", "town", "strategy_title", "sphere", "status", "sample_mark"]
    list_select_related = ("strategy__municipality", "goal")
    list_filter = ["status", "sphere", ("strategy__municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "strategy__title", "strategy__municipality__name"]
    autocomplete_fields = ["strategy", "goal"]
    readonly_on_change = ("strategy",)
    fieldsets = [
        (None, {"fields": ["strategy", "title", "goal", ("sphere", "order"), "plain_text"]}),
        ("Состояние", {"fields": ["status", "published_at"]}),
        SOURCE_FIELDS,
    ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None and "goal" in form.base_fields:
            goal = form.base_fields["goal"]
            goal.widget = forms.Select()
            goal.queryset = goals_of(obj.strategy)
        return form

    @admin.display(description="город", ordering="strategy__municipality__name_sort")
    def town(self, priority):
        """The town that chose it."""
        return priority.strategy.municipality

    @admin.display(description="стратегия", ordering="strategy__title")
    def strategy_title(self, priority):
        """The strategy it stands in."""
        return priority.strategy.title
