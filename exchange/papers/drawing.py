"""Our own Word templates, drawn anew by `manage.py build_paper_templates`: A4, Times New Roman, heads on every page."""

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from .catalogue import COLUMNS, NAMES, TOTALS_FROM, our_form
from .rows import Cell
from .visit_form import draw_visit

FONT = "Times New Roman"
TEXT, TABLE = 13, 9.5
RIGHT = {Cell.MONEY, Cell.FIGURE, Cell.PERCENT}
CENTRE = {Cell.COUNT, Cell.DAY}
_CENTRED, _RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def draw_all():
    """Draw every template of ours into its file."""
    for kind in COLUMNS:
        draw_table_paper(kind).save(our_form(kind))
    draw_minutes().save(our_form("minutes"))
    draw_visit().save(our_form("visit"))


def draw_table_paper(kind):
    """The template of one of the four papers: heading, table by direction, totals, signature."""
    paper = _sheet(is_wide=True)
    paper.core_properties.title = NAMES[kind]
    _say(paper, "Приложение к {{ annex }}", align=_RIGHT, after=10)
    _say(paper, "{{ region }}", align=_CENTRED)
    _say(paper, "{{ paper|upper }}", align=_CENTRED, bold=True, before=6)
    _say(paper, "{{ subject }}", align=_CENTRED, bold=True)
    _say(paper, "Период: {{ period }}", align=_CENTRED, before=4)
    _say(paper, "По состоянию на {{ as_of }}", align=_CENTRED, after=6)
    if kind != "orders":
        _say(paper, "Единица измерения денег: {{ units }}", align=_RIGHT, size=11, after=2)
    _table(paper, kind)
    # The signature never stands on a page of its own: totals, legend and signature stay together.
    _say(paper, "{{ legend }} Составлено {{ made_on }} по опубликованным сведениям.", size=10, before=4, is_kept=True)
    _signature(paper)
    return paper


def draw_minutes():
    """The minutes of a session."""
    paper = _sheet(is_wide=False)
    paper.core_properties.title = "Протокол"
    _say(paper, "{{ region }}", align=_CENTRED, after=6)
    _say(paper, "ПРОТОКОЛ № {{ number }}", align=_CENTRED, bold=True, size=14)
    _say(paper, "{{ title }}", align=_CENTRED, bold=True, after=6)
    _say(paper, "{{ kind }}. {{ date }}{% if place %}, {{ place }}{% endif %}.", after=6)
    _say(paper, "{% if chair %}Председатель: {{ chair }}.{% else %}Председатель: ____________________.{% endif %}")
    _say(paper, "Присутствовали: {% if participants_count is not none %}{{ participants_count }} человек."
                "{% else %}____ человек.{% endif %} {{ participants }}", after=6)  # fmt: skip
    _say(paper, "ПОВЕСТКА", bold=True, before=6)
    _repeat(paper, "item in agenda", "{{ loop.index }}. {{ item }}")
    _repeat(paper, "section in sections", "Секция «{{ section.title }}»{% if section.moderator %}, модератор "
                   "{{ section.moderator }}{% endif %}. {{ section.summary }}")  # fmt: skip
    _say(paper, "ПРЕДЛОЖЕНИЯ: {{ proposals|length }}", bold=True, before=8, after=2)
    _list(paper, "row in proposals", [
        ("Номер", "{{ row.number }}", 32), ("Что предложили", "{{ row.text }}", 78),
        ("Кто сказал", "{{ row.speaker }}", 30), ("Секция", "{{ row.section }}", 30),
    ])  # fmt: skip
    _say(paper, "РЕШИЛИ", bold=True, before=8, after=2)
    _list(paper, "row in decisions", [
        ("№", "{{ row.number }}", 10), ("Поручение", "{{ row.text }}", 62), ("Срок", "{{ row.due }}", 28),
        ("Ответственный", "{{ row.responsible }}", 35), ("Отметка об исполнении", "{{ row.done }}", 35),
    ])  # fmt: skip
    _say(paper, "{% if votes %}Голоса за приоритеты: {% for vote in votes %}{{ vote.title }} — {{ vote.count }}"
                "{% if not loop.last %}; {% endif %}{% endfor %}.{% endif %}", before=6)  # fmt: skip
    _say(paper, "Итоги. {{ outcome }}", after=6)
    _say(paper, "По состоянию на {{ today }}. Имена жителей в протокол не вносятся.", size=10, after=6)
    for who in ("Председатель", "Секретарь"):
        _signed(paper, [(who, 50, _LEFT), ("_" * 20, 60, _CENTRED), ("/ " + "_" * 20 + " /", 60, _RIGHT)])
    _say(paper, "Исполнитель: {{ executor }}, тел. {{ phone }}", size=10, before=10)
    return paper


def _sheet(*, is_wide):
    paper = Document()
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(TEXT)
    normal.font.color.rgb = RGBColor(0, 0, 0)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ru-RU")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    section = paper.sections[0]
    width, height = (Mm(297), Mm(210)) if is_wide else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin = (Mm(20), Mm(10)) if is_wide else (Mm(25), Mm(15))
    section.top_margin, section.bottom_margin = Mm(20), Mm(15)
    section.header_distance = Mm(10)
    # ГОСТ Р 7.0.97: the number stands in the middle of the upper margin from the second page on.
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    return paper


def _page_number(paragraph):
    paragraph.alignment = _CENTRED
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "2"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(11)
        if kind == "text":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)


def _say(paper, text, *, align=_LEFT, bold=False, size=None, before=0, after=0, is_kept=False):
    paragraph = paper.add_paragraph()
    _write(paragraph, text, align=align, bold=bold, size=size, is_kept=is_kept)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def _write(paragraph, text, *, align=_LEFT, bold=False, size=None, is_kept=False):
    """Write into a paragraph; `is_kept`: it stays on one page with what follows."""
    if is_kept:
        paragraph.paragraph_format.keep_with_next = True
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)


def _repeat(paper, loop, text):
    _say(paper, f"{{%p for {loop} %}}")
    _say(paper, text)
    _say(paper, "{%p endfor %}")


# ——— Tables ———


def _grid(paper, widths):
    table = paper.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)
    return table


def _row(table, widths, texts, *, aligns=None, bold=False, spans=None, is_head=False, fill="", is_kept=False):
    """A row of cells: `spans`: how many columns each takes; `is_kept`: it stays on one page with the next row."""
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
    for cell in list(row._tr.tc_lst):
        row._tr.remove(cell)
    at = 0
    for index, text in enumerate(texts):
        span = spans[index] if spans else 1
        _cell(row, sum(widths[at : at + span]), span, fill)
        at += span
        paragraph = row._tr.tc_lst[-1].p_lst[0]
        align = aligns[index] if aligns else _LEFT
        _write(_paragraph(paragraph), text, align=align, bold=bold, size=TABLE, is_kept=is_kept)
    return row


def _paragraph(element):
    return Paragraph(element, None)


def _cell(row, width, span, fill):
    cell = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    size = OxmlElement("w:tcW")
    size.set(qn("w:w"), str(round(width * 56.7)))
    size.set(qn("w:type"), "dxa")
    properties.append(size)
    if span > 1:
        merged = OxmlElement("w:gridSpan")
        merged.set(qn("w:val"), str(span))
        properties.append(merged)
    if fill:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
            shade.set(qn(f"w:{name}"), value)
        properties.append(shade)
    cell.append(properties)
    cell.append(OxmlElement("w:p"))
    row._tr.append(cell)


def _mark(table, widths, text):
    _row(table, widths, [text], spans=[len(widths)])


def _table(paper, kind):
    columns = COLUMNS[kind]
    widths = [column.width for column in columns]
    aligns = [_RIGHT if column.cell in RIGHT else _CENTRED if column.cell in CENTRE else _LEFT for column in columns]
    count = len(columns)
    lead = next(index for index, column in enumerate(columns) if column.name == TOTALS_FROM[kind])
    table = _grid(paper, widths)
    _row(table, widths, [column.title for column in columns], aligns=[_CENTRED] * count, bold=True, is_head=True,
         fill="F0F0F0")  # fmt: skip
    _row(table, widths, [str(number) for number in range(1, count + 1)], aligns=[_CENTRED] * count, is_head=True)
    _mark(table, widths, "{%tr for group in groups %}")
    _mark(table, widths, "{%tr if group.title %}")
    _row(table, widths, ["{{ group.title }}"], spans=[count], bold=True, is_kept=True)
    _mark(table, widths, "{%tr endif %}")
    _mark(table, widths, "{%tr for row in group.rows %}")
    _mark(table, widths, "{%tr for line in row.lines %}")
    has_lines = any(column.of_line for column in columns)
    cells = [
        f"{{{{ line.{column.name} }}}}" if column.of_line
        else ("{% vm %}" if has_lines else "") + f"{{{{ row.{column.name} }}}}"
        for column in columns
    ]  # fmt: skip
    if has_lines:
        # Lines of one measure stay together: its title stands beside the first of them.
        _mark(table, widths, "{%tr if not loop.last %}")
        _row(table, widths, cells, aligns=aligns, is_kept=True)
        _mark(table, widths, "{%tr else %}")
    _row(table, widths, cells, aligns=aligns)
    if has_lines:
        _mark(table, widths, "{%tr endif %}")
    _mark(table, widths, "{%tr endfor %}")
    _mark(table, widths, "{%tr endfor %}")
    _totals(table, widths, columns, aligns, lead, "group.totals")
    _mark(table, widths, "{%tr endfor %}")
    _totals(table, widths, columns, aligns, lead, "totals", is_kept=True)
    _mark(table, widths, "{%tr if not count %}")
    _row(table, widths, ["Сведений за этот период нет."], spans=[count])
    _mark(table, widths, "{%tr endif %}")


def _totals(table, widths, columns, aligns, lead, name, *, is_kept=False):
    _mark(table, widths, f"{{%tr for total in {name} %}}")
    texts = ["{{ total.label }}"] + [f"{{{{ total.{column.name} }}}}" for column in columns[lead:]]
    spans = [lead] + [1] * (len(texts) - 1)
    _row(table, widths, texts, aligns=[_LEFT, *aligns[lead:]], bold=True, spans=spans, is_kept=is_kept)
    _mark(table, widths, "{%tr endfor %}")


def _list(paper, loop, columns):
    widths = [width for _title, _text, width in columns]
    table = _grid(paper, widths)
    _row(table, widths, [title for title, _text, _width in columns], aligns=[_CENTRED] * len(columns), bold=True,
         is_head=True, fill="F0F0F0")  # fmt: skip
    _mark(table, widths, f"{{%tr for {loop} %}}")
    _row(table, widths, [text for _title, text, _width in columns])
    _mark(table, widths, "{%tr endfor %}")


# ——— Signature ———


def _signature(paper):
    _signed(paper, [("{{ signer_post }}", 110, _LEFT), ("_" * 24, 70, _CENTRED), ("{{ signer_name }}", 80, _RIGHT)])
    _say(paper, "Исполнитель: {{ executor }}, тел. {{ phone }}", size=10, before=12)


def _signed(paper, parts):
    """A line to sign on: who, the blank, the name; without borders."""
    _say(paper, "", size=6, before=12, is_kept=True)
    widths = [width for _text, width, _align in parts]
    table = paper.add_table(rows=0, cols=len(parts))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    texts, aligns = [text for text, _width, _align in parts], [align for _text, _width, align in parts]
    row = _row(table, widths, texts, aligns=aligns, is_kept=True)
    for run in row._tr.iter(qn("w:sz")):
        run.set(qn("w:val"), str(TEXT * 2))
