from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sessions.models import Session
from sessions.result_letters import send_results


class Command(BaseCommand):
    help = (
        "Написать авторам предложений сессии, оставившим почту, что стало с их словами. Каждому один раз: повторный "
        "запуск досылает только неушедшее."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", help="адрес сессии, например syzran-2026")

    def handle(self, *, slug, **options):
        if not settings.SITE_URL:
            raise CommandError("Не задан SITE_URL: в письмах некуда вести. Ничего не отправлено.")
        session = Session.objects.public().filter(slug=slug).first()
        if session is None:
            raise CommandError(f"Сессии с адресом «{slug}» на сайте нет.")
        outcomes = send_results(session)
        failed = len(outcomes) - sum(outcomes)
        self.stdout.write(f"отправлено {sum(outcomes)}, не удалось {failed}")
        if failed:
            raise CommandError("Не все письма ушли. Следующий запуск попробует ещё раз.")
