"""Money of a measure in a table: by years and sources, compared with what stands there and with the totals named."""

from django.utils import timezone

from exchange.sheets.columns import SOURCE_WORDS
from strategies.models import Funding

from .preview import shown


def plan_money(planner, item, record, *, check_all):
    """Plan the money of a measure; gives whether anything changes.

    Args:
        planner: the `Measures` at work.
        item, record: the row and the measure that it speaks of.
        check_all: whether sums that the row does not name are checked too.
    """
    touched, told = False, set()
    for (year, source), (value, _line, name) in item.money.items():
        year = year or (record.due_now.year if record.due_now else None)
        if year is None:
            planner.wrong(item, name, "не сказано, за какой год эти деньги: в шапке года нет и срок без даты")
            continue
        told.add((year, source))
        touched = _plan_sum(planner, item, record, (year, source), value, name) or touched
    if check_all and record.pk:
        for (measure, year, source), row in planner.money.items():
            if measure == record.pk and (year, source) not in told:
                row.measure = record
                planner.check_part(item, row, "due")
    for (year, source), (value, _line, _name) in item.spent.items():
        what = f"потрачено за {year or 'неизвестный'} год, {SOURCE_WORDS[source]}: {shown(value)} тыс. руб."
        planner.note(f"Строка {item.line}: {what} Не внесли: потраченное вносят отчётом о мере.")
    _compare_totals(planner, item, record)
    return touched


def _plan_sum(planner, item, record, key, value, name):
    row = planner.money.get((record.pk, *key)) if record.pk else None
    if row is not None and row.planned == value:
        return False
    label = f"деньги {key[0]}, {SOURCE_WORDS[key[1]]}"
    if row is None:
        row = Funding(measure=record, year=key[0], source=key[1], planned=value, created_by=planner.by,
                      is_sample=record.is_sample)  # fmt: skip
        planner.check_part(item, row, name)
        if not item.is_broken:
            planner.new_money.append(row)
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
            planner.changed_money.append(row)
    if record.pk:
        planner.edit(item, record, "", None if row.pk is None else old, value, what=label)
    return True


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
