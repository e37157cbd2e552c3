"""Nobody sees, writes or uploads for another town: by no address of the office and by no field of its form.

Every address of the office is walked: one that is new has to be added to `walk`, or the test fails.
"""

import datetime
import itertools
import uuid

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import resolve, reverse

from accounts.models import JournalEntry, Role
from config import office_urls
from documents.evidence import check_evidence
from exchange.models import TableImport
from municipalities.models import Edition
from strategies.models import (
    Evidence,
    Finding,
    Funding,
    Handover,
    Indicator,
    IndicatorValue,
    Milestone,
    ProgressReport,
)
from strategies.reporting.forms import ReportForm, ReportParts
from strategies.reporting.letters import form_link
from tests import factories, files
from tests.conftest import StrictClient, person
from tests.strategies.reporting.answers import answers, form_url

SECRET = "Тайна Сызрани"
PERIOD = "2026-q3"
FLOORS = ["municipalities", "accounts", "documents", "strategies", "discussions"]
# What a visit itself leaves: who is signed in, and that the site has changed.
OWN_TRACES = {"django_session", Edition._meta.db_table}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@pytest.fixture
def deputy(other_town):
    """The editor of town B."""
    return person("chapaevsk-editor", Role.MUNICIPAL_EDITOR, municipality=other_town)


@pytest.fixture
def other_region_editor(other_region):
    return person("other-editor", Role.REGION_EDITOR, region=other_region)


@pytest.fixture
def theirs(town, region, editor, head, approver):
    """Everything that town A has in the office; what is not public carries the secret."""
    programme = factories.programme(region)
    direction = factories.direction(region, programme=programme)
    measures = {
        "planned": factories.measure(town, direction=direction),
        "draft": factories.measure(town, direction=direction, status="draft", title=SECRET),
        "region": factories.measure(region, direction=direction),
    }
    priorities = {
        "bare": factories.priority(factories.strategy(town)),
        "draft": factories.priority(factories.strategy(town), status="draft", title=SECRET),
    }
    measure = measures["planned"]
    factories.make(Milestone, measure=measure, title="Опоры", due=datetime.date(2026, 5, 1))
    money = factories.make(Funding, measure=measure, year=2026, source="local", planned=900)
    indicator = factories.make(Indicator, measure=measure, name="Светильники", unit="шт.")
    factories.make(IndicatorValue, indicator=indicator, year=2026, target=100)
    reports = _reports(measure, priorities["bare"], editor, head, approver)
    reports["draft"].spendings.create(funding=money, spent=5)
    cycle = factories.cycle(programme)
    other = factories.measure(town, direction=direction, owner=editor)
    act = Handover.perform(territory=town.territory, from_user=editor, to_user=head, reason=SECRET, by=head)
    link = factories.link(factories.priority(priorities["bare"].strategy), other)
    for side in ("region", "town"):
        factories.commitment(link, side, status="draft", condition=SECRET)
    finding = Finding.objects.create(region=region, kind="money_sum", key="x", text=SECRET)
    finding.measures.add(other)
    corrected = priorities["bare"]
    corrected.title, corrected.why = SECRET, SECRET
    corrected.save_edited(by=approver, known_version=corrected.row_version)
    table = TableImport.begin(b"rows", f"{SECRET}.csv", by=approver, region=region)
    table.close({"measures": [1, 0]}, {"region": region.pk, "steps": []})
    return {
        "link": link, "finding": finding, "table": table,
        "town": town, "programme": programme, "measures": measures, "priorities": priorities, "reports": reports,
        "evidence": list(Evidence.objects.all()), "cycle": cycle, "act": act, "owned": other,
        "paper_template": factories.paper_template(region),
        "session": factories.session(town, status="planned", title=SECRET),
        "proposal": factories.proposal(town, text=SECRET, public_text=""),
        "token": form_link(head, "measure", (measure.pk, PERIOD)).split("/")[-2],
    }  # fmt: skip


def _reports(measure, priority, editor, head, approver):
    """A report of town A in every state, each with a photo; one on a priority."""
    photo = check_evidence(SimpleUploadedFile("photo.jpg", files.photo()))
    reports = {
        name: factories.report(
            measure, by=editor, period=period, text=SECRET, form_key=uuid.uuid4(), typed={"text": [SECRET]}
        )
        for name, period in (("draft", "q1"), ("submitted", "q2"), ("returned", "q3"), ("published", "q4"))
    }
    reports["priority"] = factories.report(priority, by=editor, text=SECRET, percent=None)
    for report in reports.values():
        Evidence.attach(report, [photo], stage="after", by=editor)
    for name in ("submitted", "returned", "published"):
        reports[name].move_to("submitted", by=head)
    reports["returned"].move_to("returned", by=approver, reason=SECRET)
    ProgressReport.objects.filter(pk=reports["published"].pk).update(text="Фонари стоят.")
    reports["published"].refresh_from_db()
    reports["published"].move_to("published", by=approver)
    return reports


def walk(theirs):
    """{name of an address: [(arguments, query)]}: every address of the office with every record of town A."""
    measures, priorities = theirs["measures"].values(), theirs["priorities"].values()
    by_report = [([one.pk], "") for one in theirs["reports"].values()]
    place = f"?place=town-{theirs['town'].pk}"
    return {
        "report_measure": [([one.pk, period], "") for one in measures for period in ("2026-q1", "2026-q2", PERIOD)],
        "report_priority": [([one.pk, PERIOD], "") for one in priorities],
        "report_correct": by_report,
        "report_detail": by_report,
        "review_detail": by_report,
        "evidence_remove": [([one.pk], "") for one in theirs["evidence"]],
        "cycle_detail": [([theirs["cycle"].pk], "")],
        "cycle_close": [([theirs["cycle"].pk], "")],
        **{
            name: [([theirs["programme"].pk], "")]
            for name in ("programme_detail", "programme_edit", "programme_revise")
        },
        "handover_detail": [([theirs["act"].pk], "")],
        "paper_template": [([theirs["paper_template"].pk], "")],
        "handover_new": [([], place), ([], f"{place}&from={theirs['act'].to_user_id}"), ([], f"{place}&from=nobody")],
        "visit": [([theirs["town"].slug], ""), ([theirs["town"].slug], "?format=docx")],
        "remind": [([theirs["town"].slug], "")],
        "session": [([theirs["session"].pk], "")],
        "session_minutes": [([theirs["session"].pk], "")],
        "session_minutes_page": [([theirs["session"].pk], "")],
        "session_decisions": [([theirs["session"].pk], "")],
        "session_hall": [([theirs["session"].pk], "")],
        "session_import": [([theirs["session"].pk], "")],
        "proposal": [([theirs["proposal"].pk], "")],
        "commitment": [([theirs["link"].pk], "")],
        "gap": [(["no_measure", one.pk], "") for one in priorities] + [(["no_money", one.pk], "") for one in measures],
        "finding": [([theirs["finding"].pk], "")],
        "go": [([theirs["token"]], "")],
        **{name: [([theirs["table"].pk], "")] for name in ("table", "table_file", "table_wrong", "table_back")},
    }


# Pages that name no record: whoever may come in finds only what is theirs there.
OWN_PAGES = ["home", "measures", "review", "cycles", "silence", "handovers", "letters", "sessions", "session_new",
             "proposals", "programme", "dashboard", "papers", "paper_templates", "commitments", "findings", "gaps",
             "coverage", "tables", "tables_export", "tables_publish", "revisions"]  # fmt: skip
# Where a report of a town is written.
FORMS = ["report_measure", "report_priority", "report_correct", "evidence_remove"]


def hostile(theirs, stranger):
    """Everything that a form of the office may hold, with the numbers of town A."""
    report, measure = theirs["reports"]["submitted"], theirs["measures"]["planned"]
    return answers(
        key=str(theirs["reports"]["draft"].form_key), seen_version=report.row_version, do="publish", revision="1",
        report=f"{report.pk}-{report.row_version}", measure=measure.pk, priority=theirs["priorities"]["bare"].pk,
        municipality=theirs["town"].pk, town=theirs["town"].pk, programme=theirs["programme"].pk, period="2026-q3",
        place=f"town-{theirs['town'].pk}", to_user=getattr(stranger, "pk", 0), comment="Чужое", reason="Чужое",
        wants_early_reminders="on", wants_publication_notices="on",
        files=[SimpleUploadedFile("photo.jpg", files.photo(30, 30))],
    )  # fmt: skip


def tables():
    """Every row of the house's own tables, and the names of all stored evidence."""
    rows = {
        model._meta.db_table: list(model._base_manager.order_by("pk").values())
        for floor in FLOORS
        for model in apps.get_app_config(floor).get_models(include_auto_created=True)
        if model is not Edition
    }
    return rows | {"evidence store": sorted(storages["evidence"].listdir("")[1])}


class Walker:
    """A browser of somebody, which notes what their visits write."""

    def __init__(self, somebody):
        self.client, self.written = StrictClient(), []
        if somebody is not None:
            self.client.force_login(somebody)

    def _note(self, execute, sql, params, many, context):
        verb, _space, rest = sql.partition(" ")
        if verb in WRITES and not any(f'"{table}"' in rest.split("WHERE")[0] for table in OWN_TRACES):
            self.written.append(sql)
        return execute(sql, params, many, context)

    def ask(self, method, url, data=None):
        """(status, text, what was written)."""
        self.written = []
        with connection.execute_wrapper(self._note):
            response = getattr(self.client, method)(url, data)
            content = b"".join(response) if response.streaming else response.content
        return response.status_code, content.decode(errors="replace"), self.written


def refusal(method, url, status):
    """Whether an answer is a refusal; «not this way» counts only where the page has no such way."""
    if status == 405:
        view = resolve(url.partition("?")[0]).func.view_class
        return not hasattr(view, method) or method not in view.http_method_names
    return status in {403, 404}


def urls(names, theirs):
    """Addresses of the walk."""
    found = walk(theirs)
    return [reverse(f"office:{name}", args=args) + query for name in names for args, query in found[name]]


def test_walk_knows_every_address_of_the_office(theirs):
    assert sorted([*walk(theirs), *OWN_PAGES]) == sorted(entry.name for entry in office_urls.urlpatterns)


# Everybody who holds an office elsewhere; the head of another town is asked on every run.
STRANGERS = ["outsider", "deputy", "other_approver", "other_region_editor"]


@pytest.fixture(
    params=[STRANGERS[:1], pytest.param(STRANGERS[1:], marks=[pytest.mark.slow, pytest.mark.walk])],
    ids=["head", "the rest"],
)
def strangers(request, outsider, deputy, other_approver, other_region_editor):
    """Some of those who hold an office elsewhere."""
    everybody = dict(zip(STRANGERS, (outsider, deputy, other_approver, other_region_editor), strict=True))
    return [everybody[name] for name in request.param]


@pytest.mark.invariant(16)
def test_stranger_gets_nowhere_in_the_office_of_another_town(theirs, strangers, case):
    for stranger in strangers:
        with case(stranger):
            walker, before = Walker(stranger), tables()
            for url in urls(walk(theirs), theirs):
                for method in ("get", "post"):
                    status, content, written = walker.ask(method, url, hostile(theirs, stranger))
                    assert refusal(method, url, status), (method, url, status)
                    assert (SECRET in content, written) == (False, []), (method, url)
            assert tables() == before


@pytest.mark.invariant(16)
def test_stranger_finds_nothing_of_another_town_on_own_pages(theirs, strangers, case):
    for stranger in strangers:
        with case(stranger):
            walker, before = Walker(stranger), tables()
            for name in OWN_PAGES:
                for method in ("get", "post"):
                    url = reverse(f"office:{name}")
                    status, content, _written = walker.ask(method, url, hostile(theirs, stranger))
                    assert status < 500, (method, url, status)
                    assert SECRET not in content, (method, url)
            assert tables() == before


def test_visitor_is_asked_to_sign_in_everywhere_in_the_office(theirs):
    walker, before = Walker(None), tables()

    for url in [*urls(walk(theirs), theirs), *(reverse(f"office:{name}") for name in OWN_PAGES)]:
        for method in ("get", "post"):
            status, content, written = walker.ask(method, url, hostile(theirs, None))
            if status == 403 and method == "post":
                assert "Вход закончился" in content  # the words that were posted come back, and nothing else
                content, status = "", 302
            assert (status, content, written) == (302, "", []), (method, url)

    assert tables() == before


@pytest.mark.slow
@pytest.mark.walk
def test_region_does_not_write_reports_of_towns(
    theirs, wg_member, region_editor, approver, region_admin, admin_user, case
):
    region_wide = form_url(theirs["measures"]["region"])[: -len("2026-q3/")]

    for colleague in (wg_member, region_editor, approver, region_admin, admin_user):
        with case(colleague):
            walker, before = Walker(colleague), tables()
            for url in urls(FORMS, theirs):
                if colleague == region_editor and url.startswith(region_wide):
                    continue  # that report is theirs to write
                for method in ("get", "post"):
                    status, _content, written = walker.ask(method, url, hostile(theirs, colleague))
                    assert refusal(method, url, status), (method, url, status)
                    assert written == [], (method, url)
            assert tables() == before


@pytest.mark.slow
@pytest.mark.walk
def test_member_of_a_working_group_writes_nothing_in_the_office(theirs, wg_member):
    walker, before = Walker(wg_member), tables()

    for url in [*urls(walk(theirs), theirs), *(reverse(f"office:{name}") for name in OWN_PAGES)]:
        status, _content, _written = walker.ask("post", url, hostile(theirs, wg_member))
        assert status < 500, url

    assert tables() == before


def test_evidence_of_an_unpublished_report_is_no_strangers(theirs, strangers, case):
    for stranger in (None, *strangers):
        with case(stranger):
            walker = Walker(stranger)
            for evidence in theirs["evidence"]:
                for name in ("evidence", "evidence_small"):
                    status, _content, _written = walker.ask("get", reverse(f"strategies:{name}", args=[evidence.pk]))
                    assert status == (200 if evidence.report_id == theirs["reports"]["published"].pk else 404)


# ——— Fields of the form ———


def form_fields(report):
    """{name: a value that the field takes} of the form in which a report is written."""
    form = ReportForm(report=report, former=None, parts=ReportParts.of(report))
    told = {"BooleanField": "on", "DayField": "2026-03-01", "WrittenDecimalField": "7", "CharField": "Чужое"}
    return {name: told.get(type(field).__name__, "") for name, field in form.fields.items()}


@pytest.fixture
def own(other_town, region):
    """A measure and a priority of town B."""
    return {"measure": factories.measure(other_town), "priority": factories.priority(factories.strategy(other_town))}


def foreign_fields(theirs, own):
    """Every field that names a record of town A: those of its form, and all that the row of its report holds."""
    report = theirs["reports"]["draft"]
    named = form_fields(report)
    for name in form_fields(ProgressReport(measure=own, year=2026, period="q3")):
        named.pop(name)
    assert sorted({name.split("-")[0] for name in named}) == ["actual", "milestone", "spent"]
    row = {
        name: str(getattr(report, field.attname))
        for field in ProgressReport._meta.concrete_fields
        for name in (field.name, field.attname)
        if field.name not in {"text", "percent"}
    }
    return row | named | {"pk": str(report.pk), "report": str(report.pk), "report_id": str(report.pk)}


@pytest.mark.invariant(16)
def test_fields_that_name_records_of_another_town_leave_no_trace(theirs, own, outsider, case):
    for kind, do in itertools.product(("measure", "priority"), ("draft", "send")):
        with case(f"{do} a report on a {kind}"):
            browser, subject = StrictClient(), own[kind]
            browser.force_login(outsider)
            before, draft = tables(), theirs["reports"]["draft"]
            foreign = foreign_fields(theirs, own["measure"])
            # The key and the version are those of a form of town A.
            sent = foreign | answers(do=do, key=str(draft.form_key), seen_version=str(draft.row_version))
            sent |= {"percent": "" if kind == "priority" else "45", "corrects": str(theirs["reports"]["published"].pk)}

            response = browser.post(form_url(subject, PERIOD), sent)

            assert response.status_code == (200 if do == "draft" else 302)
            report = ProgressReport.objects.exclude(pk__in=[one.pk for one in theirs["reports"].values()]).get()
            assert (report.subject, report.year, report.period, report.corrects) == (subject, 2026, "q3", None)
            assert (report.created_by, report.status) == (outsider, "draft" if do == "draft" else "submitted")
            parts = (report.milestones, report.actuals, report.spendings, report.evidence)
            assert [rows.count() for rows in parts] == [0] * 4
            assert report.typed.keys() - form_fields(report).keys() == set()
            assert left_of_others(report) == before


def left_of_others(report):
    """The tables without a report and its steps in the journal."""
    steps = set(JournalEntry.objects.about(report).values_list("pk", flat=True))
    rows = tables()
    rows[ProgressReport._meta.db_table] = [row for row in rows[ProgressReport._meta.db_table] if row["id"] != report.pk]
    rows[JournalEntry._meta.db_table] = [row for row in rows[JournalEntry._meta.db_table] if row["id"] not in steps]
    return rows
