"""A table on its way in, whole: its sheets, what is left to choose, what it would do, taking it in."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction

from exchange.tables.answers import Answers
from exchange.tables.fields import KINDS
from exchange.tables.ground import Ground, Scope
from exchange.tables.memory import MOST_NAME, keep, match_of, signature_of
from exchange.tables.models import ColumnMatch
from exchange.tables.take_in import PLANNERS, Plan, plan_tables, take_in_steps

from .book import unpack_grids
from .choice import NOT_IN, Question
from .outline import Outline
from .sheet import Sheet


class Intake:
    """A `TableImport` that has not gone in yet, as its pages show it.

    Args:
        table: the `TableImport`.
        by: who works on it.
        before: the same table before something was said of it: what it has read is not read again.
    """

    def __init__(self, table, by, before=None):
        self.table, self.by = table, by
        self.scope = Scope(table.region, table.programme, table.town)
        # {number of a sheet: its `Reader`}
        self.readings = before.readings if before and before.scope == self.scope else {}
        self._unpacked = before.grids if before else None
        self.ground = Ground(self.scope)
        self.said = table.said

    @cached_property
    def grids(self):
        """The sheets as they were read."""
        return self.outline.grids if self.outline else self._unpacked or unpack_grids(self.table.grids)

    @cached_property
    def outline(self):
        """The numbered lines of a pasted text; None where there are none."""
        if not self.said.get("text"):
            return None
        found = Outline(self.said["text"], self.said.get("lines", {}), self.said.get("owners", {}))
        return found if found.is_one else None

    @cached_property
    def sheets(self):
        """Every `Sheet` with something on it."""
        said = self.said.get("sheets", {})
        found = [Sheet(number, grid, said.get(str(number), {}), self) for number, grid in enumerate(self.grids)]
        return [one for one in found if not one.is_blank]

    @property
    def chosen(self):
        """The sheets that go in."""
        return [one for one in self.sheets if one.kind is not None]

    def remembered(self, heads):
        """The `ColumnMatch` of a form: the person's own before a colleague's; None where there is none.

        Args:
            heads: {code of a kind: the `Head` of a sheet for it}.
        """
        signatures = {signature_of(code, head.names): (code, head) for code, head in heads.items()}
        rows = ColumnMatch.objects.of(self.table.region, self.by).filter(signature__in=signatures)
        for kept in rows:
            code, head = signatures[kept.signature]
            if kept.kind == code and match_of(KINDS[code], head.names, kept.columns) is not None:
                return kept
        return None

    # ——— What is left to choose ———

    @cached_property
    def questions(self):
        """`Question`s that stand between the table and its check."""
        unclear = any(one.is_unclear for one in self.sheets)
        found = [] if self.chosen or unclear else [self._nothing]
        found += [Question(f"{one.prefix}kind", f"лист «{one.title}»") for one in self.sheets if one.is_unclear]
        if self.scope.programme is None and any(one.kind.code == "measures" for one in self.chosen):
            found.append(Question("programme", "программа"))
        if self.scope.town is None and self.outline and self.outline.tree:
            found.append(Question("town", "город"))
        return found + [question for one in self.chosen for question in one.questions]

    @property
    def _nothing(self):
        """What is asked where nothing goes in."""
        if self.outline:
            return Question(self.outline.lines[0].choice.name, "где цели, а где приоритеты")
        return Question(f"{self.sheets[0].prefix}kind" if self.sheets else "town", "что на листе")

    @property
    def is_settled(self):
        """Whether all is chosen and a person has looked at what was doubtful, now or with the last such table."""
        if self.questions:
            return False
        return bool(self.said.get("confirmed")) or not self.outline and not any(one.is_doubtful for one in self.chosen)

    # ——— What it would do ———

    @property
    def reason(self):
        """Why what was promised changes."""
        return self.said.get("reason", "")

    @cached_property
    def ordered(self):
        """The sheets that go in, each after what it stands on."""
        order = list(PLANNERS)
        return sorted(self.chosen, key=lambda one: order.index(one.kind.code))

    @property
    def parts(self):
        """The sheets as they go in."""
        return [(one.ready, one.head, one.match) for one in self.ordered]

    @property
    def answers(self):
        """What the person said to the questions of the check, sheet by sheet."""
        return [answers_of(self.said_of(one)) for one in self.ordered]

    @cached_property
    def plan(self):
        """What it would do, a `take_in.Plan`."""
        return plan_tables(
            self.parts, self.scope, by=self.by, reason=self.reason, answers=self.answers, readers=self._readers
        )

    @property
    def _readers(self):
        """What has read the sheets as they go in; None where words are put for words of a sheet."""
        return [one.reader if one.ready is one.grid else None for one in self.ordered]

    @staticmethod
    def rows_of(sheet, row):
        """Places of all rows of the record that a row belongs to: a measure may stand in several."""
        starts = [one.line - 1 for one in sheet.reader.items]
        begin = max((one for one in starts if one <= row), default=row)
        end = min((one for one in starts if one > row), default=len(sheet.grid.rows))
        return [one for one in range(begin, end) if one not in sheet.rows_out or one == row]

    def remember(self):
        """Keep what the person said of each form; nobody is asked for a name."""
        name = self.table.file_name.rpartition(".")[0][:MOST_NAME] or self.table.file_name[:MOST_NAME]
        out = [one.title for one in self.sheets if one.said.get("kind") == NOT_IN]
        for one in self.chosen:
            values = {
                field: {text: meant for text, meant in words.items() if len(text) <= MOST_NAME}
                for field, words in self.said_of(one).get("values", {}).items()
            }
            sheets = {"in": [one.title], "out": out}
            keep(one.match, region=self.table.region, name=name, by=self.by, values=values, sheets=sheets)

    @cached_property
    def claimed(self):
        """{code of a kind: the sheet that is taken for it without a word}: the one that was open comes first."""
        active, found = self.said.get("active", 0), {}
        for one in sorted(self.sheets, key=lambda sheet: (sheet.number != active, sheet.number)):
            if one.guessed_kind is not None:
                found.setdefault(one.guessed_kind.code, one.number)
        return found

    def said_of(self, sheet):
        """What the person said of a sheet."""
        return self.said.get("sheets", {}).get(str(sheet.number), {})

    def take_in_steps(self, *, seen):
        """Take it in, in one transaction, as `take_in.take_in_steps`; the table notes what it wrote.

        Raises:
            ValidationError: it has gone in already, or what `take_in_steps` refuses. Nothing is kept.
        """
        if not self.is_settled:
            raise ValidationError("Не всё выбрано: ответьте на вопросы о таблице.", code="unsettled")
        wrote, plan = {}, Plan([])
        with transaction.atomic():
            self.table.hold()
            yield from take_in_steps(
                self.parts, self.scope, by=self.by, reason=self.reason, answers=self.answers, seen=seen,
                keep=wrote.update, plan=plan, readers=self._readers,
            )  # fmt: skip
            counts = {}
            for one, preview in zip(self.ordered, plan.previews, strict=True):
                added, changed = counts.get(one.kind.code, (0, 0))
                counts[one.kind.code] = [added + len(preview.added), changed + preview.changed]
            self.table.close(counts, wrote)


def answers_of(said):
    """`Answers` to the questions of the check, of what is said of a sheet."""
    same = {int(line): int(answer) if answer.isdecimal() else answer for line, answer in said.get("same", {}).items()}
    return Answers(same, said.get("count", ""))
