"""Browser tests wait: what reads a page that may still be on its way is refused here, without a browser."""

import ast
from pathlib import Path

import pytest

STORIES = sorted((Path(__file__).resolve().parent / "e2e").glob("test_*.py"))
# What leads to another page, or lets the page ask the site for something.
ACTS = {"click", "dblclick", "press", "tap", "requestSubmit"}
# What waits until the page is as it has to be.
EXPECTS = {"expect", "wait_for", "wait_for_url", "wait_for_selector", "wait_for_function"}
# What waits until an element can be acted upon. `wait_for_load_state` is not here: it is content with the old page.
TOUCHES = ACTS | {"fill", "check", "uncheck", "select_option", "set_input_files", "focus", "type", "hover"}
LOADS = {"goto", "reload", "wait_for_load_state", "axe", "look", "see"}
# What reads at once, whatever stands there: right after one of those above only.
READS = {
    "inner_text", "inner_html", "text_content", "input_value", "get_attribute", "content", "title", "evaluate_all",
}  # fmt: skip
# What has a waiting twin in `expect`, or waits for nothing but a clock. Two places that are compared are asked in one
# frame, by `wait_for_function`: between two questions a page scrolls on.
NEVER = {
    "bounding_box",
    "is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "is_editable", "wait_for_timeout",
    "all_inner_texts", "all_text_contents", "query_selector", "query_selector_all", "eval_on_selector",
    "eval_on_selector_all", "set_default_timeout", "set_default_navigation_timeout",
}  # fmt: skip
FINDS = {"locator", "get_by_role", "get_by_text", "get_by_label", "nth", "filter"}


def _called(node):
    """Names of all that is called inside a piece of code."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            yield call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_quiet(node):
    """Whether a statement asks nothing: a docstring, or a name for a place of the page."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
        return not set(_called(node.value)) - FINDS
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _steps(body):
    """The plain statements of a function in the order in which they are written; heads of blocks count as steps."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) or _is_quiet(node):
            continue
        inside = [getattr(node, part, []) for part in ("body", "handlers", "orelse", "finalbody")]
        if any(inside):
            heads = (
                [node.iter] if isinstance(node, ast.For) else [item.context_expr for item in getattr(node, "items", [])]
            )
            yield from heads
            for part in inside:
                for one in part:
                    yield from _steps(one.body if isinstance(one, ast.ExceptHandler) else [one])
        else:
            yield node


def _never(step):
    """Names of what a step reads that cannot wait."""
    for node in ast.walk(step):
        if isinstance(node, ast.Attribute) and node.attr == "url" and isinstance(step, ast.Assert):
            yield "url"
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        if name in EXPECTS or name.startswith("to_"):
            yield from ("a timeout of its own" for given in node.keywords if given.arg == "timeout")
        if name in NEVER or (name in {"count", "all"} and set(_called(node.func.value)) & FINDS):
            yield name


def faults_of(source):
    """Where a browser test does not wait: ["line: why"].

    Args:
        source: text of a module. Its own functions that end with an act are acts, too.
    """
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    steps = {function.name: list(_steps(function.body)) for function in functions}
    own = {name: set(_called(found[-1])) if found else set() for name, found in steps.items()}
    acts = ACTS | {name for name, last in own.items() if last & ACTS and not last & EXPECTS}
    first = {name for name, found in steps.items() if found and set(_called(found[0])) & (EXPECTS | TOUCHES)}
    for found in steps.values():
        before = set()
        for step in found:
            names = set(_called(step))
            yield from (f"{step.lineno}: {name}" for name in _never(step))
            if before & acts and not before & EXPECTS and not names & (EXPECTS | TOUCHES | first):
                yield f"{step.lineno}: an act stands before, and nothing waits for what it does"
            elif names & READS and not names & (EXPECTS | LOADS) | before & (EXPECTS | LOADS | READS):
                yield f"{step.lineno}: reads what nobody has waited for"
            before = names


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_stories_wait(path):
    assert list(faults_of(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ("page.get_by_role('link').click()\nexpect(page).to_have_url('/')", 0),
        ("page.get_by_role('link').click()\npage.get_by_label('Имя').fill('Анна')", 0),
        ("page.get_by_role('link').click()\nassert page.url == '/'", 2),
        ("page.get_by_role('link').click()\npage.wait_for_load_state()", 1),
        ("page.get_by_role('link').click()\npage.goto('/')", 1),
        ("page.get_by_role('link').click()\nProposal.objects.get()", 1),
        ("send(page)\nProposal.objects.get()", 1),
        ("for name in names:\n    page.get_by_text(name).click()\nassert axe(page) == []", 1),
        ("page.goto('/')\nwords = page.locator('h1').inner_text()", 0),
        ("x = 1\nwords = page.locator('h1').inner_text()", 1),
        ("assert page.locator('h1').count() == 1", 1),
        ("assert Proposal.objects.count() == 1", 0),
        ("assert page.locator('h1').is_visible()", 1),
        ("page.wait_for_timeout(2000)", 1),
        ("page.locator('h1').wait_for(timeout=10)", 1),
    ],
)
def test_what_cannot_wait_is_found(lines, count):
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    helper = "def send(page):\n    page.locator('button').click()\n"
    assert len(list(faults_of(f"{helper}def test_it(page):\n{body}"))) == count
