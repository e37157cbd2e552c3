from django.urls import path

from sessions.views.propose import SessionProposeView
from sessions.views.results import ResultsView, SessionResultsView
from sessions.views.session import SessionDetailView, SessionListView

app_name = "sessions"
urlpatterns = [
    path("", SessionListView.as_view(), name="session_list"),
    path("results/", ResultsView.as_view(), name="results"),
    path("<slug:slug>/", SessionDetailView.as_view(), name="session_detail"),
    path("<slug:slug>/results/", SessionResultsView.as_view(), name="session_results"),
    path("<slug:slug>/propose/", SessionProposeView.as_view(), name="propose"),
]
