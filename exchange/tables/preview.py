"""What a table would do: records added, changed field by field, left the same; what is missing, what is wrong."""

import hashlib
import json
from dataclasses import dataclass, field

from exchange.sheets.grid import clean_text

AT_ONCE = 500


@dataclass(frozen=True)
class Edit:
    """One changed field: of which record, what stood there and what will."""

    line: int
    record: str
    what: str
    old: str
    new: str


@dataclass
class Preview:
    """What would be done; records themselves stay with the planner that made it."""

    added: list = field(default_factory=list)  # [(line, title)]
    edits: list = field(default_factory=list)
    changed: int = 0
    same: int = 0
    missing: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    likely: list = field(default_factory=list)  # `Likely`: rows of likely known things, answered or not
    parts: list = field(default_factory=list)  # `Inside`: main measures whose parts name money too

    @property
    def total(self):
        """How many records would be written."""
        return len(self.added) + self.changed

    @property
    def digest(self):
        """A mark of all that would be done: another one means that somebody was faster."""
        told = [self.added, [(edit.line, edit.record, edit.what, edit.old, edit.new) for edit in self.edits]]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def shown(value):
    """A value as a preview says it."""
    if value is None or value == "":
        return "пусто"
    if value is True or value is False:
        return "да" if value else "нет"
    if hasattr(value, "strftime"):
        return f"{value:%d.%m.%Y}"
    if hasattr(value, "normalize") and not isinstance(value, str):
        return f"{value.normalize():f}".replace(".", ",")
    return str(value)


def is_same(old, new):
    """Whether a table says what stands on the site; blanks around a text and kinds of line ends do not count."""
    return clean_text(old or "") == clean_text(new) if isinstance(new, str) else old == new
