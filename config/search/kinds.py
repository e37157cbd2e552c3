"""What the search looks through: towns, people, bodies, measures, priorities, proposals, sessions, documents.

Each kind says which rows everybody may read, what their title is and what stands in a row of the page. Rows are public
by the querysets of their own room: the index of words (`municipalities.full_text`) knows nothing of who may read what.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Min, Value
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.templatetags.document_words import document_facts
from config.templatetags.site import day, measure_status, partial_date, proposal_status, status
from documents.models import Document
from municipalities.models import Head, Municipality
from sessions.models import Proposal, Session
from strategies.models import Measure, Priority

from .excerpt import excerpt, marked

TITLE = 200  # signs of a title that order is made by


@dataclass(frozen=True)
class Row:
    """What a found record says on the page.

    Attributes:
        title, excerpt: parts ((text, whether it was asked for), …).
        facts: what stands under them, in words.
        state: the pill of its state, or nothing.
        record: for its sample mark; None where the row stands for several records.
    """

    url: str
    title: tuple
    excerpt: tuple
    facts: str
    state: str = ""
    record: object = None


@dataclass(frozen=True)
class Kind:
    """One kind of things.

    Attributes:
        code: how the address names it.
        label: heading of its group.
        absent: «в городах»: where nothing was found.
        public: gives the rows that everybody may read.
        towns: the ways to the town of a row; none where it is no part of one.
        title: the expression that order is made by.
        rows: takes (ids, asked keys), gives {id: `Row`}; one query.
    """

    code: str
    label: str
    absent: str
    public: Callable
    towns: tuple
    title: str
    rows: Callable

    def hits(self, query, places=()):
        """Rows of (code, id, title) that hold the words, or all but the name of their own town; the newest first.

        Args:
            query: the words.
            places: [(id of a town that the words name, the other words), …].
        """
        found = self._searched(query)
        for town, others in places:
            for way in self.towns:
                found |= self._searched(others).filter(**{way: town})
        found = found.order_by("-pk")
        said = Substr(self.title, 1, TITLE)
        return found.annotate(kind_code=Value(self.code), said=said).values_list("kind_code", "pk", "said")

    def _searched(self, query):
        return self.public().search(query)


def _facts(*words):
    return " · ".join(word for word in words if word)


def _place(record):
    return record.municipality.shown_name if record.municipality_id else _("весь регион")


def _towns(ids, asked):
    towns = Municipality.objects.with_region().in_bulk(ids)
    return {
        pk: Row(
            town.get_absolute_url(), marked(town.shown_name, asked), (),
            _facts(town.get_kind_display(), town.region.shown_name,
                   _("справочный город: программу здесь не ведут") if town.is_reference else ""),
            record=town,
        )
        for pk, town in towns.items()
    }  # fmt: skip


def _people(ids, asked):
    heads = Head.objects.select_related("municipality").in_bulk(ids)
    return {
        pk: Row(
            head.municipality.get_absolute_url(), marked(head.name, asked), (),
            _facts(capfirst(head.post), head.municipality.shown_name, _term(head)), record=head,
        )
        for pk, head in heads.items()
    }  # fmt: skip


def _term(head):
    if head.is_over(timezone.localdate()):
        return _("до %(day)s") % {"day": partial_date(head.until)}
    return _("с %(day)s") % {"day": partial_date(head.since)} if head.since else ""


def _measures(ids, asked):
    today = timezone.localdate()
    rows = Measure.objects.with_programme().select_related("municipality").in_bulk(ids)
    return {
        pk: Row(
            measure.get_absolute_url(), marked(measure.title, asked),
            excerpt(asked, measure.description, measure.responsible, measure.co_executors),
            _facts(_place(measure), measure.promised_in), measure_status(measure, today), measure,
        )
        for pk, measure in rows.items()
    }  # fmt: skip


@dataclass(frozen=True)
class _Bodies(Kind):
    """Public measures by the body that answers for them."""

    def _searched(self, query):
        return self.public().of_responsible(query)

    def hits(self, query, places=()):
        """Each body once, under the number of its first measure; towns have none of their own."""
        found = self._searched(query).exclude(responsible="").order_by().values("responsible")
        first = found.annotate(kind_code=Value(self.code), first=Min("pk"), said=Substr("responsible", 1, TITLE))
        return first.order_by("-first").values_list("kind_code", "first", "said")


def _bodies(ids, asked):
    rows = Measure.objects.filter(pk__in=ids).values_list("pk", "responsible", "direction__programme__region__slug")
    return {
        pk: Row(
            f"{reverse('strategies:programme')}?{urlencode({'region': region, 'responsible': said[:100]})}",
            marked(said, asked), (), _("меры, за которые отвечает"),
        )
        for pk, said, region in rows
    }  # fmt: skip


def _priorities(ids, asked):
    rows = Priority.objects.select_related("strategy__municipality").in_bulk(ids)
    return {
        pk: Row(
            one.get_absolute_url(), marked(one.title, asked), excerpt(asked, one.plain_text),
            _facts(one.strategy.municipality.shown_name, one.strategy.get_status_display()), record=one,
        )
        for pk, one in rows.items()
    }  # fmt: skip


def _proposals(ids, asked):
    rows = Proposal.objects.defer(*Proposal.PRIVATE).select_related("municipality", "region").in_bulk(ids)
    return {
        pk: Row(
            one.get_absolute_url(), ((one.plain_name, False),), excerpt(asked, one.public_text),
            _facts((one.municipality or one.region).shown_name, partial_date(one.said_on) if one.said_on else ""),
            proposal_status(one), one,
        )
        for pk, one in rows.items()
    }  # fmt: skip


def _sessions(ids, asked):
    rows = Session.objects.select_related("municipality").in_bulk(ids)
    return {
        pk: Row(
            one.get_absolute_url(), marked(one.title, asked), excerpt(asked, one.summary, one.venue),
            _facts(one.municipality.shown_name if one.municipality_id else one.place,
                   day(one.starts_at) if one.starts_at else one.date_note or _("дата не найдена")),
            status(one), one,
        )
        for pk, one in rows.items()
    }  # fmt: skip


def _documents(ids, asked):
    rows = Document.objects.select_related("municipality", "region").in_bulk(ids)
    return {
        pk: Row(one.get_absolute_url(), marked(one.title, asked), (), document_facts(one, with_owner=True), record=one)
        for pk, one in rows.items()
    }


def _facts_only(rows, *regions):
    """What is invented for a try-out is found by its town or its number, and among facts nowhere."""
    for region in regions:
        rows = rows.exclude(**{f"{region}__is_sample": True})
    return rows


KINDS = (
    Kind("towns", gettext_lazy("Города"), gettext_lazy("в городах"),
         lambda: Municipality.objects.towns(), (), "name", _towns),
    Kind("people", gettext_lazy("Люди"), gettext_lazy("среди людей"),
         lambda: _facts_only(Head.objects.all(), "municipality__region"), ("municipality",), "name", _people),
    Kind("measures", gettext_lazy("Дела"), gettext_lazy("в делах"),
         lambda: _facts_only(Measure.objects.public(), "direction__programme__region"),
         ("municipality",), "title", _measures),
    Kind("priorities", gettext_lazy("Приоритеты"), gettext_lazy("в приоритетах"),
         lambda: _facts_only(Priority.objects.public(), "strategy__municipality__region"),
         ("strategy__municipality",), "title", _priorities),
    Kind("proposals", gettext_lazy("Что сказали"), gettext_lazy("в предложениях"),
         lambda: _facts_only(Proposal.objects.public(), "region"), ("municipality",), "public_text", _proposals),
    Kind("sessions", gettext_lazy("Сессии"), gettext_lazy("в сессиях"),
         lambda: _facts_only(Session.objects.public(), "region"), ("municipality", "host"), "title", _sessions),
    Kind("documents", gettext_lazy("Документы"), gettext_lazy("в документах"),
         lambda: _facts_only(Document.objects.public(), "region", "municipality__region"),
         ("municipality",), "title", _documents),
    _Bodies("bodies", gettext_lazy("Кто отвечает"), gettext_lazy("среди ведомств"),
            lambda: _facts_only(Measure.objects.counted(), "direction__programme__region"), (), "responsible", _bodies),
)  # fmt: skip
