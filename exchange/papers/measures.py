"""Papers about measures: the plan, plan and fact, how the work goes. Sums leave out measures that were called off."""

from itertools import groupby

from strategies import periods, progress
from strategies.models import Measure, Programme

from .figures import figures_of
from .rows import Cell, Column, Group, Paper, Row, Sum, Total, column_sums, known_sum
from .standing import BATCH, standings

Status = Measure.Status
SOURCES = ("federal", "regional", "local", "extra")
MONEY_UNIT = "тыс. руб."
ALL_YEARS = "Финансирование, все годы"
READY = "Готовность"

_NUMBER = Column("number", "№", Cell.COUNT, 10)
_DUE = Column("due", "Срок", Cell.DAY, 20)

PLAN = (
    _NUMBER,
    Column("title", "Мероприятие", Cell.TEXT, 47),
    Column("responsible", "Ответственный", Cell.TEXT, 28),
    Column("start", "Начало", Cell.DAY, 20),
    _DUE,
    Column("result", "Ожидаемый результат", Cell.TEXT, 32),
    Column("year", "Год", Cell.COUNT, 11, of_line=True),
    Column("total", "Всего", Cell.MONEY, 22, of_line=True),
    Column("federal", "Федераль\u00adный бюджет", Cell.MONEY, 20, of_line=True),
    Column("regional", "Областной бюджет", Cell.MONEY, 20, of_line=True),
    Column("local", "Местный бюджет", Cell.MONEY, 18, of_line=True),
    Column("extra", "Внебюд\u00adжетные средства", Cell.MONEY, 18, of_line=True),
)

SUMMARY = (
    _NUMBER,
    Column("title", "Мероприятие", Cell.TEXT, 45),
    Column("responsible", "Ответственный", Cell.TEXT, 28),
    _DUE,
    Column("indicator", "Показатель", Cell.TEXT, 32, of_line=True),
    Column("unit", "Ед. изм.", Cell.TEXT, 15, of_line=True),
    Column("plan", "План", Cell.FIGURE, 21, of_line=True),
    Column("fact", "Факт", Cell.FIGURE, 21, of_line=True),
    Column("deviation", "Отклонение, %", Cell.PERCENT, 23, of_line=True),
    Column("reason", "Причина", Cell.TEXT, 26, of_line=True),
    Column("steps", "Принятые меры", Cell.TEXT, 26, of_line=True),
)

PROGRESS = (
    _NUMBER,
    Column("title", "Мероприятие", Cell.TEXT, 42),
    Column("responsible", "Ответственный", Cell.TEXT, 28),
    _DUE,
    Column("state", "Состояние", Cell.TEXT, 25, of_line=True),
    Column("percent", "Готов\u00adность, %", Cell.COUNT, 14, of_line=True),
    Column("planned", "Обещано", Cell.MONEY, 21, of_line=True),
    Column("spent", "Потрачено", Cell.MONEY, 21, of_line=True),
    Column("done", "Что сделано", Cell.TEXT, 40, of_line=True),
    Column("problems", "Что мешает", Cell.TEXT, 23, of_line=True),
    Column("steps", "Что дальше", Cell.TEXT, 22, of_line=True),
)

_DASH = "Прочерк значит «сведений нет», это не ноль."


def plan(scope, term, head):
    """The plan: what is to be done, by whom, by when, for what money by year and source."""
    kept = scope.measures(term).exclude(status=Status.CANCELLED)
    groups = _groups(standings(kept, term), scope, _plan_row)
    money = ("total", *SOURCES)
    for group in groups:
        group.totals = [Total("Итого по направлению", column_sums(group.rows, money))]
    rows = [row for group in groups for row in group.rows]
    years = sorted({line["year"] for row in rows for line in row.lines if line.get("year")})
    totals = [Total("Всего", column_sums(rows, money))]
    if len(years) > 1:
        for year in years:
            sums = column_sums(rows, money, where=("year", year))
            totals.append(Total(f"в том числе на {year} год", sums, Sum.WHERE, ("year", year)))
    return _paper("plan", "План мероприятий", scope, head, PLAN, groups, totals)


def _plan_row(standing):
    lines = []
    for year, money in groupby(standing.money, key=lambda one: one.year):
        by_source = {one.source: one.planned for one in money}
        lines.append({"year": year, "total": known_sum(by_source.values()),
                      **{source: by_source.get(source) for source in SOURCES}})  # fmt: skip
    empty = dict.fromkeys(("year", "total", *SOURCES))
    measure = standing.measure
    return {"start": measure.start, "result": measure.expected_result}, lines or [empty]


def summary(scope, term, head):
    """Plan and fact: readiness, money and indicators of each measure, why they differ and what is done about it."""
    groups = _groups(_with_figures(scope.measures(term), term), scope, lambda standing: _summary_row(standing, term))
    kinds = [ALL_YEARS] if term.year is None else [year_line(term.year), ALL_YEARS]
    for group in groups:
        group.totals = _plan_fact_totals("Итого по направлению", group.rows, kinds)
    rows = [row for group in groups for row in group.rows]
    totals = _plan_fact_totals("Всего", rows, kinds)
    title = "Сводный отчёт о выполнении мероприятий: план и факт"
    return _paper("summary", title, scope, head, SUMMARY, groups, totals)


def year_line(year):
    """How the line of one year's money is called."""
    return f"Финансирование на {year} год"


def _plan_fact_totals(label, rows, kinds):
    totals = []
    for kind in kinds:
        sums = column_sums(rows, ("plan", "fact"), where=("indicator", kind))
        figures = sums | {"deviation": _deviation(sums["plan"], sums["fact"])}
        totals.append(
            Total(f"{label}: {kind[0].lower()}{kind[1:]}, {MONEY_UNIT}", figures, Sum.WHERE, ("indicator", kind),
                  ("deviation", "plan", "fact"))
        )  # fmt: skip
    return totals


def _with_figures(measures, term):
    batch = []
    for standing in standings(measures, term):
        batch.append(standing)
        if len(batch) == BATCH:
            yield from figures_of(batch, term)
            batch = []
    yield from figures_of(batch, term)


def _deviation(plan_figure, fact):
    found = progress.deviation(plan_figure, fact)
    return None if found is None else round(found, 1)


def _summary_row(standing, term):
    if standing.is_cancelled:
        act = standing.measure.cancel_act
        why = f"Отменено: {act}" if act else "Отменено"
        return {}, [_line(READY, "%", None, None, reason=why)]
    report = standing.report
    due_passed = standing.due is not None and standing.due <= term.end
    lines = [
        _line(READY, "%", 100 if due_passed else None, standing.percent, reason=report.reason if report else "",
              steps=report.next_steps if report else "")
    ]  # fmt: skip
    if standing.money:
        for name, year in [(year_line(term.year), term.year)] * bool(term.year) + [(ALL_YEARS, None)]:
            money = [one for one in standing.money if year in {None, one.year}]
            lines.append(
                _line(name, MONEY_UNIT, known_sum(one.planned for one in money), known_sum(one.spent for one in money))
            )
    lines += [_line(one.name, one.unit, one.plan, one.fact, reason=one.reason) for one in standing.figures]
    return {}, lines


def _line(indicator, unit, plan_figure, fact, *, reason="", steps=""):
    return {"indicator": indicator, "unit": unit, "plan": plan_figure, "fact": fact,
            "deviation": _deviation(plan_figure, fact), "reason": reason, "steps": steps}  # fmt: skip


def course(scope, term, head):
    """How the work goes: the state and readiness of each measure, its money and the words of its last report."""
    groups = _groups(standings(scope.measures(term), term), scope, _course_row)
    money = ("planned", "spent")
    for group in groups:
        group.totals = [Total("Итого по направлению", column_sums(group.rows, money))]
    rows = [row for group in groups for row in group.rows]
    totals = [Total("Всего", column_sums(rows, money)), Total("Мероприятий", {"state": len(rows)}, Sum.ROWS)]
    states = [row.lines[0]["state"] for row in rows]
    for state in dict.fromkeys(sorted(states, key=_state_order)):
        totals.append(Total(f"из них: {state}", {"state": states.count(state)}, Sum.ROWS_WHERE, where=("state", state)))
    return _paper("progress", "Информация о ходе реализации мероприятий", scope, head, PROGRESS, groups, totals)


_STATES = ["выполнено", "выполняется", "запланировано", "перенесено", "просрочено", "не выполнено", "отменено"]


def _state_order(state):
    return _STATES.index(state) if state in _STATES else len(_STATES)


def _course_row(standing):
    report = standing.report
    done = "Отчётов нет."
    if report:
        done = f"{periods.label(report.year, report.period)}. {report.text}"
    if standing.is_cancelled and standing.measure.cancel_act:
        done = f"Отменено: {standing.measure.cancel_act}."
    line = {
        "state": standing.state, "percent": standing.percent,
        "planned": None if standing.is_cancelled else standing.planned,
        "spent": None if standing.is_cancelled else standing.spent,
        "done": done,
        "problems": "\n".join(filter(None, [report.reason, report.problems])) if report else "",
        "steps": report.next_steps if report else "",
    }  # fmt: skip
    return {}, [line]


# ——— What the three share ———


def _groups(found, scope, row_of):
    """Rows of measures under the heads of their directions; numbers run through the paper."""
    groups, number = [], 0
    for _direction, members in groupby(found, key=lambda one: one.measure.direction_id):
        group = None
        for standing in members:
            if group is None:
                group = Group("" if scope.direction else _heading(standing.measure.direction, scope))
                groups.append(group)
            number += 1
            cells, lines = row_of(standing)
            group.rows.append(Row({"number": number} | _common(standing, scope) | cells, lines))
    return groups


def _heading(direction, scope):
    programme = direction.programme
    if scope.programme:
        return f"Направление «{direction.title}»"
    kind = "" if programme.kind == Programme.Kind.ACTION else f" ({programme.get_kind_display()})"
    return f"{programme.title}{kind}. Направление «{direction.title}»"


def _common(standing, scope):
    measure = standing.measure
    place = "" if scope.town and measure.municipality_id else standing.place
    is_moved = measure.due is not None and standing.due is not None and measure.due != standing.due
    title = f"{measure.title} (пример)" if measure.is_sample else measure.title
    return {
        "title": "; ".join(filter(None, [
            f"{title} — {place}" if place else title, f"срок перенесён с {measure.due:%d.%m.%Y}" if is_moved else "",
        ])),
        "responsible": "; ".join(filter(None, [measure.responsible, measure.co_executors])),
        # Where no date is known, the words of the source stand instead.
        "due": standing.due or measure.due_note or None,
        "measure": measure.pk,
    }  # fmt: skip


def _paper(kind, title, scope, head, columns, groups, totals):
    for group in groups:
        is_known = any(figure is not None for total in group.totals for figure in total.figures.values())
        group.totals = group.totals if is_known and len(groups) > 1 else []
    return Paper(kind, title, scope.subject, head, columns, groups, totals if groups else [], legend=_DASH)
