"""Whole, valid records for tests: each function gives one in the state asked for."""

import datetime
import itertools
from contextlib import contextmanager

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from documents.models import Document
from exchange.models import PaperTemplate
from exchange.papers.catalogue import our_form
from sessions.models import Proposal, Session
from strategies.models import (
    Commitment,
    Goal,
    Measure,
    Priority,
    PriorityMeasure,
    Programme,
    ProgrammeDirection,
    ProgressReport,
    ReportingCycle,
    Strategy,
)

_numbers = itertools.count(1)


_is_checking = False


@contextmanager
def checking():
    """Meanwhile every record passes the checks of forms and imports before it is saved: what they refuse is raised."""
    global _is_checking
    _is_checking = True
    try:
        yield
    finally:
        _is_checking = False


def make(model, **fields):
    """Save a record as it is; `test_factories.py` proves that what the factories give passes `full_clean`.

    Checking asks up to twenty questions of the database for a record, a third of the time of the whole suite: only the
    tests of refusals do so (`checking`).
    """
    record = model(**fields)
    if _is_checking:
        record.full_clean(exclude=["created_by"])
    record.save()
    return record


def document(owner, **fields):
    """A published paper of a town or a region, with its text elsewhere."""
    place = {"region": owner} if owner._meta.model_name == "region" else {"municipality": owner}
    defaults = {
        "kind": Document.Kind.DECISION, "title": "Решение Думы об утверждении стратегии", "number": "432",
        "date": datetime.date(2019, 2, 21), "url": "https://example.org/act", "status": Document.Status.PUBLISHED,
    }  # fmt: skip
    return make(Document, **place, **(defaults | fields))


def strategy(town, **fields):
    """A strategy under discussion; with status approved it gets its act."""
    number = next(_numbers)
    defaults = {"title": f"Стратегия {number}", "version": 1, "year_from": 2018, "year_to": 2030,
                "status": Strategy.Status.DISCUSSION}  # fmt: skip
    if fields.get("status") in {Strategy.Status.APPROVED, Strategy.Status.SUPERSEDED}:
        defaults |= {"act": document(town), "act_number": "432", "act_date": datetime.date(2019, 2, 21),
                     "adopted_by": "Дума городского округа"}  # fmt: skip
    return make(Strategy, municipality=town, **(defaults | fields))


def goal(strategy, **fields):
    """A goal of the first level."""
    return make(Goal, strategy=strategy, **({"text": f"Цель {next(_numbers)}"} | fields))


def priority(strategy, **fields):
    """A published priority."""
    defaults = {"title": f"Приоритет {next(_numbers)}", "status": Priority.Status.PUBLISHED, "sphere": "urban"}
    return make(Priority, strategy=strategy, **(defaults | fields))


def programme(region, **fields):
    """A programme in force, 2018–2030."""
    defaults = {"title": f"Программа {next(_numbers)}", "year_from": 2018, "year_to": 2030,
                "status": Programme.Status.APPROVED}  # fmt: skip
    return make(Programme, region=region, **(defaults | fields))


def direction(region, **fields):
    """A direction of a programme in force."""
    fields.setdefault("programme", None)
    fields["programme"] = fields["programme"] or programme(region)
    return make(ProgrammeDirection, **({"title": f"Направление {next(_numbers)}"} | fields))


def measure(town, **fields):
    """A planned measure of a town (or, given a region, a region-wide one), due at the end of 2027."""
    is_region = town._meta.model_name == "region"
    region = town if is_region else town.region
    defaults = {"title": f"Мера {next(_numbers)}", "status": Measure.Status.PLANNED, "responsible": "Администрация",
                "promised_year": 2026, "start": datetime.date(2026, 1, 1), "due": datetime.date(2027, 12, 31),
                "municipality": None if is_region else town}  # fmt: skip
    if "direction" not in fields:
        defaults["direction"] = direction(region)
    return make(Measure, **(defaults | fields))


def link(priority, measure):
    """A measure that answers a priority."""
    return make(PriorityMeasure, priority=priority, measure=measure)


def agreed_link(priority, measure):
    """A measure that answers a priority, with the word of both sides."""
    agreed = link(priority, measure)
    for side in ("region", "town"):
        commitment(agreed, side)
    return agreed


def commitment(link, side, *, days=0, on=None, **fields):
    """A promise that a side gave some days before today or the day named (or, with status draft, prepares)."""
    defaults = {"kind": {"region": "fund", "town": "land"}[side], "amount": 500 if side == "region" else None,
                "year": 2027, "status": Commitment.Status.CONFIRMED}  # fmt: skip
    if fields.get("status") == Commitment.Status.WITHDRAWN:
        defaults["withdrawn_because"] = "Деньги сняли"
    if fields.get("status") != Commitment.Status.DRAFT:
        today = timezone.make_aware(datetime.datetime.combine(on, datetime.time(12))) if on else timezone.now()
        defaults["published_at"] = today - datetime.timedelta(days=days)
    return make(Commitment, link=link, side=side, **(defaults | fields))


def report(measure, *, by=None, **fields):
    """A draft report on a measure or a priority for the first quarter of 2026."""
    defaults = {"year": 2026, "period": ProgressReport.Period.Q1, "text": "Сделали первый участок.", "percent": 40,
                "reported_status": ProgressReport.Reported.IN_PROGRESS}  # fmt: skip
    return make(ProgressReport, created_by=by, **({measure._meta.model_name: measure} | defaults | fields))


def cycle(programme, **fields):
    """The open cycle of the first quarter of 2026, opened by the calendar, with its list of who owes a report."""
    return ReportingCycle.start(programme, **({"year": 2026, "period": "q1", "by": None} | fields))[0]


def session(owner, **fields):
    """A held municipal session of a town (or, given a region, a regional one) with a known day."""
    is_region = owner._meta.model_name == "region"
    number = next(_numbers)
    defaults = {
        "region": owner if is_region else owner.region, "municipality": None if is_region else owner,
        "level": "regional" if is_region else "municipal", "slug": f"session-{number}", "title": f"Сессия {number}",
        "starts_at": datetime.datetime(2018, 6, 22, 4, tzinfo=datetime.UTC), "status": Session.Status.HELD,
    }  # fmt: skip
    return make(Session, **(defaults | fields))


def proposal(town, **fields):
    """A moderated proposal about a town that waits for an answer."""
    number = next(_numbers)
    defaults = {"number": f"П-{number:04}", "region": town.region, "municipality": town,
                "text": f"Предложение {number}", "public_text": f"Предложение {number}",
                "said_on": "2018-06-22"}  # fmt: skip
    return make(Proposal, **(defaults | fields))


def paper_template(region, kind="plan", **fields):
    """A region's own Word template of a paper: a copy of ours."""
    upload = SimpleUploadedFile("шаблон.docx", our_form(kind).read_bytes())
    return make(PaperTemplate, region=region, kind=kind, **({"file": upload} | fields))
