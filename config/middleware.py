"""What stands around every page: language from the address, public pages that anybody may cache, the second factor."""

import hashlib

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag

from accounts.models import Role
from config.reading import COOKIE
from municipalities.models import Edition

# Who comes and goes, and how they protect their account: nothing of it is public.
OWN_AFFAIRS = ("/accounts/", "/en/accounts/")
PRIVATE_PREFIXES = (
    *OWN_AFFAIRS,
    "/admin/",
    "/office/",
    "/letters/",
    "/en/office/",
    "/static/",
    "/media/",
    "/healthz",
)
CACHE_SECONDS = 60 * 60
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


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
    """Public pages are the same for everybody: kept whole per edition of the site, and answered with 304.

    The edition number is read from the database by one query, so any number of processes agree; every request that may
    have changed something makes a new edition once it has succeeded, unless its view says that the public sees
    nothing new (`response.keeps_edition`, as for drafts that save themselves). The present day is part of the key,
    because lateness depends on it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in SAFE_METHODS:
            response = self.get_response(request)
            # Only signed-in people change what the public sees: a stranger's POST must not empty the cache.
            keeps = request.path.startswith(OWN_AFFAIRS) or getattr(response, "keeps_edition", False)
            if response.status_code < 400 and not keeps and hasattr(request, "user") and request.user.is_authenticated:
                Edition.bump()
            return response
        if request.method == "OPTIONS" or request.path.startswith(PRIVATE_PREFIXES):
            return self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or COOKIE in request.COOKIES:
            response = self.get_response(request)
            patch_cache_control(response, private=True)
            return response
        return self._public(request)

    def _public(self, request):
        key = self._key(request)
        etag = quote_etag(key)
        if etag in request.headers.get("If-None-Match", ""):
            return self._with_headers(HttpResponse(status=304), etag)
        kept = cache.get(f"page:{key}")
        if kept is not None:
            response = HttpResponse(kept[0], content_type=kept[1])
            response.headers["Content-Language"] = kept[2]
            return self._with_headers(response, etag)
        response = self.get_response(request)
        if "no-store" in response.headers.get("Cache-Control", ""):
            return response
        if (
            response.status_code == 200
            and not response.streaming
            and not response.cookies
            and hasattr(response, "content")
        ):
            language = response.headers.get("Content-Language", "")
            cache.set(f"page:{key}", (response.content, response.headers["Content-Type"], language), CACHE_SECONDS)
            self._with_headers(response, etag)
        return response

    def _key(self, request):
        request.edition = Edition.current()
        parts = (
            settings.RELEASE,
            str(request.edition),
            timezone.localdate().isoformat(),
            request.get_host(),
            request.scheme,
            request.get_full_path(),
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    def _with_headers(self, response, etag):
        response.headers["ETag"] = etag
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        return response


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
