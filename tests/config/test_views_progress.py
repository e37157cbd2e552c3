"""Every computed figure opens its formula; what it explains is the figure that the pages show."""

import pytest

from strategies.models import Goal
from tests import factories
from tests.pages import text, texts
from tests.strategies.published import reported


def measure_at(town, percent, status="in_progress", **fields):
    return factories.measure(town, percent=percent, status=status, **fields)


@pytest.fixture
def strategy(town):
    return factories.strategy(town, status="approved", title="Стратегия")


@pytest.fixture
def priority(town, strategy):
    """A priority with measures at 40 and 61 %, a silent one and a cancelled one."""
    priority = factories.priority(strategy, title="Набережная")
    direction = factories.direction(town.region)
    act = factories.document(town)
    for title, percent, fields in (
        ("Мост", 40, {}), ("Сквер", 61, {}), ("Тихая", None, {"status": "planned"}),
        ("Отменённая", 90, {"status": "cancelled", "cancel_act": act}),
    ):  # fmt: skip
        measure = measure_at(town, percent, title=title, direction=direction, **fields)
        factories.link(priority, measure)
        if percent is not None:
            reported(measure, percent=percent)
    return priority


def lines(response):
    return texts(response, "tbody")[0]


def test_priority_figure_opens_its_formula_and_what_was_left_out(client, priority):
    response = client.get(f"/priorities/{priority.pk}/progress/")

    assert text(response, "h1") == "По 2 мерам из 3 готово в среднем 50 %"
    assert text(response, "p", css="lead") == "Сумма процентов по 2 мерам: 101. Делим на 2: 50,5, округляем до 50 %."
    assert text(response, "section", id="formula") == (
        "Правило Готовность = сумма процентов по мерам, о которых отчитались : число этих мер. Вес у всех мер "
        "одинаковый: деньги и размер меры на него не влияют. Процент берём из последнего опубликованного отчёта "
        "о мере. Отменённые меры и меры без отчёта не считаем: отсутствие отчёта — не ноль."
    )
    assert lines(response) == (
        "Мост 40 % 1/2 Сквер 61 % 1/2 Тихая — — Отчёта с готовностью ещё нет Отменённая — — Мера отменена"
    )


def test_explained_figure_is_the_one_that_the_pages_show(client, town, strategy, priority):
    goal = factories.goal(strategy)
    priority.goal = goal
    priority.save()
    explained = {
        name: client.get(url).context["progress"].value
        for name, url in (
            ("priority", f"/priorities/{priority.pk}/progress/"), ("goal", f"/goals/{goal.pk}/progress/"),
            ("town", "/towns/syzran/progress/"),
        )
    }  # fmt: skip

    priority_page = client.get(priority.get_absolute_url())
    town_page = client.get("/towns/syzran/")
    strategy_page = client.get("/towns/syzran/strategy/")

    assert explained == {"priority": 50, "goal": 50, "town": 50}
    assert priority_page.context["chain"].percent == explained["priority"]
    assert town_page.context["priorities"][0].chain.percent == explained["priority"]
    links = [
        (f'<a href="/priorities/{priority.pk}/progress/">{{}}.</a>', priority_page),
        (f'<a href="/priorities/{priority.pk}/progress/">{{}}.</a>', town_page),
        (f'<a href="/goals/{goal.pk}/progress/">{{}}</a>', strategy_page),
    ]
    said = "По 2 мерам из 3 готово в среднем 50\u00a0%"
    assert [link.format(said) in response.content.decode() for link, response in links] == [True] * 3
    assert '<a href="/towns/syzran/progress/">' in town_page.content.decode()


@pytest.mark.parametrize("percents", [[33, 34], [1, 2, 4], [0, 0, 1], [99, 98], [50], [0]])
def test_town_figure_counted_by_the_database_is_the_explained_one(client, town, percents):
    direction = factories.direction(town.region)
    for percent in percents:
        measure_at(town, percent, direction=direction)

    shown = client.get("/towns/").context["towns"][0].chain.percent

    assert shown == client.get("/towns/syzran/progress/").context["progress"].value


def test_town_figure_leaves_out_measures_on_the_whole_region_and_says_so(client, town, region):
    measure_at(town, 30, title="Мост")
    shared = measure_at(region, 90, title="Общая")
    shared.towns.add(town)

    response = client.get("/towns/syzran/progress/")

    assert text(response, "h1") == "Готово 30 %"
    assert lines(response) == "Мост 30 % 1/1 Общая — — Мера на весь регион: её ведёт область"


def test_goal_figure_counts_goals_under_it_and_each_measure_once(client, town, strategy):
    top = factories.goal(strategy, text="Город у воды")
    middle = factories.goal(strategy, parent=top)
    low = factories.goal(strategy, parent=middle)
    shared = measure_at(town, 20, title="Мост")
    for goal in (top, middle, low):
        factories.link(factories.priority(strategy, goal=goal), shared)
    factories.link(factories.priority(strategy, goal=low), measure_at(town, 60, title="Сквер"))
    factories.link(factories.priority(strategy), measure_at(town, 90, title="Чужая"))
    factories.priority(strategy, goal=middle, title="Пустой")

    pages = [client.get(f"/goals/{goal.pk}/progress/") for goal in (top, middle, low)]
    tree = client.get("/towns/syzran/strategy/").context["strategies"][0].tree

    assert [page.context["progress"].value for page in pages] == [40, 40, 40]
    assert lines(pages[0]) == "Мост 20 % 1/2 Сквер 60 % 1/2 Пустой — — Мер нет, считать нечего"
    branch = tree[0]["branches"][0]
    assert [node["progress"].value for node in (tree[0], branch, branch["branches"][0])] == [40, 40, 40]


def test_figure_of_nothing_is_unknown_not_zero(client, town, strategy):
    goal, priority = factories.goal(strategy), factories.priority(strategy)

    pages = [
        client.get(url)
        for url in (f"/priorities/{priority.pk}/progress/", f"/goals/{goal.pk}/progress/", "/towns/syzran/progress/")
    ]

    assert [text(page, "h1") for page in pages] == ["Готовность неизвестна"] * 3
    assert text(pages[0], "p", css="lead") == ("Считать нечего: отчётов с готовностью нет. Пустое — это не ноль.")
    assert "Готово" not in text(client.get("/towns/syzran/strategy/"), "main")


def test_figure_of_a_reported_zero_is_zero(client, town):
    measure_at(town, 0)

    assert text(client.get("/towns/syzran/progress/"), "h1") == "Готово 0 %"


def test_figure_counts_public_records_only(client, town, region, strategy, region_editor):
    priority = factories.priority(strategy)
    hidden = factories.direction(region, programme=factories.programme(region, status="draft"))
    factories.link(priority, measure_at(town, 80, title="Тайная", direction=hidden))
    client.force_login(region_editor)

    response = client.get(f"/priorities/{priority.pk}/progress/")

    assert (text(response, "h1"), "Тайная" in text(response, "main")) == ("Готовность неизвестна", False)


@pytest.mark.parametrize(
    ("actor", "code"), [(None, 404), ("outsider", 404), ("other_approver", 404), ("region_editor", 200)]
)
@pytest.mark.parametrize("kind", ["priorities", "goals"])
def test_figure_of_a_hidden_record_stays_inside_the_region(client, town, request, actor, code, kind):
    strategy = factories.strategy(town, status="draft")
    record = factories.priority(strategy) if kind == "priorities" else factories.goal(strategy)
    if actor:
        client.force_login(request.getfixturevalue(actor))

    assert client.get(f"/{kind}/{record.pk}/progress/").status_code == code


@pytest.mark.parametrize(
    "address", ["/priorities/0/progress/", "/goals/0/progress/", "/towns/atlantida/progress/", "/goals/abc/progress/"]
)
def test_figure_of_nothing_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


def test_figure_of_many_lines_is_paged(client, town):
    direction = factories.direction(town.region)
    for _ in range(101):
        measure_at(town, 50, direction=direction)

    first, second = (client.get("/towns/syzran/progress/", {"page": page}) for page in (1, 2))

    assert [len(page.context["lines"]) for page in (first, second)] == [100, 1]
    assert client.get("/towns/syzran/progress/", {"page": 3}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_figures_cost_the_same_with_any_number_of_rows(queries, town, region, strategy, rows):
    direction = factories.direction(region)
    goal = factories.goal(strategy)
    under = Goal.objects.create(strategy=strategy, parent=goal, text="ниже")
    first = factories.priority(strategy, goal=goal)
    for number in range(rows):
        priority = factories.priority(strategy, goal=under)
        measure = measure_at(town, number, direction=direction)
        factories.link(priority, measure)
        factories.link(first, measure)
        factories.priority(strategy, goal=under)
        measure_at(region, number, direction=direction).towns.add(town)

    counts = [
        queries(url)
        for url in (f"/priorities/{first.pk}/progress/", f"/goals/{goal.pk}/progress/", "/towns/syzran/progress/")
    ]

    assert counts == [3, 4, 4]
