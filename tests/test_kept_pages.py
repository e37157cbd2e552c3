"""Kept pages of one region stand while another region works, and show nothing that the other could change."""

import pytest
from django.core.cache import cache

from tests.conftest import StrictClient
from tests.world import World

# Every page of a region after every kind of change.
pytestmark = pytest.mark.slow


@pytest.fixture
def worlds(region, other_region):
    return World(region), World(other_region, 2)


def _pages(world):
    """Public pages that show one region only: of its records, of the region as such."""
    own = [record.get_absolute_url() for record in world.records]
    town, priority = world.town.slug, world.priority.pk
    own += [f"/towns/{town}/{part}/" for part in ("progress", "strategy", "reports", "figures", "documents", "people")]
    own += [f"/priorities/{priority}/{part}/" for part in ("progress", "reports")]
    own += [f"/goals/{world.goal.pk}/progress/", f"/sessions/{world.session.slug}/results/"]
    parts = ("", "coverage/", "gaps/", "silence/", "changes/", "discussion/", "versions/", "late/", "coverage.xlsx")
    return own + [f"/programme/{part}?region={world.region.slug}" for part in parts]


SEVERAL = ["/towns/", "/sessions/", "/documents/", "/proposals/", "/sessions/results/", "/sitemap.xml", "/calendar.ics"]


def _tags(pages):
    answers = {page: StrictClient().get(page) for page in pages}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {page: answer.headers["ETag"] for page, answer in answers.items()}


def test_work_in_one_region_does_not_empty_the_pages_of_another(worlds, committed, django_assert_num_queries):
    own, other = worlds
    pages, theirs = ["/", *_pages(own)], _pages(other)
    before = _tags([*pages, *theirs, *SEVERAL])

    with committed():
        other.priority.note = "Примечание"
        other.priority.save_edited(by=other.writer, known_version=other.priority.row_version)
    for page in pages:
        with django_assert_num_queries(1):  # kept whole, though the other region has changed
            StrictClient().get(page)
    after = _tags([*pages, *theirs, *SEVERAL])

    assert {page for page in before if before[page] != after[page]} == {*theirs, *SEVERAL}


def test_page_kept_by_one_region_shows_nothing_of_another(worlds):
    """Names of everything in the other region change past all signals, and no page of this region differs."""
    own, other = worlds
    pages = [page for page in _pages(own) if ".xlsx" not in page]
    assert {tag.rpartition("-")[2] for tag in _tags(pages).values()} == {f'{own.region.pk}"'}
    before = {page: _shown(page) for page in pages}

    changed = [*other.records, other.strategy, other.programme, other.direction, other.goal, other.indicator]
    for record in [*changed, other.session, other.milestone, other.decision, other.head_of_old]:
        words = {"title", "name", "text", "public_text", "summary"} & {field.name for field in record._meta.fields}
        if words:
            type(record)._base_manager.filter(pk=record.pk).update(**dict.fromkeys(words, "Чужая тайна"))
    other.report.move_to("submitted", by=other.head)
    other.report.move_to("published", by=other.approver)

    assert {page: _shown(page) for page in pages} == before


def _shown(page):
    cache.clear()
    return StrictClient().get(page).content
