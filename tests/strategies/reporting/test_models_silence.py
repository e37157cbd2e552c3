"""How long nothing was heard, and who answers: by the last published report, by the rhythm, by roles in force."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Role, RoleAssignment, User
from strategies.models import Measure, Priority
from strategies.watched import days_of_silence, is_silent
from tests import factories
from tests.conftest import person

TODAY = datetime.date(2026, 11, 24)
DAY = datetime.timedelta(days=1)
LONG_AGO = datetime.date(2020, 1, 1)


def moment(day, hour=12):
    """A moment of a day in Samara."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, 30)))


def ago(days):
    return TODAY - days * DAY


@pytest.fixture
def silent_measure(town):
    """How to make a measure with known days: `since` is when it was published here."""

    def build(*, since=LONG_AGO, start=LONG_AGO, rhythm="quarter", **fields):
        programme = factories.programme(town.region, rhythm=rhythm)
        direction = factories.direction(town.region, programme=programme)
        measure = factories.measure(town, direction=direction, start=start, **fields)
        Measure.objects.filter(pk=measure.pk).update(published_at=moment(since) if since else None)
        return measure

    return build


def heard(record, day, *, hour=12, **fields):
    """A report published on a day."""
    report = factories.report(record, status="submitted", **fields)
    report.status, report.published_at = "published", moment(day, hour)
    report.save()
    return report


def last_word(record, on=TODAY):
    return type(record).objects.with_silence(on).get(pk=record.pk).last_word_on


# ——— Since when ———


def test_silence_begins_with_the_latest_published_report(silent_measure):
    measure = silent_measure()
    heard(measure, ago(200), period="q1")
    heard(measure, ago(50), period="q2")
    heard(measure, ago(90), period="q3")
    # Words that the region has not accepted are not heard yet.
    factories.report(measure, period="q4", status="submitted")

    found = Measure.objects.with_silence(TODAY).get()

    assert (found.last_word_on, days_of_silence(found, TODAY)) == (ago(50), 50)


@pytest.mark.parametrize("hour", [0, 23])
def test_silence_counts_days_of_samara(silent_measure, hour):
    measure = silent_measure()
    heard(measure, TODAY, hour=hour)

    assert last_word(measure) == TODAY


def test_silence_of_a_correction_counts_as_a_word(silent_measure):
    measure = silent_measure()
    first = heard(measure, ago(100))
    heard(measure, ago(10), corrects=first)

    assert last_word(measure) == ago(10)


@pytest.mark.parametrize(
    ("start", "since", "expected"),
    [
        (ago(300), ago(20), ago(300)),  # the work has begun: a word is owed since then
        (ago(20), ago(300), ago(20)),
        (TODAY, ago(300), TODAY),
        (TODAY + DAY, ago(300), ago(300)),  # the work has not begun: since the promise was published here
        (None, ago(300), ago(300)),
        (None, None, "created"),
    ],
)
def test_silence_without_reports_begins_when_a_word_is_owed(silent_measure, start, since, expected):
    measure = silent_measure(start=start, since=since)

    created = timezone.localtime(measure.created_at).date()
    assert last_word(measure) == (created if expected == "created" else expected)


def test_silence_of_a_priority_begins_with_its_publication(town):
    priority = factories.priority(factories.strategy(town))
    Priority.objects.update(published_at=moment(ago(40)))
    assert last_word(priority) == ago(40)

    heard(priority, ago(7), percent=None)

    assert last_word(priority) == ago(7)


def test_silence_of_one_is_not_of_another(silent_measure):
    first, second = silent_measure(), silent_measure()
    heard(first, ago(3))

    assert (last_word(first), last_word(second)) == (ago(3), LONG_AGO)


# ——— Too long ———


@pytest.mark.parametrize(
    ("rhythm", "days", "silent"),
    [
        ("quarter", 107, False), ("quarter", 108, True), ("half", 108, False), ("half", 199, False),
        ("half", 200, True), ("year", 200, False), ("year", 426, False), ("year", 427, True),
    ],
)  # fmt: skip
def test_silence_is_too_long_by_the_rhythm_of_the_programme(silent_measure, rhythm, days, silent):
    measure = silent_measure(rhythm=rhythm)
    heard(measure, ago(days))

    found = Measure.objects.with_silence(TODAY).get()
    assert is_silent(found, TODAY) is silent
    assert list(Measure.objects.silent(TODAY)) == [measure] * silent


@pytest.mark.parametrize(("days", "silent"), [(107, False), (108, True)])
def test_silence_of_a_priority_is_measured_by_quarters(town, days, silent):
    priority = factories.priority(factories.strategy(town))
    Priority.objects.update(published_at=moment(ago(days)))

    assert is_silent(Priority.objects.with_silence(TODAY).get(), TODAY) is silent
    assert list(Priority.objects.silent(TODAY)) == [priority] * silent


# ——— Who answers ———


def is_owned(record, on):
    """Whether somebody answers on a date; both ways of asking say the same."""
    [owned] = type(record).objects.filter(pk=record.pk).with_owner(on).values_list("is_owned", flat=True)
    assert type(record).objects.filter(pk=record.pk).ownerless(on).exists() is not owned
    return owned


@pytest.fixture(params=["measure", "priority"])
def item(request, town):
    """An open record of the town, of either kind, with the owner it is given."""

    def build(owner):
        if request.param == "measure":
            return factories.measure(town, owner=owner)
        return factories.priority(factories.strategy(town), owner=owner)

    return build


def test_nobody_answers_for_a_record_without_an_owner(item):
    assert is_owned(item(None), timezone.localdate()) is False


@pytest.mark.parametrize(
    ("who", "owned"),
    [
        ("head", True), ("editor", True), ("approver", True), ("region_editor", True), ("outsider", False),
        ("other_approver", False), ("admin_user", False),
    ],
)  # fmt: skip
def test_owner_answers_where_a_role_holds(request, item, who, owned):
    assert is_owned(item(request.getfixturevalue(who)), timezone.localdate()) is owned


def test_owner_answers_to_the_last_day_of_the_role_and_no_longer(item, editor):
    on, record = timezone.localdate(), item(editor)
    RoleAssignment.objects.filter(user=editor).update(valid_to=on)

    assert [is_owned(record, day) for day in (on - 31 * DAY, on - 30 * DAY, on, on + DAY)] == [False, True, True, False]


def test_owner_whose_account_is_closed_answers_no_more(item, editor):
    record = item(editor)
    User.objects.filter(pk=editor.pk).update(is_active=False)

    assert is_owned(record, timezone.localdate()) is False


def test_owner_whose_role_is_in_another_town_now_answers_no_more(item, editor, other_town):
    record = item(editor)
    RoleAssignment.objects.filter(user=editor).update(municipality=other_town)

    assert is_owned(record, timezone.localdate()) is False


def test_measure_of_the_whole_region_is_answered_for_by_the_region(region, town, head, region_editor):
    on = timezone.localdate()

    assert is_owned(factories.measure(region, owner=region_editor), on) is True
    assert is_owned(factories.measure(region, owner=head), on) is False


def test_owner_with_two_roles_counts_once(town, editor):
    factories.make(RoleAssignment, user=editor, role=Role.MUNICIPAL_EDITOR, municipality=town)
    measure = factories.measure(town, owner=editor)

    assert list(Measure.objects.with_owner(timezone.localdate())) == [measure]


def test_silent_or_ownerless_is_either(silent_measure, editor):
    on = timezone.localdate()
    silent = silent_measure(owner=editor)
    heard_of = silent_measure(owner=editor)
    ownerless = silent_measure(owner=person("former"))
    both = silent_measure()
    for measure in (heard_of, ownerless):
        heard(measure, on)

    rows = Measure.objects.silent_or_ownerless(on).order_by("pk")

    assert [(row.pk, row.is_owned, is_silent(row, on)) for row in rows] == [
        (silent.pk, True, True), (ownerless.pk, False, False), (both.pk, False, True),
    ]  # fmt: skip
