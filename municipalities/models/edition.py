from django.db import models


class Edition(models.Model):
    """One row that counts changes of what the public sees; public answers are cached by its number."""

    number = models.PositiveBigIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "издание сайта"
        verbose_name_plural = "издание сайта"

    def __str__(self):
        return str(self.number)

    @classmethod
    def current(cls):
        """The number of the present edition (0 before the first change); one query."""
        return cls.objects.values_list("number", flat=True).filter(pk=1).first() or 0

    @classmethod
    def bump(cls):
        """Say that public pages changed. Call it after the change is committed, or inside its transaction."""
        if not cls.objects.filter(pk=1).update(number=models.F("number") + 1):
            cls.objects.get_or_create(pk=1)
