"""States that a table names beside those on the site: told, never taken; a report moves a measure."""

from strategies.models import Measure

SHOWN = 10


def states_told(planner):
    """Words on measures whose state in the table is not the one on the site; empty where all are the same."""
    if planner.model is not Measure:
        return []
    told, lines = [], {item.line: item.get("state") for item in planner.reader.items if item.get("state")}
    for pk, line in planner.met.items():
        here, there = planner.records[pk].status, lines.get(line)
        if there and there != here:
            words = dict(Measure.Status.choices)
            told.append(f"строка {line} — в таблице «{words[there]}», на сайте «{words[here]}»")
    if not told:
        return []
    more = f" и ещё {len(told) - SHOWN}" if len(told) > SHOWN else ""
    return [f"Состояние расходится: {'; '.join(told[:SHOWN])}{more}. Таблица его не меняет: его меняет отчёт."]
