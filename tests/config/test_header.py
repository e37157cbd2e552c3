import re

from django.test import Client

from tests.pages import text, texts

ROWS = ["Города", "Дела и деньги", "Что сказали", "Ближайшие сессии", "Документы", "Кто опаздывает и молчит"]


def links(response, tag):
    """Where the links of the one element lead, without those to other sites."""
    markup = re.search(rf"<{tag}\b.*?</{tag}>", response.content.decode(), re.S)[0]
    return set(re.findall(r'<a\b[^>]*href="(/[^"#]*)', markup))


def test_header_is_one_line_with_a_menu_that_needs_no_script(client, town, case):
    page = client.get("/about/")

    with case("what it says"):
        assert texts(page, "ul", css="menu") == [" ".join(ROWS), "О сайте English Вход для сотрудников"]
        assert text(page, "a", css="brand") == "Малые города, большие возможности"
        assert texts(page, "div", css="mast")[0].count("Найти") == 2  # the box, and the link where there is no room
    with case("it leads to what there is"):
        reader = Client()
        for address in sorted(links(page, "header") | links(page, "footer")):
            assert reader.get(address).status_code == (302 if address == "/accounts/welcome/" else 200), address
    with case("one box is enough where the page begins with one"):
        assert [len(texts(client.get(one), "form", css="mast__find")) for one in ("/", "/search/", "/towns/")] == [
            0,
            0,
            1,
        ]
    with case("where the reader is"):
        late = ["/programme/late/", "/programme/silence/", "/programme/coverage/"]
        places = ["/towns/", "/programme/", "/proposals/", "/sessions/", "/documents/", *late]
        for place, address in enumerate(places):
            menu = re.search(r'<ul class="menu">.*?</ul>', client.get(address).content.decode(), re.S)[0]
            here = [index for index, row in enumerate(menu.split("<li")[1:]) if "aria-current" in row]
            assert here == [min(place, len(ROWS) - 1)], address


def test_letters_and_colours_say_what_is_chosen(client, db):
    said = {}
    # One reader after another, each with a cookie of their own.
    for cookie in ("", "size=2&scheme=wb", "size=4&spacing=wide&images=off", "scheme=dark", "size=9"):
        client.cookies["a11y"] = cookie
        said[cookie] = texts(client.get("/about/"), "details", css="letters")[0].partition(" Размер шрифта")[0]

    assert said == {
        "": "Шрифт и цвета Сейчас: обычный шрифт, цвета устройства",
        "size=2&scheme=wb": "Шрифт и цвета Сейчас: крупный шрифт, белым по чёрному",
        "size=4&spacing=wide&images=off": (
            "Шрифт и цвета Сейчас: самый крупный шрифт, цвета устройства, большие промежутки, без изображений"
        ),
        "scheme=dark": "Шрифт и цвета Сейчас: обычный шрифт, цвета устройства",
        "size=9": "Шрифт и цвета Сейчас: обычный шрифт, цвета устройства",
    }
