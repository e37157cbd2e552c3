from .home import HomeView
from .system import (
    AboutView,
    ReadingPreferencesView,
    after_login,
    bad_request,
    healthz,
    page_not_found,
    permission_denied,
    robots,
    server_error,
)
from .towns import MunicipalityDetailView, MunicipalityListView

__all__ = [
    "AboutView",
    "HomeView",
    "MunicipalityDetailView",
    "MunicipalityListView",
    "ReadingPreferencesView",
    "after_login",
    "bad_request",
    "healthz",
    "page_not_found",
    "permission_denied",
    "robots",
    "server_error",
]
