from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView

from municipalities.models import shown_name
from municipalities.models.municipality import SizeClass
from municipalities.regions import RegionChosen
from strategies.coverage.gaps import Closing, Kind, gap_total, gaps_of, read_gaps, towns_of
from strategies.coverage.matrix import STATE_WORDS, UNSET, matrix_of, towns_in_state
from strategies.coverage.models.gap import GapAnswer
from strategies.coverage.town_table import town_table
from strategies.priorities.models import Sphere

PAGE, LISTED = 50, 15
GAPS_SHOWN = 5
# With more towns than these a list to choose from helps nobody: the name is typed.
TOWNS_LISTED = 60


class TownsForm(forms.Form):
    """Filters of pages about what towns of the programme lack; what is asked for wrongly finds nothing and says so."""

    region = forms.ChoiceField(label=_("Регион"), required=False)
    q = forms.CharField(
        label=_("Название города"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    town = forms.SlugField(label=_("Город"), required=False, max_length=80)
    sphere = forms.ChoiceField(
        label=_("Сфера"), required=False,
        choices=[("", _("Все сферы")), *Sphere.choices, (UNSET, _("сфера не указана"))],
    )  # fmt: skip
    size = forms.ChoiceField(label=_("Размер города"), required=False, choices=[("", _("Любой")), *SizeClass.choices])

    def __init__(self, *args, region, regions, **kwargs):
        super().__init__(*args, **kwargs)
        self.region = region
        self.fields["region"].choices = [
            # The one shown stands first.
            (one.slug, one.shown_name)
            for one in sorted(regions, key=lambda one: one != region)
        ]
        if len(regions) < 2:
            del self.fields["region"]
        names = list(towns_of(region).values_list("slug", shown_name())[: TOWNS_LISTED + 1])
        if len(names) > TOWNS_LISTED:
            self.fields["town"].widget = forms.HiddenInput()
        else:
            self.fields["town"] = forms.ChoiceField(
                label=_("Город"), required=False, choices=[("", _("Все города")), *names]
            )
            del self.fields["q"]

    @property
    def is_narrowed(self):
        """Whether anything but the region was asked for."""
        return any(self.data.get(name) for name in self.fields if name != "region")

    @property
    def narrows_towns(self):
        """Whether some of the towns are left out."""
        return any(self.data.get(name) for name in ("q", "town", "size", "state"))

    @property
    def chosen_sphere(self):
        """The sphere asked for, "" for «not said»; None for any."""
        asked = self.cleaned_data["sphere"]
        return ("" if asked == UNSET else asked) if asked else None

    def towns(self):
        """The towns asked for, as a queryset."""
        asked = self.cleaned_data
        towns = towns_of(self.region)
        if asked["town"]:
            towns = towns.filter(slug=asked["town"])
        if asked.get("q"):
            towns = towns.search(asked["q"])
        return towns.of_size(asked["size"]) if asked["size"] else towns


class CoverageForm(TownsForm):
    """The same for the matrix: also by what a town has in some cell."""

    state = forms.ChoiceField(
        label=_("Что есть у города"), required=False, choices=[("", _("Не важно")), *STATE_WORDS.items()]
    )

    def towns(self):
        """The towns asked for, as a queryset."""
        towns, state = super().towns(), self.cleaned_data["state"]
        return towns_in_state(towns, self.region, state, self.chosen_sphere) if state else towns


class GapsForm(TownsForm):
    """The same for the list of gaps: also by what is missing and how far the answer is."""

    kind = forms.ChoiceField(label=_("Чего не хватает"), required=False, choices=[("", _("Всё")), *Kind.choices])
    closing = forms.ChoiceField(label=_("Что решили"), required=False, choices=[("", _("Не важно")), *Closing.choices])


class CoverageView(RegionChosen, ListView):
    """Where a priority of a town stayed without a measure: towns by spheres, one town closer, who closes the gaps."""

    form_class = CoverageForm
    template_name = "strategies/coverage.html"
    context_object_name = "towns"
    paginate_by = PAGE
    extra_context = {"step": "promised", "section": "late"}

    @cached_property
    def form(self):
        """The filters as asked for in the address."""
        return self.form_class(self.request.GET, region=self.region, regions=self.regions)

    def get_queryset(self):
        """All towns asked for, as far as the page names them: a region has so few that they are read in one go."""
        if not self.form.is_valid() or self.region is None:
            return []
        return list(self.form.towns().only("name", "name_en", "slug", "region"))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        on, towns = timezone.localdate(), context["towns"]
        context |= {
            "on": on,
            "region": self.region,
            "filter": {"form": self.form},
            "is_filtered": self.form.is_narrowed,
            "matrix": None,
            "town": None,
        }
        if not towns:
            return context
        sphere = self.form.chosen_sphere
        is_whole, known = context["paginator"].num_pages == 1, []
        context["matrix"] = matrix_of(self.region, self.object_list, towns, sphere=sphere, is_whole=is_whole)
        if len(towns) == 1 and is_whole:
            context["town"] = towns[0]
            context["table"] = town_table(self.region, towns[0], on, sphere=sphere)
            known = context["table"].priorities
        return context | self._gaps(towns, on, known, is_whole=is_whole)

    def _gaps(self, shown, on, known, *, is_whole):
        """The latest gaps of priorities: of all towns, or of those shown where some are left out.

        Of a large region those without any measure come first: to date the others too costs as much as the page.
        """
        towns = [town.pk for town in shown] if self.form.narrows_towns else None
        rows = []
        for kinds in [sorted(GapAnswer.OF_PRIORITY)] if is_whole else [[Kind.NO_MEASURE], [Kind.NOT_AGREED]]:
            gaps = gaps_of(self.region, on, kinds=kinds, towns=towns, sphere=self.form.chosen_sphere)
            rows = rows or list(gaps[: GAPS_SHOWN + 1])
        gaps = read_gaps(rows[:GAPS_SHOWN], self.region, on, known)
        return {"gaps": gaps, "has_more_gaps": len(rows) > GAPS_SHOWN}


class GapsList(ListView):
    """A paged list of gaps. A class that inherits has `region` and `form` and may narrow `towns`."""

    context_object_name = "rows"
    paginate_by = PAGE

    def towns(self):
        """The towns asked for, as a queryset or a list; None for all."""
        return self.form.towns().order_by().values("pk") if self.form.narrows_towns else None

    @cached_property
    def which(self):
        """The gaps asked for, as `gaps_of` takes it; None where the question is wrong or there is no region."""
        if not self.form.is_valid() or self.region is None:
            return None
        asked = self.form.cleaned_data
        return {
            "kinds": [asked["kind"]] if asked["kind"] else (), "towns": self.towns(),
            "sphere": self.form.chosen_sphere, "closing": asked["closing"],
        }  # fmt: skip

    def get_queryset(self):
        return [] if self.which is None else gaps_of(self.region, timezone.localdate(), **self.which)

    def get_paginator(self, queryset, per_page, **kwargs):
        """The usual one, told the number: to count is far cheaper than to date each gap first."""
        paginator = super().get_paginator(queryset, per_page, **kwargs)
        if self.which is not None:
            paginator.count = self.counted()
        return paginator

    def counted(self):
        """How many gaps are asked for."""
        return gap_total(self.region, timezone.localdate(), **self.which)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "region": self.region,
            "filter": {"form": self.form},
            "is_filtered": self.form.is_narrowed,
            "gaps": read_gaps(context["rows"], self.region, timezone.localdate()),
        }


class GapsView(RegionChosen, GapsList):
    """Every gap of the programme for everybody: what is missing, who closes it, by when, why it is empty."""

    template_name = "strategies/gaps.html"
    paginate_by = LISTED
    extra_context = {"step": "promised", "section": "late"}

    @cached_property
    def form(self):
        """The filters as asked for in the address."""
        return GapsForm(self.request.GET, region=self.region, regions=self.regions)
