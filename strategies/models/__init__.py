from .funding import Funding
from .indicator import Indicator, IndicatorValue
from .measure import DueChange, Measure, Milestone, PriorityMeasure
from .programme import Programme, ProgrammeDirection
from .report import ProgressReport, ReportedActual, ReportedMilestone, ReportedSpending
from .strategy import Goal, Priority, Sphere, Strategy

__all__ = [
    "DueChange",
    "Funding",
    "Goal",
    "Indicator",
    "IndicatorValue",
    "Measure",
    "Milestone",
    "Priority",
    "PriorityMeasure",
    "Programme",
    "ProgrammeDirection",
    "ProgressReport",
    "ReportedActual",
    "ReportedMilestone",
    "ReportedSpending",
    "Sphere",
    "Strategy",
]
