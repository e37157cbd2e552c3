from django.core.management.base import BaseCommand

from exchange.papers.drawing import draw_all


class Command(BaseCommand):
    """Draw our own Word templates anew, after the columns of a paper have changed."""

    help = "Рисует заново наши шаблоны Word (exchange/paper_templates) по столбцам бумаг."

    def handle(self, *args, **options):
        draw_all()
        self.stdout.write("Шаблоны нарисованы: просмотрите их в Word и закоммитьте.")
