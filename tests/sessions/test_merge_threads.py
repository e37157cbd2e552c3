"""Two moderators at the same moment: merging goes one step. Only PostgreSQL, which has many writers, can show it."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from sessions.models import Proposal
from tests import PATIENCE, factories

if connection.vendor == "postgresql":

    @pytest.mark.invariant(49)
    @pytest.mark.django_db(transaction=True)
    def test_two_mergings_at_once_never_make_a_second_step_to_the_answer(town, editor):
        for _round in range(5):
            first, second, third = (factories.proposal(town) for _one in range(3))
            line, said = threading.Barrier(2, timeout=PATIENCE), []

            def merge(one, into, line=line, said=said):
                try:
                    line.wait()
                    Proposal.objects.get(pk=one).merge_into(Proposal.objects.get(pk=into), by=editor)
                    said.append("merged")
                except ValidationError:
                    said.append("refused")
                finally:
                    connections.close_all()

            threads = [
                threading.Thread(target=merge, args=pair) for pair in ((first.pk, second.pk), (second.pk, third.pk))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE)

            assert sorted(said) == ["merged", "refused"]
        assert not Proposal.objects.filter(status="merged", merged_into__status="merged").exists()

    @pytest.mark.invariant(49)
    @pytest.mark.django_db(transaction=True)
    def test_two_mergings_crosswise_end_in_one(town, editor):
        for _round in range(5):
            first, second = factories.proposal(town), factories.proposal(town)
            line, said = threading.Barrier(2, timeout=PATIENCE), []

            def merge(one, into, line=line, said=said):
                mine, other = Proposal.objects.get(pk=one), Proposal.objects.get(pk=into)
                try:
                    line.wait()
                    mine.merge_into(other, by=editor)
                    said.append("merged")
                except ValidationError:
                    said.append("refused")
                finally:
                    connections.close_all()

            threads = [
                threading.Thread(target=merge, args=pair) for pair in ((first.pk, second.pk), (second.pk, first.pk))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE)

            assert sorted(said) == ["merged", "refused"]
