"""Papers about measures: the same figures in Word, in Excel, on the page and on the public pages, to the kopeck."""

import datetime
from decimal import Decimal

import pytest

from config.templatetags.site import millions
from exchange.papers.order import Scope
from exchange.papers.rows import Cell
from strategies.models import Funding, Measure
from tests import factories
from tests.exchange.papers.conftest import money, published
from tests.exchange.papers.reading import figure, paper_of, sheet_rows, table_rows, word_rows

NUMBERS = {Cell.MONEY, Cell.FIGURE, Cell.PERCENT}


def figures_of(paper):
    """Every figure of a paper in the order of its lines: rows, then totals, as the records give them."""
    found = []
    for group in paper.groups:
        for row in group.rows:
            for line in row.lines:
                found.append([line.get(column.name) for column in paper.columns if column.cell in NUMBERS])
        found += [_total(total, paper) for total in group.totals]
    return found + [_total(total, paper) for total in paper.totals]


def _total(total, paper):
    return [total.figures.get(column.name) for column in paper.columns if column.cell in NUMBERS]


def plain(figure):
    """A figure of any kind as a Decimal; None where there is none."""
    return None if figure in {None, ""} else Decimal(str(figure))


def word_figures(paper):
    """The same read from the Word file."""
    names, found = [column.name for column in paper.columns], []
    for texts in word_rows(paper)[2:]:
        cells = dict(zip(names[::-1], texts[::-1], strict=False))
        if len(texts) > 1:
            found.append([figure(cells[column.name]) if cells[column.name] else None
                          for column in paper.columns if column.cell in NUMBERS])  # fmt: skip
    return found


def sheet_figures(paper):
    """The same read from the sheet: the values of its formulas too."""
    head = len(paper.head) and next(i for i, row in enumerate(sheet_rows(paper)) if row[0] == "№") + 1
    found = []
    for row in sheet_rows(paper)[head:]:
        if not row[0] or str(row[0]).startswith(("Пустая", "Составлено", "Должность", "Исполнитель")):
            break
        if row[0] not in {group.title for group in paper.groups}:
            found.append(
                [plain(value) for value, column in zip(row, paper.columns, strict=True) if column.cell in NUMBERS]
            )
    return found


@pytest.mark.invariant(60)
@pytest.mark.parametrize("kind", ["plan", "summary", "progress"])
@pytest.mark.parametrize("code", ["all", "2026-q3", "2026-year"])
def test_figures_are_the_same_in_word_and_in_the_sheet(region, bridge, alley, kind, code):
    paper = paper_of(kind, region, code)
    figures = [[plain(one) for one in line] for line in figures_of(paper)]

    assert word_figures(paper) == figures
    assert sheet_figures(paper) == figures


@pytest.mark.invariant(60)
def test_money_is_what_the_public_pages_say(region, bridge, alley, client):
    paper = paper_of("progress", region)

    lines = {row.cells["measure"]: row.lines[0] for group in paper.groups for row in group.rows}
    public = {one.pk: one for one in Measure.objects.public().with_money()}
    assert {pk: (line["planned"], line["spent"]) for pk, line in lines.items()} == {
        pk: (one.planned, one.spent) for pk, one in public.items()
    }
    assert lines[bridge.pk]["planned"] == Decimal("235568.00")
    (shown,) = table_rows(
        client.get(bridge.get_absolute_url()).content.decode(), "//section[@id='money']//tfoot/tr[last()]"
    )
    assert shown[1:3] == [millions(lines[bridge.pk]["planned"]), millions(lines[bridge.pk]["spent"])]
    total = Funding.objects.filter(measure__in=public)
    assert paper.totals[0].figures == {
        "planned": sum(one.planned for one in total), "spent": sum(one.spent for one in total if one.spent is not None)
    }  # fmt: skip


@pytest.mark.invariant(60)
def test_totals_are_the_sums_of_their_lines(region, bridge, alley):
    paper = paper_of("plan", region)

    whole = [line for group in paper.groups for row in group.rows for line in row.lines]
    assert [total.label for total in paper.totals] == ["Всего", "в том числе на 2026 год", "в том числе на 2027 год"]
    assert [total.figures["total"] for total in paper.totals] == [
        sum(line["total"] for line in whole),
        sum(line["total"] for line in whole if line["year"] == 2026),
        sum(line["total"] for line in whole if line["year"] == 2027),
    ]
    assert [group.totals[0].figures["total"] for group in paper.groups] == [Decimal("235568.00"), Decimal("5070.57")]
    assert paper.totals[0].figures["federal"] == Decimal("1000.01")


def test_plan_says_who_does_what_by_when_for_which_money(town, bridge):
    rows = word_rows(paper_of("plan", Scope(town.region, town=town)))

    assert rows[2] == ["Программа городов. Направление «Дороги»"]
    assert rows[3] == [
        "1", "=Мост & «дамба»; обещано в 2026 году", "Минтранс; +ГКУ",
        "01.01.2026", "01.09.2026", "Проезд открыт", "2026",
        "235\u00a0568,00", "1\u00a0000,01", "234\u00a0567,89", "0,10", "—",
    ]  # fmt: skip


def test_summary_tells_plan_fact_deviation_reason_and_steps(town, bridge):
    paper = paper_of("summary", Scope(town.region, town=town), "2026-q3")

    (row,) = paper.groups[0].rows
    told = [
        [line[name] for name in ("indicator", "unit", "plan", "fact", "deviation", "reason", "steps")]
        for line in row.lines
    ]
    sums = [Decimal("235568.00"), Decimal("900.10"), None]
    partly = "Факт и план вместе известны по суммам: 2 из 3"
    assert told == [
        ["Готовность", "%", 100, 55, Decimal("-45.0"), "Подрядчик: сорвал срок", "Сменить подрядчика"],
        ["Финансирование на 2026 год", "тыс. руб.", *sums, partly, ""],
        ["Финансирование, все годы", "тыс. руб.", *sums, partly, ""],
        ["Длина, 2026", "м", Decimal(120), Decimal("110.5"), Decimal("-7.9"), "Сузили русло", ""],
    ]


@pytest.mark.invariant(78)
def test_summary_compares_what_is_known_of_both_and_says_of_how_many(town, roads):
    for title, planned, spent in (("Мост", "1000.00", "802.00"), ("Пляж", "1810.00", None)):
        money(factories.measure(town, direction=roads, title=title), 2026, "local", planned, spent)

    paper = paper_of("summary", Scope(town.region, town=town))

    total = paper.totals[-1]
    assert (total.figures["plan"], total.figures["fact"], total.figures["deviation"]) == (
        Decimal("2810.00"), Decimal("802.00"), Decimal("-19.8"),
    )  # fmt: skip
    assert total.label.endswith("Отклонение — по мерам, где известно и то и другое: 1 из 2")


@pytest.mark.invariant(61)
def test_paper_of_a_past_period_says_what_its_reports_said(town, roads):
    measure = factories.measure(town, direction=roads)
    record = money(measure, 2026, "local", "100.00")
    published(measure, period="q1", percent=10, text="Первый", spent=[(record, "5.05")])
    published(measure, period="q2", percent=30, text="Второй", spent=[(record, "20.20")])
    Measure.objects.filter(pk=measure.pk).update(status="in_progress", percent=30)
    Funding.objects.filter(pk=record.pk).update(spent=Decimal("20.20"))

    def told(code):
        line = paper_of("progress", town.region, code).groups[0].rows[0].lines[0]
        return line["state"], line["percent"], line["spent"], line["done"]

    assert told("2026-q1") == ("выполняется", 10, Decimal("5.05"), "I квартал 2026 года. Первый")
    assert told("2026-q2") == told("all") == ("выполняется", 30, Decimal("20.20"), "II квартал 2026 года. Второй")


@pytest.mark.invariant(61)
def test_correction_stands_in_the_period_that_it_corrects(town, roads):
    measure = factories.measure(town, direction=roads)
    first = published(measure, period="q1", percent=10)
    published(measure, period="q1", percent=8, text="Исправлено", corrects=first)

    line = paper_of("progress", town.region, "2026-q1").groups[0].rows[0].lines[0]

    assert (line["percent"], line["done"]) == (8, "I квартал 2026 года. Исправлено")


@pytest.mark.invariant(61)
def test_date_moved_later_stands_where_it_stood(town, roads):
    measure = factories.measure(town, direction=roads, due=datetime.date(2026, 5, 1))
    measure.due_changes.create(old_due=datetime.date(2026, 5, 1), new_due=datetime.date(2027, 5, 1), reason="Паводок",
                               decided_on=datetime.date(2026, 7, 10))  # fmt: skip
    Measure.objects.filter(pk=measure.pk).update(postponed_to=datetime.date(2027, 5, 1))

    def told(code):
        row = paper_of("progress", town.region, code).groups[0].rows[0]
        return row.cells["due"], row.lines[0]["state"], "перенесён" in row.cells["title"]

    assert told("2026-q2") == (datetime.date(2026, 5, 1), "запланировано, просрочено", False)
    assert told("2026-q3") == (datetime.date(2027, 5, 1), "запланировано", True)


def test_period_takes_measures_that_went_on_in_it(town, roads):
    factories.measure(town, direction=roads, title="Потом", start=datetime.date(2026, 8, 1))
    factories.measure(town, direction=roads, title="Тогда", start=datetime.date(2026, 1, 1))
    done = factories.measure(town, direction=roads, title="Раньше", start=datetime.date(2020, 1, 1),
                             due=datetime.date(2020, 6, 1))  # fmt: skip
    Measure.objects.filter(pk=done.pk).update(status="done", percent=100)

    def titles(code):
        groups = paper_of("progress", Scope(town.region, town=town), code).groups
        return [row.cells["title"].partition(";")[0] for group in groups for row in group.rows]

    assert titles("2026-q2") == ["Тогда"]
    assert titles("all") == ["Раньше", "Потом", "Тогда"]


def test_drafts_and_strangers_are_in_no_paper(town, roads, other_region):
    factories.measure(town, direction=roads, status="draft")
    factories.measure(other_region)

    papers = [paper_of(kind, town.region).row_count for kind in ("plan", "summary", "progress")]

    assert papers == [0, 0, 0]


def test_sums_leave_out_a_measure_that_was_called_off(town, roads):
    money(factories.measure(town, direction=roads, title="Живая"), 2026, "local", "10.10")
    gone = factories.measure(town, direction=roads, title="Снятая", cancel_act=factories.document(town, title="Приказ"))
    money(gone, 2026, "local", "99.99")
    Measure.objects.filter(pk=gone.pk).update(status="cancelled")

    plan, summary, progress = (paper_of(kind, town.region) for kind in ("plan", "summary", "progress"))

    assert [
        plan.totals[0].figures["total"],
        summary.totals[0].figures["plan"],
        progress.totals[0].figures["planned"],
    ] == [Decimal("10.10")] * 3
    assert (plan.row_count, summary.row_count, progress.row_count) == (1, 2, 2)
    assert "Приказ" in summary.groups[0].rows[1].lines[0]["reason"]


@pytest.mark.parametrize(
    ("name", "count"), [("town", 1), ("direction", 1), ("programme", 2), ("region", 2)]
)  # fmt: skip
def test_paper_is_about_a_town_a_direction_a_programme_or_all(
    region, town, programme, parks, bridge, alley, name, count
):
    scope = {"town": Scope(region, town=town), "direction": Scope(region, direction=parks),
             "programme": Scope(region, programme=programme), "region": Scope(region)}[name]  # fmt: skip

    assert [paper_of(kind, scope).row_count for kind in ("plan", "summary", "progress")] == [count] * 3


def test_paper_without_rows_says_so(region):
    paper = paper_of("plan", region)

    assert (word_rows(paper)[2:], paper.totals) == ([["Сведений за этот период нет."]], [])


@pytest.mark.parametrize(("kind", "queries"), [("plan", 7), ("summary", 8), ("progress", 7)])
@pytest.mark.parametrize("more", [0, 3])
def test_paper_costs_the_same_for_any_number_of_measures(
    region, town, bridge, alley, kind, queries, more, django_assert_num_queries
):
    for number in range(more):
        measure = factories.measure(town, direction=bridge.direction, title=f"Ещё {number}")
        money(measure, 2026, "local", "1.00")
        published(measure)

    with django_assert_num_queries(queries):
        paper = paper_of(kind, region)

    assert paper.row_count == 2 + more
