"""Names and addresses are erased past their term, and by the office as soon as the author asks."""

import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from sessions.models import Proposal
from tests import factories
from tests.pages import texts


@pytest.fixture
def author(town):
    """A proposal whose author consented some days ago."""

    def make(days, place=town, **fields):
        at = timezone.now() - datetime.timedelta(days=days)
        named = {"author_name": "Анна", "author_email": "anna@example.org", "consent_version": "1", "consented_at": at}
        return factories.proposal(place, **(named | fields))

    return make


def run():
    out = io.StringIO()
    call_command("forget_authors", stdout=out)
    return out.getvalue().splitlines()


def test_authors_past_their_term_are_forgotten_and_the_words_stay(author, region):
    region.keep_authors_days = 30
    region.save()
    old, fresh = author(31), author(29)

    said = run()

    assert said == ["Самарская область: стёрто имён и адресов у предложений: 1."]
    old.refresh_from_db()
    assert (old.author_name, old.author_email, bool(old.text)) == ("", "", True)
    assert old.author_erased_at is not None
    fresh.refresh_from_db()
    assert fresh.author_email == "anna@example.org"


def test_every_region_has_its_own_term(author, region, other_region):
    region.keep_authors_days = 10
    region.save()
    stranger = factories.make(
        type(author(1).municipality), region=other_region, name="Балаково", slug="balakovo", kind="urban_okrug"
    )
    author(20), author(20, stranger)

    run()

    assert list(Proposal.objects.exclude(author_name="").values_list("municipality__slug", flat=True)) == [
        "syzran",
        "balakovo",
    ]


def test_second_run_changes_nothing(author, region):
    old = author(region.keep_authors_days + 1)
    run()
    old.refresh_from_db()
    before = old.author_erased_at, old.row_version

    said = run()

    old.refresh_from_db()
    assert said == ["Стирать нечего: у всех, кто дал согласие, срок ещё не прошёл."]
    assert (old.author_erased_at, old.row_version) == before


def test_copy_read_before_cannot_write_the_name_back(author, region, editor):
    copy = author(region.keep_authors_days + 1)
    run()

    with pytest.raises(ValidationError, match="уже изменил"):
        copy.move_to("on_review", by=editor)

    assert list(Proposal.objects.values_list("author_name", flat=True)) == [""]


def test_office_erases_at_once_what_the_author_asks_to_forget(client, author, editor, outsider):
    proposal = author(1)
    page, asked = reverse("office:proposal", args=[proposal.pk]), {"do": "forget", "seen_version": "1"}

    client.force_login(outsider)
    strange = client.post(page, asked).status_code
    kept = Proposal.objects.get().author_name
    client.force_login(editor)
    before = texts(client.get(page), "button", css="btn--bad")
    done = client.post(page, asked | {"seen_version": "0"})
    after = texts(client.get(page), "button", css="btn--bad")

    assert (strange, kept, done.status_code) == (404, "Анна", 302)
    assert set(before) - set(after) == {"Стереть имя и почту автора"}
    proposal.refresh_from_db()
    assert (proposal.author_name, proposal.author_email, bool(proposal.text)) == ("", "", True)
