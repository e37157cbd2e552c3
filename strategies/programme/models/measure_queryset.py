"""Which measures: of a town, promised, late, unheard of, with their money. Rules of one measure stand in `measure`."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from municipalities.search import keys, matching
from strategies.priorities.models import Priority
from strategies.watched import WatchedQuerySet

from .funding import Funding
from .programme import Programme

RESPONSIBLE = "@"  # no key begins with it
FIRST_YEAR, LAST_YEAR = 1990, 2100


class MeasureStatus(models.TextChoices):
    """How far a measure is; `Measure.Status` is its short name."""

    DRAFT = "draft", _("черновик")
    PLANNED = "planned", _("запланировано")
    IN_PROGRESS = "in_progress", _("выполняется")
    DONE = "done", _("выполнено")
    NOT_DONE = "not_done", _("не выполнено")
    POSTPONED = "postponed", _("перенесено")
    CANCELLED = "cancelled", _("отменено")


class DerivedState(models.TextChoices):
    """What the day makes of a status (`Measure.state_of`); never stored."""

    OVERDUE = "overdue", _("просрочено")
    UNHEARD = "unheard", _("сведений об исполнении нет")


OPEN = frozenset({MeasureStatus.PLANNED, MeasureStatus.IN_PROGRESS, MeasureStatus.POSTPONED})
FINISHED = frozenset({MeasureStatus.DONE, MeasureStatus.NOT_DONE})
PUBLIC = OPEN | FINISHED | {MeasureStatus.CANCELLED}
REGION = "direction__programme__region"
NAMED_YEAR = "(19|20)[0-9][0-9]"
STEP = Q(
    direction__programme__kind=Programme.Kind.ACTION,
    direction__programme__status=Programme.Status.PREPARED,
    municipality__isnull=True,
)


def overdue_on(day):
    """The condition of being overdue on a day, for rows that have `date_now` (`Measure.state_of`)."""
    is_duty = Q(date_now__gte=F(f"{REGION}__joined_on"))
    return Q(status__in=OPEN, date_now__lt=day) & is_duty


def unheard_on(day):
    """The condition of a promise whose time has passed without a word, for rows that have `date_now`.

    What is overdue is not among them (`Measure.state_of`).
    """
    joined = f"{REGION}__joined_on"
    passed = Q(date_now__lt=day) & (Q(**{f"{joined}__isnull": True}) | Q(date_now__lt=F(joined)))
    ended = Q(last_year__isnull=True) | Q(last_year__lt=day.year) | Q(due_note__regex=NAMED_YEAR)
    undated = Q(date_now__isnull=True) & ended & ~Q(due_note__regex=coming_years(day))
    return Q(status=MeasureStatus.PLANNED) & (passed | undated)


def coming_years(day):
    """A pattern of years that have not passed on a day."""
    return "|".join(map(str, range(day.year, LAST_YEAR + 1)))


class MeasureQuerySet(WatchedQuerySet):
    RHYTHM_LOOKUP = "direction__programme__rhythm"

    def public(self):
        """Published measures of a programme that everybody may see."""
        return self.filter(status__in=PUBLIC, direction__programme__status__in=Programme.PUBLIC)

    def counted(self):
        """Public measures that sums and counts are made of: a cancelled one is in none."""
        return self.public().exclude(status=MeasureStatus.CANCELLED)

    def watched(self):
        """Open public measures: somebody is expected to report on them."""
        return self.public().open()

    def answered_for(self):
        """Open measures, published or not: somebody answers for each."""
        return self.open()

    def of_town(self, town):
        """Measures in a town: its own, and region-wide ones that name it."""
        return self.filter(
            Q(municipality=town)
            | Q(pk__in=self.model.towns.through.objects.filter(municipality=town).values("measure"))
        )

    def reported_by(self, user):
        """Measures that a person reports on: of their towns; region-wide ones for the region's editor."""
        towns = user.municipality_ids(Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR)
        regions = user.region_ids(Role.REGION_EDITOR)
        return self.filter(
            Q(municipality__in=towns) | Q(municipality__isnull=True, direction__programme__region__in=regions)
        )

    def open(self):
        """Measures that are promised and not yet finished."""
        return self.filter(status__in=OPEN)

    def with_date_now(self):
        """Add `date_now`: the date promised now, the moved one, if it was moved (`Measure.due_now`).

        And `last_year`: of the programme or of the promise, where there is no date.
        """
        last_year = Coalesce("direction__programme__year_to", "promised_year")
        return self.annotate(date_now=Coalesce("postponed_to", "due"), last_year=last_year)

    def with_programme(self):
        """Each measure with its direction, programme and region: what its state on a day is judged by."""
        return self.select_related(REGION).defer(f"{REGION}__outline")

    def overdue(self, on):
        """Open measures whose date of now has passed (invariant 31: derived, never typed); with `date_now`."""
        return self.with_date_now().filter(overdue_on(on))

    def in_state(self, state, on):
        """Measures of which this is said on a day: a status, or a `DerivedState`; with `date_now`."""
        if state == DerivedState.OVERDUE:
            return self.overdue(on)
        if state == DerivedState.UNHEARD:
            return self.with_date_now().filter(unheard_on(on))
        rows = self.filter(status=state)
        if state == MeasureStatus.PLANNED:
            # By number: a negated condition over dates that are not known would leave those rows out.
            return rows.exclude(pk__in=self.with_date_now().filter(unheard_on(on)).order_by().values("pk"))
        return rows

    def with_money(self):
        """Add `planned` and `spent`: totals over years and sources, thousand roubles, None where nothing is known."""
        return self.annotate(planned=Sum("fundings__planned"), spent=Sum("fundings__spent"))

    def with_money_apart(self):
        """The same totals as subqueries: for querysets that are joined to many other rows."""
        rows = Funding.objects.filter(measure=OuterRef("pk")).order_by().values("measure")
        return self.annotate(
            planned=Subquery(rows.annotate(total=Sum("planned")).values("total")),
            spent=Subquery(rows.annotate(total=Sum("spent")).values("total")),
        )

    def with_agreement(self, priority=None):
        """Add `is_agreed`: whether the region and the town have both confirmed that the measure answers a priority.

        Args:
            priority: the priority, or an outer reference to one; without it any public priority will do, and a measure
                that answers none has nobody to agree with and counts as agreed.
        """
        links = self.model._meta.get_field("priority_links").related_model.objects.filter(measure=OuterRef("pk"))
        if priority is not None:
            return self.annotate(is_agreed=Exists(links.filter(priority=priority).agreed()))
        links = links.filter(priority__in=Priority.objects.public())
        return self.annotate(is_agreed=Q(~Exists(links)) | Q(Exists(links.agreed())))

    def search(self, query):
        """Measures whose title, text or responsible body holds every word of the query."""
        return matching(self, query)

    def of_responsible(self, query):
        """Measures whose responsible body or co-executors hold every word of the query; no words, no rows."""
        asked = [RESPONSIBLE + key for key in keys(query)]
        return self.filter(search_stems__words=asked) if asked else self.none()

    def due_in(self, year):
        """Measures promised for a year: by the date of now, or in words where no date is known."""
        in_words = Q(date_now__isnull=True, due_note__contains=str(year))
        return self.with_date_now().filter(Q(date_now__year=year) | in_words)

    def paid_from(self, *, year=None, source=""):
        """Measures that are not cancelled and have money of a year, of a source, or of a year from a source."""
        asked = {name: value for name, value in {"year": year, "source": source}.items() if value}
        known = Q(planned__isnull=False) | Q(spent__isnull=False)
        sums = Funding.objects.filter(known, measure=OuterRef("pk"), **asked)
        return self.exclude(status=MeasureStatus.CANCELLED).filter(Exists(sums))

    def reported(self):
        """Measures with at least one published report."""
        return self.filter(Exists(self._said()))

    def unreported(self):
        """Deeds without any published report: what was taken back owes none."""
        return self.exclude(status=MeasureStatus.CANCELLED).filter(~Exists(self._said()))

    def with_preparation(self):
        """Add `is_preparation`: a step on the way to an action programme that is not approved yet.

        Such a step is region-wide and without money; it promises nothing and is counted apart.
        """
        return self.annotate(is_preparation=STEP & ~Exists(Funding.objects.filter(measure=OuterRef("pk"))))

    def deeds(self):
        """«Дела»: what was promised and not taken back; a step of preparation (`with_preparation`) is none."""
        return self.counted().filter(~STEP | Exists(Funding.objects.filter(measure=OuterRef("pk"))))

    def with_act(self):
        """Add `is_outside_act`: published after the version in force was adopted.

        The act of its programme does not hold such a measure until the next version.
        """
        versions = Programme._meta.get_field("versions").related_model.objects
        versions = versions.filter(programme=OuterRef("direction__programme"))
        adopted_since = versions.filter(created_at__gte=OuterRef("published_at"))
        is_outside = Q(published_at__isnull=False) & Exists(versions) & ~Exists(adopted_since)
        return self.annotate(is_outside_act=is_outside)

    def with_promise(self):
        """Add `is_written`: a date or a sum, and a paper: its own, the act of its programme, or another source.

        A draft that is still discussed promises nothing for certain. And what `with_act` adds.
        """
        has_sum = Exists(Funding.objects.filter(measure=OuterRef("pk"), planned__gt=0))
        of_act = Q(direction__programme__act__isnull=False, is_outside_act=False)
        has_paper = ~Q(sources="") | Q(basis__isnull=False) | of_act
        is_discussed = Q(direction__programme__status=Programme.Status.DISCUSSION)
        return self.with_act().annotate(is_written=(Q(due__isnull=False) | has_sum) & has_paper & ~is_discussed)
