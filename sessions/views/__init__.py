from .proposal import ProposalDetailView
from .session import SessionDetailView, SessionListView

__all__ = [
    "ProposalDetailView",
    "SessionDetailView",
    "SessionListView",
]
