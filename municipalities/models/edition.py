from dataclasses import dataclass

from django.db import models, transaction

EVERYWHERE = 0


class Editions(dict):
    """{region id: number of its edition}; under `EVERYWHERE` the number of what belongs to no region."""

    def of(self, region_id=None):
        """The number that a page of a region is kept by; of a page that shows several regions without one."""
        if not region_id:
            return sum(self.values())
        return self.get(EVERYWHERE, 0) + self.get(region_id, 0)


class Edition(models.Model):
    """Counts, by region, the changes of what the public sees; public answers are kept by these numbers."""

    # A plain number and no key to the region: a row outlives its region, so that the sum never shrinks.
    region = models.PositiveBigIntegerField("регион, 0 — общее", primary_key=True)
    number = models.PositiveBigIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "издание сайта"
        verbose_name_plural = "издание сайта"

    def __str__(self):
        return str(self.number)

    @classmethod
    def numbers(cls):
        """All present `Editions`; one query."""
        return Editions(cls.objects.values_list("region", "number"))

    @classmethod
    def current(cls, region_id=None):
        """The present number of a region's pages, or of pages of several regions; one query."""
        return cls.numbers().of(region_id)

    @classmethod
    def bump(cls, region_id=None):
        """Say that pages of a region changed, or those of all regions; once a transaction, when it is committed."""
        bump = _Bump(region_id or EVERYWHERE)
        if bump not in _waiting():
            transaction.on_commit(bump)

    @classmethod
    def is_bumped_everywhere(cls):
        """Whether this transaction has said already that all pages changed."""
        return _Bump(EVERYWHERE) in _waiting()


@dataclass(frozen=True)
class _Bump:
    region: int

    def __call__(self):
        if not Edition.objects.filter(pk=self.region).update(number=models.F("number") + 1):
            Edition.objects.get_or_create(pk=self.region)


def _waiting():
    # What a savepoint that was rolled back has asked for is not among them any more.
    return [act for _savepoints, act, *_rest in transaction.get_connection().run_on_commit]
