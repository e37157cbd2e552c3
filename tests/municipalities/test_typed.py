"""What people type and paste is kept in one form, and blank is blank."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from municipalities.typed import clean, cleaned, whole_number, whole_versions


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"),
        ("Дороги_x000D_\nи мосты", "Дороги\nи мосты"),
        ("Новокуи\u0306бышевск", "Новокуйбышевск"),
        ("Новокуи\u200b\u0306бышевск", "Новокуйбышевск"),
        ("a_x00\x000D_b", "a\nb"),
        ("Ответст\u00adвенный", "Ответственный"),
        ("5\u200b000", "5000"),
        ("\ufeffШкола", "Школа"),
        ("тел. \u202e7298", "тел. 7298"),
        ("a\x00b\x1bc\td", "abc\td"),
        ("\ud83d", ""),
        ("\u200b", ""),
        (" \u200d\ufe0f\xa0\n", " \xa0\n"),
        *[(blank * 3, "") for blank in "\u061c\u115f\u180e\u2800\u3164\uffa0\ufffc\U000e0020"],
        ("Флаг \u115f\U000e0067", "Флаг \u115f\U000e0067"),
        ("   ", "   "),
        ("Семья 👨\u200d👩\u200d👧", "Семья 👨\u200d👩\u200d👧"),
        ("1\xa0500", "1\xa0500"),
        ("", ""),
    ],
)
def test_clean(text, kept):
    assert clean(text) == kept


@given(st.text())
def test_clean_again_changes_nothing(text):
    once = clean(text)

    assert clean(once) == once
    assert "\x00" not in once
    once.encode()


def test_cleaned_leaves_passwords_and_the_original_alone():
    posted = QueryDict(mutable=True)
    posted.setlist("text", ["a\r\nb", "\u200b"])
    posted["password"] = posted["new_password1"] = "пароли\u0306\u200b"

    found = cleaned(posted)

    assert found.getlist("text") == ["a\nb", ""]
    assert (found["password"], found["new_password1"]) == ("пароли\u0306\u200b",) * 2
    assert posted["text"] == "\u200b"


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("0012", 12), ("9" * 17, 10**17 - 1), ("9" * 18, None), ("9" * 5000, None)]
    + [(text, None) for text in ("", " 1", "-1", "+1", "1.0", "1e3", "٣", "²", "1\n", "1\0", "да")],
)
def test_whole_number(text, number):
    assert whole_number(text) == number


def test_whole_versions_leave_out_what_says_no_two_numbers():
    assert whole_versions(["12-3", "5", "5-", "5-6-7", "x-1", "7-" + "9" * 5000, "8-0"]) == {12: 3, 8: 0}
