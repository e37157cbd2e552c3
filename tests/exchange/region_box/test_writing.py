"""What a second load may change, and what it leaves to people."""

import datetime
from decimal import Decimal

import pytest

from accounts.models import Role
from exchange.region_box.loading import load_region
from municipalities.models import Edition, Municipality, Population, Region
from sessions.models import Proposal, Session
from strategies.models import Goal, IndicatorValue, Measure, Priority, ProgressReport, Strategy, TargetChange
from tests import factories
from tests.conftest import person

from .test_reading import refusal


@pytest.fixture
def approver_here(db, box):
    """An approver of the region in the box, loaded already."""
    return person("here", Role.REGION_APPROVER, region=load_region(box.folder).region)


def counts(loaded):
    return loaded.total.added, loaded.total.changed, len(loaded.total.kept)


def test_writing_publishes_a_record_that_enters_as_public(db, box):
    load_region(box.folder)

    published = dict(Priority.objects.values_list("status", "published_at"))
    assert (published["published"] is None, published["draft"]) == (False, None)


def test_writing_keeps_days_without_an_hour_as_days(db, box):
    load_region(box.folder)

    known = Session.objects.order_by("starts_at").values_list("starts_at", "has_time")
    assert list(known) == [
        (datetime.datetime(2018, 6, 21, 20, tzinfo=datetime.UTC), False),
        (datetime.datetime(2018, 8, 14, 6, tzinfo=datetime.UTC), True),
    ]


def test_writing_updates_a_changed_row_and_bumps_the_edition(db, box, committed):
    with committed():
        load_region(box.folder)
    box.replace("populations.csv", "167100", "167200")
    box.replace("priorities.csv", "p1,s1,g2,Благоустройство,urban", "p1,s1,g1,Благоустройство,utilities")

    with committed():
        again = load_region(box.folder)

    assert counts(again) == (0, 2, 0)
    assert Population.objects.get(year=2020).people == 167_200
    priority = Priority.objects.get(title="Благоустройство")
    assert (priority.sphere, priority.goal.text, priority.row_version) == ("utilities", "Удобный город", 2)
    assert Edition.current() == 2


def test_writing_never_erases_by_an_empty_cell_nor_by_a_row_that_went(db, box):
    load_region(box.folder)
    box.replace("populations.csv", "syzran,2020,167100,town,оценка\n", "")
    box.replace("priorities.csv", "Благоустройство,urban", "Благоустройство,")
    box.replace("measures.csv", "syzran;chapaevsk", "syzran")

    again = load_region(box.folder)

    assert counts(again) == (0, 0, 0)
    assert Population.objects.count() == 2
    assert Priority.objects.get(title="Благоустройство").sphere == "urban"
    assert Measure.objects.get(code="m2").towns.count() == 2


def test_writing_adds_a_town_to_a_list(db, box):
    load_region(box.folder)
    box.replace("sessions.csv", "strategic,syzran,,", "strategic,syzran,chapaevsk,")

    again = load_region(box.folder)

    assert counts(again) == (0, 1, 0)
    assert Session.objects.get(slug="syzran-2018").towns.get().slug == "chapaevsk"


def test_writing_leaves_a_status_that_people_moved(box, approver_here):
    priority = Priority.objects.get(title="Благоустройство")
    priority.move_to("archived", by=approver_here, reason="Сделано")

    again = load_region(box.folder)

    assert counts(again) == (0, 0, 0)
    assert Priority.objects.get(pk=priority.pk).status == "archived"


def test_writing_mends_a_text_of_a_moved_record_and_leaves_its_status(box, approver_here):
    priority = Priority.objects.get(title="Благоустройство")
    priority.move_to("archived", by=approver_here, reason="Сделано")
    box.replace("priorities.csv", "Благоустройство,urban", "Благоустройство,ecology")

    again = load_region(box.folder)

    priority.refresh_from_db()
    assert (counts(again), priority.status, priority.sphere) == ((0, 1, 0), "archived", "ecology")


def test_writing_leaves_a_published_report_and_what_it_did(box, approver_here):
    measure = Measure.objects.get(code="m1")
    writer = person("writer", Role.MUNICIPAL_HEAD, municipality=measure.municipality)
    report = factories.report(measure, by=writer)
    report.move_to("submitted", by=writer)
    report.move_to("published", by=approver_here)

    again = load_region(box.folder)

    measure.refresh_from_db()
    assert counts(again) == (0, 0, 0)
    assert (ProgressReport.objects.get().status, measure.status, measure.percent) == ("published", "in_progress", 40)


def test_writing_keeps_the_story_of_a_promised_target(db, box):
    load_region(box.folder)
    box.replace("indicator_values.csv", "i1,2030,20,", "i1,2030,15,")

    again = load_region(box.folder)

    value = IndicatorValue.objects.get(year=2030)
    assert (counts(again), value.target) == ((0, 1, 0), 15)
    assert list(TargetChange.objects.values_list("value", "old_target", "new_target", "reason")) == [
        (value.pk, 20, 15, "Загрузка региона из файлов")
    ]


def test_writing_changes_a_fact_or_a_hidden_target_without_a_story(db, box):
    load_region(box.folder)
    Priority.objects.filter(title="Благоустройство").update(status="draft")
    box.replace("indicator_values.csv", "i1,2020,10,10", "i1,2020,10,10.2")
    box.replace("indicator_values.csv", "i1,2030,20,", "i1,2030,15,")

    again = load_region(box.folder)

    assert counts(again) == (0, 2, 0)
    assert sorted(IndicatorValue.objects.values_list("target", "actual")) == [(10, Decimal("10.2")), (15, None)]
    assert TargetChange.objects.count() == 0


def test_writing_leaves_and_names_what_people_edited(db, box):
    load_region(box.folder)
    proposal = Proposal.objects.get()
    proposal.public_text = "Благоустроить набережную у кремля"
    proposal.save()

    again = load_region(box.folder)

    assert counts(again) == (0, 0, 1)
    assert str(again.total.kept[0]) == (
        "proposals.csv:2: «П-01: Благоустроить набережную у кремля» правили на сайте: оставлено как там"
    )
    assert Proposal.objects.get().public_text == "Благоустроить набережную у кремля"


def test_writing_leaves_rows_of_people_with_other_keys(db, box):
    load_region(box.folder)
    strategy = Strategy.objects.get(title="Стратегия Сызрани")
    own = factories.priority(strategy, title="Туризм")
    goal = factories.goal(strategy, text="Гости города")

    again = load_region(box.folder)

    assert counts(again) == (0, 0, 0)
    assert (Priority.objects.get(pk=own.pk).title, Goal.objects.get(pk=goal.pk).text) == ("Туризм", "Гости города")


def test_writing_refuses_to_move_a_promised_date(db, box):
    load_region(box.folder)
    box.replace("measures.csv", "2027-12-31", "2028-12-31")

    assert refusal(box) == ["measures.csv:2: due: срок уже обещан (2027-12-31): его переносят на сайте, с причиной"]


def test_writing_refuses_to_move_the_date_of_an_announced_session(db, box):
    box.replace("sessions.csv", "2018-08-14 10:00,,,held", "2118-08-14 10:00,,,announced")
    load_region(box.folder)
    box.replace("sessions.csv", "2118-08-14", "2118-08-15")

    assert refusal(box) == ["sessions.csv:3: starts: сессия ещё впереди: дату переносят на сайте, с причиной"]


def test_writing_adopts_a_reference_town_and_its_region(db, box):
    region = Region.objects.create(name="Самарская область", slug="samarskaya-oblast")
    fias = "e9e684ce-7d60-4480-ba14-ca6da658188b"
    town = Municipality.objects.create(region=region, name="Сызрань", slug="sizran", fias_id=fias, is_reference=True)
    box.write(
        "municipalities.csv", "slug,name,kind,fias_id,in_programme",
        "district,Сызранский район,district,,no", f"syzran,Сызрань,urban_okrug,{fias},yes",
        "chapaevsk,Чапаевск,urban_okrug,,yes",
    )  # fmt: skip

    load_region(box.folder)

    town.refresh_from_db()
    region.refresh_from_db()
    assert (town.slug, town.is_reference, region.slug, region.is_active) == ("syzran", False, "samara-oblast", True)
    assert (Region.objects.count(), Municipality.objects.count()) == (1, 3)
