"""Proof that nothing has changed for users: every page, paper, table, letter and address of the sample site, compared.

    python bench/same_site.py collect FOLDER [--database URL]   from the root of any checkout, at a fixed clock
    python bench/same_site.py compare A B                       what differs; exit code 1 if anything does

Only the standard library, Django and `time-machine` are imported: the modules of the project may have any names. What
is not the same on its own (keys of forms, signatures, passwords, names of stored files) is masked, see `MASKS`.
"""

import argparse
import collections
import contextlib
import datetime
import functools
import hashlib
import io
import json
import logging
import os
import pathlib
import random
import re
import sys
import tempfile
import time
import zipfile
from urllib.parse import unquote, urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

import django
import time_machine
from differences import compare
from django import apps, test
from django.conf import settings
from django.contrib import admin
from django.core import mail, management
from django.core.cache import caches
from django.db import connection, transaction
from django.urls import Resolver404, get_resolver, resolve, reverse
from page_forms import Page, options_of, posted

START = datetime.datetime(2026, 11, 30, 9, 0, tzinfo=ZoneInfo("Europe/Samara"))
ACTORS = [
    *("visitor", "admin", "approver", "editor", "wg-member"),
    *("primersk-head", "primersk-editor", "novoprimersk-head"),
]
REGION, PASSWORD = "demo/samara", "demo"
QUERIES_PER_PATH = 4
# Pages of one URL name: (beginning of the path, at most for the visitor, at most for an official). The first one holds.
LIMITS = [("/en/", 10, 1), ("/admin/", 1, 3), ("/office/", 2, 12), ("/accounts/", 4, 4), ("/", 40, 1)]
SHARED = 2  # pages of one URL name that an actor has found and everybody else is asked about
ENVIRONMENT = {
    "SECRET_KEY": "same-site-" * 6, "DEBUG": "0", "DEMO": "1", "DEMO_PASSWORD": PASSWORD, "HTTPS": "0",
    "RELEASE": "same", "SITE_URL": "http://localhost", "ALLOWED_HOSTS": "localhost", "MFA_REQUIRED": "0",
    "CACHE_URL": "locmemcache://", "EMAIL_URL": "dummymail://", "CONN_MAX_AGE": "60", "TIME_ZONE": "Europe/Samara",
}  # fmt: skip
EMPTY = ["HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXY_COUNT", "PROPOSALS_PER_HOUR", "DEFAULT_FROM_EMAIL",
         "PGBOUNCER", "SITE_NAME", "HOME_REGION"]  # fmt: skip
HEADERS = ["Location", "Content-Disposition", "Cache-Control", "Content-Language", "Vary", "Content-Security-Policy"]
MASKS = [(re.compile(pattern), by) for pattern, by in [
    (r'(name="csrfmiddlewaretoken"\s+value=")[^"]*', r"\1CSRF"),
    (r'(\bnonce=")[^"]*', r"\1NONCE"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UUID"),
    (r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", "HEX"),
    (r"(?<![\w.-])[\w.-]+:[\w-]{4,}:[\w-]{27,}", "SIGNED"),
    (r"\b(md5|pbkdf2_sha256)\$[^\s'\"]+", "PASSWORD"),
    (r"(<dcterms:(?:created|modified)[^>]*>)[^<]*", r"\1TIME"),
]]  # fmt: skip
TYPES = {"text/html": "html", "text/plain": "txt", "text/csv": "csv", "text/calendar": "ics",
         "application/json": "json", "application/xml": "xml",
         "application/pdf": "pdf", "image/jpeg": "jpg"}  # fmt: skip
SPACE, UNSAFE = re.compile(r"\s+"), re.compile(r"[^\w.-]+")
chance = random.Random(1)


def masked(text):
    """Text without what is never the same twice."""
    return functools.reduce(lambda kept, mask: mask[0].sub(mask[1], kept), MASKS, text)


class Keeper:
    """Writes answers of one actor into a folder, with an index of their status and headers."""

    def __init__(self, folder):
        self.folder, self.index = folder, {}
        folder.mkdir(parents=True)

    def keep(self, url, response, letters=()):
        """Save an answer; return its text, where it is a page."""
        body = b"".join(response.streaming_content) if response.streaming else response.content
        kind = response.headers.get("Content-Type", "").split(";")[0]
        extension, text = TYPES.get(kind, "bin"), None
        if body[:2] == b"PK":
            extension, text = "zip.txt", unzipped(body)
        elif extension in {"html", "txt", "csv", "ics", "json", "xml"}:
            text = body.decode(response.charset or "utf-8", errors="replace")
        name = masked(unquote(url))
        words, digest = UNSAFE.sub("_", name).strip("_")[:70], hashlib.sha256(name.encode()).hexdigest()[:6]
        path = self.folder / f"{words}-{digest}.{extension}"
        if text is None:
            path.write_bytes(body)
        else:
            kept = masked(text) + "".join(f"\n<!-- LETTER\n{letter}\n-->" for letter in letters)
            path.write_text(SPACE.sub(" ", kept) if extension == "html" else kept, encoding="utf-8")
        headers = {one: masked(response.headers[one]) for one in HEADERS if one in response.headers}
        chain = [masked(f"{code} {target}") for target, code in getattr(response, "redirect_chain", [])]
        kind = response.headers.get("Content-Type")
        self.index[path.name] = [masked(url), response.status_code, kind, headers, chain]
        return text if extension == "html" else None

    def close(self):
        """Write the index, an answer a line."""
        rows = (json.dumps({name: said}, ensure_ascii=False) for name, said in sorted(self.index.items()))
        (self.folder / "index.json").write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")


def unzipped(body):
    """The parts of a DOCX or XLSX as text, a tag a line."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = [(name, archive.read(name)) for name in sorted(archive.namelist())]
    return "\n".join(
        f"===== {name}\n" + (content.decode().replace("><", ">\n<") if name.endswith((".xml", ".rels", ".txt", ".csv"))
                             else hashlib.sha256(content).hexdigest())
        for name, content in parts
    )  # fmt: skip


class Actor:
    """A person with a browser who opens everything that can be reached."""

    def __init__(self, name, folder, clock):
        self.name, self.clock = name, clock
        self.client = test.Client(raise_request_exception=False, SERVER_NAME="localhost")
        self.keeper = Keeper(folder / name)
        self.seen, self.names, self.queries = {}, collections.Counter(), collections.Counter()
        self.forms, self.found = {}, collections.defaultdict(list)
        if name != "visitor":
            chance.seed(f"{name} login")
            self.client.post("/accounts/login/", {"login": name, "password": PASSWORD})

    def open(self, url):
        """Ask for an address once; return the links of the page."""
        if url in self.seen:
            return []
        chance.seed(f"{self.name} {url}")
        response = self.client.get(url)
        self.seen[url] = response.status_code
        text = self.keeper.keep(url, response)
        links = [response.headers["Location"]] if "Location" in response.headers else []
        if text is None:
            return links
        page = Page(text)
        for form in page.forms:
            for button in form["buttons"][: 1 if url.startswith("/admin/") else None] or [("", "")]:
                action = urljoin(url, form["action"]) if form["action"] else url
                if form["method"] == "post" and not (self.name == "visitor" and action.startswith("/en/")):
                    fields = tuple(sorted({field[0] for field in form["fields"]}))
                    self.forms.setdefault((view_name(action), fields, button), (action, form, button))
        return links + page.links

    def crawl(self, starts):
        """Everything that links lead to from some addresses, within limits."""
        queue = collections.deque(starts)
        while queue:
            url = queue.popleft()
            if url in self.seen or not self._wanted(url):
                continue
            for link in self.open(url):
                parts = urlsplit(urljoin(f"http://localhost{url}", link))
                if parts.netloc == "localhost" and not parts.path.startswith("/static/"):
                    queue.append(parts.path + (f"?{parts.query}" if parts.query else ""))

    def _wanted(self, url):
        path, _, query = url.partition("?")
        name = view_name(path)
        limit = next(limit for limit in LIMITS if path.startswith(limit[0]))
        place = (limit[0], name, bool(query))
        if self.names[place] >= limit[1 if self.name == "visitor" else 2] or self.queries[path] >= QUERIES_PER_PATH:
            return False
        self.names[place] += 1
        self.queries[path] += bool(query)
        if not query:
            self.found[name].append(path)
        return True

    def press_buttons(self):
        """Send every form that was met, as it stood and filled; nothing of it stays. Letters are kept as well."""
        self.clock.move_to(START + datetime.timedelta(minutes=1))
        for key, (action, form, button) in sorted(self.forms.items(), key=str):
            sent = [posted(form, button, fill=fill) for fill in (False, True)]
            for number, data in enumerate(sent if sent[0] != sent[1] else sent[:1]):
                label = f"POST {action} {' '.join(button)} {number} {hashlib.sha256(str(key).encode()).hexdigest()[:4]}"
                self._post(label, action, data)
        self.clock.move_to(START)

    def _post(self, label, action, data):
        chance.seed(f"{self.name} {label}")
        cookies = str(self.client.cookies.output(header="", sep=";"))
        mail.outbox.clear()
        with transaction.atomic():
            with test.TestCase.captureOnCommitCallbacks(execute=True):
                response = self.client.post(action, data, follow=True)
            self.keeper.keep(label, response, map(letter_text, mail.outbox))
            transaction.set_rollback(True)
        self.client.cookies.clear()
        self.client.cookies.load(cookies)
        caches["pages"].clear()

    def papers(self):
        """Every official paper and table in every format, for the whole and for one town."""
        page = Page(self.client.get(reverse("office:papers")).content.decode())
        scopes = [next((one for one in options_of(page, "scope") if one.startswith(kind)), None)
                  for kind in ("region", "programme", "direction", "town")]  # fmt: skip
        common = {"annex": "письму № 1", "signer_post": "Министр", "signer_name": "П. П. Петров", "phone": "8 800"}
        for scope in filter(None, scopes):
            for paper in options_of(page, "paper"):
                for term in ({"year": "2026", "period": "q3"}, {"year": "all"}):
                    for form in ("docx", "xlsx", "page"):
                        asked = {"paper": paper, "scope": scope, **term, "format": form}
                        self.open(f"{reverse('office:papers')}?{urlencode(asked | common)}")
        page = Page(self.client.get(reverse("office:tables")).content.decode())
        towns = ["", *[one for one in options_of(page, "town") if one][:1]]
        for kind in options_of(page, "kind"):
            programmes = [one for one in options_of(page, "programme") if one] if kind == "measures" else [""]
            for programme, town, form in ((p, t, f) for p in programmes for t in towns for f in ("xlsx", "csv")):
                asked = {"kind": kind, "programme": programme, "town": town, "format": form}
                self.open(f"{reverse('office:tables_export')}?{urlencode(asked)}")
        for path in self.found["office:session"]:
            self.open(f"{path}minutes.docx")
            self.open(f"{path}minutes/")
        for path in self.found["office:visit"]:
            self.open(f"{path}?format=docx")


def view_name(url):
    """The URL name of an address."""
    try:
        return resolve(urlsplit(url).path).view_name or "-"
    except Resolver404:
        return "404"


def letter_text(letter):
    """A letter as its reader gets it."""
    others = [f"[{kind}]\n{body}" for body, kind in getattr(letter, "alternatives", [])]
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(letter.extra_headers.items()))
    return masked("\n".join([f"To: {letter.to}", f"Subject: {letter.subject}", headers, letter.body, *others]))


@contextlib.contextmanager
def site(database):
    """The sample site in a database of its own, at `START`; return the clock."""
    root = pathlib.Path.cwd()
    sys.path[0] = str(root)
    module = re.search(r'DJANGO_SETTINGS_MODULE", "([\w.]+)"', (root / "manage.py").read_text(encoding="utf-8"))[1]
    with tempfile.TemporaryDirectory() as folder, time_machine.travel(START, tick=False) as clock:
        places = {"DATABASE_URL": database or f"sqlite:///{folder}/site.sqlite3", "DJANGO_SETTINGS_MODULE": module,
                  "MEDIA_ROOT": f"{folder}/media", "EVIDENCE_ROOT": f"{folder}/evidence"}  # fmt: skip
        os.environ.update(ENVIRONMENT | dict.fromkeys(EMPTY, "") | places)
        os.urandom = random._urandom = chance.randbytes  # keys and secrets: the same in every run
        settings.STORAGES = settings.STORAGES | {
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        }
        settings.STATIC_ROOT = folder
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        django.setup()
        logging.disable(logging.CRITICAL)
        test.utils.setup_test_environment(debug=False)
        settings.ALLOWED_HOSTS = ["localhost"]
        mail.outbox = []
        yield clock


def run(*command, **options):
    """What a management command says."""
    said = io.StringIO()
    try:
        management.call_command(*command, stdout=said, stderr=said, no_color=True, **options)
    except (management.CommandError, SystemExit) as refusal:
        said.write(f"\n{type(refusal).__name__}: {refusal}")
    return masked(f"$ {' '.join(command)}\n{said.getvalue()}\n")


def addresses(patterns, before="", space=""):
    """Every pattern with its name and namespace, in the order in which they are tried."""
    for one in patterns:
        whole = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from addresses(one.url_patterns, whole, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{whole}\t{space}{one.name}\t{one.default_args or ''}"[:200].split(" at 0x")[0]


def rows_of_tables():
    """All rows of the database, table by table."""
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'select * from "{table}"')
            columns = [column[0] for column in cursor.description]
            yield from (masked(f"{table} {dict(zip(columns, row, strict=True))}") for row in sorted(cursor, key=repr))


def help_of_commands():
    """Names of the project's commands, and what each says of itself."""
    for name, app in sorted(management.get_commands().items()):
        if isinstance(app, str) and (pathlib.Path.cwd() / app.replace(".", "/")).is_dir():
            yield management.load_command_class(app, name).create_parser("manage.py", name).format_help()


def facts():
    """{name of a file: lines}: what can be said of the site without asking for a page."""
    models = sorted(apps.apps.get_models(), key=lambda model: model._meta.label)
    found = {
        "urls": list(addresses(get_resolver().url_patterns)),
        "models": [f"{m._meta.label} {m._meta.db_table} {m._meta.verbose_name}" for m in models],
        "migrations": [run("showmigrations", plan=True), run("makemigrations", dry_run=True, check_changes=True)],
        "commands": list(help_of_commands()),
        "rows": list(rows_of_tables()),
    }
    with connection.cursor() as cursor:
        cursor.execute("select app_label, codename, name from auth_permission p join django_content_type c "
                       "on c.id = p.content_type_id order by 1, 2")  # fmt: skip
        found["permissions"] = list(map(str, cursor.fetchall()))
        if connection.vendor == "sqlite":
            cursor.execute("select sql from sqlite_master where sql is not null order by name")
            found["schema"] = [row[0] for row in cursor.fetchall()]
    return found


def letters(slugs):
    """What the commands that write letters say and send, day after day."""
    first, said = START.date() - datetime.timedelta(days=60), []
    commands = [["send_reminders", "--on", str(first + datetime.timedelta(days=day))] for day in range(0, 120, 2)]
    commands += [["open_reporting_cycle"], ["find_conflicts"], ["send_reminders"], ["write_to_authors"]]
    for command in [*commands, *(["send_results", slug] for slug in slugs), ["forget_authors"]]:
        mail.outbox.clear()
        chance.seed(" ".join(command))
        said += [run(*command), *map(letter_text, mail.outbox)]
    return said


def starts(actor):
    """Where an actor begins: every address without arguments; for officials, the admin's first objects as well."""
    fixed = [path for path in (one.split("\t")[0] for one in addresses(get_resolver().url_patterns)) if path]
    found = ["/", "/en/"] + ["/" + path.replace("\\Z", "") for path in fixed if not re.search(r"[<^(\[]", path)]
    found += ["/en/programme/", "/no-such-page/", "/en/no-such-page/"]
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label) if actor != "visitor" else ():
        page, first = f"admin:{model._meta.app_label}_{model._meta.model_name}", model.objects.order_by("pk").first()
        if first is not None:
            found += [reverse(f"{page}_{kind}", args=[first.pk]) for kind in ("change", "history", "delete")]
    return found


def collect(folder, database):
    """Fill a new folder with everything the site answers."""
    folder.mkdir(parents=True)
    began = time.perf_counter()
    with site(database) as clock:
        run_log = [run("migrate"), run("load_region", REGION), run("load_demo")]
        for name, lines in (facts() | {"loading": run_log}).items():
            (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        actors = [Actor(name, folder, clock) for name in ACTORS]
        for actor in actors:
            actor.crawl(starts(actor.name))
            print(f"{actor.name}: {len(actor.seen)} pages, {time.perf_counter() - began:.0f} s", flush=True)
        shared = sorted({path for actor in actors for paths in actor.found.values() for path in paths[:SHARED]})
        for actor in actors:
            for path in shared:
                actor.open(path)
            if actor.name in {"editor", "primersk-head", "wg-member"}:
                actor.papers()
            opened = len(actor.keeper.index)
            actor.press_buttons()
            print(f"{actor.name}: {opened} answers and {len(actor.keeper.index) - opened} posts, "
                  f"{time.perf_counter() - began:.0f} s", flush=True)  # fmt: skip
            actor.keeper.close()
        slugs = [path.split("/")[2] for path in actors[0].found["sessions:session_detail"]]
        (folder / "letters.txt").write_text("\n".join(letters(slugs)), encoding="utf-8")
    print(f"{sum(len(actor.keeper.index) for actor in actors)} answers, {time.perf_counter() - began:.0f} s")


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("collect")
    one.add_argument("folder", type=pathlib.Path)
    one.add_argument("--database", metavar="URL", help="an empty database; a SQLite file of its own, if not said")
    two = commands.add_parser("compare")
    two.add_argument("a", type=pathlib.Path)
    two.add_argument("b", type=pathlib.Path)
    said = parser.parse_args()
    if said.command == "compare":
        sys.exit(bool(compare(said.a, said.b)))
    collect(said.folder.resolve(), said.database)


if __name__ == "__main__":
    main()
