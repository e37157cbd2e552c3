from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipalities.fields import validate_oktmo
from municipalities.search import sort_key

from .named import Named
from .record import Record


class Region(Named, Record):
    """A subject of the federation: the level above towns; all rights are scoped to one."""

    name = models.CharField("название", max_length=150, unique=True)
    name_en = models.CharField("название по-английски", max_length=150, blank=True)
    slug = models.SlugField("адрес", max_length=60, unique=True)
    code = models.CharField(
        "код ОКАТО",
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{2,5}$", _("Код ОКАТО региона — от 2 до 5 цифр."))],
    )
    oktmo = models.CharField("ОКТМО", max_length=11, unique=True, null=True, blank=True, validators=[validate_oktmo])
    is_active = models.BooleanField(
        "ведёт программу", default=False, help_text="Снимите, если регион есть только как справочный."
    )
    joined_on = models.DateField(
        "ведёт программу здесь с", null=True, blank=True,
        help_text="С этого дня сайт считает опоздания и молчание. Пусто — не считает: срок обязателен для того, кто "
        "его на себя взял. Первый отчётный период ставит этот день сам.",
    )  # fmt: skip
    answer_days = models.PositiveSmallIntegerField(
        "дней на ответ", default=30, help_text="За сколько дней отвечают на предложение жителя. Дольше — видно всем."
    )
    gap_days = models.PositiveSmallIntegerField(
        "дней на пробел", default=30,
        help_text="За сколько дней решают, кто закроет пробел в программе. Дольше — опаздывает область, и это видно.",
    )  # fmt: skip
    keep_authors_days = models.PositiveSmallIntegerField(
        "дней хранить имена", default=365, help_text="Потом имена и почта авторов стираются, слова остаются."
    )
    appeals_url = models.URLField(
        "электронная приёмная", blank=True, help_text="Где принимают обращения по 59-ФЗ; пусто — Госуслуги."
    )
    outline = models.JSONField("контур (GeoJSON)", null=True, blank=True)
    outline_credit = models.CharField("чьи границы", max_length=200, blank=True)
    name_sort = models.CharField(max_length=150, editable=False, db_index=True)

    class Meta:
        verbose_name = "регион"
        verbose_name_plural = "регионы"
        ordering = ["is_sample", "name_sort"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.oktmo = self.oktmo or None
        self.name_sort = sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("municipality_list") + f"?region={self.slug}"

    def expects(self, day):
        """Whether what was promised for a day is a duty here: nobody is late from before the region joined."""
        return self.joined_on is not None and day is not None and day >= self.joined_on

    @property
    def territory(self):
        """(region id, municipality id or None), as permissions ask for it."""
        return self.pk, None
