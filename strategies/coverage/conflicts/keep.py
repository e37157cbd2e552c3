"""What the search for conflicts found, kept as records: new ones open, mended ones gone, settled ones as they were."""

from dataclasses import dataclass

from django.db import transaction

from municipalities.models import Region
from strategies.coverage.models.finding import Finding

from .search import find_all

Status = Finding.Status
BATCH = 500


@dataclass(frozen=True)
class Searched:
    """What a search changed: how many are new, came back, are gone; how many there are in all."""

    new: int
    back: int
    gone: int
    total: int


def search_region(region, *, by=None):
    """Look through a region's programmes and keep what was found; safe to run again and twice at once.

    A finding is known by its facts: accepted or dismissed, it stays so while they stay. What is not there any more is
    gone; what came back is open again.

    Args:
        region: whose programmes.
        by: who asked for the search; None for the calendar.
    """
    with transaction.atomic():
        # Two searches at once wait for each other and find the same.
        Region.objects.select_for_update().get(pk=region.pk)
        found = {one.key: one for one in find_all(region)}
        known = {one.key: one for one in Finding.objects.filter(region=region)}
        _keep([one for key, one in found.items() if key not in known], region, by)
        back = [one for key, one in known.items() if key in found and one.status == Status.GONE]
        gone = [one for key, one in known.items() if key not in found and one.status != Status.GONE]
        for finding in back:
            finding.follow_to(Status.OPEN, by=by, reason="Найдено снова.")
        for finding in gone:
            finding.follow_to(Status.GONE, by=by, reason="При новом поиске не найдено.")
        _retell(known, found)
        return Searched(new=len(found.keys() - known.keys()), back=len(back), gone=len(gone), total=len(found))


def _keep(found, region, by):
    """Make records of what is new: four statements for any number."""
    rows = [Finding(region=region, kind=one.kind, key=one.key, text=one.text, created_by=by) for one in found]
    Finding.objects.bulk_create(rows, batch_size=BATCH)
    for name in ("measures", "priorities", "indicators"):
        through = getattr(Finding, name).through
        target = Finding._meta.get_field(name).m2m_reverse_field_name() + "_id"
        links = [
            through(finding_id=row.pk, **{target: pk})
            for row, one in zip(rows, found, strict=True)
            for pk in getattr(one, name)
        ]
        through.objects.bulk_create(links, batch_size=BATCH)


def _retell(known, found):
    """Names may change while the facts stay: the words follow them."""
    changed = []
    for key, finding in known.items():
        if key in found and finding.text != found[key].text:
            finding.text = found[key].text
            changed.append(finding)
    Finding.objects.bulk_update(changed, ["text"], batch_size=BATCH)
