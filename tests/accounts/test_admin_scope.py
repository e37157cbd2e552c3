"""Lists and suggestions of the workshop: the own region only, any case of letters, the same cost for any number."""

import datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from model_bakery import baker

from accounts.models import Role, RoleAssignment
from documents.models import Document
from municipalities.models import Head, Municipality, Population
from sessions.models import Practice, Section
from strategies.models import Goal, Indicator, Priority, Strategy
from tests import factories
from tests.admin_pages import page, save
from tests.conftest import StrictClient, person


def fill(town, number=1):
    """Records of every kind, `number` of each, about one town."""
    direction = factories.direction(town.region)
    for _ in range(number):
        strategy = factories.strategy(town)
        goal = factories.goal(strategy)
        factories.goal(strategy, parent=goal)
        priority = factories.priority(strategy, goal=goal, status="draft")
        measure = factories.measure(town, direction=factories.direction(town.region, programme=direction.programme))
        factories.programme(town.region)
        factories.report(measure)
        factories.make(Indicator, priority=priority, name="Длина", unit="км")
        factories.make(Indicator, measure=measure, name="Длина", unit="км")
        factories.make(Indicator, municipality=town, name="Длина", unit="км")
        factories.document(town)
        session = factories.session(town)
        factories.make(Section, session=session, title="Экономика")
        proposal = factories.proposal(town, priority=priority, session=session)
        proposal.move_to("on_review", by=_mover(town))


def _mover(town):
    role = RoleAssignment.objects.filter(municipality=town, role=Role.MUNICIPAL_EDITOR).first()
    return role.user if role else person(f"mover-{town.slug}", Role.MUNICIPAL_EDITOR, municipality=town)


def listed(client, model, **query):
    """The rows that a list shows."""
    response = client.get(page(f"{model._meta.app_label}_{model._meta.model_name}_changelist"), query)
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def suggested(client, field, term=""):
    """What a field offers while one types: numbers of records."""
    app, model, name = field.split(".")
    query = {"app_label": app, "model_name": model, "field_name": name, "term": term}
    response = client.get(reverse("admin:autocomplete"), query)
    assert response.status_code == 200
    return [row["id"] for row in response.json()["results"]]


MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def test_every_list_costs_the_same_with_1_and_3_rows(client, region_admin, town, case):
    client.force_login(region_admin)

    def costs(model):
        with CaptureQueriesContext(connection) as queries:
            listed(client, model)
        return len(queries)

    fill(town)
    listed(client, Strategy)  # what a process reads once is read
    few = {model: costs(model) for model in MODELS}
    fill(town, 2)

    for model in MODELS:
        with case(model._meta.label):
            assert costs(model) == few[model] <= 12


def test_no_list_shows_another_region(client, town, other_region, case):
    strangers = person("other-admin", Role.ADMIN, region=other_region)
    fill(town)
    client.force_login(strangers)

    own = {"region": [other_region], "user": [strangers], "roleassignment": [strangers.role_assignments.get()]}
    for model in MODELS:
        with case(model._meta.label):
            assert listed(client, model) == own.get(model._meta.model_name, [])


FIELDS = [
    "strategies.strategy.municipality",
    "strategies.strategy.act",
    "strategies.strategy.supersedes",
    "strategies.priority.goal",
    "strategies.priority.strategy",
    "strategies.prioritymeasure.measure",
    "strategies.prioritymeasure.priority",
    "strategies.measure.direction",
    "strategies.programmedirection.programme",
    "strategies.progressreport.corrects",
    "discussions.proposal.session",
    "discussions.proposal.section",
]


def test_suggestions_hold_the_own_region_only(client, region_editor, other_approver, town, case):
    fill(town)
    theirs = StrictClient()
    client.force_login(region_editor)
    theirs.force_login(other_approver)

    for field in FIELDS:
        with case(field):
            assert (len(suggested(client, field)) > 0, suggested(theirs, field)) == (True, [])


def test_suggestions_of_people_are_for_administrators(client, region_editor, region_admin, other_approver):
    query = {"app_label": "accounts", "model_name": "roleassignment", "field_name": "user"}

    client.force_login(region_editor)
    refused = client.get(reverse("admin:autocomplete"), query)
    client.force_login(region_admin)

    offered = suggested(client, "accounts.roleassignment.user")

    assert (refused.status_code, offered) == (403, [str(region_editor.pk), str(region_admin.pk)])


def test_guest_towns_of_other_regions_may_be_picked_for_practices_only(client, region_editor, town, other_region):
    client.force_login(region_editor)
    guest = factories.make(Municipality, region=other_region, name="Вольск", slug="volsk", kind="town")
    session = factories.session(town)

    offered = suggested(client, "discussions.practice.municipality", "вольск")
    elsewhere = suggested(client, "discussions.session.host", "вольск")
    response = save(
        client, "discussions_session_change", session.pk,
        changes={"practices-TOTAL_FORMS": 1, "practices-0-region_name": "Саратовская область",
                 "practices-0-municipality": guest.pk, "practices-0-relation": "shown", "practices-0-order": 0},
    )  # fmt: skip

    assert (offered, elsewhere, response.status_code) == ([str(guest.pk)], [], 302)
    assert Practice.objects.get().municipality == guest


@pytest.mark.parametrize("term", ["сызрань", "СЫЗРАНЬ", "Сызрань", "сызр"])
def test_search_finds_a_town_and_what_is_in_it_in_any_case(client, region_editor, town, other_town, term):
    client.force_login(region_editor)
    strategy = factories.strategy(town)
    factories.strategy(other_town)

    assert listed(client, Municipality, q=term) == [town]
    assert listed(client, Strategy, q=term) == [strategy]
    assert suggested(client, "strategies.strategy.municipality", term) == [str(town.pk)]


def test_search_takes_yo_for_ye_forms_of_words_and_any_signs(client, region_editor, town):
    client.force_login(region_editor)
    strategy = factories.strategy(town)
    goal = factories.goal(strategy, text="Зелёный город (и сад)")
    priority = factories.priority(strategy, title="Ремонт дорог")

    assert listed(client, Goal, q="ЗЕЛЕНЫЙ САД)") == [goal]
    assert listed(client, Priority, q="дороги") == [priority]
    assert listed(client, Goal, q="[*?(") == []
    assert suggested(client, "strategies.priority.goal", "зел\x00ёный") == [str(goal.pk)]


def test_form_takes_no_record_of_another_region(client, other_approver, town, other_region):
    client.force_login(other_approver)
    own = factories.make(Municipality, region=other_region, name="Вольск", slug="volsk", kind="urban_okrug")
    paper = factories.document(town)
    strategy = factories.strategy(own)

    response = save(client, "strategies_strategy_change", strategy.pk, changes={"act": paper.pk})

    assert response.context["adminform"].form.errors.keys() == {"act"}
    assert Strategy.objects.get().act is None


def test_region_of_a_new_paper_may_only_be_the_own_one(client, approver, region, other_region):
    client.force_login(approver)
    new = {"kind": "other", "title": "Бумага", "url": "https://example.org/"}

    refused = save(client, "documents_document_add", changes=new | {"region": other_region.pk})
    taken = save(client, "documents_document_add", changes=new | {"region": region.pk})

    assert refused.context["adminform"].form.errors.keys() == {"region"}
    assert (taken.status_code, Document.objects.get().created_by) == (302, approver)


def test_town_page_takes_people_and_heads_with_their_sources(client, region_editor, town):
    client.force_login(region_editor)

    response = save(
        client, "municipalities_municipality_change", town.pk,
        changes={
            "populations-TOTAL_FORMS": 1, "populations-0-year": 2021, "populations-0-people": 165725,
            "populations-0-level": "town", "populations-0-precision": 1, "populations-0-sources": "Перепись 2021 года",
            "heads-TOTAL_FORMS": 1, "heads-0-name": "Анна Пример", "heads-0-post": "глава", "heads-0-since": "2018-10",
            "heads-0-order": 1,
        },
    )  # fmt: skip

    assert response.status_code == 302
    assert Population.objects.values_list("people", "sources", "created_by").get() == (
        165725, "Перепись 2021 года", region_editor.pk,
    )  # fmt: skip
    assert Head.objects.values_list("name", "since").get() == ("Анна Пример", "2018-10")


def test_region_page_is_changed_by_its_administrator_and_opened_by_nobody_else(
    client, region, region_admin, region_editor, other_approver
):
    codes = []
    for actor in (region_admin, region_editor, other_approver):
        client.force_login(actor)
        url = page("municipalities_region_change", region.pk)
        codes.append((client.get(url).status_code, client.post(url, {}).status_code))

    assert codes == [(200, 200), (200, 403), (302, 403)]


def test_role_that_has_ended_opens_nothing(client, region):
    former = person("former", None)
    baker.make(
        RoleAssignment, user=former, role=Role.REGION_EDITOR, region=region, municipality=None,
        valid_from=datetime.date(2020, 1, 1), valid_to=datetime.date(2021, 1, 1), acting=False,
    )  # fmt: skip
    client.force_login(former)

    assert client.get(reverse("admin:index")).status_code == 403
