"""Which table a person means and of what; which choices a column has."""

from django import forms
from django.utils import timezone

from exchange.sheets.columns import COLUMN_SOURCES, FIGURE_WORDS, SOURCE_WORDS, YearColumn
from exchange.sheets.grid import DAY, ERROR, FORMULA, MERGED
from municipalities.models import Municipality, Region
from strategies.models import Programme

from .fields import KINDS
from .ground import Scope
from .matching import by_words
from .models import BRINGERS

KIND_CHOICES = [(code, str(kind.label)) for code, kind in KINDS.items()]
SAMPLES = 3


class ScopeForm(forms.Form):
    """Which table and of what: for what goes in and for what is given back."""

    kind = forms.ChoiceField(label="Что в таблице", choices=KIND_CHOICES)
    region = forms.ModelChoiceField(Region.objects.none(), label="Регион", required=False, empty_label=None)
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label="Программа", required=False, empty_label="Не нужна: таблица не о мерах",
        help_text="Для таблицы мер.",
    )  # fmt: skip
    town = forms.ModelChoiceField(Municipality.objects.none(), label="Город", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        regions = Region.objects.filter(pk__in=user.region_ids(*BRINGERS)).defer("outline").order_by("name")
        self.fields["region"].queryset = regions
        self.fields["programme"].queryset = Programme.objects.filter(region__in=regions).order_by("kind", "title")
        self.fields["programme"].initial = self.fields["programme"].queryset.first()
        towns = Municipality.objects.filter(region__in=regions, is_reference=False)
        self.fields["town"].queryset = towns
        self.fields["town"].empty_label = "Вся область"
        self.only_region = regions.first() if len(regions) == 1 else None
        if self.only_region:
            del self.fields["region"]

    def clean(self):
        cleaned = super().clean()
        programme, town = cleaned.get("programme"), cleaned.get("town")
        region = programme.region if programme else self.only_region or cleaned.get("region")
        if cleaned.get("kind") == "measures" and programme is None and "programme" not in self.errors:
            self.add_error("programme", "Выберите программу: меры стоят в программе.")
        if region is None and "region" in self.fields:
            self.add_error("region", "Выберите регион.")
        if region and town and town.region_id != region.pk:
            self.add_error("town", "Этот город другого региона.")
        cleaned["region"] = region
        return cleaned

    @property
    def scope(self):
        """Where the table goes, after a valid answer."""
        cleaned = self.cleaned_data
        programme = cleaned["programme"] if cleaned["kind"] == "measures" else None
        return Scope(cleaned["region"], programme, cleaned["town"])


def column_choices(kind, names, programme):
    """Groups of choices for a column: fields, then what stands by years."""
    groups = [("", [("-", "не вносить")]), ("Поля", [(field.name, field.label) for field in kind.fields])]
    columns = [column for name in by_words(kind, names).fields.values() if (column := YearColumn.parse(name))]
    today = timezone.localdate().year
    years = {column.year for column in columns if column.year} | set(range(today - 1, today + 4))
    if programme and programme.year_from and programme.year_to and programme.year_to - programme.year_from < 20:
        years |= set(range(programme.year_from, programme.year_to + 1))
    years = sorted(years)
    if kind.by_year == "money":
        sources = [*COLUMN_SOURCES, ""]
        money = [YearColumn("money", year, source) for year in [*years, None] for source in sources]
        totals = [YearColumn("sum", year) for year in years] + [YearColumn("sum", None, one) for one in SOURCE_WORDS]
        spent = [YearColumn("spent", year, source) for year in years for source in [*SOURCE_WORDS, ""]]
        groups += [("Деньги", _choices(money)), ("Потрачено", _choices(spent)), ("Итоги", _choices(totals))]
    elif kind.by_year == "figures":
        groups.append(("Значения", _choices(YearColumn(what, year) for year in years for what in FIGURE_WORDS)))
    return groups


def _choices(columns):
    return [(str(column), column.label) for column in columns]


def samples(grid, head, place):
    """The first few things that stand in a column."""
    found, last = [], ""
    for row in grid.rows[head.first :]:
        if place < len(row) and row[place] and row[place] != last:
            last = row[place]
            text = last.lstrip(DAY + MERGED)
            text = "формула" if text.startswith(FORMULA) else text.lstrip(ERROR)[:60]
            found += [] if text in found else [text]
        if len(found) == SAMPLES:
            break
    return found
