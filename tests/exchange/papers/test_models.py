"""A region's own templates: proved before they are accepted, kept by version, given up for ours."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word

from exchange.models import PaperTemplate
from exchange.papers.catalogue import COLUMNS, OTHER_MARKS, SAMPLES, our_form
from exchange.papers.word_check import check_template
from tests import factories
from tests.exchange.papers.reading import template, words_of
from tests.refusals import codes


@pytest.mark.invariant(62)
@pytest.mark.parametrize(
    ("text", "code"),
    [("{{ surname }}", "template"), ("{{ title", "template"), ("{{ title.__class__.__mro__ }}", "template"),
     ("{% for row in proposals %}{{ row.text }}", "template")],
)  # fmt: skip
@pytest.mark.usefixtures("checked")
def test_template_that_does_not_fill_is_refused(region, text, code):
    assert codes(factories.make, PaperTemplate, region=region, file=template(text)) == [code]
    assert PaperTemplate.objects.count() == 0


@pytest.mark.invariant(62)
@pytest.mark.parametrize(
    ("kind", "mark", "code"),
    [("minutes", "{{ outcome }}", None), ("plan", "{{ outcome }}", "template"),
     ("minutes", "{{ subject }}", "template"), ("plan", "{{ subject }} {{ count }}", None),
     ("plan", "{{ subject }}", "no_marks"), ("minutes", "Да", "no_marks")],
)  # fmt: skip
@pytest.mark.usefixtures("checked")
def test_template_is_proved_with_the_words_of_its_own_paper(region, kind, mark, code):
    fields = {"region": region, "kind": kind, "file": template(mark)}

    if code is None:
        assert factories.make(PaperTemplate, **fields).version == 1
    else:
        assert codes(factories.make, PaperTemplate, **fields) == [code]


@pytest.mark.parametrize("content", [b"%PDF-1.4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old Word", b"any"])
@pytest.mark.usefixtures("checked")
def test_template_of_another_type_is_refused(region, content):
    upload = SimpleUploadedFile("а.docx", content)

    assert codes(factories.make, PaperTemplate, region=region, file=upload) == ["type"]


def test_template_of_a_paper_without_words_is_refused(region):
    unknown = next((kind for kind in PaperTemplate.Kind if kind not in SAMPLES), None)

    if unknown is not None:
        assert codes(factories.make, PaperTemplate, region=region, kind=unknown, file=template("а")) == ["kind"]


def test_page_of_templates_lists_every_mark_of_the_two_other_papers():
    assert {name: set(marks) for name, marks in OTHER_MARKS.items()} == {
        "Протокол сессии": set(SAMPLES["minutes"][0]), "Карточка поездки": set(SAMPLES["visit"][0])
    }  # fmt: skip


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_our_own_template_takes_its_words(kind):
    check_template(io.BytesIO(our_form(kind).read_bytes()), SAMPLES[kind])


@pytest.mark.parametrize("kind", sorted(COLUMNS))
def test_our_own_template_is_an_official_paper(kind):
    paper = Word(our_form(kind))
    section, heads = paper.sections[0], [row for row in paper.tables[0].rows if row._tr.xpath("./w:trPr/w:tblHeader")]
    said = "\n".join(paragraph.text for paragraph in paper.paragraphs)

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert [len(row.cells) for row in heads] == [len(COLUMNS[kind])] * 2
    assert [code.text for code in section.header._element.xpath(".//w:instrText")] == ["PAGE"]
    assert paper.styles["Normal"].font.name == "Times New Roman"
    for mark in ("annex", "region", "paper|upper", "subject", "period", "as_of", "executor", "phone"):
        assert f"{{{{ {mark} }}}}" in said, mark
    assert [cell.text for cell in paper.tables[-1].rows[0].cells][::2] == ["{{ signer_post }}", "{{ signer_name }}"]


@pytest.mark.parametrize(("kind", "tables"), [("minutes", 2), ("visit", 0)])
def test_our_template_of_minutes_and_of_the_card_is_for_a4_with_heads_on_every_page(kind, tables):
    paper = Word(our_form(kind))
    lists = [table for table in paper.tables if table._tbl.xpath(".//w:tblHeader")]

    assert (round(paper.sections[0].page_width.mm), round(paper.sections[0].page_height.mm)) == (210, 297)
    assert paper.styles["Normal"].font.name == "Times New Roman"
    assert [len(table._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader")) for table in lists] == [1] * tables


@pytest.mark.invariant(62)
def test_latest_version_is_used_and_the_former_ones_stay(region, other_region):
    first, second = (
        factories.paper_template(region, file=template(text + " {{ count }}")) for text in ("Первый", "Второй")
    )
    factories.paper_template(other_region)

    assert (first.version, second.version) == (1, 2)
    assert words_of(PaperTemplate.objects.form_of(region, "plan").getvalue())[0] == ["Второй {{ count }}"]
    assert PaperTemplate.objects.form_of(region, "summary") == our_form("summary")


def test_region_goes_back_to_ours_and_keeps_its_versions(region, approver):
    factories.paper_template(region)

    back = PaperTemplate.objects.back_to_ours(region, "plan", by=approver)

    assert (back.version, back.created_by, bool(back.file)) == (2, approver, False)
    assert PaperTemplate.objects.form_of(region, "plan") == our_form("plan")
    assert PaperTemplate.objects.filter(region=region).count() == 2
