from django.contrib import admin

from accounts.admin_scope import RegionScope
from accounts.admin_workflow import ReadOnlyHistory
from strategies.coverage.models.gap import GapAnswer


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
