"""The models of the rooms, where Django looks for them. Inside `strategies` each is imported from its room."""

from strategies.coverage.models.commitment import Commitment, Side
from strategies.coverage.models.finding import Finding
from strategies.coverage.models.gap import GapAnswer
from strategies.priorities.models import Goal, Priority, Sphere, Strategy
from strategies.programme.models.funding import Funding
from strategies.programme.models.indicator import Indicator, IndicatorValue, TargetChange
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import DueChange, Milestone, PriorityMeasure
from strategies.programme.models.programme import Programme, ProgrammeDirection
from strategies.programme.models.version import ProgrammeVersion, VersionChange
from strategies.reporting.models.cycle import ExpectedReport, ReportingCycle
from strategies.reporting.models.evidence import Evidence
from strategies.reporting.models.handover import Handover, HandoverItem
from strategies.reporting.models.report import ProgressReport
from strategies.reporting.models.report_parts import ReportedActual, ReportedMilestone, ReportedSpending

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
