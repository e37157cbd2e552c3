import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import JournalEntry, Letter, User
from config.demo.people import ACCOUNTS, is_sample_user, make_accounts
from config.demo.samples import SampleTree, make_ground
from strategies.models import Programme


class Command(BaseCommand):
    help = "Add a sample region with accounts and records, each marked «пример», for a try-out. Needs DEMO=1."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("Примеры нужны только для пробы: запустите с DEMO=1 (так делает make run).")
        self._refuse_real_people()
        if Programme.objects.filter(is_sample=True, region__is_sample=False).exists():
            raise CommandError(
                "В базе примеры прежней пробы: они стоят среди настоящих городов. Ничего не изменено. "
                "Начните заново: make clean, потом make run."
            )
        on = timezone.localdate()
        with transaction.atomic():
            region, towns = make_ground(on=on)
            people = make_accounts(region, towns, os.environ.get("DEMO_PASSWORD") or "demo", on=on)
            is_new = not region.programmes.exists()
            if is_new:
                SampleTree(region, towns, people, on=on).build()
                # Years of samples are made in a moment: nobody is written to about each of their steps.
                Letter.objects.unsent().delete()
        self.stdout.write("Примеры добавлены." if is_new else "Примеры уже есть, ничего не изменено.")
        self.stdout.write(f"Учётные записи: {', '.join(ACCOUNTS)}.")

    def _refuse_real_people(self):
        """Only sample people could have entered anything: one real account, and the database is not for samples.

        Records without an author came from the region's folder; the journal names an author for every step.
        """
        strangers = [user.username for user in User.objects.order_by("username") if not is_sample_user(user)]
        if strangers:
            raise CommandError(
                f"В базе есть настоящие учётные записи ({', '.join(strangers[:5])}): примеры сюда не добавляют. "
                "Ничего не изменено. Возьмите пустую базу и загрузите в неё регион."
            )
        if JournalEntry.objects.filter(actor__isnull=True, is_sample=False).exists():
            raise CommandError("В журнале есть шаги без примеров: это рабочая база. Ничего не изменено.")
