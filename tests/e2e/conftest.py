"""A real browser: Chromium, axe, screenshots. An error in the console or a request to another host fails a test.

    def test_town_page(page, look):
        page.goto("/towns/")
        page.get_by_role("link", name="Сызрань").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Сызрань")
        look("town", 390, 1280)

A page takes its time. After a click a test waits for what the new page alone says (`expect`), and only then reads,
looks, asks the database or goes on: `tests/test_waiting.py` refuses what does not wait. `enter(user)` signs a person in
without the form; `width(390)` and `scheme("dark" | "wb")` change the reader's window.

`SLOWLY=6` makes the browser six times slower and lets every page arrive late and in pieces: whoever reads too early is
caught without a loaded machine.
"""

import os
import shutil
import sqlite3
import threading
import time
from pathlib import Path
from queue import Queue
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.servers.basehttp import ServerHandler
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, expect, sync_playwright

from tests import PATIENCE as ANSWERED

HERE = Path(__file__).resolve().parent
AXE = (HERE / "axe.min.js").read_text(encoding="utf-8")  # axe-core 4.14.1, MPL-2.0, see VENDOR.md
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
# What another window changes: what is shown there, and how large.
OF_WINDOW = [
    "target-size", "scrollable-region-focusable", "aria-hidden-focus", "heading-order", "page-has-heading-one",
    "link-name", "button-name", "label",
]  # fmt: skip
PATIENCE = 120_000  # milliseconds for what a page is to show, the one timeout of all browser tests
SCREENSHOTS = HERE / "screenshots"
# The bare shell of Chromium draws the same and costs half; a whole browser will do as well.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
expect.set_options(timeout=PATIENCE)
MEASURED = "axe has measured"
# Colours that fade into each other and letters that are still on their way would be measured half-way.
SETTLED = """await document.fonts.ready;
  await Promise.allSettled(document.getAnimations().map((one) => one.finished));"""
MEASURE = f"""async ([rules, measured]) => {{
  {SETTLED}
  if (!window.axe) window.bringAxe();
  const {{ violations }} = await axe.run(document, {{ runOnly: rules, resultTypes: ["violations"] }});
  console.debug(measured);
  return violations.flatMap((one) => one.nodes.map((node) => one.id + ": " + node.target.join(" ")));
}}"""
WIDER = f"""async () => {{
  {SETTLED}
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}}"""
SLOWLY = float(os.environ.get("SLOWLY") or 0)
# Where the site is made slow: seconds before each piece of a page, and bytes of the first, which shows nothing yet.
PAUSE, HEAD = 1, 500
# A quiet browser: no sandbox as root, and no traffic of its own.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Everything in this folder is a journey in a browser and needs a database that the server's thread sees."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, one for each process of the run."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if not found:
        pytest.exit("No Chromium. Debian: sudo apt install chromium-headless-shell fonts-dejavu-core", returncode=2)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop running; the ORM is called beside it
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session", autouse=True)
def _slow_site():
    """Where it is asked for, every page of the site arrives late and in pieces."""
    write = ServerHandler.write

    def write_in_pieces(handler, data):
        is_page = not handler.headers_sent and handler.headers.get("Content-Type", "").startswith("text/html")
        middle = len(data) // 2 if is_page and "Content-Length" in handler.headers else 0
        for piece in filter(None, (data[: min(HEAD, middle)], data[HEAD:middle])):
            time.sleep(PAUSE)
            write(handler, piece)
        if middle:
            time.sleep(PAUSE)
        write(handler, data[middle:])

    with pytest.MonkeyPatch.context() as patch:
        if SLOWLY:
            patch.setattr(ServerHandler, "write", write_in_pieces)
        yield


@pytest.fixture(scope="session", autouse=True)
def _acts_when_loaded():
    """Whoever acts on a page does so when its scripts are there, as a person would: half a page can be pressed, too."""

    def when_loaded(act):
        def wait_and_act(locator, *args, **kwargs):
            locator.wait_for(state="attached")
            locator.page.wait_for_load_state()
            return act(locator, *args, **kwargs)

        return wait_and_act

    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "check", "fill", "press", "select_option", "set_input_files"):
            patch.setattr(Locator, name, when_loaded(getattr(Locator, name)))
        yield


@pytest.fixture(autouse=True)
def _midday():
    """No test meets midnight: the day that it counts from is the day on which the site answers it."""
    with time_machine.travel(timezone.localtime().replace(hour=12), tick=True):
        yield


@pytest.fixture(autouse=True)
def _site_at_rest(transactional_db):
    """A test ends when the site has answered all it was asked: a late answer would write into the next test.

    It would keep a page there as well: editions are counted anew, so the next test would read it as its own.
    """
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(ANSWERED)
        assert not thread.is_alive(), f"{thread.name} still answers: a browser was left open"


@pytest.fixture(scope="session")
def _prepared_sites():
    """{name of a site: a copy of the database that holds it}."""
    copies = {}
    yield copies
    for copy in copies.values():
        copy.close()


@pytest.fixture
def prepared(transactional_db, _prepared_sites):
    """Fill the empty database by a function, `prepared(load)`: once in a process, for later tests by a copy.

    Files that it stores stay in memory from the first time on.
    """

    def fill(load):
        if connection.vendor != "sqlite":
            load()
        elif load in _prepared_sites:
            connection.ensure_connection()
            _prepared_sites[load].backup(connection.connection)
        else:
            load()
            _prepared_sites[load] = sqlite3.connect(":memory:")
            connection.connection.backup(_prepared_sites[load])

    return fill


@pytest.fixture
def another_reader(browser, live_server):
    """Open a page for somebody else, `another_reader(java_script_enabled=False)`; it is closed with the test."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(locale="ru-RU", base_url=live_server.url, reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if SLOWLY:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWLY})
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(another_reader, live_server):
    """A fresh reader with a desktop window. Errors in the console and requests elsewhere fail the test."""
    opened = another_reader(viewport={"width": 1280, "height": 900})
    # Every page has axe at hand and reads it when it is asked for: to send it over each time costs as much as it takes.
    opened.add_init_script(f"window.bringAxe = () => {{\n{AXE}\n}};")
    opened.in_axe = 0
    opened.meant = set()  # refusals that a test asks of a script's own requests
    own = urlsplit(live_server.url).netloc
    found = []

    def on_request(request):
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != own:
            found.append(f"another host: {request.url}")

    def on_console(message):
        # The console also reports a page's own 4xx answer; whether that was meant is the test's to say.
        # axe itself tries inline styles while it measures: what is told before its last word is not the page's.
        opened.in_axe -= message.text == MEASURED
        if message.type == "error" and "Failed to load resource" not in message.text and not opened.in_axe:
            found.append(f"console: {message.text}")

    def on_response(response):
        is_meant = response.status in opened.meant
        if response.status >= 400 and response.request.resource_type != "document" and not is_meant:
            found.append(f"{response.status}: {response.url}")

    opened.context.on("request", on_request)
    opened.context.on("console", on_console)
    opened.context.on("response", on_response)
    opened.context.on("weberror", lambda error: found.append(f"script: {error.error}"))
    yield opened
    opened.context.close()
    assert found == []


@pytest.fixture
def by_hand(monkeypatch):
    """A long work that waits at each step until the test has looked: `for done, of in by_hand(module, "work"): …`."""

    def steps_of(module, name):
        work, told, seen = getattr(module, name), Queue(), threading.Semaphore(0)

        def slowly(*args, **kwargs):
            try:
                for step in work(*args, **kwargs):
                    told.put(step)
                    yield step
                    assert seen.acquire(timeout=ANSWERED)
            finally:
                told.put(None)

        monkeypatch.setattr(module, name, slowly)
        return _looked_at(told, seen)

    return steps_of


def _looked_at(told, seen):
    """The steps as they are told; each is let go when the next is asked for."""
    while (step := told.get(timeout=ANSWERED)) is not None:
        yield step
        seen.release()


@pytest.fixture
def axe():
    """What axe finds on the page as it stands: `rule: where`, empty when all is well."""

    def run(page, rules=RULES):
        page.wait_for_load_state()
        page.in_axe += 1
        return sorted(page.evaluate(MEASURE, [rules, MEASURED]))

    return run


@pytest.fixture
def axe_in_colours(axe):
    """The same in three colour schemes without loading the page again: all rules once, those of colour in each."""

    def run(page):
        found = axe(page)
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {fault}" for fault in axe(page, OF_COLOUR)]
        page.emulate_media(color_scheme="light")
        page.evaluate("() => document.documentElement.setAttribute('data-scheme', 'wb')")
        found += [f"wb: {fault}" for fault in axe(page, OF_COLOUR)]
        page.evaluate("() => document.documentElement.removeAttribute('data-scheme')")
        return found

    return run


@pytest.fixture
def look(page, axe, sideways, shot, width):
    """Look at the page that stands: `look("form")`, `look("form", 390, 1280)`; at the end of the test no fault is left.

    All rules of axe are asked in the first window; colours are the same in the others and are not measured again.
    """
    found = {}

    def see(name, *widths):
        for place, pixels in enumerate(widths or [None]):
            if pixels:
                width(pixels)
            faults = axe(page) if place == 0 else axe(page, OF_WINDOW)
            faults += [f"sideways by {by}"] if (by := sideways(page)) else []
            if faults:
                found[f"{name} {pixels or ''}"] = faults
            shot(page, f"{name}-{pixels}" if pixels else name)

    yield see
    assert found == {}


@pytest.fixture
def shot():
    """Keep a picture of the whole page where it is asked for (SCREENSHOTS=1): `shot(page, "town-390")`."""
    is_asked = bool(os.environ.get("SCREENSHOTS"))

    def save(page, name):
        if is_asked:
            page.screenshot(path=str(SCREENSHOTS / f"{name}.png"), full_page=True)

    return save


@pytest.fixture
def enter(page, live_server):
    """Sign a person in without the form: `enter(editor)`, or `enter(editor, another_page)`."""

    def sign_in(user, reader=page):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        reader.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

    return sign_in


@pytest.fixture
def pages_seen(page):
    """Addresses of the pages that are opened from here on: how long a way is, told without a clock."""
    seen = []
    page.on("framenavigated", lambda frame: seen.append(frame.url) if frame == page.main_frame else None)
    return seen


@pytest.fixture
def width(page):
    """Change the window: 320 narrowest, 390 phone, 1280 desktop."""

    def resize(pixels):
        page.set_viewport_size({"width": pixels, "height": 900 if pixels > 700 else 844})

    return resize


@pytest.fixture
def scheme(page, live_server):
    """Choose colours: «light» and «dark» as the system asks, «bw», «wb», «blue»… by cookie. Then load the page."""

    def choose(name):
        page.context.clear_cookies(name="a11y")
        page.emulate_media(color_scheme="dark" if name == "dark" else "light")
        if name not in {"light", "dark"}:
            page.context.add_cookies([{"name": "a11y", "value": f"scheme={name}", "url": live_server.url}])

    return choose


@pytest.fixture
def sideways():
    """By how many pixels the page is wider than its window: 0 is right."""

    def measure(page):
        page.wait_for_load_state()
        return page.evaluate(WIDER)

    return measure
