"""Money of a measure in a table: by years and sources, compared with what stands there and with the totals named."""

from dataclasses import dataclass

from django.utils import timezone

from exchange.sheets.columns import SOURCE_WORDS
from exchange.sheets.terms import year_named
from strategies.models import Funding

from .identity import mark
from .preview import shown

NO_YEAR = (
    "не сказано, за какой год эти деньги: в шапке года нет, и в сроке не один год; назовите его в «Поправить столбцы»"
)
NO_PAPER = "у потраченного нет источника: заполните столбец «источник сведений» или назовите его в «Поправить столбцы»"


def plan_money(planner, item, record, *, check_all):
    """Plan the money of a measure; gives whether anything changes.

    Args:
        planner: the `Measures` at work.
        item, record: the row and the measure that it speaks of.
        check_all: whether sums that the row does not name are checked too.
    """
    touched, told = False, set()
    for (year, source), (value, _line, name) in item.money.items():
        year = year or (record.due_now.year if record.due_now else year_named(record.due_note))
        if year is None:
            planner.wrong(item, name, NO_YEAR)
            continue
        told.add((year, source))
        touched = _plan_sum(planner, item, record, (year, source), value, name) or touched
    for (year, source), (value, _line, name) in item.spent.items():
        touched = _plan_spent(planner, item, record, (year, source), value, name) or touched
    if check_all and record.pk:
        for (measure, year, source), row in planner.money.items():
            if measure == record.pk and (year, source) not in told:
                row.measure = record
                planner.check_part(item, row, "due")
    _compare_totals(planner, item, record)
    return touched


@dataclass(slots=True)
class NewSum:
    """What a table says of a year and a source of a measure that have no row of money yet."""

    record: object
    planned: object = None
    spent: object = None
    sources: str = ""


def new_sum(planner, key, told):
    """A new row of money of a measure: a year and a source, a `NewSum` of them."""
    year, source = key
    return Funding(
        measure=told.record, year=year, source=source, created_by_id=planner.by_pk, is_sample=told.record.is_sample,
        planned=told.planned, spent=told.spent, sources=told.sources,
    )  # fmt: skip


def _asked(planner, record, key, value):
    """The one row that asks the rules for every new sum: making one for each costs more than asking."""
    row = planner.sum_asked
    if not Funding.measure.is_cached(row) or row.measure is not record:
        row.measure, row.is_sample = record, record.is_sample
    row.planned, (row.year, row.source) = value, key
    return row


def _plan_sum(planner, item, record, key, value, name):
    row = planner.money.get((record.pk, *key)) if record.pk else None
    if row is not None and row.planned == value:
        return False
    label = f"деньги {key[0]}, {SOURCE_WORDS[key[1]]}"
    _tell_late(planner, item, record, key[0])
    if row is None:
        row = _asked(planner, record, key, value)
        planner.check_part(item, row, name)
        if not item.is_broken:
            planner.new_money[mark(record), *key] = NewSum(record, value)
    else:
        row.measure, old = record, row.planned
        if old is not None:
            reason = planner.need_reason(item, record, name, shown(old))
            if record.is_public and reason:
                told = f"До {timezone.localdate():%d.%m.%Y} было обещано {shown(old)} тыс. руб.: {reason}"
                row.note = f"{row.note}\n{told}".strip()
        row.planned = value
        planner.check_part(item, row, name)
        if not item.is_broken:
            planner.changed_money[row.pk] = row
    if record.pk:
        planner.edit(item, record, "", None if row.pk is None else old, value, what=label)
    return True


def _plan_spent(planner, item, record, key, value, name):
    """Money spent, as an official paper says; what a published report said, its correction alone changes."""
    row = planner.money.get((record.pk, *key)) if record.pk else None
    told = planner.new_money.get((mark(record), *key))
    row = row or (new_sum(planner, key, told) if told else None)
    if row is not None and row.spent == value:
        return False
    paper = item.get("sources") or planner.reader.match.paper
    if key[0] is None:
        planner.wrong(item, name, "не сказано, за какой год потрачены эти деньги")
    elif key[0] > timezone.localdate().year:
        planner.wrong(item, name, f"{key[0]} год ещё не наступил: потраченного за него быть не может")
    elif row is not None and row.pk in planner.reported:
        planner.wrong(item, name, "потраченное назвал опубликованный отчёт: его меняет исправление отчёта")
    elif not (paper or (row is not None and row.sources)):
        planner.wrong(item, name, NO_PAPER)
    if item.is_broken:
        return False
    old = row.spent if row is not None else None
    row = row or new_sum(planner, key, NewSum(record))
    row.measure, row.spent, row.sources = record, value, row.sources or paper
    if row.pk:
        planner.changed_money[row.pk] = row
    else:
        planned = told.planned if told else None
        planner.new_money[mark(record), *key] = NewSum(record, planned, value, row.sources)
    planner.check_part(item, row, name)
    if record.pk:
        planner.edit(item, record, "", old, value, what=f"потрачено {key[0]}, {SOURCE_WORDS[key[1]]}")
    return True


def _tell_late(planner, item, record, year):
    """Money of a year after the term is taken, and told: a final payment, or a year typed wrong."""
    if record.due_now and year > record.due_now.year:
        planner.note(
            f"Строка {item.line}: деньги за {year} год — после срока ({shown(record.due_now)}). Вносим как есть."
        )


def _compare_totals(planner, item, record):
    """Sums that the table itself names for a year or a source are compared with what they are made of."""
    for (year, source), total in item.sums.items():
        parts = [
            value for (of_year, of_source), (value, _line, _name) in item.money.items()
            if (not year or of_year == year) and (not source or of_source == source)
        ]  # fmt: skip
        if parts and sum(parts) != total:
            what = " ".join(filter(None, (f"за {year} год" if year else "", SOURCE_WORDS.get(source, ""))))
            planner.note(f"Строка {item.line}: {what} названо {shown(total)}, а по частям выходит {shown(sum(parts))}.")
