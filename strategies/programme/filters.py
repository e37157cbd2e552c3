import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.filters import PLACE_FIELDS, PlaceFilter
from municipalities.models import Municipality
from strategies.programme.models.funding import Funding
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_queryset import DerivedState
from strategies.programme.models.programme import Programme

FIRST_YEAR, LAST_YEAR = 1990, 2100


class MeasureFilter(django_filters.FilterSet):
    """How people look for a measure. Each filter only calls a queryset method; every label is written out."""

    q = django_filters.CharFilter(
        label=_("Слова"), method="by_words", max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    region = django_filters.ChoiceFilter(label=_("Регион"), method="by_region", empty_label=None)
    direction = django_filters.ChoiceFilter(
        label=_("Направление"), field_name="direction__title", empty_label=_("Все направления")
    )
    town = PlaceFilter(
        label=_("Город"), queryset=Municipality.objects.none(), to_field_name="slug", method="by_town",
        empty_label=_("Все города"),
    )  # fmt: skip
    status = django_filters.ChoiceFilter(
        label=_("Состояние"), method="by_status", empty_label=_("Любое"),
        choices=[*DerivedState.choices, *(one for one in Measure.Status.choices if one[0] in Measure.PUBLIC)],
    )  # fmt: skip
    due = django_filters.NumberFilter(
        label=_("Срок, год"), method="by_year", min_value=FIRST_YEAR, max_value=LAST_YEAR, decimal_places=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    responsible = django_filters.CharFilter(label=_("Кто отвечает"), method="by_responsible", max_length=100)
    money_year = django_filters.NumberFilter(
        label=_("Деньги за год"), method="by_money", min_value=FIRST_YEAR, max_value=LAST_YEAR, decimal_places=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    source = django_filters.ChoiceFilter(
        label=_("Чьи деньги"), method="by_money", empty_label=_("Любые"), choices=Funding.Source.choices
    )
    kind = django_filters.ChoiceFilter(
        label=_("Чьё обещание"), method="by_kind", empty_label=_("Любое"),
        choices=[("action", _("программа действий")), ("other", _("другая поддержка"))],
    )  # fmt: skip
    reported = django_filters.ChoiceFilter(
        label=_("Отчёты"),
        method="by_reports",
        empty_label=_("Не важно"),
        choices=[("yes", _("есть отчёты")), ("no", _("отчётов нет"))],
    )

    class Meta:
        model = Measure
        fields = []

    def __init__(self, *args, regions=(), **kwargs):
        super().__init__(*args, **kwargs)
        if len(regions) < 2:
            del self.filters["region"]
        self.regions = regions

    @property
    def form(self):
        """The form, its choices read once and taken from the measures that may be shown."""
        is_new = not hasattr(self, "_form")
        form = super().form
        if is_new:
            shown = self.queryset.order_by()
            titles = shown.order_by("direction__title").values_list("direction__title", flat=True).distinct()
            form.fields["direction"].choices = [(title, title) for title in titles]
            form.fields["town"].queryset = Municipality.objects.filter(
                Q(pk__in=shown.filter(municipality__isnull=False).values("municipality"))
                | Q(pk__in=Measure.towns.through.objects.filter(measure__in=shown.values("pk")).values("municipality"))
            ).only(*PLACE_FIELDS)
            if "region" in form.fields:
                form.fields["region"].choices = [(region.slug, region.shown_name) for region in self.regions]
        return form

    def by_words(self, queryset, name, value):
        return queryset.search(value)

    def by_region(self, queryset, name, value):
        return queryset  # the view has begun from this region

    def by_town(self, queryset, name, value):
        return queryset.of_town(value)

    def by_status(self, queryset, name, value):
        return queryset.in_state(value, timezone.localdate())

    def by_year(self, queryset, name, value):
        return queryset.due_in(int(value))

    def by_responsible(self, queryset, name, value):
        return queryset.of_responsible(value)

    def by_money(self, queryset, name, value):
        year, source = (self.form.cleaned_data.get(one) for one in ("money_year", "source"))
        if name == "source" and year:
            return queryset  # asked already: the year and the source are of one sum
        return queryset.paid_from(year=year and int(year), source=source)

    def by_kind(self, queryset, name, value):
        own = Q(direction__programme__kind=Programme.Kind.ACTION)
        return queryset.filter(own if value == "action" else ~own)

    def by_reports(self, queryset, name, value):
        return queryset.reported() if value == "yes" else queryset.unreported()
