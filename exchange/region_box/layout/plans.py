"""Plans: strategies with goals and priorities; programmes with measures and money; indicators."""

from django.core.exceptions import ValidationError

from exchange.region_box.tables import Column
from exchange.sheets.exact_cells import DAY, NUMBER, SLUG, TEXT, YES_NO, Ref, Refs, Whole
from strategies.models import (
    Funding,
    Goal,
    Indicator,
    IndicatorValue,
    Measure,
    Milestone,
    Priority,
    PriorityMeasure,
    Programme,
    ProgrammeDirection,
    Sphere,
    Strategy,
)

from .columns import FACTS, ORDER_COLUMN, TOWN, TOWN_OR_EMPTY, YEAR, Table, codes, initial_status, own_code

OWNERS = ("municipality__region", "priority__strategy__municipality__region", "measure__direction__programme__region")


def _keep_promised_due(measure, fields):
    """Invariant 11: a promised date is moved on the site, with a reason."""
    if measure.is_public and measure.due and "due" in fields:
        raise ValidationError({"due": f"срок уже обещан ({measure.due:%Y-%m-%d}): его переносят на сайте, с причиной"})


def _keep_promised_target(value, fields, reason):
    """A target that everybody sees is changed with its story: the old figure stays in the ledger (invariant 11)."""
    promised = value.target is not None and Indicator.objects.public().filter(pk=value.indicator_id).exists()
    if not promised or "target" not in fields:
        return False
    for name, new in fields.items():
        if name != "target":
            setattr(value, name, new)
    value.change_target(fields["target"], reason=reason, by=None)
    return True


PLANS = (
    Table(
        "strategies",
        Strategy,
        key=("municipality", "title", "version"),
        scope=("municipality__region",),
        code="code",
        about="Стратегии, планы и концепции городов.",
        columns=(
            own_code(),
            TOWN,
            Column("kind", codes(Strategy.Kind), "вид", required=True),
            Column("title", TEXT, "название", required=True),
            Column("version", Whole(1, 32_767), "версия", required=True),
            Column("year_from", YEAR, "первый год"),
            Column("year_to", YEAR, "последний год"),
            Column("mission", TEXT, "миссия"),
            Column("main_goal", TEXT, "главная цель"),
            Column("summary", TEXT, "резюме для жителей"),
            initial_status("draft", "discussion", "approved"),
            Column("status_note", TEXT, "что известно о состоянии, словами источника"),
            Column("discussion_from", DAY, "обсуждение с"),
            Column("discussion_to", DAY, "обсуждение по"),
            Column("act_number", TEXT, "номер решения; обязателен для approved"),
            Column("act_date", DAY, "дата решения; обязательна для approved"),
            Column("adopted_by", TEXT, "кто утвердил; обязателен для approved"),
            Column("act", Ref("documents"), "решение; обязательно для approved"),
            *FACTS,
        ),
    ),
    Table(
        "goals",
        Goal,
        key=("strategy", "text"),
        scope=("strategy__municipality__region",),
        code="code",
        about="Цели стратегий, не глубже трёх уровней.",
        columns=(
            own_code(),
            Column("strategy", Ref("strategies"), "стратегия", required=True),
            Column("parent", Ref("goals"), "в какую цель входит"),
            Column("text", TEXT, "текст цели", required=True),
            ORDER_COLUMN,
            *FACTS,
        ),
    ),
    Table(
        "priorities",
        Priority,
        key=("strategy", "title"),
        scope=("strategy__municipality__region",),
        code="code",
        about="Приоритеты: что город выбрал делать прежде всего.",
        columns=(
            own_code(),
            Column("strategy", Ref("strategies"), "стратегия", required=True),
            Column("goal", Ref("goals"), "цель той же стратегии"),
            Column("title", TEXT, "название", required=True),
            Column("plain_text", TEXT, "простыми словами"),
            Column("sphere", codes(Sphere), "сфера"),
            ORDER_COLUMN,
            initial_status("draft", "published"),
            *FACTS,
        ),
    ),
    Table(
        "programmes",
        Programme,
        key=("code",),
        scope=("region",),
        code="code",
        has_region=True,
        about="Программа действий региона и другие документы, которые обещают что-то городам.",
        columns=(
            Column("code", SLUG, "код программы, не повторяется", required=True),
            Column("kind", codes(Programme.Kind), "вид", required=True),
            Column("title", TEXT, "название", required=True),
            Column("summary", TEXT, "простыми словами"),
            Column("year_from", YEAR, "первый год"),
            Column("year_to", YEAR, "последний год"),
            Column("act_title", TEXT, "акт: вид, дата, номер"),
            Column("act_date", DAY, "дата акта"),
            Column("act", Ref("documents"), "документ с актом"),
            initial_status("draft", "prepared", "approved", "completed"),
            Column("status_note", TEXT, "что известно о состоянии, словами источника"),
            *FACTS,
        ),
    ),
    Table(
        "directions",
        ProgrammeDirection,
        key=("programme", "title"),
        scope=("programme__region",),
        code="code",
        about="Направления программ.",
        columns=(
            own_code(),
            Column("programme", Ref("programmes"), "программа", required=True),
            Column("title", TEXT, "название", required=True),
            Column("curator", TEXT, "куратор"),
            ORDER_COLUMN,
            *FACTS,
        ),
    ),
    Table(
        "measures",
        Measure,
        key=("direction", "code"),
        check_change=_keep_promised_due,
        scope=("direction__programme__region",),
        code="code",
        about="Меры: что обещано, кто отвечает, к какому сроку.",
        columns=(
            Column("code", SLUG, "номер меры, не повторяется", required=True),
            Column("direction", Ref("directions"), "направление", required=True),
            TOWN_OR_EMPTY,
            Column("towns", Refs("municipalities"), "каких городов касается мера на весь регион"),
            Column("title", TEXT, "название", required=True),
            Column("description", TEXT, "что сделают"),
            Column("expected_result", TEXT, "ожидаемый результат"),
            Column("responsible", TEXT, "ответственный исполнитель"),
            Column("co_executors", TEXT, "соисполнители"),
            Column("promised_year", YEAR, "в каком году пообещали, по источнику"),
            Column("start", DAY, "начало"),
            Column("due", DAY, "срок, если известна точная дата"),
            Column("due_note", TEXT, "срок словами источника"),
            Column("funding_note", TEXT, "деньги словами: суммы, не отнесённые к этой мере по годам"),
            Column("is_flagship", YES_NO, "флагманский ли проект"),
            Column("basis", Ref("documents"), "документ-основание"),
            initial_status("draft", "planned"),
            *FACTS,
        ),
    ),
    Table(
        "funding",
        Funding,
        key=("measure", "year", "source"),
        scope=("measure__direction__programme__region",),
        about="Деньги мер по годам и источникам, тысяч рублей.",
        columns=(
            Column("measure", Ref("measures"), "мера", required=True),
            Column("year", YEAR, "год", required=True),
            Column("source", codes(Funding.Source), "чьи деньги", required=True),
            Column("planned", NUMBER, "обещано, тыс. руб., до 2 знаков после точки", required=True),
            *FACTS,
        ),
    ),
    Table(
        "milestones",
        Milestone,
        key=("measure", "title"),
        scope=("measure__direction__programme__region",),
        about="Контрольные точки мер.",
        columns=(
            Column("measure", Ref("measures"), "мера", required=True),
            Column("title", TEXT, "что должно произойти", required=True),
            Column("due", DAY, "срок", required=True),
            *FACTS,
        ),
    ),
    Table(
        "measure_priorities",
        PriorityMeasure,
        key=("priority", "measure"),
        scope=("measure__direction__programme__region",),
        about="Какая мера отвечает на какой приоритет.",
        columns=(
            Column("priority", Ref("priorities"), "приоритет", required=True),
            Column("measure", Ref("measures"), "мера того же города или на весь регион", required=True),
            *FACTS,
        ),
    ),
    Table(
        "indicators",
        Indicator,
        key=("municipality", "priority", "measure", "name", "unit"),
        scope=OWNERS,
        code="code",
        about="Показатели города, приоритета или меры (заполняют ровно один из трёх столбцов).",
        columns=(
            own_code(),
            Column("municipality", Ref("municipalities"), "город"),
            Column("priority", Ref("priorities"), "приоритет"),
            Column("measure", Ref("measures"), "мера"),
            Column("name", TEXT, "название", required=True),
            Column("unit", TEXT, "единица измерения", required=True),
            Column(
                "direction", codes(Indicator.Direction), "что лучше: больше (higher) или меньше (lower)", required=True
            ),
            Column("base_year", YEAR, "базовый год"),
            Column("base_value", NUMBER, "базовое значение"),
            Column("weight", NUMBER, "вес"),
            Column("data_source", TEXT, "источник данных, например Росстат"),
            ORDER_COLUMN,
            *FACTS,
        ),
    ),
    Table(
        "indicator_values",
        IndicatorValue,
        key=("indicator", "year"),
        write_change=_keep_promised_target,
        scope=tuple(f"indicator__{owner}" for owner in OWNERS),
        about="Планы и факты показателей по годам.",
        columns=(
            Column("indicator", Ref("indicators"), "показатель", required=True),
            Column("year", YEAR, "год; пусто — в источнике не указан"),
            Column("target", NUMBER, "план"),
            Column("actual", NUMBER, "факт"),
            Column("is_preliminary", YES_NO, "предварительный ли факт"),
            Column("deviation_reason", TEXT, "причина, если план и факт года расходятся больше чем на 5 %"),
            *FACTS,
        ),
    ),
)
