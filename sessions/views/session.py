from itertools import groupby

from django.db.models import Case, Count, DateTimeField, F, IntegerField, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.views.generic import DetailView
from django_filters.views import FilterView

from accounts.models import JournalEntry
from documents.models import Document
from sessions.filters import SessionFilter
from sessions.gathering import decisions_of, told_gathered, votes_of
from sessions.models import Practice, Proposal, Session
from sessions.models.proposal_queryset import asking
from sessions.models.session import ahead
from sessions.pages import cut
from sessions.paths import add_paths, for_paths
from strategies.models import Priority

PAGE, LISTED = 50, 15
AHEAD, PAST, UNDATED = range(3)


class SessionListView(FilterView):
    """The calendar: what is ahead, nearest first; then what has been, by year and month; then what has no date."""

    filterset_class = SessionFilter
    template_name = "sessions/session_list.html"
    context_object_name = "sessions"
    paginate_by = LISTED
    extra_context = {"step": "said", "section": "sessions"}

    def get_queryset(self):
        sessions = Session.objects.visible_to(self.request.user).select_related("municipality", "host", "minutes")
        return _in_calendar_order(_with_proposal_count(sessions), now=timezone.now())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = list(context["sessions"])
        ahead_now = [session for session in rows if session.part == AHEAD]
        past = [session for session in rows if session.part == PAST]
        is_first = context["page_obj"].number == 1
        coming = ahead_now[0] if ahead_now and is_first and ahead_now[0].starts_at else None
        if coming:
            coming.is_open = coming.takes_proposals(timezone.localdate())
        return context | {
            "sessions": rows,
            "coming": coming,
            "ahead": ahead_now,
            "years": [(year, _by_month(sessions)) for year, sessions in _grouped(past, "year")],
            "undated": [session for session in rows if session.part == UNDATED],
        }


def _with_proposal_count(sessions):
    words = Proposal.objects.public().filter(session=OuterRef("pk")).order_by().values("session")
    counted = Subquery(words.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return sessions.annotate(proposal_count=Coalesce(counted, 0))


def _in_calendar_order(sessions, *, now):
    part = Case(
        When(ahead(now), then=Value(AHEAD)), When(starts_at__isnull=False, then=Value(PAST)),
        default=Value(UNDATED), output_field=IntegerField(),
    )  # fmt: skip
    nearest = Case(When(ahead(now), then=F("starts_at")), output_field=DateTimeField())
    return sessions.annotate(part=part, nearest=nearest).order_by(
        "part", F("nearest").asc(nulls_last=True), F("starts_at").desc(nulls_last=True), "-pk"
    )


def _grouped(sessions, part):
    """Sessions in runs of one local year or month, as (number, [session, …])."""
    runs = groupby(sessions, key=lambda session: getattr(timezone.localtime(session.starts_at), part))
    return [(number, list(run)) for number, run in runs]


def _by_month(sessions):
    return [run for _month, run in _grouped(sessions, "month")]


class SessionDetailView(DetailView):
    """A session: what became of the words, the day's programme, results, who took part, its place in the series."""

    template_name = "sessions/session_detail.html"
    context_object_name = "session"
    extra_context = {"step": "said", "section": "sessions"}

    def get_queryset(self):
        sessions = Session.objects.visible_to(self.request.user).select_related("municipality", "host", "minutes")
        return sessions.prefetch_related(
            "towns",
            "sections",
            "date_changes",
            Prefetch("practices", Practice.objects.select_related("municipality")),
            Prefetch("documents", Document.objects.public(), to_attr="public_documents"),
            Prefetch("priorities", Priority.objects.public(), to_attr="public_priorities"),
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        session, on = self.object, timezone.localdate()
        counts = _words_by_status(session)
        series = _series(session)
        return context | {
            "is_ahead": session.status in {Session.Status.PLANNED, Session.Status.ANNOUNCED},
            "takes_proposals": session.takes_proposals(on),
            "minutes": session.minutes if session.minutes_id and session.minutes.is_public else None,
            "is_outcome_public": session.status == Session.Status.OUTCOME,
            "counts": counts,
            "unread": Proposal.objects.filter(session=session).unread().count(),
            "proposal_total": sum(number for _proposal, number in counts),
            "proposals": _proposals(session, on),
            "gathered": told_gathered(session, on),
            "decisions": decisions_of(session, on),
            "votes": votes_of(session),
            "series": series,
            "series_total": sum(one.number_in_series is not None for one in series),
            "cancel_reason": _cancel_reason(session),
        }


def _words_by_status(session):
    """(status, how many public ones stand in it) in the order of statuses; last, as None, those that ask for no answer.

    One query.
    """
    new = Proposal.Status.NEW
    words = Proposal.objects.public().filter(session=session).order_by().values_list("status")
    counts = {None: 0}
    for status, number, unasked in words.annotate(n=Count("pk"), unasked=Count("pk", filter=~asking(Proposal))):
        counts[status] = number - (unasked if status == new else 0)
        counts[None] += unasked if status == new else 0
    return [(status, counts[status]) for status in [*Proposal.Status, None] if counts.get(status)]


def _proposals(session, on):
    """The first public proposals of a session, each with its path; three queries whatever their number."""
    proposals = for_paths(Proposal.objects.public().filter(session=session)).order_by("number")
    return add_paths(cut(proposals, 0, PAGE), on)


def _series(session):
    """Sessions of the same series in order, closed by the forum of the same year; empty where there is no series."""
    is_forum = session.level == Session.Level.REGIONAL and session.kind == Session.Kind.FORUM
    if session.number_in_series is None and not is_forum:
        return []
    forum = Q(level=Session.Level.REGIONAL, kind=Session.Kind.FORUM, starts_at__isnull=False)
    siblings = (
        Session.objects.public()
        .filter(region=session.region_id, level=session.level)
        .filter(Q(number_in_series__isnull=False) | forum)
        .order_by(F("number_in_series").asc(nulls_last=True), "starts_at", "pk")
    )
    numbered = [one for one in siblings if one.number_in_series is not None]
    # An undated session belongs to the year in which the dated ones of its series were held.
    year = _year(session) or next((_year(one) for one in numbered if one.starts_at), None)
    numbered = [one for one in numbered if _year(one) in {None, year}]
    if not numbered:
        return []
    return numbered + [one for one in siblings if one.number_in_series is None and _year(one) == year]


def _year(session):
    return timezone.localtime(session.starts_at).year if session.starts_at else None


def _cancel_reason(session):
    """Why the session was cancelled, as the journal says it; empty for any other."""
    if session.status != Session.Status.CANCELLED:
        return ""
    entries = JournalEntry.objects.public().filter(
        content_type__app_label="discussions", content_type__model="session", object_id=session.pk
    )
    step = entries.filter(to_status=Session.Status.CANCELLED).values_list("reason", flat=True).order_by("-at")
    return step.first() or ""
