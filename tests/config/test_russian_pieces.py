"""English pages: towns have their English names, and every piece of Russian stands in an element that says so."""

import re
from html.parser import HTMLParser

import pytest
from django.utils import translation
from django.utils.translation import gettext

from config.russian_pieces import with_russian_marked
from municipalities.models import Municipality
from sessions.models import ConsentText, Practice, Section
from strategies.models import ProgrammeVersion
from tests import factories
from tests.pages import text, texts
from tests.test_access import rows
from tests.world import World

CYRILLIC = re.compile("[А-Яа-яЁё]")
LETTER = re.compile("[A-Za-zА-Яа-яЁё]")
SPOKEN = ("aria-label", "alt", "title", "placeholder", "value")
VOID = {"img", "input", "br", "meta", "link", "hr", "source", "wbr"}
# What a visitor opens and what is not a page, or has nothing of records on it.
NOT_WALKED = {
    "healthz", "robots", "sitemap", "coverage_xlsx", "calendar:all", "calendar:town", "sessions:session_calendar",
    "strategies:evidence", "strategies:evidence_small", "letters_stop", "proposals:mine",
}  # fmt: skip
EACH = 3  # pages of one kind that are read


class Markup(HTMLParser):
    """What of a page is Russian and does not say so, and what says so and is not."""

    def __init__(self, page):
        super().__init__()
        self.open, self.unmarked, self.overmarked = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        language = attrs.get("lang") or (self.open[-1]["lang"] if self.open else "")
        said = [attrs[name] for name in SPOKEN if attrs.get(name)]
        if language != "ru":
            self.unmarked += [f"{tag}: {one}" for one in said if CYRILLIC.search(one)]
        self.open.append({"tag": tag, "lang": language, "is_marked": "lang" in attrs, "said": " ".join(said)})
        if tag in VOID:
            self._close()

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._close()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open[-1]["tag"] == tag
            self._close()

    def _close(self):
        element = self.open.pop()
        if self.open:
            self.open[-1]["said"] += element["said"]
        is_russian = element["is_marked"] and element["lang"] == "ru"
        if is_russian and LETTER.search(element["said"]) and not CYRILLIC.search(element["said"]):
            self.overmarked.append(element["said"])

    def handle_data(self, data):
        if not self.open or {"head", "script"} & {element["tag"] for element in self.open}:
            return  # nothing can be marked within the title of a page
        self.open[-1]["said"] += data
        if CYRILLIC.search(data) and self.open[-1]["lang"] != "ru":
            self.unmarked.append(f"{self.open[-1]['tag']}: {data.strip()}")


@pytest.fixture
def world(region):
    """A region whose records are Russian, with English names of places, and a town without one."""
    region.name_en = "Samara Oblast"
    region.save()
    world = World(region)
    world.town.name_en, world.town.takes_proposals = "Townsville", True
    world.town.save()
    world.bare = factories.make(
        Municipality, region=region, name="Безымянск", slug="bare", kind="urban_okrug", in_programme=True
    )
    factories.priority(factories.strategy(world.bare), title="Набережная")
    factories.make(ConsentText, region=region, version="1", operator="Область", withdrawal="Почта", text="Согласен")
    world.version = factories.make(ProgrammeVersion, programme=world.programme, number=1)
    section = factories.make(Section, session=world.session, title="Дороги")
    factories.make(Practice, session=world.session, municipality=world.town, region_name="Татарстан", title="Парк")
    for number, status in enumerate(("accepted", "declined")):
        factories.proposal(
            world.town, number=f"П-{number}", session=world.session, section=section, priority=world.priority,
            status=status, answer="Сделаем к XXI веку", answered_at=world.session.starts_at,
        )  # fmt: skip
    world.report.move_to("submitted", by=world.head)
    world.report.move_to("published", by=world.approver)
    return world


def _walk(client, start):
    """{address: answer} of English pages that links lead to, a few of each kind."""
    found, kinds, queue, seen = {}, {}, list(start), set()
    for page in queue:
        if page in seen:
            continue
        seen.add(page)
        response = client.get(page)
        if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
            continue
        kind = response.wsgi_request.resolver_match.view_name
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= EACH:
            found[page] = response
            links = re.findall(r'href="(/en/[^"#]*)', response.content.decode())
            queue += [link.replace("&amp;", "&") for link in dict.fromkeys(links)]
    return found


def _start(world):
    town, priority = world.town.slug, world.priority.pk
    own = [record.get_absolute_url() for record in [*world.records, world.bare, world.session, world.version]]
    own += [f"/towns/{town}/{part}/" for part in ("similar", "reports", "figures", "documents", "people")]
    own += [f"/priorities/{priority}/reports/"]
    own += ["/programme/discussion/", "/", "/towns/?q=Парк", "/programme/?q=Парк", "/documents/?q=Парк"]
    own += [f"/accounts/{part}/" for part in ("login", "signup", "inactive", "password/reset")]
    return [f"/en{page}" for page in own]


@pytest.mark.slow
@pytest.mark.walk
@pytest.mark.invariant(86)
def test_every_piece_of_russian_on_english_pages_says_so(client, world, case):
    pages = _walk(client, _start(world))

    for page, response in pages.items():
        with case(page):
            markup = Markup(response.content.decode())
            assert (markup.unmarked, markup.overmarked) == ([], [])
    open_to_all = {name for name, method, _which, codes in rows() if method == "GET" and codes[0] == 200}
    assert open_to_all - NOT_WALKED - {page.wsgi_request.resolver_match.view_name for page in pages.values()} == set()


def test_error_page_and_typed_words_are_marked(client, world):
    typed = {"town": "townsville", "text": "Парк", "website": ""}

    for response in (client.get("/en/nowhere/Парк/"), client.post(f"/en/towns/{world.town.slug}/propose/", typed)):
        markup = Markup(response.content.decode())
        assert (markup.unmarked, markup.overmarked) == ([], [])


def test_places_have_their_english_names(client, world):
    town, priority = f"/en{world.town.get_absolute_url()}", f"/en{world.priority.get_absolute_url()}"
    pages = {page: client.get(page) for page in ("/en/", "/en/towns/", town, priority, "/en/programme/coverage/")}

    named = [page for page, response in pages.items() if "Город 1" in response.content.decode()]
    assert named == []
    assert text(pages[town], "h1") == "Townsville"
    assert text(pages[priority], "h1") == world.priority.title
    assert "Самарская область" not in pages["/en/"].content.decode()
    assert '<span class="town__name" lang="ru">Безымянск</span>' in pages["/en/towns/"].content.decode()
    assert "Townsville" in texts(client.get("/en/sessions/"), "option")


def test_russian_pages_keep_russian_names_and_carry_no_marks(client, world):
    for page in ("/", world.town.get_absolute_url(), world.session.get_absolute_url()):
        markup = client.get(page).content.decode()
        assert re.findall(r'<(\w+)[^>]* lang="ru"', markup) == ["html"]
        assert "Townsville" not in markup


def test_english_footer_says_in_which_language_records_are(client, db):
    with translation.override("en"):
        said = gettext("Записи — по-русски, как их написали авторы.")

    footers = [text(client.get(page), "footer") for page in ("/en/", "/")]

    assert [said in footer for footer in footers] == [True, False]


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("<p>Парк и сад</p>", '<p lang="ru">Парк и сад</p>'),
        ("<p>Said: Парк (пример), 2026</p>", '<p>Said: <span lang="ru">Парк (пример)</span>, 2026</p>'),
        ("<p>П-11, May</p>", '<p><span lang="ru">П-11</span>, May</p>'),
        ("<p>IV квартал, by May</p>", '<p><span lang="ru">IV квартал</span>, by May</p>'),
        ("<p>&quot;Парк&quot; XXI века</p>", '<p lang="ru">&quot;Парк&quot; XXI века</p>'),
        ("<p>Парк <b>now</b></p>", '<p><span lang="ru">Парк</span> <b>now</b></p>'),
        ("<option>Kinel: Парк</option>", '<option lang="ru">Kinel: Парк</option>'),
        ('<a aria-label="Open">Парк</a>', '<a aria-label="Open"><span lang="ru">Парк</span></a>'),
        (
            '<a aria-label="Парк: done"><b>Парк</b></a>',
            '<a aria-label="Парк: done" lang="ru"><b lang="ru">Парк</b></a>',
        ),
        ('<img alt="Парк"><input value="Сад"/>', '<img alt="Парк" lang="ru"><input value="Сад" lang="ru"/>'),
        ('<a hreflang="ru" lang="ru">Русский</a>', '<a hreflang="ru" lang="ru">Русский</a>'),
        ("<script>Парк</script><!-- Парк -->", "<script>Парк</script><!-- Парк -->"),
        ("<p>Park &amp; garden</p>", "<p>Park &amp; garden</p>"),
    ],
)
def test_mark_stands_on_the_piece_and_no_further(page, marked):
    assert with_russian_marked(f"<title>Парк</title><body>{page}</body>") == f"<title>Парк</title><body>{marked}</body>"
