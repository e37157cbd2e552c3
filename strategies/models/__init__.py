from .cycle import ExpectedReport, ReportingCycle
from .evidence import Evidence
from .funding import Funding
from .handover import Handover, HandoverItem
from .indicator import Indicator, IndicatorValue, TargetChange
from .measure import Measure
from .measure_parts import DueChange, Milestone, PriorityMeasure
from .programme import Programme, ProgrammeDirection
from .report import ProgressReport
from .report_parts import ReportedActual, ReportedMilestone, ReportedSpending
from .strategy import Goal, Priority, Sphere, Strategy

__all__ = [
    "DueChange",
    "Evidence",
    "ExpectedReport",
    "Funding",
    "Goal",
    "Handover",
    "HandoverItem",
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
    "ReportingCycle",
    "Sphere",
    "Strategy",
    "TargetChange",
]
