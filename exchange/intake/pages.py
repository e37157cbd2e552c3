"""What the pages of a table show."""

from exchange.tables.answers import BOTH, PARENT, PARTS
from exchange.tables.fields import KINDS

from .answers import shown_cell
from .choice import NOT_IN, TO_CHOOSE, Choice
from .places import PlaceForm
from .states import states_told

SHOWN_FAULTS, SHOWN_EDITS, SHOWN_ADDED, SHOWN_MISSING = 300, 200, 50, 50
COUNT = [(PARTS, "деньги частей"), (PARENT, "деньги главной меры"), (BOTH, "и те и другие: это разные деньги")]
KIND_CHOICES = [("", [*((code, str(kind.label)) for code, kind in KINDS.items()), (NOT_IN, "не вносить")])]


def match_page(intake):
    """What the page of matching shows."""
    columns = [one for sheet in intake.chosen if sheet.head for one in sheet.columns]
    return {
        "intake": intake,
        "told": intake.said.get("told", ()),
        "sheets": [(sheet, _kind_choice(sheet)) for sheet in intake.sheets],
        "chosen": intake.chosen,
        "place_form": PlaceForm(table=intake.table, auto_id="%s"),
        "known": sum(not one.choice.is_open for one in columns),
        "columns_total": len(columns),
        "questions": intake.questions,
        "outline": intake.outline,
        "memories": [sheet.kept for sheet in intake.chosen if sheet.kept is not None],
    }


def _kind_choice(sheet):
    value = TO_CHOOSE if sheet.is_unclear else sheet.kind.code if sheet.kind else NOT_IN
    return Choice(f"{sheet.prefix}kind", f"Лист «{sheet.title}»: что на нём", KIND_CHOICES, value)


def plan_page(intake):
    """What the page of the check shows: for each sheet its plan, the faults with their cells to mend."""
    plan, parts = intake.plan, []
    for sheet, planner in zip(intake.ordered, plan.planners, strict=True):
        preview = planner.preview
        parts.append({
            "sheet": sheet,
            "plan": preview,
            "notes": [*preview.notes, *states_told(planner)],
            "faults": _faults(sheet, preview),
            "edits": preview.edits[:SHOWN_EDITS],
            "added": preview.added[:SHOWN_ADDED],
            "missing": preview.missing[:SHOWN_MISSING],
            "left": [one for one in sheet.left_shown if not one.is_taken],
            **_asked(sheet, preview),
        })  # fmt: skip
    sheets = [intake.said_of(one) for one in intake.chosen]
    return {
        "intake": intake,
        "plan": plan,
        "faults_total": len(plan.faults),
        "parts": parts,
        "mended": sum(len(one.get("cells", {})) for one in sheets),
        "put_off": sum(len(one.get("put_off", ())) for one in sheets),
        "skipped": [sheet for sheet in intake.sheets if sheet.kind is None],
        "memories": [sheet.kept for sheet in intake.chosen if sheet.kept is not None],
    }


def _asked(sheet, preview):
    """What the check asks: rows that are likely of known things, main measures whose parts name money too."""
    likely = [
        (one, Choice(f"{sheet.prefix}same-{one.line}", f"Строка {one.line}: «{one.title}»",
                     [("", [(str(value), words) for value, words in one.choices])], str(one.answer or "")))
        for one in preview.likely[:SHOWN_FAULTS]
    ]  # fmt: skip
    said = preview.parts[0].answer if preview.parts else ""
    count = Choice(f"{sheet.prefix}count", "Чьи деньги считать", [("", COUNT)], said) if preview.parts else None
    return {"likely": likely, "inside": preview.parts[:SHOWN_ADDED], "count": count}


def _faults(sheet, preview):
    """[(fault, name of its field or «», what stands in the cell)]: a cell at fault can be mended on the page."""
    found = []
    for fault in preview.faults[:SHOWN_FAULTS]:
        row, place = fault.line - 1, fault.place - 1
        name = f"{sheet.prefix}cell-{row}:{place}" if place >= 0 and row < len(sheet.grid.rows) else ""
        is_again = any(one == name for _fault, one, _text in found)
        found.append((fault, "" if is_again else name, shown_cell(sheet.grid.cell(row, place)) if name else ""))
    return found
