from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipalities.addresses import check_slug
from municipalities.fields import PartialDateField, first_day, is_partial_date, last_day, validate_oktmo
from municipalities.search import index_text, matching, sort_key

from .named import Named
from .record import Record
from .region import Region

# Some towns are older than chronicles (Дербент, 438); there is no year 0.
POSSIBLE_YEARS = (MinValueValidator(1), MaxValueValidator(2200))


class SizeClass(models.TextChoices):
    """Classes of СП 42.13330 by thousands of people; computed, never typed."""

    SMALL = "small", _("малый, до 50 тысяч")
    MEDIUM = "medium", _("средний, 50–100 тысяч")
    LARGE = "large", _("большой, 100–250 тысяч")
    LARGER = "larger", _("крупнее 250 тысяч")
    UNKNOWN = "unknown", _("население не найдено")

    @classmethod
    def of(cls, people):
        """The class for a number of people; UNKNOWN for None."""
        if people is None:
            return cls.UNKNOWN
        for limit, size in ((50_000, cls.SMALL), (100_000, cls.MEDIUM), (250_000, cls.LARGE)):
            if people <= limit:
                return size
        return cls.LARGER


SIZE_BOUNDS = {
    SizeClass.SMALL: (0, 50_000),
    SizeClass.MEDIUM: (50_001, 100_000),
    SizeClass.LARGE: (100_001, 250_000),
    SizeClass.LARGER: (250_001, None),
}


class MunicipalityQuerySet(models.QuerySet):
    def towns(self):
        """Towns and town-like municipalities: rural districts serve as parents and as hosts of sessions only."""
        return self.exclude(kind__in=[Municipality.Kind.DISTRICT, Municipality.Kind.OKRUG])

    def in_programme(self):
        """Towns that the region's programme is for."""
        return self.filter(in_programme=True)

    def with_region(self):
        """Each town with its region, without the region's heavy outline."""
        return self.select_related("region").defer("region__outline")

    def with_people(self):
        """Add `people` and `people_year`: the latest count known, the town's own before the whole district's."""
        latest = Population.objects.filter(municipality=OuterRef("pk")).order_by(
            F("year").desc(nulls_last=True), "-level"
        )
        return self.annotate(
            people=Subquery(latest.values("people")[:1]), people_year=Subquery(latest.values("year")[:1])
        )

    def of_size(self, size):
        """Towns of one size class, by the latest count known."""
        rows = self.with_people()
        if size == SizeClass.UNKNOWN:
            return rows.filter(people__isnull=True)
        low, high = SIZE_BOUNDS[SizeClass(size)]
        rows = rows.filter(people__gte=low)
        return rows if high is None else rows.filter(people__lte=high)

    def search(self, query):
        """Towns whose name, in Russian or English, holds every word of the query."""
        return matching(self, query)


class Municipality(Named, Record):
    """A town: a unit of local government, or a reference town known only by its place in the classifier."""

    class Kind(models.TextChoices):
        URBAN_OKRUG = "urban_okrug", _("городской округ")
        OKRUG = "okrug", _("муниципальный округ")
        DISTRICT = "district", _("муниципальный район")
        URBAN_SETTLEMENT = "urban_settlement", _("городское поселение")
        INNER_CITY = "inner_city", _("внутригородская территория")
        TOWN = "town", _("город")

    region = models.ForeignKey(Region, models.PROTECT, related_name="municipalities", verbose_name="регион")
    name = models.CharField("название", max_length=150)
    name_en = models.CharField("название по-английски", max_length=150, blank=True)
    slug = models.SlugField("адрес", max_length=80, unique=True)
    kind = models.CharField("вид", max_length=20, choices=Kind, default=Kind.TOWN)
    oktmo = models.CharField(
        "ОКТМО",
        max_length=11,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_oktmo],
        help_text="8 цифр — муниципалитет, 11 — населённый пункт.",
    )
    fias_id = models.UUIDField("код ФИАС", unique=True, null=True, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="входит в"
    )
    latitude = models.DecimalField(
        "широта", max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        "долгота", max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    in_programme = models.BooleanField("участвует в программе", default=False)
    is_reference = models.BooleanField(
        "справочный", default=False, help_text="Город взят из справочника, дел не ведёт."
    )
    is_monotown = models.BooleanField("моногород", null=True, blank=True, help_text="Пусто — не установлено.")
    site_url = models.URLField("сайт", blank=True)
    takes_proposals = models.BooleanField(
        "принимает предложения", default=False, help_text="Жители пишут городу в любой день, не только к сессии."
    )
    proposal_prefix = models.CharField(
        "буквы номеров", max_length=6, blank=True, help_text="С них начинаются номера предложений: НК-2026-0014."
    )
    founded_year = models.PositiveSmallIntegerField("год основания", null=True, blank=True, validators=POSSIBLE_YEARS)
    town_since_year = models.PositiveSmallIntegerField("город с года", null=True, blank=True, validators=POSSIBLE_YEARS)
    area_km2 = models.DecimalField("площадь, км²", max_digits=9, decimal_places=2, null=True, blank=True)
    name_sort = models.CharField(max_length=150, editable=False)
    search_stems = models.TextField(editable=False, blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = "город"
        verbose_name_plural = "города"
        ordering = ["name_sort", "pk"]
        indexes = [
            models.Index(fields=["name_sort", "id"], name="municipality_by_name"),
            models.Index(fields=["region", "name_sort"], name="municipality_by_region"),
            models.Index(fields=["in_programme", "name_sort"], name="municipality_by_programme"),
            models.Index(fields=["kind", "name_sort"], name="municipality_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(oktmo__isnull=True) | Q(oktmo__regex=r"^([0-9]{8}|[0-9]{11})$"),
                name="municipality_oktmo_digits",
                violation_error_message=_("ОКТМО состоит из 8 или 11 цифр."),
            ),
            models.UniqueConstraint(
                fields=["proposal_prefix"],
                condition=~Q(proposal_prefix=""),
                name="municipality_prefix_once",
                violation_error_message=_("С этих букв начинаются номера другого города."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="municipality_has_both_coordinates",
                violation_error_message=_("Укажите и широту, и долготу или ни одной."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.oktmo = self.oktmo or None
        self.name_sort = sort_key(self.name)
        self.search_stems = self.stems_to_keep()
        super().save(*args, **kwargs)

    def stems_to_keep(self):
        """What `search_stems` holds."""
        return index_text(self.name, self.name_en)

    def clean(self):
        check_slug(self)
        if self.parent_id and self.parent_id == self.pk:
            raise ValidationError({"parent": _("Город не может входить сам в себя.")})
        if self.parent_id and self.parent.region_id != self.region_id:
            raise ValidationError({"parent": _("Район и город должны быть в одном регионе.")})

    def get_absolute_url(self):
        return reverse("municipality_detail", args=[self.slug])

    @property
    def territory(self):
        """(region id, municipality id), as permissions ask for it."""
        return self.region_id, self.pk


class Boundary(models.Model):
    """The outline of a municipality, kept apart so that lists do not carry it."""

    municipality = models.OneToOneField(Municipality, models.CASCADE, primary_key=True, verbose_name="город")
    geometry = models.JSONField("контур (GeoJSON)")
    credit = models.CharField("чьи границы", max_length=200, blank=True)

    part_of = "municipality"

    class Meta:
        verbose_name = "граница"
        verbose_name_plural = "границы"

    def __str__(self):
        return str(self.municipality)


class Population(Record):
    """How many people, in which year, by which count."""

    class Level(models.TextChoices):
        TOWN = "town", _("город")
        DISTRICT = "district", _("городской округ")

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="populations", verbose_name="город")
    year = models.PositiveSmallIntegerField(
        "год", null=True, blank=True, validators=POSSIBLE_YEARS, help_text="Пусто — в источнике не указан."
    )
    counted_on = models.DateField("на дату", null=True, blank=True)
    people = models.PositiveIntegerField("человек")
    level = models.CharField("что считали", max_length=10, choices=Level, default=Level.TOWN)
    basis = models.CharField("основание", max_length=40, blank=True, help_text="Перепись или оценка.")
    precision = models.PositiveIntegerField("точность, человек", default=1)

    part_of = "municipality"

    class Meta:
        verbose_name = "население"
        verbose_name_plural = "население по годам"
        ordering = ["municipality", "year", "level"]
        indexes = [models.Index(fields=["municipality", "-year", "-level"], name="population_latest")]
        constraints = [
            models.UniqueConstraint(
                Coalesce("year", 0), "municipality", "level", "basis",
                name="population_once_a_year",
                violation_error_message=_("Население за этот год уже внесено."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.municipality}, {self.year or '—'}: {self.people}"


class HeadQuerySet(models.QuerySet):
    def search(self, query):
        """Heads whose name holds every word of the query."""
        return matching(self, query)


class Head(Record):
    """Who headed the town and when, as far as sources tell; an empty end is «не найдено», not «до сих пор»."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="heads", verbose_name="город")
    name = models.CharField("имя и фамилия", max_length=150)
    post = models.CharField("должность", max_length=150, default="глава городского округа")
    since = PartialDateField("с")
    until = PartialDateField("по")
    is_acting = models.BooleanField("временно исполняет обязанности", default=False)
    order = models.PositiveSmallIntegerField("порядок", default=0, help_text="По времени: больше — позже.")
    search_stems = models.TextField(editable=False, blank=True)

    part_of = "municipality"
    objects = HeadQuerySet.as_manager()

    class Meta:
        verbose_name = "глава"
        verbose_name_plural = "главы"
        ordering = ["municipality", "-order", "-since"]
        indexes = [models.Index(fields=["municipality", "-order"], name="head_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name", "since"],
                name="head_term_once",
                violation_error_message=_("Этот срок главы уже внесён."),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.municipality}"

    def save(self, *args, **kwargs):
        self.search_stems = self.stems_to_keep()
        super().save(*args, **kwargs)

    def stems_to_keep(self):
        """What `search_stems` holds."""
        return index_text(self.name)

    @property
    def is_dated(self):
        """Whether sources date the term at all: whoever is only named may have gone long ago."""
        return bool(self.since or self.until)

    def is_over(self, on):
        """Whether the term had ended before a day: who heads the town now is another question then."""
        end = last_day(self.until)
        return end is not None and end < on

    def clean(self):
        # Asked even where a date is refused: the words of its field say what is wrong with it.
        are_dates = is_partial_date(self.since) and is_partial_date(self.until)
        if are_dates and last_day(self.until) < first_day(self.since):
            raise ValidationError({"until": _("Срок кончается раньше, чем начался.")})
