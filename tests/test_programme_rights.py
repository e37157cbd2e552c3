"""Who does what about a programme: every action × every actor against one table, and nothing left where refused."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from exchange.intake.book import pack_grids
from exchange.models import PaperTemplate, TableImport
from exchange.papers.catalogue import our_form
from exchange.sheets.grid import Grid
from exchange.tables.fields import KINDS
from exchange.tables.ground import Scope
from exchange.tables.matching import Match
from exchange.tables.publish import draft_measures, mark_of
from exchange.tables.take_in import plan_table
from strategies.models import Commitment, Finding, Measure, Programme, ReportingCycle
from tests import factories
from tests.exchange.tables.tables import csv_file
from tests.strategies.post import reachable
from tests.strategies.programme.test_models_programme_version import draft
from tests.test_strangers import Walker, tables

ACTORS = [
    "visitor", "editor", "head", "outsider", "region_editor", "approver", "other_approver", "wg_member",
    "region_admin", "admin_user",
]  # fmt: skip
SECRET = "Тайная мера"
EDITORS, READERS = {"region_editor", "approver"}, {"region_editor", "approver", "wg_member", "region_admin"}

KNOW_DRAFTS = READERS | {"editor", "head", "admin_user"}


@pytest.fixture
def ground(town, region, approver):
    """A programme in force with a change to keep, a draft one, a measure that answers a priority, a gap, a finding."""
    programme = draft(region)
    direction = factories.direction(region, programme=programme)
    measure = factories.measure(town, direction=direction)
    programme.move_to("approved", by=approver)
    Measure.objects.filter(pk=measure.pk).update(due=datetime.date(2028, 6, 1))
    prepared = draft(region, code="prepared")
    hidden = factories.measure(
        town, direction=factories.direction(region, programme=prepared), status="draft", title=SECRET
    )
    strategy = factories.strategy(town)
    return {
        "town": town, "region": region, "programme": programme, "prepared": prepared, "measure": measure,
        "hidden": hidden, "link": factories.link(factories.priority(strategy), measure),
        "bare": factories.priority(strategy), "act": factories.document(region, number="2"),
        "finding": factories.make(Finding, region=region, kind="money_sum", key="a" * 64, text="Итог не сходится."),
    }  # fmt: skip


def word(side, do="confirm"):
    """A promise that is given at once, or only prepared."""
    kind = {"region": "fund", "town": "cofund"}[side]

    def ask(ground):
        return (
            reverse("office:commitment", args=[ground["link"].pk]),
            {"side": side, "do": do, "kind": kind, "amount": "500", "year": 2027, "condition": ""},
        )

    return ask


def withdrawal(side):
    """A given promise that is taken back."""
    kind = {"region": "fund", "town": "cofund"}[side]

    def ask(ground):
        given = factories.make(
            Commitment, link=ground["link"], side=side, kind=kind, amount=500, year=2027, status="confirmed"
        )
        sent = {"side": side, "do": "withdraw", "reason": "Денег не дали.", "given": given.pk}
        sent["seen_version"] = given.row_version
        return reverse("office:commitment", args=[ground["link"].pk]), sent

    return ask


def gap_answer(ground):
    """Who closes a gap, by when and why it is empty."""
    due = timezone.localdate() + datetime.timedelta(days=20)
    return (
        reverse("office:gap", args=["no_measure", ground["bare"].pk]),
        {"decision": "preparing", "responsible": "Минстрой", "owner": "", "due": due, "why": "Ищем деньги.", "seen": 0},
    )


def settlement(status, reason="Так решили."):
    """A finding that is accepted or dismissed."""

    def ask(ground):
        return (
            reverse("office:finding", args=[ground["finding"].pk]),
            {"do": status, "status": status, "seen_version": 1, "reason": reason},
        )

    return ask


def publication(ground):
    """All drafts of a programme published at once."""
    seen = mark_of(draft_measures(ground["prepared"]))
    return reverse("office:tables_publish"), {"list": ground["prepared"].pk, "seen": seen}


def own_template(ground):
    """A Word template of the region's own."""
    file = SimpleUploadedFile("plan.docx", our_form("plan").read_bytes())
    sent = {"region": ground["region"].pk, "kind": "plan", "file": file}
    return reverse("office:paper_templates"), sent


def own_template_left(ground):
    """Back from a region's own template to ours."""
    return reverse("office:paper_templates"), {"ours": "plan", "region": ground["region"].pk}


def programme_step(status, *, of="prepared", reason=""):
    """A step of a programme: a draft with its days of discussion, or one in force."""

    def ask(ground):
        today = timezone.localdate()
        Programme.objects.filter(pk=ground["prepared"].pk).update(discussion_from=today, discussion_to=today)
        version = Programme.objects.get(pk=ground[of].pk).row_version
        sent = {"status": status, "seen_version": version, "reason": reason}
        return reverse("office:programme_detail", args=[ground[of].pk]), sent

    return ask


def table_brought(ground):
    """A table of measures, of the draft programme, on its way in."""
    rows = [["Мероприятие", "Ответственный"], [f"{SECRET} из таблицы", "Комитет"]]
    return reverse("office:tables"), {"kind": "measures", "programme": ground["prepared"].pk, "file": csv_file(rows)}


def table(do):
    """A step of the table that the region's editor has brought: nobody else has a hand in it."""

    def ask(ground):
        grid = Grid([["Мероприятие", "Ответственный"], [f"{SECRET} из таблицы", "Комитет"]])
        match = Match(KINDS["measures"], tuple(grid.rows[0]), {0: "title", 1: "responsible"})
        scope = Scope(ground["region"], ground["prepared"])
        editor = User.objects.get(username="editor")
        plan = plan_table(grid, match, scope, by=editor)[1]
        made = TableImport.begin(
            b"rows", "План.csv", by=editor, region=scope.region,
            programme=scope.programme, grids=pack_grids([grid]),
            said={"confirmed": True, "sheets": {"0": {"kind": "measures"}}},
        )  # fmt: skip
        seen = made.mark if do == "match" else plan.digest
        return reverse("office:table", args=[made.pk]), {"do": do, "seen": seen}

    return ask


def programme_passport(ground):
    """The passport of a draft programme."""
    programme = ground["prepared"]
    sent = {"title": "Новое имя", "act_title": programme.act_title, "act_date": "2026-01-10", "act": programme.act_id,
            "year_from": 2018, "year_to": 2030, "seen_version": programme.row_version}  # fmt: skip
    return reverse("office:programme_edit", args=[programme.pk]), sent


def revision(ground):
    """A new version of a programme in force."""
    sent = {"act_title": "Постановление № 2", "act_date": "2026-11-01", "act": ground["act"].pk,
            "reason": "Паводок.", "seen_version": ground["programme"].row_version}  # fmt: skip
    return reverse("office:programme_revise", args=[ground["programme"].pk]), sent


def page(name, *which, query=""):
    """A page that is only read."""

    def ask(ground):
        arguments = [ground[one].pk if one in ground else one for one in which]
        numbers = {name: one.pk for name, one in ground.items()}
        return reverse(name, args=arguments) + query.format(**numbers)

    return ask


def visit(ground):
    """Two pages for a meeting with the head of the town."""
    return reverse("office:visit", args=[ground["town"].slug])


def reminder(ground):
    """A letter to the head of a town that owes a report."""
    reachable(User.objects.get(username="syzran-head"))
    cycle = factories.cycle(ground["programme"], period="q3")
    ReportingCycle.objects.filter(pk=cycle.pk).update(due_on=timezone.localdate() - datetime.timedelta(days=2))
    return reverse("office:remind", args=[ground["town"].slug]), {}


def template_file(ground):
    """The file of a template of the region."""
    template = PaperTemplate(
        region=ground["region"], kind="plan",
        file=SimpleUploadedFile("plan.docx", our_form("plan").read_bytes()),
    )  # fmt: skip
    template.save()
    return reverse("office:paper_template", args=[template.pk])


BACK = "?kind={}&programme={{prepared}}&region={{region}}&town={{town}}"
# Action → (how it is asked for, who may). What is changed and what is only read.
CHANGES = {
    "give the region's word": (word("region"), {"approver"}),
    "give the town's word": (word("town"), {"head"}),
    "prepare the region's word": (word("region", "save"), EDITORS),
    "prepare the town's word": (word("town", "save"), {"head", "editor"}),
    "take back the region's word": (withdrawal("region"), {"approver"}),
    "take back the town's word": (withdrawal("town"), {"head"}),
    "answer a gap": (gap_answer, EDITORS),
    "accept a finding": (settlement("accepted"), EDITORS),
    "dismiss a finding": (settlement("dismissed"), EDITORS),
    "remind a town": (reminder, EDITORS | {"region_admin"}),
    "publish drafts in bulk": (publication, {"approver"}),
    "upload a template": (own_template, {"approver", "region_admin"}),
    "go back to our template": (own_template_left, {"approver", "region_admin"}),
    "bring a table": (table_brought, EDITORS),
    "take a table in": (table("apply"), {"region_editor"}),
    "keep the columns of a table": (table("match"), {"region_editor"}),
    "show that a programme is prepared": (programme_step("prepared"), {"approver"}),
    "bring a programme to discussion": (programme_step("discussion"), {"approver"}),
    "approve a programme": (programme_step("approved"), {"approver"}),
    "complete a programme": (programme_step("completed", of="programme", reason="Сделали."), {"approver"}),
    "edit a passport": (programme_passport, EDITORS),
    "revise a programme": (revision, {"approver"}),
}
READINGS = {
    "a draft programme": (page("office:programme_detail", "prepared"), READERS),
    "a draft measure": (page("strategies:measure_detail", "hidden"), KNOW_DRAFTS),
    "the difference of a version": (page("office:programme_revise", "programme"), EDITORS),
    "tables": (page("office:tables"), EDITORS | {"other_approver"}),
    "a table given back": (page("office:tables_export", query=BACK.format("measures")), EDITORS),
    "a table of figures given back": (page("office:tables_export", query=BACK.format("indicators")), EDITORS),
    "a gap": (page("office:gap", "no_measure", "bare"), READERS | {"head", "editor"}),
    "words on a measure": (page("office:commitment", "link"), READERS | {"head", "editor"}),
    "a finding": (page("office:finding", "finding"), READERS),
    "drafts to publish": (page("office:tables_publish"), {"approver", "other_approver"}),
    "findings": (page("office:findings"), READERS | {"other_approver"}),
    "coverage": (page("office:coverage"), READERS | {"other_approver"}),
    "the dashboard": (page("office:dashboard"), READERS | {"other_approver"}),
    "a paper about the region": (
        page("office:papers", query="?format=xlsx&paper=plan&scope=region-{region}&year=2026&period=q1"), READERS,
    ),
    "the card for a visit": (visit, READERS | {"head"}),
    "a paper about the region in Word": (
        page("office:papers", query="?format=docx&paper=plan&scope=region-{region}&year=2026&period=q1"), READERS,
    ),
    "a template": (template_file, READERS),
    "templates": (page("office:paper_templates"), READERS | {"other_approver"}),
}  # fmt: skip


@pytest.fixture
def walkers(request):
    """{actor: their browser, which notes what a visit writes}."""
    return {name: Walker(None if name == "visitor" else request.getfixturevalue(name)) for name in ACTORS}


@pytest.mark.invariant(16)
@pytest.mark.slow
@pytest.mark.walk
def test_action_is_for_those_who_may_and_leaves_nothing_elsewhere(ground, walkers, case):
    for action, (ask, allowed) in CHANGES.items():
        for name, walker in walkers.items():
            with case(f"{action} by {name}"):
                url, sent = ask(ground)
                status, _content, written = walker.ask("post", url, sent)
                is_done = status in {200, 302} and written != []
                assert is_done == (name in allowed), status
                # A form that offers only one's own regions refuses a foreign one by 422.
                refused = status in {403, 404, 422} or (name, status) == ("visitor", 302)
                assert is_done or (refused and written == []), status


@pytest.mark.invariant(16)
@pytest.mark.slow
@pytest.mark.walk
def test_page_is_for_those_who_may_and_tells_nobody_else_of_drafts(ground, walkers, case):
    for page_name, (ask, allowed) in READINGS.items():
        for name, walker in walkers.items():
            with case(f"{page_name} for {name}"):
                status, content, written = walker.ask("get", ask(ground))
                assert (status == 200) == (name in allowed), status
                assert name in allowed or status in {403, 404} or (name, status) == ("visitor", 302), status
                assert name in KNOW_DRAFTS or SECRET not in content
                assert written == []


def test_finding_is_not_settled_without_a_reason(ground, walkers, case):
    before = tables()

    for name in sorted(EDITORS):
        for status in ("accepted", "dismissed"):
            with case(f"{status} by {name}"):
                walkers[name].ask("post", *settlement(status, reason=" ")(ground))
                assert tables() == before
