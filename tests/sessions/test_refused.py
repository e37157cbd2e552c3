"""What the public form refuses, how politely, and what is left of it: numbers by day, never an address."""

import datetime
import logging
import pickle
import re

import pytest
from django.apps import apps
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from sessions import gate
from sessions.models import Proposal, RefusedPost
from tests.pages import text, texts
from tests.sessions.proposing import WORDS, send, token

ADDRESS = "203.0.113.77"


@pytest.fixture
def open_town(town):
    """A town that takes proposals on any day."""
    town.takes_proposals = True
    town.save()
    return town


def counted():
    """{kind: how many} of today, with what was still in the cache."""
    RefusedPost.settle()
    return dict(RefusedPost.objects.filter(day=timezone.localdate()).values_list("kind", "count"))


@pytest.mark.invariant(40)
@pytest.mark.parametrize(
    ("posted", "kind"),
    [
        ({"token": ""}, "token"),
        ({"token": "не наш"}, "token"),
        ({"age": gate.TOKEN_LIVES + 60}, "token"),
        ({gate.TRAP: "https://spam.example"}, "trap"),
        ({"age": 1}, "fast"),
    ],
)
def test_machine_is_refused_politely_counted_and_the_words_stay(client, open_town, posted, kind):
    response = send(client, open_town, **posted)

    assert response.status_code == 422
    assert text(response, "div", css="note--bad").startswith("Предложение ещё не отправлено.")
    assert text(response, "textarea") == WORDS
    assert Proposal.objects.count() == 0
    assert counted() == {kind: 1}


def test_refused_form_sent_again_by_a_person_is_taken(client, open_town):
    for posted in ({"token": ""}, {gate.TRAP: "х"}):
        refused = send(client, open_town, **posted)
        form = re.search(r'name="token" value="([^"]+)"', refused.content.decode())[1]
        trap = re.search(rf'name="{gate.TRAP}"[^>]*', refused.content.decode())[0]
        assert "value" not in trap
        assert gate.read_token(form).text == form

    assert send(client, open_town, token=token(age=3)).status_code == 200


def test_token_of_another_place_or_key_is_none(client, open_town, settings):
    form = token()
    settings.SECRET_KEY = "another-key-another-key-another-key-another-key"

    assert send(client, open_town, token=form).status_code == 422
    assert counted() == {"token": 1}


def test_post_that_is_too_large_is_not_even_read(client, open_town):
    response = send(client, open_town, text="а" * gate.LARGEST)

    assert response.status_code == 413
    assert text(response, "p", css="lead") == "Слишком много текста. Вернитесь назад и сократите до 2000 знаков."
    assert counted() == {"size": 1}


def test_flood_of_one_address_leaves_the_allowed_number(client, open_town, settings):
    settings.PROPOSALS_PER_HOUR = 5

    codes = [send(client, open_town).status_code for _ in range(100)]

    assert codes == [200] * 5 + [429] * 95
    assert Proposal.objects.count() == 5
    assert counted() == {"rate": 95}


def test_flood_asks_the_database_for_nothing(client, open_town, settings, django_assert_num_queries):
    settings.PROPOSALS_PER_HOUR = 1
    for _ in range(gate.TRIES_PER_PROPOSAL + 1):
        send(client, open_town)
    forms = [token() for _ in range(20)]

    with django_assert_num_queries(0):
        codes = {send(client, open_town, token=form).status_code for form in forms}

    assert codes == {429}


def test_whoever_is_sent_away_is_told_when_to_come_back_and_keeps_everything(client, open_town, settings):
    settings.PROPOSALS_PER_HOUR = 1
    send(client, open_town)

    form = token()
    response = send(client, open_town, token=form)

    assert 3590 <= int(response.headers["Retry-After"]) <= 3601
    assert text(response, "textarea") == WORDS
    assert f'<input type="hidden" name="token" value="{form}">' in response.content.decode()
    assert response.cookies.output() == ""


def test_hour_later_the_address_may_write_again(client, open_town, settings, monkeypatch):
    settings.PROPOSALS_PER_HOUR = 1
    codes = [send(client, open_town).status_code for _ in range(2)]
    real = gate.time.time

    monkeypatch.setattr(gate.time, "time", lambda: real() + gate.HOUR + 1)

    assert [*codes, send(client, open_town).status_code] == [200, 429, 200]


def test_neighbour_is_not_refused(client, open_town, settings):
    settings.PROPOSALS_PER_HOUR = 1

    codes = [send(client, open_town, address=f"203.0.113.{last}").status_code for last in (1, 1, 2)]

    assert codes == [200, 429, 200]


def test_one_subscriber_of_ipv6_is_one_address(client, open_town, settings):
    settings.PROPOSALS_PER_HOUR = 1
    addresses = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"]

    assert [send(client, open_town, address=one).status_code for one in addresses] == [200, 429, 200]


def test_visitor_behind_a_proxy_is_known_by_what_the_proxy_says(client, open_town, settings):
    settings.PROPOSALS_PER_HOUR, settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1, 1
    url = reverse("proposals:propose_town", args=[open_town.slug])

    codes = [
        client.post(url, {"text": WORDS, "token": token()}, headers={"x-forwarded-for": said}).status_code
        for said in ("198.51.100.1", "10.0.0.1, 198.51.100.1", "198.51.100.2")
    ]

    assert codes == [200, 429, 200]


def test_mistakes_do_not_use_up_the_allowed_number(client, open_town, settings):
    settings.PROPOSALS_PER_HOUR = 1

    codes = [send(client, open_town, text=words).status_code for words in ("", "", WORDS)]

    assert codes == [422, 422, 200]


def test_same_form_sent_again_does_not_use_up_the_allowed_number(client, open_town, settings):
    settings.PROPOSALS_PER_HOUR = 1
    form = token()

    assert [send(client, open_town, token=form).status_code for _ in range(3)] == [200] * 3


@pytest.mark.invariant(40)
def test_no_address_is_kept_even_in_the_cache(client, open_town):
    send(client, open_town, address="203.0.113.7")

    kept = repr([(name, pickle.loads(value)) for name, value in cache._cache.items()])
    assert "gate:kept:" in kept
    assert "203.0.113" not in kept


@pytest.mark.invariant(40)
def test_address_of_the_sender_is_in_no_table_and_in_no_log(client, open_town, settings, caplog):
    caplog.set_level(logging.DEBUG)
    settings.PROPOSALS_PER_HOUR = 1
    codes = [send(client, open_town, address=ADDRESS, **posted).status_code for posted in ({"token": ""}, {}, {})]
    counts = counted()

    assert (codes, counts) == ([422, 200, 429], {"token": 1, "rate": 1})
    assert Proposal.objects.count() == 1
    assert ADDRESS not in caplog.text
    kept = {
        model._meta.label: found
        for model in apps.get_models(include_auto_created=True)
        if (found := [row for row in model._base_manager.values_list() if ADDRESS in str(row)])
    }
    assert kept == {}
    assert {field.name for field in RefusedPost._meta.get_fields()} == {"id", "day", "kind", "count"}


def test_refusals_of_yesterday_are_written_to_their_day(db):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    cache.set(f"refused:{yesterday.isoformat()}:rate", 7)
    RefusedPost.note("fast")

    RefusedPost.settle()
    RefusedPost.settle()

    assert list(RefusedPost.objects.values_list("day", "kind", "count")) == [
        (timezone.localdate(), "fast", 1),
        (yesterday, "rate", 7),
    ]


def test_flood_is_written_once_a_minute(db, django_assert_num_queries):
    RefusedPost.note("rate")

    with django_assert_num_queries(0):
        for _ in range(50):
            RefusedPost.note("rate")

    assert counted() == {"rate": 51}


def test_signed_in_posts_do_not_empty_the_cache_of_public_pages(client, open_town, head):
    client.force_login(head)
    before = client.get("/").headers.get("ETag")
    send(client, open_town)

    assert client.get("/").headers.get("ETag") == before


def test_workshop_shows_the_numbers_and_changes_nothing(client, open_town, region_editor, outsider):
    send(client, open_town, token="")
    send(client, open_town, token="")
    page = reverse("admin:discussions_refusedpost_changelist")

    client.force_login(outsider)
    strange = client.get(page).status_code
    client.force_login(region_editor)
    response = client.get(page)

    assert strange == 403
    assert texts(response, "td", css="field-count") == ["2"]
    assert client.get(reverse("admin:discussions_refusedpost_add")).status_code == 403
