"""Who answers for a measure or a priority, and how long nothing was heard of it."""

import datetime

from django.db.models import Case, DateField, Exists, F, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from accounts.models import RoleAssignment, WorkflowQuerySet
from accounts.models.user import MUNICIPAL_ROLES, REGION_ROLES
from strategies.periods import SILENT_AFTER_DAYS, Rhythm


class WatchedQuerySet(WorkflowQuerySet):
    """Records that are reported on. A queryset that inherits says `watched` and may say `RHYTHM_LOOKUP`."""

    RHYTHM_LOOKUP = ""  # nothing: once a quarter

    def answered_for(self):
        """Records that a person answers for while they are open. A queryset that inherits may narrow it."""
        return self.watched()

    def in_territory(self, territory):
        """Records of a territory: of one town, or the region-wide ones of a region."""
        region, town = territory
        return self.filter(**{self.model.REGION_LOOKUPS[0]: region, self.model.MUNICIPALITY_LOOKUPS[0]: town})

    def inside(self, user):
        """Records of the person's own towns and regions, whatever everybody may see beside them."""
        return self.filter(self._inside_condition(user, REGION_ROLES, MUNICIPAL_ROLES))

    def silent_or_ownerless(self, on):
        """What is not alive: nothing heard for too long, or nobody answers; with both annotations."""
        rows = self.with_silence(on).with_owner(on)
        return rows.filter(Q(is_owned=False) | Q(pk__in=self.silent(on).order_by().values("pk")))

    def with_silence(self, on):
        """Add `last_word_on`: the day of the latest published report; without one, since when a word is owed.

        That is the start of the work where it is known and has come, else the day when the record was published here;
        never a day before the region joined. And `joined_on`: without it nothing is owed (`Region.expects`).
        """
        latest = self._said().values("pk").annotate(at=Max("reports__published_at")).values("at")
        return self.annotate(
            last_report_at=Subquery(latest),
            last_word_on=Coalesce(TruncDate(Subquery(latest)), self._owed_since(on), output_field=DateField()),
            rhythm_now=F(self.RHYTHM_LOOKUP) if self.RHYTHM_LOOKUP else Value(str(Rhythm.QUARTER)),
            joined_on=self._joined_on(),
        )

    def _joined_on(self):
        return F(f"{self.model.REGION_LOOKUPS[0]}__joined_on")

    def _said(self, **conditions):
        """The record of an outer row if a report on it is published that meets the conditions; no order."""
        return self.model.objects.filter(pk=OuterRef("pk"), reports__status="published", **conditions).order_by()

    def _owed_since(self, on):
        """Since when a word is owed where there was none."""
        owed = [TruncDate("published_at"), TruncDate("created_at")]
        if any(field.name == "start" for field in self.model._meta.fields):
            owed.insert(0, Case(When(start__lte=on, then=F("start")), default=None, output_field=DateField()))
        owed = Coalesce(*owed, output_field=DateField())
        joined = self._joined_on()
        return Case(When(GreaterThan(joined, owed), then=joined), default=owed, output_field=DateField())

    def silent(self, on):
        """Those of which nothing was heard for longer than a period and the usual time to report on it.

        The same as `is_silent` of each, asked so that the database need not look for the latest report of each.
        """
        too_long = Q(pk__in=[])
        for rhythm in SILENT_AFTER_DAYS if self.RHYTHM_LOOKUP else [Rhythm.QUARTER]:
            edge = _last_day(rhythm, on)
            midnight = timezone.make_aware(datetime.datetime.combine(edge, datetime.time.min))
            is_theirs = Q(**{self.RHYTHM_LOOKUP: str(rhythm)}) if self.RHYTHM_LOOKUP else Q()
            too_long |= (
                is_theirs
                & ~Exists(self._said(reports__published_at__gte=midnight))
                & (Q(owed_since__lt=edge) | Exists(self._said()))
            )
        has_joined = {f"{self.model.REGION_LOOKUPS[0]}__joined_on__isnull": False}
        return self.alias(owed_since=self._owed_since(on)).filter(too_long, **has_joined)

    def with_owner(self, on):
        """Add `is_owned`: whether a named person answers, whose account is open and whose role there is in force."""
        territory = Q(municipality=OuterRef(self.model.MUNICIPALITY_LOOKUPS[0]))
        territory |= Q(region=OuterRef(self.model.REGION_LOOKUPS[0]))
        roles = RoleAssignment.objects.in_force(on).filter(territory, user=OuterRef("owner"), user__is_active=True)
        return self.annotate(is_owned=Exists(roles)).select_related("owner")

    def ownerless(self, on):
        """Those for which nobody answers now."""
        return self.with_owner(on).filter(is_owned=False)


def _last_day(rhythm, on):
    """The day on which a word had to be heard at the latest, so that a record of a rhythm is not silent on another."""
    return on - datetime.timedelta(days=SILENT_AFTER_DAYS[rhythm])


def days_of_silence(record, on):
    """Days since the last word on a record that came from `with_silence`."""
    return (on - record.last_word_on).days


def is_silent(record, on):
    """Whether nothing was heard for longer than the record's rhythm allows (`with_silence`)."""
    return record.joined_on is not None and record.last_word_on < _last_day(Rhythm(record.rhythm_now), on)
