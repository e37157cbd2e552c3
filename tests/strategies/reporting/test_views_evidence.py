"""Photos and papers of a report: attached in its form, taken out of it, shown with it; bad files leave nothing."""

import pytest
from django.urls import reverse

from strategies.models import Evidence
from tests import factories, files
from tests.conftest import StrictClient
from tests.strategies.reporting.answers import answers, browser, form_url, kept_files, only_report, upload


@pytest.fixture
def measure(town):
    return factories.measure(town, title="Осветить сквер")


@pytest.fixture
def office(client, head):
    """The browser of the head."""
    client.force_login(head)
    return client


def test_report_keeps_photos_and_papers(office, measure, head):
    before = kept_files()

    office.post(form_url(measure), answers(files=[upload(files.photo()), upload(files.PDF, "акт.pdf")], stage="after"))

    evidence = list(only_report().evidence.values_list("file_type", "stage", "caption", "created_by"))
    assert evidence == [("jpg", "after", "", head.pk), ("pdf", "paper", "акт.pdf", head.pk)]
    assert len(kept_files()) == len(before) + 3  # the photo, its thumbnail, the paper
    assert only_report().status == "submitted"


def test_report_sent_twice_keeps_a_photo_once(office, measure):
    photo = files.photo()
    same = answers(do="draft")

    for _tap in range(2):
        office.post(form_url(measure), same | {"files": [upload(photo)]})

    assert Evidence.objects.count() == 1


OTHER_TYPE = "Подходят снимки JPEG и PNG, файлы PDF, DOCX и XLSX. Внутри этого файла другое."
BAD = {
    "html": (files.HTML, "снимок.jpg", OTHER_TYPE),
    "svg": (files.SVG, "схема.svg", OTHER_TYPE),
    "macro": (files.MACRO, "акт.docx", "В файле есть макросы. Сохраните его без макросов и загрузите снова."),
    "pixels": (files.huge_photo(), "снимок.png",
               "На снимке больше 50 миллионов точек. Уменьшите его и приложите снова."),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_report_refuses_a_bad_file_and_keeps_nothing_of_it(office, measure, kind):
    content, name, message = BAD[kind]
    before = kept_files()

    response = office.post(form_url(measure), answers(files=[upload(content, name)]))

    assert response.status_code == 422
    assert response.context["form"].errors == {"files": [f"«{name}»: {message}"]}
    assert (kept_files(), Evidence.objects.count(), only_report().status) == (before, 0, "draft")


def test_report_refuses_an_archive_bomb(office, measure):
    before = kept_files()

    response = office.post(form_url(measure), answers(files=[upload(files.BOMB, "акт.docx")]))

    assert response.context["form"].errors == {
        "files": ["«акт.docx»: Файл слишком велик внутри: распакованным он займёт больше 200 МБ."]
    }
    assert (kept_files(), Evidence.objects.count()) == (before, 0)


def test_report_refuses_a_file_name_with_a_path(office, measure):
    before, border = kept_files(), "border"
    parts = [f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in answers().items()]  # fmt: skip
    head = (f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="../../etc/evil.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n")  # fmt: skip
    body = "".join(parts).encode() + head.encode() + files.photo() + f"\r\n--{border}--\r\n".encode()

    response = office.generic("POST", form_url(measure), body, content_type=f"multipart/form-data; boundary={border}")

    assert response.status_code == 422
    message = response.context["form"].errors["files"][0]
    assert message.endswith("В имени файла есть путь к папке. Переименуйте файл и приложите снова.")
    assert (kept_files(), Evidence.objects.count()) == (before, 0)


def test_report_keeps_good_files_beside_a_bad_one(office, measure):
    office.post(form_url(measure), answers(files=[upload(files.photo()), upload(files.HTML, "снимок2.jpg")]))

    assert (Evidence.objects.count(), only_report().status) == (1, "draft")


def test_report_holds_no_more_than_ten_files(office, measure):
    photos = [upload(files.photo(20 + n, 20), f"{n}.jpg") for n in range(12)]

    response = office.post(form_url(measure), answers(files=photos))

    assert response.context["form"].errors == {"files": ["К отчёту можно приложить не больше 10 файлов."]}
    assert Evidence.objects.count() == 10


def test_evidence_is_taken_out_of_a_draft_with_its_files(office, measure, django_capture_on_commit_callbacks):
    before = kept_files()
    office.post(form_url(measure), answers(do="draft", files=[upload(files.photo())]))

    with django_capture_on_commit_callbacks(execute=True):
        office.post(reverse("office:evidence_remove", args=[Evidence.objects.get().pk]))

    assert (Evidence.objects.count(), kept_files()) == (0, before)


def test_evidence_of_a_submitted_report_stays(office, measure):
    office.post(form_url(measure), answers(files=[upload(files.photo())]))

    office.post(reverse("office:evidence_remove", args=[Evidence.objects.get().pk]))

    assert Evidence.objects.count() == 1


def test_evidence_is_public_with_its_report_and_not_before(office, measure, outsider, approver):
    office.post(form_url(measure), answers(files=[upload(files.photo())]))
    evidence = Evidence.objects.get()
    addresses = [evidence.get_absolute_url(), reverse("strategies:evidence_small", args=[evidence.pk])]
    strangers = [StrictClient(), browser(outsider)]
    assert [client.get(url).status_code for client in strangers for url in addresses] == [404] * 4
    assert office.get(addresses[0]).headers["Cache-Control"] == "private, no-store"

    only_report().move_to("published", by=approver)

    response = StrictClient().get(addresses[0])
    assert (response.status_code, response.headers["Content-Type"], response.headers["X-Content-Type-Options"]) == (
        200, "image/jpeg", "nosniff",
    )  # fmt: skip
    assert response.headers["Cache-Control"] == "public, max-age=86400, immutable"
    assert response.cookies == {}
    assert files.OWNER.encode() not in response.getvalue()
