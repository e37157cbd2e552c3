import datetime
from contextlib import suppress

from django.core.cache import cache
from django.db import models
from django.db.models import F
from django.utils import timezone

KEPT_FOR = 3 * 24 * 60 * 60
A_MINUTE = 60


class RefusedPost(models.Model):
    """How many posts to the public form were refused on a day, by kind; who sent them is not kept."""

    class Kind(models.TextChoices):
        RATE = "rate", "слишком часто с одного адреса"
        TOKEN = "token", "без ключа формы или с устаревшим"
        TRAP = "trap", "заполнено скрытое поле"
        FAST = "fast", "быстрее двух секунд"
        SIZE = "size", "слишком много знаков"

    day = models.DateField("день")
    kind = models.CharField("почему", max_length=5, choices=Kind)
    count = models.PositiveIntegerField("сколько", default=0)

    class Meta:
        verbose_name = "отклонённые отправки"
        verbose_name_plural = "отклонённые отправки"
        ordering = ["-day", "kind"]
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="refused_post_once")]

    def __str__(self):
        return f"{self.day}: {self.get_kind_display()}"

    @classmethod
    def note(cls, kind):
        """Count a refusal. A flood is counted in the cache and written once a minute, not post by post.

        Args:
            kind: why the post was refused.
        """
        name = _name(timezone.localdate(), kind)
        cache.add(name, 0, KEPT_FOR)
        with suppress(ValueError):  # a full cache has thrown it out this very moment
            cache.incr(name)
        if cache.add(f"{name}:written", 1, A_MINUTE):
            cls.settle()

    @classmethod
    def settle(cls):
        """Write down what has been counted and not written: of today and of yesterday."""
        today = timezone.localdate()
        names = {
            _name(day, kind): (day, kind) for day in (today - datetime.timedelta(days=1), today) for kind in cls.Kind
        }
        for name, counted in cache.get_many(names).items():
            if counted:
                cache.decr(name, counted)
                day, kind = names[name]
                row, _is_new = cls.objects.get_or_create(day=day, kind=kind)
                cls.objects.filter(pk=row.pk).update(count=F("count") + counted)


def _name(day, kind):
    return f"refused:{day.isoformat()}:{kind}"
