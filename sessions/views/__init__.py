from .proposal import ProposalDetailView, ProposalListView
from .session import SessionDetailView, SessionListView

__all__ = [
    "ProposalDetailView",
    "ProposalListView",
    "SessionDetailView",
    "SessionListView",
]
