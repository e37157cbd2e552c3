"""What a sheet shows of a number or a date by its format."""

import pytest

from exchange.sheets.formats import as_shown, is_date, shown_number, shown_serial
from exchange.sheets.marks import DAY, ERROR

ROUBLES = '_-* #,##0.00\\ "₽"_-;-* #,##0.00\\ "₽"_-;_-* "-"??\\ "₽"_-;_-@_-'


@pytest.mark.invariant(96)
@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (75, '0"%"', "75%"), (0.41, "0%", "41%"), (0.755, "0.0%", "75.5%"), (0.755, "0%", "76%"), (2, "0%", "200%"),
        (1234567, "#,##0.0,", "1234.6"), (2_500_000, "0.0,,", "2.5"), (1.1, "0.00", "1.10"), (5, "000", "005"),
        (0.1 + 0.2, "General", "0.3"), (1e-9, "General", "0.000000001"), (10**20, "0", "1" + "0" * 20),
        (-5, "#,##0;[Red]#,##0", "-5"), (-5, "#,##0;(#,##0)", "-5"), (-0.2, "0", "0"), (3, "+0;-0", "3"),
        (1234.5, ROUBLES, "1234.50 ₽"), (0, ROUBLES, "0 ₽"), (0, '0;-0;"-"', "0"), (0, '0;-0;"нет"', "нет"),
        (12.5, "[$$-409]#,##0.00", "$12.50"), (12.5, "#,##0.00 [$₽-419]", "12.50 ₽"),
        (7, '0.0" млн руб."', "7.0 млн руб."),
        (12, '"П-"00', "П-12"), (5, '0"."', "5."), (9171234567, "0-000-000-00-00", "0-917-123-45-67"),
        (0.5, "#,##0.##", "0.5"), (1234, "#,##0.##", "1234"), (0.125, "#,##0.####", "0.125"), (1.1, "0.?", "1.1"),
        (36735000, "0.00E+00", "36735000"), (1.5, "# ?/?", "1.5"), (5, "@", "5"), (3, ";;;", ""),
        (5000, '[>=1000000]0.0,,"млн";[>=1000]0.0,"тыс";0', "5.0 тыс"), (5, '[>=1000]0.0,"тыс";0', "5"),
        (float("inf"), "0", ERROR + "#NUM!"),
    ],
)  # fmt: skip
def test_number_is_what_the_sheet_shows(value, form, text):
    assert shown_number(value, form).text == text


@pytest.mark.parametrize(
    ("value", "form", "told"),
    [
        (0.4, "0", ("0.4", "")), (12, '0" чел."', ("", "чел.")), (1234567, "#,##0.0,", ("1234567", "")),
        (5, "0", ("", "")), (3, ";;;", ("3", "")), (0.41, "0%", ("", "")), (9.999, '0.0" кв. м"', ("9.999", "кв. м")),
    ],
)  # fmt: skip
def test_what_the_sheet_does_not_show_is_told(value, form, told):
    shown = shown_number(value, form)

    assert (shown.lost, shown.beside) == told


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (46387, "dd.mm.yyyy", f"{DAY}2026-12-31"), (46387.5, "dd.mm.yyyy h:mm", f"{DAY}2026-12-31"),
        (46387, "d-mmm", f"{DAY}2026-12-31"), (46387, "[$-419]mmmm\\ yyyy;@", "декабрь 2026"),
        (46387, "mm.yyyy", "12.2026"),
        (46023, "yyyy", "2026"), (46023, 'yyyy"-й год"', "2026"), (0.4375, "h:mm", "10:30"), (1.5, "[h]:mm", "36:00"),
        (1, "dd.mm.yyyy", f"{DAY}1900-01-01"), (-4, "dd.mm.yyyy", f"{ERROR}#######"), (3e9, "yyyy", f"{ERROR}#######"),
    ],
)  # fmt: skip
def test_date_is_what_the_sheet_shows(number, form, text):
    assert is_date(form)
    assert shown_serial(number, form).text == text


@pytest.mark.parametrize(
    "form", ["General", '0" дн."', "0\\д", '#,##0\\ "h"', "[Red]0", "@", "[$-419]0", '0.0" млн руб."']
)
def test_format_of_a_number_is_no_date(form):
    assert not is_date(form)


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (0.41, "41%", "41%"), (0.755, "75,5%", "75.5%"), (1234.5, "1 234,50 ₽", "1234.50 ₽"), (5, "005", "005"),
        (1.1, "1,10", "1.10"), (1234567, "1 234,6", "1234.6"), (1234, "1,234", "1234"), (-12, "(12)", "-12"),
        (12, "12 чел.", "12"), (0.05, "0,05", "0.05"), (0, "-", "-"), (41.237, "41,24", "41.24"),
    ],
)  # fmt: skip
def test_shown_text_and_value_make_a_number(value, shown, text):
    assert as_shown(value, shown).text == text
