import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField

from municipalities.filters import PLACE_FIELDS, FactsFilterSet, PlaceFilter
from municipalities.models import Municipality, Region
from sessions.gathering import told_apart
from sessions.models import Proposal, Session

# What sessions of one title are told apart by.
TOLD_APART = ("title", "slug", "starts_at", "date_note", "municipality__name", "host__name")


def _years():
    """Years of public sessions, newest first."""
    moments = Session.objects.public().datetimes("starts_at", "year", order="DESC")
    return [(str(timezone.localtime(moment).year),) * 2 for moment in moments]


class SessionFilter(FactsFilterSet):
    """How people look for a session. Each filter only calls a queryset method."""

    q = django_filters.CharFilter(
        label=_("Слова"), method="by_words", max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    region = PlaceFilter(
        label=_("Регион"), queryset=Region.objects.filter(is_active=True).only(*PLACE_FIELDS),
        to_field_name="slug", empty_label=_("Все регионы"),
    )  # fmt: skip
    town = PlaceFilter(
        label=_("Город"), queryset=Municipality.objects.filter(is_reference=False).only(*PLACE_FIELDS),
        to_field_name="slug", method="by_town", empty_label=_("Все города"),
    )  # fmt: skip
    level = django_filters.ChoiceFilter(label=_("Уровень"), choices=Session.Level.choices, empty_label=_("Любой"))
    kind = django_filters.ChoiceFilter(label=_("Вид"), choices=Session.Kind.choices, empty_label=_("Любой"))
    year = django_filters.ChoiceFilter(label=_("Год"), choices=_years, method="by_year", empty_label=_("Любой"))
    status = django_filters.ChoiceFilter(
        label=_("Состояние"), empty_label=_("Любое"),
        choices=[choice for choice in Session.Status.choices if choice[0] in Session.PUBLIC],
    )  # fmt: skip

    class Meta:
        model = Session
        fields = ["q", "region", "town", "level", "kind", "year", "status"]

    def by_words(self, queryset, name, value):
        return queryset.search(value)

    def by_town(self, queryset, name, value):
        return queryset.of_town(value)

    def by_year(self, queryset, name, value):
        return queryset.filter(starts_at__year=value)


class SessionChoiceField(ModelChoiceField):
    """Sessions to choose from: many are called alike."""

    def label_from_instance(self, session):
        return told_apart(session)


class SessionChoiceFilter(django_filters.ModelChoiceFilter):
    """A filter by session."""

    field_class = SessionChoiceField


class ProposalFilter(FactsFilterSet):
    """How people look for a proposal: by its number, its words, its town, its session, its state."""

    number = django_filters.CharFilter(label=_("Номер"), method="by_number", max_length=20)
    q = django_filters.CharFilter(
        label=_("Слова"), method="by_words", max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    town = PlaceFilter(
        label=_("Город"), queryset=Municipality.objects.filter(is_reference=False).only(*PLACE_FIELDS),
        to_field_name="slug", field_name="municipality", empty_label=_("Все города"),
    )  # fmt: skip
    session = SessionChoiceFilter(
        label=_("Сессия"), queryset=Session.objects.public().select_related("municipality", "host").only(*TOLD_APART),
        to_field_name="slug", empty_label=_("Все сессии"),
    )  # fmt: skip
    status = django_filters.ChoiceFilter(
        label=_("Состояние"), empty_label=_("Любое"), method="by_status",
        choices=[
            *(choice for choice in Proposal.Status.choices if choice[0] in Proposal.PUBLIC),
            ("waiting", _("ждёт ответа")),
            ("late", _("ответ опаздывает")),
        ],
    )  # fmt: skip

    class Meta:
        model = Proposal
        fields = ["number", "q", "town", "session", "status"]

    def by_number(self, queryset, name, value):
        found = queryset.numbered(value)
        return found if found.exists() else queryset.filter(number__startswith=value.strip().upper())

    def by_words(self, queryset, name, value):
        return queryset.search(value)

    def by_status(self, queryset, name, value):
        if value == "waiting":
            return queryset.awaiting()
        return queryset.overdue(timezone.localdate()) if value == "late" else queryset.filter(status=value)
