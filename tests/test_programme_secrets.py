"""What a region only prepares is read by nobody else: every link that a stranger finds is followed, files are opened.

The same walk by the region's editor finds it on pages and in files: the test can fail.
"""

import collections
import html
import io
import re
import zipfile
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from strategies.models import Commitment, Finding, Funding, Indicator, IndicatorValue
from tests import factories
from tests.conftest import StrictClient
from tests.strategies.programme.test_models_programme_version import draft

SECRET, OPEN = "Тайномир", "Открытая мера"
MOST_PAGES, MOST_OF_KIND = 160, 2
ROOTS = (
    "/", "/programme/", "/programme/coverage/", "/programme/gaps/", "/programme/changes/", "/programme/late/",
    "/sitemap.xml", "/office/", "/office/dashboard/", "/office/programme/", "/office/tables/", "/office/papers/",
    "/office/commitments/", "/office/programme/findings/",
)  # fmt: skip

pytestmark = [pytest.mark.slow, pytest.mark.walk]
LINK = re.compile(r"""(?:href|src|action)="([^"#]+)|<loc>([^<]+)""")
# Ways that files are asked for by a form, not by a link: every paper as every kind of file, every table.
PAPERS = [
    f"/office/papers/?format={form}&paper={paper}&scope={{scope}}&year=2026&period=q3"
    for paper in ("plan", "summary", "orders", "progress") for form in ("docx", "xlsx", "page")
]  # fmt: skip
TABLES = [
    f"/office/tables/export/?kind={kind}&programme={{programme}}&format={form}"
    for kind in ("measures", "priorities", "indicators", "values") for form in ("csv", "xlsx")
]  # fmt: skip


@pytest.fixture
def prepared(town, region, region_editor):
    """Everything that a region prepares and has not published; each part carries the secret."""
    open_programme = factories.programme(region)
    direction = factories.direction(region, programme=open_programme)
    measure = factories.measure(town, direction=direction, title=OPEN)
    programme = draft(region, code="prepared", summary=SECRET, status_note=SECRET)
    direction = factories.direction(region, programme=programme, title=f"{SECRET} направление")
    hidden = factories.measure(town, direction=direction, status="draft", title=f"{SECRET} мера", note=SECRET)
    factories.make(Funding, measure=hidden, year=2026, source="local", planned="77123.45")
    indicator = factories.make(Indicator, measure=hidden, name=f"{SECRET} показатель", unit="шт.")
    factories.make(IndicatorValue, indicator=indicator, year=2026, target=5)
    factories.measure(
        town, direction=measure.direction, status="draft", title=f"{SECRET} мера открытой программы", due=measure.due
    )
    strategy = factories.strategy(town)
    factories.priority(strategy, status="draft", title=f"{SECRET} приоритет")
    link = factories.link(factories.priority(strategy), measure)
    factories.make(
        Commitment, link=link, side="region", kind="fund", amount=500, year=2027, condition=SECRET, status="draft"
    )
    factories.make(Finding, region=region, kind="money_sum", key="a" * 64, text=f"{SECRET}: итог не сходится.")
    factories.document(region, title=f"{SECRET} акт", status="draft")
    return {"programme": programme, "hidden": hidden, "region": region, "town": town}


def told(response):
    """All words of an answer; a book or a Word file is opened."""
    content = b"".join(response) if response.streaming else response.content
    if not content.startswith(b"PK\x03\x04"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "".join(package.read(name).decode(errors="replace") for name in package.namelist())


def walk(client, addresses):
    """({address: words} of every page and file that links lead to, how many answered)."""
    queue, seen, of_kind, found = collections.deque(addresses), set(addresses), collections.Counter(), {}
    while queue and len(found) < MOST_PAGES:
        address = queue.popleft()
        response = client.get(address)
        if response.status_code != 200:
            continue
        words = found[address] = told(response)
        for groups in LINK.findall(words):
            parts = urlsplit(html.unescape(groups[0] or groups[1]))
            path = parts.path or urlsplit(address).path
            if parts.netloc not in {"", "testserver"} or path.startswith(("/static/", "/admin/", "/accounts/", "/en/")):
                continue
            link = f"{path}?{parts.query}" if parts.query else path
            # Filters make links without end: a few of each kind of question are enough.
            kind = path + "?" + "&".join(sorted(re.findall(r"(?:^|&)(\w+)=", parts.query)))
            if "format=" in parts.query:
                kind += link
            if link not in seen and of_kind[kind] < MOST_OF_KIND:
                seen.add(link)
                of_kind[kind] += 1
                queue.append(link)
    return found


def addresses(prepared):
    """Where a walk begins: the roots, records by number, and files that forms ask for."""
    programme, hidden, region, town = (prepared[name] for name in ("programme", "hidden", "region", "town"))
    scopes = [f"region-{region.pk}", f"programme-{programme.pk}", f"town-{town.pk}"]
    return [
        *ROOTS, reverse("strategies:measure_detail", args=[hidden.pk]),
        *(reverse(f"office:{name}", args=[programme.pk]) for name in ("programme_detail", "programme_edit")),
        *(paper.format(scope=scope) for paper in PAPERS for scope in scopes),
        *(table.format(programme=programme.pk) for table in TABLES),
        reverse("office:visit", args=[town.slug]),
    ]  # fmt: skip


def browser(person):
    """A browser of a person; of nobody for None."""
    client = StrictClient()
    if person is not None:
        client.force_login(person)
    return client


@pytest.mark.walk
@pytest.mark.invariant(16)
def test_stranger_finds_nothing_of_what_a_region_prepares(prepared, outsider, other_approver, case):
    for person in (None, outsider, other_approver):
        with case(person or "visitor"):
            found = walk(browser(person), addresses(prepared))

            assert len(found) > 30
            assert {
                address for address, words in found.items() if SECRET in words or "77123" in words.replace("\xa0", "")
            } == set()


@pytest.mark.walk
def test_the_same_walk_finds_it_for_the_regions_own_editor(prepared, region_editor):
    found = walk(browser(region_editor), addresses(prepared))

    telling = {address for address, words in found.items() if SECRET in words}
    for start in ("/measures/", "/office/programme/", "/office/tables/export/"):
        assert any(address.startswith(start) for address in telling), start
    # What is open stands in every kind of file; what is not published is in no paper and on no public page.
    for form in ("docx", "xlsx", "page"):
        papers = {words for address, words in found.items() if f"/office/papers/?format={form}" in address}
        assert any(OPEN in words for words in papers), form
        assert not any(SECRET in words for words in papers), form
    assert "/programme/" not in telling
