"""Many drafts published in one act: the same door for each, all or none."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Role
from strategies.models import Measure, Priority, Programme, ProgrammeVersion, Strategy

CHANGED = "Пока вы смотрели, черновики изменились. Ничего не опубликовали: посмотрите список ещё раз."
TARGETS = {Measure: Measure.Status.PLANNED, Priority: Priority.Status.PUBLISHED}


def draft_measures(programme):
    """Draft measures of a programme."""
    rows = Measure.objects.filter(direction__programme=programme, status=Measure.Status.DRAFT)
    return rows.select_related("direction__programme", "municipality").order_by("pk")


def draft_priorities(user):
    """Draft priorities of a person's regions whose strategy is one that everybody sees."""
    rows = Priority.objects.filter(
        status=Priority.Status.DRAFT, strategy__status__in=Strategy.LIVE,
        strategy__municipality__region__in=user.region_ids(Role.REGION_APPROVER),
    )  # fmt: skip
    return rows.select_related("strategy__municipality").order_by("pk")


def programmes_of(user):
    """Programmes with draft measures that a person publishes, with `drafts`: how many.

    And `is_adopted`: an act holds a version of it already, so that what is published now stands outside the act.
    """
    is_draft = Q(directions__measures__status=Measure.Status.DRAFT)
    rows = Programme.objects.filter(region__in=user.region_ids(Role.REGION_APPROVER))
    rows = rows.annotate(is_adopted=Exists(ProgrammeVersion.objects.filter(programme=OuterRef("pk"))))
    return (
        rows.annotate(drafts=Count("directions__measures", filter=is_draft)).filter(drafts__gt=0).order_by("kind", "pk")
    )


def mark_of(drafts):
    """A mark of a list of drafts: another one means that the list is not the one that was shown."""
    rows = drafts.values_list("pk", "row_version")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def publish_steps(drafts, *, by, seen):
    """Publish all drafts of a list, each through its door, in one transaction; yields (how many, of how many).

    Args:
        drafts: the list, as it is now.
        by: who publishes.
        seen: the mark of the list that was shown.

    Raises:
        ValidationError: the list has changed, or a draft lacks something. Nothing is published.
    """
    with transaction.atomic():
        if mark_of(drafts) != seen:
            raise ValidationError(CHANGED, code="changed_meanwhile")
        records = list(drafts)
        if not records:
            raise ValidationError("Черновиков нет: публиковать нечего.", code="empty")
        yield 0, len(records)
        for done, record in enumerate(records, start=1):
            try:
                record.move_to(TARGETS[type(record)], by=by)
            except ValidationError as refusal:
                words = " ".join(refusal.messages)
                raise ValidationError(
                    f"«{str(record)[:120]}»: {words} Ничего не опубликовали.", code="refused"
                ) from refusal
            if done % 20 == 0 or done == len(records):
                yield done, len(records)
