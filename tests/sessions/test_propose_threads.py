"""A form sent twice at the same moment, and many at once. Only PostgreSQL, which has many writers, can show it."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client

from municipalities.models import Municipality
from sessions.models import Decision, Proposal
from strategies.models import Measure
from tests import PATIENCE, factories
from tests.sessions.proposing import secret_in, send, token

if connection.vendor == "postgresql":

    def _at_once(*acts):
        """Run acts in threads of their own from one starting line; gives what each answered."""
        line, said = threading.Barrier(len(acts), timeout=PATIENCE), []

        def run(act):
            try:
                line.wait()
                said.append(act())
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        return said

    @pytest.fixture
    def open_town(town):
        """A town that takes proposals and has its letters already."""
        town.takes_proposals, town.proposal_prefix = True, "СЗ"
        town.save()
        return town

    @pytest.mark.django_db(transaction=True)
    def test_form_sent_twice_at_once_gives_one_proposal_and_one_link(open_town):
        form = token()

        said = _at_once(*[lambda: send(Client(), open_town, token=form)] * 4)

        assert [response.status_code for response in said] == [200] * 4
        assert len({secret_in(response) for response in said}) == 1
        assert Proposal.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_forms_sent_at_once_get_numbers_of_their_own_and_no_more_than_allowed(open_town, settings):
        settings.PROPOSALS_PER_HOUR = 5
        forms = [token() for _ in range(8)]

        said = _at_once(*[lambda form=form: send(Client(), open_town, token=form) for form in forms])

        assert sorted(response.status_code for response in said) == [200] * 5 + [429] * 3
        assert len(set(Proposal.objects.values_list("number", flat=True))) == 5

    @pytest.mark.django_db(transaction=True)
    def test_first_proposals_of_towns_with_like_names_at_once_are_all_kept(region, settings):
        settings.PROPOSALS_PER_HOUR = 100
        towns = [
            factories.make(
                Municipality, region=region, name=f"Сызрань{letter}", slug=f"town-{number}", kind="urban_okrug",
                takes_proposals=True,
            )
            for number, letter in enumerate("абвгдежз")
        ]  # fmt: skip

        said = _at_once(*[lambda town=town: send(Client(), town) for town in towns])

        assert [response.status_code for response in said] == [200] * 8
        assert len(set(Municipality.objects.values_list("proposal_prefix", flat=True))) == 8

    @pytest.mark.django_db(transaction=True)
    def test_decision_becomes_a_measure_once_whoever_asks_at_once(region, town, region_editor):
        decision = factories.make(Decision, session=factories.session(town), number=1, text="Сделать тротуар")
        direction = factories.direction(region)

        def become():
            try:
                Decision.objects.get(pk=decision.pk).become_measure(direction, by=region_editor)
            except ValidationError as refusal:
                return refusal.code
            return "made"

        assert sorted(_at_once(*[become] * 8)) == ["is_a_measure"] * 7 + ["made"]
        assert Measure.objects.count() == 1
