"""Pages of a town beside its own: figures, documents, people."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from documents.models import Document
from municipalities.models import Municipality
from strategies.models import Indicator

SHOWN = 50


class TownPage(TemplateView):
    """A page about a town: `town`, its region; what a class that inherits adds."""

    extra_context = {"step": "chosen", "section": "towns"}
    towns = Municipality.objects.with_region().select_related("parent")

    def get_context_data(self, **kwargs):
        town = get_object_or_404(self.towns, slug=kwargs["slug"])
        self.request.region_shown = town.region_id
        return super().get_context_data(**kwargs) | {"town": town, "on": timezone.localdate(), **self.facts(town)}


class TownFiguresView(TownPage):
    """How many people live there, what is measured, what the place is."""

    template_name = "municipalities/town_figures.html"
    towns = TownPage.towns.with_people()

    def facts(self, town):
        """Populations and indicators with their values."""
        populations = list(town.populations.all())
        return {
            "populations": populations,
            "population_points": [(p.year, p.people) for p in populations if p.level == "town" and p.year],
            "indicators": _indicators(town),
        }


class TownDocumentsView(TownPage):
    """Strategies with their acts, then papers of the town."""

    template_name = "municipalities/town_documents.html"

    def facts(self, town):
        """Public strategies and documents, a page of them; the rest is in the list of all documents."""
        documents = list(Document.objects.public().of_town(town)[: SHOWN + 1])
        return {
            "strategies": town.strategies.public().select_related("act"),
            "documents": documents[:SHOWN],
            "has_more": len(documents) > SHOWN,
        }


class TownPeopleView(TownPage):
    """Who headed the town and when, as far as sources tell."""

    template_name = "municipalities/town_people.html"

    def facts(self, town):
        """All heads that are known, the latest first."""
        heads = list(town.heads.all())
        return {"heads": heads, "head": heads[0] if heads else None}


def _indicators(town):
    """Indicators of a town and of its priorities: those with a row of years to draw, and single figures."""
    indicators = Indicator.objects.public().of_town(town).prefetch_related("values__target_changes")
    charted, single = [], []
    for indicator in indicators:
        years = [value.year for value in indicator.values.all() if value.year]
        (charted if len(years) > 1 else single).append(indicator)
    return {"charted": charted, "single": single}
