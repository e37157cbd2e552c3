"""What a person says about a table: what it is about, where it goes, which column is what, why promises change."""

from django import forms
from django.utils import timezone

from accounts.models import Role
from exchange.sheets.columns import COLUMN_SOURCES, FIGURE_WORDS, SOURCE_WORDS, YearColumn
from exchange.sheets.grid import DAY, ERROR, FORMULA, MERGED
from exchange.tables.models import ColumnMatch
from municipalities.models import Municipality, Region
from strategies.models import Programme

from .fields import KINDS
from .ground import Scope
from .matching import Match, by_words

BRINGERS = (Role.REGION_EDITOR, Role.REGION_APPROVER)
KIND_CHOICES = [(code, str(kind.label)) for code, kind in KINDS.items()]
SOURCE_CHOICES = [("", "в шапке или в ячейках сказано"), *SOURCE_WORDS.items()]
SAID_ONCE = {"source", "year", "direction", "paper"}
SAMPLES, MOST_NAME = 3, ColumnMatch._meta.get_field("name").max_length


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


class TableForm(ScopeForm):
    """A table on its way in."""

    file = forms.FileField(
        label="Файл XLSX, XLS, ODS или CSV", required=False, help_text="До 10 МБ и 20 000 строк.",
        error_messages={"empty": "Файл пустой.", "required": "Выберите файл."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Почему меняется опубликованное", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Нужно, только если таблица меняет срок, деньги, план или текст, которые уже видят все, а столбца "
        "«причина» в ней нет. Правка текста уйдёт на утверждение.",
    )  # fmt: skip
    sheet = forms.CharField(required=False, widget=forms.HiddenInput)
    file_name = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("sheet")
        self.fields["town"].label = "Город, если в таблице он не назван"
        self.fields["town"].empty_label = "Назван в таблице, или вся область"


class MatchForm(forms.Form):
    """Which column is what: a choice for each, what they hold beside it."""

    source = forms.ChoiceField(label="Чьи это деньги", choices=SOURCE_CHOICES, required=False)
    year = forms.IntegerField(
        label="За какой год деньги", required=False, min_value=1900, max_value=2200,
        help_text="Если в шапке года нет. Пусто — год срока каждой меры.",
    )  # fmt: skip
    direction = forms.ChoiceField(
        label="Направление новых мер", required=False,
        help_text="Если в таблице направление не названо ни столбцом, ни строкой раздела.",
    )  # fmt: skip
    paper = forms.CharField(
        label="Откуда сведения", required=False, max_length=300,
        help_text="Отчёт, сборник или адрес страницы: нужно фактам, если в таблице нет столбца «источник сведений».",
    )  # fmt: skip
    match_name = forms.CharField(
        label="Запомнить под названием", required=False, max_length=MOST_NAME,
        help_text="Следующую таблицу с такими же столбцами примем без этого вопроса. Пусто — не запоминать.",
    )  # fmt: skip

    def __init__(self, *args, kind, grid, head, programme=None, match=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.head = kind, head
        self.match = match or by_words(kind, head.names)
        choices = column_choices(kind, head.names, programme)
        self.samples = {}
        for place, name in enumerate(head.names):
            if name:
                self.fields[f"column-{place}"] = forms.ChoiceField(
                    label=f"Что в столбце «{name}»",
                    choices=choices,
                    required=False,
                    initial=self.match.fields.get(place, ""),
                )
                self.samples[place] = samples(grid, head, place)
        self._keep_asked(programme)
        for name in SAID_ONCE & self.fields.keys():
            self.fields[name].initial = getattr(self.match, name)

    def _keep_asked(self, programme):
        """Only what a table of the kind may need said once."""
        asked = {"measures": {"source", "year", "direction"}, "values": {"year", "paper"}, "indicators": {"paper"}}
        for name in SAID_ONCE - asked.get(self.kind.code, set()):
            del self.fields[name]
        if self.kind.code == "values":
            self.fields["year"].label = "За какой год значения"
            self.fields["year"].help_text = "Если в таблице нет столбца «год»."
        if "direction" in self.fields:
            titles = list(programme.directions.values_list("title", flat=True)) if programme else []
            if len(titles) < 2:  # the only one is meant
                del self.fields["direction"]
            else:
                self.fields["direction"].choices = [("", "названо в таблице"), *((one, one) for one in titles)]

    def once(self):
        """What is said once for the whole table: the fields in their order."""
        return [self[name] for name in ("source", "year", "direction", "paper") if name in self.fields]

    def columns(self):
        """[(head, samples, field)] of every column."""
        return [(self.head.names[place], found, self[f"column-{place}"]) for place, found in self.samples.items()]

    def said(self):
        """The match that the person said; unknown fields are passed over."""
        cleaned = self.cleaned_data
        fields = {place: cleaned[f"column-{place}"] for place in self.samples if cleaned.get(f"column-{place}")}
        fields = {place: name for place, name in fields.items() if self.kind.allows(name)}
        once = {name: cleaned[name] for name in SAID_ONCE if name in cleaned}
        return Match(self.kind, self.head.names, fields, **once)


def column_choices(kind, names, programme):
    """Groups of choices for a column: fields, then what stands by years."""
    groups = [("", "не вносить"), ("Поля", [(field.name, field.label) for field in kind.fields])]
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
        groups += [("Деньги", _choices(money)), ("Итоги", _choices(totals))]
    elif kind.by_year == "figures":
        groups.append(("Значения", _choices(YearColumn(what, year) for year in years for what in FIGURE_WORDS)))
    return groups


def _choices(columns):
    return [(str(column), column.label) for column in columns]


def samples(grid, head, place):
    """The first few things that stand in a column."""
    found = []
    for row in grid.rows[head.first :]:
        if place < len(row) and row[place]:
            text = row[place].lstrip(DAY + MERGED)
            text = "формула" if text.startswith(FORMULA) else text.lstrip(ERROR)[:60]
            found += [] if text in found else [text]
        if len(found) == SAMPLES:
            break
    return found
