"""The four papers by name: what makes each, its columns, and the words that prove a template of each kind."""

from pathlib import Path

from .decisions import ORDERS, orders
from .measures import PLAN, PROGRESS, SUMMARY, course, plan, summary
from .minutes import SAMPLE_WORDS
from .rows import Cell
from .visit import SAMPLE_VISIT
from .words import samples_of

FORMS = Path(__file__).parent.parent / "paper_templates"

# Kind of `PaperTemplate` → what makes the paper of a scope, a term and a heading.
MAKERS = {"plan": plan, "summary": summary, "orders": orders, "progress": course}
COLUMNS = {"plan": PLAN, "summary": SUMMARY, "orders": ORDERS, "progress": PROGRESS}
NAMES = {
    "plan": "План мероприятий",
    "summary": "Сводный отчёт: план и факт",
    "orders": "Протокол поручений",
    "progress": "Информация о ходе реализации",
}
# The column where the figures of totals begin: their words stand before it.
TOTALS_FROM = {"plan": "total", "summary": "plan", "orders": "state", "progress": "state"}
# What the marks of the heading and of the signature stand for; those of the table are the columns.
HEAD_MARKS = {
    "region": "область", "paper": "название бумаги", "subject": "о чём: программа, направление, город",
    "period": "период словами", "as_of": "по состоянию на, дд.мм.гггг", "units": "тыс. руб.",
    "annex": "к чему приложение", "count": "сколько строк", "legend": "что значат знаки",
    "made_on": "когда составлено, дд.мм.гггг", "signer_post": "должность того, кто подписывает",
    "signer_name": "И. О. Фамилия того, кто подписывает", "executor": "исполнитель", "phone": "телефон исполнителя",
}  # fmt: skip
# The same of the two papers whose marks are of their own: a name, or a name that repeats with what its rows hold.
OTHER_MARKS = {
    "Протокол сессии": {
        "region": "область", "number": "номер протокола", "title": "название сессии", "kind": "вид сессии",
        "date": "день", "place": "место", "chair": "председатель (вписывают от руки)", "participants": "кто был",
        "participants_count": "сколько человек", "agenda": "повестка: строки",
        "sections": "секции: title, moderator, summary", "proposals": "предложения: number, text, speaker, section",
        "decisions": "решения: number, text, due, responsible, done", "votes": "голоса: title, count",
        "proposals_said": "сколько предложений и сколько проверено", "unread": "сколько не проверено",
        "names_note": "об именах жителей",
        "outcome": "итоги", "today": "сегодня", "executor": "исполнитель", "phone": "телефон исполнителя",
    },
    "Карточка поездки": {
        "region": "область", "town": "город", "as_of": "по состоянию на, дд.мм.гггг", "head": "глава",
        "people": "сколько жителей", "figures": "три числа: value, label",
        "late_town": "чем опаздывает город: what, due, days", "late_town_more": "сколько ещё",
        "late_region": "чем опаздывает область: what, due, days", "late_region_more": "сколько ещё",
        "promises": "что обещано: what, who, when, state, given", "promises_more": "сколько ещё",
        "words": "слова жителей: text, number, state", "words_more": "сколько ещё",
        "asks": "о чём просил глава: text, about, when", "asks_more": "сколько ещё",
    },
}  # fmt: skip
# Words that a region's own template of a kind is filled with before it is accepted.
SAMPLES = {"minutes": [SAMPLE_WORDS], "visit": [SAMPLE_VISIT]}
SAMPLES |= {kind: samples_of(kind, columns) for kind, columns in COLUMNS.items()}


def our_form(kind):
    """Our own Word template of a kind."""
    return FORMS / f"{kind}.docx"


def marks_of(kind):
    """[(mark, what it stands for)] of the table of a paper, as a template writes them."""
    marks = [("group.title", "заголовок группы строк: направление или сессия")]
    for column in COLUMNS[kind]:
        where = "line" if column.of_line else "row"
        marks.append((f"{where}.{column.name}", column.title.replace("\u00ad", "").lower()))
    figures = [column for column in COLUMNS[kind] if column.name == TOTALS_FROM[kind] or column.cell is Cell.MONEY]
    marks.append(("total.label", "слова строки итогов"))
    names = dict.fromkeys([TOTALS_FROM[kind], *(column.name for column in figures)])
    marks += [(f"total.{name}", "число строки итогов") for name in names]
    return marks
