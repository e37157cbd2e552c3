from django.shortcuts import redirect
from django.views.generic import TemplateView

from config.search.found import look, only_one
from config.search.kinds import KINDS
from config.views.home import home_region
from municipalities.models import Municipality

LONGEST = 100  # signs of a question


class SearchView(TemplateView):
    """One box for everything: an exact name or number goes straight there, else groups of what was found."""

    template_name = "config/search.html"

    def get(self, request, *args, **kwargs):
        """Lead to the only page that is meant, or show what was found."""
        self.query = " ".join(request.GET.get("q", "")[:LONGEST].split())
        self.kind = request.GET.get("kind", "")
        self.as_typed = "as_typed" in request.GET
        found = only_one(self.query) if self.query and not self.kind and not self.as_typed else None
        return redirect(found) if found else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | {"query": self.query, "kinds": KINDS}
        if self.query:
            context["answer"] = look(self.query, kind=self.kind, as_typed=self.as_typed)
            context["is_one_kind"] = any(kind.code == self.kind for kind in KINDS)
        if not self.query or not context["answer"].groups:
            context["towns"] = Municipality.objects.filter(region=home_region()).in_programme().order_by("name_sort")
        return context
