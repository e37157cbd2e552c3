"""Processes that are killed around the letters to authors: every letter that is owed arrives, under one Message-ID.

`LETTER_KILLS=200 pytest tests/sessions/test_letters_killed.py` kills more often.
"""

import email
import itertools
import os
import random
from collections import defaultdict

import pytest
from django.db import connection

from tests.strategies.reporting.test_publication_killed import Publisher, _postgresql, _sqlite

KILLS = int(os.environ.get("LETTER_KILLS", "12"))
ACTS = ("receive", "answer", "command")
POINTS = 16  # more than any act has between its beginning and its last letter
START = "import django; django.setup();from tests.sessions import letters_process; letters_process.main()"
HELD_LONG_AGO = (
    "UPDATE discussions_proposal SET letter_held_at = '2020-01-01 00:00:00' WHERE letter_held_at IS NOT NULL"
)


@pytest.fixture
def process(transactional_db, tmp_path, monkeypatch):
    """(the other process, how to write past it, the folder of letters)."""
    letters = tmp_path / "letters"
    letters.mkdir()
    monkeypatch.setenv("LETTERS", str(letters))
    path = tmp_path / "shared.sqlite3"
    url, read_all = _sqlite(path) if connection.vendor == "sqlite" else _postgresql()
    other = Publisher(url, read_all, start=START)
    try:
        assert other.tell("prepare") == ["prepared"]
        assert other.hear() == ["ended", "0"]
        yield other, letters
    finally:
        other.end()


def arrived(folder):
    """{(address, the first word of the subject): [Message-IDs]} of whole letters that left."""
    found = defaultdict(list)
    for file in folder.iterdir():
        for text in file.read_text(encoding="utf-8").split("-" * 79 + "\n"):
            if "Message-ID" in text:
                letter = email.message_from_string(text.strip())
                subject = str(email.header.make_header(email.header.decode_header(letter["Subject"])))
                found[letter["To"], subject.split()[0]].append(letter["Message-ID"])
    return found


@pytest.mark.slow
@pytest.mark.invariant(76)
def test_every_letter_to_an_author_arrives_whenever_the_process_is_killed(process):
    other, folder = process
    chance, stopped = random.Random(7), 0

    for number, act in zip(itertools.count(), itertools.cycle(ACTS), strict=False):
        if stopped == KILLS:
            break
        assert number < KILLS * 4, "too few points to kill at"
        # Each act is killed at every point sooner or later; a command that was held up finds what is owed.
        stopped += other.publish_and_kill(f"{act} {chance.randint(1, POINTS)}")[0] == "stopped"
        if act == "answer":
            other.write(HELD_LONG_AGO)

    for _round in range(2):
        other.write(HELD_LONG_AGO)
        assert other.publish_and_kill("command 0")[0] == "published"
    rows = other.read("SELECT author_email, received_told_at, answer_told_at, status FROM discussions_proposal")
    letters = arrived(folder)
    owed = {(to, "Предложение") for to, *_rest in rows}
    owed |= {(to, "Ответ") for to, _received, _answered, status in rows if status == "accepted"}
    untold = [row for row in rows if not row[1] or (row[3] == "accepted") != bool(row[2])]
    assert len(rows) >= KILLS // 6
    assert (owed - letters.keys(), letters.keys() - owed, untold) == (set(), set(), [])
    assert all(len(set(ids)) == 1 for ids in letters.values())
    assert sum(len(ids) - 1 for ids in letters.values()) <= KILLS
