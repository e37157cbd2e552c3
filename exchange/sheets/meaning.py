"""What the words of a head mean: a field, money of a year and a source, a figure of a year, a unit of money."""

import re
from dataclasses import replace

from .columns import YearColumn
from .spelling import YEAR, plain

SOURCES = (
    ("loan", r"заемн|кредит"),
    ("extra", r"внебюдж|средства (организаций|инвестор|предприятий)|собственн|(иные|прочие) источник|\bвбс?\b"),
    ("federal", r"федерал|\bфб\b"),
    ("regional", r"област|регион|краев|республик|\bоб\b|\bрб\b|субъект"),
    ("local", r"местн|муниципальн\w+ бюджет|городск\w+ бюджет|бюджет\w* (города|городского округа|г\. ?о)|\bмб\b"),
)  # fmt: skip
_SOURCE_WORDS = re.compile(
    r"в|т|ч|том|числе|из|них|за|счет|средств\w*|бюджет\w*|федеральн\w*|областн\w*|региональн\w*|краев\w*|республик\w*"
    r"|местн\w*|муниципальн\w*|город\w*|округ\w*|образовани\w*|[а-я]+ской|области|края|субъект\w*|рф|федерации"
    r"|внебюдж\w*|источник\w*|организаци\w*|предприяти\w*|инвестор\w*|собственн\w*|заемн\w*|кредит\w*|ины[ех]|прочи[ех]"
    r"|фб|об|мб|вбс?|рб|г|о|го"
)
_ALL = re.compile(r"\b(всего|итого|все источники)\b")
_MONEY = re.compile(r"об[ъь]?ем|финансир|руб|стоимост|деньг|средств|бюджет|затрат|сумм|расход|ассигнован")
# A column of a part of a year is no column of the year; «кв. м» is no quarter.
_PART_OF_YEAR = re.compile(
    r"квартал|\b(i{1,3}|iv|[1-4])(-?[ыои]?й)? ?кв\b|\b(перв|втор|трет|четверт)\w+ кв\b|полугоди|половин|\bмес\b"
    r"|месяц|нарастающ|\bна (?!31[./]12)\d\d?[./]\d\d?"
    r"|\b(январ|феврал|март|апрел|ма[йя]\b|июн|июл|август|сентябр|октябр|ноябр|декабр)"
)
_VOLUME = re.compile(
    r"\bкм\b|\bкв\.? ?м|\bм[23²³]|\bкм2|\bга\b|\bшт\b|\bчел\b|\bтонн|\bп(ог)?\. ?м\b|\bкуб|\bединиц|\bмест\b"
    r"|протяженн|количеств|\bплощад|мощност|натуральн|физическ|об[ъь]ем\w* (работ|ввод|выпуск|услуг)"
)
_COUNTED = re.compile(r"руб|финанс|бюджет|стоим|расход|ассигн|деньг|₽")
_SPENT = re.compile(
    r"кассов|\bкасса\b|факт|исполнено|\bисполнение\b|освоен|израсходован|потрачен|выплачен|оплачен|перечислен"
    r"|профинансирован|отчет(?!н)"
)
# Counted from money, or asked for, or a code: nobody promises it for a year.
_NO_SUM = re.compile(
    r"%|процент|\bдол[яи]\b|отклонени|остат|\bэкономи[яи]\b|дефицит|потребност|задолженност|контракт|заявк|\bкод\b"
    r"|классификац|\bкбк\b|\bцср\b|\bгрбс\b|\bрз\b|\bвр\b|косгу"
)
_COMPARED = re.compile(r"отклонени|(?:%|процент\w*) (?:ис|вы)полнени|\bтемп|к (?:плану|предыдущ|прошл)")
_GUESSED = re.compile(r"оценк|ожидаем|предварит|уточн\w+ факт")
_ACTUAL = re.compile(r"факт|достигнут|отчет(?!н)|\bисполнени")


def recognise(kind, name):
    """Which field a head means, by its words; «» where nothing is known."""
    text = plain(name)
    if not text:
        return ""
    if kind.by_year and (found := _by_year(kind, text)):
        return str(found)
    upper, _levels, last = text.rpartition(" / ")
    # «Сведения о мероприятии / Срок» is a term, «Мероприятие / Наименование» in a table of indicators a measure.
    ways = [last, text] if kind.by_year == "money" and not re.search(r"показател|индикатор", upper) else [text, last]
    return next((field.name for way in ways for field in kind.fields if re.search(field.words, way)), "")


def source_of(text):
    """Whose money a plain text names; «» where it names none."""
    return next((code for code, words in SOURCES if re.search(words, text)), "")


def source_named(text):
    """Whose money a cell names that names nothing else: «в т.ч. за счёт областного бюджета»; «» otherwise."""
    text = plain(text)
    if not text or len(text) > 100 or not all(_SOURCE_WORDS.fullmatch(word) for word in re.findall(r"[^\W\d_]+", text)):
        return ""
    codes = {code for code, words in SOURCES if re.search(words, text)}
    if "российской федерации" in text or re.search(r"\bрф\b", text):
        codes = codes or {"federal"}
    return codes.pop() if len(codes) == 1 else ""


def _years(text):
    """Years of the lowest level of a head that names any."""
    for part in reversed(text.split(" / ")):
        if found := YEAR.findall(part):
            return found
    return []


def _by_year(kind, text):
    years = _years(text)
    year = int(years[0]) if len(set(years)) == 1 else None
    if _PART_OF_YEAR.search(text):
        return ""
    return _figure(text, year) if kind.by_year == "figures" else _money(text, year, is_range=len(set(years)) > 1)


def _figure(text, year):
    if year is None or (_MONEY.search(text) and re.search(r"\bобъем|финансир|бюджет|стоимост|затрат", text)):
        return ""
    if _COMPARED.search(text):
        return ""
    if re.search(r"\bбаз(а|ов)", text):
        return YearColumn("base", year)
    if _GUESSED.search(text):
        return YearColumn("estimate", year)
    return YearColumn("actual" if _ACTUAL.search(text) else "target", year)


def _money(text, year, *, is_range):
    if re.search(r"^(срок|период|дата|источник(?!.* / )|направлени|начал|деньги словами)", text) or re.search(
        r"мероприяти|приоритет|показател|индикатор", text
    ):
        return ""
    if _NO_SUM.search(text) or (year is None and re.search(r"финансов\w+ год|планов\w+ период", text)):
        return ""
    if _VOLUME.search(text) and not _COUNTED.search(text):
        return ""
    last = text.rpartition(" / ")[2]
    source = source_of(last) or source_of(text)
    is_all = _ALL.search(last) and not source
    if _GUESSED.search(text):
        return ""
    if _SPENT.search(text):
        return "" if is_all or not year else YearColumn("spent", year, source)
    if year:
        return YearColumn("sum" if is_all else "money", year, source)
    if source and (is_range or _MONEY.search(text) or "/" in text or re.search(r"бюджет|средства", text)):
        return YearColumn("sum" if is_range else "money", None, source)
    if is_range or _ALL.search(text) or (_MONEY.search(text) and not re.search(r"источник|словами", text)):
        return "stated_total"
    return ""


def recognise_all(kind, names, volumes=frozenset()):
    """{column: field} of a head; each field once, the first column that means it.

    Args:
        volumes: places of columns that count works, not money (`Head.volumes`).
    """
    found, taken = {}, set()
    for column, name in enumerate(names):
        field = recognise(kind, name)
        if field and field not in taken and not (column in volumes and YearColumn.parse(field)):
            found[column] = field
            taken.add(field)
    if kind.by_year == "money":
        _settle_totals(found)
    return found


def _settle_totals(found):
    """The total of a year stands beside its sources only to be compared; alone it is money whose source is asked."""
    columns = {place: column for place, name in found.items() if (column := YearColumn.parse(name))}
    as_read = set(columns.values())
    of_sources = {one.year for one in as_read if one.what == "money" and one.source}
    for place, one in columns.items():
        money = replace(one, what="money")
        if one == money and not one.source and one.year in of_sources:
            columns[place] = replace(one, what="sum")
        elif one.what == "sum" and one.year and one.year not in of_sources and money not in as_read:
            columns[place] = money
    if any(one.what == "money" and one.year for one in columns.values()):
        for place, one in columns.items():
            if one.what == "money" and one.year is None and one.source:
                columns[place] = replace(one, what="sum")
    found |= {place: str(one) for place, one in columns.items()}
