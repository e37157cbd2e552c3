"""The card for a visit: two A4 pages about one town for the governor's meeting with its head.

One source of words for the page and for Word. Only what is published: words of residents in their public form, without
authors. What does not fit is said by number.
"""

from django.db.models import F
from django.utils.formats import date_format, number_format
from django.utils.text import Truncator, capfirst

from sessions.lateness import town_lateness
from sessions.models import Decision, Proposal
from strategies.gaps import Closing, gaps_of, live_priorities, read_gaps
from strategies.lateness import tell_review_term
from strategies.models import Commitment, Measure, PriorityMeasure, ProgressReport, Side

LATE, PROMISES, WORDS, ASKS = 5, 4, 5, 4
TITLE, TEXT, WHO = 90, 150, 45
NOTHING = "не найдено"


def visit_words(town, on):
    """What the card says; some twenty queries, whatever the number of records.

    Args:
        town: with its region and `people`.
        on: the day of the card.
    """
    head = town.heads.first()
    late_town, late_region = _late_town(town, on), _late_region(town, on)
    promises, more_promises = _promises(town, on)
    words, more_words = _words(town)
    asks, more_asks = _asks(town)
    return {
        "region": town.region.name,
        "town": town.name,
        "as_of": on.strftime("%d.%m.%Y"),
        "head": f"{head.post} — {head.name}" if head else f"глава города: {NOTHING}",
        "people": _people(town),
        "figures": _figures(town, (late_town[2], late_region[2])),
        "late_town": late_town[0], "late_town_more": late_town[1],
        "late_region": late_region[0], "late_region_more": late_region[1],
        "promises": promises, "promises_more": more_promises,
        "words": words, "words_more": more_words,
        "asks": asks, "asks_more": more_asks,
    }  # fmt: skip


SAMPLE_VISIT = {
    "region": "Область", "town": "Город", "as_of": "01.01.2026", "head": "глава — И. О. Фамилия",
    "people": "50 000 жителей",
    "figures": [{"value": "1 из 2", "label": "мер выполнено"}],
    "late_town": [{"what": "Мера", "due": "1 мая 2026 года", "days": "на 5 дней"}], "late_town_more": "",
    "late_region": [{"what": "Мера", "due": "1 мая 2026 года", "days": "на 5 дней"}], "late_region_more": "ещё 2",
    "promises": [{"what": "Поручение", "who": "Кто", "when": "1 мая 2026 года", "state": "исполняют"}],
    "promises_more": "", "words_more": "",
    "words": [{"text": "Слова", "number": "АА-2026-0001", "state": "ответа нет"}],
    "asks": [{"text": "Нет денег", "about": "Мера", "when": "III квартал 2026 года"}], "asks_more": "",
}  # fmt: skip


def _people(town):
    return f"{number_format(town.people, force_grouping=True)} жителей" if town.people else f"население {NOTHING}"


def _figures(town, late):
    measures = Measure.objects.public().exclude(status=Measure.Status.CANCELLED).filter(municipality=town)
    done, total = measures.filter(status=Measure.Status.DONE).count(), measures.count()
    priorities = live_priorities(town.region).of_town(town)
    bare, chosen = priorities.without_measures().count(), priorities.count()
    return [
        {"value": f"{done} из {total}" if total else "мер нет", "label": "мер выполнено"},
        {"value": f"{bare} из {chosen}" if chosen else NOTHING, "label": "приоритетов без меры"},
        {"value": f"{late[0]} и {late[1]}", "label": "просрочили город и область"},
    ]


def _late_town(town, on):
    late = town_lateness(town, on)
    rows = [
        (row.days, f"{capfirst(part.kind.label)}: {row.title}", row.due_on)
        for part in late.parts
        for row in part.rows(LATE)
    ]
    return _latest(rows, late.total)


def _late_region(town, on):
    """What the region is late with in this town: reports unchecked, its word, gaps, region-wide measures, in days."""
    rows = []
    for report in ProgressReport.objects.waiting().of_town(town).with_subject()[:50]:
        days = tell_review_term(report, on)
        if days:
            rows.append((days, f"Проверить отчёт: {report.subject.title}, {report.period_label}", report.review_due))
    allowed = town.region.answer_days
    links = PriorityMeasure.objects.filter(priority__strategy__municipality=town).awaiting(Side.REGION)
    for link in links.select_related("measure").order_by("said_at")[:50]:
        days = (on - link.said_at.date()).days - allowed
        if days > 0:
            rows.append((days, f"Ответить на обещание города: {link.measure.title}", None))
    gaps = gaps_of(town.region, on, towns=[town.pk], closing=Closing.LATE)
    total_gaps = gaps.count()
    for gap in read_gaps(gaps[:LATE], town.region, on):
        rows.append((gap.days_late, f"Решить: {gap.subject.title} — {gap.label}", gap.late_on))
    shared = Measure.objects.public().of_town(town).filter(municipality__isnull=True).overdue(on)
    rows += [((on - one.due_now).days, one.title, one.due_now) for one in shared[:50]]
    return _latest(rows, len(rows) - min(total_gaps, LATE) + total_gaps)


def _latest(rows, total):
    """([{what, due, days}] of the longest late, «ещё N», how many in all)."""
    rows = sorted(rows, key=lambda row: (-row[0], row[1]))[:LATE]
    shown = [
        {"what": _cut(title, TITLE), "due": _day(due) if due else "", "days": f"на {days} дн."}
        for days, title, due in rows
    ]
    return shown, _more(total, len(shown)), total


def _promises(town, on):
    decisions = Decision.objects.public().filter(session__municipality=town).select_related("session")
    decisions = decisions.order_by(F("done_on").asc(nulls_first=True), F("due").asc(nulls_last=True), "pk")
    given = Commitment.objects.public().confirmed().filter(link__priority__strategy__municipality=town)
    given = given.select_related("link__measure").order_by("year", "pk")
    measures = Measure.objects.public().filter(municipality=town).open().order_by(F("due").asc(nulls_last=True), "pk")
    rows = [
        {
            "what": _cut(one.text, TITLE),
            "who": _cut(one.responsible, WHO) or "ответственный не указан",
            "when": _day(one.due) if one.due else "срок не указан",
            "state": "исполнено" if one.done_on else "просрочено" if one.is_overdue(on) else "исполняют",
        }
        for one in decisions[:PROMISES]
    ]
    rows += [
        {
            "what": _cut(one.link.measure.title, TITLE),
            "who": str(one.get_side_display()),
            "when": f"к {one.year} году",
            "state": one.get_kind_display() + (f" {_millions(one.amount)} млн рублей" if one.amount else ""),
        }
        for one in given[:PROMISES]
    ]
    rows += [
        {"what": _cut(one.title, TITLE), "who": _cut(one.responsible, WHO) or "ответственный не найден",
         "when": _day(one.due_now) if one.due_now else one.due_note or "срок не найден",
         "state": "просрочено" if one.is_overdue(on) else str(one.get_status_display())}
        for one in measures[:PROMISES]
    ]  # fmt: skip
    return rows, _more(decisions.count() + given.count() + measures.count(), len(rows))


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
        {"text": _cut(one.public_text, TEXT), "number": one.number, "state": str(one.fate.get_status_display())}
        for one in latest
    ]
    return rows, _more(said.count(), len(rows))


def _asks(town):
    """What hindered the town, by its own published reports."""
    told = ProgressReport.objects.public().of_town(town).exclude(problems="")
    rows = [
        {"text": _cut(one.problems, TEXT), "about": _cut(one.subject.title, 60), "when": one.period_label}
        for one in told.with_subject().by_time()[:ASKS]
    ]
    return rows, _more(told.count(), len(rows))


def _more(total, shown):
    return f"ещё {total - shown}" if total > shown else ""


def _cut(text, length):
    return Truncator(" ".join(text.split())).chars(length)


def _day(day):
    return date_format(day, "j E Y") + " года"


def _millions(thousands):
    return NOTHING if thousands is None else number_format(round(thousands / 1000, 1), 1, force_grouping=True)
