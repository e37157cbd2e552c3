"""What officials are written about reports: links that open the very form, notices of a decision.

Knows reports by what it is given: the models call it, so it does not import them.
"""

import datetime
import time
from collections import defaultdict

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.letters import STOPS, absolute, is_reachable, send
from accounts.models import Letter, Role, RoleAssignment, User
from strategies import periods

LINK_SALT = "strategies.letters.form"
# A reminder comes at least once a week: two weeks outlive the next one, and an old letter found later opens nothing.
LINK_LIVES = datetime.timedelta(days=14)
FORMS = {
    "measure": "office:report_measure",
    "priority": "office:report_priority",
    "correction": "office:report_correct",
    "review": "office:review_detail",
    "commitment": "office:commitment",
    "revisions": "office:revisions",
}
# Many reports may be published in a row: the first notice leaves at once, the rest together with the next reminders.
PUBLISHED_GAP = datetime.timedelta(hours=1)
# Whoever decides waits while notices leave: so many seconds of a minute, and not again after a failure. Somebody who
# publishes fifty reports at once is not held up by a hundred letters; the next reminders send what is left.
PATIENCE, A_MINUTE, WAITED = 5, 60, "letters-waited-for"
NOTICES = {"returned": Letter.Kind.RETURNED, "published": Letter.Kind.PUBLISHED}


# ——— Links ———


def form_of_report(report):
    """Which form mends a report: (a key of `FORMS`, arguments of its address)."""
    if report.corrects_id:
        return "correction", (report.corrects_id,)
    return form_of(report.subject, report.year, report.period)


def form_of(subject, year, period):
    """Which form takes a report on a measure or a priority: (a key of `FORMS`, arguments of its address)."""
    return subject._meta.model_name, (subject.pk, periods.code(year, period))


def form_link(user, form, args):
    """A whole address that opens a form for one person after sign-in, for `LINK_LIVES`.

    It lets nobody in and gives no right: the form asks for both itself.
    """
    token = signing.dumps([user.pk, form, args], salt=LINK_SALT)
    return absolute(reverse("office:go", args=[token]))


def read_form_token(token):
    """(number of the user it was written to, path of the form) of a link.

    Raises:
        signing.BadSignature: it is too old, or not ours.
        NoReverseMatch: forms have had other addresses since.
    """
    user_id, form, args = signing.loads(token, salt=LINK_SALT, max_age=LINK_LIVES)
    return user_id, reverse(FORMS[form], args=args)


# ——— Notices ———


def place_of(subject):
    """The town of a measure or a priority; nothing for a region-wide measure."""
    return subject.strategy.municipality if subject._meta.model_name == "priority" else subject.municipality


def notice_key(report):
    """What a notice is about: a report returned twice is two notices, a published one is published once."""
    return f"report-{report.pk}-{report.row_version if report.status == 'returned' else 'published'}"


def notify_of_decision(report):
    """Plan notices of a decision just taken to those who wrote and handed in the report; they leave once committed."""
    kind = NOTICES.get(report.status)
    if kind is None:
        return
    people = [person for person in _writers(report) if is_reachable(person) and wants_notice(person, kind)]
    if not people:
        return
    key = notice_key(report)
    Letter.plan(people, kind, key, day=timezone.localdate())

    def send_now():
        _send_now(kind, key, report)

    # Robust: whatever happens to a letter, the decision stands. What did not leave is sent with the reminders.
    transaction.on_commit(send_now, robust=True)


def wants_notice(user, kind):
    """Whether a notice may be sent: what was returned has to be read, what was published need not."""
    return kind != Letter.Kind.PUBLISHED or getattr(user, STOPS["published"].field)


def _writers(report):
    """Who drafted or submitted a report and still reports on its subject: the others may not read of it any more."""
    region, town = report.territory
    roles = RoleAssignment.objects.in_force(timezone.localdate())
    if town:
        roles = roles.filter(role__in=[Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR], municipality=town)
    else:
        roles = roles.filter(role=Role.REGION_EDITOR, region=region)
    writers = [report.created_by_id, report.submitted_by_id]
    return User.objects.filter(pk__in=roles.filter(user__in=writers).values("user"))


def _send_now(kind, key, report):
    waited = cache.get(WAITED, 0)
    if not settings.SITE_URL or waited >= PATIENCE:
        return
    began = time.monotonic()
    rows = list(Letter.objects.unsent().filter(kind=kind, key=key).select_related("user"))
    if kind == Letter.Kind.PUBLISHED:
        recent = Letter.objects.filter(kind=kind, user__in=[row.user_id for row in rows])
        told = set(recent.sent_since(timezone.now() - PUBLISHED_GAP).values_list("user", flat=True))
        rows = [row for row in rows if row.user_id not in told]
    left = all(all(send_notices([row], {row.pk: report})) for row in rows)  # the first failure is the last attempt
    cache.set(WAITED, waited + (time.monotonic() - began if left else PATIENCE), A_MINUTE)


def send_notices(rows, reports):
    """Send planned notices, those of one kind to one person in one letter.

    Args:
        rows: letters with their `user`.
        reports: {number of the letter: the report it is about}.

    Returns:
        For each letter that this call had in hand, whether it left.
    """
    groups, outcomes = defaultdict(list), []
    for row in rows:
        groups[row.user_id, row.kind].append(row)
    for (_user, kind), group in groups.items():
        taken = [row for row in group if row.take()]
        if taken:
            items = [_item(reports[row.pk], row.user, kind) for row in taken]
            stop = "published" if kind == Letter.Kind.PUBLISHED else ""
            outcomes.append(send(taken, kind, {"items": items}, stop=stop))
    return outcomes


def _item(report, user, kind):
    link = (
        absolute(report.get_absolute_url())
        if kind == Letter.Kind.PUBLISHED
        else form_link(user, *form_of_report(report))
    )
    return {"report": report, "place": place_of(report.subject), "link": link}
