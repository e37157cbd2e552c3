"""What a page asks: a choice with how sure the site is, and what is left to choose with the place where it stands."""

from dataclasses import dataclass, field

from .confidence import DOUBTFUL, SURE, UNKNOWN, WORDS

# Nothing chosen yet; does not go in; as the table itself says it.
TO_CHOOSE, NOT_IN, IN_TABLE = "", "-", "="


@dataclass
class Choice:
    """A list to choose from, or a group of chips.

    Attributes:
        name: of the field of the form; its id as well.
        label: what is asked, whole, for whoever does not see the row.
        groups: [(name of a group or «», [(value, words)])].
        value: what is chosen; `TO_CHOOSE` where nothing is.
        sure: how sure the site is of it; empty where a person has said it.
        short: what is asked, in a list of all that is left to choose.
        written: what the file itself says of it.
    """

    name: str
    label: str
    groups: list
    value: str = TO_CHOOSE
    sure: str = ""
    short: str = ""
    written: str = ""

    @property
    def words(self):
        """How sure, in words."""
        return WORDS.get(self.sure, "")

    @property
    def chosen(self):
        """What is chosen, in words."""
        return next((words for _group, pairs in self.groups for value, words in pairs if value == self.value), "")

    @property
    def is_open(self):
        """Whether it is still to be chosen."""
        return self.value == TO_CHOOSE

    @property
    def is_doubtful(self):
        """Whether a person has to look at it before anything goes on."""
        return self.sure == DOUBTFUL


@dataclass(frozen=True)
class Question:
    """What is left to choose: where it stands on the page, and what it is."""

    anchor: str
    words: str


@dataclass(frozen=True)
class Typed:
    """What is typed once for a whole sheet; `most`: how many signs of it are kept."""

    name: str
    label: str
    hint: str
    value: str
    is_needed: bool = False
    most: int = 4


@dataclass
class Column:
    """A column of a sheet: its letter, its head, some of what stands in it, what it is."""

    letter: str
    head: str
    samples: list
    choice: Choice

    @property
    def is_out(self):
        """Whether it is said not to go in."""
        return self.choice.value == NOT_IN


@dataclass
class Value:
    """A word of a column that has to mean something of ours.

    Attributes:
        text: what stands in the cells.
        what: what the column is called.
        count: in how many rows.
    """

    text: str
    what: str
    count: int
    choice: Choice


@dataclass
class LeftRow:
    """A row that will not go in: why, and whether a person may take it anyway."""

    row: int
    text: str
    why: str
    is_taken: bool = False
    may_take: bool = True

    @property
    def line(self):
        """Its number in a spreadsheet."""
        return self.row + 1


@dataclass
class Group:
    """Names of one column that are likely the same, and which of them is to be written everywhere."""

    what: str
    texts: list = field(default_factory=list)
    choice: Choice = None


def sure_of(said, found, sure=SURE):
    """(value, how sure) of a choice: what a person said, else what was found; else it is to be chosen."""
    if said:
        return said, ""
    return (found, sure) if found else (TO_CHOOSE, UNKNOWN)
