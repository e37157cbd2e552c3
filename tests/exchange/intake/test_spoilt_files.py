"""Files spoilt at random, brought through the page: each is read or refused in words, within time and memory."""

import resource
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.models import TableImport
from tests.exchange.sheets.mutations import mutated
from tests.pages import text

BAR_S, BAR_MB, SAMPLE = 20, 500, 10


def brought(desk, name, content):
    """What the pages say of a file, in words: refused, asked, planned; nothing of it is kept.

    Raises:
        AssertionError: it took too long, or a page says neither a refusal nor what was found.
    """
    began = time.perf_counter()
    page = desk.bring(SimpleUploadedFile(name, content))
    if page.context.get("table") is None:
        said = text(page, "main")
        assert page.status_code == 422, (name, page.status_code)
        assert f"«{name}»" in said or "файл пуст" in said.lower(), (name, said[:500])
        told = "refused"
    else:
        page = desk.send("match")
        if "plan" not in page.context:
            page = desk.send("match", **first_answers(page))
        assert page.status_code in {200, 422}, (name, page.status_code)
        told = "planned" if "plan" in page.context else "asked"
    TableImport.objects.all().delete()
    assert time.perf_counter() - began < BAR_S, name
    return told


def first_answers(page):
    """{name: value} of all that is asked: the first thing there is to choose, a year where one is typed."""
    sheets = page.context["chosen"]
    said = {one.name: "2026" for sheet in sheets for one in (sheet.typed if sheet.head else ()) if one.is_needed}
    for choice in (one for sheet in sheets for one in sheet.choices if one.is_open):
        said[choice.name] = next(value for _group, pairs in choice.groups for value, _words in pairs if value)
    return said


def most_memory():
    """The most memory of this process and of those that it has ended, in MB."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


@pytest.mark.slow
@pytest.mark.invariant(95)
def test_spoilt_files_are_read_or_refused_by_the_pages(desk):
    told = {brought(desk, name, content) for name, content in mutated(SAMPLE, seed=13)}

    assert "refused" in told
    assert len(told) > 1
    assert most_memory() < BAR_MB
