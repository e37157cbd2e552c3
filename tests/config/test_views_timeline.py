"""Published reports as everybody reads them: on the pages of a measure, a priority and a town, and the whole list."""

import datetime
import re

import pytest
from django.utils import timezone

from strategies.models import Priority
from tests import factories
from tests.pages import text, texts
from tests.strategies.published import PAPER, PHOTO, at, reported, show


def section(response, name):
    return text(response, "section", id=name)


def rows(response):
    """Reports of the timeline as a reader hears them."""
    return texts(response, "ol", css="rows--dated")[0]


BY = "Сдал: имя и должность не указаны. Опубликовал: имя и должность не указаны, 10 апреля 2026 года."


@pytest.fixture
def priority(town):
    return factories.priority(factories.strategy(town, status="approved"), title="Набережная")


def test_timeline_gives_reason_new_date_and_its_paper(client, town):
    measure = factories.measure(town, title="Мост")
    reported(
        measure, reported_status="postponed", pace="behind", percent=25, text="Стоим.", reason_kind="contractor",
        deviation_reason="ушёл", postponed_to=datetime.date(2028, 1, 31), postponed_by="Постановление № 5",
        problems="Мороз", next_steps="Торги",
    )  # fmt: skip

    assert rows(client.get(measure.get_absolute_url())) == (
        "I квартал 2026 года Перенесено есть отставание 25 % Стоим. Причина: Подрядчик: ушёл "
        f"Новый срок: 31 января 2028 года (Постановление № 5) Что мешает: Мороз Что дальше: Торги {BY}"
    )


def test_timeline_tells_what_a_report_changed_and_that_nothing_did(client, town):
    measure = factories.measure(town)
    reported(measure, "q1", percent=25)
    reported(measure, "q2", percent=40)
    reported(measure, "q3", percent=40, is_unchanged=True)

    shown = re.findall(r"Выполняется (.*?) Сделали", rows(client.get(measure.get_absolute_url())))

    assert shown == ["40 % без изменений", "25 → 40 %", "25 %"]


def test_timeline_compares_with_the_correction_not_with_what_it_replaced(client, town):
    measure = factories.measure(town)
    first = reported(measure, percent=60)
    reported(measure, percent=20, corrects=first)
    reported(measure, "q2", percent=30)

    shown = rows(client.get(measure.get_absolute_url()))

    assert shown.startswith("II квартал 2026 года Выполняется 20 → 30 %")
    assert "Исправление: в прежнем отчёте стояло 60 %" in shown


def test_timeline_marks_what_was_handed_in_after_the_day_of_the_cycle(client, town):
    direction = factories.direction(town.region)
    late, prompt, unasked = (factories.measure(town, direction=direction) for _ in range(3))
    unasked.direction = factories.direction(town.region)
    unasked.save()
    assert factories.cycle(direction.programme, period="q3").due_on == datetime.date(2026, 10, 15)
    first = reported(late, "q3", submitted_at=at(datetime.date(2026, 10, 17)))
    reported(late, "q3", submitted_at=at(datetime.date(2026, 11, 1)), corrects=first)
    reported(prompt, "q3", submitted_at=at(datetime.date(2026, 10, 15)))
    reported(unasked, "q3", submitted_at=at(datetime.date(2026, 12, 1)))

    marks = [
        [mark for mark in texts(client.get(one.get_absolute_url()), "span", css="st") if "опозданием" in mark]
        for one in (late, prompt, unasked)
    ]

    assert marks == [["Сдан с опозданием на 2 дня"], [], []]


def test_timeline_shows_photos_with_words_and_papers_with_type_and_size(client, town):
    measure = factories.measure(town, title="Мост")
    report = reported(
        measure,
        shows=[
            PHOTO | {"taken_on": datetime.date(2026, 3, 20)},
            PHOTO | {"caption": "Опоры <стоят>", "stage": "after", "width": 300, "height": 200},
            PAPER | {"caption": "Акт.pdf"},
        ],
    )
    photo, named, paper = report.evidence.all()

    response = client.get(measure.get_absolute_url())

    images = re.findall(r"<img[^>]*>", response.content.decode())
    assert images == [
        f'<img class="photo" src="/evidence/{photo.pk}/small/" alt="Фото: во время работ, Мост" width="480" '
        'height="360" loading="lazy" decoding="async">',
        f'<img class="photo" src="/evidence/{named.pk}/small/" alt="Опоры &lt;стоят&gt;" width="300" height="200" '
        'loading="lazy" decoding="async">',
    ]
    assert text(response, "ul", css="photos") == "Во время работ, 20 марта 2026 После работ Опоры <стоят>"
    assert text(response, "ul", css="docs") == "PDF Акт.pdf PDF, 2,0 КБ"
    assert f'href="/evidence/{photo.pk}/"' in response.content.decode()
    assert f'href="/evidence/{paper.pk}/"' in response.content.decode()


def test_timeline_keeps_evidence_of_unpublished_reports_inside(client, town):
    measure = factories.measure(town)
    show(factories.report(measure, status="submitted"), **PHOTO)

    response = client.get(measure.get_absolute_url())

    assert (texts(response, "ul", css="photos"), "/evidence/" in response.content.decode()) == ([], False)


def test_priority_page_shows_reports_on_its_measures_and_on_itself(client, town, priority):
    measure = factories.measure(town, title="Мост")
    factories.link(priority, measure)
    reported(measure, percent=25)
    reported(priority, "q2", percent=None, text="Собрали людей.")
    reported(factories.measure(town), text="Чужое")
    factories.report(measure, status="submitted", period="q3", text="Тайное")

    response = client.get(priority.get_absolute_url())

    assert rows(response) == (
        f"II квартал 2026 года Набережная Город отчитался о приоритете Выполняется Собрали людей. {BY} "
        f"I квартал 2026 года Мост Выполняется 25 % Сделали первый участок. {BY}"
    )
    assert text(response, "section", id="changed") == (
        "Что изменилось За последний период, о котором отчитались II квартал 2026 года Набережная "
        "Первый отчёт: выполняется."
    )


def test_priority_without_measures_may_be_reported_on_and_its_chain_stays_empty(client, town, priority):
    reported(priority, percent=None, day=timezone.localdate())

    response = client.get(priority.get_absolute_url())
    town_page = client.get("/towns/syzran/")

    assert [str(state) for _name, _word, state in response.context["chain"].links] == ["no", "yes", "gap", "no"]
    assert texts(response, "p", css="spine__state")[3] == "Есть записи о самом приоритете"
    assert text(response, "p", css="lead").endswith("Мер нет. Город отчитался о самом приоритете.")
    assert text(town_page, "p", css="rows__state") == "Дел не назначили. Город отчитался о самом приоритете."
    assert "Набережная: выполняется" in section(town_page, "news")


def test_town_page_shows_the_newest_reports_and_a_way_to_all(client, town, other_town, region, priority):
    measure = factories.measure(town, title="Мост")
    for number in range(11):
        reported(measure, ("q1", "q2", "q3", "q4")[number % 4], year=2023 + number // 4, percent=number)
    reported(priority, "q2", year=2026, percent=None)
    reported(factories.measure(other_town), text="Чужое")
    reported(factories.measure(region), text="Областное")

    response = client.get("/towns/syzran/")
    everything = client.get("/towns/syzran/reports/")

    assert len(response.context["news"]) == 3
    assert section(response, "news").endswith("Все отчёты города")
    assert 'href="/towns/syzran/reports/"' in response.content.decode()
    told = [report.period_end.isoformat() for report in everything.context["reports"]]
    assert told[:2] == ["2026-06-30", "2025-09-30"]
    assert (len(everything.context["reports"]), text(everything, "h2", id="h-r")) == (12, "12 отчётов")
    shown = text(response, "main") + text(everything, "main")
    assert ("Чужое" in shown, "Областное" in shown) == (False, False)


def test_town_page_of_one_report_leads_to_it(client, town):
    report = reported(factories.measure(town, title="Мост"), shows=[PHOTO])

    page = client.get("/towns/syzran/")

    assert f'href="{report.get_absolute_url()}"' in page.content.decode()
    assert "Мост: выполняется, 40 %" in section(page, "news")
    assert 'class="thumb"' in page.content.decode()


def test_reports_page_of_a_town_says_what_the_last_period_changed(client, town):
    first, second, third = (factories.measure(town, title=title) for title in ("Мост", "Сквер", "Школа"))
    reported(first, "q1", percent=25, spent={"local": 200})
    now = reported(
        first, "q2", percent=40, reported_status="postponed", reason_kind="money", spent={"local": 500},
        postponed_to=datetime.date(2029, 1, 31),
    )  # fmt: skip
    first.due_changes.create(
        old_due=first.due, new_due=now.postponed_to, reason="Нет денег", decided_on=now.postponed_to, report=now
    )
    reported(second, "q1", percent=10)
    reported(second, "q2", percent=10)
    reported(third, "q1")

    assert section(client.get("/towns/syzran/reports/"), "changed") == (
        "Что изменилось За последний период, о котором отчитались II квартал 2026 года Мост "
        "Готово 40 %, было 25 %. Было «выполняется», стало «перенесено». "
        "Срок сдвинули: был 31 декабря 2027 года, стал 31 января 2029 года. Потрачено 0,5 млн рублей, было 0,2. "
        "Ещё в 1 отчёте всё как прежде."
    )


def test_measure_page_says_when_nothing_changed(client, town):
    measure = factories.measure(town)
    reported(measure, "q1")
    reported(measure, "q2")

    assert section(client.get(measure.get_absolute_url()), "changed") == (
        "Что изменилось Последний отчёт рядом с предыдущим Ничего не изменилось. II квартал 2026 года: отчёты говорят "
        "то же, что и прежде. Здесь появятся новые состояние, готовность, срок и деньги."
    )


def test_reports_page_of_a_priority_is_paged(client, town, priority):
    measure = factories.measure(town)
    factories.link(priority, measure)
    for year in range(2001, 2023):
        reported(measure, "year", year=year)

    first, second = (client.get(f"/priorities/{priority.pk}/reports/", {"page": page}) for page in (1, 2))

    assert [len(page.context["reports"]) for page in (first, second)] == [20, 2]
    assert text(first, "nav", css="pages") == "Страница 1 из 2 Дальше"
    assert client.get(f"/priorities/{priority.pk}/reports/", {"page": 3}).status_code == 404


def test_reports_page_without_reports_says_so(client, town):
    assert text(client.get("/towns/syzran/reports/"), "div", css="empty") == (
        "Опубликованных отчётов нет. Отчёт появляется здесь, когда город сдал его, а область проверила и опубликовала."
    )


@pytest.mark.parametrize("address", ["/towns/atlantida/reports/", "/priorities/0/reports/"])
def test_reports_page_of_nothing_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


def test_reports_page_keeps_a_draft_priority_inside(client, town, outsider, region_editor):
    hidden = factories.priority(factories.strategy(town), status=Priority.Status.DRAFT)
    seen = []
    for actor in (None, outsider, region_editor):
        if actor:
            client.force_login(actor)
        seen.append(client.get(f"/priorities/{hidden.pk}/reports/").status_code)

    assert seen == [404, 404, 200]


@pytest.mark.parametrize("number", [1, 3])
def test_reports_page_costs_the_same_with_any_number_of_rows(queries, town, number):
    direction = factories.direction(town.region)
    priority = factories.priority(factories.strategy(town))
    reported(priority, "q2", percent=None)
    for _row in range(number):
        report = reported(factories.measure(town, direction=direction), shows=[PAPER])
        reported(report.measure, corrects=report, shows=[PHOTO])

    assert queries("/towns/syzran/reports/") == 9
