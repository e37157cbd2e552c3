"""Who is asked about a silent record, and what of silence everybody may read."""

import datetime

import pytest
from django.utils import timezone
from model_bakery import baker

from accounts.models import Role, RoleAssignment
from strategies.models import Measure
from strategies.reporting.silence import Asked, freshness, heads_of, with_freshness
from tests import factories
from tests.conftest import person
from tests.strategies.published import reported


def today():
    return timezone.localdate()


def named(user, name):
    user.post, user.last_name = "глава города", name
    user.save()
    return user


def fresh(record):
    on = today()
    found = with_freshness(type(record).objects.all(), on).get(pk=record.pk)
    return freshness(found, on, heads_of([record.territory[1]], on))


def asked(record):
    found = fresh(record)
    return found.asked, found.who


def test_owner_is_asked_first_then_the_head_then_the_body_then_nobody(town, head, editor):
    measure = factories.measure(town, owner=named(editor, "Первый"), responsible="Служба")
    named(head, "Вторая")
    seen = [asked(measure)]
    Measure.objects.update(owner=None)
    seen.append(asked(measure))
    RoleAssignment.objects.filter(user=head).update(valid_to=today() - datetime.timedelta(days=1))
    seen.append(asked(measure))
    Measure.objects.update(responsible=" ")
    seen.append(asked(measure))

    assert seen == [
        (Asked.OWNER, "глава города Первый"),
        (Asked.HEAD, "глава города Вторая"),
        (Asked.BODY, "Служба"),
        (Asked.NOBODY, ""),
    ]


def test_person_without_post_and_name_is_never_named_by_the_login(town, head):
    assert asked(factories.measure(town, owner=head, responsible="Служба")) == (Asked.BODY, "Служба")


def test_owner_whose_account_is_closed_is_not_asked(town, editor, head):
    measure = factories.measure(town, owner=named(editor, "Первый"))
    named(head, "Вторая")
    type(editor).objects.filter(pk=editor.pk).update(is_active=False)

    assert (asked(measure), fresh(measure).is_owned) == ((Asked.HEAD, "глава города Вторая"), False)


def test_whoever_acts_for_the_head_is_asked(town, head):
    named(head, "Вторая")
    baker.make(
        RoleAssignment, user=named(person("acting"), "Третий"), role=Role.MUNICIPAL_HEAD, municipality=town,
        region=None, acting=True, valid_from=today(), valid_to=None,
    )  # fmt: skip

    assert asked(factories.measure(town)) == (Asked.HEAD, "глава города Третий")


def test_head_of_another_town_is_not_asked(town, outsider):
    named(outsider, "Чужой")

    assert asked(factories.measure(town, responsible="")) == (Asked.NOBODY, "")


def test_priority_has_no_body_to_ask(town):
    assert asked(factories.priority(factories.strategy(town))) == (Asked.NOBODY, "")


@pytest.mark.parametrize(("days", "is_silent"), [(107, False), (108, True)])
def test_silence_is_counted_from_the_last_published_report(town, days, is_silent):
    record = factories.priority(factories.strategy(town))
    day = today() - datetime.timedelta(days=days)
    reported(record, percent=None, day=day)

    found = fresh(record)

    assert (found.days, found.since, found.is_silent, found.was_heard) == (days, day, is_silent, True)


def test_silence_without_reports_is_counted_since_a_word_is_owed(town):
    measure = factories.measure(town, start=today() - datetime.timedelta(days=3))

    found = fresh(measure)

    assert (found.days, found.was_heard, found.is_silent) == (3, False, False)


def test_heads_of_no_town_cost_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert heads_of([], today()) == {}


def test_heads_of_towns_cost_one_query(town, other_town, head, outsider, django_assert_num_queries):
    named(head, "Вторая")
    named(outsider, "Чужой")

    with django_assert_num_queries(1):
        found = heads_of([town.pk, other_town.pk], today())

    assert found == {town.pk: "глава города Вторая", other_town.pk: "глава города Чужой"}
