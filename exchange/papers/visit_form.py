"""Our own Word template of the card for a visit: two A4 pages, drawn by `manage.py build_paper_templates`."""

from docx import Document
from docx.shared import Mm, Pt

FONT, SIZE = "Times New Roman", 10.5
SIDES = (("Чем опаздывает город", "late_town"), ("Чем опаздывает область в этом городе", "late_region"))


def draw_visit():
    """The template of the card."""
    paper = Document()
    paper.core_properties.title = "Карточка поездки"
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(20), Mm(15), Mm(12), Mm(12)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(2), 1.0
    _say(paper, "{{ region }}. По состоянию на {{ as_of }}", size=10)
    _say(paper, "{{ town }}: карточка поездки", bold=True, size=16)
    _say(paper, "{{ head }}. {{ people }}.")
    _head(paper, "Три числа")
    _repeat(paper, "row in figures", "{{ row.value }} — {{ row.label }}")
    for title, name in SIDES:
        _head(paper, title)
        _repeat(
            paper,
            f"row in {name}",
            "{{ row.what }}{% if row.due %}. Срок был {{ row.due }}{% endif %}, просрочено {{ row.days }}",
        )
        _rest(paper, name, "Просроченного нет.")
    _head(paper, "О чём просил глава")
    _repeat(paper, "row in asks", "{{ row.text }} ({{ row.about }}, {{ row.when }})")
    _rest(paper, "asks", "В отчётах города просьб нет.")
    _head(paper, "Что обещано городу")
    paper.paragraphs[-1].paragraph_format.page_break_before = True
    _repeat(paper, "row in promises",
            "{{ row.what }}. {{ row.who }}, {{ row.when }}: {{ row.state }}"
            "{% if row.given %} ({{ row.given }}){% endif %}")  # fmt: skip
    _rest(paper, "promises", "Обещаний не найдено.")
    _head(paper, "Последние слова жителей")
    _repeat(paper, "row in words", "«{{ row.text }}» № {{ row.number }}, {{ row.state }}")
    _rest(paper, "words", "Предложений жителей нет.")
    return paper


def _say(paper, text, *, bold=False, size=SIZE):
    run = paper.add_paragraph().add_run(text)
    run.bold, run.font.size = bold, Pt(size)


def _head(paper, text):
    _say(paper, text, bold=True, size=12.5)
    paper.paragraphs[-1].paragraph_format.space_before = Pt(7)
    paper.paragraphs[-1].paragraph_format.keep_with_next = True


def _repeat(paper, loop, text):
    """A paragraph for each row."""
    _say(paper, f"{{%p for {loop} %}}")
    _say(paper, "• " + text)
    _say(paper, "{%p endfor %}")


def _rest(paper, name, nothing):
    """How many more there are, or that there is nothing; no empty line where neither is said."""
    _say(paper, f"{{%p if not {name} or {name}_more %}}")
    _say(paper, f"{{% if not {name} %}}{nothing}{{% endif %}}{{{{ {name}_more }}}}")
    _say(paper, "{%p endif %}")
