import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from strategies.reporting.reminders import send_reminders


class Command(BaseCommand):
    help = (
        "Разослать напоминания об отчётах и письма, которые не ушли раньше. Второй запуск за день досылает неушедшее."
    )

    def add_arguments(self, parser):
        parser.add_argument("--on", metavar="ДАТА", help="за какой день, например 2026-10-12; сегодня, если не сказано")

    def handle(self, *, on=None, **options):
        if not settings.SITE_URL:
            raise CommandError("Не задан SITE_URL: в письмах некуда вести. Ничего не отправлено.")
        outcomes = send_reminders(self._day(on) if on else timezone.localdate())
        sent = sum(outcomes)
        failed = len(outcomes) - sent
        self.stdout.write(f"отправлено {sent}, не удалось {failed}")
        if failed:
            raise CommandError("Не все письма ушли. Следующий запуск в тот же день попробует ещё раз.")

    def _day(self, text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise CommandError(f"--on: ожидалась дата вида 2026-10-12, а не «{text}».") from None
