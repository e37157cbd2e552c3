"""Papers about measures: the plan, plan and fact, how the work goes. Sums leave out measures that were called off."""

from itertools import groupby

from strategies import periods, progress
from strategies.models import Measure, Programme
from strategies.programme.models.measure_queryset import DerivedState

from .as_of import LATE, Promised, standings, with_figures
from .rows import Cell, Column, Group, Paper, Row, Sum, Total, column_sums, known_sum

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
# Promises of the region and of others are told apart, as on the pages: never summed.
_PARTS = {"action": "Всего по программе области", "other": "Всего по другой поддержке"}
_STEPS = "Шаги подготовки самой программы: в итоги не входят"


def plan(scope, term, head):
    """The plan: what is to be done, by whom, by when, for what money by year and source."""
    promised = Promised(term)
    kept = (one for one in standings(scope.measures(term), term, promised) if not one.is_cancelled)
    groups = _groups(kept, scope, term, _plan_row)
    money = ("total", *SOURCES)
    for group in groups:
        group.totals = [Total("Итого по направлению", column_sums(group.rows, money))]
    totals = []
    for label, over, rows in _parts(groups):
        years = sorted({line["year"] for row in rows for line in row.lines if line.get("year")})
        totals.append(Total(label, column_sums(rows, money), over=over))
        if len(years) > 1:
            for year in years:
                sums = column_sums(rows, money, where=("year", year))
                totals.append(Total(f"в том числе на {year} год", sums, Sum.WHERE, ("year", year), over=over))
    return _paper("plan", "План мероприятий", scope, head, PLAN, groups, totals, promised)


def _plan_row(standing):
    lines = []
    for year, money in groupby(standing.money, key=lambda one: one.year):
        by_source = {one.source: one.planned for one in money}
        lines.append({"year": year, "total": known_sum(by_source.values()),
                      **{source: by_source.get(source) for source in SOURCES}})  # fmt: skip
    empty = dict.fromkeys(("year", "total", *SOURCES))
    measure = standing.measure
    return {"start": measure.start, "result": measure.expected_result or None}, lines or [empty]


def summary(scope, term, head):
    """Plan and fact: readiness, money and indicators of each measure, why they differ and what is done about it."""
    promised = Promised(term)
    found = with_figures(standings(scope.measures(term), term, promised), term)
    groups = _groups(found, scope, term, lambda standing: _summary_row(standing, term))
    kinds = [ALL_YEARS] if term.year is None else [year_line(term.year), ALL_YEARS]
    for group in groups:
        group.totals = _plan_fact_totals("Итого по направлению", group.rows, kinds)
    totals = [
        total for label, over, rows in _parts(groups) for total in _plan_fact_totals(label, rows, kinds, over=over)
    ]  # fmt: skip
    title = "Сводный отчёт о выполнении мероприятий: план и факт"
    return _paper("summary", title, scope, head, SUMMARY, groups, totals, promised)


def year_line(year):
    """How the line of one year's money is called."""
    return f"Финансирование на {year} год"


def _plan_fact_totals(label, rows, kinds, *, over=None):
    totals = []
    for kind in kinds:
        sums = column_sums(rows, ("plan", "fact"), where=("indicator", kind))
        total = Total(f"{label}: {kind[0].lower()}{kind[1:]}, {MONEY_UNIT}", sums, Sum.WHERE, ("indicator", kind),
                      ("deviation", "plan", "fact"), over)  # fmt: skip
        # A blank is not zero: what has no fact yet, or had no plan, is left out of the deviation, and this is said.
        lines = [line for row in rows for line in row.lines if line.get("indicator") == kind]
        pairs = [(one["plan"], one["fact"]) if _is_compared(one) else _half(one) for one in lines]
        found, both, known = progress.compared(pairs)
        if 0 < both < known:
            total.label += f". Отклонение — по мерам, где известно и то и другое: {both} из {known}"
        total.figures["deviation"] = None if found is None else round(found, 1)
        totals.append(total)
    return totals


def _is_compared(line):
    """Whether a line has a deviation of its own: the sheet's formula goes by the same lines."""
    return line["deviation"] is not None


def _half(line):
    """What is known of a line that is not compared, as a pair that has one side only."""
    return (line["fact"] if line["plan"] is None else line["plan"]), None


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
            if money:
                lines.append(_money_line(name, money))
    lines += [_line(one.name, one.unit, one.plan, one.fact, reason=one.reason) for one in standing.figures]
    return {}, lines


def _money_line(name, money):
    """Money by plan and by fact; a fact known for some sums only is compared with nothing, and this is said."""
    line = _line(name, MONEY_UNIT, known_sum(one.planned for one in money), known_sum(one.spent for one in money))
    known = sum(one.planned is not None and one.spent is not None for one in money)
    if line["fact"] is not None and known < len(money):
        line |= {"deviation": None, "reason": f"Факт и план вместе известны по суммам: {known} из {len(money)}"}
    return line


def _line(indicator, unit, plan_figure, fact, *, reason="", steps=""):
    return {"indicator": indicator, "unit": unit, "plan": plan_figure, "fact": fact,
            "deviation": _deviation(plan_figure, fact), "reason": reason, "steps": steps}  # fmt: skip


def course(scope, term, head):
    """How the work goes: the state and readiness of each measure, its money and the words of its last report."""
    promised = Promised(term)
    groups = _groups(standings(scope.measures(term), term, promised), scope, term, _course_row)
    money = ("planned", "spent")
    for group in groups:
        group.totals = [Total("Итого по направлению", column_sums(group.rows, money))]
    totals = [Total(label, column_sums(rows, money), over=over) for label, over, rows in _parts(groups)]
    title = "Информация о ходе реализации мероприятий"
    return _paper("progress", title, scope, head, PROGRESS, groups, totals + _counts(groups), promised)


def _counts(groups):
    """How many measures there are, by state as the pages count them; late ones and cancelled ones apart.

    Nothing where all are steps of preparation: a sheet has no rows to count again.
    """
    counted = [group for group in groups if group.part is not None]
    if not counted:
        return []
    states = [row.lines[0]["state"] for group in counted for row in group.rows]
    over, gone = (0, len(counted)), str(Status.CANCELLED.label)

    def count(label, word, number):
        return Total(label, {"state": number}, Sum.ROWS_WHERE, ("state", word), over=over)

    totals = [Total("Мероприятий", {"state": len(states) - states.count(gone)}, Sum.ROWS, ("state", gone), over=over)]
    for state in _STATES:
        word = str(state.label)
        number = sum(said in {word, f"{word}, {LATE}"} for said in states)
        totals += [count(f"из них: {word}", f"{word}*", number)] if number else []
    late = sum(state.endswith(LATE) for state in states)
    totals += [count("из них срок прошёл", f"*{LATE}", late)] if late else []
    return totals + ([count("Отменено, в счёт не входит", gone, states.count(gone))] if gone in states else [])


_STATES = (
    Status.DONE, Status.IN_PROGRESS, Status.PLANNED, Status.POSTPONED, Status.NOT_DONE, DerivedState.UNHEARD,
)  # fmt: skip


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


def _groups(found, scope, term, row_of):
    """Rows of measures under the heads of their directions, steps of preparation last; numbers run through."""
    groups, steps = [], []
    for direction, members in groupby(found, key=lambda one: one.measure.direction_id):
        for standing in members:
            cells, lines = row_of(standing)
            row = Row({"number": 0} | _common(standing, scope, term) | cells, lines)
            if standing.is_step:
                steps.append(row)
                continue
            if not groups or groups[-1].direction != direction:
                groups.append(_group(standing.measure.direction, scope))
            groups[-1].rows.append(row)
    if steps:
        groups.append(Group(_STEPS, steps, part=None))
    for number, row in enumerate((row for group in groups for row in group.rows), 1):
        row.cells["number"] = number
    return groups


def _group(direction, scope):
    part = "action" if direction.programme.kind == Programme.Kind.ACTION else "other"
    return Group("" if scope.direction else _heading(direction, scope), part=part, direction=direction.pk)


def _parts(groups):
    """(words of the total, which groups count, their rows) of each part of a paper."""
    parts = dict.fromkeys(group.part for group in groups if group.part is not None)
    for part in parts:
        places = [place for place, group in enumerate(groups) if group.part == part]
        rows = [row for place in places for row in groups[place].rows]
        yield _PARTS[part] if len(parts) > 1 else "Всего", (places[0], places[-1] + 1), rows


def _heading(direction, scope):
    programme = direction.programme
    if scope.programme:
        return f"Направление «{direction.title}»"
    kind = "" if programme.kind == Programme.Kind.ACTION else f" ({programme.get_kind_display()})"
    return f"{programme.title}{kind}. Направление «{direction.title}»"


def _common(standing, scope, term):
    measure = standing.measure
    place = "" if scope.town and measure.municipality_id else standing.place
    is_moved = measure.due is not None and standing.due is not None and measure.due != standing.due
    title = f"{measure.title} (пример)" if measure.is_sample else measure.title
    return {
        "title": "; ".join(filter(None, [
            f"{title} — {place}" if place else title,
            measure.promised_in,
            f"срок перенесён с {measure.due:%d.%m.%Y}" if is_moved else "",
            f"в акте, который действовал на {term.end:%d.%m.%Y}, мероприятия нет" if standing.is_new else "",
        ])),
        "responsible": "; ".join(filter(None, [measure.responsible, measure.co_executors])) or None,
        # Where no date is known, the words of the source stand instead.
        "due": standing.due or measure.due_note or None,
        "measure": measure.pk,
    }  # fmt: skip


def _paper(kind, title, scope, head, columns, groups, totals, promised):
    for group in groups:
        is_known = any(figure is not None for total in group.totals for figure in total.figures.values())
        group.totals = group.totals if is_known and len(groups) > 1 else []
    return Paper(kind, title, scope.subject, head, columns, groups, totals if groups else [], legend=_DASH,
                 notes=promised.note)  # fmt: skip
