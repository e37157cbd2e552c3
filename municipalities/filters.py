import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, Region
from municipalities.models.municipality import SizeClass

# What a list of places to choose from reads of each.
PLACE_FIELDS = ("name", "name_en", "slug", "name_sort")


class PlaceLabels:
    """A field that names places as the page does, in its language."""

    def label_from_instance(self, place):
        """The name in the list of choices."""
        return place.shown_name


class PlaceChoiceField(PlaceLabels, forms.ModelChoiceField):
    """A choice of a town or a region in a form."""


class _FilterField(PlaceLabels, django_filters.fields.ModelChoiceField):
    """The same in a filter."""


class PlaceFilter(django_filters.ModelChoiceFilter):
    """A choice of a town or a region in a filter of a list."""

    field_class = _FilterField


class FactsFilterSet(django_filters.FilterSet):
    """Rows of real regions: what is invented for a try-out is found only where its place or number is named."""

    NAMED_BY = ("region", "town", "session", "number")
    REGION_LOOKUPS = ("region",)

    def __init__(self, data=None, queryset=None, **kwargs):
        if queryset is not None and not any((data or {}).get(name) for name in self.NAMED_BY):
            for region in self.REGION_LOOKUPS:
                queryset = queryset.exclude(**{f"{region}__is_sample": True})
        super().__init__(data, queryset, **kwargs)


class MunicipalityFilter(FactsFilterSet):
    """How people look for a town. Each filter only calls a queryset method."""

    q = django_filters.CharFilter(
        label=_("Название"), method="by_name", max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    region = PlaceFilter(
        label=_("Регион"), queryset=Region.objects.only(*PLACE_FIELDS), to_field_name="slug",
        empty_label=_("Все регионы"),
    )  # fmt: skip
    size = django_filters.ChoiceFilter(
        label=_("Размер"), choices=SizeClass.choices, method="by_size", empty_label=_("Любой")
    )
    kind = django_filters.ChoiceFilter(label=_("Вид"), choices=Municipality.Kind.choices, empty_label=_("Любой"))
    in_programme = django_filters.ChoiceFilter(
        label=_("Программа"), choices=[("yes", _("участвует")), ("no", _("не участвует"))], method="by_programme",
        empty_label=_("Все города"),
    )  # fmt: skip

    class Meta:
        model = Municipality
        fields = ["q", "region", "size", "kind", "in_programme"]

    def by_name(self, queryset, name, value):
        return queryset.search(value)

    def by_size(self, queryset, name, value):
        return queryset.of_size(value)

    def by_programme(self, queryset, name, value):
        return queryset.filter(in_programme=value == "yes")
