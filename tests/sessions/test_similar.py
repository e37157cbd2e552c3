"""Proposals that say the same are offered by place and theme; another place is never one tap away."""

import pytest
from django.utils import timezone

from sessions.similar import search_mergeable, similar_to
from tests import factories
from tests.pages import text
from tests.sessions.test_views_moderation import browser, page, received, seen

OURS = "Добавить фонари на набережной"


def offered(proposal):
    """[(number, whether one tap joins them)] of what is offered, in order."""
    return [(other.number, not other.likeness.is_other_place) for other in similar_to(proposal)]


def answered_elsewhere(town, **fields):
    said = {"status": "accepted", "answer": "Поставим в мае.", "answered_at": timezone.now()}
    words = "Поставить фонари на дорожке от вокзала к скверу"
    return factories.proposal(town, number="С-9", public_text=words, **(said | fields))


@pytest.mark.invariant(87)
def test_same_place_in_other_words_comes_before_another_place(town):
    session = factories.session(town)
    answered_elsewhere(town, session=session)
    received(town, number="С-1", text="Больше света на набережной", session=session)
    ours = received(town, text=OURS, session=session)

    assert offered(ours) == [("С-1", True), ("С-9", False)]


@pytest.mark.parametrize(
    ("ours", "other", "found"),
    [
        ("Отремонтировать мост через Кривушу", "Мост через Кривушу разрушается", True),
        ("Яма на ул. Мира", "Ямы на улице Мира, 5", True),
        ("Глубокая яма на ул. Мира", "Глубокая яма на улице Советской", False),
        ("Лавки в парке Победы", "Скамейки в парке", True),
        ("Лавки в парке Победы", "Лавки в парке Гагарина", False),
        ("Скамейки у школы № 3", "Скамейки у школы № 5", False),
        ("Открыть вечернюю секцию самбо", "Секция самбо по вечерам", True),
        ("Посадить липы на аллее Труда", "Открыть секцию самбо", None),
    ],
)
def test_place_decides_whether_two_are_joined_by_one_tap(town, ours, other, found):
    factories.proposal(town, number="С-1", public_text=other)

    assert offered(received(town, text=ours)) == ([] if found is None else [("С-1", found)])


def test_only_what_may_be_joined_is_offered(town, other_town):
    ours = "Отремонтировать пешеходный мост через Кривушу"
    main = factories.proposal(town, number="С-1", public_text=ours)
    factories.proposal(other_town, public_text=ours)
    factories.proposal(town, public_text=ours, status="hidden")
    factories.proposal(town, public_text=ours, status="merged", merged_into=main)

    assert offered(received(town, text=ours)) == [("С-1", True)]


def test_author_s_own_words_are_compared_until_somebody_has_moderated_them(town):
    factories.proposal(town, number="С-1", text=OURS, public_text="Открыть секцию самбо")
    factories.proposal(town, number="С-2", text="Больше света на набережной", public_text="")

    assert offered(received(town, text=OURS)) == [("С-2", True)]


def test_page_offers_another_place_without_a_button_and_says_what_is_answered(town, head):
    answered_elsewhere(town)
    same = received(town, number="С-1", text="Больше света на набережной")
    ours = received(town, text=OURS)

    response = browser(head).get(page(ours))

    said = text(response, "main")
    assert ["текст не проверен" in said, "другое место" in said, "На него уже ответили" in said] == [True] * 3
    html = response.content.decode()
    assert [f'name="into" value="{one}"' in html for one in (same.pk, same.pk - 1)] == [True, False]


@pytest.mark.parametrize("typed", ["С-9", "C-9", "№ с 9", "фонари вокзал"])
def test_another_one_is_found_by_hand_and_joined(town, head, typed):
    other, ours = answered_elsewhere(town), received(town, text=OURS)
    client = browser(head)

    found = client.get(page(ours), {"find": typed})
    client.post(page(ours), seen(ours, "merge", into=other.pk))

    assert (list(found.context["found"]), f'name="into" value="{other.pk}"' in found.content.decode()) == (
        [other], True,
    )  # fmt: skip
    ours.refresh_from_db()
    assert ours.merged_into == other


def test_search_by_hand_reads_what_nobody_has_moderated_and_stays_in_the_town(town, other_town, head):
    unread = received(town, text="Больше СВЕТА на набережной")
    received(other_town, text="Больше света на набережной")
    ours = received(town, text=OURS)

    assert search_mergeable(ours, "свет набережная") == [unread]
    assert "ничего нет" in text(browser(head).get(page(ours), {"find": "самбо"}), "main")


@pytest.mark.parametrize(
    "typed",
    [
        "C3-2026-0044",
        "№ СЗ–2026–0044",
        "сз 2026 44",
        "сз20260044",
        "44",
        "2026-44",
        "0044",
        "номер 44",
        "N СЗ-2026-0044",
    ],
)
def test_list_of_proposals_leads_to_the_only_one_of_a_number(client, town, typed):
    proposal = factories.proposal(town, number="СЗ-2026-0044")
    factories.proposal(town, number="СЗ-2026-0045")

    assert client.get("/proposals/", {"number": typed})["Location"] == proposal.get_absolute_url()
    assert client.get(f"/proposals/{typed.replace('№ ', '')}/")["Location"] == proposal.get_absolute_url()


def test_end_of_several_numbers_lists_them(client, town):
    for letters in ("СЗ", "ЧП"):
        factories.proposal(town, number=f"{letters}-2026-0044")

    response = client.get("/proposals/", {"number": "44"})

    assert (response.status_code, len(response.context["proposals"])) == (200, 2)
    assert client.get("/proposals/", {"number": "\0"}).status_code == 200
