from .home import HomeView
from .lateness import LatenessView
from .similar import SimilarTownsView
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
from .towns import MunicipalityDetailView, MunicipalityListView, MunicipalityProgressView

__all__ = [
    "AboutView",
    "HomeView",
    "LatenessView",
    "MunicipalityDetailView",
    "MunicipalityListView",
    "MunicipalityProgressView",
    "ReadingPreferencesView",
    "SimilarTownsView",
    "after_login",
    "bad_request",
    "healthz",
    "page_not_found",
    "permission_denied",
    "robots",
    "server_error",
]
