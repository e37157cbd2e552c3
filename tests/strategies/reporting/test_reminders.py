"""Reminders: on which days, of what, to whom; what a digest says, in how many queries."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from accounts.models import Role, RoleAssignment, User
from municipalities.models import Municipality
from strategies.models import ExpectedReport, Measure, ProgressReport, ReportingCycle
from strategies.reporting import reminders
from tests import factories
from tests.conftest import person
from tests.strategies.post import DUE, NBSP, days, opened_by, owe, reachable, returned_on, run

# roles, returned reports, their steps, what is owed, what waits, corrections, promises (2), letters (2), notices
FOR_ALL = 11


@pytest.fixture
def direction(region):
    return factories.direction(region, programme=factories.programme(region))


@pytest.fixture
def square(town, direction):
    """A measure of the town that owes a report."""
    measure = factories.measure(town, title="Осветить сквер", direction=direction)
    owe(direction)
    return measure


# ——— The rhythm ———


@pytest.mark.parametrize(
    ("after_due", "expected"),
    [
        *[(-number, number in {10, 3}) for number in range(1, 15)],
        (0, True),
        *[(number, number in {1, 7, 14, 21, 28, 35}) for number in range(1, 36)],
        (365, False),
        (364, True),
    ],
)
def test_reminder_days_are_few_before_and_weekly_after(after_due, expected):
    assert reminders.is_reminder_day(DUE, DUE + days(after_due)) is expected


@pytest.mark.parametrize(("after", "expected"), [(-7, False), (0, False), (1, True), (2, False), (7, True), (14, True)])
def test_days_after_a_return_follow_the_same_rhythm(after, expected):
    assert reminders.is_day_after(after) is expected


# ——— What is owed ———


def test_reminder_goes_to_the_head_and_the_editor_of_the_town_alone(square, head, editor, outsider, region_editor):
    reachable(head, editor, outsider, region_editor)

    assert run(DUE - days(10)) == [
        ("syzran-editor", "Отчёты: скоро срок 1"),
        ("syzran-head", "Отчёты: скоро срок 1"),
    ]


def test_reminder_of_another_town_names_nothing_of_this_one(square, head, outsider, other_town, direction):
    reachable(head, outsider)
    ExpectedReport.objects.create(
        cycle=ReportingCycle.objects.get(), municipality=other_town,
        measure=factories.measure(other_town, title="Озеленить площадь", direction=direction),
    )  # fmt: skip

    run(DUE)

    said = {message.to[0].split("@")[0]: message.body + message.alternatives[0][0] for message in mail.outbox}
    assert {who: ("сквер" in text, "площадь" in text) for who, text in said.items()} == {
        "syzran-head": (True, False),
        "chapaevsk-head": (False, True),
    }


def test_reminder_of_a_region_wide_measure_goes_to_the_regions_editor(
    region, direction, region_editor, head, approver, other_approver
):
    reachable(region_editor, head, approver, other_approver)
    factories.measure(region, title="Учить команды", direction=direction)
    owe(direction)

    assert run(DUE) == [("editor", "Отчёты: скоро срок 1")]


@pytest.mark.parametrize(
    ("field", "value"), [("email", ""), ("is_active", False)], ids=["without an address", "closed account"]
)
def test_reminder_is_not_sent_to_those_who_cannot_be_written_to(square, head, field, value):
    reachable(head)
    User.objects.filter(pk=head.pk).update(**{field: value})

    assert run(DUE) == []


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ({"valid_to": DUE - days(1)}, 0),
        ({"valid_to": DUE}, 1),
        ({"valid_from": DUE + days(1)}, 0),
        ({"valid_from": DUE}, 1),
    ],
)
def test_reminder_is_sent_only_in_the_days_of_the_role(square, head, term, expected):
    reachable(head)
    RoleAssignment.objects.filter(user=head).update(**term)

    assert len(run(DUE)) == expected


@pytest.mark.parametrize(("status", "expected"), [("draft", 1), ("submitted", 0), ("published", 0)])
def test_reminder_is_not_sent_once_the_region_has_the_report(square, head, status, expected):
    reachable(head)
    factories.report(square, by=head, year=2026, period="q3", status=status)

    assert len(run(DUE)) == expected


def test_reminder_is_not_sent_when_the_cycle_is_closed(square, head):
    reachable(head)
    ReportingCycle.objects.update(status="closed")

    assert run(DUE + days(1)) == []


def test_reminder_is_not_sent_about_a_measure_that_was_cancelled(square, head):
    reachable(head)
    Measure.objects.update(status="cancelled")

    assert run(DUE + days(1)) == []


def test_reminder_before_the_date_can_be_switched_off_and_a_late_one_cannot(square, head):
    reachable(head)
    User.objects.update(wants_early_reminders=False)

    assert [len(run(DUE + days(after))) for after in (-10, -3, 0, 1, 7)] == [0, 0, 0, 1, 1]


def test_reminder_that_only_looks_ahead_offers_the_switch(square, head):
    reachable(head)

    headers = []
    for day in (DUE, DUE + days(1)):
        run(day)
        headers.append("List-Unsubscribe" in mail.outbox[0].message())

    assert headers == [True, False]


def test_digest_of_a_late_person_who_wants_no_early_letters_says_nothing_of_what_is_ahead(square, head, town, region):
    reachable(head)
    User.objects.update(wants_early_reminders=False)
    later = factories.direction(region, programme=factories.programme(region, report_day=30))
    factories.measure(town, title="Новая мера", direction=later)
    ReportingCycle.start(later.programme, 2026, "q3", by=None)

    assert run(DUE + days(1)) == [("syzran-head", "Отчёты: просрочено 1")]
    assert "Новая мера" not in mail.outbox[0].body


def test_digest_is_one_letter_in_the_order_of_urgency(square, town, region, head, direction):
    reachable(head)
    late = factories.measure(town, title="Поздняя", direction=direction)
    ExpectedReport.objects.create(cycle=ReportingCycle.objects.get(), measure=late, municipality=town)
    later = factories.direction(region, programme=factories.programme(region, report_day=26))
    factories.measure(town, title="Впереди", direction=later)
    ReportingCycle.start(later.programme, 2026, "q3", by=None)
    returned_on(DUE + days(2), square)

    assert run(DUE + days(7)) == [("syzran-head", "Отчёты: просрочено 1, вернули 1, скоро срок 1")]
    text = mail.outbox[0].body.replace(NBSP, " ")
    lines = [line for line in text.split("—")[0].splitlines() if line and "/office/go/" not in line]
    assert lines == [
        "Здравствуйте.",
        "ПРОСРОЧЕНО",
        "Поздняя (Сызрань): отчёт за III квартал 2026 года",
        "Ждали до 15 октября 2026 года, просрочено на 7 дней.",
        "ВЕРНУЛИ НА ДОРАБОТКУ",
        "Осветить сквер (Сызрань): отчёт за III квартал 2026 года",
        "Вернули 17 октября 2026 года, прошло 5 дней. Срок сдачи 15 октября 2026 года.",
        "Что поправить: Приложите фото.",
        "СКОРО СРОК",
        "Впереди (Сызрань): отчёт за III квартал 2026 года",
        "Срок 26 октября 2026 года, осталось 4 дня.",
        "Ссылки открывают форму после входа и действуют две недели.",
    ]


def test_digest_says_in_html_what_it_says_in_text(square, head):
    reachable(head)

    run(DUE + days(1))

    html = mail.outbox[0].alternatives[0][0].replace(NBSP, " ")
    said = (
        "<h2>Просрочено</h2>",
        "Осветить сквер: отчёт за III квартал 2026 года</a>, Сызрань",
        "Ждали до 15 октября 2026 года, просрочено на 1 день.",
    )
    assert [part for part in said if part not in html] == []


def test_digest_opens_the_form_of_each_report_for_its_reader(square, head, editor):
    reachable(head, editor)

    run(DUE)

    opened = {}
    for message in mail.outbox:
        opened[message.to[0].split("@")[0]] = opened_by(message)
        link = next(line for line in message.body.splitlines() if "/office/go/" in line)
        assert f'<a href="{link}">' in message.alternatives[0][0]
    form = f"/office/measures/{square.pk}/report/2026-q3/"
    assert opened == {"syzran-head": (head.pk, form), "syzran-editor": (editor.pk, form)}


def test_digest_of_a_person_with_two_roles_in_a_town_names_things_once(square, head, town):
    baker.make(RoleAssignment, user=head, role=Role.MUNICIPAL_EDITOR, municipality=town, valid_to=None, acting=False)
    reachable(head)

    assert run(DUE) == [("syzran-head", "Отчёты: скоро срок 1")]


def test_digest_of_very_many_reports_stays_short(town, head, direction):
    reachable(head)
    for number in range(25):
        factories.measure(town, title=f"Мера {number}", direction=direction)
    owe(direction)

    assert run(DUE) == [("syzran-head", "Отчёты: скоро срок 25")]
    assert mail.outbox[0].body.count("/office/go/") == 20
    assert "Это не всё: ещё 5 — в кабинете, https://towns.example.ru/office/" in mail.outbox[0].body


# ——— Queries ———


def some_towns(region, direction, number):
    """Towns with a head who can be written to and three measures each."""
    for index in range(number):
        town = baker.make(Municipality, region=region, name=f"Город {index}", slug=f"gorod-{index}", kind="town")
        reachable(person(f"head-{index}", Role.MUNICIPAL_HEAD, municipality=town))
        for _measure in range(3):
            factories.measure(town, direction=direction)


@pytest.mark.parametrize("towns", [1, 3])
def test_reminders_take_two_queries_a_person_and_a_few_for_all(region, direction, approver, towns):
    reachable(approver)
    some_towns(region, direction, towns)
    cycle = owe(direction)
    first = ExpectedReport.objects.filter(cycle=cycle).order_by("pk")[0].measure
    returned_on(DUE - days(1), first)

    ContentType.objects.get_for_model(ProgressReport)  # read once for a process
    with CaptureQueriesContext(connection) as queries:
        outcomes = reminders.send_reminders(DUE)

    assert outcomes == [True] * towns
    assert len(queries) == FOR_ALL + 2 * towns
