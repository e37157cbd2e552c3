"""Every public page in a real browser: axe in three colour schemes, no sideways scroll, no cookie, little weight."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from strategies.models import Measure, Priority, ReportingCycle
from tests.sessions.proposing import consent

HTML_KB = 30
HEADING = 200  # on a phone the heading of any page begins above this line, with the largest letters above twice as much
TOP_OF_HEADING = "() => Math.round(document.querySelector('h1').getBoundingClientRect().top + window.scrollY)"


def load():
    """The Samara site with its samples."""
    call_command("load_region", "demo/samara", verbosity=0)
    call_command("load_demo")


@pytest.fixture
def pages(prepared, settings):
    """The addresses of all public pages of the Samara site with its samples, empty ones and errors among them."""
    settings.DEMO = True
    prepared(load)
    priority = Priority.objects.get(title="Благоустройство")
    done = Priority.objects.get(title="Дороги без луж")
    measures = Measure.objects.filter(is_sample=True, code__in=["1.1", "1.2", "1.4", "2.1"])
    return [
        "/",
        "/towns/",
        "/towns/?q=Атлантида",
        "/towns/syzran/",
        "/towns/primersk/",
        "/towns/otradny/",
        "/towns/syzran/strategy/",
        "/towns/otradny/strategy/",
        priority.get_absolute_url(),
        done.get_absolute_url(),
        "/programme/",
        "/programme/?region=primerskaya-oblast",
        "/programme/?status=nonsense",
        "/programme/coverage/",
        "/programme/coverage/?region=primerskaya-oblast&town=primersk",
        "/programme/coverage/?state=nonsense",
        "/programme/gaps/",
        "/programme/gaps/?closing=stays&kind=no_date",
        "/programme/silence/",
        "/programme/silence/?town=otradny&kind=silent",
        "/programme/changes/",
        "/programme/versions/",
        "/programme/discussion/",
        "/programme/late/",
        *[cycle.get_absolute_url() for cycle in ReportingCycle.objects.all()],
        f"/priorities/{done.pk}/progress/",
        "/towns/primersk/progress/",
        *(f"/towns/primersk/{part}/" for part in ("figures", "documents", "people")),
        "/towns/primersk/reports/",
        "/towns/otradny/reports/",
        *[measure.get_absolute_url() for measure in measures],
        "/sessions/",
        "/sessions/regional-5-malye-goroda/",
        "/sessions/sample-session/",
        "/documents/",
        "/about/",
        "/reading/",
        "/towns/atlantida/",
        "/en/",
        "/en/towns/syzran/",
    ]


@pytest.mark.parametrize("half", [0, 1])
def test_public_pages_are_readable_by_everybody(page, pages, axe_in_colours, sideways, width, shot, half):
    """Each page is loaded once: weight, axe in three schemes, then narrower windows and larger text."""
    found = {}
    for number, address in list(enumerate(pages))[half::2]:
        width(1280)
        size = page.goto(address).request.sizes()["responseBodySize"]
        faults = [f"{size} bytes"] if size > HTML_KB * 1024 else []
        faults += axe_in_colours(page)
        for pixels in (1280, 390, 320):
            width(pixels)
            faults += [f"sideways at {pixels}"] if sideways(page) else []
            shot(page, f"page-{number:02}-{pixels}")
            if pixels == 390 and (top := page.evaluate(TOP_OF_HEADING)) > HEADING:
                faults += [f"heading at {top}"]
        width(1280)
        page.evaluate("() => document.documentElement.setAttribute('data-size', '4')")
        faults += ["sideways at 200 %"] if sideways(page) else []
        width(390)
        if (top := page.evaluate(TOP_OF_HEADING)) > 2 * HEADING:
            faults += [f"heading at {top} with the largest letters"]
        if faults:
            found[address] = faults

    assert found == {}
    assert page.context.cookies() == []


def test_reading_preferences_work_without_script(another_reader, town):
    reader = another_reader(java_script_enabled=False)
    reader.goto("/towns/syzran/")

    reader.locator(".mast__menu > summary").click()
    reader.get_by_text("Шрифт и цвета").click()
    reader.get_by_role("button", name="Белым по чёрному").click()
    expect(reader.locator("html")).to_have_attribute("data-scheme", "wb")
    expect(reader).to_have_url(re.compile(r"/towns/syzran/$"))
    expect(reader.locator("body")).to_have_css("background-color", "rgb(0, 0, 0)")

    # The menu and its panel are closed again and say what is chosen.
    expect(reader.get_by_role("button", name="Белым по чёрному")).to_be_hidden()
    reader.locator(".mast__menu > summary").click()
    expect(reader.get_by_text("Сейчас: обычный шрифт, белым по чёрному")).to_be_visible()


def test_letters_chosen_with_script_close_the_panel_and_lose_nothing(page, town):
    town.takes_proposals = True
    town.save()
    consent(town.region)
    page.goto("/towns/syzran/propose/")
    page.get_by_label("Предложение").fill("Скамейки у школы")

    page.locator(".mast__menu > summary").click()
    page.get_by_text("Шрифт и цвета").click()
    page.get_by_role("button", name="Очень крупный шрифт").click()

    expect(page.locator("html")).to_have_attribute("data-size", "3")
    expect(page.get_by_role("button", name="Очень крупный шрифт")).to_be_hidden()
    expect(page.locator(".mast__menu > summary")).to_be_focused()
    expect(page.get_by_label("Предложение")).to_have_value("Скамейки у школы")
    page.locator(".mast__menu > summary").click()
    expect(page.get_by_text("Сейчас: очень крупный шрифт, цвета устройства")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Сейчас: очень крупный шрифт, цвета устройства")).to_be_hidden()


def test_citizen_goes_from_home_to_what_was_done(page, pages):
    page.goto("/")
    page.get_by_role("link", name="Примерская область").click()
    expect(page).not_to_have_url(re.compile(r"//[^/]+/$"))
    page.goto("/towns/primersk/")
    page.get_by_role("link", name="Дороги без луж").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Дороги без луж")
    page.get_by_role("link", name="Отремонтировать 1,2 км улицы").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Отремонтировать 1,2 км улицы")
    expect(page.get_by_text("Улица открыта, работы приняты комиссией.").first).to_be_visible()


def test_axe_itself_finds_faults(page, axe):
    page.goto("/healthz")
    page.set_content("<main><img src='/static/img/icon.svg'><input></main>")

    assert {fault.split(":")[0] for fault in axe(page)} >= {"image-alt", "label", "html-has-lang"}
