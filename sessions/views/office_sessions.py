"""Sessions in the office: the list, a new one, and one with its texts, steps, date and minutes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Case, Count, DateTimeField, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import ListView, TemplateView

from accounts.forms import add_errors, seen_again
from accounts.models import Role
from accounts.office import OfficePage
from accounts.permissions import is_region_staff
from documents.models import Document
from municipalities.addresses import leads_to
from municipalities.models import Municipality, Region
from municipalities.search import translit_slug
from sessions.gathering import said_words
from sessions.models import Proposal, Session
from sessions.models.session import ahead, may_decide, may_prepare
from sessions.office_forms import (
    DateForm,
    MinutesForm,
    MinutesSeenForm,
    PlaceForm,
    SectionFormSet,
    SessionForm,
    StepForm,
)
from sessions.regional_forms import RegionalSessionForm, practices_of

PAGE = 50
ROLES = tuple(Session.EDITORS)
MOVABLE = {Session.Status.PLANNED, Session.Status.ANNOUNCED}


class OfficeSessionsView(OfficePage, ListView):
    """One's own sessions: those ahead first, nearest on top; for the region also those of its towns."""

    tab = "sessions"
    roles = ROLES
    template_name = "sessions/office_sessions.html"
    context_object_name = "sessions"
    paginate_by = PAGE

    def get_queryset(self):
        sessions, now = Session.objects.editable_by(self.request.user), timezone.now()
        to_come = Q(status__in=MOVABLE) & (ahead(now) | Q(starts_at=None))
        said = Proposal.objects.filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Count("pk"))
        own = Session.objects.run_by(self.request.user).values("pk")
        return (
            sessions.select_related("municipality")
            .annotate(
                part=Case(When(to_come, then=Value(0)), default=Value(1), output_field=IntegerField()),
                nearest=Case(When(to_come, then=F("starts_at")), output_field=DateTimeField()),
                is_own=Case(When(pk__in=own, then=Value(True)), default=Value(False)),
                said=Coalesce(Subquery(said.values("n"), output_field=IntegerField()), 0),
            )
            .order_by("part", F("nearest").asc(nulls_last=True), F("starts_at").desc(nulls_last=True), "-pk")
        )


def places_of(user):
    """{code: (name, region id, town or None)} where a person may prepare sessions."""
    towns = Municipality.objects.filter(
        pk__in=user.municipality_ids(Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR)
    ).select_related("region")
    found = {f"town-{town.pk}": (town.name, town.region, town) for town in towns}
    regions = Region.objects.filter(pk__in=user.region_ids(Role.REGION_EDITOR, Role.REGION_APPROVER))
    return found | {f"region-{region.pk}": (f"{region.name}: областная", region, None) for region in regions}


def free_slug(title):
    """An address for a title that neither a session nor a page of the site has yet."""
    base = translit_slug(title, 70) or "session"
    taken = set(Session.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    ways = (base, *(f"{base}-{n}" for n in range(2, len(taken) + 4)))
    return next(slug for slug in ways if slug not in taken and leads_to(Session(slug=slug)))


class SessionNewView(OfficePage, TemplateView):
    """A session that is being prepared: nobody sees it until it is announced."""

    tab = "sessions"
    roles = ROLES
    template_name = "sessions/office_session_new.html"
    place_form = form = None

    @cached_property
    def places(self):
        """Where the person may prepare a session."""
        return places_of(self.request.user)

    def _place_form(self, *args):
        return PlaceForm(*args, places=[(code, name) for code, (name, *_rest) in self.places.items()])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "place_form": self.place_form or self._place_form(),
            "form": self.form or SessionForm(instance=Session(region_id=0)),
        }

    def post(self, request):
        """Keep the new session as planned and open its page."""
        self.place_form = self._place_form(request.POST)
        _name, region, town = self.places.get(request.POST.get("owner", ""), ("", None, None))
        session = Session(
            region=region, municipality=town, level=Session.Level.MUNICIPAL if town else Session.Level.REGIONAL,
            created_by=request.user, slug=free_slug(request.POST.get("title", "")),
        )  # fmt: skip
        self.form = SessionForm(request.POST, instance=session)
        if not (self.place_form.is_valid() & self.form.is_valid()):
            return self.render_to_response(self.get_context_data(), status=422)
        self._save(session)
        messages.success(request, "Сессия заведена. Когда всё готово, объявите её.")
        return redirect("office:session", session.pk)

    def _save(self, session):
        """Keep the session; where another one took its address at this moment, under the next free one."""
        while True:
            try:
                with transaction.atomic():
                    self.form.save()
            except IntegrityError:
                if not Session.objects.filter(slug=session.slug).exists():
                    raise
                session.slug = free_slug(session.title)
            else:
                return


class SessionPage(OfficePage, TemplateView):
    """One session in the office: each post says by `do` what is done; what is refused stays in its form."""

    tab = "sessions"
    roles = ROLES
    template_name = "sessions/office_session.html"
    ACTIONS = ("save", "step", "move_date", "minutes", "publish_minutes")

    @cached_property
    def session(self):
        """The session of the address, one's own."""
        sessions = Session.objects.run_by(self.request.user).select_related("region", "municipality", "minutes")
        return get_object_or_404(sessions, pk=self.kwargs["pk"])

    def get(self, request, *args, **kwargs):
        """The page."""
        return self.page()

    def post(self, request, *args, **kwargs):
        """Do what was asked; then the page again, from the database."""
        action = request.POST.get("do", "save")
        _known = self.session
        if action not in self.ACTIONS:
            raise Http404
        refused = getattr(self, f"_do_{action}")()
        if refused is not None:
            return self.page(status=422, **refused)
        return redirect("office:session", self.session.pk)

    def page(self, status=200, **forms):
        """The page, with forms as they were typed where something was refused."""
        if status != 200 and "form" not in forms:
            self.__dict__.pop("session", None)
        return self.render_to_response(self.get_context_data(**forms), status=status)

    def get_context_data(self, **forms):
        user, session = self.request.user, self.session
        version = {"seen_version": session.row_version}
        minutes, totals = session.minutes, session.proposals.words_totals()

        def again(name):
            return seen_again(forms[name], session) if name in forms else None

        return super().get_context_data() | {
            "session": session,
            "form": forms.get("form") or self._form(),
            "practices": forms.get("practices") or practices_of(session),
            "sections": forms.get("sections") or SectionFormSet(instance=session),
            "steps": self._steps(forms.get("step_form"), version),
            "date_form": again("date_form") or self._date_form(initial=version | self._dates()),
            "may_move_date": session.status in MOVABLE and may_decide(user, session),
            "minutes_form": again("minutes_form") or self._minutes_form(initial=version),
            "publish_form": MinutesSeenForm(
                initial={"paper": minutes.pk, "seen_version": minutes.row_version} if minutes else {}, auto_id=False
            ),
            "minutes_refusal": forms.get("minutes_refusal", ""),
            "may_publish_minutes": minutes is not None
            and any(move.status == Document.Status.PUBLISHED for move in minutes.moves_for(user)),
            "is_over": session.is_over(timezone.now()),
            "decisions": list(session.decisions.all()),
            "date_changes": list(session.date_changes.all()),
            "may_enter_workshop": is_region_staff(user),
            "may_prepare": may_prepare(user, session),
            "words": totals | {"said_words": said_words(totals["said"], totals["unread"])},
            "on": timezone.localdate(),
        }

    def _date_form(self, *args, **kwargs):
        return DateForm(*args, prefix="date", session=self.session, **kwargs)

    def _dates(self):
        return {"starts_at": self.session.starts_at, "ends_at": self.session.ends_at}

    def _steps(self, bound, version):
        """(step, its form) of every step open to the person now."""
        found = []
        for move in self.session.moves_for(self.request.user):
            is_bound = bound is not None and bound.data.get("status") == move.status
            form = (
                seen_again(bound, self.session)
                if is_bound
                else StepForm(initial=version | {"status": move.status}, auto_id=f"{move.status}-%s")
            )
            found.append((move, form, move.status in Session.REASON_NEEDED))
        return found

    def _papers(self):
        papers = Document.objects.editable_by(self.request.user).filter(kind=Document.Kind.MINUTES)
        if self.session.municipality_id:
            return papers.filter(municipality=self.session.municipality_id)
        return papers.filter(region=self.session.region_id)

    def _minutes_form(self, *args, **kwargs):
        return MinutesForm(*args, papers=self._papers(), prefix="minutes", **kwargs)

    def _form(self, *args):
        """The texts; a regional session also says who comes and whose outcomes it gathers."""
        kind = SessionForm if self.session.municipality_id else RegionalSessionForm
        return kind(*args, instance=self.session)

    def _do_save(self):
        form = self._form(self.request.POST)
        sections = SectionFormSet(self.request.POST, instance=self.session)
        practices = practices_of(self.session, self.request.POST)
        if not (form.is_valid() & sections.is_valid() & practices.is_valid()):
            return {"form": form, "sections": sections, "practices": practices}
        try:
            with transaction.atomic():
                form.instance.save_edited(by=self.request.user, known_version=form.cleaned_data["seen_version"])
                form.keep_lists(by=self.request.user)
                for rows in (sections, practices):
                    for row in rows.save(commit=False):
                        row.created_by = row.created_by or self.request.user
                        row.save()
                    for row in rows.deleted_objects:
                        row.delete()
        except ValidationError as refusal:
            add_errors(form, refusal)
            return {"form": form, "sections": sections, "practices": practices}
        messages.success(self.request, "Сохранено.")
        return None

    def _do_step(self):
        posted = self.request.POST
        form = StepForm(posted, auto_id=f"{posted.get('status', '')}-%s")
        if form.is_valid():
            said = form.cleaned_data
            self.session.row_version = said["seen_version"]
            try:
                self.session.move_to(said["status"], by=self.request.user, reason=said["reason"])
            except ValidationError as refusal:
                add_errors(form, refusal)
        if form.errors:
            return {"step_form": form}
        messages.success(self.request, f"Теперь сессия: {self.session.get_status_display()}.")
        return None

    def _do_move_date(self):
        form = self._date_form(self.request.POST)
        if form.is_valid():
            said = form.cleaned_data
            self.session.row_version = said["seen_version"]
            try:
                self.session.move_date(
                    said["starts_at"], said["ends_at"], by=self.request.user, reason=said["reason"],
                    proposals_until=said.get("proposals_until"),
                )  # fmt: skip
            except ValidationError as refusal:
                add_errors(form, refusal)
        if form.errors:
            return {"date_form": form}
        messages.success(self.request, "Дата перенесена. Прежняя и причина остались на виду.")
        return None

    def _do_minutes(self):
        form = self._minutes_form(self.request.POST, self.request.FILES)
        if form.is_valid():
            try:
                with transaction.atomic():
                    self.session.minutes = form.cleaned_data["paper"] or self._new_paper(form.cleaned_data)
                    self.session.save_edited(by=self.request.user, known_version=form.cleaned_data["seen_version"])
            except ValidationError as refusal:
                add_errors(form, refusal)
        if form.errors:
            return {"minutes_form": form}
        messages.success(self.request, "Протокол приложен.")
        return None

    def _new_paper(self, said):
        owner = {"municipality": self.session.municipality} if self.session.municipality_id else {
            "region": self.session.region
        }  # fmt: skip
        paper = Document(
            **owner, kind=Document.Kind.MINUTES, title=f"Протокол: {self.session.title}"[:500], number=said["number"],
            date=said["date"], file=said["file"], created_by=self.request.user,
        )  # fmt: skip
        paper.full_clean(exclude=["created_by"])
        paper.save()
        return paper

    def _do_publish_minutes(self):
        minutes, form = self.session.minutes, MinutesSeenForm(self.request.POST)
        if minutes is None:
            raise Http404
        is_same = form.is_valid() and form.cleaned_data["paper"] == minutes.pk
        # The door refuses an unknown version: other minutes than those that were seen stay unpublished.
        minutes.row_version = form.cleaned_data["seen_version"] if is_same else 0
        try:
            minutes.move_to(Document.Status.PUBLISHED, by=self.request.user)
        except ValidationError as refusal:
            return {"minutes_refusal": " ".join(refusal.messages)}
        messages.success(self.request, "Протокол опубликован.")
        return None
