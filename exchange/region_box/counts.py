"""What a load did, counted by file."""

from dataclasses import dataclass, field


@dataclass
class Counts:
    """Rows of one file: added, changed, unchanged, and (told one by one) left as people made them."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list = field(default_factory=list)

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
        return text + (f", оставлено как на сайте {len(self.kept)}" if self.kept else "")
