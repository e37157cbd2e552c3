"""What stands around every page: language from the address, public pages that anybody may cache, the second factor."""

import hashlib
import re
from contextlib import suppress

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpResponse, UnreadablePostError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from accounts.models import Role
from config.reading import COOKIE
from municipalities.models import EVERYWHERE, Edition
from municipalities.typed import cleaned

PRIVATE_PREFIXES = (
    "/accounts/",
    "/en/accounts/",
    "/admin/",
    "/office/",
    "/letters/",
    "/en/office/",
    "/static/",
    "/media/",
    "/healthz",
)
CACHE_SECONDS = 60 * 60
PROXY_SECONDS = "10"  # how long nginx may answer in the site's place, where it is asked to keep pages
KEPT_HEADERS = ("Content-Language", "Content-Disposition")  # what a page is called and speaks goes with it
CACHED_METHODS = {"GET", "HEAD"}
ETAG = re.compile(r'"[0-9a-f]{32}-(\d{1,18})"')


class LanguageFromPathMiddleware:
    """The language is part of the address (`/en/…`), never of a cookie or a header: one address, one page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class PublicPagesMiddleware:
    """Public pages are the same for everybody: kept whole per edition of their region, and answered with 304.

    A view of one region says which in `request.region_shown`; a page without it shows several and goes by the editions
    of all. The numbers are read from the database by one query, so any number of processes agree. The region is kept
    with the page and written into its tag: the next request is answered before anybody has computed the page. The
    present day is part of the tag, because lateness depends on it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self._answer(request)
        # A proxy keeps what the site calls public, for seconds, and nothing else, whatever it is told to ignore.
        if "public" not in response.headers.get("Cache-Control", ""):
            response.headers["X-Accel-Expires"] = "0"
            response.headers["CDN-Cache-Control"] = "no-store"
        return response

    def _answer(self, request):
        if request.method not in CACHED_METHODS or request.path.startswith(PRIVATE_PREFIXES):
            return self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or COOKIE in request.COOKIES:
            response = self.get_response(request)
            patch_cache_control(response, private=True)
            return response
        return self._public(request)

    def _public(self, request):
        request.editions = Edition.numbers()
        day = timezone.localdate().isoformat()
        address = _digest(settings.RELEASE, day, request.get_host(), request.scheme, request.get_full_path())
        known = request.headers.get("If-None-Match", "")
        for region in ETAG.findall(known):
            etag = self._etag(address, int(region), request.editions)
            if etag in known:
                return self._with_headers(HttpResponse(status=304), etag)
        kept = caches["pages"].get(f"page:{address}")
        if kept is not None and kept["etag"] == self._etag(address, kept["region"], request.editions):
            response = HttpResponse(kept["content"], content_type=kept["type"])
            for name, said in kept["headers"].items():
                response.headers[name] = said
            return self._with_headers(response, kept["etag"])
        response = self.get_response(request)
        if "no-store" in response.headers.get("Cache-Control", ""):
            return response
        if (
            response.status_code == 200
            and not response.streaming
            and not response.cookies
            and hasattr(response, "content")
        ):
            self._keep(request, response, address)
        return response

    def _keep(self, request, response, address):
        region = getattr(request, "region_shown", None) or EVERYWHERE
        etag = self._etag(address, region, request.editions)
        kept = {
            "region": region, "etag": etag, "content": response.content, "type": response.headers["Content-Type"],
            "headers": {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        }  # fmt: skip
        caches["pages"].set(f"page:{address}", kept, CACHE_SECONDS)
        self._with_headers(response, etag)

    def _etag(self, address, region, editions):
        return f'"{_digest(address, str(editions.of(region)))}-{region}"'

    def _with_headers(self, response, etag):
        response.headers["ETag"] = etag
        response.headers["X-Accel-Expires"] = PROXY_SECONDS
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        return response


def _digest(*parts):
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


class TypedTextMiddleware:
    """What is typed into addresses and forms reaches views clean (`municipalities.typed`): one rule for every page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path_info:
            raise Http404
        if request.META.get("QUERY_STRING"):
            request.GET = cleaned(request.GET)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Clean a posted form; a view without CSRF check weighs the post before it is read, and cleans it itself."""
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            with suppress(UnreadablePostError):  # whoever sent it has gone away: the view finds that out itself
                request.POST = cleaned(request.POST)


class SecondFactorMiddleware:
    """Where it is required, approvers and administrators set up a second factor before anything else."""

    # What leads to the second factor, and the way out. Nothing else opens.
    OPEN = (
        "mfa_activate_totp",
        "account_reauthenticate",
        "account_login",
        "account_logout",
        "reading_preferences",
        "healthz",
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.MFA_REQUIRED and self._lacks_factor(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _lacks_factor(self, request):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return False
        if request.path in {reverse(name) for name in self.OPEN}:
            return False
        user = request.user
        must = user.is_superuser or user.region_ids(Role.ADMIN, Role.REGION_APPROVER)
        return bool(must) and not is_mfa_enabled(user, [Authenticator.Type.TOTP])
