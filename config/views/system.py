from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from accounts.permissions import is_region_staff
from config import reading


class AboutView(TemplateView):
    """What the site is, how it counts, what it keeps about people, whose data it shows."""

    template_name = "config/about.html"
    extra_context = {"section": "about"}


@method_decorator(csrf_exempt, name="dispatch")  # changes nothing but the reader's own cookie; a token would need one
class ReadingPreferencesView(TemplateView):
    """Reading preferences for those without script: the same form as in the header."""

    template_name = "config/reading.html"

    def post(self, request):
        """Keep the choice in the reader's cookie and go back to where they were."""
        preferences = reading.changed(reading.reading_preferences(request), request.POST)
        target = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
            target = reverse("reading_preferences")
        response = HttpResponseRedirect(target)
        if preferences:
            response.set_cookie(
                reading.COOKIE,
                reading.as_cookie(preferences),
                max_age=reading.MAX_AGE,
                samesite="Lax",
                secure=request.is_secure(),
            )
        else:
            response.delete_cookie(reading.COOKIE, samesite="Lax")
        return response


@login_required
def after_login(request):
    """Lead a person to their work: whoever has a role to the office, the site's owner to the workshop."""
    if request.user.current_roles:
        return redirect("office:home")
    return redirect("admin:index" if is_region_staff(request.user) else "home")


@require_safe
@never_cache
def healthz(request):
    """200 while the database answers: for monitors."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def robots(request):
    """Everything public may be indexed; the workshop may not."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /en/accounts/",
        "Disallow: /search/",
        "Disallow: /en/search/",
        "Disallow: /reading/",
        "Disallow: /en/reading/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def bad_request(request, exception=None):
    """400 in the site's look; the address of the request may be what is broken, so nothing is asked of it."""
    return _standing_alone("400.html", status=400)


def permission_denied(request, exception=None):
    """403 in the site's look."""
    return render(request, "403.html", status=403)


def page_not_found(request, exception=None):
    """404 in the site's look, with the ways on."""
    return render(request, "404.html", status=404)


def server_error(request):
    """500 in the site's look: neither the database nor a context processor is asked, for they may be what failed."""
    return _standing_alone("500.html", status=500)


def _standing_alone(template_name, *, status):
    return HttpResponse(render_to_string(template_name, {"site_name": gettext(settings.SITE_NAME)}), status=status)
