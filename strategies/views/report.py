from django.views.generic import TemplateView, View

from .office import OfficePage


class OfficeMeasuresView(OfficePage, TemplateView):
    """Measures one reports on."""

    tab = "measures"


class MeasureReportView(OfficePage, View):
    """The two-minute form."""


class PriorityReportView(OfficePage, View):
    """The two-minute form."""


class CorrectionView(OfficePage, View):
    """A correction."""


class OwnReportView(OfficePage, View):
    """A report as it stands."""


class EvidenceRemoveView(OfficePage, View):
    """Evidence taken back."""


class EvidenceView(View):
    """A file of evidence."""

    small = False
