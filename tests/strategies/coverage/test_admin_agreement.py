"""The workshop reads promises and findings, and takes steps with them through the door only."""

from strategies.models import Commitment, Finding
from tests import factories
from tests.admin_pages import page


def links(town, condition="тайна города"):
    link = factories.link(factories.priority(factories.strategy(town)), factories.measure(town))
    return [
        factories.commitment(link, "region", status="draft", condition="слово области"),
        factories.commitment(link, "town", status="draft", condition=condition),
    ]


def test_workshop_gives_the_word_of_the_region_through_the_door(client, town, approver, region_editor):
    of_region, of_town = links(town)
    client.force_login(approver)

    assert "слово области" in client.get(page("strategies_commitment_change", of_region.pk)).content.decode()
    moved = client.post(f"{page('strategies_commitment_change', of_region.pk)[:-7]}move/confirmed/", {"reason": ""})
    assert (moved.status_code, Commitment.objects.get(pk=of_region.pk).status) == (302, "confirmed")
    # The other side's draft is not there, and nothing is written or deleted here.
    assert client.get(page("strategies_commitment_change", of_town.pk)).status_code == 302
    assert "тайна" not in client.get(page("strategies_commitment_changelist")).content.decode()
    assert client.get(page("strategies_commitment_add")).status_code == 403
    assert client.post(page("strategies_commitment_delete", of_region.pk), {"post": "yes"}).status_code == 403
    assert client.post(page("strategies_commitment_change", of_region.pk), {"condition": "Иное"}).status_code == 403


def test_workshop_settles_a_finding_with_a_reason_only(client, region, region_editor):
    finding = Finding.objects.create(region=region, kind="money_sum", key="x", text="Не сходится")
    client.force_login(region_editor)
    address = f"{page('strategies_finding_change', finding.pk)[:-7]}move/dismissed/"

    client.post(address, {"reason": " "})
    assert Finding.objects.get().status == "open"
    client.post(address, {"reason": "Итог без НДС"})
    assert Finding.objects.values_list("status", "settled_because").get() == ("dismissed", "Итог без НДС")


def test_workshop_keeps_findings_in_their_region(client, region, other_approver):
    finding = Finding.objects.create(region=region, kind="money_sum", key="x", text="Не сходится")
    client.force_login(other_approver)

    assert client.get(page("strategies_finding_change", finding.pk)).status_code == 302
