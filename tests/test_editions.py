"""A change that the public sees makes a new edition of its region and of no other; the office's own work makes none."""

import ast
import copy
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import update_last_login
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry, Letter, Revision, RoleAssignment, User
from documents.evidence import check_evidence
from exchange.hall_sheet import take_in_steps
from exchange.models import ColumnMatch, TableImport
from municipalities.editions import is_watched
from municipalities.models import Boundary, Edition, Population
from sessions.models import (
    ConsentText,
    DateChange,
    NumberSeries,
    Practice,
    PriorityVote,
    Proposal,
    RefusedPost,
    Section,
)
from strategies.coverage.conflicts.keep import search_region
from strategies.models import (
    DueChange,
    Evidence,
    Funding,
    Handover,
    HandoverItem,
    TargetChange,
)
from tests import factories, files
from tests.conftest import StrictClient
from tests.exchange.tables.tables import Told, csv_file, scope_of
from tests.strategies.reporting.answers import answers, form_url, upload
from tests.world import DAY, SOON, World

ROOT = Path(__file__).resolve().parent.parent
# Nothing of these is on a public page, or it is written beside something that is watched.
UNWATCHED = {
    JournalEntry, Letter, Revision, User, NumberSeries, RefusedPost, HandoverItem, Edition, TableImport,
}  # fmt: skip


@pytest.fixture
def world(region):
    return World(region)


def _move(name, status, /, *, by, reason="Так решили", **fields):
    def step(world):
        record = getattr(world, name)
        for field, value in fields.items():
            setattr(record, field, value)
        record.move_to(status, by=getattr(world, by), reason=reason)

    return step


def _save(name, /, **fields):
    def step(world):
        record = getattr(world, name)
        for field, value in fields.items():
            setattr(record, field, value)
        record.save()

    return step


def _edit(name, /, by="writer", **fields):
    def step(world):
        record = getattr(world, name)
        for field, value in fields.items():
            setattr(record, field, value)
        record.save_edited(by=getattr(world, by), known_version=record.row_version)

    return step


def _make(model, /, **fields):
    def step(world):
        factories.make(model, **{name: getattr(world, of) if isinstance(of, str) and hasattr(world, of) else of
                                 for name, of in fields.items()})  # fmt: skip

    return step


def _publish_report(world):
    world.report.move_to("submitted", by=world.head)
    world.report.move_to("published", by=world.approver)


def _take_table(world):
    told = Told(csv_file([["Наименование мероприятия", "Исполнитель"], ["Мост", "Минстрой"]]), "measures",
                scope_of(world.programme, town=world.town), by=world.writer)  # fmt: skip
    assert told.faults == []
    told.take()


def _take_sheet(world):
    list(take_in_steps(world.announced, [{"text": "Свет", "section": None, "table": "", "speaker": ""}], by=world.head))


def _receive(world):
    Proposal.receive(region=world.region, town=world.town, text="Больше света", channel="site")


def _merge(world):
    factories.proposal(world.town).merge_into(world.proposal, by=world.head)


def _hand_over(world):
    type(world.measure).objects.filter(pk=world.measure.pk).update(owner=world.editor)
    Handover.perform(territory=world.town.territory, from_user=world.editor, to_user=world.head, reason="Отпуск",
                     by=world.approver)  # fmt: skip


def _edit_in_admin(world):
    client = StrictClient()
    client.force_login(world.admin)
    url = reverse("admin:municipalities_municipality_change", args=[world.town.pk])
    page = client.get(url).context["adminform"].form
    data = {name: page[name].value() or "" for name in page.fields}
    inlines = {f"{part}-{name}": 0 for part in ("populations", "heads") for name in ("INITIAL_FORMS", "MIN_NUM_FORMS")}
    inlines |= {"populations-TOTAL_FORMS": 1, "heads-TOTAL_FORMS": 0}
    row = {"populations-0-year": 2025, "populations-0-people": 1000, "populations-0-level": "town",
           "populations-0-precision": 1, "populations-0-municipality": world.town.pk}  # fmt: skip
    response = client.post(url, data | inlines | row | {"name": "Новое имя"})
    assert response.status_code == 302, response.context["errors"]


PUBLIC = {
    "priority archived": _move("priority", "archived", by="approver"),
    "strategy goes back to draft": lambda world: (
        world.priority.move_to("archived", by=world.approver, reason="Так"),
        world.strategy.move_to("draft", by=world.writer),
    ),
    "session announced": _move("planned", "announced", by="head"),
    "session cancelled": _move("announced", "cancelled", by="head"),
    "document published": _move("draft_document", "published", by="head"),
    "document withdrawn": _move("document", "withdrawn", by="head"),
    "measure published": _move("draft", "planned", by="approver"),
    "proposal answered": lambda world: (
        world.proposal.move_to("on_review", by=world.head),
        _move("proposal", "accepted", by="head", answer="Сделаем")(world),
    ),
    "proposal hidden": _move("proposal", "hidden", by="head"),
    "proposal received": _receive,
    "proposal merged": _merge,
    "proposals of a sheet": _take_sheet,
    "report handed in": _move("report", "submitted", by="head", reason=""),
    "report published": _publish_report,
    "period closed": _move("cycle", "closed", by="approver"),
    "period opened": lambda world: factories.cycle(world.programme, period="q2"),
    "promise given": lambda world: factories.commitment(world.link, "town", status="draft").move_to(
        "confirmed", by=world.head
    ),
    "programme discussed": lambda world: factories.programme(world.region, status="draft").move_to(
        "prepared", by=world.approver
    ),
    "public note edited": _edit("priority", note="Примечание"),
    "public text corrected": lambda world: (
        _edit("priority", plain_text="Простыми словами", why="Понятнее")(world),
        Revision.objects.get().accept(by=world.approver, seen=1),
    ),
    "answer renewed": lambda world: (
        _save("proposal", status="accepted", answer="Сделаем", answered_at=timezone.now())(world),
        _edit("proposal", by="head", answer="Сделали", why="Готово")(world),
    ),
    "session edited": _edit("session", by="head", title="Сессия о дворах"),
    "session moved": lambda world: world.announced.move_date(
        timezone.now() + 2 * SOON, None, by=world.head, reason="Ремонт"
    ),
    "record deleted": lambda world: world.milestone.delete(),
    "towns of a session": lambda world: world.session.towns.add(world.town),
    "priorities of a session": lambda world: world.session.priorities.set([world.priority]),
    "documents of a session": lambda world: world.session.documents.add(world.document),
    "figure promised anew": lambda world: world.value.change_target(5, reason="Меньше денег", by=world.approver),
    "measures of a table": _take_table,
    "duties handed over": _hand_over,
    "town edited in the admin": _edit_in_admin,
    "measure edited": _save("measure", title="Мост"),
    "goal edited": _save("goal", text="Зелёный город"),
    "direction edited": _save("direction", title="Дороги"),
    "money edited": _save("funding", planned=200),
    "milestone edited": _save("milestone", title="Открытие"),
    "indicator edited": _save("indicator", name="Тротуары"),
    "value edited": _save("value", actual=10),
    "decision edited": _save("decision", text="Построить"),
    "gap answered": _save("answer", why="Нашли деньги"),
    "head edited": _save("head_of_old", name="Пётр Петров"),
    "role given": _make(RoleAssignment, user="writer", role="wg_member", region="region"),
    "link made": lambda world: factories.link(world.priority, factories.measure(world.town, direction=world.direction)),
    "vote counted": _make(PriorityVote, session="session", priority="priority", count=5),
    "section made": _make(Section, session="session", title="Дворы"),
    "practice made": _make(Practice, session="session", region_name="Тула"),
    "date change made": _make(DateChange, session="session", new_starts_at=timezone.now(), reason="Ремонт"),
    "due change made": _make(DueChange, measure="measure", new_due=DAY, reason="Ремонт", decided_on=DAY),
    "target change made": _make(TargetChange, value="value", old_target=10, reason="Ремонт", decided_on=DAY),
    "population counted": _make(Population, municipality="town", year=2025, people=1000),
    "boundary drawn": _make(Boundary, municipality="town", geometry={}),
    "consent text": _make(ConsentText, region="region", version="2", operator="Область", withdrawal="Почта", text="Да"),
}  # fmt: skip
OF_ALL_REGIONS = {
    "region edited": _save("region", name="Другая область"),
    "official renamed": _save("head", last_name="Иванова"),
    "account closed": _save("editor", is_active=False),
}


def _draft_in_the_form(world):
    client = StrictClient()
    client.force_login(world.editor)
    assert client.post(form_url(world.measure), answers(do="draft")).status_code == 200
    assert client.get(form_url(world.measure)).status_code == 200


def _sign_in_and_out(world):
    client = StrictClient()
    door = {"login": world.head.username, "password": "пароль-для-тестов"}
    assert client.post("/accounts/login/", door).status_code == 302
    client.get("/office/")
    client.post("/office/letters/", {"wants_early_reminders": "on"})
    client.post("/accounts/logout/")
    update_last_login(None, world.head)


def _attach(world):
    [evidence] = Evidence.attach(world.report, [check_evidence(upload(files.photo()))], stage="after", by=world.editor)
    evidence.remove()


def _refused(world):
    with pytest.raises(ValidationError):
        world.measure.move_to("done", by=world.approver)


QUIET = {
    "draft of a report": _draft_in_the_form,
    "draft of a report saved": _save("report", text="Пишу дальше"),
    "photo of a draft": _attach,
    "draft of a measure": _save("draft", title="Черновик"),
    "money of a draft": _make(Funding, measure="draft", year=2026, source="regional", planned=1),
    "draft of a document": _edit("draft_document", title="Черновик"),
    "draft of a session": _edit("planned", by="head", title="Черновик"),
    "draft of a promise": lambda world: factories.commitment(world.link, "town", status="draft"),
    "draft of a strategy": lambda world: factories.goal(factories.strategy(world.town, status="draft")),
    "sign-in": _sign_in_and_out,
    "step refused": _refused,
    "search for conflicts": lambda world: search_region(world.region),
    "columns of a table": _make(ColumnMatch, region="region", kind="measures", name="Наша"),
    "table on its way in": lambda world: TableImport.begin(b"rows", "План.csv", by=world.writer, region=world.region),
    "account opened": lambda world: User.objects.create_user("novice"),
}


def test_change_that_the_public_sees_makes_a_new_edition_of_its_region(world, other_region, committed, case):
    for name, change in PUBLIC.items():
        with case(name):
            with committed():
                change(copy.deepcopy(world))

            # Several transactions may follow each other in one act; nobody else's pages are touched.
            assert set(Edition.numbers()) == {world.region.pk}


def test_change_of_what_belongs_to_no_region_makes_new_editions_of_all(world, other_region, committed, case):
    for name, change in OF_ALL_REGIONS.items():
        with case(name):
            with committed():
                change(copy.deepcopy(world))

            assert (Edition.current(world.region.pk), Edition.current(other_region.pk)) == (1, 1)


def test_work_that_the_public_does_not_see_makes_no_edition(world, committed, case):
    for name, work in QUIET.items():
        with case(name):
            with committed():
                work(copy.deepcopy(world))

            assert Edition.numbers() == {}


def test_many_steps_of_one_transaction_make_one_edition(world, committed):
    drafts = [factories.measure(world.town, direction=world.direction, status="draft") for _number in range(5)]

    with committed():
        for draft in drafts:
            draft.move_to("planned", by=world.approver)

    assert Edition.numbers() == {world.region.pk: 1}


def test_every_model_is_watched_or_named_as_unseen():
    ours = [model for model in apps.get_models() if (ROOT / model.__module__.split(".")[0]).is_dir()]
    seen = {model for model in ours if not model.__name__.startswith("Historical")}

    assert {model for model in seen if not is_watched(model)} == UNWATCHED


# Writes that send no signal: each stands in a step of the door, beside a watched save, or bumps by itself.
BULK = {
    "accounts/views.py",  # which letters somebody wants
    "accounts/models/letter.py",  # letters
    "accounts/models/workflow.py",  # claims the version, then saves
    "config/management/commands/rebuild_search.py",  # words that search finds by: the pages say the same
    "municipalities/full_text.py",  # the same, once, by a migration
    "config/demo/samples.py",  # days of samples just saved
    "exchange/hall_sheet.py",  # bumps
    "exchange/tables/planner.py",  # of a table: `take_in_steps` bumps
    "exchange/tables/take_back.py",  # bumps
    "sessions/models/numbers.py",  # letters of numbers
    "sessions/models/proposal_queryset.py",  # erases names that nobody sees
    "sessions/models/refused.py",  # counts
    "sessions/author_letters.py",  # letters
    "strategies/coverage/conflicts/keep.py",  # findings are the office's
    "strategies/programme/models/version.py",  # beside the version
    "strategies/reporting/models/cycle.py",  # in the door
    "strategies/reporting/models/handover.py",  # the office's list
    "strategies/reporting/models/report.py",  # in the door
    "accounts/models/erasing.py",  # the history and the revisions of what is hidden
    "municipalities/models/edition.py",
    # Dictionaries.
    "config/settings.py",
    "strategies/coverage/gaps.py",
    "strategies/coverage/matrix.py",
}


def test_bulk_writes_are_known():
    found = set()
    for floor in ("accounts", "config", "documents", "exchange", "municipalities", "sessions", "strategies"):
        for path in (ROOT / floor).rglob("*.py"):
            if "migrations" not in path.parts and any(_writes_in_bulk(ast.parse(path.read_text(encoding="utf-8")))):
                found.add(path.relative_to(ROOT).as_posix())

    assert found - BULK == set()
    assert BULK - found == set()


def _writes_in_bulk(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            # `rows.update(field=…)`, not the update of a dictionary.
            if name.startswith("bulk_") or (name == "update" and node.keywords and not node.args):
                yield node
