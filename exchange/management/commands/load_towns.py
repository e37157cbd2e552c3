from django.core.management.base import BaseCommand, CommandError

from exchange.region_box.tables import BadFilesError
from exchange.region_box.towns import load_towns


class Command(BaseCommand):
    help = "Загрузить справочник городов России (файл CSV со столбцами hflabs/city)."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="например demo/towns/all_russia_towns.csv")

    def handle(self, *, file, **options):
        try:
            loaded = load_towns(file, progress=self.stderr.write)
        except BadFilesError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"Ошибок: {len(error.problems)}. Ничего не записано.") from error
        for warning in loaded.warnings:
            self.stderr.write(f"Внимание: {warning}")
        self.stdout.write(
            f"Загружено городов: {loaded.towns}, новых регионов: {loaded.regions}, уже были: {loaded.already}."
        )
