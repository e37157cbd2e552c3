import datetime

from django.core.management.base import BaseCommand
from django.utils import timezone

from municipalities.models import Region
from sessions.models import Proposal


class Command(BaseCommand):
    help = (
        "Стереть имена и почту авторов, срок хранения которых прошёл (у региона: «дней хранить имена», со дня "
        "согласия). Слова остаются. Повторный запуск ничего не меняет."
    )

    def handle(self, **options):
        now, total = timezone.now(), 0
        for region in Region.objects.defer("outline"):
            before = now - datetime.timedelta(days=region.keep_authors_days)
            erased = Proposal.objects.filter(region=region).erase_expired(before)
            total += erased
            if erased:
                self.stdout.write(f"{region}: стёрто имён и адресов у предложений: {erased}.")
        if not total:
            self.stdout.write("Стирать нечего: у всех, кто дал согласие, срок ещё не прошёл.")
