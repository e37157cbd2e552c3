"""Two people bring the same table at once: one loads it, the other is told. Only PostgreSQL can show it."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from strategies.models import Funding, Measure
from tests import factories
from tests.exchange.tables import faulty
from tests.exchange.tables.tables import Told, book_file, scope_of

ROWS, PEOPLE = 60, 4

if connection.vendor == "postgresql":

    @pytest.mark.invariant(63)
    @pytest.mark.django_db(transaction=True)
    def test_one_of_many_who_bring_a_table_at_once_loads_it(region, town, approver):
        programme = factories.programme(region)
        for title in faulty.DIRECTIONS:
            factories.direction(region, programme=programme, title=title)
        factories.priority(factories.strategy(town), title=f"Дворы: {town.name}")
        tables = [
            Told(book_file(faulty.mended(ROWS, [town.name])), "measures", scope_of(programme), by=approver)
            for _one in range(PEOPLE)
        ]
        together, told = threading.Barrier(PEOPLE), []

        def bring(table):
            try:
                together.wait()
                told.append(table.take()[-1])
            except ValidationError as refusal:
                told.append(refusal.code)
            finally:
                connections.close_all()

        people = [threading.Thread(target=bring, args=[table]) for table in tables]
        for one in people:
            one.start()
        for one in people:
            one.join()

        assert sorted(map(str, told)) == [str((ROWS, ROWS))] + ["already"] * (PEOPLE - 1)
        assert (Measure.objects.count(), Funding.objects.count()) == (ROWS, 3 * ROWS)
