import datetime

from django.core.management.base import BaseCommand
from django.utils import timezone

from exchange.models import TableImport
from municipalities.models import Region
from sessions.models import Proposal


class Command(BaseCommand):
    help = (
        "Стереть имена и почту авторов, срок хранения которых прошёл (у региона: «дней хранить имена», со дня "
        "согласия); слова остаются. И удалить файлы таблиц, срок хранения которых прошёл. Повторный запуск ничего не "
        "меняет."
    )

    def handle(self, **options):
        now, total = timezone.now(), 0
        for region in Region.objects.defer("outline"):
            before = now - datetime.timedelta(days=region.keep_authors_days)
            erased = Proposal.objects.filter(region=region).erase_expired(before)
            total += erased
            if erased:
                self.stdout.write(f"{region}: стёрто имён и адресов у предложений: {erased}.")
        files = TableImport.objects.forget_expired(timezone.localdate(now))
        if files:
            self.stdout.write(f"Удалено файлов внесённых таблиц: {files}.")
        if not total and not files:
            self.stdout.write("Стирать нечего: у всех, кто дал согласие, срок ещё не прошёл.")
