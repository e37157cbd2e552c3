"""The list of instructions: what sessions decided, by when, who answers and what became of it."""

from django.utils import timezone

from .rows import Cell, Column, Group, Paper, Row, Sum, Total

DONE, LATE, RUNNING = "исполнено", "просрочено", "в работе"

ORDERS = (
    Column("number", "№", Cell.COUNT, 10),
    Column("text", "Поручение", Cell.TEXT, 90),
    Column("due", "Срок", Cell.DAY, 24),
    Column("responsible", "Ответственный", Cell.TEXT, 50),
    Column("mark", "Отметка об исполнении", Cell.TEXT, 62),
    Column("state", "Состояние", Cell.TEXT, 31),
)


def orders(scope, term, head):
    """Instructions by session; done after the end of the term counts as not done yet."""
    groups, sessions = [], {}
    for number, decision in enumerate(scope.decisions(term), 1):
        if decision.session_id not in sessions:
            sessions[decision.session_id] = Group(_heading(decision.session))
            groups.append(sessions[decision.session_id])
        is_done = decision.done_on is not None and decision.done_on <= term.end
        state = DONE if is_done else LATE if _is_late(decision, term.end) else RUNNING
        sessions[decision.session_id].rows.append(
            Row({
                "number": number, "text": decision.text + (" (пример)" if decision.is_sample else ""),
                "due": decision.due, "responsible": decision.responsible, "state": state,
                "mark": f"{decision.done_note} ({decision.done_on:%d.%m.%Y})" if is_done else "",
            })
        )  # fmt: skip
    states = [row.cells["state"] for group in groups for row in group.rows]
    totals = [Total("Всего поручений", {"state": len(states)}, Sum.ROWS)]
    totals += [
        Total(f"из них: {state}", {"state": states.count(state)}, Sum.ROWS_WHERE, ("state", state))
        for state in (DONE, RUNNING, LATE)
    ]
    return Paper("orders", "Протокол поручений", scope.subject, head, ORDERS, groups, totals if groups else [],
                 legend="Прочерк значит «сведений нет».", is_money=False)  # fmt: skip


def _heading(session):
    day = f"{timezone.localtime(session.starts_at):%d.%m.%Y}" if session.starts_at else session.date_note
    minutes = session.minutes.number if session.minutes else ""
    return ", ".join(filter(None, [session.title, day, f"протокол № {minutes}" if minutes else ""]))


def _is_late(decision, end):
    return decision.due is not None and decision.due < end and decision.session.region.expects(decision.due)
