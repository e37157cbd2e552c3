import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from municipalities.filters import PLACE_FIELDS, FactsFilterSet, PlaceFilter
from municipalities.models import Municipality


def _years():
    """Years of public documents, newest first."""
    return [(str(date.year),) * 2 for date in Document.objects.public().dates("date", "year", order="DESC")]


class DocumentFilter(FactsFilterSet):
    """How people look for a paper. Each filter only calls a queryset method."""

    q = django_filters.CharFilter(
        label=_("Название или номер"), method="by_words", max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    kind = django_filters.ChoiceFilter(label=_("Вид"), choices=Document.Kind.choices, empty_label=_("Любой"))
    town = PlaceFilter(
        label=_("Город"), queryset=Municipality.objects.filter(is_reference=False).only(*PLACE_FIELDS),
        to_field_name="slug", method="by_town", empty_label=_("Все города и области"),
    )  # fmt: skip
    year = django_filters.ChoiceFilter(label=_("Год"), choices=_years, method="by_year", empty_label=_("Любой"))

    REGION_LOOKUPS = ("region", "municipality__region")

    class Meta:
        model = Document
        fields = ["q", "kind", "town", "year"]

    def by_words(self, queryset, name, value):
        return queryset.search(value)

    def by_town(self, queryset, name, value):
        return queryset.of_town(value)

    def by_year(self, queryset, name, value):
        return queryset.filter(date__year=value)
