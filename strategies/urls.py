from django.urls import path

from strategies import views

app_name = "strategies"
urlpatterns = [
    path("towns/<slug:slug>/strategy/", views.StrategyDetailView.as_view(), name="strategy_detail"),
    path("towns/<slug:slug>/reports/", views.TownReportsView.as_view(), name="town_reports"),
    path("priorities/<int:pk>/", views.PriorityDetailView.as_view(), name="priority_detail"),
    path("priorities/<int:pk>/progress/", views.PriorityProgressView.as_view(), name="priority_progress"),
    path("priorities/<int:pk>/reports/", views.PriorityReportsView.as_view(), name="priority_reports"),
    path("goals/<int:pk>/progress/", views.GoalProgressView.as_view(), name="goal_progress"),
    path("programme/periods/<int:pk>/", views.CycleDetailView.as_view(), name="cycle_detail"),
    path("programme/coverage/", views.CoverageView.as_view(), name="coverage"),
    path("programme/gaps/", views.GapsView.as_view(), name="gaps"),
    path("programme/silence/", views.SilenceView.as_view(), name="silence"),
    path("programme/changes/", views.LedgerView.as_view(), name="ledger"),
    path("programme/discussion/", views.DiscussionView.as_view(), name="programme_discussion"),
    path("programme/versions/", views.VersionsView.as_view(), name="versions"),
    path("programme/versions/<int:pk>/", views.VersionView.as_view(), name="version_detail"),
    path("programme/", views.ProgrammeView.as_view(), name="programme"),
    path("measures/<int:pk>/", views.MeasureDetailView.as_view(), name="measure_detail"),
    path("evidence/<int:pk>/", views.EvidenceView.as_view(), name="evidence"),
    path("evidence/<int:pk>/small/", views.EvidenceView.as_view(small=True), name="evidence_small"),
]
