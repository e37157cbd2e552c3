from django import forms
from django.core.paginator import Paginator
from django.db.models import CharField, Count, Q, Value
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView, TemplateView

from accounts.office import OfficePage
from municipalities.numbers import days
from municipalities.regions import RegionChosen, RegionForm
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.reporting.models.handover import Handover, may_hand_over
from strategies.reporting.silence import Lack, unheard_records, unheard_rows
from strategies.watched import days_of_silence, is_silent

from .handover import place_code

PAGE, LISTED = 50, 15
KINDS = {"measure": Measure, "priority": Priority}


class SilenceForm(RegionForm):
    """How people look through silence: by town and by what is missing."""

    kind = forms.ChoiceField(
        label=_("Чего не хватает"), required=False, choices=[("", _("Сведений или человека")), *Lack.choices]
    )


class SilenceView(RegionChosen, ListView):
    """Silent and ownerless measures and priorities of a region, for everybody."""

    template_name = "strategies/silence.html"
    context_object_name = "rows"
    paginate_by = LISTED
    extra_context = {"step": "done", "section": "late"}

    @cached_property
    def form(self):
        """The filters as asked for in the address."""
        return SilenceForm(self.request.GET, region=self.region, regions=self.regions)

    def get_queryset(self):
        if not self.form.is_valid() or self.region is None:
            return []
        asked = self.form.cleaned_data
        return unheard_rows(self.region, timezone.localdate(), town=asked["town"], lack=asked["kind"])

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "region": self.region,
            "filter": {"form": self.form},
            "is_filtered": self.form.is_narrowed,
            "records": unheard_records(context["rows"], timezone.localdate()),
        }


class OfficeSilenceView(OfficePage, TemplateView):
    """What is not alive in one's own towns and regions: nobody answers for it, or nothing was heard for too long."""

    tab = "silence"
    template_name = "strategies/office_silence.html"

    def get_context_data(self, **kwargs):
        user, on = self.request.user, timezone.localdate()
        watched = {kind: model.objects.visible_to(user).watched().inside(user) for kind, model in KINDS.items()}
        page = Paginator(_longest_silent_first(watched, on), PAGE).get_page(self.request.GET.get("page"))
        records = {
            kind: _rows(rows.with_silence(on).with_owner(on), kind).in_bulk([pk for _day, pk, of in page if of == kind])
            for kind, rows in watched.items()
        }
        return super().get_context_data(**kwargs) | {
            "on": on,
            "page_obj": page,
            "rows": [_row(records[kind][pk], kind, user, on) for _day, pk, kind in page],
            "counts": _counts(watched, on),
        }


def _longest_silent_first(watched, on):
    """(day of the last word, pk, kind) of silent and ownerless records of both kinds, as one queryset to page."""
    parts = [
        rows.silent_or_ownerless(on)
        .annotate(of=Value(kind, output_field=CharField()))
        .order_by()
        .values_list("last_word_on", "pk", "of")
        for kind, rows in watched.items()
    ]
    return parts[0].union(*parts[1:], all=True).order_by("last_word_on", "of", "pk")


def _rows(rows, kind):
    if kind == "measure":
        return rows.select_related("municipality", "direction__programme")
    return rows.select_related("strategy__municipality")


def _row(record, kind, user, on):
    town = record.municipality if kind == "measure" else record.strategy.municipality
    act = Handover(region_id=record.territory[0], municipality_id=record.territory[1])
    owner = record.owner if record.is_owned else None
    return {
        "record": record,
        "kind": kind,
        "town": town,
        "silence": days(days_of_silence(record, on)),
        "is_silent": is_silent(record, on),
        "was_heard": record.last_report_at is not None,
        "heard_on": record.last_word_on,
        "owner": owner,
        "left_owner": record.owner if owner is None else None,
        "place": place_code(record.territory) if may_hand_over(user, act) else "",
    }


def _counts(watched, on):
    """{watched, silent, ownerless} over both kinds; two queries for each."""
    found = {"watched": 0, "silent": 0, "ownerless": 0}
    for rows in watched.values():
        numbers = rows.with_owner(on).aggregate(all=Count("pk"), ownerless=Count("pk", filter=Q(is_owned=False)))
        found["watched"] += numbers["all"]
        found["ownerless"] += numbers["ownerless"]
        found["silent"] += rows.silent(on).count()
    return found
