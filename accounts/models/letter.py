import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# A sender that died on the way lets go after this long; a mail server answers much sooner (`EMAIL_TIMEOUT`).
HELD_FOR = datetime.timedelta(minutes=15)
# A day of hourly runs: a mail server that is away comes back in it, and an address refused so often is a wrong one.
ATTEMPTS = 12


class LetterQuerySet(models.QuerySet):
    def unsent(self):
        """Letters that nobody has managed to send yet."""
        return self.filter(sent_at__isnull=True)

    def waiting(self):
        """Unsent letters that are still tried."""
        return self.unsent().filter(failures__lt=ATTEMPTS)

    def free(self, now):
        """Unsent letters that no other sender holds at a moment."""
        return self.unsent().filter(Q(taken_at__isnull=True) | Q(taken_at__lt=now - HELD_FOR))

    def sent_since(self, moment):
        """Letters that left at a moment or later."""
        return self.filter(sent_at__gte=moment)


class Letter(models.Model):
    """That a person is written to about one thing: once, however many senders run. Holds no address and no text."""

    class Kind(models.TextChoices):
        DIGEST = "digest", "напоминание"
        RETURNED = "returned", "вернули"
        PUBLISHED = "published", "опубликовано"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters", verbose_name="кому")
    kind = models.CharField("вид", max_length=10, choices=Kind)
    key = models.CharField("о чём", max_length=60, help_text="День напоминания или номер отчёта и его версия.")
    day = models.DateField("за какой день")
    created_at = models.DateTimeField("когда задумано", auto_now_add=True)
    taken_at = models.DateTimeField("когда взято в отправку", null=True, blank=True)
    sent_at = models.DateTimeField("когда отправлено", null=True, blank=True)
    failures = models.PositiveSmallIntegerField("неудачных попыток", default=0)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "письмо"
        verbose_name_plural = "письма"
        ordering = ["-day", "-pk"]
        indexes = [
            models.Index(fields=["kind", "day"], condition=Q(sent_at__isnull=True), name="letter_unsent"),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "key"], name="letter_once")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.key}"

    @classmethod
    def plan(cls, people, kind, key, *, day):
        """Note that people are to be written to; those already noted for the same thing stay as they are.

        Args:
            people: users.
            kind, key: about what; each person hears of it once.
            day: of which day the letter is.
        """
        rows = [cls(user=person, kind=kind, key=key, day=day) for person in people]
        cls.objects.bulk_create(rows, ignore_conflicts=True)

    def take(self):
        """Take the letter in hand: true for one sender only, however many ask at once."""
        now = timezone.now()
        return bool(Letter.objects.free(now).filter(pk=self.pk).update(taken_at=now))

    @classmethod
    def close(cls, letters):
        """Note that letters in hand have left."""
        cls.objects.filter(pk__in=[letter.pk for letter in letters]).update(taken_at=None, sent_at=timezone.now())

    @classmethod
    def put_back(cls, letters):
        """Note that letters in hand could not be sent: another run may try."""
        rows = cls.objects.filter(pk__in=[letter.pk for letter in letters])
        rows.update(taken_at=None, failures=F("failures") + 1)
