"""Talks: sessions with their sections and guests, and what was said."""

from django.core.exceptions import ValidationError

from exchange.region_box.tables import Column
from exchange.sheets.exact_cells import DAY, MOMENT, NUMBER, PARTIAL_DAY, SLUG, TEXT, Ref, Refs, Whole
from sessions.models import Practice, Proposal, Section, Session

from .columns import FACTS, ORDER, ORDER_COLUMN, TOWN_OR_EMPTY, Table, codes, initial_status, own_code


def _session_moments(fields):
    for name in ("starts_at", "ends_at"):
        if name in fields:
            fields[name], has_time = fields[name]
            if name == "starts_at":
                fields["has_time"] = has_time


def _keep_announced_date(session, fields):
    """Invariant 11: a date that people wait for is moved on the site, with a reason."""
    if session.status in {Session.Status.PLANNED, Session.Status.ANNOUNCED} and session.starts_at:
        for name in {"starts_at", "ends_at"} & set(fields):
            raise ValidationError({name: "сессия ещё впереди: дату переносят на сайте, с причиной"})


def _public_words(fields):
    fields["text"] = fields.get("public_text", "")


TALKS = (
    Table(
        "sessions",
        Session,
        key=("slug",),
        scope=("region",),
        code="slug",
        has_region=True,
        prepare=_session_moments,
        check_change=_keep_announced_date,
        about="Сессии, слушания, форумы, совещания.",
        columns=(
            Column("slug", SLUG, "адрес сессии латиницей", required=True),
            Column("level", codes(Session.Level), "уровень", required=True),
            Column("kind", codes(Session.Kind), "вид", required=True),
            Column("municipality", Ref("municipalities"), "город; только у municipal, и там обязателен"),
            Column("host", Ref("municipalities"), "где проходит областная сессия"),
            Column("towns", Refs("municipalities"), "города-участники"),
            Column("title", TEXT, "название", required=True),
            Column("gathered_in", Ref("sessions"), "областная сессия, которая собрала итоги этой муниципальной"),
            Column("number_in_series", ORDER, "номер в серии"),
            Column("starts", MOMENT, "начало: день или день и время; пусто — не найдено", field="starts_at"),
            Column("ends", MOMENT, "конец, если в другой день или известен час", field="ends_at"),
            Column("date_note", TEXT, "дата словами источника"),
            Column("place", TEXT, "место"),
            Column("venue", TEXT, "площадка"),
            Column("latitude", NUMBER, "широта площадки"),
            Column("longitude", NUMBER, "долгота площадки"),
            Column("organisers", TEXT, "организаторы"),
            Column("participants", TEXT, "кто участвовал"),
            Column("participants_count", Whole(), "сколько человек"),
            Column("agenda", TEXT, "программа, каждый пункт с новой строки внутри ячейки"),
            Column("summary", TEXT, "коротко"),
            Column("proposals_until", DAY, "до какого дня принимают предложения"),
            Column("documents", Refs("documents"), "материалы"),
            Column("priorities", Refs("priorities"), "приоритеты, о которых говорили"),
            initial_status("planned", "announced", "held"),
            *FACTS,
        ),
    ),
    Table(
        "sections",
        Section,
        key=("session", "title"),
        scope=("session__region",),
        code="code",
        about="Секции сессий.",
        columns=(
            own_code(),
            Column("session", Ref("sessions"), "сессия", required=True),
            Column("title", TEXT, "тема", required=True),
            Column("moderator", TEXT, "модератор"),
            Column("experts", TEXT, "эксперты"),
            Column("summary", TEXT, "к чему пришли"),
            ORDER_COLUMN,
            *FACTS,
        ),
    ),
    Table(
        "practices",
        Practice,
        key=("session", "region_name", "town_name", "title"),
        scope=("session__region",),
        about="Практики городов-гостей, в том числе из других регионов.",
        columns=(
            Column("session", Ref("sessions"), "сессия", required=True),
            Column("region_name", TEXT, "регион", required=True),
            Column("town_name", TEXT, "город"),
            Column("title", TEXT, "практика"),
            Column("relation", codes(Practice.Relation), "откуда известна", required=True),
            ORDER_COLUMN,
            *FACTS,
        ),
    ),
    Table(
        "proposals",
        Proposal,
        key=("number",),
        scope=("region",),
        code="number",
        has_region=True,
        prepare=_public_words,
        about="Сказанное на сессиях: публичные слова, без личных данных жителей.",
        columns=(
            Column("number", TEXT, "номер: заглавные буквы, цифры, дефис", required=True),
            TOWN_OR_EMPTY,
            Column("session", Ref("sessions"), "сессия"),
            Column("section", Ref("sections"), "секция"),
            Column("priority", Ref("priorities"), "приоритет того же города"),
            Column("measure", Ref("measures"), "мера"),
            Column("kind", codes(Proposal.Kind), "вид", required=True),
            Column("public_text", TEXT, "текст для всех", required=True),
            Column("speaker", TEXT, "кто сказал: официальное лицо или «жители»; имя жителя сюда не пишут"),
            Column("said_on", PARTIAL_DAY, "когда сказано"),
            *FACTS,
        ),
    ),
)
