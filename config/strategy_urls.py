"""Addresses of the four nouns; the pages that show the whole chain stand on the roof (decision 0007)."""

from django.urls import path

from config.views.discussion import DiscussionView
from config.views.measure import MeasureDetailView
from config.views.priority import PriorityDetailView
from config.views.programme import ProgrammeView
from config.views.progress import GoalProgressView, PriorityProgressView
from config.views.strategy import StrategyDetailView
from config.views.timeline import PriorityReportsView, TownReportsView
from strategies.coverage.views.coverage import CoverageView, GapsView
from strategies.programme.views.versions import VersionsView, VersionView
from strategies.reporting.views.cycle import CycleDetailView
from strategies.reporting.views.evidence import EvidenceView
from strategies.reporting.views.ledger import LedgerView
from strategies.reporting.views.silence import SilenceView

app_name = "strategies"
urlpatterns = [
    path("towns/<slug:slug>/strategy/", StrategyDetailView.as_view(), name="strategy_detail"),
    path("towns/<slug:slug>/reports/", TownReportsView.as_view(), name="town_reports"),
    path("priorities/<int:pk>/", PriorityDetailView.as_view(), name="priority_detail"),
    path("priorities/<int:pk>/progress/", PriorityProgressView.as_view(), name="priority_progress"),
    path("priorities/<int:pk>/reports/", PriorityReportsView.as_view(), name="priority_reports"),
    path("goals/<int:pk>/progress/", GoalProgressView.as_view(), name="goal_progress"),
    path("programme/periods/<int:pk>/", CycleDetailView.as_view(), name="cycle_detail"),
    path("programme/coverage/", CoverageView.as_view(), name="coverage"),
    path("programme/gaps/", GapsView.as_view(), name="gaps"),
    path("programme/silence/", SilenceView.as_view(), name="silence"),
    path("programme/changes/", LedgerView.as_view(), name="ledger"),
    path("programme/discussion/", DiscussionView.as_view(), name="programme_discussion"),
    path("programme/versions/", VersionsView.as_view(), name="versions"),
    path("programme/versions/<int:pk>/", VersionView.as_view(), name="version_detail"),
    path("programme/", ProgrammeView.as_view(), name="programme"),
    path("measures/<int:pk>/", MeasureDetailView.as_view(), name="measure_detail"),
    path("evidence/<int:pk>/", EvidenceView.as_view(), name="evidence"),
    path("evidence/<int:pk>/small/", EvidenceView.as_view(small=True), name="evidence_small"),
]
