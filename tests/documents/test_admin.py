"""Papers in the workshop: the file is read from its content, published through the door."""

from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Document
from tests import factories
from tests.admin_pages import complaints, page, save


def test_document_page_refuses_a_file_that_is_something_else(client, region_editor, region):
    client.force_login(region_editor)
    upload = SimpleUploadedFile("акт.pdf", b"<html>")

    response = client.post(
        page("documents_document_add"), {"region": region.pk, "kind": "other", "title": "Акт", "file": upload}
    )

    assert complaints(response) == ["Подходят файлы PDF, DOCX и XLSX: этот файл другого вида."]
    assert Document.objects.count() == 0


def test_document_page_tells_that_a_paper_has_one_owner(client, region_editor, region, town):
    client.force_login(region_editor)

    response = save(
        client, "documents_document_add",
        changes={"region": region.pk, "municipality": town.pk, "kind": "other", "title": "Акт"},
    )  # fmt: skip

    assert complaints(response) == ["У документа один хозяин: регион или город."]


def test_document_without_text_is_not_published(client, approver, town):
    client.force_login(approver)
    paper = factories.document(town.region, status="draft", url="")

    response = client.post(page("documents_document_move", paper.pk, "published"), {"row_version": 1})

    assert response.context["form"].non_field_errors() == ["Приложите файл или укажите, где текст опубликован."]
