from .cycle import CycleDetailView
from .evidence import EvidenceView
from .handover import HandoverDetailView, HandoverNewView, HandoversView
from .ledger import LedgerView
from .letter_link import LetterLinkView
from .letter_settings import LetterSettingsView
from .measure import MeasureDetailView
from .office_cycle import CycleCloseView, OfficeCyclesView, OfficeCycleView
from .office_programme import OfficeProgrammeView
from .office_silence import OfficeSilenceView
from .own_measures import OfficeMeasuresView
from .priority import PriorityDetailView
from .programme import ProgrammeView
from .progress import GoalProgressView, PriorityProgressView
from .report import (
    CorrectionView,
    EvidenceRemoveView,
    MeasureReportView,
    OwnReportView,
    PriorityReportView,
)
from .review import ReviewDetailView, ReviewView
from .silence import SilenceView
from .strategy import StrategyDetailView
from .timeline import PriorityReportsView, TownReportsView

__all__ = [
    "CorrectionView",
    "CycleCloseView",
    "CycleDetailView",
    "EvidenceRemoveView",
    "EvidenceView",
    "GoalProgressView",
    "HandoverDetailView",
    "HandoverNewView",
    "HandoversView",
    "LedgerView",
    "LetterLinkView",
    "LetterSettingsView",
    "MeasureDetailView",
    "MeasureReportView",
    "OfficeCycleView",
    "OfficeCyclesView",
    "OfficeMeasuresView",
    "OfficeProgrammeView",
    "OfficeSilenceView",
    "OwnReportView",
    "PriorityDetailView",
    "PriorityProgressView",
    "PriorityReportView",
    "PriorityReportsView",
    "ProgrammeView",
    "ReviewDetailView",
    "ReviewView",
    "SilenceView",
    "StrategyDetailView",
    "TownReportsView",
]
