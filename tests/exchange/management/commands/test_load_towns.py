"""The command as a person at the terminal meets it."""

import io

import pytest
from django.core.management import CommandError, call_command

from municipalities.models import Municipality

HEADER = "address,region_type,region,city,fias_id,oktmo,geo_lat,geo_lon,population"
VOLSK = '"обл, г Вольск",обл,Саратовская,Вольск,5b2444aa-70a0-4932-980c-b4dc0d3f02b5,63611101001,52.04,47.37,66508'
TWIN = '"обл, г Хвалынск",обл,Саратовская,Хвалынск,5b2444bb-70a0-4932-980c-b4dc0d3f02b5,63611101001,52.49,48.1,13141'


def test_load_towns_prints_counts_and_warnings(db, tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text("\n".join([HEADER, VOLSK, TWIN]), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()

    call_command("load_towns", str(path), stdout=out, stderr=err, no_color=True)

    assert out.getvalue() == "Загружено городов: 2, новых регионов: 1, уже были: 0.\n"
    assert err.getvalue() == (
        "Внимание: towns.csv:3: ОКТМО 63611101001 уже стоит в строке 2 (Вольск): Хвалынск — загружено с пустым ОКТМО\n"
    )


def test_load_towns_prints_faults_and_fails(db, tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text("\n".join([HEADER, VOLSK, TWIN.replace("13141", "?")]), encoding="utf-8")
    err = io.StringIO()

    with pytest.raises(CommandError) as failed:
        call_command("load_towns", str(path), stderr=err, no_color=True)

    assert (str(failed.value), failed.value.returncode) == ("Ошибок: 1. Ничего не записано.", 1)
    assert err.getvalue() == "towns.csv:3: population: «?» — не целое число; ожидались только цифры, например 2018\n"
    assert Municipality.objects.count() == 0
