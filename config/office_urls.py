"""The office: what officials do. Russian only, for those who signed in; citizens' pages stand in `config/urls.py`."""

from django.urls import path

from accounts.revision_views import RevisionsView
from config.views.dashboard import DashboardView
from config.views.office import OfficeView
from exchange.intake.views.files import TableFileView, WrongRowsView
from exchange.intake.views.start import TablesView
from exchange.intake.views.table import TableView
from exchange.intake.views.take_back import TakeBackView
from exchange.papers.views.minutes import MinutesPageView, MinutesView
from exchange.papers.views.papers import PapersView
from exchange.papers.views.templates import PaperTemplatesView, PaperTemplateView
from exchange.papers.views.visit import VisitView
from exchange.tables.views.export import TableExportView
from exchange.tables.views.publish import TablesPublishView
from exchange.views.hall_sheet import SheetView
from sessions.views.hall import HallView
from sessions.views.moderation import ModerationQueueView, ModerationView
from sessions.views.office_decisions import SessionDecisionsView
from sessions.views.office_sessions import OfficeSessionsView, SessionNewView, SessionPage
from strategies.coverage.views.commitments import CommitmentsView, CommitmentView
from strategies.coverage.views.findings import FindingsView, FindingView
from strategies.coverage.views.office import OfficeCoverageView, OfficeGapsView, OfficeGapView
from strategies.dashboard.views import OfficeProgrammeView
from strategies.programme.views.office_life import (
    OfficeProgrammeDetailView,
    OfficeProgrammeEditView,
    OfficeProgrammeReviseView,
)
from strategies.reporting.views.cycle import CycleCloseView, OfficeCyclesView, OfficeCycleView
from strategies.reporting.views.evidence import EvidenceRemoveView
from strategies.reporting.views.handover import HandoverDetailView, HandoverNewView, HandoversView
from strategies.reporting.views.letters import LetterLinkView, LetterSettingsView, RemindView
from strategies.reporting.views.own_measures import OfficeMeasuresView
from strategies.reporting.views.report import (
    CorrectionView,
    MeasureReportView,
    OwnReportView,
    PriorityReportView,
)
from strategies.reporting.views.review import ReviewDetailView, ReviewView
from strategies.reporting.views.silence import OfficeSilenceView

app_name = "office"
urlpatterns = [
    path("", OfficeView.as_view(), name="home"),
    path("measures/", OfficeMeasuresView.as_view(), name="measures"),
    path("measures/<int:pk>/report/<str:period>/", MeasureReportView.as_view(), name="report_measure"),
    path("priorities/<int:pk>/report/<str:period>/", PriorityReportView.as_view(), name="report_priority"),
    path("reports/<int:pk>/correct/", CorrectionView.as_view(), name="report_correct"),
    path("reports/<int:pk>/", OwnReportView.as_view(), name="report_detail"),
    # Review
    path("review/", ReviewView.as_view(), name="review"),
    path("review/<int:pk>/", ReviewDetailView.as_view(), name="review_detail"),
    path("revisions/", RevisionsView.as_view(), name="revisions"),
    # Reporting periods
    path("cycles/", OfficeCyclesView.as_view(), name="cycles"),
    path("cycles/<int:pk>/", OfficeCycleView.as_view(), name="cycle_detail"),
    path("cycles/<int:pk>/close/", CycleCloseView.as_view(), name="cycle_close"),
    # What the two sides promise each other, what contradicts what
    path("commitments/", CommitmentsView.as_view(), name="commitments"),
    path("commitments/<int:pk>/", CommitmentView.as_view(), name="commitment"),
    path("programme/findings/", FindingsView.as_view(), name="findings"),
    path("programme/findings/<int:pk>/", FindingView.as_view(), name="finding"),
    # Who answers for what
    path("silence/", OfficeSilenceView.as_view(), name="silence"),
    path("handovers/", HandoversView.as_view(), name="handovers"),
    path("handovers/new/", HandoverNewView.as_view(), name="handover_new"),
    path("handovers/<int:pk>/", HandoverDetailView.as_view(), name="handover_detail"),
    path("sessions/<int:pk>/minutes/", MinutesPageView.as_view(), name="session_minutes_page"),
    path("sessions/<int:pk>/minutes.docx", MinutesView.as_view(), name="session_minutes"),
    # Sessions and what is said at them
    path("sessions/", OfficeSessionsView.as_view(), name="sessions"),
    path("sessions/new/", SessionNewView.as_view(), name="session_new"),
    path("sessions/<int:pk>/", SessionPage.as_view(), name="session"),
    path("sessions/<int:pk>/decisions/", SessionDecisionsView.as_view(), name="session_decisions"),
    path("sessions/<int:pk>/hall/", HallView.as_view(), name="session_hall"),
    path("sessions/<int:pk>/import/", SheetView.as_view(), name="session_import"),
    path("proposals/", ModerationQueueView.as_view(), name="proposals"),
    path("proposals/<int:pk>/", ModerationView.as_view(), name="proposal"),
    # The programme
    path("towns/<slug:slug>/visit/", VisitView.as_view(), name="visit"),
    path("towns/<slug:slug>/remind/", RemindView.as_view(), name="remind"),
    path("dashboard/", DashboardView.as_view(), name="dashboard"),
    path("programme/coverage/", OfficeCoverageView.as_view(), name="coverage"),
    path("programme/gaps/", OfficeGapsView.as_view(), name="gaps"),
    path("programme/gaps/<slug:kind>/<int:pk>/", OfficeGapView.as_view(), name="gap"),
    path("programme/", OfficeProgrammeView.as_view(), name="programme"),
    path("programme/<int:pk>/", OfficeProgrammeDetailView.as_view(), name="programme_detail"),
    path("programme/<int:pk>/edit/", OfficeProgrammeEditView.as_view(), name="programme_edit"),
    path("programme/<int:pk>/revise/", OfficeProgrammeReviseView.as_view(), name="programme_revise"),
    # Official papers
    path("papers/", PapersView.as_view(), name="papers"),
    path("papers/templates/", PaperTemplatesView.as_view(), name="paper_templates"),
    path("papers/templates/<int:pk>.docx", PaperTemplateView.as_view(), name="paper_template"),
    # Tables in and out
    path("tables/", TablesView.as_view(), name="tables"),
    path("tables/<int:pk>/", TableView.as_view(), name="table"),
    path("tables/<int:pk>/file/", TableFileView.as_view(), name="table_file"),
    path("tables/<int:pk>/wrong.xlsx", WrongRowsView.as_view(), name="table_wrong"),
    path("tables/<int:pk>/back/", TakeBackView.as_view(), name="table_back"),
    path("tables/export/", TableExportView.as_view(), name="tables_export"),
    path("tables/publish/", TablesPublishView.as_view(), name="tables_publish"),
    # Letters
    path("go/<str:token>/", LetterLinkView.as_view(), name="go"),
    path("letters/", LetterSettingsView.as_view(), name="letters"),
    # Evidence
    path("evidence/<int:pk>/remove/", EvidenceRemoveView.as_view(), name="evidence_remove"),
]
