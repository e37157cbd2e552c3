"""Building records from rows in the order of the layout: references, checks, and faults without cascades."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DatabaseError

from exchange.sheets.exact_cells import Ref, Refs
from municipalities.models import Municipality

from .layout import BOUNDARIES, TABLES
from .tables import PROGRESS_EVERY
from .writing import Writer, refusal_texts

BROKEN = object()  # stands for a record whose row was refused: rows that name it are passed over in silence


@dataclass
class Counts:
    """Rows of one file: added, changed, unchanged, and (told one by one) left as people made them."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list = field(default_factory=list)

    def __add__(self, other):
        return Counts(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.kept + other.kept,
        )

    @property
    def wrote(self):
        """Whether anything was written."""
        return bool(self.added or self.changed)

    def __str__(self):
        text = f"добавлено {self.added}, изменено {self.changed}, без изменений {self.unchanged}"
        return text + (f", оставлено как на сайте {len(self.kept)}" if self.kept else "")


@dataclass
class Builder:
    """Turns rows into records; the caller holds the transaction."""

    rows: dict
    problems: list
    progress: object
    region: object = None
    counts: dict = field(default_factory=dict)
    by_code: dict = field(default_factory=dict)  # {table: {code: record, BROKEN, or None while not built yet}}
    towns_on_site: dict = field(default_factory=dict)
    _current: object = None  # the row at work

    def build(self):
        """Write every row that is whole, and note every fault."""
        for table in TABLES:
            if self.rows.get(table.name):
                self.by_code[table.name] = {row.get(table.code): None for row in self.rows[table.name] if table.code}
        try:
            for table in (*TABLES, BOUNDARIES):
                self._build_table(table)
        except DatabaseError as error:
            # The models let it through and the database did not; nothing more can be checked in this transaction.
            if self._current is None:
                raise  # before the first row it is not the file's fault
            self.problems.append(self._current.problem(f"база данных отказала: {error}"))

    def _build_table(self, table):
        waiting = self.rows.get(table.name)
        if not waiting:
            return
        counts = self.counts[table.name] = Counts()
        writer = Writer(table, self.region, counts)
        done = 0
        while waiting:
            later = []
            for row in waiting:
                if not self._build_row(table, writer, row):
                    later.append(row)
                    continue
                done += 1
                if done % PROGRESS_EVERY == 0:
                    self.progress(f"{row.file}: проверено строк — {done}")
            if len(later) == len(waiting):
                self._refuse_circle(table, later)
                break
            waiting = later
        if table.name == "region":
            self._enter_region()

    def _enter_region(self):
        built = [record for record in self.by_code["region"].values() if record not in (None, BROKEN)]
        if built:
            self.region = built[0]
            self.towns_on_site = {town.slug: town for town in Municipality.objects.filter(region=self.region)}

    def _build_row(self, table, writer, row):
        """Whether the row is dealt with; False where it waits for another row of its own file."""
        self._current = row
        values = self._resolve(table, row)
        if values is None:
            return False
        record = BROKEN
        if not row.is_broken and (self.region or table.name == "region"):
            try:
                record = writer.write(row, values)
            except ValidationError as error:
                self.problems += [row.problem(text) for text in refusal_texts(error, table)]
        if table.code and row.get(table.code):
            known = self.by_code[table.name]
            if known[row.get(table.code)] is None:
                known[row.get(table.code)] = record
        return True

    def _resolve(self, table, row):
        """Values with references turned into records; None if a row of the same file has to come first."""
        values = dict(row.values)
        for column in table.columns:
            if column.name not in values or not isinstance(column.cell, Ref | Refs):
                continue
            several = isinstance(column.cell, Refs)
            codes = values[column.name] if several else [values[column.name]]
            found = [self._find(column.cell.table, code) for code in codes]
            if None in found:
                missing = [code for code, record in zip(codes, found, strict=True) if record is None]
                if column.cell.table == table.name and all(code in self.by_code[table.name] for code in missing):
                    return None
                for code in missing:
                    self.problems.append(row.problem(f"{column.name}: {_unknown(column.cell.table, code)}"))
                row.is_broken = True
            if BROKEN in found:
                row.is_broken = True
            values[column.name] = found if several else found[0]
        return values

    def _find(self, table_name, code):
        if self.rows.get(table_name, ()) is None:
            return BROKEN
        codes = self.by_code.get(table_name, {})
        if code in codes:
            return codes[code]
        return self.towns_on_site.get(code) if table_name == "municipalities" else None

    def _refuse_circle(self, table, rows):
        name = next(one.name for one in table.columns if getattr(one.cell, "table", "") == table.name)
        for row in rows:
            self.by_code[table.name][row.get(table.code)] = BROKEN
            self.problems.append(row.problem(f"{name}: строки ссылаются друг на друга по кругу; ожидалось дерево"))


def _unknown(table_name, code):
    where = " и на сайте" if table_name == "municipalities" else ""
    return f"«{code}» не найден в {table_name}.csv{where}; ожидался код строки из этого файла"
