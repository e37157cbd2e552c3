from .coverage import CoverageSheetView
from .minutes import MinutesPageView, MinutesView
from .paper_templates import PaperTemplatesView, PaperTemplateView
from .papers import PapersView
from .publishing import TablesPublishView
from .tables import TableExportView, TablesView
from .visit import VisitView

__all__ = [
    "CoverageSheetView",
    "MinutesPageView",
    "MinutesView",
    "PaperTemplateView",
    "PaperTemplatesView",
    "PapersView",
    "TableExportView",
    "TablesPublishView",
    "TablesView",
    "VisitView",
]
