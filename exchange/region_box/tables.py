"""Reading a CSV file: the encoding, the separator, the header and the cells, every fault with its line."""

import csv
import io
from dataclasses import dataclass, field

from exchange.sheets.marks import Refusal
from exchange.sheets.text import decoded

SEPARATORS = ",;\t"
PROGRESS_EVERY = 1000
csv.field_size_limit(10_000_000)


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: where it is, and what is wrong and what was expected."""

    file: str
    line: int
    text: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.text}"


class BadFilesError(Exception):
    """Nothing was written, because the files have faults.

    Attributes:
        problems: every fault, in the order of files and lines.
    """

    def __init__(self, problems):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Column:
    """A column of a file, declared once: for reading, for the model's field and for the description of the layout."""

    name: str
    cell: object
    about: str
    required: bool = False
    field: str | None = ""  # the model's field; empty: of the same name; None: no field

    @property
    def field_name(self):
        return self.name if self.field == "" else self.field


@dataclass
class Row:
    """A row of a file: values by column (empty cells are absent), and whether anything in it was refused."""

    file: str
    line: int
    values: dict = field(default_factory=dict)
    is_broken: bool = False

    def problem(self, text):
        return Problem(self.file, self.line, text)

    def get(self, name):
        return self.values.get(name)


def decode(path, problems):
    """The text of a file; None and a problem where it is in no usual encoding."""
    if not path.is_file():
        problems.append(Problem(path.name, 1, "такого файла нет"))
        return None
    try:
        return decoded(path.read_bytes())
    except Refusal as refusal:
        problems.append(Problem(path.name, 1, refusal.words))
        return None


def _separator(text, columns):
    """The sign between the cells: the one that parts most names of columns in the first line."""
    header, known = text.partition("\n")[0].replace('"', ""), {column.name for column in columns}
    return max(SEPARATORS, key=lambda sign: len(known & {name.strip() for name in header.split(sign)}))


def read_table(path, columns, problems, *, progress=None, others_allowed=False):
    """Rows of a CSV file.

    Args:
        path: the file.
        columns: its `Column`s.
        problems: a list that takes every fault found.
        progress: called with a message every 1,000 rows.
        others_allowed: whether columns that nobody declared are passed over in silence.

    Returns:
        A list of `Row`; None where the file as a whole cannot be read.
    """
    text = decode(path, problems)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text, columns), strict=True)
    rows, line = [], 1
    try:
        header = [name.strip() for name in next(reader, [])]
        if not _header_is_right(path.name, header, columns, problems, others_allowed=others_allowed):
            return None
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(_read_row(path.name, line, header, cells, columns, problems))
                if progress and len(rows) % PROGRESS_EVERY == 0:
                    progress(f"{path.name}: прочитано строк — {len(rows)}")
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(path.name, line, f"строка не читается как CSV ({error}); проверьте кавычки"))
        return None
    return rows


def _header_is_right(file, header, columns, problems, *, others_allowed):
    known = {column.name for column in columns}
    missing = [column.name for column in columns if column.required and column.name not in header]
    unknown = [] if others_allowed else [name for name in header if name not in known]
    repeated = sorted({name for name in header if header.count(name) > 1})
    for name in missing:
        problems.append(Problem(file, 1, f"нет столбца «{name}», он обязателен"))
    for name in unknown:
        allowed = ", ".join(column.name for column in columns)
        problems.append(Problem(file, 1, f"неизвестный столбец «{name}»; допустимы: {allowed}"))
    for name in repeated:
        problems.append(Problem(file, 1, f"столбец «{name}» повторяется"))
    return not (missing or unknown or repeated)


def _read_row(file, line, header, cells, columns, problems):
    row = Row(file, line)
    if len(cells) != len(header):
        problems.append(
            row.problem(f"значений в строке {len(cells)}, а столбцов {len(header)}: проверьте запятые и кавычки")
        )
        row.is_broken = True
        return row
    texts = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    for column in columns:
        text = texts.get(column.name, "")
        if text:
            try:
                row.values[column.name] = column.cell.read(text)
            except ValueError as error:
                problems.append(row.problem(f"{column.name}: {error}"))
                row.values[column.name] = text  # rows that name this one by it are not to be called strangers
                row.is_broken = True
        elif column.required:
            problems.append(row.problem(f"{column.name}: пусто; ожидалось: {column.cell.about}"))
            row.is_broken = True
    return row
