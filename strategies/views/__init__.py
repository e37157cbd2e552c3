from .cycle import CycleDetailView, OfficeCyclesView
from .handover import HandoverDetailView, HandoversView
from .ledger import LedgerView
from .letter_link import LetterLinkView
from .letter_settings import LetterSettingsView
from .measure import MeasureDetailView
from .priority import PriorityDetailView
from .programme import ProgrammeView
from .report import (
    CorrectionView,
    EvidenceRemoveView,
    EvidenceView,
    MeasureReportView,
    OfficeMeasuresView,
    OwnReportView,
    PriorityReportView,
)
from .review import ReviewView
from .silence import OfficeSilenceView, SilenceView
from .strategy import StrategyDetailView

__all__ = [
    "CorrectionView",
    "CycleDetailView",
    "EvidenceRemoveView",
    "EvidenceView",
    "HandoverDetailView",
    "HandoversView",
    "LedgerView",
    "LetterLinkView",
    "LetterSettingsView",
    "MeasureDetailView",
    "MeasureReportView",
    "OfficeCyclesView",
    "OfficeMeasuresView",
    "OfficeSilenceView",
    "OwnReportView",
    "PriorityDetailView",
    "PriorityReportView",
    "ProgrammeView",
    "ReviewView",
    "SilenceView",
    "StrategyDetailView",
]
