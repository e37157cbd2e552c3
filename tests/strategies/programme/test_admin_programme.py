"""The workshop's page of a programme: how often it is reported on, by when, and how long the region may take."""

import datetime

import pytest

from strategies.models import Measure, Programme
from tests import factories
from tests.admin_pages import complaints, page, save

SETTINGS = {"rhythm": "half", "report_day": "20", "year_report_month": "2", "year_report_day": "10", "review_days": "3"}


@pytest.mark.parametrize("who", ["region_editor", "approver"])
def test_programme_keeps_its_reporting_settings(request, client, region, who):
    programme = factories.programme(region)
    client.force_login(request.getfixturevalue(who))

    response = save(client, "strategies_programme_change", programme.pk, changes=SETTINGS)

    assert response.status_code == 302
    assert Programme.objects.values_list(*SETTINGS).get() == ("half", 20, 2, 10, 3)


def test_programme_of_another_region_keeps_its_settings(client, region, other_approver):
    programme = factories.programme(region)
    client.force_login(other_approver)

    assert client.post(page("strategies_programme_change", programme.pk), SETTINGS).status_code == 302
    assert Programme.objects.values_list("rhythm", "report_day").get() == ("quarter", 15)


@pytest.mark.parametrize(
    ("field", "value"), [("report_day", "32"), ("year_report_month", "13"), ("review_days", "0"), ("rhythm", "week")]
)
def test_programme_with_nonsense_settings_is_not_saved(client, region, approver, field, value):
    programme = factories.programme(region)
    client.force_login(approver)

    response = save(client, "strategies_programme_change", programme.pk, changes={field: value})

    assert (response.status_code, len(complaints(response))) == (200, 1)
    assert Programme.objects.values_list("report_day", "review_days").get() == (15, 5)


def test_open_period_keeps_its_due_date_when_the_settings_change(client, region, approver):
    programme = factories.programme(region)
    cycle = factories.cycle(programme)
    due_on = cycle.due_on
    client.force_login(approver)

    save(client, "strategies_programme_change", programme.pk, changes={"report_day": "25"})

    cycle.refresh_from_db()
    assert cycle.due_on == due_on


def test_promised_measure_without_a_date_gets_one_and_a_date_that_stands_stays(client, region, town, region_editor):
    dated, bare = factories.measure(town), factories.measure(town, due=None)
    due = dated.due
    client.force_login(region_editor)

    assert save(client, "strategies_measure_change", bare.pk, changes={"due": "15.06.2027"}).status_code == 302
    save(client, "strategies_measure_change", dated.pk, changes={"due": "15.06.2027"})

    assert dict(Measure.objects.values_list("pk", "due")) == {dated.pk: due, bare.pk: datetime.date(2027, 6, 15)}
