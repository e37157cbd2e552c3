"""Published records and corrections of their words, for tests."""

import datetime

from strategies.models import Measure, Priority
from tests import factories

WHY = "Опечатка в названии"


def published(model, town):
    """A record that everybody reads; the answer to a proposal has been given."""
    if model is Priority:
        return factories.priority(factories.strategy(town), plain_text="Гулять у воды")
    if model is Measure:
        return factories.measure(
            town, **dict.fromkeys(set(Measure.PUBLIC_WORDS) - {"title", "responsible"}, "Прежние слова")
        )
    return factories.proposal(
        town, status="redirected", answer="Передали.", redirected_to="Минстрой",
        answered_at=datetime.datetime(2018, 7, 1, tzinfo=datetime.UTC),
    )  # fmt: skip


def change(record, by, *, why=WHY, **words):
    """Save other words, as a form does; gives the revision."""
    for name, said in words.items():
        setattr(record, name, said)
    record.why = why
    return record.save_edited(by=by, known_version=record.row_version)


def stored(record, name):
    return type(record).objects.values_list(name, flat=True).get(pk=record.pk)


def new_word(name):
    return "ecology" if name == "sphere" else "Новые слова"
