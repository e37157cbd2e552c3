from django.urls import path

from sessions import views

app_name = "calendar"
urlpatterns = [
    path("calendar.ics", views.CalendarView.as_view(), name="all"),
    path("towns/<slug:slug>/calendar.ics", views.TownCalendarView.as_view(), name="town"),
]
