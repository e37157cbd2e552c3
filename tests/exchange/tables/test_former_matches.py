"""What was said of columns before forms were known by their heads: the migration keeps it, and it is found again."""

import importlib

from django.apps import apps

from exchange.models import ColumnMatch
from exchange.tables.fields import MEASURES
from exchange.tables.memory import known_match

TO_FORMS = importlib.import_module("exchange.migrations.0003_table_imports").to_forms
FORMER = {
    "title": "Что делаем", "due": "Когда, 2026", "money:2026:": "Сумма за 2026, тыс. руб.", "skip:3": "Шифр",
    "default:source": "local", "default:direction": "Дороги",
}  # fmt: skip


def test_former_matches_become_forms_and_the_newest_of_two_stays(region, region_editor, approver):
    kept = {"region": region, "kind": "measures", "columns": FORMER}
    older, newer, other = (
        ColumnMatch.objects.create(name=name, created_by=who, signature=name, **kept)
        for name, who in (("Старое", region_editor), ("Новое", region_editor), ("Чужое", approver))
    )

    TO_FORMS(apps, None)

    assert [one.pk for one in ColumnMatch.objects.order_by("pk")] == [newer.pk, other.pk]
    names = ("Шифр", "Что делаем", "Сумма за 2027, тыс. руб.", "Когда, 2027")
    match, name = known_match(MEASURES, names, region, region_editor)
    assert (name, match.fields) == ("Новое", {1: "title", 2: "money:2027:", 3: "due"})
    assert (match.source, match.direction, match.below) == ("local", "Дороги", ())
