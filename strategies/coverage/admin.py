from django.contrib import admin

from accounts.admin_history import ReadOnlyHistory
from accounts.admin_scope import RegionScope
from accounts.admin_workflow import WorkflowAdmin
from strategies.coverage.models.commitment import Commitment
from strategies.coverage.models.finding import Finding
from strategies.coverage.models.gap import GapAnswer


@admin.register(Commitment)
class CommitmentPage(WorkflowAdmin):
    """Promises of both sides are read here and given in the office; the region's own may take their step here, too."""

    read_only = True
    region_lookups = ("link__measure__direction__programme__region",)
    list_display = ["link", "side", "kind", "amount", "year", "status", "sample_mark"]
    list_select_related = ("link__priority__strategy__municipality", "link__measure")
    list_filter = ["status", "side", "kind"]
    search_fields = ["link__measure__title", "link__priority__title"]
    fieldsets = [
        (None, {"fields": ["link", "side", "kind", "amount", "year", "condition"]}),
        ("Состояние", {"fields": ["status", "withdrawn_because", "published_at"]}),
    ]


@admin.register(Finding)
class FindingPage(WorkflowAdmin):
    """What the search for conflicts found: nobody writes it, the region accepts or dismisses it."""

    read_only = True
    list_display = ["text", "kind", "region", "found_at", "status"]
    list_select_related = ("region",)
    list_filter = ["status", "kind"]
    search_fields = ["text"]
    fieldsets = [
        (None, {"fields": ["region", "kind", "text", "measures", "priorities", "indicators", "found_at"]}),
        ("Состояние", {"fields": ["status", "settled_because"]}),
    ]


@admin.register(GapAnswer)
class GapAnswerPage(RegionScope, ReadOnlyHistory):
    """What the region said of its gaps, gone ones too: read here, written in the office, where two cannot collide."""

    read_only = True
    region_lookups = ("priority__strategy__municipality__region", "measure__direction__programme__region")
    list_display = ["subject", "kind", "decision", "responsible", "due", "sample_mark"]
    list_select_related = ("priority__strategy__municipality", "measure__direction__programme", "owner")
    list_filter = ["kind", "decision"]
    search_fields = ["responsible", "why", "priority__title", "measure__title"]
    fieldsets = [
        (None, {"fields": ["priority", "measure", "kind", "decision", "responsible", "owner", "due", "why"]}),
    ]  # fmt: skip
