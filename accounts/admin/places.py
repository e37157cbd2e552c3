"""Regions and towns. Their pages ask for roles, so they live on this floor and not with the models."""

from django.contrib import admin

from accounts.admin_scope import SOURCE_FIELDS, STAFF, RegionAdmin, TableInline
from accounts.models import Role
from municipalities.models import Head, Municipality, Population, Region


@admin.register(Region)
class RegionPage(RegionAdmin):
    region_lookups = ("pk",)
    edit_roles = frozenset({Role.ADMIN})
    keep_forever = True
    list_display = ["name", "code", "oktmo", "is_active", "sample_mark"]
    list_filter = ["is_active"]
    search_fields = ["name", "name_en"]
    prepopulated_fields = {"slug": ["name_en"]}
    fieldsets = [
        (None, {"fields": ["name", "name_en", "slug", "code", "oktmo", "is_active", "outline_credit"]}),
        SOURCE_FIELDS,
    ]

    def has_add_permission(self, request):
        """A new region comes with its own administrator: only the operator of the site opens one."""
        return request.user.is_superuser


class PopulationInline(TableInline):
    model = Population
    fields = ["year", "counted_on", "people", "level", "basis", "precision", "sources"]


class HeadInline(TableInline):
    model = Head
    fields = ["name", "post", "since", "until", "is_acting", "order", "sources"]


@admin.register(Municipality)
class MunicipalityPage(RegionAdmin):
    edit_roles = STAFF
    keep_forever = True
    list_display = ["name", "kind", "region", "oktmo", "in_programme", "is_reference", "sample_mark"]
    list_select_related = ("region",)
    list_filter = ["in_programme", "is_reference", "kind", ("region", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name", "oktmo"]
    autocomplete_fields = ["region", "parent"]
    prepopulated_fields = {"slug": ["name_en"]}
    readonly_on_change = ("region",)
    inlines = [PopulationInline, HeadInline]
    view_on_site = True
    fieldsets = [
        (None, {"fields": ["region", "name", "name_en", "slug", "kind", "parent", "in_programme", "is_reference"]}),
        ("Справка", {"fields": [
            "oktmo", "fias_id", "latitude", "longitude", "is_monotown", "site_url", "founded_year", "town_since_year",
            "area_km2",
        ]}),
        SOURCE_FIELDS,
    ]  # fmt: skip
