"""The command as a person at the terminal meets it."""

import io

import pytest
from django.core.management import CommandError, call_command

from municipalities.models import Population, Region


def run(*args):
    """(stdout, stderr) of the command."""
    out, err = io.StringIO(), io.StringIO()
    call_command("load_region", *args, stdout=out, stderr=err, no_color=True)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def test_load_region_prints_counts_by_file(db, box):
    out, err = run(str(box.folder))

    assert (out[0], out[-1]) == (
        "region: добавлено 1, изменено 0, без изменений 0",
        "Загружено. Самарская область: добавлено 26, изменено 0, без изменений 0",
    )
    assert err == []


def test_load_region_dry_run_says_that_nothing_is_written(db, box):
    out, _err = run(str(box.folder), "--dry-run")

    assert out[-1] == (
        "Проверка прошла, ничего не записано. Самарская область: добавлено 26, изменено 0, без изменений 0"
    )
    assert Region.objects.count() == 0


def test_load_region_prints_every_fault_and_fails(db, box):
    box.replace("populations.csv", "167100", "много")
    box.replace("directions.csv", "d1,action", "d1,reaction")
    err = io.StringIO()

    with pytest.raises(CommandError) as failed:
        call_command("load_region", str(box.folder), stderr=err, no_color=True)

    assert (str(failed.value), failed.value.returncode) == ("Ошибок: 2. Ничего не записано.", 1)
    assert err.getvalue().splitlines() == [
        "directions.csv:2: programme: «reaction» не найден в programmes.csv; ожидался код строки из этого файла",
        "populations.csv:2: people: «много» — не целое число; ожидались только цифры, например 2018",
    ]
    assert (Region.objects.count(), Population.objects.count()) == (0, 0)
