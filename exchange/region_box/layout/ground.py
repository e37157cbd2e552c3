"""The ground: the region, its towns, their people and heads, documents."""

from documents.models import Document
from exchange.region_box.tables import Column
from exchange.sheets.exact_cells import Day, Identifier, Number, PartialDay, Ref, Slug, Text, Whole, YesNo
from municipalities.models import Boundary, Head, Municipality, Population, Region

from .columns import FACTS, ORDER, TOWN, TOWN_OR_EMPTY, YEAR, Table, codes, initial_status, own_code


def _own_region_or_town(fields):
    if fields.get("municipality"):
        fields.pop("region", None)


GROUND = (
    Table(
        "region",
        Region,
        key=("slug",),
        also="name",
        scope=(),
        code="slug",
        is_required=True,
        fixed={"is_active": True},
        about="Регион: ровно одна строка.",
        columns=(
            Column("slug", Slug(), "адрес региона латиницей", required=True),
            Column("name", Text(), "название", required=True),
            Column("name_en", Text(), "название по-английски"),
            Column("code", Text(), "код ОКАТО, от 2 до 5 цифр"),
            Column("oktmo", Text(), "ОКТМО, 8 или 11 цифр"),
            *FACTS,
        ),
    ),
    Table(
        "municipalities",
        Municipality,
        key=("slug",),
        also="fias_id",
        scope=("region",),
        code="slug",
        single=("oktmo", "fias_id"),
        is_required=True,
        has_region=True,
        fixed={"is_reference": False},
        about="Города, округа и районы.",
        columns=(
            Column("slug", Slug(), "адрес города латиницей; им на город ссылаются другие файлы", required=True),
            Column("name", Text(), "название", required=True),
            Column("name_en", Text(), "название по-английски"),
            Column("kind", codes(Municipality.Kind), "вид", required=True),
            Column("oktmo", Text(), "ОКТМО, 8 или 11 цифр, не повторяется"),
            Column("fias_id", Identifier(), "код ФИАС, не повторяется"),
            Column("parent", Ref("municipalities"), "в какой район входит"),
            Column("latitude", Number(), "широта, до 6 знаков после точки; вместе с долготой"),
            Column("longitude", Number(), "долгота, до 6 знаков после точки"),
            Column("in_programme", YesNo(), "участвует ли в программе", required=True),
            Column("is_monotown", YesNo(), "моногород ли; пусто — не установлено"),
            Column("site_url", Text(), "официальный сайт"),
            Column("founded_year", YEAR, "год основания"),
            Column("town_since_year", YEAR, "с какого года город"),
            Column("area_km2", Number(), "площадь, км², до 2 знаков после точки"),
            *FACTS,
        ),
    ),
    Table(
        "populations",
        Population,
        key=("municipality", "year", "level", "basis"),
        scope=("municipality__region",),
        about="Население по годам.",
        columns=(
            TOWN,
            Column("year", YEAR, "год; пусто — в источнике не указан"),
            Column("counted_on", Day(), "на какую дату"),
            Column("people", Whole(), "человек", required=True),
            Column("level", codes(Population.Level), "кого считали: сам город или городской округ", required=True),
            Column("basis", Text(), "основание: перепись, оценка"),
            Column("precision", Whole(1), "точность, человек (1, 100, 1000); пусто — 1"),
            *FACTS,
        ),
    ),
    Table(
        "heads",
        Head,
        key=("municipality", "name", "since"),
        scope=("municipality__region",),
        about="Главы городов и сроки их полномочий.",
        columns=(
            TOWN,
            Column("name", Text(), "имя и фамилия", required=True),
            Column("post", Text(), "должность; пусто — «глава городского округа»"),
            Column("since", PartialDay(), "с какой даты"),
            Column("until", PartialDay(), "по какую дату; пусто — не найдено"),
            Column("is_acting", YesNo(), "временно ли исполняет обязанности"),
            Column("order", ORDER, "порядок по времени: больше — позже"),
            *FACTS,
        ),
    ),
    Table(
        "documents",
        Document,
        key=("municipality", "title", "number", "date"),
        scope=("region", "municipality__region"),
        code="code",
        has_region=True,
        prepare=_own_region_or_town,
        about="Акты и другие бумаги: паспорт и ссылка на место публикации.",
        columns=(
            own_code(),
            TOWN_OR_EMPTY,
            Column("kind", codes(Document.Kind), "вид", required=True),
            Column("title", Text(), "название", required=True),
            Column("number", Text(), "номер"),
            Column("date", Day(), "дата"),
            Column("adopted_by", Text(), "кто принял"),
            Column("url", Text(), "где опубликован; обязателен для published"),
            initial_status("draft", "published"),
            *FACTS,
        ),
    ),
)

BOUNDARIES = Table(
    "boundaries", Boundary, key=("municipality",), scope=("municipality__region",), columns=(TOWN,),
)  # fmt: skip
