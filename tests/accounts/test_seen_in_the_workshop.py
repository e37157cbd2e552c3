"""Two people at one page of the workshop: whoever saves second undoes nothing of the first and sees both texts."""

import pytest
from django.test import Client

from accounts.models import Role, User
from strategies.models import Indicator, IndicatorValue
from tests import factories
from tests.admin_pages import complaints, page, typed
from tests.conftest import person

MEANWHILE = "Пока вы писали, строку изменил кто-то другой."


@pytest.fixture
def indicator(town):
    """An indicator of a draft measure: nobody has promised its targets yet."""
    measure = factories.measure(town, status="draft")
    one = factories.make(Indicator, measure=measure, name="Длина", unit="км")
    IndicatorValue.objects.create(indicator=one, year=2027, target=10)
    return one


def opened(someone, url):
    """(a browser, the page it shows)."""
    browser = Client()
    browser.force_login(someone)
    return browser, browser.get(url)


@pytest.mark.invariant(84)
@pytest.mark.parametrize(
    ("field", "theirs", "mine"),
    [("name", "Длина дорожек", "Протяжённость"), ("targets", "2027: 20", "2027: 30"), ("unit", "м", "вёрст")],
)
def test_indicator_inside_a_measure_is_not_overwritten_unseen(indicator, region_editor, field, theirs, mine):
    url, name = page("strategies_measure_change", indicator.measure_id), f"indicators-0-{field}"
    (first, page_of_first), (second, page_of_second) = (opened(region_editor, url) for _ in range(2))
    # The versions of the measure itself are told apart from those of its rows.
    assert first.post(url, typed(page_of_first, {name: theirs})).status_code == 302
    form = typed(page_of_second, {name: mine}) | {"seen_version": typed(first.get(url))["seen_version"]}

    refused = second.post(url, form)

    assert (refused.status_code, [text for text in complaints(refused) if MEANWHILE in text] != []) == (200, True)
    assert typed(refused)[name] == mine
    assert second.post(url, typed(refused)).status_code == 302
    assert typed(second.get(url))[name] == mine


def test_row_that_the_second_person_left_alone_keeps_what_the_first_wrote(indicator, region_editor):
    url = page("strategies_measure_change", indicator.measure_id)
    (first, page_of_first), (second, page_of_second) = (opened(region_editor, url) for _ in range(2))
    first.post(url, typed(page_of_first, {"indicators-0-targets": "2027: 20"}))
    form = typed(page_of_second, {"title": "Новое название"}) | {"seen_version": typed(first.get(url))["seen_version"]}

    assert second.post(url, form).status_code == 302

    assert IndicatorValue.objects.values_list("target", flat=True).get() == 20


@pytest.mark.invariant(84)
@pytest.mark.parametrize(("theirs", "mine"), [({"post": "Министр"}, {"post": "Заместитель"})])
def test_page_of_a_person_is_not_overwritten_unseen(region, theirs, mine):
    keeper, editor = person("keeper", Role.ADMIN, region=region), person("someone", Role.REGION_EDITOR, region=region)
    url = page("accounts_user_change", editor.pk)
    (first, page_of_first), (second, page_of_second) = (opened(keeper, url) for _ in range(2))
    assert first.post(url, typed(page_of_first, theirs)).status_code == 302

    refused = second.post(url, typed(page_of_second, mine))

    assert refused.status_code == 200
    assert [text for text in complaints(refused) if MEANWHILE in text and "Министр" in text] != []
    assert User.objects.get(pk=editor.pk).post == "Министр"
    assert second.post(url, typed(refused)).status_code == 302
    assert User.objects.get(pk=editor.pk).post == "Заместитель"


def test_page_of_a_person_left_alone_undoes_nothing(region):
    keeper, editor = person("keeper", Role.ADMIN, region=region), person("someone", Role.REGION_EDITOR, region=region)
    url = page("accounts_user_change", editor.pk)
    browser, shown = opened(keeper, url)
    User.objects.filter(pk=editor.pk).update(post="Министр")

    assert browser.post(url, typed(shown)).status_code == 302

    assert User.objects.get(pk=editor.pk).post == "Министр"
