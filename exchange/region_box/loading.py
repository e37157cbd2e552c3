"""The whole load: read, check, write in one transaction or not at all."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from municipalities.models import Region

from .building import Builder, Counts
from .reading import read_folder
from .tables import BadFilesError


@dataclass(frozen=True)
class Loaded:
    """What came of a load: the region and the counts by file, in the order of the layout."""

    region: Region
    counts: dict

    @property
    def total(self):
        return sum(self.counts.values(), Counts())


def load_region(folder, *, dry_run=False, progress=lambda message: None):
    """Load a region from a folder.

    Args:
        folder: the path of the folder, laid out as `demo/README.md` says.
        dry_run: check everything and count, but write nothing.
        progress: called with a message now and then.

    Returns:
        `Loaded`.

    Raises:
        BadFilesError: with every fault of every file; nothing was written.
    """
    problems = []
    rows = read_folder(Path(folder), problems, progress=progress)
    with transaction.atomic():
        builder = Builder(rows, problems, progress)
        builder.build()
        loaded = Loaded(builder.region, builder.counts)
        if problems or dry_run:
            transaction.set_rollback(True)
    if problems:
        raise BadFilesError(problems)
    return loaded
