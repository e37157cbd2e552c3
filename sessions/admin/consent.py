from django.contrib import admin

from accounts.admin_scope import SOURCE_FIELDS, RegionAdmin
from accounts.models import Role
from sessions.models import ConsentText, RefusedPost


@admin.register(ConsentText)
class ConsentTextPage(RegionAdmin):
    """What authors agree to. A version that somebody agreed to is only read: a new one follows."""

    edit_roles = frozenset({Role.REGION_EDITOR, Role.REGION_APPROVER})
    list_display = ["version", "region", "valid_from", "operator", "sample_mark"]
    list_select_related = ("region",)
    search_fields = ["version", "operator"]
    autocomplete_fields = ["region"]
    readonly_on_change = ("region",)
    fieldsets = [
        (None, {"fields": ["region", "version", "valid_from", "operator", "withdrawal", "text"]}),
        SOURCE_FIELDS,
    ]

    def territory_of(self, record):
        return record.region_id, None

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_agreed_to)


@admin.register(RefusedPost)
class RefusedPostPage(RegionAdmin):
    """What the public form refused: numbers by day, nothing about who sent it; the same for every region."""

    read_only = True
    list_display = ["day", "kind", "count"]
    list_filter = ["kind"]
    date_hierarchy = "day"

    def get_queryset(self, request):
        RefusedPost.settle()
        return super().get_queryset(request)

    def of_regions(self, rows, user, roles):
        return rows

    def territory_of(self, record):
        return None, None

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request)
