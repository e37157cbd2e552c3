"""Talks: sessions with their sections and guests, and what was said."""

from exchange.cells import Day, Moment, Number, PartialDay, Ref, Refs, Slug, Text, Whole
from exchange.tables import Column
from sessions.models import Practice, Proposal, Section, Session

from .columns import FACTS, ORDER_COLUMN, SMALL, TOWN_OR_EMPTY, Table, codes, initial_status, own_code


def _session_moments(fields):
    for name in ("starts", "ends"):
        moment = fields.pop(name, None)
        if moment:
            fields[f"{name}_at"], has_time = moment
            if name == "starts":
                fields["has_time"] = has_time


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
        about="Сессии, слушания, форумы, совещания.",
        columns=(
            Column("slug", Slug(), "адрес сессии латиницей", required=True),
            Column("level", codes(Session.Level), "уровень", required=True),
            Column("kind", codes(Session.Kind), "вид", required=True),
            Column("municipality", Ref("municipalities"), "город; только у municipal, и там обязателен"),
            Column("host", Ref("municipalities"), "где проходит областная сессия"),
            Column("towns", Refs("municipalities"), "города-участники"),
            Column("title", Text(), "название", required=True),
            Column("number_in_series", SMALL, "номер в серии"),
            Column("starts", Moment(), "начало: день или день и время; пусто — не найдено"),
            Column("ends", Moment(), "конец, если в другой день или известен час"),
            Column("date_note", Text(), "дата словами источника"),
            Column("place", Text(), "место"),
            Column("venue", Text(), "площадка"),
            Column("latitude", Number(), "широта площадки"),
            Column("longitude", Number(), "долгота площадки"),
            Column("organisers", Text(), "организаторы"),
            Column("participants", Text(), "кто участвовал"),
            Column("participants_count", Whole(), "сколько человек"),
            Column("agenda", Text(), "программа, каждый пункт с новой строки внутри ячейки"),
            Column("summary", Text(), "коротко"),
            Column("proposals_until", Day(), "до какого дня принимают предложения"),
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
            Column("title", Text(), "тема", required=True),
            Column("moderator", Text(), "модератор"),
            Column("experts", Text(), "эксперты"),
            Column("summary", Text(), "к чему пришли"),
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
            Column("region_name", Text(), "регион", required=True),
            Column("town_name", Text(), "город"),
            Column("title", Text(), "практика"),
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
            Column("number", Text(), "номер: заглавные буквы, цифры, дефис", required=True),
            TOWN_OR_EMPTY,
            Column("session", Ref("sessions"), "сессия"),
            Column("section", Ref("sections"), "секция"),
            Column("priority", Ref("priorities"), "приоритет того же города"),
            Column("measure", Ref("measures"), "мера"),
            Column("kind", codes(Proposal.Kind), "вид", required=True),
            Column("public_text", Text(), "текст для всех", required=True),
            Column("speaker", Text(), "кто сказал: официальное лицо или «жители»; имя жителя сюда не пишут"),
            Column("said_on", PartialDay(), "когда сказано"),
            *FACTS,
        ),
    ),
)
