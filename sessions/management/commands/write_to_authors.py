from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sessions.unsent_letters import send_answers, send_done, send_receipts

OWED = (("о номерах", send_receipts), ("об ответах", send_answers), ("о сделанном", send_done))


class Command(BaseCommand):
    help = (
        "Написать авторам предложений, оставившим почту: номер и ответ, письмо о которых не ушло сразу, и «сделано», "
        "когда выполнены все меры. Каждому о каждом один раз: повторный запуск досылает только неушедшее."
    )

    def handle(self, **options):
        if not settings.SITE_URL:
            raise CommandError("Не задан SITE_URL: в письмах некуда вести. Ничего не отправлено.")
        failed = 0
        for what, send in OWED:
            outcomes = send()
            sent = sum(outcomes)
            failed += len(outcomes) - sent
            self.stdout.write(f"{what}: отправлено {sent}, не удалось {len(outcomes) - sent}")
        if failed:
            raise CommandError("Не все письма ушли. Следующий запуск попробует ещё раз.")
