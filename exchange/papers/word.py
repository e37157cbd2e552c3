"""A Word template filled with words: in a sandbox, as a stream, so that a thousand pages take little memory.

Templates are Word files with marks of docxtpl (`{{ number }}`, `{%tr for row in rows %}`). A mark reads what is given
to it and nothing else: no attributes of Python, no functions, no multiplication, only a few filters.
"""

import io
import re
import time
import traceback
import zipfile

from django.core.exceptions import ValidationError
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from exchange.sheets.write import clean

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILTERS = frozenset(
    {"capitalize", "count", "default", "e", "escape", "first", "join", "last", "length", "lower", "trim", "upper"}
)
BROKEN = "Файл повреждён: Word его не откроет. Сохраните шаблон заново и загрузите снова."

_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')
_XML_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _printed(value):
    """What a mark leaves on paper: nothing for None, a new line for a new line."""
    if value is None:
        return ""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    text = clean(value).replace("\t", " ")
    return _BREAK.join(escape(line) for line in text.split("\n")) if "\n" in text else text


class _Marks(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self):
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_printed)
        self.globals.clear()
        self.filters = {name: function for name, function in self.filters.items() if name in FILTERS}

    def is_safe_callable(self, obj):
        """Nothing is called: words are all there is."""
        return False

    def getattr(self, obj, attribute):
        """A word by its name: what is given are dictionaries, and their own methods are no words."""
        if type(obj) is dict:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context, operator, left, right):
        if operator == "%" and isinstance(left, int) and isinstance(right, int):
            return left % right
        raise SecurityError("считать в шаблоне нельзя")


def fill(template, words):
    """A Word file made of a template and words.

    Args:
        template: a path, or a binary file.
        words: what the marks stand for.

    Raises:
        ValidationError: the template has a broken or an unknown mark; the message says which and where.
    """
    target = io.BytesIO()
    fill_into(target, template, words)
    return target.getvalue()


def fill_into(target, template, words, *, limit=None):
    """The same, written to a binary file: the text is never held whole.

    Args:
        target: a binary file to write to.
        template, words: as above.
        limit: how many bytes the text may take; None for any number.
    """
    paper, sources = _opened(template), []
    try:
        marks = _Marks()
        source = _body_source(paper)
        sources.append(source)
        body = marks.from_string(source)
        _fill_margins(paper, words, marks, sources)
        sources[:] = [source]
        frame = io.BytesIO()
        paper.docx.save(frame)
        _write(target, frame, paper.docx.part.partname.lstrip("/"), body.generate(words), limit)
    except (TemplateError, SecurityError, TypeError, ValueError, KeyError) as error:
        raise ValidationError(_explained(error, sources), code="template") from error


def _opened(template):
    try:
        paper = DocxTemplate(template)
        paper.render_init()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise ValidationError(BROKEN, code="broken") from error
    return paper


def _lined(source):
    """Each paragraph on a line of its own: the number of a line says where a fault is."""
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", source.replace("\n", " ")).replace("</w:p>", "</w:p>\n")


def _body_source(paper):
    source = paper.patch_xml(paper.xml_to_string(paper.docx._element))
    # A merged cell stands second among the properties of a cell; docxtpl writes it last, which Word may refuse.
    merge = r'(<w:tcPr>(?:<w:tcW [^>]*/>)?(?:<w:gridSpan [^>]*/>)?)((?:(?!</w:tcPr>).)*?)(<w:vMerge w:val="{%[^"]*"/>)'
    return _lined(re.sub(merge, r"\1\3\2", source, flags=re.DOTALL))


def _fill_margins(paper, words, marks, sources):
    """Headers, footers and footnotes: small, filled as docxtpl does it."""
    for kind in (paper.HEADER_URI, paper.FOOTER_URI):
        for key, part in list(paper.get_headers_footers(kind)):
            source = _lined(paper.patch_xml(paper.get_part_xml(part)))
            sources[:] = [source]
            paper.map_headers_footers_xml(key, marks.from_string(source).render(words).encode())
    paper.render_properties(words, marks)
    paper.render_footnotes(words, marks)


def _write(target, frame, body_name, chunks, limit):
    """The package with its text put in anew."""
    written = 0
    with zipfile.ZipFile(frame) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as paper:
        for member in source.infolist():
            if member.filename != body_name:
                paper.writestr(member, source.read(member), zipfile.ZIP_DEFLATED)
        text = zipfile.ZipInfo(body_name, time.localtime()[:6])
        text.compress_type = zipfile.ZIP_DEFLATED
        with paper.open(text, "w", force_zip64=True) as body:
            body.write(_XML_HEAD)
            for piece in _in_pieces(chunks):
                written += len(piece)
                if limit is not None and written > limit:
                    raise ValueError("бумага получается бесконечной: метка повторяет сама себя")
                body.write(piece)


def _in_pieces(chunks, size=4096):
    """Bytes of many small pieces of text together: a file is not written word by word."""
    held = []
    for chunk in chunks:
        held.append(chunk)
        if len(held) == size:
            yield "".join(held).encode()
            held.clear()
    yield "".join(held).encode()


# ——— What is wrong with a mark ———


def _explained(error, sources):
    """One sentence: which mark, why, and the paragraph where it stands."""
    place = _place(error, sources[-1] if sources else "")
    text = str(error)
    if isinstance(error, TemplateSyntaxError):
        said = _syntax(text)
    elif isinstance(error, SecurityError):
        said = f"метка обращается к тому, к чему нельзя{_aside(text)}"
    elif isinstance(error, UndefinedError):
        said = _unknown(text, place)
    else:
        said = f"метка не заполняется{_aside(text)}"
    where = f" Место: «{place}»." if place else ""
    return f"Шаблон не заполняется: {said}.{where} Исправьте метку и загрузите снова."


def _unknown(text, place):
    alone = re.search(r"'([^']+)' is undefined", text)
    if alone:
        return f"слова «{alone[1]}» у этой бумаги нет"
    part = re.search(r"has no (?:attribute|element) '?([^']+)'?", text)
    if not part:
        return f"метка ни на что не указывает{_aside(text)}"
    whole = re.search(rf"[\w.]*\b{re.escape(part[1])}\b", place)
    return f"слова «{whole[0] if whole else part[1]}» у этой бумаги нет"


def _syntax(text):
    wanted = re.search(r"looking for the following tags: (.+?)\.", text)
    if wanted:
        marks = re.sub(r"'(\w+)'", r"«\1»", wanted[1]).replace(" or ", " или ")
        return f"повтор или условие не закрыто: нужна метка {marks}"
    missing = re.search(r"No (?:filter|test) named '(\w+)'", text)
    if missing:
        return f"действия «{missing[1]}» нет"
    tag = re.search(r"unknown tag '(\w+)'", text)
    return f"метки «{tag[1]}» нет или она стоит не на месте" if tag else f"метка написана с ошибкой{_aside(text)}"


def _aside(text):
    """What the library says of a fault, where it says it in Russian: another language explains nothing here."""
    return f" ({text})" if re.search("[а-яё]", text) else ""


def _place(error, source):
    """The text of the paragraph where a mark failed, without XML; empty where it is not known."""
    number = getattr(error, "lineno", None)
    if number is None:
        frames = traceback.extract_tb(error.__traceback__)
        number = next((frame.lineno for frame in reversed(frames) if frame.filename == "<template>"), None)
    lines = source.split("\n")
    if not number or number > len(lines):
        return ""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", lines[number - 1])).strip()[:150]
