from django.urls import path

from exchange.views.calendar import CalendarView, TownCalendarView

app_name = "calendar"
urlpatterns = [
    path("calendar.ics", CalendarView.as_view(), name="all"),
    path("towns/<slug:slug>/calendar.ics", TownCalendarView.as_view(), name="town"),
]
