"""A Word template is filled in a sandbox and as a stream; a wrong one is refused in plain words."""

import io
import re
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from lxml import etree

from exchange.papers.word import fill
from exchange.papers.word_check import check_template
from tests.exchange.papers.reading import template, words_of

WORDS = {"title": "План", "rows": [{"text": "А & Б"}, {"text": "<В>"}], "empty": None}


def said(upload, words=WORDS):
    """The refusal of a template: (code, sentence)."""
    with pytest.raises(ValidationError) as refusal:
        check_template(upload, [words])
    return refusal.value.code, refusal.value.messages[0]


def repacked(change):
    """A good template with its parts changed by `change({name: bytes})`."""
    with zipfile.ZipFile(template("{{ title }}")) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return SimpleUploadedFile("шаблон.docx", target.getvalue())


def test_words_stand_where_their_marks_stood():
    form = template("{{ title }}", "{%p for row in rows %}", "{{ row.text }}", "{%p endfor %}", "[{{ empty }}]")

    paragraphs, _cells = words_of(fill(form, WORDS))

    assert paragraphs == ["План", "А & Б", "<В>", "[]"]


def test_marks_of_headers_and_footers_are_filled_too():
    paper, target = Word(), io.BytesIO()
    paper.sections[0].header.paragraphs[0].text = "Бланк: {{ title }}"
    paper.save(target)

    filled = Word(io.BytesIO(fill(target, WORDS)))

    assert filled.sections[0].header.paragraphs[0].text == "Бланк: План"


@pytest.mark.parametrize(
    ("text", "lines"),
    [("Первая\nвторая\r\nтретья", "Первая\nвторая\nтретья"), ("Знак \x0b\x00\ud800 убран", "Знак  убран"),
     ("{{ title }} {% for %}", "{{ title }} {% for %}"), ("Столбец\tдва", "Столбец два")],
)  # fmt: skip
def test_word_of_a_record_never_breaks_the_paper(text, lines):
    content = fill(template("{{ title }}"), {"title": text})

    assert words_of(content)[0] == [lines]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        etree.fromstring(package.read("word/document.xml"))


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        (["Город: {{ surname }}"], "слова «surname» у этой бумаги нет. Место: «Город: {{ surname }}»."),
        (["{%p for row in rows %}", "Строка {{ row.sum }}", "{%p endfor %}"],
         "слова «row.sum» у этой бумаги нет. Место: «Строка {{ row.sum }}»."),
        (["{% for row in rows %}{{ row.text }}"], "повтор или условие не закрыто: нужна метка «endfor» или «else». "
         "Место: «{% for row in rows %}{{ row.text }}»."),
        (["{{ title|shout }}"], "действия «shout» нет. Место: «{{ title|shout }}»."),
        (["{% repeat %}"], "метки «repeat» нет или она стоит не на месте. Место: «{% repeat %}»."),
    ],
)  # fmt: skip
def test_refusal_says_which_mark_is_wrong_and_where(marks, sentence):
    code, message = said(template("Первый абзац", *marks))

    assert (code, message) == ("template", f"Шаблон не заполняется: {sentence} Исправьте метку и загрузите снова.")


@pytest.mark.parametrize(
    "mark",
    ["{{ title.__class__.__mro__ }}", "{{ ''.__class__.__base__.__subclasses__() }}", "{{ rows.append(1) }}",
     "{{ rows.pop() }}", "{{ title * 999999999 }}", "{{ 9 ** 999999999 }}", "{{ '%999999999d' % 1 }}",
     "{% for one in range(99999999) %}{% endfor %}", "{{ lipsum(9999) }}", "{{ title.format(title) }}",
     "{{ rows|map('upper')|list }}", "{% include 'settings.py' %}", "{% import 'os' as os %}", "{{ cycler.__init__ }}"],
)  # fmt: skip
def test_mark_reaches_nothing_but_words(mark):
    assert said(template(mark))[0] == "template"


def test_mark_that_repeats_itself_without_end_is_stopped():
    loops = "".join(f"{{% for a{number} in rows %}}" for number in range(9)) + "х" * 900 + "{% endfor %}" * 9

    code, message = said(template(loops), {"rows": ["А"] * 10})

    assert (code, "бесконечной" in message) == ("template", True)


def test_mark_that_tears_a_table_is_refused():
    paper, target = Word(), io.BytesIO()
    paper.add_paragraph("{% for row in rows %}{{ row.text }}")
    paper.add_table(rows=1, cols=1).rows[0].cells[0].text = "{% endfor %}"
    paper.save(target)

    code, message = said(SimpleUploadedFile("шаблон.docx", target.getvalue()))

    assert (code, message.partition(":")[0]) == ("template", "Метка разрывает абзац или строку таблицы")


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("[Content_Types].xml", b"application/vnd.ms-word.document.macroEnabled.main+xml", "macros"),
        ("word/_rels/a.xml.rels", b'Type="x/attachedTemplate" Target="http://e.org/" TargetMode="External"', "active"),
        ("word/_rels/more.xml.rels", b'Type="x/image" Target="http://e.org/a.png" TargetMode="External"', "active"),
        ("word/_rels/more.xml.rels", b'Type="x/oleObject" Target="embeddings/a.bin"', "active"),
        ("word/_rels/more.xml.rels", b'Type="x/hyperlink" Target="http://e.org/" TargetMode="External"', None),
    ],
)  # fmt: skip
def test_template_carries_no_program_and_fetches_nothing(part, content, code):
    def change(parts):
        if part.startswith("["):
            parts[part] = parts[part].replace(
                b"</Types>", b'<Override PartName="/a" ContentType="' + content + b'"/></Types>'
            )
        else:
            head = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            parts[part] = head + b'<Relationship Id="r99" ' + content + b"/></Relationships>"

    upload = repacked(change)

    if code is None:
        check_template(upload, [WORDS])
    else:
        assert said(upload)[0] == code


def field(*pieces):
    """A field of Word whose code is written in pieces."""
    codes = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in pieces)
    ends = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"<w:p>{ends[0]}{codes}{ends[1]}<w:r><w:t>1</w:t></w:r>{ends[2]}</w:p>"


@pytest.mark.invariant(62)
@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (field(' DDEAUTO c:\\\\cmd.exe "/k calc" '), "active"),
        (field(" DDE", "AUTO c:"), "active"),
        (field(' IncludeText "http://e.org/a.docx" '), "active"),
        ('<w:p><w:fldSimple w:instr="INCLUDEPICTURE &quot;http://e.org/a.png&quot;"/></w:p>', "active"),
        (field(" PAGE "), None),
        (field(' HYPERLINK "http://e.org/link" '), None),
    ],
)  # fmt: skip
def test_field_that_fetches_a_file_or_starts_a_program_is_refused(xml, code):
    def change(parts):
        body = parts["word/document.xml"].decode()
        parts["word/document.xml"] = body.replace("<w:body>", f"<w:body>{xml}").encode()

    upload = repacked(change)

    if code is None:
        check_template(upload, [WORDS])
    else:
        assert said(upload)[0] == code


def test_template_without_marks_for_rows_is_refused():
    without_rows = {"title": "План", "rows": []}

    for form in (template("Бланк"), template("{{ title }}")):
        with pytest.raises(ValidationError) as refusal:
            check_template(form, [WORDS, without_rows])
        assert refusal.value.code == "no_marks"
    check_template(template("{% for row in rows %}{{ row.text }}{% endfor %}"), [WORDS, without_rows])


@pytest.mark.parametrize("mark", ["{{ ''.__class__ }}", "{{ title }", "{{ rows.append }}"])
def test_refusal_says_nothing_in_another_language(mark):
    message = said(template(mark))[1].partition(" Место:")[0]

    assert re.search("[a-z]", message.replace(mark, "")) is None


def test_broken_file_is_refused():
    assert said(repacked(lambda parts: parts.update({"word/document.xml": b"<w:document"})))[0] == "broken"
