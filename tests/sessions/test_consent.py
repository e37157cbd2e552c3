"""The text of consent: which one is in force, who reads it, and that nobody changes what was agreed to."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from sessions.models import ConsentText
from tests import factories
from tests.pages import texts
from tests.sessions.proposing import consent


def agreed(town, text):
    """A proposal whose author agreed to a text."""
    return factories.proposal(
        town, author_name="Анна", consent_version=text.version, consented_at=timezone.now()
    )  # fmt: skip


def day(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def test_page_shows_the_text_in_force_and_the_former_ones(client, region, other_region):
    former = consent(region, version="1", text="Прежний текст.", valid_from=day(-10))
    now = consent(region, version="2", text="Нынешний текст.", valid_from=day(-1))
    consent(region, version="3", text="Завтрашний текст.", valid_from=day(1))
    other = consent(other_region, version="1", text="Текст соседей.")

    response = client.get(reverse("proposals:consent"))

    assert [(one.pk, [old.pk for old in olds]) for one, olds in response.context["texts"]] == [
        (now.pk, [former.pk]),
        (other.pk, []),
    ]
    assert texts(response, "div", css="prose") == ["Нынешний текст.", "Прежний текст.", "Текст соседей."]


def test_page_without_a_text_says_that_nothing_is_asked(client, region):
    assert texts(client.get(reverse("proposals:consent")), "div", css="empty") == [
        "Текста согласия пока нет. Поэтому ни имени, ни почты у авторов предложений мы не спрашиваем. Когда регион его "
        "утвердит, он появится здесь."
    ]


def test_page_asks_as_many_questions_of_one_text_as_of_four(client, region, django_assert_num_queries):
    for version in range(1, 5):
        consent(region, version=str(version))
        with django_assert_num_queries(2):
            client.get(reverse("proposals:consent"), {"fresh": version})


@pytest.mark.invariant(38)
@pytest.mark.parametrize("field", ["version", "operator", "withdrawal", "text", "valid_from"])
def test_version_that_somebody_agreed_to_is_not_changed(town, region, field):
    text = consent(region)
    agreed(town, text)
    setattr(text, field, day(-1) if field == "valid_from" else "Другое")

    with pytest.raises(ValidationError) as refusal:
        text.full_clean()

    assert [error.code for error in refusal.value.error_dict["__all__"]] == ["agreed_to"]


def test_version_that_nobody_agreed_to_may_be_mended(town, region, other_region):
    text = consent(region)
    agreed(town, consent(region, version="другая"))
    text.text = "Без опечатки."

    text.full_clean()


@pytest.mark.invariant(38)
def test_workshop_reads_what_was_agreed_to_and_edits_the_rest(client, town, region, region_editor):
    fixed, free = consent(region, version="1"), consent(region, version="2")
    agreed(town, fixed)
    client.force_login(region_editor)
    pages = [reverse("admin:discussions_consenttext_change", args=[one.pk]) for one in (fixed, free)]
    posted = {"version": "9", "operator": "о", "withdrawal": "в", "text": "т", "valid_from": "01.01.2026"}

    codes = [client.post(page, posted).status_code for page in pages]

    assert codes == [403, 302]
    assert list(ConsentText.objects.order_by("pk").values_list("version", flat=True)) == ["1", "9"]
    assert [client.get(page.replace("change", "delete")).status_code for page in pages] == [403, 200]


def test_workshop_keeps_a_strangers_text_apart(client, region, other_approver):
    text = consent(region)
    client.force_login(other_approver)

    response = client.get(reverse("admin:discussions_consenttext_change", args=[text.pk]))

    assert response.status_code == 302
