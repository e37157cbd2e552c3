from django.contrib import admin

from accounts.admin_scope import SOURCE_FIELDS
from accounts.admin_workflow import WorkflowHistoryAdmin
from documents.models import Document


@admin.register(Document)
class DocumentPage(WorkflowHistoryAdmin):
    list_display = ["title", "kind", "number", "date", "municipality", "type_label", "status", "sample_mark"]
    list_select_related = ("municipality", "region")
    list_filter = ["status", "kind", ("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "number", "adopted_by", "municipality__name"]
    date_hierarchy = "date"
    autocomplete_fields = ["region", "municipality"]
    readonly_on_change = ("region", "municipality")
    readonly_fields = ["file_type", "file_size", "file_sha256", "has_text"]
    fieldsets = [
        (None, {"fields": ["region", "municipality", "kind", "title", ("number", "date"), "adopted_by"]}),
        ("Файл", {"fields": ["file", "url", ("file_type", "file_size", "has_text"), "file_sha256"]}),
        ("Состояние", {"fields": ["status", "published_at"]}),
        SOURCE_FIELDS,
    ]

    def get_changeform_initial_data(self, request):
        """A paper has one owner, the region or a town: which one, the editor says."""
        initial = super().get_changeform_initial_data(request)
        if "region" not in request.GET:
            initial.pop("region", None)
        return initial

    @admin.display(description="тип")
    def type_label(self, document):
        """PDF, DOCX, XLSX, or a page elsewhere."""
        return document.type_label
