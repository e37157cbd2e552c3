"""`manage.py open_reporting_cycle`: by the calendar or by a person; the second run changes nothing."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from municipalities.models import Edition
from strategies import periods
from strategies.models import Programme, ReportingCycle
from tests import factories


def run(**options):
    """What the command prints."""
    out = StringIO()
    call_command("open_reporting_cycle", stdout=out, **options)
    return out.getvalue().splitlines()


def refusal(**options):
    """What the command complains of."""
    with pytest.raises(CommandError) as refused:
        run(**options)
    return str(refused.value)


def opened():
    """(programme, year, period) of every cycle."""
    return list(ReportingCycle.objects.order_by("pk").values_list("programme", "year", "period"))


@pytest.fixture
def last():
    """The last finished quarter."""
    return periods.last_finished("quarter", timezone.localdate())


def test_opens_the_last_finished_period_of_every_action_programme(region, other_region, town, last, committed):
    first, second = factories.programme(region), factories.programme(other_region, rhythm="year")
    factories.programme(region, kind=Programme.Kind.STATE)
    factories.programme(region, status="prepared")
    measure = factories.measure(
        town, direction=factories.direction(region, programme=first), start=datetime.date(2020, 1, 1)
    )

    with committed():
        said = run()

    year = timezone.localdate().year - 1
    assert opened() == [(first.pk, *last), (second.pk, year, "year")]
    assert [row.subject for row in ReportingCycle.objects.earliest("pk").expected.all()] == [measure]
    assert said == [
        f"«{first}», {periods.label(*last)}: открыт приём, отчётов 1.",
        f"«{second}», {year} год: открыт приём, отчётов 0.",
    ]
    assert Edition.numbers() == {region.pk: 1, other_region.pk: 1}


def test_second_run_changes_nothing_and_says_so(region, last, committed):
    programme = factories.programme(region)
    with committed():
        run()

    with committed():
        said = run()

    assert said == [f"«{programme}», {periods.label(*last)}: приём уже был открыт, сейчас: идёт приём, отчётов 0."]
    assert (len(opened()), Edition.current()) == (1, 1)


def test_opens_one_programme_by_code_or_number_for_any_period(region):
    programme = factories.programme(region, code="roads", kind=Programme.Kind.STATE)
    factories.programme(region)

    run(programme="roads", period="2026-q1")
    run(programme=str(programme.pk), period="2025-q4")

    assert opened() == [(programme.pk, 2026, "q1"), (programme.pk, 2025, "q4")]


def test_opens_in_the_name_of_a_person(region, region_editor):
    factories.programme(region)

    run(by="editor")

    assert ReportingCycle.objects.get().created_by == region_editor


def test_nothing_to_open_is_said(db):
    assert run() == ["Программ действий, которые действуют, нет: открывать нечего."]
    assert Edition.current() == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"programme": "нет"}, "--programme: программы «нет» нет."),
        ({"programme": "9" * 30}, f"--programme: программы «{'9' * 30}» нет."),
        ({"period": "2026-q5"}, "--period: ожидался период вида 2026-q3, а не «2026-q5»."),
        ({"period": "0000-q1"}, "--period: ожидался период вида 2026-q3, а не «0000-q1»."),
        ({"by": "nobody"}, "--by: пользователя «nobody» нет, или его учётная запись закрыта."),
        ({"by": "syzran-head"}, "«Своя»: у пользователя syzran-head нет права открывать приём."),
        ({"period": "2099-q1"}, "«Своя», I квартал 2099 года: Этот период ещё не начался."),
        ({"period": "2026-h1"}, "«Своя», I полугодие 2026 года: По этой программе отчитываются в другом ритме."),
    ],
)
def test_complaints_are_russian_and_open_nothing(region, head, options, told, committed):
    factories.programme(region, title="Своя")

    with committed():
        assert refusal(**options) == told
    assert (opened(), Edition.current()) == ([], 0)


def test_programme_not_in_force_is_refused(region):
    programme = factories.programme(region, status="prepared")

    assert refusal(programme=str(programme.pk)).endswith("Отчёты собирают по программе, которая действует.")
    assert opened() == []


def test_code_of_two_regions_asks_for_the_number(region, other_region):
    first, second = (factories.programme(place, code="act") for place in (region, other_region))

    assert refusal(programme="act").endswith(f"Назовите номер: {first.pk}, {second.pk}.")


def test_one_refused_programme_does_not_stop_the_others(region, other_region, region_editor, committed):
    own = factories.programme(region)
    factories.programme(other_region, title="Чужая")

    with committed():
        told = refusal(by="editor")

    assert told == "«Чужая»: у пользователя editor нет права открывать приём."
    assert [pk for pk, *_rest in opened()] == [own.pk]
    assert Edition.numbers() == {region.pk: 1}
