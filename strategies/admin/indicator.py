import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from accounts.admin_scope import SOURCE_FIELDS, CardInline, RegionAdmin, TableInline
from strategies.models import Indicator, IndicatorValue

_TARGET = re.compile(r"^(\d{4})\s*[:=—–-]\s*(-?[\d\s ]+(?:[.,]\d+)?)$")


def parse_targets(text):
    """Targets by year from «2027: 10; 2028: 12,5».

    Raises:
        ValidationError: a piece is not a year with a number, or a year stands twice.
    """
    found = {}
    for piece in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        match = _TARGET.match(piece)
        if not match:
            raise ValidationError(f"«{piece}» не похоже на год и число. Пишите так: 2027: 10; 2028: 12,5.")
        try:
            target = Decimal(re.sub(r"\s", "", match[2]).replace(",", "."))
        except InvalidOperation as error:
            raise ValidationError(f"«{match[2]}» — не число.") from error
        if int(match[1]) in found:
            raise ValidationError(f"{match[1]} год назван дважды.")
        found[int(match[1])] = target
    return found


class IndicatorRowForm(forms.ModelForm):
    """An indicator with its targets by year in one line, so that a priority is entered on one page."""

    targets = forms.CharField(
        label="план по годам", required=False, help_text="Например: 2027: 10; 2028: 12,5",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["targets"] = "; ".join(
                f"{value.year}: {value.target.normalize():f}".replace(".", ",")
                for value in self.instance.values.all()
                if value.year is not None and value.target is not None
            )

    def clean_targets(self):
        """Targets by year."""
        return parse_targets(self.cleaned_data["targets"])

    def _post_clean(self):
        super()._post_clean()
        for year, target in self._changed_targets().items():
            kept = self._kept().get(year) or IndicatorValue(indicator=self.instance, year=year)
            kept.target = target
            try:
                kept.full_clean(exclude=["indicator", "created_by"], validate_unique=False)
            except ValidationError as error:
                self.add_error("targets", [f"{year}: {message}" for message in error.messages])

    def _changed_targets(self):
        return self.cleaned_data.get("targets", {}) if "targets" in self.changed_data else {}

    def _kept(self):
        if not self.instance.pk:
            return {}
        return {value.year: value for value in self.instance.values.all()}

    def save_more(self, *, by):
        """Write the targets: new years are added, left out ones lose their target."""
        if "targets" not in self.changed_data:
            return
        targets = self._changed_targets()
        kept = {value.year: value for value in IndicatorValue.objects.filter(indicator=self.instance)}
        for year, target in targets.items():
            value = kept.get(year) or IndicatorValue(indicator=self.instance, year=year, created_by=by)
            value.target = target
            value.save()
        for year, value in kept.items():
            if year in targets or year is None or value.target is None:
                continue
            if value.actual is None:
                value.delete()
            else:
                value.target = None
                value.save()


class IndicatorInline(CardInline):
    """Indicators of a priority or of a measure."""

    model = Indicator
    form = IndicatorRowForm
    show_change_link = True
    fields = [
        ("name", "unit", "direction"),
        ("base_year", "base_value"),
        "targets",
        ("data_source", "weight"),
        "sources",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("values")


class ValueInline(TableInline):
    model = IndicatorValue
    fields = ["year", "target", "actual", "is_preliminary", "deviation_reason", "sources"]


@admin.register(Indicator)
class IndicatorPage(RegionAdmin):
    region_lookups = (
        "municipality__region",
        "priority__strategy__municipality__region",
        "measure__direction__programme__region",
    )
    list_display = ["name", "unit", "owner", "direction", "base_year", "base_value", "sample_mark"]
    list_select_related = (
        "municipality", "priority__strategy__municipality", "measure__direction__programme", "measure__municipality",
    )  # fmt: skip
    list_filter = ["direction"]
    search_fields = ["name", "municipality__name", "priority__title", "measure__title"]
    autocomplete_fields = ["municipality", "priority", "measure"]
    readonly_on_change = ("municipality", "priority", "measure")
    inlines = [ValueInline]
    fieldsets = [
        (None, {"fields": [
            "name", ("unit", "direction"), "priority", "measure", "municipality", ("base_year", "base_value"), "weight",
            "data_source", "order",
        ]}),
        SOURCE_FIELDS,
    ]  # fmt: skip

    def territory_of(self, record):
        return (record.priority or record.measure or record.municipality).territory

    @admin.display(description="чей")
    def owner(self, record):
        """The priority, the measure or the town it belongs to."""
        return record.priority or record.measure or record.municipality
