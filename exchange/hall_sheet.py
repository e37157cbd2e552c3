"""A sheet gathered on paper and typed by somebody: read, checked row by row, taken in whole or not at all."""

import datetime
import re
from collections import Counter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from exchange.sheets.files import decoded, delimited_rows, is_book, open_book
from exchange.sheets.packing import pack, unpack
from municipalities.models import Edition
from sessions.models import NumberSeries, Proposal, Session
from sessions.models.numbers import prefix_of

MOST_ROWS, MOST_BYTES = 20_000, 15 * 1024 * 1024
HEADER_WITHIN, AT_ONCE, DELIMITERS = 10, 400, ";,\t"
SALT = "sessions.sheet"
COLUMNS = ("text", "section", "table", "speaker")
HEADERS = {
    "text": r"\b(предложени[ея]|текст|слова|что сказано|что предлага\w+|идея)\b",
    "section": r"\bсекци[яи]\b",
    "table": r"\bстол\b",
    "speaker": r"\b(кто|кто сказал|спикер|должность)\b",
}
FORMULA = "в ячейке формула: вставьте её значение"
OTHER_KIND = "Подходят таблицы CSV и XLSX: этот файл другого вида."


def read_rows(upload):
    """[(row of the sheet, {column: text}), …] of a file; empty rows are left out.

    Raises:
        ValidationError: it is no sheet, too large, or has no column with words.
    """
    if upload.size > MOST_BYTES:
        raise ValidationError("Файл больше 15 МБ. Разделите его на части.", code="too_large")
    return _with_columns(_book(upload) if is_book(upload) else _text(upload))


def _book(upload):
    # Formulas are not computed: a cell with one is told as an error of its row.
    with open_book(upload, other_kind=OTHER_KIND) as book:
        for number, row in enumerate(book.worksheets[0].iter_rows(max_col=40), start=1):
            yield number, [_cell(cell) for cell in row]


def _cell(cell):
    if cell.value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    value = cell.value
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _text(upload):
    raw = upload.read()
    if b"\0" in raw:
        raise ValidationError(OTHER_KIND, code="type")
    text = decoded(raw)
    first = next((line for line in text.splitlines() if line.strip()), "")
    yield from enumerate(delimited_rows(text, max(DELIMITERS, key=first.count)), start=1)


def _columns(cells):
    """{column: its place} by the words of a header; each column once."""
    found = {}
    for place, cell in enumerate(cells):
        name = next((name for name in COLUMNS if re.search(HEADERS[name], cell.strip().lower())), None)
        if name and name not in found:
            found[name] = place
    return found


def _with_columns(lines):
    columns, rows = None, []
    for number, cells in lines:
        if columns is None:
            found = _columns(cells)
            columns = found if "text" in found else None
            if columns is None and number >= HEADER_WITHIN:
                break
            continue
        row = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
        if any(row.values()):
            rows.append((number, row))
        if len(rows) > MOST_ROWS:
            raise ValidationError("В таблице больше 20 000 строк. Разделите её на части.", code="too_many")
    if columns is None:
        raise ValidationError(
            "Не нашли столбец с предложениями. В первой строке назовите столбцы: «текст», «секция», «стол», «кто».",
            code="no_header",
        )
    if not rows:
        raise ValidationError("В таблице нет ни одной строки.", code="empty")
    return rows


def check(session, rows):
    """(rows whose section is found, errors by row) of what was read; two queries.

    Returns:
        ([{text, section, table, speaker}, …], [(row of the sheet, what is wrong), …], how many are in already).
        A row that stands in the session already is left out of the first.
    """
    sections = {section.title.strip().lower(): section.pk for section in session.sections.all()}
    ready, errors = [], []
    for number, row in rows:
        row = {name: row.get(name, "") for name in COLUMNS}
        wrong = list(_wrong(row, sections))
        if wrong:
            errors.append((number, "; ".join(wrong)))
        else:
            ready.append(row | {"section": sections.get(row["section"].lower())})
    fresh = _not_in_yet(session, ready)
    return fresh, errors, len(ready) - len(fresh)


def _wrong(row, sections):
    if FORMULA in row.values():
        yield FORMULA
        return
    if not row["text"]:
        yield "нет текста предложения"
    for name, most in (("text", 4000), ("table", 40), ("speaker", 200)):
        if len(row[name]) > most:
            yield f"«{Proposal._meta.get_field(name).verbose_name}» длиннее {most} знаков"
    if row["section"] and row["section"].lower() not in sections:
        yield f"секции «{row['section'][:60]}» у сессии нет"


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
        numbers = NumberSeries.take(prefix_of(session.municipality), timezone.localtime(now).year, count=len(fresh))
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
