"""Of what nothing was heard for long, for what nobody answers, and who is to be asked: for everybody."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import RoleAssignment
from config.templatetags.site import day as day_words
from strategies.periods import SILENT_AFTER_DAYS, Rhythm
from tests import factories
from tests.pages import text, texts
from tests.strategies.published import reported

LIMIT = SILENT_AFTER_DAYS[Rhythm.QUARTER]


def ago(days):
    return timezone.localdate() - datetime.timedelta(days=days)


def words(days):
    """The day that many days ago, as a page says it."""
    return day_words(ago(days)).replace("\u00a0", " ")


def titles(response):
    return texts(response, "p", css="rows__title")


@pytest.fixture
def named(head):
    """The head of the town with a post and a name."""
    head.post, head.first_name, head.last_name = "глава города", "Анна", "Иванова"
    head.save()
    return head


def test_silence_page_names_what_is_silent_or_ownerless_and_who_is_to_be_asked(client, town, region, named):
    factories.measure(town, title="Мост", start=ago(200), owner=named)
    factories.measure(town, title="Сквер", start=ago(300), responsible="Дорожная служба")
    factories.measure(region, title="Школа", start=ago(1), responsible="Министерство")
    reported(factories.priority(factories.strategy(town), title="Река"), percent=None, day=ago(150))

    response = client.get("/programme/silence/")

    assert text(response, "ul", css="rows") == (
        "Никто не отвечает лично Нет сведений 300 дней Мера, Сызрань, обещано в 2026 году Сквер "
        f"Отчётов не было, считаем с {words(300)}. "
        "Спросить можно главу: глава города Анна Иванова. "
        f"Нет сведений 200 дней Мера, Сызрань, обещано в 2026 году Мост Отчётов не было, считаем с {words(200)}. "
        "Отвечает лично: глава города Анна Иванова. "
        f"Никто не отвечает лично Нет сведений 150 дней Приоритет, Сызрань Река Последний отчёт вышел {words(150)}. "
        "Спросить можно главу: глава города Анна Иванова. "
        f"Никто не отвечает лично Мера, весь регион, обещано в 2026 году Школа Отчётов не было, считаем с {words(1)}. "
        "Отвечает: Министерство."
    )


def test_silence_page_leaves_out_what_is_heard_of_and_answered_for(client, town, named):
    factories.measure(town, start=ago(LIMIT), owner=named)
    heard = factories.measure(town, start=ago(900), owner=named)
    reported(heard, day=ago(LIMIT))

    assert text(client.get("/programme/silence/"), "div", css="empty") == (
        "Молчащих мер и приоритетов нет. Запись появится здесь, когда о ней не отчитаются дольше положенного или когда "
        "за неё перестанут отвечать. Показать всё, о чём нет сведений"
    )


def test_silence_page_leaves_out_finished_cancelled_and_hidden_records(client, town):
    for status in ("draft", "done", "not_done", "cancelled"):
        factories.measure(town, status=status, percent=100 if status == "done" else None, start=ago(900))
    factories.priority(factories.strategy(town), status="draft")
    factories.priority(factories.strategy(town, status="draft"))
    factories.priority(factories.strategy(town, status="superseded"))

    assert titles(client.get("/programme/silence/")) == []


def test_silence_page_asks_a_priority_with_measures_for_a_person_not_for_words(client, town):
    priority = factories.priority(factories.strategy(town), title="Река", published_at="2020-01-01T00:00Z")
    factories.link(priority, factories.measure(town, title="Мост", start=ago(900)))

    response = client.get("/programme/silence/")

    assert titles(response) == ["Река", "Мост"]
    assert texts(response, "p", css="rows__meta")[0] == "Никто не отвечает лично Приоритет, Сызрань"
    assert titles(client.get("/programme/silence/?kind=silent")) == ["Мост"]


def test_owner_whose_role_has_ended_answers_no_more(client, town, named):
    factories.measure(town, title="Мост", start=ago(1), owner=named, responsible="")
    shown = [titles(client.get("/programme/silence/"))]
    RoleAssignment.objects.filter(user=named).update(valid_to=ago(1))
    client.cookies.clear()

    response = client.get("/programme/silence/?kind=ownerless")

    assert [*shown, titles(response)] == [[], ["Мост"]]
    assert texts(response, "p", css="rows__text")[0].endswith("Кого спросить, никто не назван.")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "silent"}, ["Старый мост", "Мост"]),
        ({"kind": "ownerless"}, ["Старый мост", "Школа", "Чужой сквер"]),
        ({"town": "syzran"}, ["Старый мост", "Мост", "Школа"]),
        ({"town": "chapaevsk"}, ["Чужой сквер"]),
        ({"town": "chapaevsk", "kind": "silent"}, []),
    ],
)
def test_silence_filters_choose(client, town, other_town, region, named, query, expected):
    factories.measure(town, title="Старый мост", start=ago(400))
    factories.measure(town, title="Мост", start=ago(300), owner=named)
    shared = factories.measure(region, title="Школа", start=ago(20))
    shared.towns.add(town)
    factories.measure(other_town, title="Чужой сквер", start=ago(10))

    assert titles(client.get("/programme/silence/", query)) == expected


@pytest.mark.parametrize("query", [{"kind": "шум"}, {"town": "atlantida"}])
def test_silence_filter_with_nonsense_says_so_and_shows_nothing(client, town, query):
    factories.measure(town, start=ago(900))

    response = client.get("/programme/silence/", query)

    assert (response.status_code, titles(response)) == (200, [])
    assert text(response, "h2", id="h-list") == "Проверьте отбор"


def test_silence_page_is_about_one_region(client, town, other_region):
    abroad = factories.make(type(town), region=other_region, name="Балаково", slug="balakovo", kind="town")
    factories.measure(town, title="Мост", start=ago(900))
    factories.measure(abroad, title="Порт", start=ago(900))

    shown = [
        titles(client.get("/programme/silence/", {"region": slug})) for slug in ("samara-oblast", "saratov-oblast")
    ]

    assert shown == [["Мост"], ["Порт"]]


def test_silence_page_stands_on_an_empty_site(client, db):
    assert client.get("/programme/silence/").status_code == 200


def test_silence_page_goes_on_page_by_page_without_a_gap(client, town):
    direction = factories.direction(town.region)
    made = {factories.measure(town, direction=direction, title="Мера", start=ago(900)).pk for _ in range(18)}

    pages = [client.get("/programme/silence/", {"page": number}) for number in (1, 2)]

    seen = [record.pk for page in pages for record in page.context["records"]]
    assert (len(seen), set(seen)) == (18, made)
    assert client.get("/programme/silence/", {"page": 3}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_silence_page_costs_the_same_with_any_number_of_rows(queries, town, rows):
    direction = factories.direction(town.region)
    for _row in range(rows):
        factories.measure(town, direction=direction, start=ago(900))
        reported(factories.priority(factories.strategy(town)), percent=None, day=ago(900))

    assert queries("/programme/silence/?town=syzran") == 9


def test_silence_page_sets_no_cookie(client, town):
    assert dict(client.get("/programme/silence/").cookies) == {}


def fresh(response):
    return texts(response, "p", css="fresh")


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "Сведения сегодняшние"), (1, "Нет сведений 1 день"), (LIMIT, "Нет сведений 107 дней"),
     (LIMIT + 1, "Нет сведений 108 дней")],
)  # fmt: skip
def test_measure_page_counts_days_of_silence(client, town, days, expected):
    measure = factories.measure(town)
    reported(measure, day=ago(days))

    response = client.get(measure.get_absolute_url())

    assert fresh(response) == [f"{expected} Последний отчёт вышел {words(days)}. Отвечает: Администрация."]
    assert ("st--warn" in response.content.decode()) is (days > LIMIT)


@pytest.mark.parametrize("status", ["done", "not_done", "cancelled", "draft"])
def test_measure_page_expects_no_word_of_what_is_not_open(client, town, region_editor, status):
    client.force_login(region_editor)
    measure = factories.measure(town, status=status, percent=100 if status == "done" else None, start=ago(900))

    assert fresh(client.get(measure.get_absolute_url())) == []


def test_priority_page_counts_its_own_silence_while_it_has_no_measures(client, town, named):
    priority = factories.priority(factories.strategy(town), owner=named)
    reported(priority, percent=None, day=ago(120))

    assert fresh(client.get(priority.get_absolute_url())) == [
        f"Нет сведений 120 дней Последний отчёт вышел {words(120)}. Отвечает лично: глава города Анна Иванова."
    ]


def test_priority_page_names_the_measure_that_was_silent_longest(client, town):
    priority = factories.priority(factories.strategy(town))
    for title, days in (("Сквер", 20), ("Мост", 400), ("Школа", 30)):
        factories.link(priority, factories.measure(town, title=title, start=ago(days)))

    response = client.get(priority.get_absolute_url())

    assert "Дольше всего нет сведений о мере Мост" in texts(response, "p", css="muted")
    assert fresh(response) == [
        f"Нет сведений 400 дней Отчётов не было, считаем с {words(400)}. Отвечает: Администрация."
    ]


def test_town_page_marks_what_is_silent_only(client, town):
    priority = factories.priority(factories.strategy(town))
    factories.link(priority, factories.measure(town, title="Мост", start=ago(400)))
    factories.measure(town, title="Сквер", start=ago(20))

    response = client.get("/towns/syzran/")

    assert texts(response, "p", css="rows__state") == ["1 дело. Отчётов нет."]
    assert text(response, "p", css="lead") == "Городу обещали 2 дела. Ни об одном не отчитались."
    silence = text(client.get("/programme/silence/", {"town": "syzran"}), "main")
    assert ("Мост" in silence, "Нет сведений 400 дней" in silence, "Нет сведений 20 дней" in silence) == (
        True, True, False,
    )  # fmt: skip
