from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import View

from exchange.calendar import TYPE, calendar, for_calendar
from municipalities.models import Municipality
from sessions.models import Session


class CalendarView(View):
    """Sessions of all regions as a calendar that programs subscribe to."""

    file_name = "calendar.ics"

    def get_name(self):
        """What the calendar is called."""
        return _("Сессии малых городов")

    def get_sessions(self):
        """Which sessions it holds."""
        return Session.objects.public().filter(region__is_active=True, region__is_sample=False)

    def get(self, request, **kwargs):
        """The calendar, the same for everybody."""
        sessions = for_calendar(self.get_sessions())
        body = calendar(self.get_name(), sessions, page=request.build_absolute_uri)
        return HttpResponse(
            body, content_type=TYPE, headers={"Content-Disposition": f'inline; filename="{self.file_name}"'}
        )


class TownCalendarView(CalendarView):
    """Sessions of a town, those it hosts and those it takes part in."""

    def get_name(self):
        return _("Сессии: %(town)s") % {"town": self.town.shown_name}

    def get_sessions(self):
        return Session.objects.public().of_town(self.town)

    def get(self, request, slug):
        """The calendar of the town of the address."""
        self.town = get_object_or_404(Municipality.objects.only("name", "name_en", "slug", "region"), slug=slug)
        return super().get(request)


class SessionCalendarView(CalendarView):
    """One session, to add to one's own calendar."""

    file_name = "session.ics"

    def get_name(self):
        return self.session.title

    def get_sessions(self):
        return Session.objects.public().filter(pk=self.session.pk)

    def get(self, request, slug):
        """The calendar of a public session whose day is known."""
        self.session = get_object_or_404(Session.objects.public().filter(starts_at__isnull=False), slug=slug)
        return super().get(request)
