"""Whole journeys across all floors, with strangers at every step: what an official does, a citizen sees."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import JournalEntry
from strategies.models import Priority, ProgressReport, Strategy
from tests import factories
from tests.admin_pages import page, save
from tests.conftest import StrictClient
from tests.pages import text, texts


@pytest.fixture
def browser():
    """A browser of a person: `browser(editor)`, or of a visitor: `browser()`."""

    def sign_in(person=None):
        client = StrictClient()
        if person:
            client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def strangers(browser, editor, head, outsider, other_approver, wg_member):
    """Browsers of everybody who has no business in the workshop of this region, by name."""
    people = {"editor": editor, "head": head, "outsider": outsider, "other_approver": other_approver,
              "wg_member": wg_member}  # fmt: skip
    return {"visitor": browser()} | {name: browser(person) for name, person in people.items()}


def answers(strangers, url, data=None):
    """{stranger: status code} of a GET, or of a POST when there are data."""
    return {
        name: (client.get(url) if data is None else client.post(url, data)).status_code
        for name, client in strangers.items()
    }


def move(client, record, status, **data):
    """Take a step on the page of the workshop that asks for it, knowing the record as it is."""
    record.refresh_from_db()
    data = {"reason": "", "row_version": record.row_version} | data
    response = client.post(page(f"strategies_{record._meta.model_name}_move", record.pk, status), data)
    record.refresh_from_db()
    return response


def refused(record, status, *, by):
    """The door itself refuses the person, whatever page they found."""
    with pytest.raises(PermissionDenied):
        record.move_to(status, by=by)


CLOSED = {"visitor": 302, "editor": 403, "head": 403, "outsider": 403, "wg_member": 403}  # 302: to sign in


def test_story_a_priority_entered_by_the_editor_reaches_the_citizen(
    browser, strangers, region_editor, approver, town, committed
):
    """An editor enters a strategy, a goal and a priority; the approver publishes; a citizen sees it a moment later."""
    citizen, official, decider = browser(), browser(region_editor), browser(approver)
    town_page = town.get_absolute_url()
    before = citizen.get(town_page)

    # The editor enters a strategy with a goal; an approver of another region cannot enter one here.
    add = page("strategies_strategy_add")
    assert answers(strangers, add) == CLOSED | {"other_approver": 200}
    foreign = save(
        strangers["other_approver"], "strategies_strategy_add", changes={"municipality": town.pk, "title": "А"}
    )
    assert (foreign.status_code, Strategy.objects.count()) == (200, 0)
    save(
        official, "strategies_strategy_add",
        changes={"municipality": town.pk, "title": "Стратегия до 2036 года", "year_from": 2026, "year_to": 2036,
                 "goals-0-text": "Удобный город", "goals-0-order": 1},
    )  # fmt: skip
    strategy = Strategy.objects.get()
    goal = strategy.goals.get()
    assert (strategy.status, goal.text) == ("draft", "Удобный город")

    # A draft is nobody's to see: neither in the workshop of others nor on the site.
    change = page("strategies_strategy_change", strategy.pk)
    assert answers(strangers, change) == CLOSED | {"other_approver": 302}
    assert texts(citizen.get(f"{town_page}strategy/"), "h2").count("Стратегия до 2036 года") == 0

    # The priority is added on its own page.
    save(
        official, "strategies_priority_add",
        changes={"strategy": strategy.pk, "title": "Тихие дворы", "sphere": "urban", "order": 1,
                 "plain_text": "Во дворах гуляют, а не объезжают машины."},
    )  # fmt: skip
    priority = Priority.objects.get()
    save(official, "strategies_priority_change", priority.pk, changes={"goal": goal.pk})
    priority.refresh_from_db()
    assert (priority.status, priority.goal, priority.created_by) == ("draft", goal, region_editor)
    own_page = priority.get_absolute_url()
    assert citizen.get(own_page).status_code == 404
    assert "Тихие дворы" not in citizen.get(town_page).content.decode()

    # The draft of a strategy goes to discussion by its editor; the editor does not publish.
    assert move(official, strategy, "discussion").status_code == 302
    assert move(official, priority, "published").status_code == 200  # the page again, with the refusal
    assert move(official, strategy, "approved").status_code == 200
    step = page("strategies_priority_move", priority.pk, "published")
    data = {"reason": "", "row_version": priority.row_version}
    assert answers(strangers, step, data) == CLOSED | {"other_approver": 404}
    priority.refresh_from_db()
    assert priority.status == "draft"
    kept = citizen.get(town_page)
    assert citizen.get(town_page, headers={"If-None-Match": kept["ETag"]}).status_code == 304
    assert "Тихие дворы" not in kept.content.decode()

    # The approver publishes; the page that everybody's cache held is no longer the page.
    with committed():
        assert move(decider, priority, "published").status_code == 302
    after = citizen.get(town_page, headers={"If-None-Match": kept["ETag"]})
    assert (after.status_code, after["ETag"] in {before["ETag"], kept["ETag"]}) == (200, False)
    assert texts(after, "h3").count("Тихие дворы") == 1
    shown = citizen.get(own_page)
    assert (shown.status_code, text(shown, "h1")) == (200, "Тихие дворы")
    assert not shown.cookies

    # Every step stands in the journal, each by the person who took it.
    steps = JournalEntry.objects.order_by("pk").values_list("record_title", "from_status", "to_status", "actor")
    assert list(steps) == [
        (str(strategy), "draft", "discussion", region_editor.pk),
        ("Тихие дворы", "draft", "published", approver.pk),
    ]


def test_story_a_report_of_the_town_reaches_the_citizen(
    browser, strangers, editor, head, outsider, region_editor, approver, town, committed
):
    """A measure is promised; the town reports, the head submits, the approver publishes; the page shows 40 %."""
    citizen, official, decider = browser(), browser(region_editor), browser(approver)
    direction = factories.direction(town.region)
    save(
        official, "strategies_measure_add",
        changes={"direction": direction.pk, "municipality": town.pk, "title": "Осветить сквер", "start": "01.01.2026",
                 "due": "31.12.2027", "responsible": "Управление благоустройства"},
    )  # fmt: skip
    measure = direction.measures.get()
    url = measure.get_absolute_url()
    assert citizen.get(url).status_code == 404
    assert move(official, measure, "planned").status_code == 200  # the editor does not promise for the region
    assert move(decider, measure, "planned").status_code == 302
    promised = citizen.get(url)
    assert (promised.status_code, "40 %" in text(promised, "main")) == (200, False)

    # The town's editor writes the report; only the head of this town hands it in.
    report = factories.report(measure, by=editor, text="Опоры стоят.", percent=40)
    submitted = ProgressReport.Status.SUBMITTED
    for person in (editor, outsider, region_editor, approver):
        assert submitted not in {step.status for step in report.moves_for(person)}
        refused(report, submitted, by=person)
    report.move_to(submitted, by=head)
    assert "Опоры стоят." not in citizen.get(url).content.decode()

    # Nobody but an approver of this region publishes: neither by the door nor by the workshop's page.
    for person in (editor, head, outsider, region_editor):
        refused(report, ProgressReport.Status.PUBLISHED, by=person)
    step = page("strategies_progressreport_move", report.pk, "published")
    data = {"reason": "", "row_version": report.row_version}
    assert answers(strangers, step, data) == CLOSED | {"other_approver": 404}
    assert answers(strangers, page("strategies_progressreport_change", report.pk)) == CLOSED | {"other_approver": 302}
    assert move(official, report, "published").status_code == 200
    report.refresh_from_db()
    assert report.status == "submitted"

    kept = citizen.get(url)
    with committed():
        assert move(decider, report, "published").status_code == 302
    shown = citizen.get(url, headers={"If-None-Match": kept["ETag"]})
    measure.refresh_from_db()
    assert (measure.status, measure.percent, shown.status_code) == ("in_progress", 40, 200)
    main = text(shown, "main")
    assert "40 %" in main
    assert "Опоры стоят." in main

    # What is published is not touched any more, not even by those who wrote it.
    assert decider.post(page("strategies_progressreport_change", report.pk), {"text": "Другое"}).status_code == 403
    assert ProgressReport.objects.get().text == "Опоры стоят."
