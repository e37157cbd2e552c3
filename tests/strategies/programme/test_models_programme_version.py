"""The life of a programme: days to discuss, an act to approve, versions that are kept with what they changed."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.final import protect
from accounts.models import JournalEntry
from documents.models import Document
from strategies.models import Funding, Indicator, IndicatorValue, Measure, Milestone, Programme, ProgrammeVersion
from strategies.programme.models.version_content import content_of, measures_of
from strategies.programme.outcome import outcome_of
from tests import factories

TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)


def draft(region, **fields):
    """A draft programme with everything that an approval needs."""
    act = factories.document(region, title="Постановление о программе")
    defaults = {"status": "draft", "act_title": "Постановление № 1", "act_date": datetime.date(2026, 1, 10), "act": act}
    return factories.programme(region, title="Программа действий", **(defaults | fields))


def approved(town, approver):
    """An approved programme with one measure that has money, a milestone and a figure."""
    programme = draft(town.region)
    direction = factories.direction(town.region, programme=programme, title="Дороги")
    measure = factories.measure(town, direction=direction, title="Мост", code="1.1")
    factories.make(Funding, measure=measure, year=2026, source="regional", planned=700)
    factories.make(Funding, measure=measure, year=2026, source="local", planned="300.50")
    factories.make(Milestone, measure=measure, title="Опоры", due=datetime.date(2026, 5, 1))
    indicator = factories.make(Indicator, measure=measure, name="Пролёты", unit="шт.")
    factories.make(IndicatorValue, indicator=indicator, year=2027, target=4)
    programme.move_to("approved", by=approver)
    return programme, measure


def revise(programme, by, **fields):
    """A new version by a second act."""
    act = factories.document(programme.region, title="Постановление о изменениях", number="2")
    programme.refresh_from_db()
    defaults = {"act_title": "Постановление № 2", "act_date": datetime.date(2026, 11, 1), "act": act,
                "reason": "Денег стало меньше.", "seen_version": programme.row_version}  # fmt: skip
    return programme.revise(by=by, **(defaults | fields))


# ——— Discussion ———


@pytest.mark.invariant(66)
def test_discussion_needs_days_that_people_still_have(region, approver):
    programme = draft(region)
    with pytest.raises(ValidationError) as nothing:
        programme.move_to("discussion", by=approver)
    programme.refresh_from_db()
    programme.discussion_from, programme.discussion_to = TODAY - 9 * DAY, TODAY - DAY
    programme.save()
    with pytest.raises(ValidationError) as over:
        programme.move_to("discussion", by=approver)

    assert "первый и последний день" in str(nothing.value)
    assert over.value.code == "discussion_over"
    programme.refresh_from_db()
    assert programme.status == "draft"
    programme.discussion_to = TODAY
    programme.save()
    programme.move_to("discussion", by=approver)
    assert Programme.objects.public().discussed().get() == programme


@pytest.mark.invariant(66)
def test_discussion_is_not_cut_short(region, approver):
    programme = draft(region, discussion_from=TODAY, discussion_to=TODAY + DAY)
    programme.move_to("discussion", by=approver)

    with pytest.raises(ValidationError) as refusal:
        programme.move_to("approved", by=approver)

    assert refusal.value.code == "discussion_goes_on"
    programme.refresh_from_db()
    Programme.objects.filter(pk=programme.pk).update(discussion_to=TODAY)
    programme.refresh_from_db()
    programme.move_to("approved", by=approver)
    assert programme.status == "approved"


# ——— Approval ———


@pytest.mark.invariant(67)
@pytest.mark.parametrize(
    ("missing", "code"),
    [({"act_title": ""}, "no_act"), ({"act_date": None}, "no_act"), ({"act": None}, "no_act"),
     ({"act": "draft"}, "act_not_public"), ({"act": "foreign"}, "other_region")],
)  # fmt: skip
def test_action_programme_is_approved_by_a_published_act_only(region, other_region, approver, missing, code):
    if missing.get("act") == "draft":
        missing = {"act": factories.document(region, status="draft")}
    elif missing.get("act") == "foreign":
        missing = {"act": factories.document(other_region)}
    programme = draft(region, **missing)

    with pytest.raises(ValidationError) as refusal:
        programme.move_to("approved", by=approver)

    assert refusal.value.code == code
    programme.refresh_from_db()
    assert (programme.status, ProgrammeVersion.objects.count(), JournalEntry.objects.count()) == ("draft", 0, 0)


def test_other_support_is_approved_without_an_act(region, approver):
    programme = factories.programme(region, kind="federal", status="draft")

    programme.move_to("approved", by=approver)

    version = programme.versions.get()
    assert (version.number, version.act, version.measure_count, version.planned) == (1, None, 0, None)


@pytest.mark.invariant(67)
def test_act_of_a_programme_is_not_withdrawn(region, approver):
    programme = draft(region)
    programme.move_to("approved", by=approver)

    with pytest.raises(ValidationError) as refusal:
        programme.act.move_to(Document.Status.WITHDRAWN, by=approver, reason="Опечатка")

    assert refusal.value.code == "is_an_act"


@pytest.mark.invariant(68)
def test_approval_keeps_the_first_version_by_itself(town, approver):
    programme, measure = approved(town, approver)
    factories.measure(town, direction=measure.direction, status="draft")

    version = programme.versions.get()

    assert (version.number, version.act, version.act_title) == (1, programme.act, "Постановление № 1")
    assert (version.measure_count, version.planned, version.created_by) == (1, Decimal("1000.50"), approver)
    assert version.changes.count() == 0
    assert version.content["programme"] == {"title": "Программа действий", "year_from": 2018, "year_to": 2030}
    assert measures_of(version.content) == [
        {
            "id": measure.pk, "title": "Мост", "code": "1.1", "direction": "Дороги", "town": "Сызрань",
            "responsible": "Администрация", "start": "2026-01-01", "due": "2027-12-31",
            "money": {"2026:local": "300.50", "2026:regional": "700.00"}, "targets": {"2027:Пролёты, шт.": "4"},
            "milestones": {"Опоры": "2026-05-01"},
        }
    ]  # fmt: skip


# ——— Revision ———


@pytest.mark.invariant(68)
def test_revision_says_what_is_added_removed_and_changed(town, region, approver):
    programme, measure = approved(town, approver)
    gone = factories.measure(town, direction=measure.direction, title="Пристань")
    revise(programme, approver, reason="Появилась пристань.")
    added = factories.measure(region, direction=measure.direction, title="Школа")
    Measure.objects.filter(pk=gone.pk).update(status="cancelled")
    Measure.objects.filter(pk=measure.pk).update(due=datetime.date(2028, 6, 1), responsible="Минстрой")
    Funding.objects.filter(source="regional").update(planned=500)
    factories.make(Funding, measure=measure, year=2027, source="regional", planned=200)
    IndicatorValue.objects.update(target=3)
    Milestone.objects.update(due=datetime.date(2026, 9, 1))

    version = revise(programme, approver)

    shown = [(one.kind, one.title, one.measure_id, one.field, one.before, one.after) for one in version.changes.all()]
    assert shown == [
        ("added", "Школа", added.pk, "", "", ""),
        ("removed", "Пристань", gone.pk, "", "", ""),
        ("changed", "Мост", measure.pk, "responsible", "Администрация", "Минстрой"),
        ("changed", "Мост", measure.pk, "due", "2027-12-31", "2028-06-01"),
        ("changed", "Мост", measure.pk, "money:2026:regional", "700.00", "500.00"),
        ("changed", "Мост", measure.pk, "money:2027:regional", "", "200.00"),
        ("changed", "Мост", measure.pk, "targets:2027:Пролёты, шт.", "4", "3"),
        ("changed", "Мост", measure.pk, "milestones:Опоры", "2026-05-01", "2026-09-01"),
    ]
    assert (version.number, version.reason, version.planned) == (3, "Денег стало меньше.", Decimal("1000.50"))
    programme.refresh_from_db()
    assert (programme.act, programme.act_title, programme.act_date) == (version.act, "Постановление № 2",
                                                                         datetime.date(2026, 11, 1))  # fmt: skip
    counted = ProgrammeVersion.objects.with_counts().get(pk=version.pk)
    assert (counted.added, counted.removed, counted.changed) == (1, 1, 1)


def test_change_is_told_in_words_of_the_reader(town, approver):
    programme, measure = approved(town, approver)
    Funding.objects.filter(source="regional").update(planned=500)
    Milestone.objects.update(due=datetime.date(2026, 9, 1))
    IndicatorValue.objects.update(target=3)

    money, target, milestone = revise(programme, approver).changes.all()

    with override("ru"):
        assert [one.field_label for one in (money, target, milestone)] == [
            "деньги, 2026 год, областной бюджет", "показатель «Пролёты, шт.», 2027 год", "контрольная точка «Опоры»",
        ]  # fmt: skip
    assert money.values == {"before": Decimal("700.00"), "after": Decimal("500.00")}
    assert target.values == {"before": Decimal(4), "after": Decimal(3)}
    assert milestone.values == {"before": datetime.date(2026, 5, 1), "after": datetime.date(2026, 9, 1)}
    assert [(one.is_money, one.is_day, one.is_figure) for one in (money, target, milestone)] == [
        (True, False, False), (False, False, True), (False, True, False),
    ]  # fmt: skip


@pytest.mark.invariant(68)
def test_revision_without_a_difference_keeps_nothing(town, approver):
    programme, _measure = approved(town, approver)

    with pytest.raises(ValidationError) as refusal:
        revise(programme, approver)

    assert refusal.value.code == "nothing_changed"
    programme.refresh_from_db()
    assert (programme.act_title, programme.versions.count()) == ("Постановление № 1", 1)


@pytest.mark.invariant(68)
@pytest.mark.parametrize(
    ("fields", "code"),
    [({"reason": "  "}, "reason_needed"), ({"act_title": ""}, "no_act"), ({"act": None}, "no_act"),
     ({"seen_version": 0}, "changed_meanwhile")],
)  # fmt: skip
def test_revision_without_act_or_reason_or_after_somebody_else_is_refused(town, approver, fields, code):
    programme, measure = approved(town, approver)
    Measure.objects.filter(pk=measure.pk).update(title="Мост через Сызранку")

    with pytest.raises(ValidationError) as refusal:
        revise(programme, approver, **fields)

    assert refusal.value.code == code
    assert programme.versions.count() == 1


@pytest.mark.parametrize("who", ["region_editor", "other_approver", "head", "wg_member", "region_admin", "admin_user"])
def test_revision_is_the_approver_only(request, town, approver, who):
    programme, measure = approved(town, approver)
    Measure.objects.filter(pk=measure.pk).update(title="Мост через Сызранку")

    with pytest.raises(PermissionDenied):
        revise(programme, request.getfixturevalue(who))

    assert programme.versions.count() == 1


@pytest.mark.parametrize("status", ["draft", "prepared", "completed"])
def test_revision_needs_a_programme_in_force(town, approver, status):
    programme = draft(town.region, status=status)

    with pytest.raises(ValidationError) as refusal:
        revise(programme, approver)

    assert refusal.value.code == "not_in_force"


def test_first_version_of_a_programme_from_files_invents_nothing(town, approver):
    programme = factories.programme(town.region)
    factories.measure(town, direction=factories.direction(town.region, programme=programme))

    version = revise(programme, approver)

    assert (version.number, version.changes.count(), version.reason) == (1, 0, "Денег стало меньше.")


@pytest.mark.invariant(68)
def test_version_is_read_page_by_page(town, approver):
    programme = draft(town.region)
    direction = factories.direction(town.region, programme=programme)
    for number in range(53):
        factories.measure(town, direction=direction, title=f"Мера {number:02}")
    programme.move_to("approved", by=approver)

    version = ProgrammeVersion.objects.light().get()

    assert version.page_total == 2
    pages = [[one["title"] for one in version.promised(page)] for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 3, 0]
    assert pages[0] + pages[1] == [f"Мера {number:02}" for number in range(53)]
    assert version.promised(1)[0]["due"] == datetime.date(2027, 12, 31)
    assert version.promised(1)[0]["planned"] is None


@pytest.mark.invariant(68)
def test_version_follows_a_measure_to_the_decision_of_its_session(town, region, region_editor, approver):
    session = factories.session(town, title="Сессия о мосте", status="outcome", outcome="Мост нужен.",
                                minutes=factories.document(town, kind="minutes"))  # fmt: skip
    decision = session.decisions.create(number=7, text="Построить мост", due=datetime.date(2028, 1, 1))
    programme = draft(region)
    measure = decision.become_measure(factories.direction(region, programme=programme), by=region_editor)
    measure.move_to("planned", by=approver)

    programme.move_to("approved", by=approver)

    kept = measures_of(programme.versions.get().content)
    assert [(one["title"], one["decision"]) for one in kept] == [("Построить мост", "Сессия о мосте, № 7")]
    measure.refresh_from_db()
    assert list(measure.decisions.public()) == [decision]


@pytest.mark.parametrize("rows", [1, 3])
def test_content_asks_the_same_number_of_queries(town, django_assert_num_queries, rows):
    direction = factories.direction(town.region)
    for _row in range(rows):
        measure = factories.measure(town, direction=direction)
        factories.make(Funding, measure=measure, year=2026, source="local", planned=5)

    with django_assert_num_queries(5):
        content = content_of(direction.programme)

    assert len(measures_of(content)) == rows


# ——— End ———


def test_completion_says_what_came_of_it(town, approver):
    programme, _measure = approved(town, approver)
    with pytest.raises(ValidationError) as refusal:
        programme.move_to("completed", by=approver, reason=" ")
    assert refusal.value.code == "reason_needed"
    assert outcome_of(programme) is None

    programme.move_to("completed", by=approver, reason="Мост не построили: не нашли подрядчика.")

    outcome = outcome_of(programme)
    assert (outcome.summary, outcome.total) == ("Мост не построили: не нашли подрядчика.", 1)
    assert [(status, number) for status, _label, number in outcome.counts] == [("planned", 1)]


def test_versions_stay_public_with_their_programme_only(town, approver, other_region):
    programme, _measure = approved(town, approver)
    assert list(ProgrammeVersion.objects.public()) == [programme.versions.get()]

    Programme.objects.filter(pk=programme.pk).update(status="draft")

    assert list(ProgrammeVersion.objects.public()) == []


@pytest.mark.invariant(68)
def test_versions_and_their_changes_never_change(town, approver):
    programme, measure = approved(town, approver)
    Measure.objects.filter(pk=measure.pk).update(title="Мост через Сызранку")
    version = revise(programme, approver)
    for table in ("strategies_programmeversion", "strategies_versionchange"):
        protect(connection, table)  # on SQLite the suite runs without the triggers; the rollback drops them

    for rows, changed in (
        (ProgrammeVersion.objects.filter(pk=version.pk), {"reason": "Иначе"}),
        (version.changes.all(), {"after": "Иначе"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**changed)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)

    version.refresh_from_db()
    assert (version.reason, version.changes.get().after) == ("Денег стало меньше.", "Мост через Сызранку")
