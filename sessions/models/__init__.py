from .consent import ConsentText
from .decision import Decision, PriorityVote
from .numbers import NumberSeries
from .proposal import Proposal
from .refused import RefusedPost
from .session import Session
from .session_parts import DateChange, Practice, Section

__all__ = [
    "ConsentText",
    "DateChange",
    "Decision",
    "NumberSeries",
    "Practice",
    "PriorityVote",
    "Proposal",
    "RefusedPost",
    "Section",
    "Session",
]
