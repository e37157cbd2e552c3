"""What a person has said of a table beside its columns: which rows are of a known thing, which of two sums counts."""

from dataclasses import dataclass, field

NEW, SAME_ROW = "new", "row"
PARENT, PARTS, BOTH = "parent", "parts", "both"


@dataclass(frozen=True)
class Answers:
    """Answers to what a preview asks (`Preview.likely`, `Preview.parts`); what is not said is asked.

    Attributes:
        same: {line: the number of the record on the site that a row speaks of, `NEW` where it is another thing, or
            `SAME_ROW` where it repeats the row that is told and is left out}.
        count: whose money counts where a main measure and its parts both name it: `PARENT`, `PARTS`, or `BOTH`.
    """

    same: dict = field(default_factory=dict)
    count: str = ""


UNASKED = Answers()


@dataclass(frozen=True)
class Likely:
    """A row whose name is likely that of a record on the site or of another row.

    Attributes:
        line: the row.
        title: what it calls the thing.
        records: ((number on the site, title), …).
        rows: ((line, title), …) of the table.
        answer: what was said of it; empty where it is asked.
    """

    line: int
    title: str
    records: tuple = ()
    rows: tuple = ()
    answer: object = ""

    @property
    def choices(self):
        """[(answer, its words)]: what may be said of the row."""
        of_site = [(pk, f"это то же, что на сайте: «{title[:120]}» [{pk}]") for pk, title in self.records]
        lines = ", ".join(str(line) for line, _title in self.rows)
        of_rows = [(SAME_ROW, f"это повтор (строка {lines}), не вносить")] if self.rows else []
        return [*of_site, *of_rows, (NEW, "это другое, внести как новое")]


@dataclass(frozen=True)
class Inside:
    """A main measure and its parts that both name money.

    Attributes:
        line, title: the main measure.
        parts: ((line, title), …).
        total: thousand roubles of the main measure where the parts name money too.
        of_parts: what the parts come to.
        answer: what was said; empty where it is asked.
    """

    line: int
    title: str
    parts: tuple
    total: object
    of_parts: object
    answer: str = ""

    @property
    def adds_up(self):
        """Whether the parts come to the sum of the main measure."""
        return self.total == self.of_parts
