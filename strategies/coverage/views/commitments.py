from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import DetailView, ListView

from accounts.forms import add_errors, seen_again
from accounts.kept import too_late
from accounts.models import Role
from accounts.models.user import REGION_ROLES
from accounts.office import OfficePage
from municipalities.models import Municipality
from municipalities.numbers import counted
from municipalities.typed import whole_versions
from strategies.coverage.agreement import add_waiting, agreements_of
from strategies.coverage.forms import CommitmentForm, WithdrawForm
from strategies.coverage.models.commitment import Commitment, Side, may_prepare, may_promise
from strategies.programme.models.measure_parts import IS_LIVE, PriorityMeasure

PAGE = 50
Status = Commitment.Status
OTHER = {Side.REGION: Side.TOWN, Side.TOWN: Side.REGION}


def states_of(links, side):
    """{state: (words, links)}: links by whose word they lack, seen from a side; `said_at` where somebody waits."""
    drafts = Commitment.objects.filter(status=Status.DRAFT, side=side).values("link")
    withdrawn = Commitment.objects.filter(status=Status.WITHDRAWN).values("link")
    sides = links.with_agreement()
    by_town = ("priority__strategy__municipality__name_sort", "pk")
    return {
        "ours": ("Ждут нас", links.awaiting(side).order_by("said_at", "pk")),
        "drafts": ("Черновики", links.filter(pk__in=drafts).order_by(*by_town)),
        "theirs": (
            "Ждём город" if side == Side.REGION else "Ждём область",
            links.awaiting(OTHER[side]).order_by("said_at", "pk"),
        ),
        "silent": (
            "Никто не обещал",
            sides.live().filter(region_confirmed=False, town_confirmed=False).order_by(*by_town),
        ),
        "agreed": ("Подтвердили оба", links.agreed().order_by(*by_town)),
        "withdrawn": ("Отозвано", links.filter(pk__in=withdrawn).order_by(*by_town)),
    }


def counts_of(links, states, side):
    """{state: how many links}; three queries, whatever the number of links."""

    def given(**which):
        return Count("commitments", filter=Q(**{f"commitments__{name}": value for name, value in which.items()}))

    # One join, counted once: four questions per link cost a second on 30,000 links.
    marked = links.annotate(
        region_words=given(side=Side.REGION, status=Status.CONFIRMED),
        town_words=given(side=Side.TOWN, status=Status.CONFIRMED),
        drafted=given(side=side, status=Status.DRAFT),
        taken_back=given(status=Status.WITHDRAWN),
    )
    counts = marked.aggregate(
        drafts=Count("pk", filter=Q(drafted__gt=0)),
        silent=Count("pk", filter=Q(IS_LIVE, region_words=0, town_words=0)),
        agreed=Count("pk", filter=Q(region_words__gt=0, town_words__gt=0)),
        withdrawn=Count("pk", filter=Q(taken_back__gt=0)),
    )
    waiting = {state: states[state][1].count() for state in ("ours", "theirs")}
    return {state: (waiting | counts)[state] for state in states}


class CommitmentsPage(OfficePage):
    """What the two sides promise each other: of the person's own towns or regions only."""

    tab = "programme"

    @cached_property
    def side(self):
        """Whose eyes the person looks with."""
        return Side.REGION if self.request.user.has_role(*REGION_ROLES) else Side.TOWN

    def links(self):
        """Links of the person's territory that both sides may see."""
        return PriorityMeasure.objects.inside(self.request.user).shown()


class TownForm(forms.Form):
    """One town of many."""

    town = forms.ModelChoiceField(
        Municipality.objects.none(), label="Город", required=False, to_field_name="slug", empty_label="Все города"
    )

    def __init__(self, *args, towns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["town"].queryset = towns


class CommitmentsView(CommitmentsPage, ListView):
    """Links of one's towns or region by whose word is missing; what waits for one's own side comes first."""

    template_name = "strategies/office_commitments.html"
    context_object_name = "links"
    paginate_by = PAGE

    @cached_property
    def form(self):
        """The town asked for; a town's own people see theirs only."""
        towns = Municipality.objects.towns().filter(
            region__in=self.request.user.region_ids(*REGION_ROLES), is_reference=False
        )
        return TownForm(self.request.GET, towns=towns.only("name", "slug", "name_sort"))

    @cached_property
    def filtered(self):
        """The person's links after the filter."""
        links = self.links()
        if not self.form.is_valid():
            return links.none()
        town = self.form.cleaned_data["town"]
        return links.filter(priority__strategy__municipality=town) if town else links

    @cached_property
    def states(self):
        """{state: (words, links)} after the filter."""
        return states_of(self.filtered, self.side)

    @cached_property
    def counts(self):
        """{state: how many}."""
        return counts_of(self.filtered, self.states, self.side)

    @cached_property
    def state(self):
        """The state asked for; without one the first that has something in it."""
        asked = self.request.GET.get("state")
        if asked in self.states:
            return asked
        return next((state for state, number in self.counts.items() if number), "ours")

    def get_queryset(self):
        return self.states[self.state][1].select_related(
            "measure__direction__programme", "priority__strategy__municipality__region"
        )

    def get_paginator(self, queryset, per_page, **kwargs):
        """The usual one; how many there are is counted already."""
        paginator = super().get_paginator(queryset, per_page, **kwargs)
        paginator.count = self.counts[self.state]
        return paginator

    def get_context_data(self, **kwargs):
        context, on, user = super().get_context_data(**kwargs), timezone.localdate(), self.request.user
        links = _with_words(list(context["links"]), self.side, on)
        may_confirm = user.has_role(Role.REGION_APPROVER if self.side == Side.REGION else Role.MUNICIPAL_HEAD)
        return context | {
            "rows": links,
            "side": self.side,
            "state": self.state,
            "tabs": [(state, words, self.counts[state]) for state, (words, _links) in self.states.items()],
            "counts": self.counts,
            "answer_days": links[0].priority.strategy.municipality.region.answer_days if links else None,
            "filter": {"form": self.form} if self.side == Side.REGION else None,
            "town": self.form.cleaned_data.get("town") if self.form.is_valid() else None,
            "may_confirm": may_confirm and self.state == "drafts",
        }

    def post(self, request):
        """Confirm the ticked drafts of one's own side, each through the door."""
        drafts = _ticked(request)
        if not drafts:
            raise Http404
        if not all(may_promise(request.user, draft) for draft in drafts):
            raise PermissionDenied
        _confirm(request, drafts)
        return redirect(request.get_full_path())


def _with_words(links, side, on):
    """Annotate each link with its `agreement`, `draft` of the side, `waits_days` and `days_late`; three queries."""
    agreements = agreements_of(Commitment.objects.filter(link__in=links), on)
    drafts = Commitment.objects.filter(link__in=links, side=side, status=Status.DRAFT)
    drafts = {draft.link_id: draft for draft in drafts}
    for link in links:
        link.agreement = agreements[link.priority_id, link.measure_id]
        link.draft = drafts.get(link.pk)
        link.waits_days, link.days_late = None, 0
        if getattr(link, "said_at", None):
            add_waiting(link, on)
    return links


def _ticked(request):
    """Drafts that were ticked, of those that the person may change, each as it was seen: «number-version»."""
    seen = whole_versions(request.POST.getlist("commitment")[:PAGE])
    drafts = Commitment.objects.editable_by(request.user).filter(pk__in=seen, status=Status.DRAFT)
    drafts = drafts.select_related("link__measure__direction__programme", "link__priority__strategy__municipality")
    for draft in (found := list(drafts)):
        draft.row_version = seen[draft.pk]
    return found


def _confirm(request, drafts):
    """Give the promises of one's own side, each through the door; say what came of it."""
    refused = []
    for draft in drafts:
        try:
            draft.move_to(Status.CONFIRMED, by=request.user)
        except ValidationError as error:
            refused.append(f"«{draft.link.measure.title}»: {' '.join(error.messages)}")
    given = len(drafts) - len(refused)
    if given:
        messages.success(request, f"Подтверждено: {counted(given, 'обещание', 'обещания', 'обещаний')}.")
    for words in refused:
        messages.error(request, words)


class SidesPage(CommitmentsPage, DetailView):
    """A page about one link, with what each side may do about it now; `failed` is (side, its form) to show again."""

    context_object_name = "link"
    failed = None

    def get_queryset(self):
        return self.links().select_related("measure__direction__programme", "priority__strategy__municipality__region")

    def panel(self, side, agreement):
        """What one side may do now: write and confirm, or take back what it gave."""
        given = agreement.of(side)
        panel = {
            "side": side,
            "given": given,
            "other": agreement.of(OTHER[side]),
            "may_promise": may_promise(self.request.user, Commitment(link=self.object, side=side)),
        }
        if self.failed and self.failed[0] == side:
            return panel | {"form": self.failed[1]}
        if given is None:
            return panel | {"form": self.form_of(side)}
        seen = {"given": given.commitment.pk, "seen_version": given.commitment.row_version}
        return panel | {"form": WithdrawForm(auto_id=f"id_{side}_%s", initial=seen)}

    def form_of(self, side, data=None, **kwargs):
        """The words of a side: its draft, or a blank for the year in which the measure is due."""
        draft = Commitment.objects.filter(link=self.object, side=side, status=Status.DRAFT).first()
        due = self.object.measure.due_now
        initial = {} if draft else {"year": due.year if due else None}
        instance = draft or Commitment(link=self.object, side=side)
        return CommitmentForm(data, instance=instance, initial=initial, auto_id=f"id_{side}_%s", **kwargs)


class CommitmentView(SidesPage):
    """One measure that answers one priority: what both sides gave, and the form of one's own side."""

    template_name = "strategies/office_commitment.html"

    def get_context_data(self, **kwargs):
        context, on, user, link = (
            super().get_context_data(**kwargs),
            timezone.localdate(),
            self.request.user,
            self.object,
        )
        agreement = agreements_of(Commitment.objects.filter(link=link), on)[link.priority_id, link.measure_id]
        mine = [side for side in Side if may_prepare(user, Commitment(link=link, side=side))]
        own = Commitment.objects.filter(link=link).visible_to(user)
        return context | {
            "on": on,
            "measure": link.measure,
            "no_hints": {},
            "priority": link.priority,
            "town": link.priority.strategy.municipality,
            "agreement": agreement,
            "panels": [self.panel(side, agreement) for side in mine],
            "drafts": [one for one in own.filter(status=Status.DRAFT) if one.side not in mine],
        }

    def post(self, request, pk):
        """Keep the draft of one's own side, give the promise, or take it back."""
        self.object = self.get_object()
        side, do = request.POST.get("side"), request.POST.get("do")
        if side not in Side.values or do not in {"save", "confirm", "withdraw"}:
            raise Http404
        blank = Commitment(link=self.object, side=side)
        if not (may_prepare if do == "save" else may_promise)(request.user, blank):
            raise PermissionDenied
        return self._withdraw(side) if do == "withdraw" else self._keep(side, confirms=do == "confirm")

    def _given(self, side):
        return Commitment.objects.confirmed().filter(link=self.object, side=side).first()

    @transaction.atomic
    def _keep(self, side, *, confirms):
        # Whoever speaks for a side at this moment waits here, and then finds the word that stands.
        PriorityMeasure.objects.select_for_update(of=("self",), no_key=True).get(pk=self.object.pk)
        if self._given(side):
            said = "Ваша сторона обещание уже дала: чтобы дать другое, отзовите прежнее."
            return too_late(self.request, said, "office:commitment", self.object.pk)
        form = self.form_of(side, self.request.POST, confirms=confirms)
        if not form.is_valid():
            return self._refuse(side, form)
        try:
            commitment = form.keep(by=self.request.user)
            if confirms:
                commitment.move_to(Status.CONFIRMED, by=self.request.user)
        except ValidationError as error:
            # The draft is kept all the same: the next attempt starts from it.
            add_errors(seen_again(form, form.instance), error)
            return self._refuse(side, form)
        done = "Обещание дано: его видят все." if confirms else "Черновик сохранён: его видит только ваша сторона."
        messages.success(self.request, done)
        return redirect("office:commitments") if confirms else redirect("office:commitment", self.object.pk)

    def _withdraw(self, side):
        given = self._given(side)
        if given is None:
            raise Http404
        form = WithdrawForm(self.request.POST, auto_id=f"id_{side}_%s")
        if not form.is_valid():
            return self._refuse(side, form)
        if form.cleaned_data["given"] != given.pk:
            said = "Это обещание уже отозвали, и дано другое: откройте страницу заново."
            return too_late(self.request, said, "office:commitment", self.object.pk)
        given.row_version = form.cleaned_data["seen_version"]
        try:
            given.move_to(Status.WITHDRAWN, by=self.request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
            return self._refuse(side, form)
        messages.success(self.request, "Обещание отозвано. Оно и причина остались на виду.")
        return redirect("office:commitment", self.object.pk)

    def _refuse(self, side, form):
        self.failed = (side, form)
        return self.render_to_response(self.get_context_data(object=self.object), status=422)
