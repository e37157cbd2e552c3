"""The office: what officials do. Russian only, for those who signed in; citizens' pages stand in `config/urls.py`."""

from django.urls import path

from config.views.dashboard import DashboardView
from config.views.office import OfficeView
from exchange import views as exchange
from sessions import views as sessions
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
    # What the two sides promise each other, what contradicts what
    path("commitments/", views.CommitmentsView.as_view(), name="commitments"),
    path("commitments/<int:pk>/", views.CommitmentView.as_view(), name="commitment"),
    path("programme/findings/", views.FindingsView.as_view(), name="findings"),
    path("programme/findings/<int:pk>/", views.FindingView.as_view(), name="finding"),
    # Who answers for what
    path("silence/", views.OfficeSilenceView.as_view(), name="silence"),
    path("handovers/", views.HandoversView.as_view(), name="handovers"),
    path("handovers/new/", views.HandoverNewView.as_view(), name="handover_new"),
    path("handovers/<int:pk>/", views.HandoverDetailView.as_view(), name="handover_detail"),
    path("sessions/<int:pk>/minutes/", exchange.MinutesPageView.as_view(), name="session_minutes_page"),
    path("sessions/<int:pk>/minutes.docx", exchange.MinutesView.as_view(), name="session_minutes"),
    # Sessions and what is said at them
    path("sessions/", sessions.OfficeSessionsView.as_view(), name="sessions"),
    path("sessions/new/", sessions.SessionNewView.as_view(), name="session_new"),
    path("sessions/<int:pk>/", sessions.SessionPage.as_view(), name="session"),
    path("sessions/<int:pk>/decisions/", sessions.SessionDecisionsView.as_view(), name="session_decisions"),
    path("sessions/<int:pk>/hall/", sessions.HallView.as_view(), name="session_hall"),
    path("sessions/<int:pk>/import/", sessions.SheetView.as_view(), name="session_import"),
    path("proposals/", sessions.ModerationQueueView.as_view(), name="proposals"),
    path("proposals/<int:pk>/", sessions.ModerationView.as_view(), name="proposal"),
    # The programme
    path("towns/<slug:slug>/visit/", exchange.VisitView.as_view(), name="visit"),
    path("towns/<slug:slug>/remind/", views.RemindView.as_view(), name="remind"),
    path("dashboard/", DashboardView.as_view(), name="dashboard"),
    path("programme/coverage/", views.OfficeCoverageView.as_view(), name="coverage"),
    path("programme/gaps/", views.OfficeGapsView.as_view(), name="gaps"),
    path("programme/gaps/<slug:kind>/<int:pk>/", views.OfficeGapView.as_view(), name="gap"),
    path("programme/", views.OfficeProgrammeView.as_view(), name="programme"),
    path("programme/<int:pk>/", views.OfficeProgrammeDetailView.as_view(), name="programme_detail"),
    path("programme/<int:pk>/edit/", views.OfficeProgrammeEditView.as_view(), name="programme_edit"),
    path("programme/<int:pk>/revise/", views.OfficeProgrammeReviseView.as_view(), name="programme_revise"),
    # Official papers
    path("papers/", exchange.PapersView.as_view(), name="papers"),
    path("papers/templates/", exchange.PaperTemplatesView.as_view(), name="paper_templates"),
    path("papers/templates/<int:pk>.docx", exchange.PaperTemplateView.as_view(), name="paper_template"),
    # Tables in and out
    path("tables/", exchange.TablesView.as_view(), name="tables"),
    path("tables/export/", exchange.TableExportView.as_view(), name="tables_export"),
    path("tables/publish/", exchange.TablesPublishView.as_view(), name="tables_publish"),
    # Letters
    path("go/<str:token>/", views.LetterLinkView.as_view(), name="go"),
    path("letters/", views.LetterSettingsView.as_view(), name="letters"),
    # Evidence
    path("evidence/<int:pk>/remove/", views.EvidenceRemoveView.as_view(), name="evidence_remove"),
]
