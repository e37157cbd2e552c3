from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import DetailView, ListView, TemplateView

from accounts.models import Role, RoleAssignment, User
from accounts.office import REGION, OfficePage
from municipalities.models import Municipality, Region
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.reporting.models.handover import WORKERS, Handover, may_hand_over, owned_in
from strategies.reporting.models.report import ProgressReport
from strategies.reporting.office_forms import HandoverForm

PAGE = 20
NOBODY = "nobody"
WHO_MAY = (Role.MUNICIPAL_HEAD, *REGION)


def place_code(territory):
    """A territory in an address: `town-12`, or `region-3` for measures on a whole region."""
    region, town = territory
    return f"town-{town}" if town else f"region-{region}"


class HandoversView(OfficePage, ListView):
    """Acts of handing over of one's own towns and regions."""

    tab = "handover"
    template_name = "strategies/handovers.html"
    context_object_name = "acts"
    paginate_by = PAGE

    def get_queryset(self):
        acts = Handover.objects.visible_to(self.request.user)
        acts = acts.select_related("region", "municipality", "from_user", "to_user").annotate(total=Count("items"))
        return acts.order_by("-created_at", "-pk")

    def get_context_data(self, **kwargs):
        may = self.request.user.has_role(*WHO_MAY)
        return super().get_context_data(**kwargs) | {"may_hand_over": may}


class HandoverDetailView(OfficePage, DetailView):
    """One act, to be printed and signed."""

    tab = "handover"
    template_name = "strategies/handover_detail.html"
    context_object_name = "act"

    def get_queryset(self):
        acts = Handover.objects.visible_to(self.request.user)
        return acts.select_related("region", "municipality", "from_user", "to_user", "created_by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"items": list(self.object.items.all())}


class GiversPage(OfficePage):
    """A page about passing on duties: where, from whom and to whom the person of the page may hand over."""

    tab = "handover"
    roles = WHO_MAY

    @cached_property
    def places(self):
        """{code: (name, territory)} where the person may hand over: one's own towns, the region and its towns."""
        user = self.request.user
        regions = user.region_ids(*REGION)
        measures = Measure.objects.answered_for().filter(municipality=OuterRef("pk"))
        priorities = Priority.objects.answered_for().filter(strategy__municipality=OuterRef("pk"))
        towns = Municipality.objects.filter(
            Q(pk__in=user.municipality_ids(Role.MUNICIPAL_HEAD))
            | Q(Exists(measures) | Exists(priorities), region__in=regions)
        )
        found = [(f"{region.name}: меры на весь регион", (region.pk, None))
                 for region in Region.objects.filter(pk__in=regions)]  # fmt: skip
        found += [(town.name, (town.region_id, town.pk)) for town in towns.only("name", "name_sort", "region")]
        return {place_code(territory): (name, territory) for name, territory in found}

    @cached_property
    def territory(self):
        """(region id, municipality id or None) of the address; None while it is not chosen.

        Raises:
            Http404: there is no such place for this person.
        """
        chosen = self.request.GET.get("place") or (next(iter(self.places)) if len(self.places) == 1 else "")
        if not chosen:
            return None
        if chosen not in self.places:
            raise Http404
        return self.places[chosen][1]

    @cached_property
    def givers(self):
        """People who answer for something open in the territory, with `measures` and `priorities`; three queries."""
        found = {}
        for name, model in (("measures", Measure), ("priorities", Priority)):
            rows = model.objects.answered_for().in_territory(self.territory).filter(owner__isnull=False)
            for row in rows.order_by().values("owner").annotate(number=Count("pk")):
                found.setdefault(row["owner"], {"measures": 0, "priorities": 0})[name] = row["number"]
        people = list(User.objects.filter(pk__in=found).order_by("last_name", "first_name", "username"))
        for person in people:
            person.duties = found[person.pk]
        return people

    def giver(self):
        """(whether it is chosen from whom, the person or None for nobody's duties)."""
        chosen = self.request.GET.get("from", "")
        if chosen in {"", NOBODY}:
            return chosen == NOBODY, None
        person = next((one for one in self.givers if str(one.pk) == chosen), None) or self._former_giver(chosen)
        if person is None:
            raise Http404
        return True, person

    def _former_giver(self, chosen):
        """Whoever has handed over here: somebody else was quicker, and what is typed must not end at a missing page."""
        region, town = self.territory
        acts = Handover.objects.filter(region=region, municipality=town, from_user__isnull=False)
        people = (act.from_user for act in acts.select_related("from_user"))
        return next((one for one in people if str(one.pk) == chosen), None)

    def receivers(self, giver):
        """People who work in the territory today, whoever hands over left out."""
        region, town = self.territory
        place = Q(region=region) if town is None else Q(municipality=town) | Q(region=region)
        roles = RoleAssignment.objects.in_force(timezone.localdate()).filter(
            place, user=OuterRef("pk"), role__in=WORKERS
        )
        people = User.objects.filter(Exists(roles), is_active=True).exclude(pk=giver.pk if giver else None)
        return people.order_by("last_name", "first_name", "username")


class HandoverNewView(GiversPage, TemplateView):
    """Passing on of duties: where, from whom, what exactly, to whom and why."""

    template_name = "strategies/handover_new.html"
    form = None

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs) | {
            "place_choices": [(code, name) for code, (name, _territory) in self.places.items()],
            "territory": self.territory, "nobody": NOBODY, "is_chosen": False,
        }  # fmt: skip
        if self.territory is None:
            return context
        on = timezone.localdate()
        is_chosen, giver = self.giver()
        place = place_code(self.territory)
        context |= {"place": place, "place_name": self.places[place][0], "is_chosen": is_chosen, "giver": giver}
        if not is_chosen:
            loose = [rows.count() for rows in owned_in(self.territory, None, on=on)]
            return context | {"givers": self.givers, "loose_measures": loose[0], "loose_priorities": loose[1]}
        measures, priorities = (list(rows.order_by("pk")) for rows in owned_in(self.territory, giver, on=on))
        about = Q(measure__in=[one.pk for one in measures]) | Q(priority__in=[one.pk for one in priorities])
        return context | {
            "measures": measures,
            "priorities": priorities,
            "reports": list(ProgressReport.objects.unpublished().filter(about).with_subject().order_by("pk")),
            "form": self.form or self._form(giver),
        }

    def _form(self, giver, *args):
        people = self.receivers(giver)
        me = self.request.user
        return HandoverForm(
            *args, people=people, initial={"to_user": me.pk if self.request.GET.get("to") == "me" else ""}
        )

    def post(self, request, *args, **kwargs):
        """Hand over; the act with its list opens."""
        if self.territory is None:
            raise Http404
        is_chosen, giver = self.giver()
        self.form = self._form(giver, request.POST)
        if not is_chosen or not self.form.is_valid():
            return self.render_to_response(self.get_context_data(**kwargs), status=422)
        if not may_hand_over(request.user, Handover(region_id=self.territory[0], municipality_id=self.territory[1])):
            raise PermissionDenied
        said = self.form.cleaned_data
        try:
            act = Handover.perform(
                territory=self.territory, from_user=giver, to_user=said["to_user"], reason=said["reason"],
                by=request.user,
            )  # fmt: skip
        except ValidationError as refusal:
            self.form.add_error(None, refusal.messages)
            return self.render_to_response(self.get_context_data(**kwargs), status=422)
        messages.success(request, "Дела переданы. Распечатайте акт и подпишите.")
        return redirect(act)
