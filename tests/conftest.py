"""Actors and ground of the tests: who acts, and where. Everybody is named by what they may do."""

import datetime
import gc
import re
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.final import release
from accounts.models import Role, RoleAssignment, User
from municipalities.models import Municipality, Region
from tests import factories
from tests.crowd import People
from tests.migrated_database import FINAL_TABLES, clone

# A loaded machine is slow for everybody: what is generated is judged by what it finds, not by the clock.
# A change is judged by the same inputs each time, so that it is refused for its own faults; new ones are looked for by
# whoever has time to mend them: `make fuzz`.
GENERATED = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("house", derandomize=True, **GENERATED)
hypothesis.settings.register_profile("fuzz", max_examples=500, print_blob=True, **GENERATED)
hypothesis.settings.load_profile("house")
JOINED = datetime.date(2010, 1, 1)  # long ago: whatever is late in a test is late with a duty
UNDEFINED = "⟪undefined"
ROOF = Path(__file__).resolve().parent / "config"
OF_ROWS = re.compile(
    r"_(first|last|latest|newest|nearest|longest|top|order|order(ed|s)|sort(ed|s)?|queue|list|filter(ed|s)?|chosen|"
    r"chooses?|finds?|found|search(ed)?|letters|sum|sums|counts?)(?=_|$)"
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What generates its inputs, or commits for others to see (threads, kills), is slow; the rest says so itself.

    Files with slow tests go first: at the end no process waits for the long test of another.
    """
    for item in items:
        database = item.get_closest_marker("django_db")
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False) or (
            database and database.kwargs.get("transaction")
        ):
            item.add_marker(pytest.mark.slow)
    with_slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in with_slow)


def pytest_itemcollected(item):
    """Mark what asks nothing of a database (SQLite alone will do: it says the same beside each), and what may ask once.

    Asked of both whatever the statements is an invariant, but on a page; what commits for others to see; and a test
    whose name speaks of an order, a choice or a search: databases sort and find in their own ways.
    """
    database = item.get_closest_marker("django_db")
    is_of_pages = item.path.name.startswith(("test_views", "test_admin")) or item.path.parent == ROOF
    is_proof = bool(
        OF_ROWS.search(item.originalname)
        or (item.get_closest_marker("invariant") and not is_of_pages)
        or (database and database.kwargs.get("transaction"))
        or "transactional_db" in item.fixturenames
    )
    if not is_proof:
        item.add_marker(pytest.mark.once)
    if not (database or {"db", "transactional_db"} & set(item.fixturenames)):
        item.add_marker(pytest.mark.bare)


def pytest_collection_finish():
    """What was imported stays to the end: to look through it for garbage again and again costs a twelfth of a run."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The copy made below is the test database; pytest-django makes no other."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(worker_id, tmp_path_factory, django_db_blocker):
    """Each process of the run works on a fresh copy of the migrated database."""
    with django_db_blocker.unblock():
        clone(worker_id, tmp_path_factory.mktemp("database"))


def _empty_tables(style, connection, **options):
    """Statements that empty all tables but those which Django would fill again after each flush.

    PostgreSQL truncates by making the files of each table and index anew: to delete the few rows of a test is quicker.
    Only a superuser, as ours is, may pass by the triggers and the order of references.
    """
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    tables = sorted(tables - {"django_content_type", "auth_permission"})
    if connection.vendor == "sqlite" or options.get("reset_sequences") or not _is_superuser(connection):
        return connection.ops.sql_flush(style, tables, **options)
    deleting = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables]
    return ["; ".join(["SET LOCAL session_replication_role = replica", *deleting])]


def _is_superuser(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')::boolean")
        return cursor.fetchone()[0]


@pytest.fixture(scope="session", autouse=True)
def _quick_flush():
    """Between transactional tests the tables are emptied and nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", _empty_tables)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_args: None)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """On SQLite transactional tests empty tables by DELETE, which the journal's triggers refuse: tests drop them.

    `tests/accounts/test_final.py` puts them back for itself and proves them on both databases.
    """
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            for table, events in FINAL_TABLES.items():
                release(connection, table, events=events)


class StrictClient(Client):
    """A client that fails a test when a page of ours prints an undefined variable."""

    def request(self, **request):
        response = super().request(**request)
        if response.headers.get("Content-Type", "").startswith("text/html") and not request["PATH_INFO"].startswith(
            "/admin/"
        ):
            text = response.content.decode()
            start = text.find(UNDEFINED)
            assert start == -1, f"{request['PATH_INFO']}: {text[max(start - 80, 0) : start + 80]}"
        return response


@pytest.fixture
def client():
    """A visitor."""
    return StrictClient()


@pytest.fixture(autouse=True)
def _empty_cache():
    """No page kept from another test."""
    cache.clear()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """`with committed():` what is done inside counts as committed, and kept pages hear of it: a test never commits."""

    @contextmanager
    def commit():
        connection.run_on_commit.clear()  # what the test has made before would have been committed long ago
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return commit


@pytest.fixture
def checked():
    """What the factories make in this test passes the checks of forms and imports, or is refused."""
    with factories.checking():
        yield


@pytest.fixture
def case(db, subtests):
    """One of many cases in the same world: `with case("the town's page"):` fails by that name alone.

    The next case begins where this one began: nothing that it wrote or kept in the cache is left.
    """

    @contextmanager
    def alone(name):
        with subtests.test(str(name)), transaction.atomic():
            cache.clear()
            yield
            transaction.set_rollback(True)

    return alone


@pytest.fixture
def region(db):
    return Region.objects.create(
        name="Самарская область", slug="samara-oblast", oktmo="36000000", is_active=True, joined_on=JOINED
    )


@pytest.fixture
def other_region(db):
    return Region.objects.create(
        name="Саратовская область", slug="saratov-oblast", oktmo="63000000", is_active=True, joined_on=JOINED
    )


@pytest.fixture
def town(region):
    return Municipality.objects.create(
        region=region,
        name="Сызрань",
        slug="syzran",
        kind="urban_okrug",
        oktmo="36735000",
        in_programme=True,
    )


@pytest.fixture
def other_town(region):
    return Municipality.objects.create(
        region=region, name="Чапаевск", slug="chapaevsk", kind="urban_okrug", oktmo="36750000",
        in_programme=True,
    )  # fmt: skip


def person(username, role=None, *, region=None, municipality=None):
    """A signed-in official with one role that began a month ago."""
    user = User.objects.create_user(username, password="пароль-для-тестов")
    if role:
        RoleAssignment.objects.create(
            user=user, role=role, region=region, municipality=municipality,
            valid_from=timezone.localdate() - datetime.timedelta(days=30), valid_to=None, acting=False,
        )  # fmt: skip
    return user


@pytest.fixture
def editor(town):
    """The municipal editor of town A."""
    return person("syzran-editor", Role.MUNICIPAL_EDITOR, municipality=town)


@pytest.fixture
def head(town):
    """The head of town A."""
    return person("syzran-head", Role.MUNICIPAL_HEAD, municipality=town)


@pytest.fixture
def outsider(other_town):
    """The head of town B: a stranger in town A."""
    return person("chapaevsk-head", Role.MUNICIPAL_HEAD, municipality=other_town)


@pytest.fixture
def region_editor(region):
    return person("editor", Role.REGION_EDITOR, region=region)


@pytest.fixture
def approver(region):
    return person("approver", Role.REGION_APPROVER, region=region)


@pytest.fixture
def other_approver(other_region):
    """An approver of another region: a stranger here."""
    return person("other-approver", Role.REGION_APPROVER, region=other_region)


@pytest.fixture
def wg_member(region):
    return person("wg-member", Role.WG_MEMBER, region=region)


@pytest.fixture
def region_admin(region):
    return person("region-admin", Role.ADMIN, region=region)


@pytest.fixture
def admin_user(db):
    """A superuser."""
    return User.objects.create_superuser("admin", password="пароль-для-тестов")


@pytest.fixture
def people(region, town, editor, head, region_editor, approver):
    """A town with those who act there, for crowds."""
    return People(region, town, editor, head, region_editor, approver)


@pytest.fixture
def queries(client):
    """Count the queries of a page for a visitor; content types, read once per process, are warmed up first."""

    def count(url):
        client.get(url)
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            response = client.get(url)
        assert response.status_code == 200
        return len(caught)

    return count
