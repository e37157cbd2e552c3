"""A real browser: Chromium, axe, screenshots. An error in the console or a request to another host fails a test.

    def test_town_page(page, live_server, axe, shot):
        page.goto(live_server.url + "/towns/syzran/")
        assert axe(page) == []
        shot(page, "town")

`enter(user)` signs a person in without the form; `width(390)` and `scheme("dark" | "wb")` change the reader's window.
"""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

HERE = Path(__file__).resolve().parent
AXE = (HERE / "axe.min.js").read_text(encoding="utf-8")  # axe-core 4.14.1, MPL-2.0, see VENDOR.md
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
PATIENCE = 60_000  # milliseconds for what a page is to show: a loaded machine is slow
SCREENSHOTS = HERE / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome")
expect.set_options(timeout=PATIENCE)
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
    """Debian's Chromium, one for the whole run."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if not found:
        pytest.exit("No Chromium. Debian: sudo apt install chromium fonts-dejavu-core", returncode=2)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop running; the ORM is called beside it
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, live_server):
    """A fresh reader with a desktop window. Errors in the console and requests elsewhere fail the test."""
    context = browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 900}, base_url=live_server.url)
    context.set_default_timeout(PATIENCE)
    own = urlsplit(live_server.url).netloc
    found = []

    def on_request(request):
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != own:
            found.append(f"another host: {request.url}")

    def on_console(message):
        # The console also reports a page's own 4xx answer; whether that was meant is the test's to say.
        # axe itself tries inline styles while it measures: what it causes is not the page's.
        if message.type == "error" and "Failed to load resource" not in message.text and not opened.in_axe:
            found.append(f"console: {message.text}")

    def on_response(response):
        is_meant = response.status in opened.meant
        if response.status >= 400 and response.request.resource_type != "document" and not is_meant:
            found.append(f"{response.status}: {response.url}")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("response", on_response)
    context.on("weberror", lambda error: found.append(f"script: {error.error}"))
    opened = context.new_page()
    opened.in_axe = False
    opened.meant = set()  # refusals that a test asks of a script's own requests
    yield opened
    context.close()
    assert found == []


@pytest.fixture
def axe():
    """What axe finds on the page as it stands: `rule: where`, empty when all is well."""

    def run(page, rules=RULES):
        page.in_axe = True
        page.evaluate(AXE)
        found = page.evaluate(
            "async rules => (await axe.run(document, {runOnly: rules})).violations"
            ".flatMap(v => v.nodes.map(n => v.id + ': ' + n.target.join(' ')))",
            rules,
        )
        page.wait_for_timeout(50)
        page.in_axe = False
        return sorted(found)

    return run


@pytest.fixture
def axe_in_colours(axe):
    """The same in three colour schemes without loading the page again: all rules once, those of colour in each."""

    def run(page):
        # Colours that fade into each other would be measured half-way.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found = axe(page)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"dark: {fault}" for fault in axe(page, OF_COLOUR)]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.evaluate("() => document.documentElement.setAttribute('data-scheme', 'wb')")
        found += [f"wb: {fault}" for fault in axe(page, OF_COLOUR)]
        page.evaluate("() => document.documentElement.removeAttribute('data-scheme')")
        return found

    return run


@pytest.fixture
def shot():
    """Keep a picture of the whole page where it is asked for (SCREENSHOTS=1): `shot(page, "town-390")`."""
    is_asked = bool(os.environ.get("SCREENSHOTS"))
    SCREENSHOTS.mkdir(exist_ok=True)

    def save(page, name):
        if is_asked:
            page.screenshot(path=str(SCREENSHOTS / f"{name}.png"), full_page=True)

    return save


@pytest.fixture
def enter(page, live_server):
    """Sign a person in without the form: `enter(editor)`."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

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
        return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")

    return measure
