"""Texts reach every view clean: forms of residents, of the office and of the workshop, addresses and filters."""

import pytest
from django.urls import reverse

from municipalities.models import Municipality
from sessions.models import Proposal
from tests import factories
from tests.sessions.proposing import send


@pytest.fixture
def open_town(town):
    town.takes_proposals = True
    town.save()
    return town


@pytest.mark.invariant(75)
def test_words_of_residents_are_kept_clean_and_blank_ones_are_refused(client, open_town):
    kept = send(client, open_town, text="Новый кра\u0438\u0306\r\nи лавки\u200b")
    blank = send(client, open_town, text="\u200b\u2060 ")
    full = send(client, open_town, text="а\r\n" * 1000)

    assert (kept.status_code, blank.status_code, full.status_code) == (200, 422, 200)
    assert list(Proposal.objects.order_by("pk").values_list("text", flat=True)) == [
        "Новый край\nи лавки", "\n".join("а" * 1000)
    ]  # fmt: skip


def test_answer_without_a_visible_sign_is_no_answer(client, town, head):
    proposal = factories.proposal(town, status="on_review", public_text="Лавки")
    client.force_login(head)
    page = reverse("office:proposal", args=[proposal.pk])
    posted = {"do": "answer", "status": "declined", "seen_version": proposal.row_version}

    refused = client.post(page, posted | {"answer": "\u200b"})
    taken = client.post(page, posted | {"answer": "Нет\r\nденег. " + "\r\n" * 49 + "я" * 3900})

    proposal.refresh_from_db()
    assert (refused.status_code, taken.status_code, proposal.status) == (422, 302, "declined")
    assert proposal.answer.startswith("Нет\nденег.")


def test_workshop_keeps_texts_clean(client, region_editor, town):
    strategy = factories.strategy(town, status="draft")
    client.force_login(region_editor)
    page = reverse("admin:strategies_strategy_change", args=[strategy.pk])
    form = client.get(page).context["adminform"].form
    posted = {name: form[name].value() or "" for name in form.fields}
    inlines = {
        f"{one.formset.prefix}-{name}": 0
        for one in client.get(page).context["inline_admin_formsets"]
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    client.post(page, posted | inlines | {"title": "Стратеги\u0438\u0306 города\u200b"})

    strategy.refresh_from_db()
    assert strategy.title == "Стратегий города"


@pytest.mark.parametrize(
    "address",
    [
        "/proposals/?number=%00", "/towns/?q=%00", "/proposals/%00/", "/towns/%00/", "/sessions/a%00b/",
        "/programme/?q=%00&direction=%00", "/documents/?q=%00", "/en/proposals/%00/", "/?region=%00",
        "/towns/?q=%ED%A0%80", "/proposals/?session=%00",
    ],
)  # fmt: skip
def test_odd_signs_in_an_address_never_break_a_page(client, town, address):
    assert client.get(address).status_code in {200, 400, 404}


def test_decomposed_letters_find_a_town(client, region):
    factories.make(
        Municipality, region=region, name="Новокуйбышевск", slug="novokuibyshevsk", kind="urban_okrug",
        in_programme=True,
    )  # fmt: skip

    found = client.get("/towns/", {"q": "Новокуи\u0306бышевск"})
    assert found.headers["Location"] == "/towns/novokuibyshevsk/"
