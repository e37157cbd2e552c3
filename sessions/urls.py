from django.urls import path

from sessions import views

app_name = "sessions"
urlpatterns = [
    path("", views.SessionListView.as_view(), name="session_list"),
    path("results/", views.ResultsView.as_view(), name="results"),
    path("<slug:slug>/", views.SessionDetailView.as_view(), name="session_detail"),
    path("<slug:slug>/results/", views.SessionResultsView.as_view(), name="session_results"),
    path("<slug:slug>/session.ics", views.SessionCalendarView.as_view(), name="session_calendar"),
    path("<slug:slug>/propose/", views.SessionProposeView.as_view(), name="propose"),
]
