"""The workshop of a region: Django's admin, opened by role assignments and by nothing else."""

from functools import update_wrapper

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from accounts.admin_scope import RegionScope
from accounts.permissions import is_region_staff

# Towns of any region may be picked here: guests of a session come from everywhere, and the list of towns is public.
OPEN_FIELDS = {"discussions.Practice.municipality"}


class ScopedAutocompleteView(AutocompleteJsonView):
    """Suggestions of a field: rows of the official's own regions, but for the few open fields."""

    def get_queryset(self):
        if str(self.source_field) not in OPEN_FIELDS:
            return super().get_queryset()
        rows = self.source_field.remote_field.model._default_manager.all()
        return self.model_admin.get_search_results(self.request, rows, self.term)[0]


class RegionAdminSite(admin.AdminSite):
    """Only staff of a region come in: a stranger is sent to sign in, anybody else who is signed in gets 403."""

    site_title = settings.SITE_NAME
    site_header = "Мастерская региона"
    index_title = "Что можно вести"
    empty_value_display = "—"

    def register(self, model_or_iterable, admin_class=None, **options):
        """Take only our own admins: pages that libraries bring along know nothing of regions."""
        if admin_class is not None and issubclass(admin_class, RegionScope):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request):
        """Whether the person works for a region (`accounts.permissions.is_region_staff`)."""
        return request.user.is_authenticated and is_region_staff(request.user)

    def admin_view(self, view, cacheable=False):
        """Refuse before any page: sign-in for strangers, 403 for the rest."""
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse(settings.LOGIN_URL))
            if not self.has_permission(request) and request.path != reverse("admin:logout"):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, view)

    def login(self, request, extra_context=None):
        """There is one sign-in for the whole site; whoever is signed in already goes on or is refused."""
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("admin:index"), reverse(settings.LOGIN_URL))
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")

    def autocomplete_view(self, request):
        """Suggestions for a field."""
        return ScopedAutocompleteView.as_view(admin_site=self)(request)
