"""Reference towns: all towns of Russia from the handbook hflabs/city (columns as in the original)."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from exchange.sheets.exact_cells import IDENTIFIER, NUMBER, TEXT, Whole
from municipalities.models import Municipality, Population, Region
from municipalities.search import translit_slug

from .tables import PROGRESS_EVERY, BadFilesError, Column, read_table

SOURCE = "https://github.com/hflabs/city"
BASIS = "справочник, год не указан"
PLACES = Decimal("0.000001")  # as the site keeps coordinates

COLUMNS = (
    Column("address", TEXT, "адрес", required=True),
    Column("region_type", TEXT, "вид региона", required=True),
    Column("region", TEXT, "регион", required=True),
    Column("city", TEXT, "город"),
    Column("settlement_type", TEXT, "вид населённого пункта"),
    Column("settlement", TEXT, "населённый пункт"),
    Column("fias_id", IDENTIFIER, "код ФИАС", required=True),
    Column("oktmo", TEXT, "ОКТМО", required=True),
    Column("geo_lat", NUMBER, "широта", required=True),
    Column("geo_lon", NUMBER, "долгота", required=True),
    Column("population", Whole(), "население", required=True),
    Column("foundation_year", NUMBER, "год основания, со знаком"),
)

WHOLE_NAMES = {
    "Саха /Якутия/": "Республика Саха (Якутия)",
    "Северная Осетия - Алания": "Республика Северная Осетия — Алания",
    "Ханты-Мансийский Автономный округ - Югра": "Ханты-Мансийский автономный округ — Югра",
    "Кемеровская область - Кузбасс": "Кемеровская область — Кузбасс",
}
NAME_ENDS = {"обл": "область", "край": "край", "АО": "автономный округ", "Аобл": "автономная область"}


def region_name(kind, name):
    """The full name of a region from the handbook's short kind and name; None for an unknown kind."""
    if name in WHOLE_NAMES:
        return WHOLE_NAMES[name]
    if kind in {"г", "Чувашия"}:
        return name
    if kind == "Респ":
        return f"{name} Республика" if name.endswith("ская") else f"Республика {name}"
    return f"{name} {NAME_ENDS[kind]}" if kind in NAME_ENDS else None


def town_name(row):
    """The name of a town: its own column, or where the handbook left that empty, the end of the address."""
    if row.get("settlement_type") == "г" and row.get("settlement"):
        return row.get("settlement")
    return row.get("city") or row.get("address").rpartition(", ")[2].removeprefix("г ").strip()


@dataclass
class LoadedTowns:
    """What came of a load of reference towns."""

    regions: int = 0
    towns: int = 0
    already: int = 0
    warnings: list = field(default_factory=list)


def load_towns(file, *, progress=lambda message: None):
    """Load reference towns; towns that the site has already stay as they are.

    Args:
        file: path of the CSV file.
        progress: called with a message now and then.

    Returns:
        `LoadedTowns`.

    Raises:
        BadFilesError: with every fault; nothing was written.
    """
    problems = []
    rows = read_table(Path(file), COLUMNS, problems, progress=progress, others_allowed=True) or []
    with transaction.atomic():
        loader = _Loader(rows, problems)
        for number, row in enumerate(rows, start=1):
            loader.load(row)
            if number % PROGRESS_EVERY == 0:
                progress(f"{row.file}: проверено строк — {number}")
        if problems:
            transaction.set_rollback(True)
    if problems:
        raise BadFilesError(problems)
    return loader.loaded


class _Loader:
    def __init__(self, rows, problems):
        self.problems = problems
        self.loaded = LoadedTowns()
        self.regions = {region.name: region for region in Region.objects.all()}
        known = list(Municipality.objects.values_list("fias_id", "oktmo", "slug"))
        self.known_fias = {fias for fias, _oktmo, _slug in known if fias}
        self.known_oktmo = {oktmo for _fias, oktmo, _slug in known if oktmo}
        self.slugs = {slug for _fias, _oktmo, slug in known}
        self.same_names = Counter(translit_slug(town_name(row)) for row in rows if not row.is_broken)
        self.lines = {}  # fias_id or ОКТМО → the row of this file that brought it

    def load(self, row):
        """Write one town, or note why not."""
        if row.is_broken:
            return
        fias_id, oktmo = row.get("fias_id"), row.get("oktmo")
        if fias_id in self.lines:
            self.problems.append(
                row.problem(f"fias_id: повторяет строку {self.lines[fias_id].line}; ожидалось без повторов")
            )
            return
        same_oktmo = self.lines.get(oktmo)
        self.lines[fias_id] = row
        self.lines.setdefault(oktmo, row)
        if fias_id in self.known_fias or (oktmo in self.known_oktmo and not same_oktmo):
            self.loaded.already += 1
            return
        if same_oktmo:
            self.loaded.warnings.append(
                row.problem(
                    f"ОКТМО {oktmo} уже стоит в строке {same_oktmo.line} ({town_name(same_oktmo)}): "
                    f"{town_name(row)} — загружено с пустым ОКТМО"
                )
            )
        region = self._region(row)
        if region:
            self._write(row, region, None if same_oktmo else oktmo)

    def _region(self, row):
        name = region_name(row.get("region_type"), row.get("region"))
        if name is None:
            kinds = ", ".join(("г", "Респ", *NAME_ENDS))
            self.problems.append(
                row.problem(f"region_type: «{row.get('region_type')}» не подходит; допустимо: {kinds}")
            )
        elif name not in self.regions:
            region = Region(name=name, slug=translit_slug(name), sources=SOURCE)
            if not self._checked(row, region):
                return None
            region.save()
            self.regions[name] = region
            self.loaded.regions += 1
        return self.regions.get(name)

    def _write(self, row, region, oktmo):
        year = row.get("foundation_year")
        is_plain_year = year is not None and year > 0
        town = Municipality(
            region=region, name=town_name(row), slug=self._slug(town_name(row), region), kind=Municipality.Kind.TOWN,
            oktmo=oktmo, fias_id=row.get("fias_id"), is_reference=True, sources=SOURCE,
            latitude=row.get("geo_lat").quantize(PLACES), longitude=row.get("geo_lon").quantize(PLACES),
            founded_year=int(year) if is_plain_year else None,
            note=f"Год основания по справочнику: {year}." if year is not None and not is_plain_year else "",
        )  # fmt: skip
        if not self._checked(row, town, sure="region"):
            return
        town.save()
        self.slugs.add(town.slug)
        people = Population(
            municipality=town, people=row.get("population"), basis=BASIS, sources=SOURCE, level=Population.Level.TOWN,
        )  # fmt: skip
        if self._checked(row, people, sure="municipality"):
            people.save()
            self.loaded.towns += 1

    def _slug(self, name, region):
        slug = translit_slug(name)
        if self.same_names[slug] > 1 or slug in self.slugs:
            slug = f"{slug}-{region.slug}"[:80].rstrip("-")
        return slug

    def _checked(self, row, record, sure="created_by"):
        """Whether the model lets a record in; what it is `sure` to refer to has just been read or written."""
        try:
            record.full_clean(exclude=["created_by", sure])
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.problems += [row.problem(f"{name}: {message}") for message in messages]
            return False
        return True
