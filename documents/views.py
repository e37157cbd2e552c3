from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView
from django_filters.views import FilterView

from documents.filters import DocumentFilter
from documents.models import Document
from municipalities.regions import RegionOfRecord

PAGE, LISTED = 50, 15

# Who may refer to a document: heading, name of the reverse relation, what its title and address need.
REFERRERS = (
    (_("Стратегии, утверждённые этим документом"), "strategies", ["municipality"]),
    (_("Программы"), "programmes", []),
    (_("Сессии, чей это протокол"), "minuted_sessions", []),
    (_("Сессии, где это материал"), "sessions", []),
    (_("Меры, которые на нём основаны"), "measures", []),
    (_("Меры, которые им отменены"), "cancelled_measures", []),
)


class DocumentListView(FilterView):
    """All papers, newest first; those without a date stand last."""

    filterset_class = DocumentFilter
    template_name = "documents/document_list.html"
    context_object_name = "documents"
    paginate_by = LISTED
    extra_context = {"section": "documents"}

    def get_queryset(self):
        return Document.objects.visible_to(self.request.user).select_related("region", "municipality")


class DocumentDetailView(RegionOfRecord, DetailView):
    """The passport of a paper: what it is, where the text lies, what refers to it."""

    template_name = "documents/document_detail.html"
    context_object_name = "document"
    extra_context = {"section": "documents"}

    def get_queryset(self):
        return Document.objects.visible_to(self.request.user).select_related("region", "municipality__region")

    def get_context_data(self, **kwargs):
        found = [
            (heading, getattr(self.object, relation).public().select_related(*needed)[:PAGE])
            for heading, relation, needed in REFERRERS
        ]
        return super().get_context_data(**kwargs) | {
            "referrers": [(heading, records) for heading, records in found if records]
        }
