"""What no page sends and what two people send: the workshop's lists of records, and a tick beside changed words."""

import re

from django.contrib import admin
from django.urls import reverse

from accounts.models import Role, RoleAssignment
from municipalities.models import Head
from tests import factories
from tests.admin_pages import complaints, save
from tests.conftest import JOINED, person
from tests.refusals import messages
from tests.world import World


def test_a_list_of_records_refuses_what_is_no_number(client, town, case):
    measure = factories.measure(town)
    client.force_login(person("writer", Role.REGION_EDITOR, region=town.region))
    for sent in ("9" * 5000, "9" * 20, "два"):
        with case(f"{sent[:3]} of {len(sent)}"):
            response = save(client, "strategies_measure_change", measure.pk, changes={"basis": sent, "towns": [sent]})

            assert response.status_code == 200
            assert len(complaints(response)) == 2


def test_a_filter_of_the_workshop_refuses_what_no_database_takes(client, region, case):
    """The region of a record, and the years of its calendar."""
    world = World(region)
    person_of_all = world.admin
    for role in (Role.REGION_EDITOR, Role.REGION_APPROVER):
        factories.make(RoleAssignment, user=person_of_all, role=role, region=region, valid_from=JOINED)
    client.force_login(person_of_all)
    for model, model_admin in admin.site._registry.items():
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        calendar = [f"{model_admin.date_hierarchy}__year"] if model_admin.date_hierarchy else []
        for name in ["region", "region__id__exact", *calendar]:
            with case(f"{url} {name}"):
                assert client.get(url, {name: "9" * 20}).status_code in {200, 302}


def test_a_tick_of_the_form_is_no_difference_to_tell(client, town):
    """Two people at once on a published proposal: the second ticked that the former text is not shown."""
    proposal = factories.proposal(town, status="on_review", public_text="Свет во дворе")
    client.force_login(person("writer", Role.MUNICIPAL_HEAD, municipality=town))
    address = reverse("office:proposal", args=[proposal.pk])
    shown = client.get(address).content.decode()
    seen = re.search(r'name="seen_version" value="(\d+)"', shown)[1]
    type(proposal)._base_manager.filter(pk=proposal.pk).update(
        public_text="Свет у школы", row_version=proposal.row_version + 1
    )
    typed = {
        "do": "text",
        "public_text": "Свет в парке",
        "kind": proposal.kind,
        "why": "Уточнили",
        "drops_former": "on",
    }

    response = client.post(address, typed | {"drops_former": "on", "seen_version": seen})

    assert response.status_code in {200, 422}
    page_now = response.content.decode()
    assert "Свет в парке" in page_now
    assert "Сейчас в базе: «Свет у школы». У вас: «Свет в парке»." in page_now


def test_a_term_written_another_way_is_refused_in_words(client, town, case):
    """A head's days as people write them: the page answered 500."""
    factories.make(Head, municipality=town, name="Анна Ким", since="2018")
    client.force_login(person("writer", Role.REGION_EDITOR, region=town.region))
    for sent in ("15.10.2025", "октябрь 2025", "2025-13", "-", "9" * 5000):
        for field in ("since", "until"):
            with case(f"{field}={sent[:12]}"):
                response = save(
                    client, "municipalities_municipality_change", town.pk, changes={f"heads-0-{field}": sent}
                )

                assert response.status_code == 200
                assert complaints(response)


def test_years_that_nobody_means_are_refused_in_words(client, town, case):
    """«20255» in the years of a programme answered 500, in those of a strategy it was believed."""
    programme = factories.programme(town.region, status="draft")
    factories.measure(town, direction=factories.direction(town.region, programme=programme), status="draft")
    strategy = factories.strategy(town)
    client.force_login(person("writer", Role.REGION_EDITOR, region=town.region))
    address = reverse("office:programme_edit", args=[programme.pk])
    for sent in (20255, 9 * 10**20, 3):
        for field in ("year_from", "year_to"):
            with case(f"{field}={sent}"):
                setattr(strategy, field, sent)
                assert "Годы — от 1900 до 2200." in messages(strategy.full_clean)
                response = client.post(address, {"title": "Дороги", field: sent, "seen_version": programme.row_version})
                assert response.status_code == 422
                assert "Годы — от 1900 до 2200." in response.content.decode()
                strategy.refresh_from_db()


def test_a_count_of_rows_that_no_page_sends_is_refused(client, town, case):
    factories.make(Head, municipality=town, name="Иванов")
    client.force_login(person("writer", Role.REGION_EDITOR, region=town.region))
    for name in ("INITIAL_FORMS", "TOTAL_FORMS"):
        for sent in ("-1", "0", "7", "два", "", "9" * 20):
            with case(f"{name} {sent[:3]}"):
                response = save(client, "municipalities_municipality_change", town.pk, changes={f"heads-{name}": sent})

                assert response.status_code in {200, 302, 400}
