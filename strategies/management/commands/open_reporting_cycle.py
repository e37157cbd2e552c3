from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from municipalities.typed import whole_number
from strategies import periods
from strategies.programme.models.programme import Programme
from strategies.reporting.models.cycle import ReportingCycle

YEARS = range(2000, 2101)


class Command(BaseCommand):
    help = (
        "Открыть приём отчётов за последний закончившийся период. Без --programme — по всем программам действий, "
        "которые действуют. Повторный запуск ничего не меняет."
    )

    def add_arguments(self, parser):
        parser.add_argument("--programme", metavar="КОД", help="код или номер одной программы")
        parser.add_argument("--period", metavar="ПЕРИОД", help="например 2026-q3, 2026-h1, 2026-year")
        parser.add_argument("--by", metavar="ИМЯ", help="кто открывает; без имени приём открывается по календарю")

    def handle(self, *, programme=None, period=None, by=None, **options):
        programmes = [self._programme(programme)] if programme else list(self._all())
        asked = self._period(period) if period else None
        person = self._person(by) if by else None
        refused = []
        for one in programmes:
            year, of_year = asked or one.period_to_report(timezone.localdate())
            try:
                cycle, is_opened = ReportingCycle.start(one, year, of_year, by=person)
            except ValidationError as refusal:
                refused.append(f"«{one}», {periods.label(year, of_year)}: {' '.join(refusal.messages)}")
            except PermissionDenied:
                refused.append(f"«{one}»: у пользователя {person.username} нет права открывать приём.")
            else:
                said = "открыт приём" if is_opened else f"приём уже был открыт, сейчас: {cycle.get_status_display()}"
                self.stdout.write(f"«{one}», {cycle.period_label}: {said}, отчётов {cycle.expected.count()}.")
        if not programmes:
            self.stdout.write("Программ действий, которые действуют, нет: открывать нечего.")
        if refused:
            raise CommandError("\n".join(refused))

    def _all(self):
        return Programme.objects.reported_on().action_programmes().order_by("region", "title", "pk")

    def _programme(self, text):
        found = Programme.objects.filter(code=text)
        if not found:
            found = Programme.objects.filter(pk=whole_number(text))
        if not found:
            raise CommandError(f"--programme: программы «{text}» нет.")
        if len(found) > 1:
            numbers = ", ".join(str(one.pk) for one in found)
            raise CommandError(f"--programme: код «{text}» есть в нескольких регионах. Назовите номер: {numbers}.")
        return found[0]

    def _period(self, text):
        try:
            year, period = periods.parse(text)
        except ValueError:
            year, period = 0, None
        if year not in YEARS:
            raise CommandError(f"--period: ожидался период вида 2026-q3, а не «{text}».")
        return year, period

    def _person(self, username):
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"--by: пользователя «{username}» нет, или его учётная запись закрыта.")
        return person
