"""The catalogues of translation are whole: every text of the site is in them, and the compiled files say the same."""

import ast
import gettext
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
CODE = ("accounts", "config", "documents", "exchange", "municipalities", "sessions", "strategies")
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
QUOTED = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}|<[^>]+>")


def catalogue(language):
    """Entries of a .po file: {(text, its plural or None): [translation of each form, …]}, and the flags in use."""
    entries, flags, entry = {}, set(), {}
    for line in (*(ROOT / f"locale/{language}/LC_MESSAGES/django.po").read_text().splitlines(), ""):
        if line.startswith("#,"):
            flags |= {flag.strip() for flag in line[2:].split(",")}
        elif line.startswith("msg"):
            key, value = line.split(" ", 1)
            entry[key] = ast.literal_eval(value)
        elif line.startswith('"'):
            entry[key] += ast.literal_eval(line)
        elif not line and entry:
            forms = [entry[key] for key in sorted(entry) if key.startswith("msgstr")]
            entries[entry["msgid"], entry.get("msgid_plural")] = forms
            entry = {}
    header = entries.pop(("", None))
    return entries, flags, header[0]


def texts_of_code(path):
    """Texts marked for translation in a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if texts:
                yield texts[0], texts[1] if len(texts) > 1 else None


def texts_of_template(path):
    """Texts marked for translation in a template, as Django's own reader finds them."""
    code = templatize(path.read_text())
    for one, many in re.findall(rf"\bngettext\({QUOTED},\s*{QUOTED}", code):
        yield ast.literal_eval(one), ast.literal_eval(many)
    for one in re.findall(rf"\b(?:gettext|_)\({QUOTED}\)", code):
        yield ast.literal_eval(one), None


def test_no_text_stands_inside_an_f_string():
    """gettext reads f-strings as plain text: what is marked there is never gathered, so never translated."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for folder in CODE
        for path in (ROOT / folder).rglob("*.py")
        for string in ast.walk(ast.parse(path.read_text()))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MARKS
    ]

    assert hidden == []


def texts_of_the_site():
    found = set()
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(texts_of_code(path))
    # A library's page in our look speaks by the library's own catalogue.
    for path in set((ROOT / "templates").rglob("*.*")) - set((ROOT / "templates/simple_history").rglob("*")):
        found |= set(texts_of_template(path))
    # A text counted in one place and plain in another is one entry.
    counted = {one for one, many in found if many}
    return {(one, many) for one, many in found if many or one not in counted}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_catalogue_holds_every_text_of_the_site_and_nothing_else(language):
    in_catalogue, used = set(catalogue(language)[0]), texts_of_the_site()

    assert (used - in_catalogue, in_catalogue - used) == (set(), set()), "run `make messages` and translate"


def test_english_catalogue_is_whole():
    entries, flags, header = catalogue("en")

    assert [text for text, forms in entries.items() if not all(forms)] == []
    assert "fuzzy" not in flags
    assert "Plural-Forms: nplurals=2; plural=(n != 1);" in header
    assert {len(forms) for (_one, many), forms in entries.items() if many} == {2}


def test_english_catalogue_speaks_english():
    entries, _flags, _header = catalogue("en")

    assert {text: forms for text, forms in entries.items() if re.search("[а-яё]", "".join(forms), re.IGNORECASE)} == {}


def test_russian_catalogue_gives_all_forms_where_something_is_counted_and_nothing_else():
    entries, flags, header = catalogue("ru")

    counted = {text: forms for text, forms in entries.items() if text[1]}
    assert [text for text, forms in counted.items() if len(forms) != 4 or not all(forms)] == []
    assert [forms for text, forms in entries.items() if not text[1] and forms != [""]] == []
    assert "fuzzy" not in flags
    assert "Plural-Forms: nplurals=4;" in header


@pytest.mark.parametrize("language", ["en", "ru"])
def test_translations_keep_placeholders_and_markup(language):
    entries, _flags, _header = catalogue(language)

    wrong = [
        (text, form)
        for text, forms in entries.items()
        for form in forms
        if form and Counter(PLACEHOLDER.findall(form)) != Counter(PLACEHOLDER.findall(text[1] or text[0]))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_compiled_file_says_what_the_catalogue_says(language):
    entries, _flags, _header = catalogue(language)
    expected = {}
    for (one, many), forms in entries.items():
        if many:
            expected |= {(one, number): form for number, form in enumerate(forms)}
        elif forms != [""]:
            expected[one] = forms[0]

    with (ROOT / f"locale/{language}/LC_MESSAGES/django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    said = {text: form for text, form in compiled._catalog.items() if text}
    assert said == expected, "run `make messages`"
