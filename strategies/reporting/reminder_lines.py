"""What a reminder consists of: lines of things that wait for a person, and the rhythm in which they are told."""

from dataclasses import dataclass

from django.utils import formats

from municipalities import numbers

from .letters import place_of

# Ten days leave time to gather figures and photos, three to have them signed; the last letter is for the day itself.
DAYS_BEFORE = frozenset({10, 3, 0})
# The day after, while it can be mended quietly; then once a week: more often, and letters are no longer read.
FIRST_DAY_AFTER, EVERY_DAYS_AFTER = 1, 7
LATE, RETURNED, PROMISE, SOON = "late", "returned", "promise", "soon"
REVIEW, REVISION = "review", "revision"
ORDER = (LATE, RETURNED, PROMISE, SOON, REVIEW, REVISION)


def is_day_after(days):
    """Whether one is reminded so many days after a due date or a return."""
    return days == FIRST_DAY_AFTER or (days > 0 and days % EVERY_DAYS_AFTER == 0)


def is_reminder_day(due_on, on):
    """Whether a report that is due on a date is reminded of on a day."""
    days = (on - due_on).days
    return is_day_after(days) if days > 0 else -days in DAYS_BEFORE


@dataclass(frozen=True)
class Line:
    """Something that waits for a person.

    Attributes:
        period_label: of which period a report is; empty for a promise.
        is_today: whether the rhythm says to write today.
        form: what opens it.
        town: whose word a promise is about; elsewhere the town of the subject.
        promise: what the other side gives, (kind in words, sum or None, year, condition); empty for a report.
        is_early: whether there is time still: such lines may be switched off.
    """

    kind: str
    subject: object
    period_label: str
    days: int
    when: str
    is_today: bool
    form: tuple
    comment: str = ""
    link: str = ""
    town: object = None
    promise: tuple = ()
    is_early: bool = False

    @property
    def title(self):
        """What waits, in words."""
        return f"{self.subject.title}: отчёт за {self.period_label}" if self.period_label else self.subject.title

    @property
    def place(self):
        """The town; nothing for a region-wide measure."""
        return self.town or place_of(self.subject)

    @property
    def rank(self):
        """For sorting: late first, then returned, promises, then by date; the longest first."""
        return ORDER.index(self.kind), self.days if self.kind == SOON else -self.days


def day_words(date):
    """«1 мая 2026 года», on one line."""
    return f"{formats.date_format(date, 'j E Y')} года".replace(" ", numbers.NBSP)
