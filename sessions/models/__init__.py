from .proposal import Proposal
from .session import DateChange, Practice, Section, Session

__all__ = ["DateChange", "Practice", "Proposal", "Section", "Session"]
