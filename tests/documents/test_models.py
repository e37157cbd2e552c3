"""Documents: one owner, a passport read from the file, nothing unreadable in public."""

import hashlib
from contextlib import suppress

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.models import JournalEntry
from documents.models import Document, take_out_of_sight
from tests import factories, files
from tests.documents.test_uploads import TYPES, WORD, package, pdf, upload
from tests.refusals import codes, database_refuses_change, messages


@pytest.mark.usefixtures("checked")
def test_document_has_one_owner(town, region):
    record = factories.document(town)

    database_refuses_change(record, region=region)
    database_refuses_change(record, municipality=None)
    assert messages(factories.document, town, region=region) == ["У документа один хозяин: регион или город."]


@pytest.mark.invariant(30)
@pytest.mark.usefixtures("checked")
def test_document_passport_is_read_from_the_file(town, head):
    content = pdf("Decision of the council")
    record = factories.document(town, status="draft", url="", file=upload(content, "Скан (1).exe"))

    record.move_to("published", by=head)

    row = Document.objects.get()
    assert (row.file_type, row.file_size, row.has_text) == ("pdf", len(content), True)
    assert row.file_sha256 == hashlib.sha256(content).hexdigest()
    assert row.file.name.rsplit(".")[-1] == "pdf"
    assert row.file.name.startswith("documents/")
    assert row.file.read() == content


@pytest.mark.invariant(30)
@pytest.mark.usefixtures("checked")
def test_document_without_text_is_not_published(town, head):
    record = factories.document(town, status="draft", url="", file=upload(pdf(), "скан.pdf"))

    assert codes(record.move_to, "published", by=head) == ["no_text"]
    assert Document.objects.get().status == "draft"
    assert JournalEntry.objects.count() == 0
    database_refuses_change(record, status="published")


@pytest.mark.invariant(30)
def test_document_without_file_and_address_is_not_published(town, head):
    assert codes(factories.document(town, status="draft", url="").move_to, "published", by=head) == ["no_file"]


@pytest.mark.invariant(30)
@pytest.mark.parametrize("missing", [{"file_type": ""}, {"file_size": None}], ids=str)
def test_document_without_a_passport_is_not_published(town, head, missing):
    record = factories.document(town, status="draft", url="", file=upload(package(TYPES, WORD)))
    Document.objects.update(**missing)

    assert codes(Document.objects.get().move_to, "published", by=head) == ["no_passport"]
    database_refuses_change(record, status="published")


@pytest.mark.invariant(30)
@pytest.mark.usefixtures("checked")
def test_document_without_a_title_is_refused(town):
    assert messages(factories.document, town, title="") == ["Это поле не может быть пустым."]


@pytest.mark.usefixtures("checked")
def test_document_page_named_pdf_is_refused(town):
    assert codes(factories.document, town, status="draft", file=upload(b"<html></html>", "act.pdf")) == ["type"]
    assert Document.objects.count() == 0


@pytest.mark.invariant(4)
def test_document_that_is_the_act_of_a_strategy_is_not_withdrawn(town, head):
    strategy = factories.strategy(town, status="approved")

    assert codes(strategy.act.move_to, "withdrawn", by=head, reason="Ошибка.") == ["is_an_act"]


@pytest.mark.invariant(10)
def test_document_that_is_the_minutes_of_an_outcome_is_not_withdrawn(town, head):
    minutes = factories.document(town, kind=Document.Kind.MINUTES)
    factories.session(town, minutes=minutes, outcome="Договорились.", status="outcome")

    assert codes(minutes.move_to, "withdrawn", by=head, reason="Ошибка.") == ["is_minutes"]


def test_document_search_finds_title_and_number(town):
    record = factories.document(town, title="Решение о бюджете", number="77")

    assert list(Document.objects.search("БЮДЖЕТ")) == [record]
    assert list(Document.objects.search("77 решения")) == [record]
    assert list(Document.objects.search("набережная")) == []


@pytest.mark.parametrize(
    ("fields", "label"), [({}, "HTML"), ({"url": "", "status": "draft"}, "—"), ({"file_type": "docx"}, "DOCX")]
)
def test_document_type_label(fields, label):
    assert Document(**({"url": "https://example.org/act"} | fields)).type_label == label


def test_file_that_another_took_the_place_of_has_no_address_any_more(town, head, committed):
    document = factories.document(
        town, url="", file=upload(pdf("first"), "а.pdf"), file_type="pdf", file_size=1, has_text=True
    )
    first = document.file.name
    with committed():
        document.file = upload(pdf("second"), "б.pdf")
        document.save_edited(by=head, known_version=document.row_version)
    second = document.file.name
    with committed():
        document.title = "Другое название"
        document.save_edited(by=head, known_version=document.row_version)

    assert [storages["default"].exists(name) for name in (first, second)] == [False, True]

    with committed():
        document.delete()
    assert [storages[name].exists(second) for name in ("default", "evidence")] == [False, False]


def test_file_of_a_withdrawn_document_has_no_address_any_more(town, head, committed):
    document = factories.document(
        town, file=SimpleUploadedFile("list.pdf", files.PDF), file_type="pdf", file_size=9, has_text=True, url=""
    )
    name = document.file.name
    assert storages["default"].exists(name)

    with committed():
        document.move_to("withdrawn", by=head, reason="Персональные данные.")

    assert (storages["default"].exists(name), storages["evidence"].open(name).read()) == (False, files.PDF)
    take_out_of_sight(name)
    assert storages["evidence"].exists(name)


def test_file_stays_where_it_was_if_the_step_fails(town, head, committed):
    document = factories.document(
        town, file=SimpleUploadedFile("list.pdf", files.PDF), file_type="pdf", file_size=9, has_text=True, url=""
    )

    with committed(), suppress(ZeroDivisionError), transaction.atomic():
        document.move_to("withdrawn", by=head, reason="Персональные данные.")
        raise ZeroDivisionError

    assert storages["default"].exists(document.file.name)
