"""A sheet gathered on paper and typed by somebody: read, checked row by row, taken in whole or not at all.

Residents' names, telephones and addresses never enter by it: such columns are left out, and so is a «кто» that reads
like a name. What was left out is told.
"""

import datetime
import re
from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from exchange.sheets.grid import DAY, ERROR, FORMULA, MERGED, read_grid, without_mark
from exchange.sheets.packing import pack, unpack
from exchange.sheets.personal import is_bare_name, is_named, names_somebody
from municipalities.models import Edition
from municipalities.search import sort_key
from sessions.models import Proposal, Session

HEADER_WITHIN, HEAD_LENGTH, AT_ONCE = 25, 60, 400
SALT = "sessions.sheet"
COLUMNS = ("text", "section", "table", "speaker")
HEADERS = {
    "text": r"\b(предложени[ея]|текст|слова|что сказано|что предлага\w+|идея)\b",
    "section": r"\bсекци[яи]\b",
    "table": r"\bстол\b",
    "speaker": r"\b(кто|кто сказал|спикер|должность)\b",
}
NUMBERS = r"№|\bномер|\bдата\b|\bкогда\b"
TOTAL = re.compile(r"(?i)(итого|всего)\b[^.!?]{0,40}\d")
CUT = "\x05"  # a line of a text with more cells than its head: a sign inside the words has cut them
WRONG_MARKS = {
    CUT: "ячеек больше, чем в шапке: знак внутри слов разрезал их; возьмите слова в кавычки",
    FORMULA: "в ячейке формула: вставьте её значение", ERROR: "в ячейке ошибка Excel: наберите её заново",
    DAY: "в ячейке дата, а нужны слова",
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """What was read.

    Attributes:
        rows: [(row of the sheet, {column: text}), …].
        left_out: what was not taken, in words.
        left: [(row of the sheet, how it begins, why)] of every row that is not read.
    """

    rows: list
    left_out: tuple = ()
    left: tuple = ()


def read_sheet(upload):
    """The rows of a file with what was left out of it, row by row.

    Raises:
        ValidationError: it is no sheet, too large, or has no column with words.
    """
    grid = read_grid(upload, lambda grid: _head(grid.rows) is not None)
    at = _head(grid.rows)
    if at is None:
        raise ValidationError(_no_head(grid.rows), code="no_header")
    columns = _columns(grid.rows[at])
    first = _below(grid.rows, at, columns["text"])
    rows, left, nameless = [], [], 0
    for number, cells in enumerate(grid.rows, start=1):
        row = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
        if not grid.sheet and number > first and len(cells) > len(grid.rows[at]):
            row["text"] = CUT
        why = _why_left(grid, number - 1, at, first, row)
        if why:
            left.append((number, " · ".join(without_mark(cell) for cell in cells if cell)[:HEAD_LENGTH], why))
            continue
        for name in ("speaker", "table"):
            if row.get(name) and is_named(without_mark(row[name])):
                row[name], nameless = "", nameless + 1
        rows.append((number, row))
    if not rows:
        raise ValidationError("В таблице нет ни одной строки.", code="empty")
    _refuse_names(grid.rows[at][columns["text"]], rows)
    return Sheet(rows, tuple(_left_out(grid, at, columns, nameless, left)), tuple(left))


def _why_left(grid, place, at, first, row):
    """Why a row is not read; empty where it is."""
    cells = grid.rows[place]
    if place < first:
        return "название" if place < at else "шапка"
    if not any(cells):
        return "пустая строка"
    if place in grid.hidden or place in grid.struck:
        return "скрыта" if place in grid.hidden else "зачёркнута"
    if [cell for cell in cells if cell] == [cell for cell in grid.rows[at] if cell]:
        return "шапка ещё раз"
    if not any(row.values()):
        return "в столбцах, которые вносим, пусто"
    return "итог" if TOTAL.match(row["text"] or next(filter(None, cells))) else ""


def _columns(cells):
    """{column: its place} by the words of a head; each column once, none that names a person."""
    found = {}
    for place, cell in enumerate(cells):
        said = " ".join(without_mark(cell).lower().split())
        if not said or len(said) > HEAD_LENGTH or names_somebody(said):
            continue
        name = next((name for name in COLUMNS if re.search(HEADERS[name], said)), None)
        if name and name not in found and not (name == "text" and re.search(NUMBERS, said)):
            found[name] = place
    return found


def _head(rows):
    """The place of the row that names the most columns; a title above is a cell alone. None where none names words."""
    known = {
        place: (len(columns), sum(map(bool, cells)) > 1)
        for place, cells in enumerate(rows[:HEADER_WITHIN])
        if "text" in (columns := _columns(cells))
    }
    return max(known, key=lambda place: (known[place], -place)) if known else None


def _below(rows, at, text):
    """The place of the first row under a head: of several rows where the head of the words is merged, of numbers."""
    first = at + 1
    while first < len(rows) and text < len(rows[first]) and rows[first][text].startswith(MERGED):
        first += 1
    cells = [cell for cell in rows[first] if cell] if first < len(rows) else []
    return first + (len(cells) > 1 and cells == [str(number) for number in range(1, len(cells) + 1)])


def _no_head(rows):
    """What is said where no column of words is found."""
    for cells in rows[:HEADER_WITHIN]:
        for cell in cells:
            said = " ".join(without_mark(cell).lower().split())
            if len(said) <= HEAD_LENGTH and names_somebody(said) and re.search(HEADERS["text"], said):
                return (
                    f"Столбец «{without_mark(cell)}» называет людей: имён жителей не вносим. Поставьте слова в "
                    "отдельный столбец «текст»."
                )
    return "Не нашли столбец с предложениями. В первой строке назовите столбцы: «текст», «секция», «стол», «кто»."


def _refuse_names(head, rows):
    """Refuse a column of words that holds names instead: whatever it is called."""
    named = sum(is_bare_name(row["text"]) for _number, row in rows)
    if 2 * named > len(rows):
        raise ValidationError(
            f"В столбце «{without_mark(head)}» похоже на имена жителей, а не на слова: имён не вносим. Назовите "
            "«текст» тот столбец, где сами предложения.",
            code="names",
        )


def _left_out(grid, at, columns, nameless, left):
    """What did not enter, in words for the preview."""
    head = grid.rows[at]
    others = [without_mark(cell) for place, cell in enumerate(head) if cell and place not in columns.values()]
    personal = [name for name in others if names_somebody(name.lower())]
    beyond = max((len(cells) for cells in grid.rows[at + 1 :]), default=0) - len(head)
    if others:
        yield f"Столбцы не вносим: {_quoted(others)}."
    if personal:
        yield f"Имена, телефоны и адреса жителей на сайт не попадают: {_quoted(personal)}."
    if nameless:
        yield (
            f"В столбцах «кто» и «стол» похоже на имя или телефон, ячеек: {nameless}. Там будет пусто: имён не "
            "показываем."
        )
    if at:
        yield f"Строк над шапкой: {at}. Их не вносим."
    for why in ("шапка ещё раз", "итог", "в столбцах, которые вносим, пусто", "скрыта", "зачёркнута"):
        if lines := [number for number, _text, told in left if told == why]:
            yield f"Не вносим строки ({why}): {', '.join(map(str, lines[:10]))}{' и другие' if lines[10:] else ''}."
    if beyond > 0:
        yield f"Правее шапки есть столбцы без названия: {beyond}. Их не вносим."
    if grid.others:
        yield f"Прочли лист «{grid.sheet}». Другие листы не вносим: {_quoted(grid.others)}."
    yield from grid.told


def _quoted(names):
    return ", ".join(f"«{name[:HEAD_LENGTH]}»" for name in names)


def check(session, rows):
    """(rows whose section is found, errors by row) of what was read; two queries.

    Returns:
        ([{text, section, table, speaker}, …], [(row of the sheet, what is wrong), …], how many are in already).
        A row that stands in the session already is left out of the first.
    """
    sections = {_plain(section.title): section.pk for section in session.sections.all()}
    ready, errors = [], []
    for number, row in rows:
        row = {name: row.get(name, "") for name in COLUMNS}
        wrong = list(_wrong(row, sections))
        if wrong:
            errors.append((number, "; ".join(wrong)))
        else:
            # A merged cell says the same in all its rows.
            row = {name: without_mark(text) for name, text in row.items()}
            ready.append(row | {"section": sections.get(_plain(row["section"]))})
    fresh = _not_in_yet(session, ready)
    return fresh, errors, len(ready) - len(fresh)


def _plain(title):
    """A title as it is compared: one blank between words, one case."""
    return " ".join(sort_key(without_mark(title)).split())


def _wrong(row, sections):
    marks = {text[:1] for text in row.values()} & WRONG_MARKS.keys()
    if marks:
        yield from (WRONG_MARKS[mark] for mark in sorted(marks))
        return
    if not row["text"]:
        yield "нет текста предложения"
    elif row["text"].startswith(MERGED):
        yield "ячейка с текстом объединена с верхней: разъедините их"
    elif row["text"].lower() in {"да", "нет", "истина", "ложь", "true", "false"}:
        yield f"«{row['text']}» — не предложение"
    for name, most in (("text", 4000), ("table", 40), ("speaker", 200)):
        if len(row[name]) > most:
            yield f"«{Proposal._meta.get_field(name).verbose_name}» длиннее {most} знаков"
    if row["section"] and _plain(row["section"]) not in sections:
        yield f"секции «{without_mark(row['section'])[:60]}» у сессии нет"


def pack_rows(session, rows):
    """Checked rows for the form that asks «внести?»; raises ValidationError where there is too much of them."""
    return pack([session.pk, rows], SALT)


def unpack_rows(session, text):
    """The rows that `pack_rows` gave for this session; raises ValidationError where it did not."""
    session_id, rows = unpack(text, SALT)
    if session_id != session.pk:
        raise ValidationError("Это строки другой сессии. Загрузите таблицу ещё раз.", code="stale")
    return rows


def take_in_steps(session, rows, *, by):
    """Take rows in batch by batch, in one transaction; yields (how many are in, of how many) after each batch.

    Exhausted, it has kept all of them; closed before, none. Rows that stand there already are left out, also when the
    same answer comes twice at once; where nothing is left it yields nothing.

    Raises:
        ValidationError: the session takes no proposals, or a row breaks a rule. Nothing is kept.
    """
    with transaction.atomic():
        session = (
            Session.objects.select_for_update(of=["self"]).select_related("region", "municipality").get(pk=session.pk)
        )
        fresh = _not_in_yet(session, rows)
        if not fresh:
            return
        yield 0, len(fresh)
        now = timezone.now()
        numbers = Proposal.objects.take_numbers(session.municipality, timezone.localtime(now).year, count=len(fresh))
        for start in range(0, len(fresh), AT_ONCE):
            batch = zip(numbers[start : start + AT_ONCE], fresh[start : start + AT_ONCE], strict=True)
            proposals = [_proposal(session, number, row, now=now, by=by) for number, row in batch]
            bulk_create_with_history(proposals, Proposal, batch_size=AT_ONCE, default_user=by)
            yield start + len(proposals), len(fresh)
        Edition.bump(session.region_id)


def _not_in_yet(session, rows):
    """Rows that do not stand in the session; the same words twice are two proposals."""
    taken = Proposal.objects.filter(session=session, channel=Proposal.Channel.SHEET).order_by()
    known, fresh = Counter(taken.values_list(*COLUMNS)), []
    for row in rows:
        key = tuple(row[name] for name in COLUMNS)
        if known[key]:
            known[key] -= 1
        else:
            fresh.append(row)
    return fresh


def _proposal(session, number, row, *, now, by):
    """A proposal that keeps every rule, ready to be written."""
    today = timezone.localdate(now)
    proposal = Proposal(
        region=session.region, municipality=session.municipality, session=session, number=number,
        text=row["text"], section_id=row["section"], table=row["table"], speaker=row["speaker"],
        channel=Proposal.Channel.SHEET, received_at=now, said_on=session.day_of_words(today).isoformat(), created_by=by,
        answer_due=today + datetime.timedelta(days=session.region.answer_days),
    )  # fmt: skip
    proposal.clean_fields(exclude=["region", "municipality", "session", "section", "created_by", "priority", "measure"])
    proposal.clean()
    proposal.search_stems = proposal.stems_to_keep()
    return proposal
