"""What everybody reads of a programme's life: the draft that is discussed, its versions, how it ended."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from strategies.models import Funding, Measure, Programme
from tests import factories
from tests.pages import text, texts
from tests.strategies.programme.test_models_programme_version import approved, draft, revise

DISCUSSION, VERSIONS = "/programme/discussion/", "/programme/versions/"
TODAY = timezone.localdate()


def days(number):
    """The day so many days from now."""
    return TODAY + datetime.timedelta(days=number)


def discussed(town, approver, *, to=17, measures=1):
    """A draft under discussion with measures."""
    programme = draft(town.region, discussion_from=days(-5), discussion_to=days(max(to, 0)))
    direction = factories.direction(town.region, programme=programme, title="Дороги")
    for number in range(measures):
        factories.measure(town, direction=direction, title=f"Мост {number}")
    programme.move_to("discussion", by=approver)
    if to < 0:
        Programme.objects.filter(pk=programme.pk).update(discussion_to=days(to))
    return programme


@pytest.mark.parametrize(
    ("to", "told"),
    [(17, "осталось 17"), (0, "Сегодня последний день обсуждения."), (-3, "назад. Решения области ещё нет.")],
)
def test_discussion_page_says_until_when(client, town, approver, to, told):
    discussed(town, approver, to=to)

    response = client.get(DISCUSSION)

    assert told in text(response, "p", css="lead")
    assert response.context["days_left"] == to
    assert [one.title for one in response.context["measures"]] == ["Мост 0"]


def test_discussion_page_is_linked_from_the_programme_while_it_lasts(client, town, approver):
    programme = discussed(town, approver)

    note = text(client.get("/programme/"), "div", css="note--warn")

    assert programme.title in note
    assert note.startswith("Обсуждается проект")


def test_discussion_page_hides_drafts(client, town, region, approver):
    hidden = draft(region)
    programme = discussed(town, approver)
    factories.measure(town, direction=programme.directions.get(), status="draft", title="Тайная мера")

    response = client.get(DISCUSSION + f"?programme={hidden.pk}")

    assert response.context["programmes"] == [programme]
    assert "Тайная мера" not in response.content.decode()


def test_discussion_page_leads_to_the_session_that_takes_remarks(client, town, region, approver):
    programme = discussed(town, approver)
    session = factories.session(
        region, kind="discussion", status="announced", title="Обсуждение программы", starts_at=timezone.now(),
        proposals_until=days(17),
    )  # fmt: skip
    factories.session(town, kind="discussion", status="announced", starts_at=timezone.now())

    response = client.get(DISCUSSION)

    assert (response.context["programme"], response.context["open_session"]) == (programme, session)
    assert f"/sessions/{session.slug}/propose/" in response.content.decode()


def test_discussion_page_says_where_no_session_takes_remarks(client, town, region, approver):
    discussed(town, approver)
    region.appeals_url = "https://example.org/priemnaya"
    region.save()

    section = text(client.get(DISCUSSION), "section", id="say")

    assert "Приём замечаний на сайте не открыт." in section
    assert "Написать можно в электронную приёмную." in section


def test_discussion_page_tells_that_nothing_is_discussed(client, region):
    assert "Сейчас ничего не обсуждают." in text(client.get(DISCUSSION), "div", css="empty")


def test_versions_page_lists_what_was_kept(client, town, approver):
    programme, measure = approved(town, approver)
    Measure.objects.filter(pk=measure.pk).update(due=datetime.date(2028, 6, 1))
    revise(programme, approver)

    page = text(client.get(VERSIONS), "main")

    assert "Версия 2, Программа действий 1 мера" in page
    assert "Мер добавлено 0, исключено 0, изменено 1. Денег стало меньше." in page
    assert "Постановление № 2" in page


def test_versions_page_invents_nothing_for_programmes_from_files(client, region):
    factories.programme(region, title="Из файла")

    assert "Версий не хранили." in text(client.get(VERSIONS), "div", css="empty")


def test_version_page_shows_the_difference_and_what_was_promised(client, town, approver):
    programme, measure = approved(town, approver)
    Measure.objects.filter(pk=measure.pk).update(due=datetime.date(2028, 6, 1))
    Funding.objects.filter(source="regional").update(planned=500)
    factories.measure(town, direction=measure.direction, title="Школа")
    url = revise(programme, approver).get_absolute_url()

    rows = [row.split() for row in texts(client.get(url), "tr")[1:]]
    changed = texts(client.get(url + "?kind=changed"), "tr")[1:]
    promised = texts(client.get(url + "?show=promised"), "tr")[1:]

    assert rows[0] == ["Школа", "мера", "добавлена", "—", "сумма", "не", "названа"]
    assert changed == [
        "Мост срок 31 декабря 2027 1 июня 2028",
        "Мост деньги, 2026 год, областной бюджет 700 тыс. руб. 500 тыс. руб.",
    ]
    assert [row.split()[0] for row in promised] == ["Школа", "Мост"]
    assert client.get(url + "?kind=whatever").status_code == 200


def test_version_page_of_the_first_version_shows_what_it_promised(client, town, approver):
    programme, measure = approved(town, approver)

    response = client.get(programme.versions.get().get_absolute_url())

    assert text(response, "caption") == "Меры этой версии"
    assert [one["title"] for one in response.context["measures"]] == ["Мост"]
    assert response.context["alive"] == {measure.pk}


def test_version_page_of_a_programme_that_is_not_public_is_not_found(client, town, approver, other_approver):
    programme, _measure = approved(town, approver)
    url = programme.versions.get().get_absolute_url()
    Programme.objects.filter(pk=programme.pk).update(status="draft")
    client.force_login(other_approver)

    assert client.get(url).status_code == 404


def test_completed_programme_says_how_it_ended(client, town, approver):
    programme, _measure = approved(town, approver)
    programme.move_to("completed", by=approver, reason="Мост не построили.")

    section = text(client.get("/programme/"), "section", id="outcome")

    assert "Мост не построили." in section
    assert section.endswith("запланировано 1")


def test_measure_page_keeps_the_decision_it_follows_from(client, town, region, region_editor, approver):
    session = factories.session(town, title="Сессия о мосте", status="outcome", outcome="Мост нужен.",
                                minutes=factories.document(town, kind="minutes"))  # fmt: skip
    decision = session.decisions.create(number=7, text="Построить мост", due=datetime.date(2028, 1, 1))
    measure = decision.become_measure(factories.direction(region), by=region_editor)
    measure.move_to("planned", by=approver)

    page = text(client.get(measure.get_absolute_url()), "section", id="promise")

    assert "Из решения сессии Сессия о мосте, № 7: Построить мост" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_a_programme_life_ask_the_same_number_of_queries(client, town, approver, django_assert_num_queries,
                                                                  rows):  # fmt: skip
    discussed(town, approver, measures=rows)
    programme, measure = approved(town, approver)
    for number in range(rows):
        factories.measure(town, direction=measure.direction, title=f"Новая {number}")
    version = revise(programme, approver)

    counts = []
    for url in (DISCUSSION, VERSIONS, version.get_absolute_url(), version.get_absolute_url() + "?show=promised"):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts == [8, 4, 7, 6]
