"""The office page of papers: one click gives a file or a page, to those whose papers they are."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as Word
from openpyxl import load_workbook

from exchange.papers.catalogue import our_form
from exchange.papers.views import papers
from tests import factories, pages
from tests.conftest import StrictClient
from tests.exchange.papers.reading import table_rows


def browser(person):
    client = StrictClient()
    client.force_login(person)
    return client


def closed(response):
    """The code of an answer whose file nobody reads."""
    response.close()
    return response.status_code


def ask(person, scope, **asked):
    """The answer to a click."""
    wanted = {"paper": "summary", "scope": scope, "year": "2026", "period": "q3", "format": "page"} | asked
    return browser(person).get(reverse("office:papers"), wanted)


@pytest.fixture
def measure(town, region):
    direction = factories.direction(region, programme=factories.programme(region, title="Программа"), title="Дороги")
    return factories.measure(town, direction=direction, title="Мост")


def test_page_offers_papers_places_and_periods(region_editor, measure, town):
    response = browser(region_editor).get(reverse("office:papers"))

    assert pages.text(response, "h1") == "Бумаги"
    assert pages.texts(response, "button")[-3:] == ["Word", "Excel", "Страница для печати и PDF"]
    options = pages.texts(response, "option")
    assert [one for one in options if one in {"Самарская область: все программы", "Программа", "Дороги (Программа)",
                                              "Сызрань", "весь срок", "III квартал"}] == [
        "Самарская область: все программы", "Программа", "Дороги (Программа)", "Сызрань", "весь срок", "III квартал"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "name"), [("docx", "summary-town-{}-2026-q3.docx"), ("xlsx", "summary-town-{}-2026-q3.xlsx")]
)
def test_one_click_gives_a_file(region_editor, measure, town, form, name):
    response = ask(region_editor, f"town-{town.pk}", format=form, signer_post="Министр", signer_name="П. П. Петров",
                   phone="8 800", annex="письму № 1")  # fmt: skip

    content = io.BytesIO(b"".join(response.streaming_content))
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name.format(town.pk)}"'
    assert response.headers["Cache-Control"] == "private, no-store"
    if form == "docx":
        paper = Word(content)
        said = [one.text for one in paper.paragraphs]
        assert said[:6] == ["Приложение к письму № 1", "Самарская область",
                            "СВОДНЫЙ ОТЧЁТ О ВЫПОЛНЕНИИ МЕРОПРИЯТИЙ: ПЛАН И ФАКТ", "Сызрань",
                            "Период: III квартал 2026 года", "По состоянию на 30.09.2026"]  # fmt: skip
        assert [cell.text for cell in paper.tables[-1].rows[0].cells][::2] == ["Министр", "П. П. Петров"]
    else:
        assert load_workbook(content).active["A4"].value == "Сызрань"


def test_page_to_be_printed_says_the_same(region_editor, measure, town):
    response = ask(region_editor, f"town-{town.pk}", paper="plan", year="all")

    assert pages.text(response, "h1") == "План мероприятий"
    _direction, row, _total = table_rows(response.content.decode())
    said = ["1", "Мост; обещано в 2026 году", "Администрация", "01.01.2026", "31.12.2027"]
    assert (row[:5], row[6:]) == (said, ["—"] * 6)


def test_empty_paper_says_what_is_missing(region_editor, measure, town):
    response = ask(region_editor, f"town-{town.pk}", paper="orders")

    assert pages.texts(response, "b")[-1] == "Сведений за этот период нет."


def test_long_page_is_sent_as_it_is_made(region_editor, measure, town, monkeypatch):
    whole = ask(region_editor, f"town-{town.pk}").content
    monkeypatch.setattr(papers, "LONG", 0)
    client = Client()
    client.force_login(region_editor)

    response = client.get(reverse("office:papers"), {"paper": "summary", "scope": f"town-{town.pk}", "year": "2026",
                                                     "period": "q3", "format": "page"})  # fmt: skip

    assert table_rows(b"".join(response.streaming_content).decode()) == table_rows(whole.decode())


def test_head_makes_papers_of_the_own_town_and_signs_them(head, measure, town):
    head.first_name, head.last_name, head.post = "Иван Петрович", "Сызранцев", "Глава города"
    head.save()

    response = ask(head, f"town-{town.pk}")

    assert pages.texts(response, "p", css="signs__line") == ["Глава города И. П. Сызранцев"] * 2  # printed, shown


def test_papers_are_for_those_whose_they_are(request, region, town, other_town, measure, case):
    opened = []
    codes = {"town": f"town-{town.pk}", "other_town": f"town-{other_town.pk}", "region": f"region-{region.pk}"}
    for who, place, status in [
        ("head", "town", 200), ("head", "other_town", 404), ("head", "region", 404), ("outsider", "town", 404),
        ("editor", "town", 403), ("region_editor", "region", 200), ("approver", "town", 200),
        ("wg_member", "region", 200), ("region_admin", "region", 200), ("other_approver", "region", 404),
        ("other_approver", "town", 404), ("admin_user", "region", 403),
    ]:  # fmt: skip
        person = request.getfixturevalue(who)
        with case(f"{who}, {place}"):
            answers = [ask(person, codes[place], format=form) for form in ("docx", "xlsx", "page")]

            opened += answers
            assert [one.status_code for one in answers] == [status] * 3
    for one in opened:  # at the end: whoever closes a file closes the connection to the database too
        one.close()


@pytest.mark.parametrize("code", ["", "town", "town-", "town-x", "town-0", "planet-1", f"town-{'9' * 30}", "town-²"])
def test_unknown_place_is_not_found(region_editor, measure, code):
    assert ask(region_editor, code).status_code == 404


def test_draft_programme_is_no_place(region_editor, region):
    draft = factories.programme(region, status="draft")

    assert ask(region_editor, f"programme-{draft.pk}").status_code == 404


@pytest.mark.parametrize(
    "asked", [{"year": "2026", "period": "q9"}, {"year": "1999"}, {"year": ""}, {"paper": "letter"}, {"period": ""}]
)
def test_wrong_choice_is_told_on_the_same_page(region_editor, measure, town, asked):
    response = ask(region_editor, f"town-{town.pk}", **asked)

    assert (response.status_code, pages.texts(response, "b")[0]) == (422, "Бумага не готова.")


def test_period_that_has_not_begun_is_refused(region_editor, measure, town):
    this_year = papers.timezone.localdate().year
    begun = [
        ask(region_editor, f"town-{town.pk}", year=str(this_year), period=f"q{n}").status_code for n in range(1, 5)
    ]

    now = (papers.timezone.localdate().month + 2) // 3
    assert begun == [200] * now + [422] * (4 - now)


def test_region_fills_its_own_template(region_editor, region, measure, town):
    factories.paper_template(region, "summary")
    own = Word(our_form("summary"))
    own.paragraphs[0].text = "Наш бланк: {{ annex }}"
    content = io.BytesIO()
    own.save(content)
    upload = factories.SimpleUploadedFile("бланк.docx", content.getvalue())
    factories.paper_template(region, "summary", file=upload)

    response = ask(region_editor, f"town-{town.pk}", format="docx", annex="делу")

    paper = Word(io.BytesIO(b"".join(response.streaming_content)))
    assert paper.paragraphs[0].text == "Наш бланк: делу"


# ——— Templates ———


def upload_of(kind):
    return factories.SimpleUploadedFile("шаблон.docx", our_form(kind).read_bytes())


@pytest.mark.parametrize(("who", "status"), [("approver", 302), ("region_admin", 302), ("region_editor", 403),
                                             ("wg_member", 403), ("head", 403), ("other_approver", 422)])  # fmt: skip
def test_template_is_brought_by_those_who_keep_them(request, region, who, status):
    asked = {"region": region.pk, "kind": "plan", "file": upload_of("plan")}

    answer = browser(request.getfixturevalue(who)).post(reverse("office:paper_templates"), asked)

    assert (answer.status_code, region.paper_templates.count()) == (status, int(status == 302))


def test_refused_template_says_which_mark_is_wrong(approver, region):
    asked = {"region": region.pk, "kind": "plan", "file": upload_of("minutes")}

    response = browser(approver).post(reverse("office:paper_templates"), asked)

    assert response.status_code == 422
    assert pages.texts(response, "p", css="field__error") == [
        "Шаблон не заполняется: слова «number» у этой бумаги нет. Место: «ПРОТОКОЛ № {{ number }}». Исправьте метку и "
        "загрузите снова."
    ]  # fmt: skip


def test_versions_are_kept_and_downloaded(approver, wg_member, other_approver, region):
    template = factories.paper_template(region)
    address = reverse("office:paper_template", args=[template.pk])

    answers = [browser(one).get(address) for one in (approver, wg_member, other_approver)]

    assert b"".join(answers[0].streaming_content) == our_form("plan").read_bytes()
    assert [closed(one) for one in answers] == [200, 200, 404]


@pytest.mark.parametrize(("kind", "status"), [("plan", 200), ("minutes", 200), ("letter", 404)])
def test_our_template_is_downloaded_as_a_start(wg_member, kind, status):
    response = browser(wg_member).get(reverse("office:paper_templates"), {"ours": kind})

    assert closed(response) == status


@pytest.mark.parametrize(
    ("who", "kind", "status"),
    [("approver", "plan", 302), ("approver", "letter", 404), ("other_approver", "plan", 404),
     ("region_editor", "plan", 403)],
)  # fmt: skip
def test_back_to_ours(request, region, who, kind, status):
    factories.paper_template(region)

    answer = browser(request.getfixturevalue(who)).post(
        reverse("office:paper_templates"), {"ours": kind, "region": region.pk}
    )

    assert (answer.status_code, region.paper_templates.count()) == (status, 1 + (status == 302))


@pytest.mark.parametrize("versions", [1, 3])
def test_page_of_templates_costs_the_same(approver, region, versions, django_assert_num_queries):
    for _number in range(versions):
        factories.paper_template(region)
    client = browser(approver)
    client.get(reverse("office:paper_templates"))

    with django_assert_num_queries(8):
        response = client.get(reverse("office:paper_templates"))

    assert f"Версии: {versions}" in pages.texts(response, "summary")


@pytest.mark.parametrize(("who", "links"), [("head", ["Карточка поездки: Сызрань"]), ("wg_member", [])])
def test_head_finds_the_card_of_the_own_town(request, measure, town, who, links):
    response = browser(request.getfixturevalue(who)).get(reverse("office:papers"))

    assert [one for one in pages.texts(response, "a") if one.startswith("Карточка поездки:")] == links
    whole = "Карточка поездки — в строке города на сводке"
    assert (whole in pages.texts(response, "a")) == (who == "wg_member")


@pytest.mark.parametrize(("who", "links"), [("head", 1), ("editor", 0)])
def test_head_finds_the_papers_from_the_office(request, measure, who, links):
    response = browser(request.getfixturevalue(who)).get(reverse("office:home"))

    assert pages.texts(response, "a").count("Бумаги о городе: план, сводный отчёт, поручения") == links
