"""The ground: the region, its towns, their people and heads, documents."""

from documents.models import Document
from exchange.region_box.tables import Column
from exchange.sheets.exact_cells import DAY, IDENTIFIER, NUMBER, PARTIAL_DAY, SLUG, TEXT, YES_NO, Ref, Whole
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
            Column("slug", SLUG, "адрес региона латиницей", required=True),
            Column("name", TEXT, "название", required=True),
            Column("name_en", TEXT, "название по-английски"),
            Column("code", TEXT, "код ОКАТО, от 2 до 5 цифр"),
            Column("oktmo", TEXT, "ОКТМО, 8 или 11 цифр"),
            Column("joined_on", DAY, "с какого дня ведёт программу на сайте: раньше не опаздывает никто"),
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
            Column("slug", SLUG, "адрес города латиницей; им на город ссылаются другие файлы", required=True),
            Column("name", TEXT, "название", required=True),
            Column("name_en", TEXT, "название по-английски"),
            Column("kind", codes(Municipality.Kind), "вид", required=True),
            Column("oktmo", TEXT, "ОКТМО, 8 или 11 цифр, не повторяется"),
            Column("fias_id", IDENTIFIER, "код ФИАС, не повторяется"),
            Column("parent", Ref("municipalities"), "в какой район входит"),
            Column("latitude", NUMBER, "широта, до 6 знаков после точки; вместе с долготой"),
            Column("longitude", NUMBER, "долгота, до 6 знаков после точки"),
            Column("in_programme", YES_NO, "участвует ли в программе", required=True),
            Column("is_monotown", YES_NO, "моногород ли; пусто — не установлено"),
            Column("site_url", TEXT, "официальный сайт"),
            Column("founded_year", YEAR, "год основания"),
            Column("town_since_year", YEAR, "с какого года город"),
            Column("area_km2", NUMBER, "площадь, км², до 2 знаков после точки"),
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
            Column("counted_on", DAY, "на какую дату"),
            Column("people", Whole(), "человек", required=True),
            Column("level", codes(Population.Level), "кого считали: сам город или городской округ", required=True),
            Column("basis", TEXT, "основание: перепись, оценка"),
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
            Column("name", TEXT, "имя и фамилия", required=True),
            Column("post", TEXT, "должность; пусто — «глава городского округа»"),
            Column("since", PARTIAL_DAY, "с какой даты"),
            Column("until", PARTIAL_DAY, "по какую дату; пусто — не найдено"),
            Column("is_acting", YES_NO, "временно ли исполняет обязанности"),
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
            Column("title", TEXT, "название", required=True),
            Column("number", TEXT, "номер"),
            Column("date", DAY, "дата"),
            Column("adopted_by", TEXT, "кто принял"),
            Column("url", TEXT, "где опубликован; обязателен для published"),
            initial_status("draft", "published"),
            *FACTS,
        ),
    ),
)

BOUNDARIES = Table(
    "boundaries", Boundary, key=("municipality",), scope=("municipality__region",), columns=(TOWN,),
)  # fmt: skip
