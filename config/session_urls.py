"""Addresses of sessions: their own pages, and the calendar that leaves the site (`exchange`)."""

from django.urls import path

from exchange.views.calendar import SessionCalendarView
from sessions import urls

app_name = urls.app_name
urlpatterns = [
    *urls.urlpatterns,
    path("<slug:slug>/session.ics", SessionCalendarView.as_view(), name="session_calendar"),
]
