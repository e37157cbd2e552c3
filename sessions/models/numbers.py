"""Numbers of proposals: «НК-2026-0014» — the town, the year, the count. A number is given once and never again."""

import itertools
import re

from django.db import IntegrityError, models, transaction
from django.db.models import F

from municipalities.models import Municipality

# What people write before a number.
_BEFORE = re.compile(r"(?:\W|ПРЕДЛОЖЕНИЕ\b|НОМЕР\b|NO?\b)*")
VOWELS = set("АЕЁИОУЫЭЮЯЬЪЙ")
REGION_PREFIX = "ОБ"
# What a number may be typed with instead of its letters: a Latin keyboard, a digit that looks alike.
LOOK_ALIKE = [
    "АA", "ВB", "ЕЁE", "ЗЭ3", "КK", "МM", "НH", "ОO0", "РP", "СC", "ТT", "УY", "ХX", "БB6", "ЧЧ4",
]  # fmt: skip


class NumberSeries(models.Model):
    """How far the numbers of a prefix have come in a year."""

    prefix = models.CharField("буквы", max_length=6)
    year = models.PositiveSmallIntegerField("год")
    last = models.PositiveIntegerField("последний номер", default=0)

    class Meta:
        verbose_name = "ряд номеров"
        verbose_name_plural = "ряды номеров"
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="number_series_once")]

    def __str__(self):
        return f"{self.prefix}-{self.year}-{self.last:04}"

    @classmethod
    def take(cls, prefix, year, count=1):
        """The next numbers of a series, in order; whoever asks at the same moment waits, so none is given twice.

        Args:
            prefix: letters of the town.
            year: of receipt.
            count: how many at once, for a sheet of many rows.
        """
        with transaction.atomic():
            cls.objects.get_or_create(prefix=prefix, year=year)
            cls.objects.filter(prefix=prefix, year=year).update(last=F("last") + count)
            last = cls.objects.get(prefix=prefix, year=year).last
        return [f"{prefix}-{year}-{number:04}" for number in range(last - count + 1, last + 1)]


def prefix_of(town):
    """The letters of a town, given once and kept; a regional topic has its own.

    The first letter and the first consonant after it that no other town has: Сызрань — СЗ.
    """
    if town is None:
        return REGION_PREFIX
    if town.proposal_prefix:
        return town.proposal_prefix
    # Another town may take the same letters at this moment: whoever comes second chooses again.
    while not _takes_letters(town):
        pass
    town.proposal_prefix = Municipality.objects.values_list("proposal_prefix", flat=True).get(pk=town.pk)
    return town.proposal_prefix


def _takes_letters(town):
    """Keep the first letters that are free; False where another town was faster to take them."""
    taken = set(Municipality.objects.exclude(proposal_prefix="").values_list("proposal_prefix", flat=True))
    letters = next(letters for letters in _candidates(town) if letters not in taken | {REGION_PREFIX})
    try:
        with transaction.atomic():
            Municipality.objects.filter(pk=town.pk, proposal_prefix="").update(proposal_prefix=letters)
    except IntegrityError:
        return False
    return True


def _candidates(town):
    letters = [letter for letter in town.name.upper().replace("Ё", "Е") if letter.isalpha()]
    first, rest = letters[0], letters[1:]
    yield from (first + letter for letter in rest if letter not in VOWELS)
    yield from (first + letter for letter in rest)
    yield from (f"{first}{number}" for number in range(1, 10_000))


def spellings(typed):
    """([the numbers that somebody may have meant], [their ends, where no letters were typed]).

    «c3 2026 44», «№ СЗ–2026–0044» and a Latin «C3-2026-0044» are «СЗ-2026-0044»; «44» and «2026-44» are ends.
    """
    parts = re.findall(r"[0-9A-ZА-ЯЁ]+", typed.upper()[_BEFORE.match(typed.upper()).end() :])
    glued = re.fullmatch(r"(.{1,6}?)((?:19|20)\d{2})(\d{4,})", parts[0]) if len(parts) == 1 else None
    glued = glued or (re.fullmatch(r"([A-ZА-ЯЁ]{1,6})(\d{1,3})", parts[0]) if len(parts) == 1 else None)  # «П11»
    parts = list(glued.groups()) if glued else parts
    if not parts:
        return [], []
    whole = {tuple(parts), (*parts[:-1], parts[-1].zfill(4) if parts[-1].isdecimal() else parts[-1])}
    if all(part.isdecimal() for part in parts):
        return [], sorted("-".join(one[-2:]) for one in whole)
    ways = [{letter, *next((kin for kin in LOOK_ALIKE if letter in kin), "")} for letter in parts[0][:6]]
    letters = ["".join(way) for way in itertools.islice(itertools.product(*ways), 500)]
    return sorted("-".join([typed_as, *one[1:]]) for typed_as in letters for one in whole), []
