"""Strategies, goals, priorities, indicators and measures in the workshop: three screens, one region."""

import datetime

from accounts.models import Revision
from strategies.models import Goal, Indicator, IndicatorValue, Measure, Priority, PriorityMeasure, Strategy
from tests import factories
from tests.admin_pages import complaints, page, save, typed


def test_strategy_page_takes_a_strategy_with_goals_and_priorities_at_once(client, region_editor, town):
    client.force_login(region_editor)

    response = save(
        client, "strategies_strategy_add",
        changes={
            "municipality": town.pk, "title": "Стратегия Сызрани", "year_from": 2026, "year_to": 2036,
            "goals-TOTAL_FORMS": 2, "goals-0-text": "Растёт экономика", "goals-0-order": 1,
            "goals-1-text": "Удобно жить", "goals-1-order": 2,
            "priorities-TOTAL_FORMS": 2,
            "priorities-0-title": "Набережная", "priorities-0-sphere": "urban", "priorities-0-order": 1,
            "priorities-1-title": "Кадры", "priorities-1-sphere": "people", "priorities-1-order": 2,
            "priorities-1-plain_text": "Молодёжь остаётся в городе",
        },
    )  # fmt: skip

    strategy = Strategy.objects.get()
    assert response.status_code == 302
    assert (strategy.status, strategy.created_by) == ("draft", region_editor)
    assert list(strategy.goals.values_list("text", "created_by")) == [
        ("Растёт экономика", region_editor.pk),
        ("Удобно жить", region_editor.pk),
    ]
    assert list(strategy.priorities.values_list("title", "status", "created_by")) == [
        ("Набережная", "draft", region_editor.pk),
        ("Кадры", "draft", region_editor.pk),
    ]


def test_strategy_page_offers_goals_of_this_strategy_only(client, region_editor, town):
    client.force_login(region_editor)
    ours, other = factories.strategy(town), factories.strategy(town)
    goal, foreign = factories.goal(ours), factories.goal(other)
    factories.priority(ours)

    response = client.get(page("strategies_strategy_change", ours.pk))
    refused = save(client, "strategies_strategy_change", ours.pk, changes={"priorities-0-goal": foreign.pk})
    taken = save(client, "strategies_strategy_change", ours.pk, changes={"priorities-0-goal": goal.pk})

    formsets = {one.formset.prefix: one.formset for one in response.context["inline_admin_formsets"]}
    assert formsets["goals"].forms[0].fields["parent"].choices == [("", "—"), (goal.pk, str(goal))]
    assert formsets["priorities"].forms[0].fields["goal"].choices == [("", "—"), (goal.pk, str(goal))]
    assert (refused.status_code, len(complaints(refused)), taken.status_code) == (200, 1, 302)
    assert Priority.objects.get().goal == goal


def test_strategy_page_costs_the_same_with_1_and_3_goals_and_priorities(
    client, region_editor, town, django_assert_num_queries
):
    client.force_login(region_editor)
    small, large = factories.strategy(town), factories.strategy(town)
    for strategy, number in ((small, 1), (large, 3)):
        for _ in range(number):
            factories.priority(strategy, goal=factories.goal(strategy))
    client.get(page("strategies_strategy_change", small.pk))

    for strategy in (small, large):
        with django_assert_num_queries(8):
            client.get(page("strategies_strategy_change", strategy.pk))


def test_priority_page_takes_indicators_targets_and_measures_at_once(client, region_editor, town):
    client.force_login(region_editor)
    priority = factories.priority(factories.strategy(town), status="draft")
    measure = factories.measure(town)

    response = save(
        client, "strategies_priority_change", priority.pk,
        changes={
            "title": "Набережная для всех", "indicators-TOTAL_FORMS": 1, "indicators-0-name": "Длина набережной",
            "indicators-0-unit": "км", "indicators-0-direction": "higher", "indicators-0-base_year": 2018,
            "indicators-0-targets": "2027: 1,5; 2028: 2", "measure_links-0-measure": measure.pk,
        },
    )  # fmt: skip

    indicator = Indicator.objects.get()
    assert (response.status_code, complaints(response) if response.context else []) == (302, [])
    assert (Priority.objects.get().title, indicator.priority, indicator.created_by) == (
        "Набережная для всех", priority, region_editor,
    )  # fmt: skip
    assert [(value.year, str(value.target)) for value in indicator.values.all()] == [(2027, "1.5000"), (2028, "2.0000")]
    assert PriorityMeasure.objects.get().measure == measure


def test_priority_page_changes_and_removes_targets_but_keeps_actual_values(client, region_editor, town):
    client.force_login(region_editor)
    priority = factories.priority(factories.strategy(town), status="draft")
    indicator = factories.make(Indicator, priority=priority, name="Длина", unit="км")
    for year, fields in ((2024, {"target": 2, "actual": 2}), (2027, {"target": 3}), (2028, {"target": 4})):
        factories.make(IndicatorValue, indicator=indicator, year=year, **fields)

    shown = client.get(page("strategies_priority_change", priority.pk)).content.decode()
    save(client, "strategies_priority_change", priority.pk, changes={"indicators-0-targets": "2027: 3,5"})

    assert 'value="2024: 2; 2027: 3; 2028: 4"' in shown
    assert list(indicator.values.values_list("year", "target", "actual")) == [(2024, None, 2), (2027, 3.5, None)]


def test_priority_page_refuses_targets_that_are_no_years_or_lie_outside_the_strategy(client, region_editor, town):
    client.force_login(region_editor)
    priority = factories.priority(factories.strategy(town))
    new = {"indicators-TOTAL_FORMS": 1, "indicators-0-name": "Длина", "indicators-0-unit": "км",
           "indicators-0-direction": "higher"}  # fmt: skip

    nonsense = save(client, "strategies_priority_change", priority.pk, changes=new | {"indicators-0-targets": "скоро"})
    outside = save(client, "strategies_priority_change", priority.pk, changes=new | {"indicators-0-targets": "2050: 1"})

    assert complaints(nonsense) == ["«скоро» не похоже на год и число. Пишите так: 2027: 10; 2028: 12,5."]
    assert complaints(outside) == ["2050: Год цели должен быть внутри лет стратегии."]
    assert Indicator.objects.count() == 0


def test_priority_page_costs_the_same_with_1_and_3_indicators_and_measures(
    client, region_editor, town, django_assert_num_queries
):
    client.force_login(region_editor)
    strategy, direction = factories.strategy(town), factories.direction(town.region)
    pages = []
    for number in (1, 3):
        priority = factories.priority(strategy)
        pages.append(priority)
        for _ in range(number):
            factories.link(priority, factories.measure(town, direction=direction))
            factories.make(Indicator, priority=priority, name="Длина", unit="км")
    client.get(page("strategies_priority_change", pages[0].pk))

    for priority in pages:
        with django_assert_num_queries(9):
            client.get(page("strategies_priority_change", priority.pk))


def test_measure_page_takes_milestones_money_indicators_and_priorities_at_once(client, region_editor, town):
    client.force_login(region_editor)
    priority = factories.priority(factories.strategy(town))
    measure = factories.measure(town)

    response = save(
        client, "strategies_measure_change", measure.pk,
        changes={
            "milestones-TOTAL_FORMS": 1, "milestones-0-title": "Проект готов", "milestones-0-due": "01.03.2027",
            "fundings-TOTAL_FORMS": 1, "fundings-0-year": 2027, "fundings-0-source": "regional",
            "fundings-0-planned": "1 500,5",
            "indicators-TOTAL_FORMS": 1, "indicators-0-name": "Готово", "indicators-0-unit": "км",
            "indicators-0-direction": "higher", "indicators-0-targets": "2027: 1",
            "priority_links-TOTAL_FORMS": 1, "priority_links-0-priority": priority.pk,
        },
    )  # fmt: skip

    assert response.status_code == 302
    assert list(measure.milestones.values_list("title", "due")) == [("Проект готов", datetime.date(2027, 3, 1))]
    assert [(row.year, str(row.planned)) for row in measure.fundings.all()] == [(2027, "1500.50")]
    assert list(measure.indicators.values_list("name", "values__target")) == [("Готово", 1)]
    assert list(measure.priorities.all()) == [priority]


def test_measure_page_costs_the_same_with_1_and_3_rows(client, region_editor, town, django_assert_num_queries):
    client.force_login(region_editor)
    strategy, direction = factories.strategy(town), factories.direction(town.region)
    pages = []
    for number in (1, 3):
        measure = factories.measure(town, direction=direction)
        pages.append(measure)
        for year in range(number):
            measure.milestones.create(title="Шаг", due="2027-01-01")
            measure.fundings.create(year=2000 + year, source="local")
            factories.make(Indicator, measure=measure, name="Длина", unit="км")
            factories.link(factories.priority(strategy), measure)
    client.get(page("strategies_measure_change", pages[0].pk))

    for measure in pages:
        with django_assert_num_queries(12):
            client.get(page("strategies_measure_change", measure.pk))


def test_measure_page_keeps_the_promised_date(client, region_editor, town):
    client.force_login(region_editor)
    measure = factories.measure(town)

    save(client, "strategies_measure_change", measure.pk, changes={"due": "01.01.2030", "code": "7"})

    measure.refresh_from_db()
    assert (measure.code, measure.due) == ("7", datetime.date(2027, 12, 31))


def test_strategy_page_of_another_region_does_not_open(client, other_approver, town):
    client.force_login(other_approver)
    strategy = factories.strategy(town)

    opened = client.get(page("strategies_strategy_change", strategy.pk))
    posted = client.post(page("strategies_strategy_change", strategy.pk), {"title": "Чужая"})
    history = client.get(page("strategies_strategy_history", strategy.pk))

    assert (opened.status_code, opened.url) == (302, page("index"))
    assert (posted.status_code, history.status_code) == (302, 403)
    assert Strategy.objects.get().title == strategy.title


def test_strategy_page_refuses_a_town_of_another_region(client, other_approver, region_editor, town, other_region):
    client.force_login(other_approver)

    response = save(client, "strategies_strategy_add", changes={"municipality": town.pk, "title": "Чужая"})

    assert response.context["adminform"].form.errors.keys() == {"municipality"}
    assert Strategy.objects.count() == 0


def test_priority_page_refuses_a_measure_of_another_region(client, other_approver, town, other_region):
    client.force_login(other_approver)
    measure = factories.measure(town)
    own_town = factories.make(type(town), region=other_region, name="Вольск", slug="volsk", kind="urban_okrug")
    priority = factories.priority(factories.strategy(own_town))

    response = save(client, "strategies_priority_change", priority.pk, changes={"measure_links-0-measure": measure.pk})

    assert (response.status_code, PriorityMeasure.objects.count()) == (200, 0)


def test_administrator_of_the_region_reads_strategies_and_changes_none(client, region_admin, town):
    client.force_login(region_admin)
    strategy = factories.strategy(town)
    url = page("strategies_strategy_change", strategy.pk)

    opened, posted = client.get(url), client.post(url, {"title": "Новая"})

    assert (opened.status_code, posted.status_code) == (200, 403)
    assert client.get(page("strategies_strategy_add")).status_code == 403


def test_strategy_page_keeps_an_approved_strategy_whole(client, region_editor, town):
    client.force_login(region_editor)
    strategy = factories.strategy(town, status="approved")

    response = save(client, "strategies_strategy_change", strategy.pk, changes={"act_number": ""})

    assert complaints(response) == [
        "Чтобы утвердить стратегию, укажите номер и дату решения, кто его принял, и сам документ."
    ]


def test_second_editor_is_told_what_differs_and_loses_nothing(client, region_editor, approver, town):
    client.force_login(region_editor)
    priority = factories.priority(factories.strategy(town), title="Набережная", plain_text="Старое", status="draft")
    url = page("strategies_priority_change", priority.pk)
    mine = typed(client.get(url), {"title": "Моя набережная", "sphere": "ecology"})
    theirs = Priority.objects.get(pk=priority.pk)
    theirs.title, theirs.sphere = "Их набережная", "tourism"
    theirs.save_edited(by=approver, known_version=theirs.row_version)

    refused = client.post(url, mine)
    form = refused.context["adminform"].form
    kept = Priority.objects.get(pk=priority.pk)
    again = client.post(url, typed(refused))

    assert (refused.status_code, kept.title) == (200, "Их набережная")
    assert form.errors["title"] == ["Сейчас в базе: «Их набережная». У вас: «Моя набережная»."]
    assert form.errors["sphere"] == ["Сейчас в базе: «туризм». У вас: «экология»."]
    assert form.non_field_errors() == [
        "Пока вы писали, запись изменил кто-то другой. Ваш текст остался в форме и пока не сохранён. "
        "Отличаются поля: «Название», «Сфера». Сравните их и сохраните ещё раз."
    ]
    assert (form["title"].value(), form["sphere"].value()) == ("Моя набережная", "ecology")
    assert again.status_code == 302
    assert Priority.objects.values_list("title", "sphere", "row_version").get() == ("Моя набережная", "ecology", 3)


def test_second_editor_of_a_priority_inside_the_strategy_page_is_told_too(client, region_editor, approver, town):
    client.force_login(region_editor)
    strategy = factories.strategy(town)
    priority = factories.priority(strategy, title="Набережная", status="draft")
    url = page("strategies_strategy_change", strategy.pk)
    mine = typed(client.get(url), {"priorities-0-title": "Моя", "goals-0-text": "Новая цель"})
    priority.title = "Их"
    priority.save_edited(by=approver, known_version=priority.row_version)

    refused = client.post(url, mine)
    again = client.post(url, typed(refused))

    assert complaints(refused)[0] == "Сейчас в базе: «Их». У вас: «Моя»."
    assert (again.status_code, Priority.objects.get().title, Goal.objects.count()) == (302, "Моя", 1)


def test_step_taken_meanwhile_does_not_trouble_untouched_rows(client, region_editor, approver, town):
    client.force_login(region_editor)
    strategy = factories.strategy(town)
    priority = factories.priority(strategy, status="draft")
    url = page("strategies_strategy_change", strategy.pk)
    mine = typed(client.get(url), {"title": "Новое название"})
    priority.move_to("published", by=approver)

    response = client.post(url, mine)

    assert response.status_code == 302
    assert Strategy.objects.get().title == "Новое название"
    assert Priority.objects.get().status == "published"


def test_history_page_shows_who_changed_what_and_takes_nothing_back(client, region_editor, town):
    client.force_login(region_editor)
    measure = factories.measure(town, title="Дорога", status="draft")
    save(client, "strategies_measure_change", measure.pk, changes={"title": "Дорога и мост"})
    version = measure.history.earliest().history_id

    listed = client.get(page("strategies_measure_history", measure.pk)).content.decode()
    old = client.get(page("strategies_measure_simple_history", measure.pk, version))
    posted = client.post(page("strategies_measure_simple_history", measure.pk, version), {"title": "Дорога"})

    assert ("Дорога и мост" in listed, "editor" in listed, " style=" in listed) == (True, True, False)
    assert (old.status_code, posted.status_code, Measure.objects.get().title) == (200, 403, "Дорога и мост")
    assert measure.history.latest().history_user == region_editor


def test_forms_and_lists_mark_samples(client, region_editor, town):
    client.force_login(region_editor)
    strategy = factories.strategy(town, is_sample=True)

    listed = client.get(page("strategies_strategy_changelist")).content.decode()
    form = client.get(page("strategies_strategy_change", strategy.pk)).content.decode()

    assert '<td class="field-sample_mark">пример</td>' in listed
    assert "field-is_sample" in form


def test_unpublished_record_may_be_deleted_and_a_public_one_may_not(client, region_editor, town):
    client.force_login(region_editor)
    strategy = factories.strategy(town)
    draft = factories.priority(strategy, status="draft")
    public = factories.priority(strategy)
    archived = factories.priority(strategy, status="archived", published_at="2026-01-01T00:00Z")

    codes = [
        client.post(page("strategies_priority_delete", one.pk), {"post": "yes"}).status_code
        for one in (draft, public, archived)
    ]

    assert (codes, list(Priority.objects.order_by("pk"))) == ([302, 403, 403], [public, archived])


def test_page_of_a_published_priority_sends_its_words_to_another_and_keeps_the_rest(
    client, region_editor, approver, town
):
    client.force_login(region_editor)
    priority = factories.priority(factories.strategy(town), title="Набережная")
    url, new = page("strategies_priority_change", priority.pk), {"title": "Берег", "order": "7"}

    silent = client.post(url, typed(client.get(url), new))
    told = client.post(url, typed(silent, {"why": "Так в решении Думы"}), follow=True).content.decode()
    opened = client.get(url).content.decode()

    revision = Revision.objects.get()
    assert complaints(silent) == ["Напишите, почему меняете опубликованный текст: причину увидят все."]
    assert Priority.objects.values_list("title", "order").get() == ("Набережная", 7)
    assert (revision.words, revision.reason) == ({"title": ["Набережная", "Берег"]}, "Так в решении Думы")
    assert ("До решения все видят прежний текст." in told, "<ins>Берег</ins>" in opened) == (True, True)

    client.force_login(approver)
    other = client.post(url, typed(client.get(url), {"title": "Пляж", "why": "Так лучше"}))
    assert (other.status_code, complaints(other)[0].startswith("Правка ждёт решения.")) == (200, True)


def test_row_of_a_published_priority_inside_the_strategy_page_waits_too(client, region_editor, town):
    client.force_login(region_editor)
    strategy = factories.strategy(town)
    priority = factories.priority(strategy, title="Набережная")
    changes = {"priorities-0-title": "Берег", "priorities-0-why": "Так в решении", "goals-0-text": "Новая цель"}

    response = save(client, "strategies_strategy_change", strategy.pk, changes=changes)

    priority.refresh_from_db()
    assert (response.status_code, priority.title, Goal.objects.count()) == (302, "Набережная", 1)
    assert Revision.objects.get().words == {"title": ["Набережная", "Берег"]}
