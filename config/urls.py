"""All addresses of the site. Public pages and sign-in exist in Russian (no prefix) and in English (`/en/`)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from django.views.static import serve

from accounts.views import LettersStopView
from config.sitemaps import SITEMAPS
from config.views.home import HomeView
from config.views.lateness import LatenessView
from config.views.search import SearchView
from config.views.similar import SimilarTownsView
from config.views.system import AboutView, ReadingPreferencesView, after_login, healthz, robots
from config.views.town import MunicipalityDetailView
from config.views.town_pages import TownDocumentsView, TownFiguresView, TownPeopleView
from config.views.towns import MunicipalityListView, MunicipalityProgressView
from exchange.papers.views.coverage import CoverageSheetView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("office/", include("config.office_urls")),
    path("letters/stop/<str:token>/", LettersStopView.as_view(), name="letters_stop"),
    path("healthz", healthz, name="healthz"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    *i18n_patterns(
        path("", HomeView.as_view(), name="home"),
        path("search/", SearchView.as_view(), name="search"),
        path("towns/", MunicipalityListView.as_view(), name="municipality_list"),
        path("towns/<slug:slug>/", MunicipalityDetailView.as_view(), name="municipality_detail"),
        path("towns/<slug:slug>/progress/", MunicipalityProgressView.as_view(), name="municipality_progress"),
        path("towns/<slug:slug>/figures/", TownFiguresView.as_view(), name="municipality_figures"),
        path("towns/<slug:slug>/documents/", TownDocumentsView.as_view(), name="municipality_documents"),
        path("towns/<slug:slug>/people/", TownPeopleView.as_view(), name="municipality_people"),
        path("towns/<slug:slug>/similar/", SimilarTownsView.as_view(), name="municipality_similar"),
        path("programme/late/", LatenessView.as_view(), name="lateness"),
        path("about/", AboutView.as_view(), name="about"),
        path("reading/", ReadingPreferencesView.as_view(), name="reading_preferences"),
        path("accounts/", include("config.signin_urls")),
        path("accounts/welcome/", after_login, name="after_login"),
        path("programme/coverage.xlsx", CoverageSheetView.as_view(), name="coverage_xlsx"),
        path("", include("config.strategy_urls")),
        path("sessions/", include("config.session_urls")),
        path("", include("sessions.proposal_urls")),
        path("", include("exchange.calendar_urls")),
        path("documents/", include("documents.urls")),
        prefix_default_language=False,
    ),
]
if settings.DEBUG or settings.DEMO:
    # A proxy serves uploads in production (docs/operations.md).
    urlpatterns += [re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})]

handler400 = "config.views.system.bad_request"
handler403 = "config.views.system.permission_denied"
handler404 = "config.views.system.page_not_found"
handler500 = "config.views.system.server_error"
