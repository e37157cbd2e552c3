"""What the description of every file is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field

from exchange.region_box.tables import Column
from exchange.sheets.exact_cells import SLUG, TEXT, Choice, Ref, Whole

YEAR = Whole(1, 2200)
ORDER = Whole(0, 32_767)


@dataclass(frozen=True)
class Table:
    """A file of the folder and the model that it fills."""

    name: str
    model: type
    columns: tuple
    key: tuple  # columns by which a row meets its record in the database
    scope: tuple  # lookups from the model to the region; empty: any
    code: str = ""  # column by which other files name a row
    single: tuple = ()  # other columns whose values do not repeat inside the file
    also: str = ""  # another column that finds a record when the key does not
    about: str = ""
    is_required: bool = False
    has_region: bool = False  # the model has a field `region`
    fixed: dict = field(default_factory=dict)  # fields that the box always sets
    check_change: Callable | None = None  # gets a record and its new fields; refuses what only people may change
    prepare: Callable | None = None  # gets and mends the fields of a row
    write_change: Callable | None = None  # gets a record, its new fields and the reason; True if it saved them itself

    @property
    def file(self):
        return f"{self.name}.csv"

    def column(self, name):
        return next(column for column in self.columns if column.name == name)


def codes(choices, *only):
    return Choice(only or tuple(choices.values))


NOTE = Column("note", TEXT, "примечание, видно всем рядом с записью")
SOURCES = Column("sources", TEXT, "источники: адреса страниц или названия бумаг через « ; »")
FACTS = (NOTE, SOURCES)
TOWN = Column("municipality", Ref("municipalities"), "город", required=True)
TOWN_OR_EMPTY = Column("municipality", Ref("municipalities"), "город; пусто — весь регион")
ORDER_COLUMN = Column("order", ORDER, "порядок показа")


def own_code(about="код строки для ссылок из других файлов; на сайт не попадает"):
    return Column("code", SLUG, about, required=True, field=None)


def initial_status(*codes):
    about = "состояние при первой загрузке; дальше его меняют люди на сайте"
    return Column("status", Choice(codes), about, required=True, field=None)
