"""A pytest plug-in: the whole run on another day, by a shifted clock (`-p tests.another_day`).

`TESTS_ON` names the day, one of `HARD_DAYS` or any moment as 2027-01-01T00:30+04:00; without it the plug-in takes the
next of `IN_TURN` each time, by the number of commits, so that the check meets them in turn. Which day it was is
printed at the top and at the end of the run. The clock runs on from there, and goes back for every file of tests: a
slow run does not pass into the next day. What is started as a process of its own (kills, servers) keeps the real clock.
"""

import os
import subprocess
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

SAMARA = ZoneInfo("Europe/Samara")
# Why each is hard: the years differ by zone; a day that most years lack; edges of a quarter; no working day; and days
# from which the counts of days to the fixed dates of the demo (14.08.2018, 22.06.2018) end in 1, 2, 5, 11 and 21.
HARD_DAYS = {
    "last-evening": datetime(2026, 12, 31, 23, 30, tzinfo=SAMARA),
    "first-night": datetime(2027, 1, 1, 0, 30, tzinfo=SAMARA),
    "leap-day": datetime(2028, 2, 29, 12, 0, tzinfo=SAMARA),
    "quarter-ends": datetime(2027, 3, 31, 22, 0, tzinfo=SAMARA),
    "quarter-begins": datetime(2027, 4, 1, 1, 0, tzinfo=SAMARA),
    "sunday": datetime(2026, 12, 6, 12, 0, tzinfo=SAMARA),
    "holiday": datetime(2027, 6, 12, 12, 0, tzinfo=SAMARA),
    "counts-end-in-1": datetime(2026, 12, 1, 9, 0, tzinfo=SAMARA),
    "counts-end-in-2": datetime(2026, 12, 2, 9, 0, tzinfo=SAMARA),
    "counts-end-in-5": datetime(2026, 12, 5, 9, 0, tzinfo=SAMARA),
    "counts-end-in-11": datetime(2027, 2, 19, 9, 0, tzinfo=SAMARA),
    "counts-end-in-21": datetime(2027, 3, 1, 9, 0, tzinfo=SAMARA),
}

# Days on which the whole set was seen green; the others are asked by name until they were. (Factories promise until the
# end of 2027: on the leap day of 2028 what they make is late.)
IN_TURN = ("quarter-begins", "first-night")


def _commits():
    """How many commits the checkout has; 0 where there is no git."""
    asked = subprocess.run(
        ["git", "rev-list", "--count", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return int(asked.stdout or 0)


def chosen():
    """(name, moment) of the day of this run.

    Raises:
        ValueError: `TESTS_ON` is neither a name of the list nor a moment with its zone.
    """
    asked = os.environ.get("TESTS_ON", "")
    if asked in HARD_DAYS:
        return asked, HARD_DAYS[asked]
    if asked:
        moment = datetime.fromisoformat(asked)
        if moment.tzinfo is None:
            raise ValueError(f"TESTS_ON={asked}: a moment needs its zone, as 2027-01-01T00:30+04:00.")
        return asked, moment
    name = IN_TURN[_commits() % len(IN_TURN)]
    return name, HARD_DAYS[name]


def pytest_configure(config):
    """Shift the clock of this process before anything is collected."""
    config.another_day = chosen()
    travel = time_machine.travel(config.another_day[1], tick=True)
    config.shifted_clock = travel
    config.traveller = travel.start()
    config.file_on_that_day = None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Another file: the same moment again."""
    if item.config.file_on_that_day != item.path:
        item.config.file_on_that_day = item.path
        item.config.traveller.move_to(item.config.another_day[1])


def pytest_unconfigure(config):
    """Give the real clock back."""
    config.shifted_clock.stop()


def pytest_report_header(config):
    """The line at the top."""
    return "On another day: {}, {:%d.%m.%Y %H:%M %Z}".format(*config.another_day)


def pytest_terminal_summary(terminalreporter, config):
    """The line at the end."""
    terminalreporter.write_line("On another day: {}, {:%d.%m.%Y %H:%M %Z}".format(*config.another_day))
