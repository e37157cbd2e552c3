"""How a report is written: one draft however often a form comes, checked values, nothing added once it is handed in."""

import datetime
import hashlib
import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.utils import timezone
from PIL import Image

from accounts.models import JournalEntry, Role, User
from documents.evidence import check_evidence
from strategies.models import (
    Evidence,
    Funding,
    Indicator,
    IndicatorValue,
    Milestone,
    ProgressReport,
    ReportedActual,
    ReportedMilestone,
    ReportedSpending,
)
from strategies.reporting.models.drafting import hand_in, keep_typed, report_on_the_way, write
from tests import PATIENCE, factories, files
from tests.conftest import person
from tests.refusals import codes, database_refuses, messages
from tests.strategies.reporting.answers import kept_files, upload

KEY, OTHER_KEY = uuid.UUID(int=1), uuid.UUID(int=2)
TYPED = {"text": ["Опоры стоят."]}
VALUES = {"text": "Опоры стоят.", "percent": 45, "reported_status": "in_progress", "pace": "on_plan"}
NOTHING = {"milestones": {}, "actuals": {}, "spendings": {}}


@pytest.fixture
def measure(town):
    return factories.measure(town)


def keep(subject, by, *, key=KEY, known_version=None, typed=TYPED, corrects=None):
    """What is typed comes from a form for the third quarter."""
    return keep_typed(subject, 2026, "q3", typed=typed, key=key, known_version=known_version, by=by, corrects=corrects)


def stored():
    """Every report with what a draft keeps."""
    return list(ProgressReport.objects.order_by("pk").values_list("status", "typed", "row_version", "created_by"))


# ——— Who writes ———


@pytest.mark.parametrize(
    "stranger", ["outsider", "region_editor", "approver", "other_approver", "wg_member", "region_admin", "admin_user"]
)
def test_draft_of_a_stranger_is_refused(measure, town, request, stranger):
    by, priority = request.getfixturevalue(stranger), factories.priority(factories.strategy(town))

    for subject in (measure, priority):
        with pytest.raises(PermissionDenied):
            keep(subject, by)

    assert stored() == []


@pytest.mark.parametrize(
    "stranger", ["head", "editor", "approver", "other_approver", "wg_member", "region_admin", "admin_user"]
)
def test_draft_on_a_measure_of_the_region_is_its_editors(region, region_editor, request, stranger):
    measure = factories.measure(region)
    with pytest.raises(PermissionDenied):
        keep(measure, request.getfixturevalue(stranger))

    report, _is_sent = keep(measure, region_editor)

    assert stored() == [("draft", TYPED, 1, region_editor.pk)]
    assert report.territory == (region.pk, None)


def test_draft_of_another_town_stays_as_it_is(measure, head, outsider):
    keep(measure, head)

    with pytest.raises(PermissionDenied):
        keep(measure, outsider, known_version=1, typed={"text": ["Чужой текст"]})

    assert stored() == [("draft", TYPED, 1, head.pk)]


# ——— One draft ———


@pytest.mark.invariant(33)
def test_draft_is_one_whoever_writes_and_keeps_its_author(measure, editor, head):
    keep(measure, editor)

    report, is_sent = keep(measure, head, key=OTHER_KEY, known_version=1, typed={"text": ["Текст главы"]})

    assert is_sent is False
    assert stored() == [("draft", {"text": ["Текст главы"]}, 2, editor.pk)]
    assert ProgressReport.objects.get().form_key == OTHER_KEY


@pytest.mark.parametrize("known_version", [None, 0, 2])
def test_draft_that_somebody_changed_is_not_overwritten(measure, editor, head, known_version):
    keep(measure, editor)

    refusal = codes(keep, measure, head, key=OTHER_KEY, known_version=known_version, typed={"text": ["Поверх"]})

    assert refusal == ["changed_meanwhile"]
    assert stored() == [("draft", TYPED, 1, editor.pk)]


def test_form_sent_again_keeps_the_later_words(measure, head):
    keep(measure, head)

    keep(measure, head, typed={"text": ["Опоры стоят, тянем кабель."]})

    assert stored() == [("draft", {"text": ["Опоры стоят, тянем кабель."]}, 2, head.pk)]


def test_form_sent_again_after_it_was_handed_in_changes_nothing(measure, head):
    report, _is_sent = keep(measure, head)
    write(report, VALUES, **NOTHING)
    hand_in(report, by=head)
    before = stored()

    again, is_sent = keep(measure, head, typed={"text": ["Ещё раз"]})

    assert (again.pk, is_sent) == (report.pk, True)
    assert codes(keep, measure, head, key=OTHER_KEY, known_version=report.row_version) == ["already_sent"]
    assert stored() == before == [("submitted", {}, 3, head.pk)]


def test_draft_for_a_period_that_was_published_is_not_begun(measure, head, approver):
    report, _is_sent = keep(measure, head)
    write(report, VALUES, **NOTHING)
    hand_in(report, by=head)
    report.move_to("published", by=approver)

    # The database would let the draft be: it is publication that is refused. A correction is what may be written.
    correction, _is_sent = keep(measure, head, key=OTHER_KEY, corrects=report)

    assert (correction.corrects, correction.year, correction.period) == (report, 2026, "q3")
    assert codes(keep, measure, head, corrects=correction) == ["not_published"]


def test_draft_of_a_period_that_has_not_begun_is_refused(measure, head):
    next_year = timezone.localdate().year + 1

    refusal = messages(keep_typed, measure, next_year, "q1", typed={}, key=KEY, known_version=None, by=head)

    assert refusal == ["Отчёт за период, который ещё не начался, не сдают."]
    assert stored() == []


def test_returned_report_is_taken_in_hand_by_the_first_word(measure, editor, head, approver):
    report, _is_sent = keep(measure, head)
    write(report, VALUES, **NOTHING)
    hand_in(report, by=head)
    report.move_to("returned", by=approver, reason="Приложите фото.")

    keep(measure, editor, key=OTHER_KEY, known_version=report.row_version, typed={"text": ["Приложили."]})

    draft = ProgressReport.objects.get()
    assert (draft.status, draft.typed, draft.return_comment, draft.needs_mending) == (
        "draft", {"text": ["Приложили."]}, "Приложите фото.", True,
    )  # fmt: skip
    assert [entry.to_status for entry in JournalEntry.objects.about(draft)] == ["submitted", "returned", "draft"]


@pytest.mark.invariant(33)
@pytest.mark.parametrize("kind", ["measure", "priority"])
@pytest.mark.usefixtures("checked")
def test_second_report_on_the_way_is_refused(measure, town, head, approver, kind):
    subject = measure if kind == "measure" else factories.priority(factories.strategy(town))
    first = factories.report(subject, by=head, status="submitted")

    for status in ("draft", "submitted", "returned"):
        database_refuses(ProgressReport, _copy(first, status=status))
    assert messages(factories.report, subject, by=head) == ["Отчёт за этот период уже пишут или проверяют."]

    first.move_to("published", by=approver)
    factories.report(subject, by=head, corrects=first)
    database_refuses(ProgressReport, _copy(first, status="draft", corrects=first))
    assert messages(factories.report, subject, by=head, corrects=first) == [
        "Исправление этого отчёта уже пишут или проверяют."
    ]
    assert ProgressReport.objects.count() == 2


@pytest.mark.invariant(33)
def test_report_on_both_or_on_nothing_is_refused(measure, town, head):
    priority = factories.priority(factories.strategy(town))
    report = factories.report(measure, by=head)

    for subject in ({"measure": measure, "priority": priority}, {"measure": None, "priority": None}):
        database_refuses(ProgressReport, _copy(report, period="q2", period_end=datetime.date(2026, 6, 30), **subject))
    assert ProgressReport.objects.count() == 1


def _copy(report, **changes):
    """A report like another one, not saved."""
    names = ("measure", "priority", "year", "period", "period_end", "text", "percent", "reported_status")
    return ProgressReport(**({name: getattr(report, name) for name in names} | changes))


# ——— What is written ———


@pytest.fixture
def parts(measure):
    """What a report on the measure may speak of."""
    indicator = factories.make(Indicator, measure=measure, name="Светильники", unit="шт.")
    factories.make(IndicatorValue, indicator=indicator, year=2026, target=100)
    point = factories.make(Milestone, measure=measure, title="Опоры", due=datetime.date(2026, 6, 1))
    return {
        "milestones": {point: datetime.date(2026, 5, 2)},
        "actuals": {(indicator, 2026): (60, True, "Ждём поставку.")},
        "spendings": {factories.make(Funding, measure=measure, year=2026, source="local", planned=500): 120},
    }  # fmt: skip


def test_write_puts_the_parts_anew(measure, head, parts):
    report, _is_sent = keep(measure, head)
    write(report, VALUES, **parts)
    assert [len(getattr(report, name).all()) for name in parts] == [1, 1, 1]

    write(report, VALUES | {"percent": 50}, **(parts | {"milestones": {}, "actuals": {}}))

    assert (ReportedMilestone.objects.count(), ReportedActual.objects.count()) == (0, 0)
    assert ReportedSpending.objects.values_list("report", "spent").get() == (report.pk, 120)
    assert ProgressReport.objects.values_list("percent", "row_version").get() == (50, 3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reported_status": "done"}, "Готовность от 0 до 100 %, и 100 % — только если мера выполнена."),
        ({"percent": 100}, "Готовность от 0 до 100 %, и 100 % — только если мера выполнена."),
        ({"reported_status": "not_done"}, "Напишите причину: почему не выполнено или перенесено."),
        ({"text": ""}, "Это поле не может быть пустым."),
        ({"reported_status": "хорошо"}, "Значения 'хорошо' нет среди допустимых вариантов."),
    ],
)
def test_write_refuses_what_the_models_refuse(measure, head, changes, message):
    report, _is_sent = keep(measure, head)

    assert messages(write, report, VALUES | changes, **NOTHING) == [message]
    assert ProgressReport.objects.values_list("text", "percent").get() == ("", None)


def test_write_refuses_parts_of_another_measure(measure, town, head):
    other = factories.measure(town)
    report, _is_sent = keep(measure, head)
    point = factories.make(Milestone, measure=other, title="Чужая", due=datetime.date(2026, 6, 1))
    money = factories.make(Funding, measure=other, year=2026, source="local", planned=500)
    indicator = factories.make(Indicator, measure=other, name="Чужой", unit="шт.")

    refusals = [
        messages(write, report, VALUES, **(NOTHING | said))
        for said in (
            {"milestones": {point: datetime.date(2026, 5, 2)}},
            {"spendings": {money: 10}},
            {"actuals": {(indicator, 2026): (1, False, "")}},
        )
    ]

    assert refusals == [
        ["Это контрольная точка другой меры."], ["Это деньги другой меры."], ["Это показатель другой меры."],
    ]  # fmt: skip


# ——— Nothing is added once it is handed in ———


def _attach(report, by):
    return Evidence.attach(report, [check_evidence(upload(files.photo()))], stage="after", by=by)


@pytest.mark.invariant(35)
@pytest.mark.parametrize("status", ["submitted", "published"])
def test_evidence_is_neither_attached_nor_removed_after_the_report_was_handed_in(measure, head, approver, status):
    report, _is_sent = keep(measure, head)
    write(report, VALUES, **NOTHING)
    [evidence] = _attach(report, head)
    stale = ProgressReport.objects.get()
    hand_in(report, by=head)
    if status == "published":
        report.move_to("published", by=approver)
    before = kept_files()

    other = check_evidence(upload(files.photo(30, 30)))
    assert codes(Evidence.attach, stale, [other], stage="after", by=head) == ["already_sent"]
    assert codes(evidence.remove) == ["already_sent"]

    assert (Evidence.objects.get(), kept_files()) == (evidence, before)


@pytest.mark.invariant(35)
def test_evidence_of_a_photo_keeps_the_copy_without_place_and_owner_only(measure, head):
    before = set(kept_files())
    report, _is_sent = keep(measure, head)

    [evidence] = _attach(report, head)

    assert sorted(set(kept_files()) - before) == sorted([evidence.file.name, evidence.thumbnail.name])
    for stored_file in (evidence.file, evidence.thumbnail):
        with stored_file.open() as content, Image.open(content) as picture:
            assert (dict(picture.getexif()), picture.format) == ({}, "JPEG")
            content.seek(0)
            assert files.OWNER.encode() not in content.read()
    assert evidence.sha256 == hashlib.sha256(files.photo()).hexdigest()


@pytest.mark.django_db(transaction=True)
def test_evidence_of_a_returned_report_may_go(measure, head, approver):
    before = kept_files()
    report, _is_sent = keep(measure, head)
    write(report, VALUES, **NOTHING)
    [evidence] = _attach(report, head)
    hand_in(report, by=head)
    report.move_to("returned", by=approver, reason="Не тот снимок.")

    evidence.remove()

    assert (Evidence.objects.count(), kept_files()) == (0, before)


# ——— At the same moment: SQLite lets one writer in at a time, so only PostgreSQL can show it ———

if connection.vendor == "postgresql":

    def _at_once(*acts):
        """Run acts in threads of their own from one starting line; gives what each said, sorted."""
        line, said = threading.Barrier(len(acts), timeout=PATIENCE), []

        def run(act):
            try:
                line.wait()
                said.append(act())
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        return sorted(said)

    @pytest.mark.invariant(33)
    @pytest.mark.django_db(transaction=True)
    def test_form_that_comes_eight_times_at_once_makes_one_draft(town, head):
        subjects = [factories.measure(town), factories.priority(factories.strategy(town))]

        for subject in subjects:
            said = _at_once(*[lambda subject=subject: keep(subject, User.objects.get(pk=head.pk))[1]] * 8)
            assert said == [False] * 8

        assert [row[1:] for row in stored()] == [(TYPED, 8, head.pk)] * 2

    @pytest.mark.invariant(33)
    @pytest.mark.django_db(transaction=True)
    def test_two_forms_that_come_at_once_make_one_draft_and_the_second_is_told(town, head):
        measure = factories.measure(town)
        deputy = person("deputy", Role.MUNICIPAL_EDITOR, municipality=town)

        def send(by, key):
            try:
                keep(measure, User.objects.get(pk=by.pk), key=key)
            except Exception as refusal:  # noqa: BLE001 - whatever it is, the test names it
                return getattr(refusal, "code", repr(refusal))
            return "kept"

        said = _at_once(lambda: send(head, KEY), lambda: send(deputy, OTHER_KEY))

        assert said == ["changed_meanwhile", "kept"]
        assert ProgressReport.objects.count() == 1


def test_report_on_the_way_is_found_or_begun(measure, head):
    fresh = report_on_the_way(measure, 2026, "q3")
    assert (fresh.pk, fresh.measure, fresh.year, fresh.period) == (None, measure, 2026, "q3")

    kept, _is_sent = keep(measure, head)

    assert report_on_the_way(measure, 2026, "q3") == kept
    assert report_on_the_way(measure, 2026, "q2").pk is None
