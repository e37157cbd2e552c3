"""The card for a visit: two A4 pages about one town for the governor's meeting with its head.

One source of words for the page and for Word. Only what is published: words of residents in their public form, without
authors. What does not fit is said by number.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import F
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import Truncator

from municipalities.numbers import days
from sessions.lateness import region_lateness, town_lateness
from sessions.models import Decision, Proposal
from strategies.coverage.gaps import live_priorities
from strategies.dashboard.lateness import Kind
from strategies.models import Commitment, Measure, ProgressReport

from .words import day_words

LATE, PROMISES, WORDS, ASKS = 5, 4, 6, 4
TITLE, TEXT, WHO = 90, 150, 45
NOTHING = "не найдено"
LATE_WORDS = {
    Kind.REVIEWS: "Отчёт не проверен", Kind.REPORTS: "Отчёт не сдан", Kind.MEASURES: "Мера просрочена",
    Kind.COMMITMENTS: "Нет ответа на обещание", Kind.GAPS: "Не решено", Kind.PROPOSALS: "Нет ответа жителю",
}  # fmt: skip


def visit_words(town, on):
    """What the card says; some twenty queries, whatever the number of records.

    Args:
        town: with its region and `people`.
        on: the day of the card.
    """
    head = town.heads.first()
    late_town, late_region = _late(town_lateness(town, on)), _late(region_lateness(town.region, on, town))
    late = f"{late_town[2]} и {late_region[2]}" if town.region.joined_on else "не считаем"
    promises, more_promises = _promises(town, on)
    words, more_words = _words(town)
    asks, more_asks = _asks(town)
    return {
        "region": town.region.name,
        "town": town.name,
        "as_of": on.strftime("%d.%m.%Y"),
        "head": _head(head, on),
        "people": _people(town),
        "figures": _figures(town, late),
        "late_town": late_town[0], "late_town_more": late_town[1],
        "late_region": late_region[0], "late_region_more": late_region[1],
        "promises": promises, "promises_more": more_promises,
        "words": words, "words_more": more_words,
        "asks": asks, "asks_more": more_asks,
    }  # fmt: skip


def _head(head, on):
    if head is None:
        return f"глава города: {NOTHING}"
    if head.is_over(on):
        return f"кто глава сейчас, не найдено; прежний срок кончился — {head.name}"
    if not head.is_dated:
        return f"кто глава сейчас, не найдено; в источниках без дат — {head.name}"
    return f"{head.post} — {head.name}"


SAMPLE_VISIT = {
    "region": "Область", "town": "Город", "as_of": "01.01.2026", "head": "глава — И. О. Фамилия",
    "people": "50 000 жителей",
    "figures": [{"value": "1 из 2", "label": "мер выполнено"}],
    "late_town": [{"what": "Мера", "due": "1 мая 2026 года", "days": "на 5 дней"}], "late_town_more": "",
    "late_region": [{"what": "Мера", "due": "1 мая 2026 года", "days": "на 5 дней"}], "late_region_more": "ещё 2",
    "promises": [{"what": "Поручение", "who": "Кто", "when": "1 мая 2026 года", "state": "исполняют",
                  "given": "22 июня 2018 года, сессия"}],
    "promises_more": "", "words_more": "",
    "words": [{"text": "Слова", "number": "АА-2026-0001", "state": "ответа нет"}],
    "asks": [{"text": "Нет денег", "about": "Мера", "when": "III квартал 2026 года"}], "asks_more": "",
}  # fmt: skip


def _people(town):
    return f"{number_format(town.people, force_grouping=True)} жителей" if town.people else f"население {NOTHING}"


def _figures(town, late):
    measures = Measure.objects.counted().filter(municipality=town)
    done, total = measures.filter(status=Measure.Status.DONE).count(), measures.count()
    priorities = live_priorities(town.region).of_town(town)
    bare, chosen = priorities.without_measures().count(), priorities.count()
    return [
        {"value": f"{done} из {total}" if total else "мер нет", "label": "мер выполнено"},
        {"value": f"{bare} из {chosen}" if chosen else NOTHING, "label": "приоритетов без меры"},
        {"value": late, "label": "просрочили город и область"},
    ]


def _late(late):
    """([{what, due, days}] of what is late the longest, «ещё N», how many in all)."""
    rows = [(part.kind, row) for part in late.parts for row in part.rows(LATE)]
    rows = sorted(rows, key=lambda found: (-found[1].days, found[1].title))[:LATE]
    shown = [
        {"what": _titled(f"{LATE_WORDS[kind]}: {row.title}", row), "due": day_words(row.due_on),
         "days": f"на {days(row.days)}"}
        for kind, row in rows
    ]  # fmt: skip
    return shown, _more(late.total, len(shown)), late.total


def _promises(town, on):
    """What was promised to the town: by sessions, by both sides, by the programme; given when, due when."""
    decisions = Decision.objects.public().filter(session__municipality=town).select_related("session")
    decisions = decisions.order_by(F("done_on").asc(nulls_first=True), F("due").asc(nulls_last=True), "pk")
    given = Commitment.objects.public().confirmed().filter(link__priority__strategy__municipality=town)
    given = given.select_related("link__measure").order_by("year", "pk")
    measures = (
        Measure.objects.public()
        .filter(municipality=town)
        .open()
        .with_programme()
        .order_by(F("due").asc(nulls_last=True), "pk")
    )
    rows = [
        {
            "what": _titled(one.text, one),
            "who": _cut(one.responsible, WHO) or "ответственный не указан",
            "when": day_words(one.due) if one.due else "срок не указан",
            "state": "исполнено" if one.done_on else "просрочено" if one.is_overdue(on) else "исполняют",
            "given": f"сессия {day_words(timezone.localdate(one.session.starts_at))}" if one.session.starts_at
                     else _cut(one.session.title, WHO),
        }
        for one in decisions[:PROMISES]
    ]  # fmt: skip
    rows += [
        {
            "what": _titled(one.link.measure.title, one),
            "who": str(one.get_side_display()),
            "when": f"к {one.year} году",
            "state": one.get_kind_display() + (f" {_money(one.amount)}" if one.amount else ""),
            "given": f"слово дано {day_words(timezone.localdate(one.published_at))}" if one.published_at else "",
        }
        for one in given[:PROMISES]
    ]
    rows += [
        {"what": _titled(one.title, one), "who": _cut(one.responsible, WHO) or "ответственный не найден",
         "when": day_words(one.due_now) if one.due_now else one.due_note or "срок не найден",
         "state": str(one.state_on(on).label),
         "given": "; ".join(filter(None, [one.promised_in, _moved(one)]))}
        for one in measures[:PROMISES]
    ]  # fmt: skip
    return rows, _more(decisions.count() + given.count() + measures.count(), len(rows))


def _moved(measure):
    """The first date of a measure whose date was moved: a promise keeps both."""
    if measure.due and measure.postponed_to and measure.due != measure.postponed_to:
        return f"сначала обещали к {day_words(measure.due)}"
    return ""


def _titled(title, record, length=TITLE):
    """A title, cut to its place, with the mark of what is invented for a try-out."""
    return _cut(title, length) + (" (пример)" if record.is_sample else "")


def _words(town):
    """The last words of residents: public ones only, and never who wrote them."""
    said = (
        Proposal.objects.public()
        .of_town(town)
        .defer("text", "author_name", "author_email")
        .select_related("merged_into")
    )
    latest = said.order_by(F("received_at").desc(nulls_last=True), "-said_on", "-pk")[:WORDS]
    rows = [
        {
            "text": _cut(one.public_text, TEXT),
            "number": one.number,
            "state": _titled(str(one.fate.get_status_display()), one),
        }
        for one in latest
    ]
    return rows, _more(said.count(), len(rows))


def _asks(town):
    """What hindered the town, by its own published reports."""
    told = ProgressReport.objects.public().of_town(town).exclude(problems="")
    rows = [
        {"text": _cut(one.problems, TEXT), "about": _titled(one.subject.title, one, 60), "when": one.period_label}
        for one in told.with_subject().by_time()[:ASKS]
    ]
    return rows, _more(told.count(), len(rows))


def _more(total, shown):
    return f"ещё {total - shown}" if total > shown else ""


def _cut(text, length):
    return Truncator(" ".join(text.split())).chars(length)


def _money(thousands):
    """«1,5 млн рублей»; a sum that is too small for that in thousands."""
    if thousands < 100:
        return f"{number_format(thousands, 2)} тыс. рублей"
    millions = (thousands / 1000).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{number_format(millions, 1, force_grouping=True)} млн рублей"
