"""What a load did, counted by file."""

from dataclasses import dataclass


@dataclass
class Counts:
    """Rows of one file: added, changed, unchanged, and left as people made them."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0

    def __add__(self, other):
        return Counts(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.kept + other.kept,
        )

    @property
    def wrote(self):
        """Whether anything was written."""
        return bool(self.added or self.changed)

    def __str__(self):
        text = f"добавлено {self.added}, изменено {self.changed}, без изменений {self.unchanged}"
        return text + (f", оставлено людям {self.kept}" if self.kept else "")
