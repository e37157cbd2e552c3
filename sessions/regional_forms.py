"""What a regional session gathers: its host, the towns that come, the municipal sessions, the practices of guests."""

from django import forms
from django.db.models import Q
from django.forms import inlineformset_factory

from accounts.forms import SeenRow
from municipalities.models import Municipality
from sessions.gathering import told_apart
from sessions.models import Practice, Session
from sessions.office_forms import SessionForm


def towns_of(session, *chosen):
    """Towns of the session's own region to choose from, beside those that stand already."""
    own = Q(region=session.region_id, is_reference=False)
    return Municipality.objects.filter(own | Q(pk__in=[pk for pk in chosen if pk])).order_by("name_sort", "pk")


class RegionalSessionForm(SessionForm):
    """The texts of a regional session, with who comes and whose outcomes it gathers: of its own region only."""

    gathered = forms.ModelMultipleChoiceField(
        label="Чьи итоги собирает", queryset=Session.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta(SessionForm.Meta):
        fields = [*SessionForm.Meta.fields, "host", "towns"]
        widgets = SessionForm.Meta.widgets | {"towns": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        session = self.instance
        standing = [town.pk for town in self.initial["towns"]]
        towns = towns_of(session, session.host_id, *standing)
        named = [(town.pk, town.name) for town in towns.only("name", "name_sort")]
        for name in ("host", "towns"):
            self.fields[name].queryset = towns
            self.fields[name].choices = named
        self.fields["host"].choices = [("", "Не выбран"), *named]
        municipal = Session.objects.filter(region=session.region_id, municipality__isnull=False)
        free = municipal.filter(Q(gathered_in=None) | Q(gathered_in=session.pk))
        free = free.exclude(Q(status=Session.Status.CANCELLED) & Q(gathered_in=None)).select_related(
            "municipality", "host"
        )
        rows = list(free.order_by("municipality__name_sort", "starts_at", "pk"))
        self.fields["gathered"].queryset = free
        self.fields["gathered"].choices = [(one.pk, told_apart(one)) for one in rows]
        self.initial["gathered"] = [one.pk for one in rows if one.gathered_in_id == session.pk]

    def keep_lists(self, *, by):
        """Keep the towns and the gathered sessions that were chosen, inside the transaction of the texts."""
        self.instance.towns.set(self.cleaned_data["towns"])
        self.instance.gather(self.cleaned_data["gathered"], by=by)


class PracticeForm(SeenRow):
    """What a guest town showed.

    Args:
        session: where it was shown.
        towns: [(id, name), …] of its region, the same list for every row; guests from elsewhere are named in words.
    """

    class Meta:
        model = Practice
        fields = ["region_name", "town_name", "municipality", "title", "relation", "order"]
        labels = {"municipality": "Или город своей области"}
        widgets = {"order": forms.NumberInput(attrs={"min": 0})}

    def __init__(self, *args, session, towns, **kwargs):
        super().__init__(*args, **kwargs)
        standing = self.instance.municipality
        field = self.fields["municipality"]
        field.queryset = towns_of(session, self.instance.municipality_id)
        beside = [(standing.pk, standing.name)] if standing and standing.pk not in dict(towns) else []
        field.choices = [("", "Не из списка"), *beside, *towns]


PracticeFormSet = inlineformset_factory(Session, Practice, form=PracticeForm, extra=1, max_num=100)


def practices_of(session, *args):
    """The rows of practices of a session; two queries for any number."""
    towns = [(town.pk, town.name) for town in towns_of(session).only("name", "name_sort")]
    rows = session.practices.select_related("municipality")
    return PracticeFormSet(*args, instance=session, queryset=rows, form_kwargs={"session": session, "towns": towns})
