"""A table on its way in: what a person has sent, what is said of its columns, what the next form carries on."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from exchange.sheets.grid import Grid, read_grid
from exchange.sheets.heads import Head, find_head, has_known_head

from .fields import KINDS
from .forms import MatchForm
from .matching import keep, known_match
from .take_in import pack_grid, plan_table, take_in_steps, unpack_grid


@dataclass
class SentTable:
    """A table that a valid `TableForm` brought: a new file, or the one that it has carried on.

    Attributes:
        form: the `TableForm`.
        by: who sends it.
        packed: the table as the next form carries it.
    """

    form: object
    by: object
    grid: Grid
    head: Head
    packed: str

    @classmethod
    def of(cls, form, by):
        """The table of a form; raises ValidationError where there is none in it."""
        kind, upload, sent = KINDS[form.cleaned_data["kind"]], form.cleaned_data["file"], form.cleaned_data["sheet"]
        grid = read_grid(upload, lambda grid: has_known_head(grid, kind)) if upload else unpack_grid(sent)
        return cls(form, by, grid, find_head(grid, kind), pack_grid(grid) if upload else sent)

    @property
    def is_new(self):
        """Whether it is a file that nothing is said of yet."""
        return bool(self.form.cleaned_data["file"])

    @property
    def kind(self):
        """What kind of table it is."""
        return KINDS[self.form.cleaned_data["kind"]]

    @property
    def file_name(self):
        """How its file was called."""
        upload = self.form.cleaned_data["file"]
        return upload.name[:100] if upload else self.form.cleaned_data["file_name"]

    def known_match(self):
        """(match, its name) said before about the very same columns; (None, "") where there is none."""
        match, name = known_match(self.kind, self.head.names, self.form.scope.region)
        if match:
            match.unit = self.head.unit or match.unit
        return match, name

    def match_form(self, data=None, *, match=None):
        """The question which column is what."""
        return MatchForm(
            data,
            kind=self.kind,
            grid=self.grid,
            head=self.head,
            programme=self.form.scope.programme,
            match=match,
            initial={"match_name": self.file_name.rpartition(".")[0]},
        )

    def carried_match(self, data):
        """The match that a form carries; None where it carries none that is whole."""
        if self.is_new or not any(name.startswith("column-") for name in data):
            return None
        asked = self.match_form(data)
        if not asked.is_valid():
            return None
        match = asked.said()
        try:
            match.check()
        except ValidationError:
            return None
        return match

    def keep_match(self, asked):
        """The match just said, kept under its name where it has one.

        Raises:
            ValidationError: it is not whole, or its name is too long.
        """
        match, name = asked.said(), asked.cleaned_data["match_name"].strip()
        match.check()
        if name:
            keep(match, region=self.form.scope.region, name=name, by=self.by)
        return match

    def preview(self, match):
        """What the table would do."""
        _planner, preview = plan_table(
            self.grid, match, self.form.scope, by=self.by, reason=self.form.cleaned_data["reason"]
        )
        return preview

    def take_in_steps(self, match, *, seen):
        """Take the table in, as `take_in.take_in_steps`."""
        reason = self.form.cleaned_data["reason"]
        return take_in_steps(self.grid, match, self.form.scope, by=self.by, reason=reason, seen=seen)

    def carried(self, match=None, match_name=""):
        """Hidden fields of the next form: where the table goes, the table itself, what is said of its columns."""
        places = {name: self.form.cleaned_data.get(name) for name in ("region", "programme", "town")}
        said = {name: place.pk for name, place in places.items() if place}
        said |= {"kind": self.kind.code, "file_name": self.file_name, "sheet": self.packed}
        if match is None:
            return said
        said |= {f"column-{place}": name for place, name in match.fields.items()}
        said |= {"source": match.source, "year": match.year or "", "match_name": match_name}
        return said | {
            "direction": match.direction,
            "paper": match.paper,
            "unit": match.unit or "",
            "unit_name": match.unit_name,
        }
