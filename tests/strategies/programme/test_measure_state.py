"""What is said of a measure on a day: late only with a duty, never «запланировано» once its time has passed."""

import datetime
import itertools

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from municipalities.models import Region
from sessions.lateness import region_lateness, towns_lateness
from strategies.models import Measure, ProgrammeVersion, ReportingCycle
from strategies.programme.models.measure_queryset import DerivedState
from tests import factories
from tests.pages import texts

ON = datetime.date(2026, 11, 30)
STATES = [*DerivedState, *Measure.Status]


@pytest.fixture
def measures_of_all_kinds(region, town):
    """720 measures: every date, words about a date, year of the promise and status, in programmes of every length."""
    dates = [None, datetime.date(2018, 9, 30), datetime.date(2025, 6, 1), ON, datetime.date(2027, 1, 1)]
    words = ["", "ежегодно", "до 2025 года", "в 2026–2028 годах"]
    for year_to in (None, 2020, 2030):
        blocks = factories.direction(region, programme=factories.programme(region, year_to=year_to, year_from=None))
        Measure.objects.bulk_create(
            Measure(
                municipality=town, direction=blocks, title="Мера", due=due, due_note=note, promised_year=promised,
                status=status, percent=100 if status == "done" else None,
            )
            for due, note, promised, status in itertools.product(
                dates, words, [None, 2018, 2026], ["planned", "in_progress", "done", "cancelled"]
            )
        )  # fmt: skip


@pytest.mark.slow
@pytest.mark.invariant(79)
@pytest.mark.usefixtures("measures_of_all_kinds")
def test_state_of_a_measure_is_the_same_asked_of_the_record_and_of_the_database(region, case):
    for joined_on in (None, datetime.date(2025, 1, 1), ON):
        with case(f"joined on {joined_on}"):
            Region.objects.filter(pk=region.pk).update(joined_on=joined_on)
            measures = list(Measure.objects.with_programme())
            found = {state: set(Measure.objects.in_state(state, ON).values_list("pk", flat=True)) for state in STATES}

            said = {state: {one.pk for one in measures if one.state_on(ON) == state} for state in STATES}
            # A filter by a stored status also gives what is late in it; of a plan only what may still be one.
            late = {one.pk: one.status for one in measures if one.state_on(ON) == DerivedState.OVERDUE}
            for pk, status in late.items():
                said[Measure.Status(status)].add(pk)
            assert found == said
            assert bool(said[DerivedState.OVERDUE]) == (joined_on == datetime.date(2025, 1, 1))
            for one in measures:
                if one.state_on(ON) == Measure.Status.PLANNED and one.due_now is None:
                    last_year = one.direction.programme.year_to or one.promised_year or 0
                    assert last_year >= ON.year or "2028" in one.due_note
                    # A running programme makes no plan of what its own words name a year of the past for.
                    assert "2025" not in one.due_note


@pytest.mark.invariant(80)
def test_nobody_is_late_before_the_region_has_joined(client, region, town, case):
    long_ago, on = datetime.date(2018, 9, 30), timezone.localdate()
    Region.objects.filter(pk=region.pk).update(joined_on=None)
    for place in (town, region):
        factories.measure(place, due=long_ago, start=None, promised_year=2018)
        factories.measure(place, due=None, start=None, promised_year=2018)
    factories.priority(factories.strategy(town, status="approved", act_date=datetime.date(2019, 2, 21)))

    def late():
        region.refresh_from_db()
        return [part.total for side in (region_lateness, towns_lateness) for part in side(region, on).parts]

    with case("not joined"):
        assert set(late()) == {0}
        for address in ("/programme/late/", "/programme/gaps/", "/programme/silence/", "/", "/programme/"):
            page = client.get(address).content.decode()
            assert "опаздывает на" not in page
            assert "Просрочено на" not in page
            # Silence is not success: nobody is praised for what nobody counts.
            assert "Просроченного нет" not in page

    with case("joined today: older facts are shown as facts"):
        Region.objects.filter(pk=region.pk).update(joined_on=on)
        assert set(late()) == {0}

    with case("joined a year ago: from then on, and what was due before stays a fact"):
        Region.objects.filter(pk=region.pk).update(joined_on=on - datetime.timedelta(days=365))
        late_now = region_lateness(Region.objects.get(), on)
        assert late_now.part("gaps").total > 0
        assert late_now.longest == 365 - region.gap_days
        assert late_now.part("measures").total == 0


def test_first_reporting_period_is_the_day_of_joining(region, town, approver):
    Region.objects.filter(pk=region.pk).update(joined_on=None)
    programme = factories.programme(region)
    factories.measure(town, direction=factories.direction(region, programme=programme))

    before = timezone.localdate()
    ReportingCycle.start(programme, 2026, "q2", by=approver)

    assert before <= Region.objects.get().joined_on <= timezone.localdate()


@pytest.mark.invariant(81)
def test_measure_published_after_the_act_is_not_said_to_be_promised_by_it(client, region, town, approver, case):
    act = factories.document(region, kind="decree", title="Постановление")
    programme = factories.programme(
        region, status="draft", act=act, act_title="Постановление № 7", act_date=act.date, title="Программа действий"
    )
    blocks = factories.direction(region, programme=programme)
    within = factories.measure(town, direction=blocks, status="draft", title="В акте", sources="")
    within.move_to("planned", by=approver)
    programme.move_to("approved", by=approver)
    after = factories.measure(town, direction=blocks, status="draft", title="После акта", sources="")
    after.move_to("planned", by=approver)
    words = "Внесено после акта, в действующей редакции нет."

    def pages():
        found = {}
        for measure in (within, after):
            found[measure.title] = words in client.get(measure.get_absolute_url()).content.decode()
        rows = texts(client.get("/programme/"), "tr")
        return found, [words in row for title in ("В акте", "После акта") for row in rows if row.startswith(title)]

    with case("until the new version"):
        assert pages() == ({"В акте": False, "После акта": True}, [False, True])
        written = dict(Measure.objects.with_promise().values_list("title", "is_written"))
        assert written == {"В акте": True, "После акта": False}

    with case("the new version holds it"):
        programme.refresh_from_db()
        programme.revise(
            by=approver, act_title="Постановление № 9", act_date=act.date, act=act, reason="Добавили меру.",
            seen_version=programme.row_version,
        )  # fmt: skip
        assert ProgrammeVersion.objects.count() == 2
        assert pages() == ({"В акте": False, "После акта": False}, [False, False])


def test_year_of_a_promise_is_set_when_it_is_given(region, town, approver):
    dated = factories.programme(region, act_date=datetime.date(2024, 3, 1))
    by_act = factories.measure(
        town, status="draft", promised_year=None, direction=factories.direction(region, programme=dated)
    )
    bare = factories.measure(town, status="draft", promised_year=None)
    known = factories.measure(town, status="draft", promised_year=2021)

    before = timezone.localdate().year
    for one in (by_act, bare, known):
        one.move_to("planned", by=approver)

    assert (by_act.promised_year, known.promised_year) == (2024, 2021)
    assert before <= bare.promised_year <= timezone.localdate().year


@pytest.mark.invariant(82)
def test_past_due_measure_does_not_go_by_plan(client, region, town, head, approver, case):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    measure = factories.measure(town, due=yesterday, start=None, status="in_progress")
    year, period = measure.direction.programme.period_to_report(timezone.localdate())
    said = {"year": year, "period": period, "percent": 30, "text": "Копали.", "pace": "on_plan"}

    with case("the door"):
        report = factories.report(measure, status="draft", by=head, **said)
        with pytest.raises(ValidationError) as refusal:
            report.move_to("submitted", by=head)
        assert list(refusal.value.error_dict) == ["pace"]

    with case("the form does not offer it"):
        client.force_login(head)
        page = client.get(reverse("office:report_measure", args=[measure.pk, f"{year}-{period}"]))
        assert [value for value, _label in page.context["form"].fields["state"].choices] == ["behind", "done"]

    with case("one that was handed in in time is weighed, not taken without reservations"):
        report.pace, report.status = "on_plan", "submitted"
        report.submitted_at = timezone.now() - datetime.timedelta(days=5)
        report.submitted_by = head
        report.save()
        client.force_login(approver)
        review = client.get(reverse("office:review"))
        assert review.context["quiet"] == []
        assert "Срок меры прошёл, а она не выполнена." in review.content.decode()
