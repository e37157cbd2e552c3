from django.contrib import admin

from accounts.admin_scope import SOURCE_FIELDS, RegionAdmin
from exchange.models import ColumnMatch, PaperTemplate


@admin.register(PaperTemplate)
class PaperTemplatePage(RegionAdmin):
    """Templates of papers: a new version is uploaded, the former ones stay."""

    keep_forever = True
    list_display = ["kind", "version", "region", "created_at", "created_by", "sample_mark"]
    list_select_related = ("region", "created_by")
    autocomplete_fields = ["region"]
    readonly_on_change = ("region", "kind", "file")
    readonly_fields = ["version"]
    fieldsets = [(None, {"fields": ["region", "kind", "file", "version"]}), SOURCE_FIELDS]

    def territory_of(self, record):
        return record.region_id, None


@admin.register(ColumnMatch)
class ColumnMatchPage(RegionAdmin):
    """What was said about columns of tables: a wrong one is renamed or deleted, and asked about again."""

    list_display = ["name", "kind_label", "region", "changed_at", "created_by"]
    list_select_related = ("region", "created_by")
    list_filter = ["kind"]
    search_fields = ["name"]
    fields = ["name", "kind_label", "region", "columns"]
    readonly_fields = ["kind_label", "region", "columns"]

    def has_add_permission(self, request):
        return False

    def territory_of(self, record):
        return record.region_id, None
