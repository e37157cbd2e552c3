from .hall import HallView
from .mine import ConsentView, MyProposalView
from .moderation import ModerationQueueView, ModerationView
from .office_decisions import SessionDecisionsView
from .office_sessions import OfficeSessionsView, SessionNewView, SessionPage
from .proposal import ProposalDetailView, ProposalListView
from .propose import SessionProposeView, TownProposeView
from .session import SessionDetailView, SessionListView
from .sheet import SheetView

__all__ = [
    "ConsentView",
    "HallView",
    "ModerationQueueView",
    "ModerationView",
    "MyProposalView",
    "OfficeSessionsView",
    "ProposalDetailView",
    "ProposalListView",
    "SessionDecisionsView",
    "SessionDetailView",
    "SessionListView",
    "SessionNewView",
    "SessionPage",
    "SessionProposeView",
    "SheetView",
    "TownProposeView",
]
