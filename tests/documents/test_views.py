import datetime

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.models import Document
from tests import factories
from tests.pages import text, texts


def rows(response):
    return texts(response, "ul", css="docs")


def titles(response):
    return [document.title for document in response.context["documents"]]


def queries_of(client, page):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page)
    assert response.status_code == 200
    return len(queries)


def with_file(document):
    """Give a stored document a file of one and a half megabytes with its passport."""
    document.file.save("x", ContentFile(b"text"), save=False)
    document.file_type, document.file_size, document.file_sha256 = "pdf", 1_572_864, "ab" * 32
    document.has_text = True
    document.save()
    return document


def test_document_row_tells_what_it_is(client, town, region):
    factories.document(region, title="Закон", kind="law", number="", date=None, url="")
    with_file(factories.document(town, title="Решение", adopted_by="Дума", url=""))

    assert rows(client.get("/documents/")) == [
        "PDF Решение Решение думы № 432 от 21 февраля 2019 года, Дума, 1,5 МБ. Сызрань "
        "— Закон Закон, дата не найдена. Самарская область"
    ]


def test_document_list_without_documents_says_so(client, db):
    assert text(client.get("/documents/"), "div", css="empty") == (
        "Документов пока нет. Решения дум и протоколы появятся здесь, когда их опубликует город или область."
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "стратегия"}, ["Об утверждении стратегии"]),
        ({"q": "777"}, ["Протокол"]),
        ({"kind": "minutes"}, ["Протокол"]),
        ({"town": "chapaevsk"}, ["Протокол"]),
        ({"year": "2019"}, ["Об утверждении стратегии"]),
        ({"q": "нет такого"}, []),
    ],
)
def test_document_filters_choose(client, town, other_town, query, expected):
    factories.document(town, title="Об утверждении стратегии")
    factories.document(other_town, title="Протокол", kind="minutes", number="777", date=datetime.date(2020, 1, 2))

    assert titles(client.get("/documents/", query)) == expected


@pytest.mark.parametrize("query", [{"kind": "x"}, {"town": "нет"}, {"year": "x"}])
def test_document_filter_refuses_nonsense_with_a_message(client, town, query):
    factories.document(town)

    response = client.get("/documents/", query)

    assert (response.status_code, titles(response)) == (200, [])
    assert text(response, "div", css="empty") == (
        "Отбор не сработал: исправьте отмеченное поле. Показать все документы"
    )


@pytest.mark.parametrize("page", ["0", "9", "abc"])
def test_document_list_has_no_such_page(client, town, page):
    factories.document(town)

    assert client.get("/documents/", {"page": page}).status_code == 404


def test_document_list_is_paged(client, town):
    for number in range(16):
        factories.document(town, title=f"Д{number}")

    assert [len(titles(client.get(page))) for page in ("/documents/", "/documents/?page=2")] == [15, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_document_list_costs_the_same_queries(client, town, region, count):
    for _ in range(count):
        factories.document(town)
        factories.document(region)

    assert queries_of(client, "/documents/") == 5


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_document_that_is_not_public_is_seen_inside_only(
    client, town, outsider, other_approver, head, region_editor, status
):
    document = factories.document(town, title="Бумага", status=status)

    def seen_by(user):
        client.logout()
        if user:
            client.force_login(user)
        return client.get(document.get_absolute_url()).status_code, titles(client.get("/documents/"))

    assert [seen_by(user) for user in (None, outsider, other_approver)] == [(404, [])] * 3
    assert [seen_by(user) for user in (head, region_editor)] == [(200, ["Бумага"])] * 2


def test_document_withdrawn_by_its_head_is_gone_for_readers(client, town, head):
    document = factories.document(town)
    document.move_to(Document.Status.WITHDRAWN, by=head, reason="Отменён судом")

    assert client.get(document.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999"])
def test_document_of_an_unknown_number_is_404(client, db, pk):
    assert client.get(f"/documents/{pk}/").status_code == 404


def test_document_page_is_its_passport(client, town):
    document = with_file(factories.document(town, title="Решение", adopted_by="Дума", sources="https://example.org/a"))

    response = client.get(document.get_absolute_url())

    assert text(response, "h1") == "Решение"
    assert text(response, "p", css="kicker") == "Решение думы № 432 от 21 февраля 2019 года"
    assert rows(response) == [
        "PDF Открыть файл PDF, 1,5 МБ HTML Открыть на сайте example.org Чужой сайт: страница может "
        "измениться или исчезнуть"
    ]
    assert texts(response, "dd") == ["432", "21 февраля 2019 года", "Дума", "ab" * 32]
    assert texts(response, "p", css="source") == ["Источник: example.org"]


def test_document_page_without_a_text_says_so(client, town):
    document = factories.document(town, url="", number="", date=None)

    response = client.get(document.get_absolute_url())

    assert texts(response, "div", css="empty") == [
        "Текст не найден. Ни файла, ни адреса публикации у нас нет. Они появятся, когда документ пришлёт "
        "город или область.",
        "Пока никто. Когда стратегия, сессия или мера сошлётся на этот документ, ссылка появится здесь.",
    ]
    assert texts(response, "dd") == ["не найден", "дата не найдена", "не найдено"]


def _referred_to(town, region, count):
    document = factories.document(town)
    for number in range(count):
        factories.strategy(town, title=f"Стратегия {number}", status="superseded", act=document)
        factories.programme(region, title=f"Программа {number}", act=document)
        factories.session(town, title=f"Сессия {number}", minutes=document).documents.add(document)
        factories.measure(town, title=f"Мера {number}", basis=document)
        factories.measure(town, title=f"Отмена {number}", cancel_act=document, status="cancelled")
    return document


def test_document_page_names_public_records_that_refer_to_it(client, town, region):
    document = _referred_to(town, region, 1)
    factories.session(town, title="Тайная сессия", minutes=document, status="planned")
    factories.measure(town, title="Тайная мера", basis=document, status="draft")
    factories.strategy(town, title="Тайная стратегия", status="draft", act=document)

    assert texts(client.get(document.get_absolute_url()), "section", id="referrers") == [
        "Кто на него ссылается Стратегии, утверждённые этим документом Стратегия 0, Сызрань Программы Программа 0 "
        "Сессии, чей это протокол Сессия 0 Сессии, где это материал Сессия 0 Меры, которые на нём основаны Мера 0 "
        "Меры, которые им отменены Отмена 0"
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_document_page_costs_the_same_queries(client, town, region, count):
    document = _referred_to(town, region, count)

    assert queries_of(client, document.get_absolute_url()) == 8
