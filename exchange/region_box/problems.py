"""What is wrong with files that come from outside, said so that their author can mend them."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: where it is, and what is wrong and what was expected."""

    file: str
    line: int
    text: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.text}"


class BadFilesError(Exception):
    """Nothing was written, because the files have faults.

    Attributes:
        problems: every fault, in the order of files and lines.
    """

    def __init__(self, problems):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))
