"""Both sides' promises: what the pages of a priority and of a measure say of them, and when a link counts."""

import datetime

import pytest
from django.core.cache import cache
from django.utils import timezone

from config.templatetags.site import day, day_short
from strategies.coverage.agreement import agreements_of
from strategies.models import Commitment, PriorityMeasure
from tests import factories
from tests.pages import text, texts

PAPER = "https://example.org/a"


def plain(words):
    return words.replace("\u00a0", " ")


def ago(days):
    return timezone.localdate() - datetime.timedelta(days=days)


@pytest.fixture
def link(town):
    priority = factories.priority(factories.strategy(town, status="approved"), title="Набережная")
    return factories.link(priority, factories.measure(town, title="Аллея", sources=PAPER))


@pytest.fixture
def named(approver, head):
    """An approver and a head with posts and names."""
    for user, post, first, last in ((approver, "министр", "Пётр", "Петров"), (head, "глава", "Иван", "Иванов")):
        user.post, user.first_name, user.last_name = post, first, last
        user.save()
    return approver, head


def sides(response):
    """What is written of both sides' promises."""
    return texts(response, "ul", css="sides")


def states(response):
    return [str(state) for _name, _word, state in response.context["chain"].links]


def promised_to(client, town):
    """The third link of a town's chain, as the list of towns draws it."""
    return next(str(one.chain.promised) for one in client.get("/towns/").context["towns"] if one == town)


def lacking(link, on=None):
    """[(side, days)] of the sides whose word is missing."""
    on = on or timezone.localdate()
    return agreements_of(Commitment.objects.all(), on)[link.priority_id, link.measure_id].lacking


def test_agreement_counts_the_days_since_the_other_side_spoke(link, head):
    assert lacking(link) == [("region", None), ("town", None)]

    factories.commitment(link, "region", days=12)
    factories.commitment(link, "town", status="draft")
    assert lacking(link) == [("town", 12)]

    answer = link.commitments.get(side="town")
    answer.move_to("confirmed", by=head)
    assert lacking(link) == []

    # Taken back: the days begin anew.
    answer.move_to("withdrawn", by=head, reason="Участок продали")
    assert lacking(link) == [("town", 0)]
    assert lacking(link, ago(-3)) == [("town", 3)]


@pytest.mark.invariant(53)
def test_link_counts_only_when_both_sides_have_confirmed(link, approver, head):
    def counts():
        return PriorityMeasure.objects.agreed().filter(pk=link.pk).exists()

    words = [factories.commitment(link, side, status="draft") for side in ("region", "town")]
    assert not counts()
    words[0].move_to("confirmed", by=approver)
    assert not counts()
    words[1].move_to("confirmed", by=head)
    assert counts()
    words[0].move_to("withdrawn", by=approver, reason="Денег нет")
    assert not counts()


def test_priority_and_measure_pages_show_both_sides(client, link, named):
    approver, head = named
    of_region = factories.commitment(
        link, "region", status="draft", amount="4200.50", year=2027, condition="софинансирование города"
    )
    of_region.move_to("confirmed", by=approver)
    factories.commitment(link, "town", status="draft", kind="land", year=2026).move_to("confirmed", by=head)
    today = plain(day_short(timezone.localdate()))
    words = (
        f"Подтверждено {today}, министр Пётр Петров Область: финансируем 4 200,5 тыс. рублей к 2027 году. "
        f"Условие: софинансирование города Подтверждено {today}, глава Иван Иванов Город: даём землю к 2026 году."
    )

    for page in (link.priority, link.measure):
        response = client.get(page.get_absolute_url())
        assert sides(response) == [words]
        assert states(response)[2] == "yes"
    assert "подтвердил" not in text(client.get(link.priority.get_absolute_url()), "ol", css="spine")


def test_pages_say_whose_word_is_missing_and_for_how_long(client, link):
    factories.commitment(link, "region", days=12)
    factories.commitment(link, "town", status="draft", condition="тайное условие")

    for page in (link.priority, link.measure):
        response = client.get(page.get_absolute_url())
        assert states(response)[2] == "part"
        assert texts(response, "span", css="st").count("Город не подтвердил 12 дней") == 1
        assert len(sides(response)) == 1
        assert "тайное" not in response.content.decode()
    assert "Чего не хватает Обеими сторонами не подтверждено" in text(
        client.get(link.priority.get_absolute_url()), "ol", css="spine"
    )


def test_pages_keep_a_promise_that_was_taken_back_with_its_reason(client, link, named):
    approver, head = named
    promise = factories.commitment(link, "town", status="draft", kind="cofund", amount=30)
    promise.move_to("confirmed", by=head)
    promise.move_to("withdrawn", by=head, reason="Бюджет сократили")
    today = timezone.localdate()

    for page in (link.priority, link.measure):
        response = client.get(page.get_absolute_url())
        assert texts(response, "s") == ["Город: софинансируем 30 тыс. рублей к 2027 году."]
        assert sides(response) == [
            f"Отозвано {plain(day_short(today))}, глава Иван Иванов Город: софинансируем 30 тыс. рублей к 2027 году. "
            f"Отозвано {plain(day(today))}, глава Иван Иванов. Причина: Бюджет сократили"
        ]

    # A new word may follow; the former one stays.
    factories.commitment(link, "town", kind="host")
    cache.clear()
    assert len(texts(client.get(link.measure.get_absolute_url()), "p", css="sides__word")) == 2


def test_pages_ask_nobody_about_a_finished_measure(client, link):
    factories.commitment(link, "region", days=12)
    type(link.measure).objects.update(status="done", percent=100)

    for page in (link.priority, link.measure):
        assert "подтвердил" not in " ".join(texts(client.get(page.get_absolute_url()), "span", css="st"))


def test_measure_agreed_for_one_priority_is_half_promised_for_another(client, link, town):
    for side in ("region", "town"):
        factories.commitment(link, side)
    other = factories.priority(link.priority.strategy, title="Дороги")
    factories.link(other, link.measure)

    assert states(client.get(link.measure.get_absolute_url()))[2] == "yes"
    assert states(client.get(link.priority.get_absolute_url()))[2] == "yes"
    assert states(client.get(other.get_absolute_url()))[2] == "part"
    response = client.get(town.get_absolute_url())
    chains = {one.title: str(one.chain.promised) for one in response.context["priorities"]}
    assert chains == {"Набережная": "yes", "Дороги": "part"}
    assert promised_to(client, town) == "yes"


def test_town_is_promised_whole_by_a_measure_that_answers_no_priority(client, town):
    factories.measure(town, sources=PAPER)

    assert promised_to(client, town) == "yes"


def test_town_says_that_the_sides_have_not_confirmed(client, town, link):
    assert promised_to(client, town) == "part"
    assert "Обеими сторонами не подтверждено" in text(client.get(link.priority.get_absolute_url()), "main")


def test_proposal_is_promised_through_an_agreed_link_only(client, town, link):
    proposal = factories.proposal(
        town, priority=link.priority, status="accepted", answer="Взяли.", answered_at=timezone.now()
    )

    def promised():
        cache.clear()
        return str(client.get(proposal.get_absolute_url()).context["proposal"].chain.promised)

    assert promised() == "part"
    for side in ("region", "town"):
        factories.commitment(link, side)
    assert promised() == "yes"
