from .commitment import Commitment, Side
from .cycle import ExpectedReport, ReportingCycle
from .evidence import Evidence
from .finding import Finding
from .funding import Funding
from .gap import GapAnswer
from .handover import Handover, HandoverItem
from .indicator import Indicator, IndicatorValue, TargetChange
from .measure import Measure
from .measure_parts import DueChange, Milestone, PriorityMeasure
from .programme import Programme, ProgrammeDirection
from .programme_version import ProgrammeVersion, VersionChange
from .report import ProgressReport
from .report_parts import ReportedActual, ReportedMilestone, ReportedSpending
from .strategy import Goal, Priority, Sphere, Strategy

__all__ = [
    "Commitment",
    "DueChange",
    "Evidence",
    "ExpectedReport",
    "Finding",
    "Funding",
    "GapAnswer",
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
    "ProgrammeVersion",
    "ProgressReport",
    "ReportedActual",
    "ReportedMilestone",
    "ReportedSpending",
    "ReportingCycle",
    "Side",
    "Sphere",
    "Strategy",
    "TargetChange",
    "VersionChange",
]
