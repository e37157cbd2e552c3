"""Official papers, read again from their files, against the figures of the pages: same programme, period and filter.

Word is read by python-docx, the sheet by openpyxl; pages give the figures that they show. Awkward on purpose: a
hundredth, a third, millions, four sources, several years, what is unknown, and much that must not count.
"""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from config.templatetags.site import millions
from exchange.papers.catalogue import COLUMNS
from exchange.papers.measures import SOURCES
from exchange.papers.order import Scope
from exchange.papers.rows import Cell
from sessions.dashboard import dashboard_of
from strategies.models import Funding, Measure, ProgrammeVersion
from tests import factories
from tests.exchange.papers.conftest import money, published
from tests.exchange.papers.reading import figure, paper_of, sheet_rows, word_rows

ACTION, OTHER = "Всего по программе области", "Всего по другой поддержке"
GONE_BY = datetime.date(2026, 9, 1)


@pytest.fixture
def mixed(region, town, other_town, other_region, programme, roads, parks):
    """Promises of the region and of others; beside them whatever must not count."""
    bridge = factories.measure(town, direction=roads, title="Мост", due=datetime.date(2028, 12, 1),
                               status="in_progress")  # fmt: skip
    money(bridge, 2026, "federal", "0.01", "0.01")
    money(bridge, 2026, "regional", "333.33", "111.11")
    money(bridge, 2027, "local", "1234567.89")
    money(bridge, 2028, "extra", "0.10")
    alley = factories.measure(other_town, direction=parks, title="Аллея", status="done", percent=100)
    money(alley, 2026, "regional", "666.67", "666.66")
    money(alley, 2027, "regional", "99999999.99", "0.00")
    shared = factories.measure(region, direction=parks, title="Обучение", due=GONE_BY)
    shared.towns.set([town, other_town])
    money(shared, 2026, "local", "10.00")
    factories.make(Funding, measure=shared, year=2026, source="extra", planned=None)
    factories.measure(town, direction=roads, title="Без денег", due=GONE_BY, status="in_progress")
    factories.measure(town, direction=roads, title="Потом", status="postponed",
                      due=GONE_BY, postponed_to=datetime.date(2027, 6, 1))  # fmt: skip
    grant = factories.programme(region, kind="federal", title="Конкурс")
    square = factories.measure(town, direction=factories.direction(region, programme=grant, title="Дворы"))
    money(square, 2026, "federal", "250000.00", "33.33")
    money(square, 2027, "local", "0.01")
    state = factories.direction(region, programme=factories.programme(region, kind="state", title="Госпрограмма"))
    money(factories.measure(other_town, direction=state), 2026, "extra", "0.02")

    gone = factories.measure(town, direction=roads, title="Снятая", status="cancelled",
                             cancel_act=factories.document(region))  # fmt: skip
    money(gone, 2026, "federal", "77777.77", "77777.77")
    money(factories.measure(town, direction=roads, title="Черновик", status="draft"), 2026, "local", "55555.55")
    hidden = factories.direction(region, programme=factories.programme(region, status="draft"), title="Тайное")
    money(factories.measure(town, direction=hidden), 2026, "local", "44444.44")
    money(factories.measure(other_region), 2026, "federal", "33333.33")
    prepared = factories.direction(region, programme=factories.programme(region, status="prepared"), title="Сбор")
    factories.measure(region, direction=prepared, title="Собрать предложения", due=GONE_BY)
    factories.measure(town, direction=prepared, title="Уже обещано")
    return region


def read_word(paper):
    """{words of a total: {column: figure}} of the last totals of a Word file, and its lines as {column: text}."""
    names = [column.name for column in paper.columns]
    lines = [dict(zip(names[::-1], texts[::-1], strict=False)) for texts in word_rows(paper)[2:]]
    labels = {total.label for total in paper.totals}
    texts = [row for row in word_rows(paper)[2:] if row[0] in labels]
    assert len(texts) == len(paper.totals)
    return [(row[0], dict(zip(names[::-1], row[:0:-1], strict=False))) for row in texts], lines


def read_sheet(paper):
    """The same totals from the sheet."""
    names, labels = [column.name for column in paper.columns], {total.label for total in paper.totals}
    return [(row[0], dict(zip(names, row, strict=True))) for row in sheet_rows(paper) if row[0] in labels]


def sums(totals, names):
    """[(words, sums of the columns)] of totals that were read; a figure of any reader as a Decimal."""
    return [(label, [_decimal(cells.get(name)) for name in names]) for label, cells in totals]


def _decimal(value):
    if value is None or value in {"", "—"}:
        return None
    return figure(value) if isinstance(value, str) else round(Decimal(str(value)), 2)


def planned_of(table):
    """What the rows of totals of a plan say for a `MoneyTable`: the whole, then by year, each by source."""
    sources = [Funding.Source(name).label for name in SOURCES]

    def line(rows):
        found = [_sum(row.promised for row in rows)]
        return found + [_sum(row.promised for row in rows if row.source == source) for source in sources]

    years = sorted({row.year for row in table.rows})
    by_year = [[row for row in table.rows if row.year == year] for year in years]
    return [line(table.rows)] + ([line(rows) for rows in by_year] if len(years) > 1 else [])


def _sum(figures):
    known = [one for one in figures if one is not None]
    return sum(known) if known else None


def filtered(client, **asked):
    """The money of the programme page under a filter."""
    return client.get("/programme/", asked).context["money"]


@pytest.mark.invariant(60)
def test_plan_tells_the_money_of_the_dashboard_by_part_year_and_source(mixed):
    paper, money_tables = paper_of("plan", mixed), dashboard_of(mixed, timezone.localdate()).money

    assert [(table.is_other, table.promised) for table in money_tables] == [
        (False, Decimal("101235577.99")), (True, Decimal("250000.03"))
    ]  # fmt: skip
    expected = [line for table in money_tables for line in planned_of(table)]
    names = ["total", *SOURCES]
    word, _lines = read_word(paper)
    assert [line for _label, line in sums(word, names)] == expected
    assert sums(read_sheet(paper), names) == sums(word, names)
    by_year = [f"в том числе на {year} год" for year in (2026, 2027, 2028)]
    assert [label for label, _cells in word] == [ACTION, *by_year, OTHER, *by_year[:2]]


@pytest.mark.invariant(60)
@pytest.mark.parametrize(("kind", "names"), [("progress", ["planned", "spent"]), ("summary", ["plan", "fact"])])
def test_promised_and_spent_are_those_of_the_dashboard(mixed, kind, names):
    paper, money_tables = paper_of(kind, mixed), dashboard_of(mixed, timezone.localdate()).money

    expected = [[table.promised, table.paid] for table in money_tables]
    assert expected == [[Decimal("101235577.99"), Decimal("777.78")], [Decimal("250000.03"), Decimal("33.33")]]
    for totals in (read_word(paper)[0], read_sheet(paper)):
        whole = [line for label, line in sums(totals, names) if label.startswith((ACTION, OTHER))]
        assert whole == expected


@pytest.mark.invariant(60)
@pytest.mark.parametrize("part", ["town", "action", "direction"])
def test_money_under_a_filter_is_that_of_the_programme_page(mixed, client, town, parks, programme, part):
    scope, asked = {
        "town": (Scope(mixed, town=town), {"town": town.slug}),
        "action": (Scope(mixed, programme=programme), {"kind": "action"}),
        "direction": (Scope(mixed, direction=parks), {"direction": parks.title}),
    }[part]
    paper, money_tables = paper_of("plan", scope), filtered(client, **asked)

    word, _lines = read_word(paper)
    expected = [line for table in money_tables for line in planned_of(table)]
    assert expected[0][0] == {"town": Decimal("1234911.33"), "action": Decimal("101235577.99"),
                              "direction": Decimal("100000676.66")}[part]  # fmt: skip
    assert [line for _label, line in sums(word, ["total", *SOURCES])] == expected
    assert sums(read_sheet(paper), ["total", *SOURCES]) == sums(word, ["total", *SOURCES])
    course = paper_of("progress", scope)
    told = [line for label, line in sums(read_sheet(course), ["planned", "spent"]) if label.startswith("Всего")]
    assert told == [[table.promised, table.paid] for table in money_tables]


@pytest.mark.invariant(60)
def test_measures_are_counted_as_on_the_dashboard(mixed):
    found, paper = dashboard_of(mixed, timezone.localdate()), paper_of("progress", mixed)

    by_state = [(f"из них: {Measure.Status(status).label}", number) for status, number in found.status_counts]
    expected = [("Мероприятий", found.measures), *by_state, ("из них срок прошёл", found.late_measures),
                ("Отменено, в счёт не входит", found.cancelled)]  # fmt: skip
    assert [number for _label, number in expected] == [8, 1, 2, 4, 1, 2, 1]
    for totals in (read_word(paper)[0], read_sheet(paper)):
        counts = [(label, int(cells["state"])) for label, cells in totals if not label.startswith("Всего")]
        assert counts == expected


def test_formulas_of_the_sheet_count_by_part_and_leave_out_steps(mixed):
    rows = sheet_rows(paper_of("progress", mixed), values=False)
    formulas = {row[0]: [cell for cell in row[1:] if cell] for row in rows if str(row[0]).startswith(("Всего", "Мер"))}
    titles = {row[0]: number for number, row in enumerate(rows, 1) if row[0]}
    steps = titles["Шаги подготовки самой программы: в итоги не входят"]

    first = 8
    other = next(number for title, number in titles.items() if str(title).startswith("Конкурс"))
    assert formulas[ACTION][0] == f"=SUBTOTAL(9,G{first}:G{other - 1})"
    assert formulas[OTHER][0] == f"=SUBTOTAL(9,G{other}:G{steps - 1})"
    assert formulas["Мероприятий"] == [
        f'=COUNT(A{first}:A{steps - 1})-COUNTIF(E{first}:E{steps - 1},"отменено")'
    ]  # fmt: skip
    listed = [row[1] for row in rows[steps:] if isinstance(row[0], int)]
    assert listed == ["Собрать предложения — весь регион; обещано в 2026 году"]


def test_page_says_the_same_sum_in_millions(mixed, client):
    shown = client.get("/programme/").content.decode()

    totals = dict(sums(read_word(paper_of("progress", mixed))[0], ["planned"]))
    for label in (ACTION, OTHER):
        assert millions(totals[label][0]) in shown
    assert millions(totals[ACTION][0]) == "101\u00a0235,6"


# ——— A past period ———


@pytest.fixture
def revised(town, roads):
    """A measure whose sums an act of January promised, one of November changed; a measure that November brought."""
    programme = roads.programme
    measure = factories.measure(town, direction=roads, title="Мост", start=datetime.date(2025, 1, 1))
    first = money(measure, 2026, "regional", "1000.01")
    money(measure, 2027, "local", "0.03")
    version(programme, 1, datetime.date(2026, 1, 10))
    money(factories.measure(town, direction=roads, title="Сквер"), 2026, "local", "70.00")
    Funding.objects.filter(pk=first.pk).update(planned=Decimal("400.50"))
    version(programme, 2, datetime.date(2026, 11, 1))
    Funding.objects.filter(pk=first.pk).update(planned=Decimal("399.99"))
    return programme


def version(programme, number, day):
    """What a programme promises now, as an act of that day."""
    programme.act_title, programme.act_date = f"Постановление № {number}", day
    programme.save()
    return ProgrammeVersion.adopt(programme, by=None, reason="Денег стало меньше." if number > 1 else "")


@pytest.mark.invariant(61)
def test_sums_of_a_past_period_are_those_of_the_act_in_force_then(town, revised):
    def told(kind, code, names):
        paper = paper_of(kind, Scope(town.region, programme=revised), code, on=datetime.date(2026, 11, 25))
        whole = [line for label, line in sums(read_word(paper)[0], names) if label.startswith("Всего")]
        assert sums(read_sheet(paper), names) == sums(read_word(paper)[0], names)
        return whole[-1], paper.notes

    by_act = "Обещанные суммы — по акту программы, который действовал на 30.09.2026."
    assert told("plan", "2026-q3", ["total", "regional", "local"]) == (
        [Decimal("1000.04"), Decimal("1000.01"), Decimal("0.03")], by_act
    )  # fmt: skip
    assert told("progress", "2026-q3", ["planned"]) == ([Decimal("1000.04")], by_act)
    assert told("summary", "2026-q3", ["plan"]) == ([Decimal("1000.04")], by_act)
    assert told("progress", "all", ["planned"]) == ([Decimal("470.02")], "")
    assert told("progress", "2025-q4", ["planned"]) == (
        [Decimal("400.02")], "Обещанные суммы — сегодняшние: какими они были на 31.12.2025, не сохранено."
    )  # fmt: skip


@pytest.mark.invariant(61)
def test_measure_that_the_act_of_that_day_did_not_name_promises_nothing(town, revised):
    rows = word_rows(paper_of("plan", Scope(town.region, programme=revised), "2026-q3"))

    assert [row[1] for row in rows if row[1:2] and row[1].startswith("Сквер")] == [
        "Сквер — Сызрань; обещано в 2026 году; в акте, который действовал на 30.09.2026, мероприятия нет"
    ]  # fmt: skip
    assert [row[7] for row in rows if row[1:2] and row[1].startswith("Сквер")] == ["—"]


@pytest.mark.invariant(61)
def test_paper_says_that_sums_are_todays_where_no_act_was_in_force(region, bridge, revised):
    without = factories.direction(region, programme=factories.programme(region, kind="federal"))
    money(factories.measure(region, direction=without), 2026, "local", "5.00")
    of_grant = paper_of("progress", Scope(region, direction=without), "2026-q3")
    of_all = paper_of("progress", region, "2026-q3")

    assert of_grant.notes == "Обещанные суммы — сегодняшние: какими они были на 30.09.2026, не сохранено."
    assert of_all.notes == (
        "Обещанные суммы — по акту программы, который действовал на 30.09.2026; "
        "мероприятия без такого акта (1) — с сегодняшними."
    )
    assert any(str(row[0]).endswith(of_grant.notes) for row in sheet_rows(of_grant))
    assert sums(read_word(of_grant)[0], ["planned"])[0][1] == [Decimal("5.00")]


@pytest.mark.invariant(61)
def test_measure_called_off_later_was_still_planned(town, revised, approver):
    gone = Measure.objects.get(title="Мост")
    gone.cancel_act = factories.document(town.region)
    gone.save()
    gone.move_to("cancelled", by=approver, reason="Денег нет")

    def titles(code):
        paper = paper_of("plan", Scope(town.region, programme=revised), code)
        return [row.cells["title"].partition(" — ")[0] for group in paper.groups for row in group.rows]

    assert (titles("2026-q3"), titles("all")) == (["Мост", "Сквер"], ["Сквер"])


@pytest.mark.invariant(61)
def test_target_lowered_later_stands_where_it_stood(town, bridge, region_editor):
    value = bridge.indicators.get().values.get()
    value.target_changes.create(old_target=Decimal(120), new_target=Decimal(90), reason="Сузили русло",
                                decided_on=datetime.date(2026, 10, 5))  # fmt: skip
    type(value).objects.filter(pk=value.pk).update(target=Decimal(90))

    def told(code):
        paper = paper_of("summary", Scope(town.region, town=town), code)
        return [line["plan"] for line in paper.groups[0].rows[0].lines if line["indicator"] == "Длина, 2026"]

    assert (told("2026-q3"), told("all")) == ([Decimal(120)], [Decimal(90)])


@pytest.mark.invariant(61)
def test_spent_of_a_closed_period_is_what_the_dashboard_compares_with(town, programme, roads, approver):
    measure = factories.measure(town, direction=roads, title="Мост")
    record = money(measure, 2026, "regional", "1000.33")
    version(programme, 1, datetime.date(2026, 1, 10))
    cycle = factories.cycle(programme, period="q3")
    published(measure, period="q3", spent=[(record, "333.33")])
    Funding.objects.filter(pk=record.pk).update(spent=Decimal("333.33"))
    cycle.move_to("closed", by=approver)
    published(measure, period="q4", spent=[(record, "1000.32")])
    Funding.objects.filter(pk=record.pk).update(spent=Decimal("1000.32"))

    then = {str(line.label): line.then for line in dashboard_of(town.region, timezone.localdate()).comparison.lines}
    paper = paper_of("progress", Scope(town.region, programme=programme), "2026-q3")
    assert sums(read_word(paper)[0], ["planned", "spent"])[0][1] == [
        then["обещано, млн рублей"], then["потрачено, млн рублей"]
    ] == [Decimal("1000.33"), Decimal("333.33")]  # fmt: skip


def test_columns_of_money_are_all_compared():
    """A new column of money in a paper has to be compared with the pages too."""
    found = {
        kind: [column.name for column in columns if column.cell is Cell.MONEY] for kind, columns in COLUMNS.items()
    }
    assert found == {"plan": ["total", *SOURCES], "summary": [], "orders": [], "progress": ["planned", "spent"]}
