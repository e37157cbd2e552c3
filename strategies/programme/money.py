"""Money promised and spent, by year and source, thousand roubles: one count for pages and for official papers."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum

from strategies.programme.models.funding import Funding
from strategies.programme.models.measure import Measure
from strategies.programme.models.programme import Programme


@dataclass(frozen=True)
class MoneyRow:
    """Money of one year and one source; None where no number is known, which is not zero. `code`: of the source."""

    year: int
    source: object
    promised: Decimal | None
    paid: Decimal | None
    code: str = ""


@dataclass(frozen=True)
class YearRow:
    """Money of one year over all sources, as `config.charts.plan_fact` draws it: `target` promised, `actual` spent."""

    year: int
    target: Decimal | None
    actual: Decimal | None
    is_preliminary: bool = False


@dataclass(frozen=True)
class MoneyTable:
    """Money of the action programme, or (`is_other`) of other support: the two are never summed."""

    is_other: bool
    rows: tuple

    @property
    def promised(self):
        """Promised in all years; None where no sum is known."""
        return known_sum(row.promised for row in self.rows)

    @property
    def paid(self):
        """Spent in all years; None where no sum is known."""
        return known_sum(row.paid for row in self.rows)

    @property
    def years(self):
        """[`YearRow`, …] in millions of roubles, the earliest first."""
        return [
            YearRow(
                year,
                _millions(known_sum(row.promised for row in self.rows if row.year == year)),
                _millions(known_sum(row.paid for row in self.rows if row.year == year)),
            )
            for year in sorted({row.year for row in self.rows})
        ]


def money_by_year(measures):
    """[`MoneyTable`, …] of the chosen measures, cancelled ones left out; the action programme's first. One query.

    Args:
        measures: a queryset of measures that may be shown.
    """
    counted = (
        measures.exclude(status=Measure.Status.CANCELLED)
        .filter(fundings__isnull=False)
        .order_by()
        .values("direction__programme__kind", year=F("fundings__year"), source=F("fundings__source"))
        .annotate(promised=Sum("fundings__planned"), paid=Sum("fundings__spent"))
        .order_by("year", "source")
    )
    tables = {}
    for row in counted:
        is_other = row["direction__programme__kind"] != Programme.Kind.ACTION
        sums = tables.setdefault(is_other, {}).setdefault((row["year"], row["source"]), [])
        sums.append((row["promised"], row["paid"]))
    return [
        MoneyTable(
            is_other,
            tuple(
                MoneyRow(
                    year, Funding.Source(source).label,
                    known_sum(promised for promised, _paid in sums), known_sum(paid for _promised, paid in sums),
                    source,
                )
                for (year, source), sums in tables[is_other].items()
            ),
        )
        for is_other in sorted(tables)
    ]  # fmt: skip


def known_sum(numbers):
    """The sum of the numbers that are known; None where none is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _millions(thousands):
    return None if thousands is None else thousands / 1000
