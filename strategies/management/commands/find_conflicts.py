from django.core.management.base import BaseCommand, CommandError

from municipalities.models import Region
from strategies.coverage.conflicts.keep import search_region


class Command(BaseCommand):
    help = "Найти наложения и противоречия в программах областей. Исправленное отмечается. Повтор ничего не меняет."

    def add_arguments(self, parser):
        parser.add_argument("--region", metavar="АДРЕС", help="одна область; без него — все, что ведут программу")

    def handle(self, *args, **options):
        regions = Region.objects.filter(is_active=True)
        if options["region"]:
            regions = Region.objects.filter(slug=options["region"])
            if not regions:
                raise CommandError(f"Региона «{options['region']}» нет.")
        for region in regions:
            done = search_region(region)
            self.stdout.write(
                f"{region}: найдено {done.total}, новых {done.new}, вернулось {done.back}, устранено {done.gone}."
            )
