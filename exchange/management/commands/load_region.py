from django.core.management.base import BaseCommand, CommandError

from exchange.region_box.loading import load_region
from exchange.region_box.tables import BadFilesError


class Command(BaseCommand):
    help = "Загрузить регион из папки с файлами CSV и GeoJSON (описание папки — demo/README.md)."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="папка региона, например demo/samara")
        parser.add_argument("--dry-run", action="store_true", help="проверить и посчитать, ничего не записывать")

    def handle(self, *, folder, dry_run, **options):
        try:
            loaded = load_region(folder, dry_run=dry_run, progress=self.stderr.write)
        except BadFilesError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"Ошибок: {len(error.problems)}. Ничего не записано.") from error
        for name, counts in loaded.counts.items():
            self.stdout.write(f"{name}: {counts}")
        for kept in loaded.total.kept:
            self.stderr.write(f"Внимание: {kept}")
        said = "Проверка прошла, ничего не записано" if dry_run else "Загружено"
        self.stdout.write(f"{said}. {loaded.region}: {loaded.total}")
