"""Coverage of a region as a workbook: the same rows as the page, with real numbers and dates.

What somebody typed stays text, whatever it begins with: nothing in a cell is ever computed.
"""

import io
from collections import defaultdict

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from exchange.sheets.write import HEAD, Book, Styled, look
from municipalities.models import shown_name
from strategies.coverage.gaps import gaps_of, live_priorities, read_gaps
from strategies.coverage.matrix import awaited_words, matrix_of
from strategies.models import PriorityMeasure, Sphere
from strategies.programme.models.measure import promised_in

# A public file: no more gaps than these, the latest first; the page has them all.
GAPS_MAX = 20_000
CHUNK = 2000
STARTS = ("=", "+", "-", "@", "#")
DAY = "DD.MM.YYYY"
TOTAL = look(bold=True)


def coverage_sheet(region, towns, on, *, sphere=None, is_narrowed=False, site=""):
    """The bytes of the workbook.

    Args:
        region: whose programme.
        towns: a queryset of the towns chosen.
        on: the day of the question.
        sphere: only this sphere ("" is «not said»); None: all.
        is_narrowed: whether some towns are left out.
        site: the address of the site, for links to records.
    """
    target = io.BytesIO()
    with Book(target) as book:
        _towns(book, region, towns, on, sphere)
        _links(book, region, towns, on, sphere)
        rows = gaps_of(region, on, towns=towns.order_by().values("pk") if is_narrowed else None, sphere=sphere)
        _gaps(book, region, list(rows[: GAPS_MAX + 1]), on, site)
    return target.getvalue()


def _towns(book, region, towns, on, sphere):
    chosen = list(towns)
    matrix = matrix_of(region, towns, chosen, sphere=sphere, is_whole=True)
    heads = [_("Город"), *(column.title for column in matrix.columns)]
    heads += [_("Приоритетов"), _("Без меры"), _("Не подтверждено")]
    sheet = _sheet(book, _("Города"), [24, *(18 for _column in matrix.columns), 14, 12, 16], _of_day(region, on), heads)
    for row in matrix.rows:
        words = [cell.words for cell in row.cells]
        total = sum(cell.total for cell in row.cells)
        _add(sheet, [row.town.shown_name, *words, total, row.without, row.waiting])
    if matrix.shared:
        _add(sheet, [_("Весь регион"), *(cell.words for cell in matrix.shared.cells)])
    totals = [cell.without for cell in matrix.totals]
    _add(sheet, [_("Без меры"), *totals, matrix.total, matrix.without, matrix.waiting], shape=TOTAL)


def _links(book, region, towns, on, sphere):
    """Priorities by measures as a list: each measure that answers a priority, and priorities that none answers."""
    heads = [_("Город"), _("Сфера"), _("Приоритет"), _("Мера"), _("Обещано"), _("Слово сторон"), _("Срок меры")]
    about = _of_day(region, on)
    sheet = _sheet(book, _("Приоритеты и меры"), [20, 18, 60, 60, 24, 26, 14], about, heads)
    priorities = live_priorities(region).filter(strategy__municipality__in=towns.order_by().values("pk"))
    priorities = priorities if sphere is None else priorities.filter(sphere=sphere)
    links = PriorityMeasure.objects.counting().filter(priority__in=priorities.order_by().values("pk"))
    answers = defaultdict(list)
    rows = links.with_agreement().annotate(until=Coalesce("measure__postponed_to", "measure__due"))
    for priority, title, is_sample, year, until, *confirmed in rows.order_by("pk").values_list(
        "priority", "measure__title", "measure__is_sample", "measure__promised_year", "until", "region_confirmed",
        "town_confirmed",
    ):  # fmt: skip
        answers[priority].append(
            [_marked(title, is_sample), promised_in(year), awaited_words(*confirmed), until]
        )  # fmt: skip
    spheres = dict(Sphere.choices)
    listed = priorities.order_by("strategy__municipality__name_sort", "strategy", "order", "pk")
    for pk, town, of, title, is_sample in listed.values_list(
        "pk", shown_name("strategy__municipality__"), "sphere", "title", "is_sample"
    ):  # fmt: skip
        named = [town, str(spheres.get(of, _("не указана"))), _marked(title, is_sample)]
        for answer in answers.get(pk) or [[_("мер нет"), "", "", None]]:
            _add(sheet, [*named, *answer])


def _marked(title, is_sample):
    """A title; that of an invented record says so."""
    return f"{title} (" + _("пример") + ")" if is_sample else title


def _gaps(book, region, rows, on, site):
    heads = [
        _("Город"), _("Чего не хватает"), _("Запись"), _("Пусто с"), _("Дней"), _("Кто закрывает"),
        _("Отвечает лично"), _("Срок"), _("Что решили"), _("Опоздание, дней"), _("Почему пусто"), _("Адрес"),
    ]  # fmt: skip
    widths = [20, 34, 60, 12, 8, 30, 30, 12, 24, 16, 60, 40]
    sheet = _sheet(book, _("Пробелы"), widths, _of_day(region, on), heads)
    shown = rows[:GAPS_MAX]
    for start in range(0, len(shown), CHUNK):
        for gap in read_gaps(shown[start : start + CHUNK], region, on):
            _add(sheet, _gap_cells(gap, site))
    if len(rows) > len(shown):
        sheet.row([_("Здесь первые %(n)s пробелов, все — на сайте.") % {"n": GAPS_MAX}])


def _gap_cells(gap, site):
    answer = gap.answer
    return [
        gap.town.shown_name if gap.town else _("Весь регион"),
        str(gap.label),
        _marked(gap.subject.title, gap.subject.is_sample),
        gap.since,
        gap.days,
        answer.responsible if answer else "",
        answer.owner.public_name if answer and answer.owner else "",
        answer.due if answer and gap.late_on else None,
        str(gap.closing.label),
        gap.days_late,
        answer.why if answer else "",
        site + gap.subject.get_absolute_url(),
    ]


def _of_day(region, on):
    return _("Охват программы, %(region)s. По состоянию на %(day)s") % {
        "region": region.shown_name, "day": f"{on:%d.%m.%Y}",
    }  # fmt: skip


def _sheet(book, title, widths, about, heads):
    sheet = book.sheet(title, widths, freeze=(2, 1), repeat=1)
    sheet.row([about])
    _add(sheet, heads, shape=HEAD)
    return sheet


def _add(sheet, values, shape=()):
    """Write a row of values, each as it is; no words are an empty cell."""
    values = [None if value == "" else value for value in values]
    cells = [Styled(value, shape, DAY) if hasattr(value, "year") else value for value in values]
    sheet.row(cells, shape=shape, quoted=STARTS)
