from .commitments import CommitmentsView, CommitmentView
from .coverage import CoverageView, GapsView
from .cycle import CycleDetailView
from .evidence import EvidenceView
from .findings import FindingsView, FindingView
from .handover import HandoverDetailView, HandoverNewView, HandoversView
from .ledger import LedgerView
from .letter_link import LetterLinkView
from .letter_settings import LetterSettingsView
from .measure import MeasureDetailView
from .office_coverage import OfficeCoverageView
from .office_cycle import CycleCloseView, OfficeCyclesView, OfficeCycleView
from .office_gaps import OfficeGapsView, OfficeGapView
from .office_programme import OfficeProgrammeView
from .office_programme_life import OfficeProgrammeDetailView, OfficeProgrammeEditView, OfficeProgrammeReviseView
from .office_silence import OfficeSilenceView
from .own_measures import OfficeMeasuresView
from .priority import PriorityDetailView
from .programme import ProgrammeView
from .programme_life import DiscussionView, VersionsView, VersionView
from .progress import GoalProgressView, PriorityProgressView
from .remind import RemindView
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
    "CommitmentView",
    "CommitmentsView",
    "CorrectionView",
    "CoverageView",
    "CycleCloseView",
    "CycleDetailView",
    "DiscussionView",
    "EvidenceRemoveView",
    "EvidenceView",
    "FindingView",
    "FindingsView",
    "GapsView",
    "GoalProgressView",
    "HandoverDetailView",
    "HandoverNewView",
    "HandoversView",
    "LedgerView",
    "LetterLinkView",
    "LetterSettingsView",
    "MeasureDetailView",
    "MeasureReportView",
    "OfficeCoverageView",
    "OfficeCycleView",
    "OfficeCyclesView",
    "OfficeGapView",
    "OfficeGapsView",
    "OfficeMeasuresView",
    "OfficeProgrammeDetailView",
    "OfficeProgrammeEditView",
    "OfficeProgrammeReviseView",
    "OfficeProgrammeView",
    "OfficeSilenceView",
    "OwnReportView",
    "PriorityDetailView",
    "PriorityProgressView",
    "PriorityReportView",
    "PriorityReportsView",
    "ProgrammeView",
    "RemindView",
    "ReviewDetailView",
    "ReviewView",
    "SilenceView",
    "StrategyDetailView",
    "TownReportsView",
    "VersionView",
    "VersionsView",
]
