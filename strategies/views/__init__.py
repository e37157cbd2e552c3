from .measure import MeasureDetailView
from .priority import PriorityDetailView
from .programme import ProgrammeView
from .strategy import StrategyDetailView

__all__ = ["MeasureDetailView", "PriorityDetailView", "ProgrammeView", "StrategyDetailView"]
