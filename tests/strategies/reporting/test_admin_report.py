"""Progress reports in the workshop: read and decided here, written by the towns, untouched once published."""

import pytest
from django.contrib.messages import get_messages

from strategies.models import ProgressReport
from tests import factories
from tests.admin_pages import page, save, typed


@pytest.fixture
def report(town, editor):
    return factories.report(factories.measure(town), by=editor)


@pytest.mark.parametrize("actor", ["region_editor", "approver", "region_admin", "admin_user"])
def test_published_report_is_read_only_for_everybody(client, request, head, approver, report, actor):
    report.move_to("submitted", by=head)
    report.move_to("published", by=approver)
    client.force_login(request.getfixturevalue(actor))
    url = page("strategies_progressreport_change", report.pk)

    opened, posted = client.get(url), client.post(url, {"text": "Другое"})
    deleted = client.post(page("strategies_progressreport_delete", report.pk), {"post": "yes"})

    assert (opened.status_code, list(opened.context["adminform"].form.fields)) == (200, ["seen_version"])
    assert (posted.status_code, deleted.status_code) == (403, 403)
    assert ProgressReport.objects.get().text == "Сделали первый участок."


def test_region_does_not_write_the_report_of_a_town(client, region_editor, town, report):
    client.force_login(region_editor)
    url = page("strategies_progressreport_change", report.pk)

    posted = client.post(url, {"text": "Другое"})
    added = save(
        client, "strategies_progressreport_add",
        changes={"measure": report.measure_id, "year": 2026, "period": "q2", "text": "За город", "percent": 50,
                 "reported_status": "in_progress"},
    )  # fmt: skip

    assert (posted.status_code, added.context["adminform"].form.errors.keys()) == (403, {"measure"})
    assert ProgressReport.objects.get().text == "Сделали первый участок."


def test_region_editor_writes_the_report_of_a_region_wide_measure(client, region_editor, region):
    client.force_login(region_editor)
    measure = factories.measure(region)
    milestone = measure.milestones.create(title="Конкурс", due="2026-03-01")

    added = save(
        client, "strategies_progressreport_add",
        changes={"measure": measure.pk, "year": 2026, "period": "q1", "text": "Объявили", "percent": 10,
                 "reported_status": "in_progress"},
    )  # fmt: skip
    report = ProgressReport.objects.get()
    changed = save(
        client, "strategies_progressreport_change", report.pk,
        changes={"percent": 20, "milestones-TOTAL_FORMS": 1, "milestones-0-milestone": milestone.pk,
                 "milestones-0-done_on": "01.03.2026"},
    )  # fmt: skip
    report.refresh_from_db()

    assert (added.status_code, changed.status_code) == (302, 302)
    assert (report.percent, report.created_by, report.milestones.get().milestone) == (20, region_editor, milestone)


def test_approver_returns_a_report_with_a_comment(client, approver, head, report):
    report.move_to("submitted", by=head)
    client.force_login(approver)

    client.post(page("strategies_progressreport_move", report.pk, "returned"), {"reason": "Нет сумм", "row_version": 2})

    report.refresh_from_db()
    assert (report.status, report.return_comment) == ("returned", "Нет сумм")


def test_nobody_publishes_the_report_they_wrote(client, approver, head, town):
    report = factories.report(factories.measure(town), by=approver)
    report.move_to("submitted", by=head)
    client.force_login(approver)

    response = client.post(
        page("strategies_progressreport_changelist"),
        {"action": "move_to_published", "_selected_action": [report.pk], "confirmed": "1", "reason": ""},
    )

    assert [str(one) for one in get_messages(response.wsgi_request)] == [
        f"«{report}»: Нельзя: у вашей роли нет права на этот шаг."
    ]
    assert client.get(page("strategies_progressreport_change", report.pk)).context["steps"] == []


def test_report_of_another_region_is_not_opened(client, other_approver, report):
    client.force_login(other_approver)

    assert client.get(page("strategies_progressreport_change", report.pk)).url == page("index")


def test_draft_form_offers_rows_of_its_own_measure_only(client, region_editor, region):
    client.force_login(region_editor)
    measure, other = factories.measure(region), factories.measure(region)
    own = measure.milestones.create(title="Своя", due="2026-03-01")
    foreign = other.milestones.create(title="Чужая", due="2026-03-01")
    report = factories.report(measure, by=region_editor)
    url = page("strategies_progressreport_change", report.pk)

    shown = client.get(url)
    new = {"milestones-TOTAL_FORMS": 1, "milestones-0-milestone": foreign.pk, "milestones-0-done_on": "01.03.2026"}
    refused = client.post(url, typed(shown, new))

    formset = shown.context["inline_admin_formsets"][0].formset
    assert formset.empty_form.fields["milestone"].choices == [("", "—"), (own.pk, "Своя")]
    assert (refused.status_code, report.milestones.count()) == (200, 0)
