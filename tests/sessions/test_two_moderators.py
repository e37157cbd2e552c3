"""Two people on one proposal: whoever comes second loses no word."""

import pytest
from django.urls import reverse

from tests import factories

TYPED = "Лавки поставим в мае, деньги есть в бюджете."


@pytest.mark.parametrize("first", ["accepted", "hidden"])
def test_answer_of_whoever_came_second_stays_on_the_page(client, town, head, first):
    proposal = factories.proposal(town, status="on_review", public_text="Лавки")
    client.force_login(head)
    page, seen = reverse("office:proposal", args=[proposal.pk]), proposal.row_version
    proposal.answer = "Решили в апреле."
    proposal.move_to(first, by=head, reason="Реклама")

    refused = client.post(page, {"do": "answer", "status": "declined", "answer": TYPED, "seen_version": seen})

    proposal.refresh_from_db()
    assert (refused.status_code, proposal.status) == (422, first)
    assert [words in refused.content.decode() for words in (TYPED, "предложение изменил кто-то другой")] == [True, True]
    assert "Решили в апреле." in refused.content.decode()


def test_reason_of_whoever_came_second_stays_on_the_page(client, town, head):
    proposal = factories.proposal(town, status="new", public_text="Лавки")
    client.force_login(head)
    seen = proposal.row_version
    proposal.move_to("hidden", by=head, reason="Реклама")

    refused = client.post(
        reverse("office:proposal", args=[proposal.pk]), {"do": "hide", "reason": TYPED, "seen_version": seen}
    )

    assert (refused.status_code, TYPED in refused.content.decode()) == (422, True)
