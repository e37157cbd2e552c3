"""What an indicator is measured in, where its name says it: «Площадь парков, га», «Доля дорог (%)»."""

import re

_UNIT = re.compile(
    r"(?:(?:тыс|млн|млрд)(?:\.|яч\w*|\b)\s*)?(?:%|‰|процент\w*|проц\.?|промилле|га|гектар\w*|км2?|км²|км/ч|м[23²³]?"
    r"|п(?:ог)?\. ?м\.?|метр\w*|(?:кв|куб)\.?\s*(?:м|км|метр\w*)\.?|шт\w*\.?|ед\.?|единиц\w*|чел(?:ове\w*)?\.?"
    r"(?:[ -]час\w*)?|руб\w*\.?|₽|тонн\w*|т|кг|мест\w*|коек|койко-мест\w*|балл\w*|раз\w*|лет|год\w*|дн[еяй]\w*|час\w*"
    r"|мин\.?|минут\w*|случа\w+"
    r"|кВт\w*\.?(?:[·*. ]?ч)?"
    r"|МВт\w*|Гкал|л|литр\w*|коэффициент|индекс|да/нет|доля)"
    r"(?:\s*(?:/|на|к|в|от|за)\s?.{1,40})?|в % к .{1,40}|в процентах( .{1,40})?",
    re.I,
)
# Things are a unit in brackets; behind a comma they may be the end of a list.
_THINGS = re.compile(
    r"(?:тыс\w*\.?\s*)?(?:сем(?:ей|ьи)|домов|объект\w*|посещени\w+|организаци\w+|предприяти\w+|групп\w*|проект\w*|услуг\w*"
    r"|мероприяти\w+)",
    re.I,
)


def unit_in(name):
    """(name without the unit, unit) of an indicator; (name, "") where its name says none."""
    found = re.fullmatch(r"(.{3,}?)\s*\(([^()]{1,60})\)\.?", name, re.S)
    if found and (_UNIT.fullmatch(found[2].strip()) or _THINGS.fullmatch(found[2].strip())):
        return found[1], found[2].strip()
    for cut in reversed([place for place, sign in enumerate(name) if sign in ",;:—–"]):
        start, unit = name[:cut].strip(), name[cut + 1 :].strip()
        if len(start) > 2 and _UNIT.fullmatch(unit):
            return start, unit
    return name, ""
