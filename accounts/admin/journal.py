from django.contrib import admin
from django.contrib.contenttypes.models import ContentType

from accounts.admin_scope import RegionAdmin
from accounts.models import JournalEntry, WorkflowModel


class KindFilter(admin.SimpleListFilter):
    """Entries about one kind of record."""

    title = "вид записи"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kinds = [model for model in model_admin.admin_site._registry if issubclass(model, WorkflowModel)]
        return [(model._meta.label_lower, str(model._meta.verbose_name)) for model in kinds]

    def queryset(self, request, queryset):
        if self.value() not in {label for label, _ in self.lookup_choices}:
            return queryset
        return queryset.filter(content_type=ContentType.objects.get_by_natural_key(*self.value().split(".")))


@admin.register(JournalEntry)
class JournalPage(RegionAdmin):
    """What happened, to be read. Nobody adds, changes or deletes here; the database refuses too."""

    read_only = True
    list_display = ["at", "actor", "kind", "record_title", "from_label", "to_label", "reason", "sample_mark"]
    list_select_related = ("actor", "content_type", "municipality", "region")
    list_filter = [KindFilter, "is_public", ("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["record_title", "reason"]
    date_hierarchy = "at"
    fields = [
        "at", "actor", "kind", "record_title", "from_label", "to_label", "reason", "is_public", "is_sample",
        "region", "municipality",
    ]  # fmt: skip
    readonly_fields = ["kind"]

    def territory_of(self, record):
        return record.region_id, record.municipality_id

    def has_add_permission(self, request):
        return False

    @admin.display(description="вид записи", ordering="content_type")
    def kind(self, entry):
        """What kind of record the entry is about."""
        return entry.content_type.name
