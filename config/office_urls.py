"""The office: what officials do. Russian only, for those who signed in; citizens' pages stand in `config/urls.py`."""

from django.urls import path

from config.views.office import OfficeView
from strategies import views

app_name = "office"
urlpatterns = [
    path("", OfficeView.as_view(), name="home"),
    path("measures/", views.OfficeMeasuresView.as_view(), name="measures"),
    path("measures/<int:pk>/report/<str:period>/", views.MeasureReportView.as_view(), name="report_measure"),
    path("priorities/<int:pk>/report/<str:period>/", views.PriorityReportView.as_view(), name="report_priority"),
    path("reports/<int:pk>/correct/", views.CorrectionView.as_view(), name="report_correct"),
    path("reports/<int:pk>/", views.OwnReportView.as_view(), name="report_detail"),
    # Review
    path("review/", views.ReviewView.as_view(), name="review"),
    path("review/<int:pk>/", views.ReviewDetailView.as_view(), name="review_detail"),
    # Reporting periods
    path("cycles/", views.OfficeCyclesView.as_view(), name="cycles"),
    path("cycles/<int:pk>/", views.OfficeCycleView.as_view(), name="cycle_detail"),
    path("cycles/<int:pk>/close/", views.CycleCloseView.as_view(), name="cycle_close"),
    # Who answers for what
    path("silence/", views.OfficeSilenceView.as_view(), name="silence"),
    path("handovers/", views.HandoversView.as_view(), name="handovers"),
    path("handovers/new/", views.HandoverNewView.as_view(), name="handover_new"),
    path("handovers/<int:pk>/", views.HandoverDetailView.as_view(), name="handover_detail"),
    # Letters
    path("go/<str:token>/", views.LetterLinkView.as_view(), name="go"),
    path("letters/", views.LetterSettingsView.as_view(), name="letters"),
    # Evidence
    path("evidence/<int:pk>/remove/", views.EvidenceRemoveView.as_view(), name="evidence_remove"),
]
