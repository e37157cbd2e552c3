"""What is exported reads in again and changes nothing; after an edit exactly the edited cells change."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from exchange.tables.export import Table
from exchange.tables.fields import KINDS
from strategies.models import Funding, Indicator, IndicatorValue, Measure, Milestone, Priority, PriorityMeasure
from tests import factories
from tests.exchange.tables.tables import Told, scope_of

ANY = settings(max_examples=10 if settings().derandomize else 150, suppress_health_check=list(HealthCheck),
               phases=[Phase.explicit, Phase.generate])  # fmt: skip
# What people have typed over the years: also what looks like a formula, a number, a date, a mark of nothing.
ODD = [
    "=1+1",
    "+7",
    "-",
    "н/д",
    "'1",
    "@а",
    "1,5",
    "31.12.2026",
    "Итого",
    "а; б",
    "«Ёлка»",
    " x ",
    "1\n2",
    "75%",
    "[1]",
    "да",
    "«",
    "то же",
]
words = st.one_of(st.sampled_from(ODD), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30))
titles = words.filter(
    lambda text: text.strip() and any(letter.isprintable() and not letter.isspace() for letter in text)
)
sums = st.decimals(0, Decimal("999999999999.99"), places=2)
figures = st.decimals(Decimal("-99999999999999"), Decimal("99999999999999"), places=4)
days = st.dates(datetime.date(2018, 1, 1), datetime.date(2030, 12, 31))
measures = st.lists(
    st.fixed_dictionaries(
        {
            "title": titles, "code": words, "description": words, "responsible": words, "note": words,
            "due": st.none() | days, "due_note": words, "stated_total": st.none() | sums,
            "is_flagship": st.booleans(), "town": st.booleans(), "status": st.sampled_from(["draft", "planned"]),
            "money": st.dictionaries(
                st.tuples(st.integers(2018, 2030), st.sampled_from(Funding.Source.values)), sums, max_size=3
            ),
            "links": st.lists(st.integers(0, 3), max_size=3, unique=True),
            "points": st.dictionaries(titles, days, max_size=2),
        }
    ),
    min_size=1, max_size=4,
)  # fmt: skip


def ground(region, town, other_town):
    """A programme with two directions and priorities whose titles repeat."""
    programme = factories.programme(region)
    directions = [
        factories.direction(region, programme=programme, title=title) for title in ("Дороги", "Школы, «сады»")
    ]
    strategy, second = factories.strategy(town), factories.strategy(town)
    priorities = [
        factories.priority(strategy, title="Дороги; мосты"), factories.priority(second, title="Дороги; мосты"),
        factories.priority(strategy, title="Парк"), factories.priority(factories.strategy(other_town), title="Парк"),
    ]  # fmt: skip
    return programme, directions, priorities


def fill(rows, directions, priorities, town):
    """Measures of a drawn list, written past the checks of forms: the site may hold what forms let in long ago."""
    names = ("title", "description", "responsible", "note", "due", "stated_total", "is_flagship", "status")
    for number, row in enumerate(rows):
        own = town if row["town"] else None
        measure = Measure.objects.create(
            direction=directions[number % 2], municipality=own,
            **{name: row[name][:300] if isinstance(row[name], str) else row[name] for name in names},
            code=row["code"][:40], due_note=row["due_note"][:200],
        )  # fmt: skip
        for (year, source), planned in row["money"].items():
            Funding.objects.create(measure=measure, year=year, source=source, planned=planned)
        for index in row["links"]:
            if own is None or priorities[index].strategy.municipality == own:
                PriorityMeasure.objects.create(priority=priorities[index], measure=measure)
        for title, due in row["points"].items():
            Milestone.objects.create(measure=measure, title=title, due=due)


def files(kind, scope):
    """The export in both forms."""
    table = Table(KINDS[kind], scope)
    return [SimpleUploadedFile("a.xlsx", table.as_xlsx()), SimpleUploadedFile("a.csv", table.as_csv())]


@pytest.mark.invariant(65)
@ANY
@given(rows=measures)
def test_exported_measures_read_back_change_nothing(region, town, other_town, approver, rows):
    Measure.objects.all().delete()
    programme, directions, priorities = ground(region, town, other_town)
    fill(rows, directions, priorities, town)

    told = [Told(file, "measures", scope_of(programme), by=approver) for file in files("measures", scope_of(programme))]

    assert [(one.faults, one.edits, one.counts, one.plan.missing) for one in told] == [
        ([], [], (0, 0, len(rows)), [])
    ] * 2


@pytest.mark.invariant(65)
@ANY
@given(rows=measures, data=st.data())
def test_edited_cells_of_measures_change_and_only_they(region, town, other_town, approver, rows, data):
    Measure.objects.all().delete()
    programme, directions, priorities = ground(region, town, other_town)
    fill([row | {"status": "draft"} for row in rows], directions, priorities, town)
    told = Told(files("measures", scope_of(programme))[data.draw(st.integers(0, 1))], "measures", scope_of(programme),
                by=approver)  # fmt: skip
    places = told.match.places()
    new = {"title": "Новое имя", "responsible": "Новый комитет", "note": "Новое примечание", "stated_total": "7654,32"}
    cell = st.tuples(st.integers(0, len(rows) - 1), st.sampled_from(sorted(new)))
    cells = data.draw(st.lists(cell, min_size=1, max_size=3, unique=True))
    for row, name in cells:
        line = told.grid.rows[1 + row]
        line.extend([""] * (places[name] + 1 - len(line)))
        line[places[name]] = new[name]
    before = contents()

    edited = Told(told.grid, "measures", scope_of(programme), by=approver)
    edited.take()

    records = list(Measure.objects.order_by("pk").values_list("pk", flat=True))
    expected = {(records[row], name): new[name] for row, name in cells}
    after = contents()
    changed = {key: value for key, value in after.items() if before[key] != value}
    assert {key: str(value).replace(".", ",") for key, value in changed.items()} == expected
    assert Told(told.grid, "measures", scope_of(programme), by=approver).counts == (0, 0, len(rows))


def contents():
    """{(measure, field): value} of everything a table may say about measures."""
    names = [
        field.attname for field in Measure._meta.concrete_fields if field.name not in {"row_version", "search_stems"}
    ]
    found = {(row["id"], name): row[name] for row in Measure.objects.values(*names) for name in names}
    found |= {("money", *row): row for row in Funding.objects.values_list("measure", "year", "source", "planned")}
    found |= {("link", *row): row for row in PriorityMeasure.objects.values_list("measure", "priority")}
    return found | {("point", *row): row for row in Milestone.objects.values_list("measure", "title", "due")}


indicators = st.lists(
    st.fixed_dictionaries(
        {
            "name": titles, "unit": titles, "base_year": st.none() | st.integers(2000, 2017),
            "base_value": st.none() | figures, "weight": st.none() | st.decimals(0, 999, places=2),
            "direction": st.sampled_from(["higher", "lower"]), "owner": st.integers(0, 3), "note": words,
            "values": st.dictionaries(st.integers(2018, 2030), st.tuples(figures, st.none() | figures), max_size=3),
        }
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@pytest.mark.invariant(65)
def test_words_that_mean_more_in_a_table_stay_what_a_record_says(region, town, other_town, approver):
    """A lone quote is «то же», «%» behind a name is a unit; where the record itself says so, nothing changes."""
    direction = ground(region, town, other_town)[1][0]
    for title, words in (("Парк", "Лето"), ("Сквер", "«"), ("Мост", "то же")):
        factories.measure(town, direction=direction, title=title, responsible=words, due=None, due_note=words)
    for name, unit in (("Доля, %", "н/д"), ("«", "шт.")):
        Indicator.objects.create(name=name, unit=unit, municipality=town)
    scope = scope_of(direction.programme)

    told = [Told(file, kind, scope, by=approver) for kind in ("measures", "indicators") for file in files(kind, scope)]

    assert [(one.faults, one.edits) for one in told] == [([], [])] * 4
    assert [one.counts for one in told] == [(0, 0, 3), (0, 0, 3), (0, 0, 2), (0, 0, 2)]


@pytest.mark.invariant(65)
@ANY
@given(rows=indicators)
def test_exported_indicators_and_values_read_back_change_nothing(region, town, other_town, approver, rows):
    Indicator.objects.all().delete()
    _programme, directions, priorities = ground(region, town, other_town)
    measure = factories.measure(town, direction=directions[0], title="Дороги; мосты", code="1.10")
    total = 0
    for row in rows:
        owner = [{"municipality": town}, {"priority": priorities[0]}, {"priority": priorities[3]}, {"measure": measure}]
        fields = {name: row[name] for name in ("base_year", "base_value", "weight", "direction", "note")}
        one = Indicator.objects.create(name=row["name"], unit=row["unit"][:40], **owner[row["owner"]], **fields)
        for year, (target, actual) in row["values"].items():
            IndicatorValue.objects.create(indicator=one, year=year, target=target, actual=actual)
            total += 1

    scope = scope_of(directions[0].programme)
    told = [Told(file, kind, scope, by=approver) for kind in ("indicators", "values") for file in files(kind, scope)]

    assert [(one.faults, one.edits, one.counts, one.plan.missing) for one in told] == (
        [([], [], (0, 0, len(rows)), [])] * 2 + [([], [], (0, 0, total), [])] * 2
    )


@pytest.mark.invariant(65)
@ANY
@given(titles=st.lists(titles, min_size=1, max_size=4, unique=True), texts=words)
def test_exported_priorities_read_back_change_nothing(region, town, other_town, approver, titles, texts):
    Priority.objects.all().delete()
    strategies = [factories.strategy(town), factories.strategy(other_town)]
    goal = factories.goal(strategies[0], text="Зелёный город")
    for number, title in enumerate(titles):
        Priority.objects.create(
            strategy=strategies[number % 2], title=title, plain_text=texts, sphere="urban" if number else "",
            goal=None if number % 2 else goal, status="published",
        )  # fmt: skip

    scope = scope_of(factories.programme(region))
    told = [Told(file, "priorities", scope, by=approver) for file in files("priorities", scope)]

    assert [(one.faults, one.edits, one.counts) for one in told] == [([], [], (0, 0, len(titles)))] * 2
