"""The journal in the workshop: read by the region's staff, changed by nobody."""

import pytest

from accounts.models import JournalEntry
from tests import factories
from tests.admin_pages import page


@pytest.fixture
def entry(town, approver):
    strategy = factories.strategy(town)
    factories.priority(strategy, status="draft", title="Набережная").move_to("published", by=approver)
    return JournalEntry.objects.get()


@pytest.mark.parametrize("actor", ["region_editor", "approver", "region_admin", "admin_user"])
def test_journal_is_read_and_never_changed(client, request, entry, actor):
    client.force_login(request.getfixturevalue(actor))
    change, delete = page("accounts_journalentry_change", entry.pk), page("accounts_journalentry_delete", entry.pk)

    read = [client.get(page("accounts_journalentry_changelist")).status_code, client.get(change).status_code]
    refused = [
        client.get(page("accounts_journalentry_add")).status_code,
        client.post(change, {"reason": "Другое"}).status_code,
        client.get(delete).status_code,
        client.post(delete, {"post": "yes"}).status_code,
    ]

    assert (read, refused) == ([200, 200], [403] * 4)
    assert JournalEntry.objects.values_list("pk", "reason").get() == (entry.pk, "")


def test_journal_is_chosen_by_kind_of_record_and_searched(client, approver, entry):
    client.force_login(approver)
    url = page("accounts_journalentry_changelist")

    found = [
        client.get(url, query).context["cl"].result_count
        for query in ({"kind": "strategies.priority"}, {"kind": "strategies.measure"}, {"kind": "нет"},
                      {"q": "НАБЕРЕЖНАЯ"}, {"q": "мост"})
    ]  # fmt: skip

    assert found == [1, 0, 1, 1, 0]


def test_journal_of_another_region_is_not_read(client, other_approver, entry):
    client.force_login(other_approver)

    response = client.get(page("accounts_journalentry_change", entry.pk))

    assert (response.status_code, response.url) == (302, page("index"))
