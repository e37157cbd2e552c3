from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.kept import too_late
from accounts.models import Role, RoleAssignment
from accounts.models.user import MUNICIPAL_ROLES, REGION_ROLES
from accounts.office import OfficePage
from municipalities.models import Municipality, Region
from municipalities.regions import OwnRegionChosen
from strategies.coverage.forms import GapAnswerForm
from strategies.coverage.gaps import Kind, gap_about, gap_summary
from strategies.coverage.matrix import awaited_words
from strategies.coverage.models.gap import GapAnswer
from strategies.priorities.models import Priority
from strategies.programme.models.measure import Measure
from strategies.programme.models.measure_parts import PriorityMeasure

from .coverage import CoverageView, GapsForm, GapsList

WRITERS = (Role.REGION_EDITOR, Role.REGION_APPROVER)


def whom_to_ask(region, on):
    """Posts and names of those who answer for gaps in a region; one query."""
    roles = RoleAssignment.objects.in_force(on).filter(region=region, role__in=WRITERS, user__is_active=True)
    people = {held.user_id: held.user.public_name for held in roles.select_related("user").order_by("role", "pk")}
    return [name for name in people.values() if name]


class OfficeCoverageView(OfficePage, OwnRegionChosen, CoverageView):
    """The same matrix with the region's eyes: each cell leads to the words and the gaps behind it."""

    tab = "programme"
    roles = REGION_ROLES
    template_name = "strategies/office_coverage.html"

    @cached_property
    def regions(self):
        """The person's regions."""
        held = [one for one in self.request.user.current_roles if one.role in REGION_ROLES]
        return sorted({one.region for one in held}, key=lambda region: region.name_sort)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "may_answer": self.request.user.acts_as(*WRITERS, territory=(self.region.pk, None)),
        }


class OfficeGapsView(OfficePage, OwnRegionChosen, GapsList):
    """Work list of gaps: of the person's regions, or of their towns."""

    tab = "programme"
    template_name = "strategies/office_gaps.html"

    @cached_property
    def own_towns(self):
        """Towns of those who look from a town; None for the region's people, who see all."""
        user = self.request.user
        if user.region_ids(*REGION_ROLES):
            return None
        return list(Municipality.objects.filter(pk__in=user.municipality_ids(*MUNICIPAL_ROLES)))

    @cached_property
    def regions(self):
        """The person's regions."""
        user = self.request.user
        regions = user.region_ids(*REGION_ROLES) or {town.region_id for town in self.own_towns}
        return list(Region.objects.filter(pk__in=regions).defer("outline"))

    @cached_property
    def form(self):
        """The filters as asked for in the address."""
        form = GapsForm(self.request.GET, region=self.region, regions=self.regions)
        if self.own_towns is not None:
            for name in ("q", "town", "size"):
                form.fields.pop(name, None)
        return form

    def towns(self):
        """The person's own towns, or those asked for; None for all of the region."""
        if self.own_towns is None:
            return super().towns()
        return [town for town in self.own_towns if town.region_id == self.region.pk]

    @cached_property
    def summary(self):
        """Counted gaps of everything that the person may look at."""
        towns = None if self.own_towns is None else self.towns()
        return gap_summary(self.region, timezone.localdate(), towns=towns)

    def counted(self):
        """How many gaps are asked for; without filters the summary knows."""
        return super().counted() if self.form.is_narrowed else self.summary["total"]

    def get_context_data(self, **kwargs):
        on = timezone.localdate()
        return super().get_context_data(**kwargs) | {
            "late_total": self.summary["late"],
            "nobody_total": self.summary["nobody"],
            "may_answer": self.request.user.acts_as(*WRITERS, territory=(self.region.pk, None)),
            "asked": whom_to_ask(self.region, on) if self.own_towns is not None else [],
        }


class GapPage(OfficePage):
    """A page about one gap: of the person's region or town."""

    tab = "programme"

    @cached_property
    def kind(self):
        """What is missing.

        Raises:
            Http404: there is no such kind.
        """
        if self.kwargs["kind"] not in Kind.values:
            raise Http404
        return Kind(self.kwargs["kind"])

    @cached_property
    def subject(self):
        """The priority or the measure: public, of the person's region or town."""
        user = self.request.user
        model = Priority if self.kind in GapAnswer.OF_PRIORITY else Measure
        rows = model.objects.public().select_related(
            "strategy__municipality__region" if model is Priority else "direction__programme__region"
        )
        towns = user.municipality_ids(*MUNICIPAL_ROLES)
        inside = Q(**{f"{model.REGION_LOOKUPS[0]}__in": user.region_ids(*REGION_ROLES)})
        inside |= Q(**{f"{model.MUNICIPALITY_LOOKUPS[0]}__in": towns})
        if model is Measure:
            inside |= Q(pk__in=Measure.towns.through.objects.filter(municipality__in=towns).values("measure"))
        return get_object_or_404(rows.filter(inside), pk=self.kwargs["pk"])

    @cached_property
    def may_answer(self):
        """Whether the person speaks for the region."""
        return self.request.user.acts_as(*WRITERS, territory=(self.subject.territory[0], None))

    @cached_property
    def answers(self):
        """What was said of this gap: one answer or none."""
        return GapAnswer.objects.filter(kind=self.kind, **{self.subject._meta.model_name: self.subject})

    def links(self):
        """Measures that answer the priority and wait for a word, each with whose; where that is the gap."""
        if self.kind != Kind.NOT_AGREED:
            return []
        links = PriorityMeasure.objects.shown().filter(priority=self.subject).with_agreement()
        links = list(links.select_related("measure").order_by("pk"))
        for link in links:
            link.awaited = awaited_words(link.region_confirmed, link.town_confirmed)
        return links


class OfficeGapView(GapPage, TemplateView):
    """One gap: who closes it, by when and why it is empty, with what was said before."""

    template_name = "strategies/office_gap.html"
    form = None

    def _form(self, answer, *args):
        answer = answer or GapAnswer(kind=self.kind, **{self.subject._meta.model_name: self.subject})
        return GapAnswerForm(
            *args, instance=answer, territory=self.subject.territory, initial={"seen": _latest_step(answer)}
        )

    def get_context_data(self, **kwargs):
        on, answer = timezone.localdate(), self.answers.select_related("owner").first()
        gap = gap_about(self.kind, self.subject, on)
        region = self.subject.territory[0]
        return super().get_context_data(**kwargs) | {
            "gap": gap,
            "subject": self.subject,
            "kind": self.kind,
            "label": self.kind.label,
            "answer": answer,
            "may_answer": self.may_answer,
            "form": (self.form or self._form(answer)) if gap and self.may_answer else None,
            "steps": list(answer.history.select_related("history_user", "owner")) if answer else [],
            "asked": [] if self.may_answer else whom_to_ask(region, on),
            "links": self.links() if gap else [],
            "decision_hints": {
                "preparing": "Назовите день, к которому закроют.", "stays": "Скажите прямо, почему меры не будет.",
            },
        }  # fmt: skip

    def post(self, request, *args, **kwargs):
        """Keep the answer; what somebody else wrote meanwhile is shown, never overwritten unseen."""
        subject = self.subject
        if not self.may_answer:
            raise PermissionDenied
        if gap_about(self.kind, subject, timezone.localdate()) is None:
            return too_late(request, "Этого пробела больше нет: отвечать не на что.", "office:gaps")
        try:
            with transaction.atomic():
                answer = self.answers.select_for_update(of=("self",)).first()
                self.form = self._form(answer, request.POST)
                if self.form.is_valid() and self._is_seen(answer):
                    self.form.instance.created_by = self.form.instance.created_by or request.user
                    self.form.save()
        except IntegrityError:
            # Two first answers at once: the other one stands.
            self.form = self._form(self.answers.first(), request.POST)
            self.form.is_valid()
            self._is_seen(self.answers.first())
        if self.form.errors:
            return self.render_to_response(self.get_context_data(**kwargs), status=422)
        messages.success(request, "Ответ записан: его видят все.")
        return redirect(f"{reverse('office:gaps')}?kind={self.kind}")

    def _is_seen(self, answer):
        """Whether the person saw the latest words; where not, they are told and their own words stay."""
        latest = _latest_step(answer)
        if self.form.cleaned_data.get("seen") == latest:
            return True
        step = answer.history.select_related("history_user").first()
        who = step.history_user.public_name or step.history_user.username if step.history_user else "другой человек"
        self.form.add_error(
            None,
            f"Пока вы писали, ответ изменил {who}. Ниже, в истории, его слова; сохраните ещё раз, если верны ваши.",
        )
        self.form.data = self.form.data.copy()
        self.form.data["seen"] = latest
        return False


def _latest_step(answer):
    """The number of the latest step of an answer's history; 0 without one."""
    step = answer.history.values_list("history_id", flat=True).first() if answer and answer.pk else None
    return step or 0
