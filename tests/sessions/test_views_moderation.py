"""The moderator's queue and one proposal in it, in the office."""

import datetime

import pytest
from django.utils import timezone

from sessions.models import Proposal
from strategies.models import Priority
from tests import factories
from tests.conftest import StrictClient
from tests.pages import text

NAME, ADDRESS = "Мария Приметная", "primetnaya@example.org"


def browser(person):
    """A browser of a person."""
    client = StrictClient()
    client.force_login(person)
    return client


def received(town, **fields):
    """A proposal that came by the site, not moderated yet, whose author gave a name."""
    defaults = {"text": "Почините мост через Кривушу", "public_text": "", "channel": "site", "author_name": NAME,
                "author_email": ADDRESS, "consent_version": "1", "answer_due": days(10)}  # fmt: skip
    return factories.proposal(town, **(defaults | fields))


def days(number):
    """A day from today."""
    return timezone.localdate() + datetime.timedelta(days=number)


def page(proposal):
    """The address of a proposal in the office."""
    return f"/office/proposals/{proposal.pk}/"


def seen(proposal, action, **fields):
    """What a button sends."""
    return {"do": action, "seen_version": proposal.row_version} | fields


def answered(proposal, **fields):
    """What the form of an answer sends."""
    return seen(proposal, "answer", **({"status": "accepted", "answer": "Мост внесли в план ремонта."} | fields))


def numbers(response):
    """Numbers of the proposals of a queue, in order."""
    return [proposal.number for proposal in response.context["proposals"]]


def test_queue_shows_the_latest_on_top_and_says_by_how_many_days(town, other_town, head):
    received(town, number="А-3", answer_due=days(5))
    received(town, number="А-1", answer_due=days(-12))
    received(town, number="А-2", answer_due=days(-1))
    received(town, number="А-4", answer_due=None)
    received(town, number="А-5", status="hidden")
    received(other_town, number="Б-1")

    response = browser(head).get("/office/proposals/")

    assert numbers(response) == ["А-1", "А-2", "А-3", "А-4"]
    assert response.context["totals"] == {"waiting": 4, "overdue": 2}
    assert [one.late_days for one in response.context["proposals"]] == [12, 1, 0, 0]
    assert "Просрочено на 12 дней" in text(response, "main")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=overdue", ["А-1"]), ("state=new", ["А-1", "А-2"]), ("state=on_review", ["А-3"]),
        ("state=answered", ["А-4"]), ("state=hidden", ["А-5"]), ("state=all", ["А-1", "А-2", "А-3", "А-4", "А-5"]),
        ("state=nonsense", ["А-1", "А-2", "А-3"]),
    ],
)  # fmt: skip
def test_queue_is_filtered_by_state(town, head, query, found):
    received(town, number="А-1", answer_due=days(-1))
    received(town, number="А-2")
    received(town, number="А-3", status="on_review")
    received(town, number="А-4", status="declined", answer="Нет денег", answered_at=timezone.now())
    received(town, number="А-5", status="hidden")

    assert numbers(browser(head).get(f"/office/proposals/?{query}")) == found


def test_queue_is_filtered_by_session_of_one_s_own(town, other_town, head):
    until = days(30)
    session, stranger = (factories.session(one, proposals_until=until) for one in (town, other_town))
    received(town, number="А-1", session=session)
    received(town, number="А-2")
    received(other_town, number="Б-1", session=stranger)
    client = browser(head)

    assert numbers(client.get(f"/office/proposals/?session={session.pk}")) == ["А-1"]
    assert numbers(client.get(f"/office/proposals/?session={stranger.pk}&state=all")) == ["А-1", "А-2"]


def test_queue_of_the_region_holds_its_own_topics_only(town, region, approver, wg_member):
    received(town)
    topic = Proposal.receive(region=region, town=None, text="О дорогах области", channel="site")[0]

    assert numbers(browser(approver).get("/office/proposals/")) == [topic.number]
    assert browser(wg_member).get("/office/proposals/").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_queue_costs_the_same_for_any_number(town, head, number, django_assert_num_queries):
    session = factories.session(town, proposals_until=days(30))
    for _one in range(number):
        received(town, session=session)
    client = browser(head)
    client.get("/office/proposals/")

    with django_assert_num_queries(8):
        client.get("/office/proposals/")


@pytest.mark.parametrize("who", ["outsider", "other_approver", "approver", "region_editor"])
def test_proposal_is_not_found_by_strangers(request, town, who):
    proposal = received(town)
    client = browser(request.getfixturevalue(who))

    assert client.get(page(proposal)).status_code == 404
    assert client.post(page(proposal), seen(proposal, "review")).status_code == 404


def test_author_is_seen_by_who_answers_only(town, head, editor):
    proposal = received(town)
    shown = {name: browser(person).get(page(proposal)).content.decode() for name, person in
             (("head", head), ("editor", editor))}  # fmt: skip

    assert {name: (NAME in html, ADDRESS in html) for name, html in shown.items()} == {
        "head": (True, True), "editor": (False, False),
    }  # fmt: skip
    queue = browser(head).get("/office/proposals/").content.decode()
    assert (NAME in queue, ADDRESS in queue) == (False, False)


def test_author_s_words_are_offered_and_public_only_once_saved(town, editor, client):
    proposal = received(town)
    moderator = browser(editor)
    offered = moderator.get(page(proposal)).context["form"]["public_text"].value()
    before = client.get(proposal.get_absolute_url()).status_code

    moderator.post(page(proposal), seen(proposal, "text", public_text="Починить мост", kind="proposal"))

    proposal.refresh_from_db()
    assert (offered, before, proposal.public_text) == (proposal.text, 404, "Починить мост")
    assert client.get(proposal.get_absolute_url()).status_code == 200


def test_text_saved_second_is_told_and_kept_in_the_form(town, editor, head):
    proposal = received(town)
    browser(head).post(page(proposal), seen(proposal, "text", public_text="Главы", kind="proposal"))

    response = browser(editor).post(page(proposal), seen(proposal, "text", public_text="Моё", kind="proposal"))

    assert response.status_code == 422
    assert response.context["form"]["public_text"].value() == "Моё"
    assert Proposal.objects.get().public_text == "Главы"


def test_answer_is_given_by_the_head_after_review(town, head, editor):
    proposal = received(town, public_text="Починить мост")
    moderator = browser(editor)

    moderator.post(page(proposal), seen(proposal, "review"))
    proposal.refresh_from_db()
    by_editor = moderator.post(page(proposal), answered(proposal))
    browser(head).post(page(proposal), answered(proposal))

    proposal.refresh_from_db()
    assert (by_editor.status_code, proposal.status, proposal.answer) == (403, "accepted", "Мост внесли в план ремонта.")
    assert proposal.answered_at is not None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"answer": " "}, "Напишите ответ с причинами: его увидят все."),
        ({"status": ""}, "Выберите решение."),
        ({"status": "redirected"}, "Напишите, кому передано."),
    ],
)
def test_answer_that_lacks_something_stays_in_the_form(town, head, fields, told):
    proposal = received(town, public_text="Починить мост", status="on_review")

    response = browser(head).post(page(proposal), answered(proposal, **fields))

    assert response.status_code == 422
    assert told in text(response, "main")
    assert Proposal.objects.get().status == "on_review"


def test_answer_without_a_public_text_is_refused(town, head):
    proposal = received(town, status="on_review")

    response = browser(head).post(page(proposal), answered(proposal))

    assert (response.status_code, Proposal.objects.get().answer) == (422, "")
    assert "Сначала подготовьте текст для всех." in text(response, "main")


def test_answer_on_an_old_page_is_told(town, head):
    proposal = received(town, public_text="Починить мост", status="on_review")
    Proposal.objects.update(row_version=7)

    response = browser(head).post(page(proposal), answered(proposal))

    assert response.status_code == 422
    assert response.context["answer_form"]["answer"].value() == "Мост внесли в план ремонта."
    assert Proposal.objects.get().status == "on_review"


def test_redirected_names_whom(town, head):
    proposal = received(town, public_text="Починить мост", status="on_review")

    browser(head).post(page(proposal), answered(proposal, status="redirected", redirected_to="Минтранс области"))

    proposal.refresh_from_db()
    assert (proposal.status, proposal.redirected_to) == ("redirected", "Минтранс области")


@pytest.mark.parametrize("number", [1, 3])
def test_page_of_a_proposal_costs_the_same_for_any_number(town, head, number, django_assert_num_queries):
    proposal = received(town)
    for _one in range(number):
        factories.proposal(town, public_text="Починить мост через Кривушу")
        factories.priority(factories.strategy(town))
    client = browser(head)
    client.get(page(proposal))

    with django_assert_num_queries(14):
        client.get(page(proposal))


@pytest.mark.invariant(49)
def test_merged_keeps_its_words_and_shows_the_answer_of_the_other(town, head):
    main = received(town, number="А-1", public_text="Починить мост", status="on_review")
    same = received(town, number="А-2", public_text="Мост починить")
    client = browser(head)

    client.post(page(same), seen(same, "merge", into=main.pk))
    client.post(page(main), answered(main))

    same.refresh_from_db()
    assert (same.status, same.merged_into, same.text) == ("merged", main, "Почините мост через Кривушу")
    assert "Мост внесли в план ремонта." in text(client.get(page(same)), "main")
    assert "А-2" in text(client.get(page(main)), "main")


def test_merge_with_a_proposal_of_another_town_is_not_found(town, other_town, head):
    proposal, stranger = received(town), received(other_town)

    response = browser(head).post(page(proposal), seen(proposal, "merge", into=stranger.pk))

    proposal.refresh_from_db()
    assert (response.status_code, proposal.status) == (404, "new")


def test_merge_into_a_hidden_one_is_refused_on_the_page(town, head):
    proposal, hidden = received(town), received(town, status="hidden")

    response = browser(head).post(page(proposal), seen(proposal, "merge", into=hidden.pk))

    proposal.refresh_from_db()
    assert (response.status_code, proposal.status, proposal.merged_into) == (422, "new", None)
    assert "которое не скрыто" in text(response, "main")


def test_hidden_with_a_reason_only(town, editor):
    proposal = received(town)
    client = browser(editor)

    refused = client.post(page(proposal), seen(proposal, "hide", reason=""))
    client.post(page(proposal), seen(proposal, "hide", reason="Реклама"))

    proposal.refresh_from_db()
    assert (refused.status_code, proposal.status) == (422, "hidden")


def test_accepted_as_a_draft_priority_of_the_living_strategy(town, editor):
    strategy = factories.strategy(town)
    factories.strategy(town, status="draft")
    proposal = received(town, public_text="Починить мост")
    client = browser(editor)
    offered = list(client.get(page(proposal)).context["priority_form"].fields["strategy"].queryset)

    client.post(page(proposal), seen(proposal, "priority", strategy=strategy.pk, title="Мост через Кривушу"))

    priority = Priority.objects.get()
    proposal.refresh_from_db()
    assert offered == [strategy]
    assert (priority.title, priority.status, proposal.priority, priority.created_by) == (
        "Мост через Кривушу", "draft", priority, editor,
    )  # fmt: skip


def test_priority_in_a_strategy_of_another_town_is_refused(town, other_town, editor):
    proposal = received(town)
    data = seen(proposal, "priority", strategy=factories.strategy(other_town).pk, title="Мост")

    assert browser(editor).post(page(proposal), data).status_code == 422
    assert Priority.objects.count() == 0


def test_priority_of_that_name_is_refused_and_nothing_is_linked(town, editor):
    strategy = factories.strategy(town)
    factories.priority(strategy, title="Мост")
    proposal = received(town)

    response = browser(editor).post(page(proposal), seen(proposal, "priority", strategy=strategy.pk, title="Мост"))

    proposal.refresh_from_db()
    assert (response.status_code, proposal.priority, proposal.row_version) == (422, None, 1)
    assert "Такой приоритет в этой стратегии уже есть." in text(response, "main")


def test_unknown_button_is_not_found(town, editor):
    assert browser(editor).post(page(received(town)), {"do": "delete"}).status_code == 404


def test_office_home_tells_how_many_wait_and_are_late(town, other_town, head):
    received(town, answer_due=days(-1))
    received(town)
    received(other_town)

    assert "Ждут ответа: 2 предложения, просрочено 1" in text(browser(head).get("/office/"), "main")


def test_choices_of_a_moderator_are_named_and_a_wish_is_called_a_wish(town, editor):
    wished = factories.priority(factories.strategy(town))
    session = factories.session(town, proposals_until=days(5))
    asked, quoted = received(town, priority=wished, session=session), factories.proposal(town, priority=wished)
    client = browser(editor)

    form, other = (client.get(page(one)).context["form"] for one in (asked, quoted))

    assert [form.fields[name].empty_label for name in ("section", "priority", "measure")] == [
        "Без секции", "Ни к какому", "Ни к какой",
    ]  # fmt: skip
    wish = "Так отнёс автор. Если предложение учтут, приоритет станет выбранным."
    assert [one.fields["priority"].help_text for one in (form, other)] == [wish, ""]
    assert f'href="/office/sessions/{session.pk}/"' in client.get(page(asked)).content.decode()


def test_new_words_say_who_takes_them_up(region, approver, region_editor):
    regional = Proposal.receive(region=region, town=None, text="Дорога", channel="hall", by=region_editor)[0]

    told = [text(browser(person).get(page(regional)), "main") for person in (approver, region_editor)]

    assert ["Сначала его берёт на рассмотрение редактор области." in one for one in told] == [True, False]
    assert "Взять на рассмотрение" in told[1]
