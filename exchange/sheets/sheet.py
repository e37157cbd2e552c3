"""A sheet of a book while it is read: its cells, what is hidden or struck out in it, what else has to be told."""

from collections import defaultdict

from .marks import (
    ERROR,
    FORMULA,
    MERGED,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_TEXT,
    TOO_LONG,
    Refusal,
    address,
    letters,
    listed,
)

_SHOWN = 60  # signs of what stands in a cell that is named


class Sheet:
    """The rows of a sheet, filled cell by cell in any order; places are counted from 0.

    Attributes:
        name: as its tab says.
        hidden: places of rows that are not shown.
        columns: places of columns that are not shown.
        is_filtered: whether a filter is on.
    """

    def __init__(self, name):
        self.name, self.rows = name, {}
        self.hidden, self.columns, self.is_filtered = set(), set(), False
        self._struck, self._partly = set(), []
        self._told = defaultdict(list)  # {kind of remark: addresses}

    def put(self, row, column, text, *, is_struck=False):
        """A cell says a text; empty ones are nothing.

        Raises:
            Refusal: it stands where no table reaches.
        """
        if not text:
            return
        if row >= MOST_ROWS or column >= MOST_COLUMNS:
            what = text[1:] if text[:1] < " " else text
            stands = f"в ячейке {address(row, column)} стоит «{what[:_SHOWN]}»" if what else address(row, column)
            if row >= MOST_ROWS:
                raise Refusal(f"строк больше 20 000 ({stands}). Разделите таблицу на части.", "too_many")
            raise Refusal(f"столбцов больше {MOST_COLUMNS} ({stands}). Оставьте только нужные.", "too_wide")
        if len(text) > MOST_TEXT:
            self._told["long"].append(address(row, column))
            text = text[:MOST_TEXT]
        cells = self.rows.setdefault(row, [])
        if column >= len(cells):
            cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = text
        if is_struck:
            self._struck.add((row, column))

    def show(self, row, column, shown, *, is_struck=False):
        """A cell of a number or a date says what it shows; what the sheet does not show of it is told."""
        self.put(row, column, shown.text, is_struck=is_struck)
        if shown.lost:
            self._told["lost"].append(f"{address(row, column)} ({shown.text or 'пусто'} вместо {shown.lost})")
        if shown.beside:
            self._told["beside"].append(f"{address(row, column)} («{shown.beside[:_SHOWN]}»)")

    def put_partly(self, row, column, text):
        """A cell says a text of which a part is struck out."""
        self.put(row, column, text)
        self._partly.append(address(row, column))

    def merge(self, top, bottom, column):
        """A cell merged downwards says the same in all its rows: the lower ones with a mark before it."""
        text = self._at(top, column)
        if not text or text.startswith((FORMULA, ERROR)):
            return
        for row in range(top + 1, min(bottom, self.height - 1) + 1):
            if not self._at(row, column):
                cells = self.rows.setdefault(row, [])
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = MERGED + text

    @property
    def height(self):
        """How many rows there are, the empty ones between among them."""
        return max(self.rows, default=-1) + 1

    def _is_struck(self, row):
        """Whether all words of a row are struck out, and its numbers where it has no words."""
        cells = [(column, text) for column, text in enumerate(self.rows[row]) if text]
        words = [(column, text) for column, text in cells if any(sign.isalpha() for sign in text)]
        return all((row, column) in self._struck for column, _text in words or cells)

    def _at(self, row, column):
        cells = self.rows.get(row, ())
        return cells[column] if column < len(cells) else ""

    def said(self):
        """All of it in plain lists, to be handed on."""
        struck = {row for row, _column in self._struck if self._is_struck(row)}
        lone = sorted(place for place in self._struck if place[0] not in struck)
        height = self.height
        return {
            "name": self.name,
            "rows": [self.rows.get(row, []) for row in range(height)],
            "hidden": sorted(row for row in self.hidden if row in self.rows),
            "struck": sorted(struck),
            "told": list(self._remarks([address(*place) for place in lone] + self._partly)),
        }

    def _remarks(self, struck):
        columns = sorted(column for column in self.columns if any(column < len(row) for row in self.rows.values()))
        if self.is_filtered:
            yield "На листе включён отбор: часть строк может быть скрыта."
        if columns:
            yield f"Скрытые столбцы: {listed([letters(column) for column in columns], 20)}."
        if struck:
            yield f"Зачёркнуто в ячейках, а строка — нет: {listed(struck)}."
        if lost := self._told["lost"]:
            yield f"Лист показывает не всё число, взяли то, что видно: {listed(lost)}."
        if long := self._told["long"]:
            yield f"{TOO_LONG}: {listed(long)}."
        if beside := self._told["beside"]:
            yield f"Рядом с числом формат ячейки пишет единицу, в число она не входит: {listed(beside)}."
