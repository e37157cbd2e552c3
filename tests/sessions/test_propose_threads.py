"""A form sent twice at the same moment, and many at once. Only PostgreSQL, which has many writers, can show it."""

import threading

import pytest
from django.db import connection, connections
from django.test import Client

from sessions.models import Proposal
from tests.sessions.proposing import secret_in, send, token

if connection.vendor == "postgresql":

    def _at_once(*acts):
        """Run acts in threads of their own from one starting line; gives what each answered."""
        line, said = threading.Barrier(len(acts), timeout=20), []

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
            thread.join(30)
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
