"""A regional session in the office: its host, the towns that come, what it gathers, guests; no strangers."""

import pytest
from django.core.exceptions import ValidationError

from sessions.models import Practice, Session
from tests import factories
from tests.pages import text, texts
from tests.sessions.test_views_office_sessions import browser, page, planned, typed


@pytest.fixture
def forum(region):
    """A regional session that is being prepared."""
    return planned(region, title="Форум")


@pytest.fixture
def stranger(other_region):
    """A town of another region."""
    return factories.make(
        type(other_region).municipalities.rel.related_model, region=other_region, name="Чужой", slug="chuzhoy",
        kind="urban_okrug", oktmo="22701000",
    )  # fmt: skip


def practice(place=0, **fields):
    """A row of a practice."""
    row = {
        "region_name": "Нижегородская область",
        "town_name": "Выкса",
        "title": "Парк",
        "relation": "shown",
        "order": 0,
    }
    return {f"practices-{place}-{name}": value for name, value in (row | fields).items()}


def test_regional_session_keeps_its_host_guest_towns_and_what_it_gathers(forum, town, other_town, region_editor):
    own = [factories.session(town), factories.session(other_town)]

    response = browser(region_editor).post(
        page(forum), typed(forum, host=town.pk, towns=[town.pk, other_town.pk], gathered=[one.pk for one in own])
    )

    forum.refresh_from_db()
    assert (response.status_code, forum.host, set(forum.towns.all())) == (302, town, {town, other_town})
    assert set(forum.gathered.all()) == set(own)


def test_regional_session_lets_go_of_what_is_not_chosen_any_more(forum, town, other_town, region_editor):
    first, second = factories.session(town, gathered_in=forum), factories.session(other_town, gathered_in=forum)
    forum.towns.add(town)
    version = first.row_version

    browser(region_editor).post(page(forum), typed(forum, gathered=[second.pk]))

    first.refresh_from_db()
    assert (list(forum.towns.all()), list(forum.gathered.all()), first.gathered_in) == ([], [second], None)
    assert first.row_version == version + 1  # whoever edits it in the town is told
    assert (first.history.count(), second.history.count()) == (2, 1)


def test_towns_and_sessions_of_strangers_are_refused(forum, town, stranger, region_editor):
    theirs, taken = factories.session(stranger), factories.session(town)
    Session.objects.filter(pk=taken.pk).update(gathered_in=planned(town.region, title="Другой форум"))

    for fields in (
        {"host": stranger.pk}, {"towns": [stranger.pk]}, {"gathered": [theirs.pk]}, {"gathered": [taken.pk]},
        {"gathered": [forum.pk]}, {"practices-TOTAL_FORMS": 1} | practice(municipality=stranger.pk),
    ):  # fmt: skip
        response = browser(region_editor).post(page(forum), typed(forum, **fields))
        assert response.status_code == 422, fields

    forum.refresh_from_db()
    assert (forum.host, forum.towns.count(), forum.gathered.count(), Practice.objects.count()) == (None, 0, 0, 0)


def test_page_offers_only_what_is_of_one_s_own_region(forum, town, other_town, stranger, region_editor):
    factories.session(stranger, title="Чужая сессия")
    factories.session(town, title="Своя сессия")

    form = browser(region_editor).get(page(forum)).context["form"]

    assert [name for _pk, name in form.fields["towns"].choices] == sorted([town.name, other_town.name])
    assert [name for _pk, name in form.fields["host"].choices][1:] == sorted([town.name, other_town.name])
    assert [name for _pk, name in form.fields["gathered"].choices] == [f"Своя сессия, {town.name}, 22.06.2018"]


def test_session_gathers_nothing_of_another_region(forum, stranger, region_editor):
    theirs = factories.session(stranger)

    with pytest.raises(ValidationError):
        forum.gather([theirs], by=region_editor)

    theirs.refresh_from_db()
    assert theirs.gathered_in is None


def test_practices_of_guests_are_added_changed_and_taken_away(forum, town, region_editor):
    client = browser(region_editor)
    new = {"practices-TOTAL_FORMS": 2} | practice() | practice(1, municipality=town.pk, title="Набережная")

    client.post(page(forum), typed(forum, **new))

    first, second = forum.practices.order_by("pk")
    assert (first.town_name, second.municipality, first.created_by) == ("Выкса", town, region_editor)
    forum.refresh_from_db()
    client.post(page(forum), typed(forum, **{
        "practices-TOTAL_FORMS": 2, "practices-INITIAL_FORMS": 2, "practices-0-id": first.pk,
        "practices-1-id": second.pk, "practices-1-DELETE": "on",
    }, **practice(title="Парк у реки"), **practice(1)))  # fmt: skip
    assert list(forum.practices.values_list("title", flat=True)) == ["Парк у реки"]
    assert "Парк у реки" in text(client.get(page(forum)), "main")


def test_practice_without_a_region_is_refused_and_nothing_is_kept(forum, town, region_editor):
    fields = {"practices-TOTAL_FORMS": 1, "title": "Новое имя"} | practice(region_name="")

    response = browser(region_editor).post(page(forum), typed(forum, **fields))

    forum.refresh_from_db()
    assert (response.status_code, forum.title, Practice.objects.count()) == (422, "Форум", 0)


def test_municipal_session_neither_gathers_nor_invites(town, other_town, head):
    session = planned(town)

    response = browser(head).post(page(session), typed(session, host=other_town.pk, towns=[other_town.pk]))

    session.refresh_from_db()
    assert (response.status_code, session.host, session.towns.count()) == (302, None, 0)
    assert "Города-участники" not in text(browser(head).get(page(session)), "main")


@pytest.mark.parametrize("who", ["head", "editor", "outsider", "other_approver"])
def test_regional_session_is_edited_by_its_region_only(request, forum, town, who):
    response = browser(request.getfixturevalue(who)).post(page(forum), typed(forum, host=town.pk))

    forum.refresh_from_db()
    assert (response.status_code, forum.host) == (404, None)


@pytest.mark.parametrize("number", [1, 3])
def test_regional_page_costs_the_same_for_any_number_of_rows(
    forum, town, region_editor, number, django_assert_num_queries
):
    for place in range(number):
        factories.session(town, gathered_in=forum)
        factories.make(Practice, session=forum, region_name="Область", title=f"Практика {place}", municipality=town)
    client = browser(region_editor)
    client.get(page(forum))

    with django_assert_num_queries(14):
        client.get(page(forum))


def test_page_of_the_session_shows_guests_and_what_is_gathered(client, forum, town, region_editor):
    browser(region_editor).post(page(forum), typed(forum, host=town.pk, towns=[town.pk], **{
        "practices-TOTAL_FORMS": 1}, **practice()))  # fmt: skip
    forum.refresh_from_db()
    forum.move_to("announced", by=region_editor)

    shown = text(client.get(forum.get_absolute_url()), "main")

    assert [words in shown for words in ("Парк", "Выкса", town.name)] == [True] * 3
    assert texts(client.get(forum.get_absolute_url()), "h1") == ["Форум"]
