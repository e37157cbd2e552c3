"""The house stands: floors, file length, names, strict pages, signatures of fragments, invariants with proofs."""

import ast
import functools
import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["config", "exchange", "sessions", "strategies", "documents", "accounts", "municipalities"]
# Rooms of the floors that are large enough to need them, from the top down; imports go down only here too.
ROOMS = {
    "strategies": ["dashboard", "reporting", "coverage", "programme", "priorities"],
    "exchange": ["region_box", "papers", "intake", "tables", "sheets"],
}
# What Django looks for by name, and what puts the rooms together.
GATHERERS = {"models", "admin", "urls", "views", "management", "hall_sheet", "calendar", "calendar_urls"}
FLAT = {"strategies": ["chain", "final", "forecast", "periods", "progress", "watched"], "exchange": []}
MAX_ROOM = 5000
PAGES = ROOT / "templates"
MAX_LINES = 400
MAX_WIDTH = 140  # of a template, in characters
INVARIANTS = list(range(1, 113))

# Files that nobody writes by hand.
GENERATED = {"config/static/css/site.css", "tests/e2e/axe.min.js"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "services", "selectors", "core"}
INLINE = {
    "style=": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.I),
    "<style>": re.compile(r"<style\b", re.I),
    "<script> without src": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "on…=": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.I),
}
# What Django calls by a name that says all, or documents itself.
SELF_EXPLAINING = {"clean", "save", "delete", "update", "save_edited", "ready", "deconstruct"}
SELF_EXPLAINING_START = ("get_", "form_", "has_", "formfield_for_", "clean_")
DOCUMENTED = ["*/models.py", "*/models/*.py", "*/views.py", "*/views/*.py", "config/*.py"]


def _name(path):
    return path.relative_to(ROOT).as_posix()


def _floor_files(pattern="*.py"):
    """Code of the floors, without migrations."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob(pattern)):
            if "migrations" not in path.parts:
                yield path


def _tree(path):
    """The parsed file; nobody keeps it: the trees of the whole house would weigh on all tests that run after these."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@functools.cache
def _imports(path):
    """[(line, column, whole name of the module or of what is taken from it)] of every import of a file."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, node.col_offset, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*start, *filter(None, [node.module])])
            found += [(node.lineno, node.col_offset, f"{module}.{alias.name}") for alias in node.names]
    return found


def _height(module):
    """Where a module stands: a pair that grows from the ground to the roof; None for what is not ours."""
    floor, *inside = module.split(".")
    if floor not in FLOORS:
        return None
    rooms = ROOMS.get(floor, [])
    if inside and inside[0] in rooms:
        room = len(rooms) - rooms.index(inside[0])
    else:  # what gathers the rooms for Django stands above them, the rest is ground
        room = len(rooms) + 1 if rooms and inside and inside[0] in GATHERERS else 0
    return len(FLOORS) - FLOORS.index(floor), room


def _module(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_imports_go_down_only():
    upward = [
        f"{_name(path)}:{line} imports {module}"
        for path in _floor_files()
        for line, _column, module in _imports(path)
        if (height := _height(module)) and height > _height(_module(path))
    ]
    assert upward == []


def test_rooms_import_the_room_and_not_the_gathering():
    """Inside an app a model comes from its room: through `models.py` every room would reach every other."""
    gathered = [
        f"{_name(path)}:{line} imports {module}"
        for path in _floor_files()
        for line, _column, module in _imports(path)
        if path.relative_to(ROOT).parts[0] in ROOMS
        and module.startswith(f"{path.relative_to(ROOT).parts[0]}.models.")
        and path.relative_to(ROOT).parts[1] not in {"admin.py", "management"}
    ]
    assert gathered == []


def test_rooms_are_all_there_is():
    """No drawer of flat modules beside the rooms: what stands there is named here, and the list may only shrink."""
    flat = {
        app: sorted(
            path.stem for path in (ROOT / app).glob("*.py") if path.stem not in {*GATHERERS, "__init__", "apps"}
        )
        for app in ROOMS
    }
    assert flat == FLAT


def test_rooms_are_not_too_big():
    big = {
        f"{app}/{room}": lines
        for app, rooms in ROOMS.items()
        for room in rooms
        if (lines := sum(len(path.read_text("utf-8").splitlines()) for path in (ROOT / app / room).rglob("*.py")))
        > MAX_ROOM
    }
    assert big == {}


def _reverse_names():
    """{name of a reverse relation: [the models whose rows it gives]}."""
    found = {}
    for model in apps.get_models():
        for relation in model._meta.related_objects:
            if model.__module__.split(".")[0] in FLOORS and relation.related_model.__module__.split(".")[0] in FLOORS:
                found.setdefault(relation.get_accessor_name(), []).append(relation.related_model)
    return found


@functools.cache
def _own_methods(model):
    """Names of what the queryset of a model can do beyond Django's."""
    shared = {*dir(models.QuerySet), *dir(models.Manager)}
    return {name for name in dir(type(model._default_manager.all())) if not name.startswith("_")} - shared


def _reaches(path, reverse):
    """Uses of a queryset of a room above, through a reverse relation, in a file: «line: what»."""
    here = _height(_module(path))
    for node in ast.walk(_tree(path)):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr == "related_model" and (named := re.search(r"get_field\('(\w+)'\)", ast.unparse(node.value))):
            above = [model for model in reverse.get(named[1], []) if _height(model.__module__) > here]
            if above and len(above) == len(reverse[named[1]]):
                yield f"{_name(path)}:{node.lineno} {ast.unparse(node)[-60:]}"
        if isinstance(node.value, ast.Attribute) and (found := reverse.get(node.value.attr)):
            above = [model for model in found if _height(model.__module__) > here]
            if len(above) == len(found) and any(node.attr in _own_methods(model) for model in above):
                yield f"{_name(path)}:{node.lineno} {ast.unparse(node)[-60:]}"


def test_nothing_reaches_up_through_a_reverse_relation():
    """A reverse relation may be counted or filtered by name; what the queryset above it can do is asked from above."""
    reverse = _reverse_names()
    found = [reach for path in _floor_files() for reach in _reaches(path, reverse)]
    assert found == []


def test_code_does_not_import_tests():
    guests = [_name(path) for path in _floor_files() for *_, name in _imports(path) if name.split(".")[0] == "tests"]
    assert guests == []


def test_imports_stand_at_the_top():
    # What is indented stands in a function (or under a condition, which is no better).
    inline = [
        f"{_name(path)}:{line}"
        for path in [*_floor_files(), *sorted((ROOT / "tests").rglob("*.py"))]
        for line, column, _module in _imports(path)
        if column
    ]
    assert inline == []


def test_numbers_that_browsers_send_are_read_in_one_place():
    """`whole_number` knows how long a number may be: Python and databases refuse longer ones, each in its own way."""
    asked = re.compile(r"\.is(decimal|digit|numeric)\(|\bint\(\s*(self\.)?request\.")
    found = [
        _name(path)
        for path in _floor_files()
        if re.search(r"\brequest\b", text := path.read_text(encoding="utf-8")) and asked.search(text)
    ]
    assert found == []


def _files_written_by_hand():
    for folder in [*FLOORS, "templates", "tests", "bench"]:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".txt"} and "migrations" not in path.parts:
                yield path


def test_files_are_short():
    long = {
        _name(path): lines
        for path in _files_written_by_hand()
        if _name(path) not in GENERATED and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_lines_of_templates_are_short():
    long = [
        f"{_name(path)}:{number}: {len(line)}"
        for path in sorted(PAGES.rglob("*"))
        if path.suffix in {".html", ".txt"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > MAX_WIDTH
    ]
    assert long == []


def test_modules_are_named_after_what_they_hold():
    vague = [
        _name(path)
        for folder in [*FLOORS, "tests", "bench"]
        for path in sorted((ROOT / folder).rglob("*"))
        if path.stem in FORBIDDEN_NAMES and (path.is_dir() or path.suffix == ".py")
    ]
    assert vague == []


@pytest.mark.parametrize("kind", INLINE)
def test_templates_carry_nothing_inline(kind):
    found = [
        _name(path)
        for path in sorted(PAGES.rglob("*.html"))
        # A comment may name what it forbids; tags of the template language may stand inside an HTML tag.
        if INLINE[kind].search(re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text("utf-8"), flags=re.S))
    ]
    assert found == []


def test_fragments_open_with_their_signature():
    unsigned = [
        _name(path)
        for path in sorted(PAGES.rglob("_*.html"))
        if not path.read_text(encoding="utf-8").startswith(("{#", "{% comment %}"))
    ]
    assert unsigned == []


def test_no_migration_is_missing(db):
    out = StringIO()
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=out)
    assert out.getvalue().strip() == "No changes detected"


def test_page_of_invariants_numbers_every_invariant():
    page = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"^(\d+)\. ", page, flags=re.M)] == INVARIANTS


def _claimed():
    """Numbers of invariants that tests claim."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for function in ast.walk(_tree(path)) if "mark.invariant(" in path.read_text(encoding="utf-8") else ():
            if not isinstance(function, ast.FunctionDef) or not function.name.startswith("test_"):
                continue
            for mark in function.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.invariant":
                    yield from (number.value for number in mark.args)


def test_every_invariant_is_proved():
    assert sorted(set(_claimed())) == INVARIANTS


def test_page_of_invariants_names_living_constraints():
    page = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")
    known = {constraint.name for model in apps.get_models() for constraint in model._meta.constraints}
    prefixes = tuple({name.split("_")[0] + "_" for name in known})
    named = {
        word
        for word in re.findall(r"`([a-z]+(?:_[a-z0-9]+){2,})`", page)
        if word.startswith(prefixes) and not word.endswith("_no_update")
    }
    assert sorted(named - known) == []


def _table_rows(section):
    """(from, to) of the rows of a state table; several statuses in a cell stand for each of them."""
    for line in section.splitlines():
        cell = line.split("|")[1] if line.startswith("| ") else ""
        # «`a`, `b` → `c`» is two steps; so is «`a` → `c`, `b` → `c`».
        for step in cell.split(", ") if cell.count("→") > 1 else [cell]:
            if "`" in step:
                sources, targets = (re.findall(r"`([a-z_]+)`", side) for side in step.split("→"))
                yield from ((source, target) for source in sources for target in targets)


def _workflow_models():
    return [model for model in apps.get_models() if getattr(model, "TRANSITIONS", None) and hasattr(model, "move_to")]


def test_domain_page_tells_every_step():
    page = (ROOT / "docs" / "domain.md").read_text(encoding="utf-8").split("\n## Состояния")[1].split("\n## ")[0]
    sections = {re.search(r"`(\w+)`", part)[1]: part for part in page.split("\n### ")[1:]}
    told = {name: set(_table_rows(part)) for name, part in sections.items()}
    stands = {
        model.__name__: {(str(source), str(target)) for source, target in model.TRANSITIONS}
        for model in _workflow_models()
    }
    assert told == stands


def test_models_are_named_in_russian():
    own = [model for model in apps.get_models() if model.__module__.split(".")[0] in FLOORS]
    foreign = [
        model._meta.label
        for model in own
        if not re.search("[а-яё]", str(model._meta.verbose_name))
        or not re.search("[а-яё]", str(model._meta.verbose_name_plural))
    ]
    assert foreign == []


def _is_self_explaining(node):
    return (
        node.name.startswith(("_", *SELF_EXPLAINING_START))
        or node.name in SELF_EXPLAINING
        or node.name == "Meta"
        or (isinstance(node, ast.ClassDef) and any("Choices" in ast.unparse(base) for base in node.bases))
    )


def _is_queryset(node):
    """Whether the name says all: the rows of the model that it is called after."""
    return isinstance(node, ast.ClassDef) and node.name.endswith("QuerySet")


def _undocumented(node, inside=""):
    """Public classes, functions and methods without a docstring, of a module or a class."""
    for child in node.body:
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or _is_self_explaining(child):
            continue
        if not ast.get_docstring(child) and not _is_queryset(child):
            yield f"{inside}{child.name}"
        if isinstance(child, ast.ClassDef):
            yield from _undocumented(child, f"{inside}{child.name}.")


def test_public_code_says_what_it_gives():
    silent = [
        f"{_name(path)}: {name}"
        for pattern in DOCUMENTED
        for path in sorted(ROOT.glob(pattern))
        if path.relative_to(ROOT).parts[0] in FLOORS
        for name in _undocumented(_tree(path))
    ]
    assert silent == []
