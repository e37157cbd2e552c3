from .calendar import CalendarView, SessionCalendarView, TownCalendarView
from .hall import HallView
from .mine import ConsentView, MyProposalView
from .moderation import ModerationQueueView, ModerationView
from .office_decisions import SessionDecisionsView
from .office_sessions import OfficeSessionsView, SessionNewView, SessionPage
from .proposal import ProposalDetailView, ProposalListView
from .propose import SessionProposeView, TownProposeView
from .results import ResultsView, SessionResultsView
from .session import SessionDetailView, SessionListView
from .sheet import SheetView

__all__ = [
    "CalendarView",
    "ConsentView",
    "HallView",
    "ModerationQueueView",
    "ModerationView",
    "MyProposalView",
    "OfficeSessionsView",
    "ProposalDetailView",
    "ProposalListView",
    "ResultsView",
    "SessionCalendarView",
    "SessionDecisionsView",
    "SessionDetailView",
    "SessionListView",
    "SessionNewView",
    "SessionPage",
    "SessionProposeView",
    "SessionResultsView",
    "SheetView",
    "TownCalendarView",
    "TownProposeView",
]
