"""What was promised on a past day: money by the act in force then, else today's; the paper says which."""

from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, TruncDate

from strategies.models import ProgrammeVersion
from strategies.programme.models.version_content import measures_of


class Promised:
    """Sums that programmes promised by the end of a term: {(year, source): thousand roubles} of each measure.

    Args:
        term: a `Term`; of today nothing is read, records say it themselves.
    """

    def __init__(self, term):
        self._term, self._kept = term, {}
        self._by_act = self._by_today = 0

    def read(self, programmes):
        """Read the acts of programmes that were not read yet; one query where there are any."""
        fresh = set() if self._term.is_now else set(programmes) - self._kept.keys()
        if not fresh:
            return
        in_force = (
            ProgrammeVersion.objects.annotate(day=Coalesce("act_date", TruncDate("created_at")))
            .filter(programme=OuterRef("programme"), day__lte=self._term.end)
            .order_by("-number")
        )
        rows = ProgrammeVersion.objects.filter(programme__in=fresh, pk=Subquery(in_force.values("pk")[:1]))
        self._kept |= dict.fromkeys(fresh)
        for programme, content in rows.values_list("programme", "content"):
            self._kept[programme] = {measure["id"]: measure.get("money", {}) for measure in measures_of(content)}

    def sums(self, measure, today):
        """({(year, source): promised}, whether the act of that day does not name the measure).

        Args:
            measure: with its direction.
            today: what its records promise now.
        """
        kept = self._kept.get(measure.direction.programme_id)
        if kept is None:
            self._by_today += bool(today)
            return today, False
        self._by_act += bool(today)
        if measure.pk not in kept:
            return {}, bool(today)
        return {_key(name): Decimal(planned) for name, planned in kept[measure.pk].items()}, False

    @property
    def note(self):
        """Whose sums a paper tells, once its measures are read; empty for today."""
        day = f"{self._term.end:%d.%m.%Y}"
        if self._term.is_now or not (self._by_act or self._by_today):
            return ""
        if not self._by_act:
            return f"Обещанные суммы — сегодняшние: какими они были на {day}, не сохранено."
        acted = f"Обещанные суммы — по акту программы, который действовал на {day}"
        return (
            f"{acted}; мероприятия без такого акта ({self._by_today}) — с сегодняшними."
            if self._by_today
            else f"{acted}."
        )


def _key(name):
    year, _colon, source = name.partition(":")
    return int(year), source
