"""What was said of tables is remembered by region, person and form: the next one with such a head asks nothing.

A form is known by its heads without years and quarters: «Факт за I кв. 2026» of the last table is «Факт за II кв. 2026»
of the next one, and what stands by years moves along.
"""

import hashlib
import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from exchange.sheets.columns import YearColumn
from exchange.sheets.heads import Layout
from municipalities.models import Region
from strategies.models import Funding

from .matching import Match, own_match
from .models import ColumnMatch

OWN = "таблица с этого сайта"
MOST_NAME = ColumnMatch._meta.get_field("name").max_length
_CHANGES = re.compile(r"\b(19|20|21)\d\d\b|\b(i{1,3}|iv|[1-4])(?=\s*(-?\w{1,2}\s+)?(кв|полугод))|\d+(?=\s*мес)")
MONTHS = re.compile(r"\b(январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*")


def plain_head(name):
    """A head without what changes from one table of a form to the next."""
    text = " ".join(name.lower().replace("ё", "е").replace("\u00ad", "").split())
    return MONTHS.sub("#", _CHANGES.sub("#", text))


def signature_of(kind_code, heads):
    """What a form is known by, whatever the order of its columns."""
    plain = sorted(plain_head(head) for head in heads if head)
    return hashlib.sha256("\x1f".join([kind_code, *plain]).encode()).hexdigest()


def told_of(match, values=None):
    """What is kept of a match: [[head, field or «»], …] in the order of the table, and what was said once."""
    layout = match.layout
    unit = layout.unit or match.unit
    # The year of values and the paper of facts are asked anew: next year's table is of another one.
    return {
        "heads": [[name, match.fields.get(place, "")] for place, name in enumerate(match.names) if name],
        "source": match.source,
        "year": "" if "year" in match.kind.required else match.year or "",
        "direction": match.direction,
        "unit_name": match.unit_name,
        "unit": str(unit) if unit else "",
        "below": list(match.below),
        "head": list(layout.head) if layout.head else [],
        "values": values or {},
    }


def remembered(kind, names, region, by=None):
    """The `ColumnMatch` of a form of tables: the person's own before a colleague's; None where there is none."""
    rows = ColumnMatch.objects.of(region, by).filter(kind=kind.code, signature=signature_of(kind.code, names))
    return next((kept for kept in rows if match_of(kind, names, kept.columns) is not None), None)


def known_match(kind, names, region, by=None):
    """(match, its name) said before about a table of the same form; (None, "") where there is none."""
    own = own_match(kind, names)
    if own is not None:
        return own, OWN
    kept = remembered(kind, names, region, by)
    return (match_of(kind, names, kept.columns), kept.name) if kept else (None, "")


def match_of(kind, names, told):
    """The match that was kept, for the heads of another table of its form; None where it says nonsense."""
    fields = _fields_of(names, told.get("heads", []))
    if fields is None or not all(kind.allows(name) for name in fields.values()):
        return None
    source = told.get("source", "")
    match = Match(
        kind, names, fields, source if source in Funding.Source.values else "", told.get("year") or None,
        told.get("direction", ""), unit_name=told.get("unit_name", ""), unit=_number(told.get("unit")),
        layout=Layout(head=tuple(told["head"]) if told.get("head") else None), below=tuple(told.get("below", ())),
    )  # fmt: skip
    try:
        match.check(may_ask=True)
    except ValidationError:
        return None
    return match


def _fields_of(names, heads):
    """{place: field} of the columns of a table by what was said of the heads of another; None where they differ."""
    exact = dict(heads)
    rows = [(place, name) for place, name in enumerate(names) if name]
    if {name for _place, name in rows} == exact.keys():
        return {place: exact[name] for place, name in rows if exact[name]}
    by_plain = {}
    for head, field in heads:
        by_plain.setdefault(plain_head(head), []).append((head, field))
    fields = {}
    for place, name in rows:
        same = by_plain.get(plain_head(name))
        if not same:
            return None
        head, field = same.pop(0)
        if field:
            fields[place] = _moved(field, head, name)
    return fields


def _moved(field, before, now):
    """A field by years as the years of its head have moved."""
    column = YearColumn.parse(field)
    years = [re.search(r"\b(?:19|20|21)\d\d\b", head) for head in (before, now)]
    if column is None or column.year is None or not all(years):
        return field
    return str(replace(column, year=column.year + int(years[1][0]) - int(years[0][0])))


def _number(text):
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def keep(match, *, region, name, by, values=None, sheets=None):
    """Remember what a person said of a table: the next one of its form needs no question. Values are added to.

    Args:
        name: how people will know it again: the file.
        values: {field: {what stands in cells: what it means}}.
        sheets: {"in": names of sheets of this form that go in, "out": names of those that do not}.

    Raises:
        ValidationError: the name is too long or empty.
    """
    signature = signature_of(match.kind.code, match.names)
    with transaction.atomic():
        # Whoever keeps a match of this region at this moment waits: a form is kept once for each person.
        Region.objects.select_for_update(no_key=True).only("pk").get(pk=region.pk)
        said = {"region": region, "kind": match.kind.code, "signature": signature, "created_by": by}
        kept = ColumnMatch.objects.filter(**said).first() or ColumnMatch(**said)
        before = kept.columns.get("values", {})
        merged = {field: before.get(field, {}) | (values or {}).get(field, {}) for field in {*before, *(values or {})}}
        told, own = told_of(match, merged), sheets or {}
        for side, other in (("in", "out"), ("out", "in")):
            now = set(own.get(side, ()))
            told[side] = sorted(now | set(kept.columns.get(side, ())) - set(own.get(other, ())))
        kept.columns, kept.name, kept.changed_at = told, name, timezone.now()
        kept.full_clean(exclude=["created_by"])
        kept.save()
    return kept
