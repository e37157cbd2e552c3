"""Which columns a table of each kind may have: their names, the words of heads that mean them, the cells they hold."""

from dataclasses import dataclass

from exchange.sheets.cells import Number, OneOf, Whole, YesNo
from exchange.sheets.columns import FACT, GUESS, LOANS, PLAN, SOURCE_WORDS, Field, Kind
from exchange.sheets.meaning import source_named
from exchange.sheets.terms import Day, Term
from strategies.models import Indicator, Measure, Sphere, Strategy

YEARS = Whole(1900, 2200)
ALL_SOURCES = "all"


@dataclass(frozen=True)
class Sources(OneOf):
    """Whose money: by the usual words, or by a name that says one source and nothing else."""

    def read(self, text):
        try:
            return super().read(text)
        except ValueError:
            if found := source_named(text):
                return found
            raise


SOURCES = Sources(
    (
        *((label, code) for code, label in SOURCE_WORDS.items()),
        ("федеральный", "federal"), ("фб", "federal"), ("средства федерального бюджета", "federal"),
        ("областной", "regional"), ("об", "regional"), ("региональный", "regional"),
        ("региональный бюджет", "regional"),
        ("бюджет области", "regional"), ("средства областного бюджета", "regional"), ("краевой бюджет", "regional"),
        ("республиканский бюджет", "regional"), ("местный", "local"), ("мб", "local"), ("бюджет города", "local"),
        ("городской бюджет", "local"), ("муниципальный бюджет", "local"), ("средства местного бюджета", "local"),
        ("внебюджетные", "extra"), ("внебюджетные источники", "extra"), ("средства организаций", "extra"),
        ("иные источники", "extra"), ("прочие источники", "extra"), ("вб", "extra"),
        ("заемные средства", LOANS), ("заёмные средства", LOANS), ("кредиты", LOANS),
        ("собственные средства организаций", "extra"),
        ("всего", ALL_SOURCES), ("итого", ALL_SOURCES), ("все источники", ALL_SOURCES),
    )
)  # fmt: skip

# A state is never taken from a table, reports move it: what a table says is compared and told.
STATES = OneOf(
    (
        *((str(label), code) for code, label in Measure.Status.choices),
        ("выполняется", "in_progress"), ("исполняется", "in_progress"), ("реализуется", "in_progress"),
        ("исполнено", "done"), ("завершено", "done"), ("реализовано", "done"),
        ("не начато", "planned"), ("не исполнено", "not_done"),
    )
)  # fmt: skip
BETTER = OneOf(
    (
        ("больше — лучше", "higher"), ("больше - лучше", "higher"), ("больше", "higher"), ("прямой", "higher"),
        ("меньше — лучше", "lower"), ("меньше - лучше", "lower"), ("меньше", "lower"), ("обратный", "lower"),
    )
)  # fmt: skip

# What the figures of a row are, where a column says it row by row.
FLOW = "flow"
FLOWS = OneOf(
    (
        ("план", PLAN), ("факт", FACT), ("плановое", PLAN), ("плановое значение", PLAN), ("прогноз", PLAN),
        ("фактическое", FACT), ("фактическое значение", FACT), ("исполнено", FACT), ("исполнение", FACT),
        ("касса", FACT), ("кассовое исполнение", FACT), ("освоено", FACT), ("отчет", FACT), ("оценка", GUESS),
    )
)  # fmt: skip
IN_ROWS = Field(FLOW, "план или факт (в строке)", r"^план ?(/|,|или|и) ?факт|^тип( данных| значени\w+)?$", FLOWS)

PK = Field("pk", "номер на сайте", r"^номер на сайте$", Whole(1, 2_147_483_647))
TOWN = Field("town", "город", r"^(город|мо|го|округ|территория)\b|муниципальн\w+ образовани|городской округ")
NOTE = Field("note", "примечание", r"примечани|комментари")
PAPER = Field("sources", "источник сведений", r"источник\w* (сведений|информации)|^ссылк|^откуда|^основани")
REASON = Field("reason", "причина изменения", r"^причин\w+( изменени\w+| перенос\w+)?$|^почему")
ORDER = Field("order", "порядок", r"^порядок", Whole())
STRATEGY = Field("strategy", "стратегия", r"^стратеги")
PRIORITY = Field("priority", "приоритет", r"^((наименование|название) )?приоритет")
PROGRAMME = Field("programme", "программа", r"^программа|^название программы")
MEASURE = Field(
    "measure", "мера", r"^((наименование|название) )?(мера|меры|мероприятие|мероприятия)\b|^(номер|код) меры"
)
UNIT = Field("unit", "единица измерения", r"^ед\b|единиц\w* измерени|^ед\.? ?изм")
NAME = Field(
    "name",
    "показатель",
    r"^((наименование|название) )?(цел\w+ ?(/|,|и) ?)?(целев\w+ )?показател|^индикатор|^(наименование|название)$",
)
KINDS_OF_STRATEGY = OneOf(
    (
        *((str(label), code) for code, label in Strategy.Kind.choices),
        ("стратегия", "strategy"), ("план", "plan"), ("концепция", "plan"), ("отраслевая", "sector"),
    )
)  # fmt: skip

# «Срок реализации мероприятия» is a term, and «Ответственный за мероприятие» is somebody.
TITLE = (
    r"^(?!(срок|период|дата|начал|оконч|ответствен|исполнит|соисполн|источник|результат|ожидаем|эффект|цел[ьи]\b|задач|номер|код"
    r"|приоритет|показател|индикатор|об[ъь]?ем|стоимост|сумма|вид\b|тип\b|примечан|описан|содержан|контрольн|направлен|раздел"
    r"|муниципальн|город\b|причин)).*мероприяти|^мера\b"
    r"|^(наименование|название)\b(?! (показател|индикатор|приоритет|цел))"
)
MEASURES = Kind(
    "measures",
    "меры",
    (
        PK,
        Field(
            "code",
            "№",
            r"^(№|n|no)( ?п\.? ?/? ?п)?$|^(№|номер|код)( меры| мероприятия)?$",
        ),
        Field("direction", "направление", r"^(направлени|раздел|блок|подпрограмм)"),
        TOWN,
        Field("title", "мероприятие", TITLE),
        Field("towns", "каких городов касается", r"каких городов касается|^города$"),
        Field("description", "что сделают", r"^что сделают|^описани|^содержани"),
        Field("expected_result", "ожидаемый результат", r"ожидаем\w+ (результат|эффект)|^результат"),
        Field("responsible", "ответственный исполнитель", r"^ответственн|^отв\b|^исполнител"),
        Field("co_executors", "соисполнители", r"^соисполнител"),
        Field("start", "начало", r"^(дата |срок )?начал|^(срок|период)[^/]* / .*начал", Day()),
        Field("due", "срок", r"^срок|^дата окончани|^окончани|^период (исполнени|реализаци)", Term()),
        Field("due_note", "срок словами", r"^срок словами"),
        Field("stated_total", "всего, тыс. руб.", r"^всего, тыс", Number()),
        Field("counted", "в чём считают строку (единица)", UNIT.words),
        Field("funding_note", "деньги словами", r"^деньги словами"),
        Field("source", "источник финансирования", r"^источ(ник)?\w*\.?( финан[\w-]*)?$", SOURCES),
        IN_ROWS,
        Field("is_flagship", "флагманский проект", r"^флагман", YesNo()),
        Field("priorities", "на какие приоритеты отвечает", r"приоритет"),
        Field("milestones", "контрольные точки", r"контрольн\w+ (точк|событи)"),
        Field("state", "состояние: только сверить", r"^(состояни|статус|стади)(?!.*слов)", STATES),
        NOTE,
        PAPER,
        REASON,
    ),
    required=("title",),
    by_year="money",
)
PRIORITIES = Kind(
    "priorities",
    "приоритеты",
    (
        PK,
        TOWN,
        STRATEGY,
        Field("title", "приоритет", PRIORITY.words + r"|^(наименование|название)$"),
        Field("plain_text", "простыми словами", r"^простыми словами|^описани|^содержани"),
        Field("sphere", "сфера", r"^сфера", OneOf(tuple((str(label), code) for code, label in Sphere.choices))),
        Field("goal", "цель", r"^цель"),
        ORDER,
        NOTE,
        PAPER,
    ),
    required=("title",),
)
STRATEGIES = Kind(
    "strategies",
    "стратегии",
    (
        PK,
        TOWN,
        Field("title", "стратегия", STRATEGY.words + r"|^(наименование|название)|^документ"),
        Field("kind", "вид", r"^вид\b|^тип документа", KINDS_OF_STRATEGY),
        Field("version", "версия", r"^версия|^редакция", Whole(1)),
        Field("year_from", "первый год", r"^первый год|^год начала|^начало|^действует с", YEARS),
        Field("year_to", "последний год", r"^последний год|^год окончания|^окончание|^действует (до|по)", YEARS),
        Field("mission", "миссия", r"^миссия"),
        Field("main_goal", "главная цель", r"^(главная|генеральная|стратегическая|основная) цель"),
        Field("summary", "резюме для жителей", r"^резюме|^кратко|^коротко"),
        Field("status_note", "что известно о состоянии", r"^что известно о состоянии|^состояние словами"),
        Field("discussion_from", "обсуждение с", r"^обсуждение с|^начало обсуждения", Day()),
        Field("discussion_to", "обсуждение по", r"^обсуждение по|^(конец|окончание) обсуждения", Day()),
        Field("act_number", "номер решения", r"^(номер|№) (решения|акта|постановления)"),
        Field("act_date", "дата решения", r"^дата (решения|акта|утверждения|постановления)", Day()),
        Field("adopted_by", "кто утвердил", r"^кто утвердил|^(орган|утверждена|утвердил)"),
        NOTE,
        PAPER,
    ),
    required=("title",),
)
GOALS = Kind(
    "goals",
    "цели",
    (
        PK,
        TOWN,
        STRATEGY,
        Field("code", "№", r"^(№|n|no)( ?п/?п)?$|^номер( цели| задачи)?$"),
        Field("parent", "входит в цель", r"^входит в|^цель верхнего уровня|^вышестоящая цель"),
        Field("text", "цель", r"^(цель|цели|задача|задачи)\b|^(наименование|название|формулировка)|^текст"),
        ORDER,
        NOTE,
        PAPER,
        REASON,
    ),
    required=("text",),
)
OWNER = (TOWN, PRIORITY, PROGRAMME, MEASURE)
INDICATORS = Kind(
    "indicators",
    "показатели",
    (
        PK,
        *OWNER,
        NAME,
        UNIT,
        Field("direction", "что лучше", r"^что лучше|^(вид|тип|характер|направленность) показател|^прямой", BETTER),
        Field("base_year", "базовый год", r"^базов\w+ год", YEARS),
        Field("base_value", "базовое значение", r"^базов\w+ (значени|показател)|^база", Number(percent=True)),
        IN_ROWS,
        Field("weight", "вес", r"^вес\b|^весов", Number(percent=True)),
        Field("data_source", "источник данных", r"^источник\w*( данных| информации)?$"),
        ORDER,
        NOTE,
        Field("sources", "источник сведений", r"^источник сведений|^ссылк|^откуда"),
        REASON,
    ),
    required=("name", "unit"),
    by_year="figures",
)
VALUES = Kind(
    "values",
    "значения показателей",
    (
        Field("pk", "номер показателя на сайте", r"^номер показателя на сайте$", PK.cell),
        *OWNER,
        NAME,
        UNIT,
        Field("year", "год", r"^год\b|^период|^отчетный год", YEARS),
        Field("target", "план", r"^план|^целев\w+ значени", Number(percent=True)),
        Field("actual", "факт", r"^факт|^достигнут", Number(percent=True)),
        Field("is_preliminary", "предварительное", r"^предварит", YesNo()),
        Field("deviation_reason", "причина отклонения", r"причин\w+ отклонени"),
        NOTE,
        PAPER,
        REASON,
    ),
    required=("name", "unit", "year"),
)
KINDS = {kind.code: kind for kind in (MEASURES, PRIORITIES, INDICATORS, VALUES, STRATEGIES, GOALS)}
DIRECTION_WORDS = {Indicator.Direction.HIGHER: "больше — лучше", Indicator.Direction.LOWER: "меньше — лучше"}
