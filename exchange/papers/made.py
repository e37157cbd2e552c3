"""The four papers by name: what makes each, its columns, and the words that prove a template of each kind."""

from pathlib import Path

from .measures import PLAN, PROGRESS, SUMMARY, course, plan, summary
from .minutes import SAMPLE_WORDS
from .orders import ORDERS, orders
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
# Words that a region's own template of a kind is filled with before it is accepted.
SAMPLES = {"minutes": [SAMPLE_WORDS]} | {kind: samples_of(kind, columns) for kind, columns in COLUMNS.items()}


def our_form(kind):
    """Our own Word template of a kind."""
    return FORMS / f"{kind}.docx"
