"""Money of a measure in a table: by years and sources, compared with what stands there and with the totals named."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from strategies.models import Funding

from .checks import check_record
from .fields import SOURCE_WORDS
from .preview import shown

REASON_NEEDED = "это уже обещано ({old}): напишите причину в столбце «причина» или одну на всю таблицу"


class PlansMoney:
    """The part of `Measures` that plans money."""

    def plan_parts(self, item, record, *, check_all=False):
        """Whether anything beside the measure's own fields changes."""
        touched = self._plan_money(item, record, check_all=check_all)
        for plan in (self._plan_links, self._plan_towns, self._plan_points):
            touched = plan(item, record) or touched
        return touched

    def _plan_money(self, item, record, *, check_all):
        touched, told = False, set()
        for (year, source), (value, _line, name) in item.money.items():
            year = year or (record.due_now.year if record.due_now else None)
            if year is None:
                self.wrong(item, name, "не сказано, за какой год эти деньги: в шапке года нет и срок без даты")
                continue
            told.add((year, source))
            touched = self._plan_sum(item, record, (year, source), value, name) or touched
        if check_all and record.pk:
            for (measure, year, source), row in self.money.items():
                if measure == record.pk and (year, source) not in told:
                    row.measure = record
                    self._check_part(item, row, "due")
        self._compare_totals(item, record)
        return touched

    def _plan_sum(self, item, record, key, value, name):
        row = self.money.get((record.pk, *key)) if record.pk else None
        if row is not None and row.planned == value:
            return False
        label = f"деньги {key[0]}, {SOURCE_WORDS[key[1]]}"
        if row is None:
            row = Funding(measure=record, year=key[0], source=key[1], planned=value, created_by=self.by,
                          is_sample=record.is_sample)  # fmt: skip
            self._check_part(item, row, name)
            if not item.is_broken:
                self.new_money.append(row)
        else:
            row.measure, old = record, row.planned
            if old is not None:
                reason = self._need_reason(item, record, name, shown(old))
                if record.is_public and reason:
                    told = f"До {timezone.localdate():%d.%m.%Y} было обещано {shown(old)} тыс. руб.: {reason}"
                    row.note = f"{row.note}\n{told}".strip()
            row.planned = value
            self._check_part(item, row, name)
            if not item.is_broken:
                self.changed_money.append(row)
        if record.pk:
            self.edit_words(item, record, label, None if row.pk is None else old, value)
        return True

    def edit_words(self, item, record, words, old, new):
        """Note a change of something that is no column of its own."""
        self.edit(item, record, "title", old, new)
        last = self._plan.edits.pop()
        self._plan.edits.append(type(last)(last.line, last.record, words, last.old, last.new))

    def _check_part(self, item, part, name):
        try:
            check_record(part)
        except ValidationError as refusal:
            start, due = part.measure.start, part.measure.due_now
            if "year" in refusal.message_dict and start and due and start > due:
                return  # the dates themselves are told already
            self.wrong(item, name, " ".join(refusal.messages))

    def _compare_totals(self, item, record):
        """Sums that the table itself names for a year or a source are compared with what they are made of."""
        for key, total in (item.get("sums") or {}).items():
            year, _colon, source = key.partition(":")
            parts = [
                value for (of_year, of_source), (value, _line, _name) in item.money.items()
                if (not year or of_year == int(year)) and (not source or of_source == source)
            ]  # fmt: skip
            if parts and sum(parts) != total:
                what = " ".join(filter(None, (f"за {year} год" if year else "", SOURCE_WORDS.get(source, ""))))
                self.note(
                    f"Строка {item.line}: {what} названо {shown(total)}, а по частям выходит {shown(sum(parts))}."
                )
