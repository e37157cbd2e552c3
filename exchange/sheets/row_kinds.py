"""What a row of a table is when it is no record: a head once more, a total, a section, a note, a signature."""

import re

from .grid import DAY, ERROR, FORMULA, MERGED, without_mark
from .heads import is_numbering
from .meaning import source_named
from .spelling import plain

TOTAL = re.compile(r"^\W*(итог[ои]?|под[ыи]тог|всего|общий об[ъь]?[её]м|справочно|total)\b", re.I)
ONLY_TOTAL = re.compile(r"\W*(итого|всего)\W*(в т\. ?ч\.?|в том числе)?\W*", re.I)
BARE_TOTAL = re.compile(r"^\W*(итого?|под[ыи]тог|всего)(\s*[,(]?\s*(по|за|в т)\b.*)?\W*$", re.I)
TOTAL_AT_END = re.compile(r"[\s,:(—–-](итого|всего)\W*$", re.I)
PARTS = re.compile(
    r"^\W*(в\s*т\.?\s*ч\.?|в том числе|из н(их|его)|по годам|по источникам|источник\w* финансирования)[\s:.]*(по .*)?$",
    re.I,
)
PART = re.compile(r"^\W*(в\s*т\.?\s*ч\b|в том числе|из них|из него)", re.I)
NOTE = re.compile(r"^(\*|†|примечани|прим\.|сноск|[¹²³⁴])", re.I)
CONTINUED = re.compile(r"^\W*(продолжение|окончание) (таблиц|приложени)", re.I)
NAMED = re.compile(r"\b[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?\s?[А-ЯЁ][а-яё]+|\b[А-ЯЁ][а-яё]+ [А-ЯЁ]\.\s?[А-ЯЁ]\.|_{3,}")
POST = re.compile(
    r"^(и\.?\s?о\.?|глава|зам|начальник|руководител|директор|председател|министр|исп\b|исполнител|подготовил|согласован"
    r"|утвержда|подпис|м\.?\s?п\.?$|тел\b|специалист|консультант|бухгалтер|_{3,})",
    re.I,
)
SIGN_ALONE = re.compile(
    r"\W*(подпись|расшифровка( подписи)?|ф\.?\s?и\.?\s?о\.?|должность|дата|согласовано|утвержд(аю|ено)|м\.?\s?п\.?)\W*"
    r"|[«\"\s]*_{2,}[»\"\s]*[_\s]*(20[\d_]{2})?\s*г?\.?", re.I
)  # fmt: skip
NUMBERED = re.compile(r"(?=.*[\dIVXХ])[\w-]{1,6}(\.[\w-]{1,6})*[.)]?")
MAIN = re.compile(r"^(основное )?(мероприятие|проект|комплекс)", re.I)

TITLE, HEAD, NUMBERING, EMPTY = "название", "шапка", "номера столбцов", "пустая строка"
SAID, HIDDEN, STRUCK, AGAIN = "сказано не вносить", "скрыта в файле", "зачёркнута в файле", "повтор шапки"
NOTED, SIGNED, SUMMED, SUM_PARTS, PARTS_FOLLOW = "примечание", "подпись", "итог", "разбивка итога", "«в том числе»"
TOWN = "город"
SECTION, HEADING, NOTHING = "раздел", "заголовок", "в столбцах, которые вносим, пусто"
ORPHAN, PART_ABOVE = "часть строки, которую не вносим", "часть строки выше"
# What everybody expects of a sheet is not told again row by row.
EXPECTED = {TITLE, HEAD, NUMBERING, EMPTY, SECTION, TOWN, PARTS_FOLLOW}


def shown(cells):
    """How a row reads: its cells with something in them."""
    words = []
    for cell in filter(None, cells):
        text = without_mark(cell)
        if cell.startswith(DAY):
            text = f"{cell[9:11]}.{cell[6:8]}.{cell[1:5]}"
        words.append("формула" if cell[:1] == FORMULA else f"ошибка {text}" if cell[:1] == ERROR else text)
    return " · ".join(words)


class RowKinds:
    """Tells what rows of a grid under a head are.

    Args:
        grid, head: the sheet and its head.
        places: {field: place of its column}.
        kind: the `Kind` of the table.
    """

    def __init__(self, grid, head, places, kind):
        self.grid, self.places, self.kind = grid, places, kind
        self.title = places.get(kind.required[0])
        self.code = places.get("code")
        self.start = next((place for place, cell in enumerate(grid.rows[head.top]) if cell), 0)
        self.heads = [list(map(plain, row)) for row in grid.rows[head.top : head.last + 1]]
        self.ends = {cell[-1:] for row in self.heads for cell in row if cell}
        self.numbers = {place for name, place in places.items() if ":" in name or name == "stated_total"}
        self.beside = self.numbers | {places[name] for name in ("source", "counted", "flow") if name in places}

    def cell(self, cells, place):
        """The text of a row in a place, without what stands merged from above."""
        text = cells[place] if place is not None and place < len(cells) else ""
        return "" if text.startswith(MERGED) else text

    def plain_reason(self, index):
        """Why a row is no record whatever stands around it; «» where nothing says so."""
        cells = self.grid.rows[index]
        own = [cell for cell in cells if cell]
        if index in self.grid.hidden:
            return HIDDEN
        if index in self.grid.struck:
            return STRUCK
        if is_numbering(cells) and len(own) > 2 and cells[self.start]:  # sums of three years may be 1, 2, 3
            return NUMBERING
        if self._repeats_head(cells) or CONTINUED.match(own[0]):
            return AGAIN
        if NOTE.match(own[0]) and len(own) <= 2:
            return NOTED
        return SIGNED if self._is_signature(cells, own) else ""

    def _repeats_head(self, cells):
        """Whether a row says what the head says, as after a break of pages."""
        own = [(place, cell) for place, cell in enumerate(cells) if cell and not cell.startswith(MERGED)]
        start, first = own[0] if own else (0, "")
        if not first or first.isdigit() or len(first) > 300 or (first[-1].isdigit() and first[-1] not in self.ends):
            return False
        for head in self.heads:
            if start < len(head) and head[start] == plain(first):
                same = sum(place < len(head) and head[place] == plain(cell) for place, cell in own)
                if same * 2 > len(own) and (same > 1 or len(own) == 1):
                    return True
        return False

    def _is_signature(self, cells, own):
        if all(SIGN_ALONE.fullmatch(cell) for cell in own):
            return True
        if len(own) > 4 or not POST.match(own[0]) or NUMBERED.fullmatch(self.cell(cells, self.code)):
            return False
        if any(re.search(r"\d", self.cell(cells, place)) for place in self.numbers):
            return False
        text = " ".join(own)
        is_alone = len(own) == 1 and re.search(r"\d{2}-?\d{2}|^м\.?\s?п\.?$", text, re.I) is not None
        return is_alone or NAMED.search(text) is not None

    def is_total(self, cells):
        """Whether a row sums others: a number on the site is never on it."""
        if self.cell(cells, self.places.get("pk")):
            return False
        first = next((cell for cell in cells if cell and not cell.startswith(MERGED)), "")
        title = cells[self.title].removeprefix(MERGED) if self.title is not None and self.title < len(cells) else ""
        if self.kind.code != "measures":
            return any(BARE_TOTAL.match(text) for text in (first, title))
        is_open = not any(self.cell(cells, self.places.get(name)) for name in ("due", "responsible"))
        if not is_open and NUMBERED.fullmatch(self.cell(cells, self.code)):
            return ONLY_TOTAL.fullmatch(title) is not None  # «2. Всего лишь сквер» is a measure
        return any(TOTAL.match(text) for text in (first, title)) or (is_open and TOTAL_AT_END.search(title) is not None)

    def is_bare_total(self, cells):
        """Whether a row says «всего» in place of a title, and nothing that it is the total of."""
        own = [cell for cell in cells if cell and not cell.startswith(MERGED)]
        return bool(own) and own[0] == self.cell(cells, self.title) and ONLY_TOTAL.fullmatch(own[0]) is not None

    def is_unnumbered(self, cells):
        """Whether a row has neither a number nor a term of its own, in a table that numbers its rows."""
        is_own = self.cell(cells, self.code) or self.cell(cells, self.places.get("due"))
        return self.code is not None and not is_own and self.cell(cells, self.title) != ""

    def is_parts_label(self, cells):
        """Whether a row only says that parts of the one above follow: «в том числе:», no sum beside it."""
        own = [cell for cell in cells if cell and not cell.startswith(MERGED)]
        says = bool(own) and PARTS.match(own[0]) is not None
        if len(own) < 2 or not says:
            return says
        return own[0] == self.cell(cells, self.title) and not any(self.cell(cells, place) for place in self.numbers)

    def is_part(self, cells):
        """Whether a row is a part of the sum above that is no source: «в том числе проектирование».

        One with a number or a term of its own is a measure within another.
        """
        is_own = NUMBERED.fullmatch(self.cell(cells, self.code)) or self.cell(cells, self.places.get("due"))
        return self.kind.code == "measures" and not is_own and PART.match(self.cell(cells, self.title)) is not None

    def source_of(self, cells):
        """Whose money a row is of that names a source in place of a title; «» for any other row."""
        if self.kind.code != "measures" or NUMBERED.fullmatch(self.cell(cells, self.code)):
            return ""
        text = self.cell(cells, self.title)
        return source_named(text) if text else ""

    def section_text(self, index):
        """(what a row is called, whether it may be a record): a row of one text, alone or behind its number; None.

        Where parts of a numbered row stand below it and it says nothing else, it is a heading.
        """
        cells = self.grid.rows[index]
        own = [(place, cell) for place, cell in enumerate(cells) if cell]
        if self.kind.code != "measures" or len(self.places) < 2 or not own:
            return None
        number = own[0][1] if own[0][0] == self.code and NUMBERED.fullmatch(own[0][1]) else ""
        words = own[1:] if number else own
        if not words or words[0][0] in self.beside or any(place not in self.beside for place, _cell in words[1:]):
            return None
        text = words[0][1].removeprefix(MERGED)
        if len(words) > 1:
            return (text, True) if not number or self._has_parts(index, number) else None
        if not number:
            return text, words[0][0] == self.title and "due" not in self.places
        is_record = len(self.places) < 3 or not self._has_parts(index, number) or MAIN.match(text) is not None
        return text, is_record

    def is_bare_name(self, cells):
        """Whether a row of a table of figures says a name and nothing else: a heading."""
        if "unit" not in self.kind.required or len(self.places) < 2:
            return False
        return [place for place in self.places.values() if self.cell(cells, place)] == [self.title]

    def _has_parts(self, index, number):
        """Whether the next numbered row is a part of one: 1.1 under 1."""
        start = number.rstrip(".)") + "."
        for cells in self.grid.rows[index + 1 : index + 12]:
            if below := self.cell(cells, self.code):
                return below.startswith(start) and below.rstrip(".)") != number.rstrip(".)")
        return False
