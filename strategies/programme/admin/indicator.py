import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from accounts.admin_scope import SOURCE_FIELDS, CardInline, RegionAdmin, TableInline, TellingFormSet
from accounts.forms import SeenRow
from municipalities.numbers import typed
from strategies.programme.models.indicator import Indicator, IndicatorValue, TargetChange

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


def is_promised(indicator):
    """Whether everybody sees the indicator: from then on its targets change with a reason only."""
    return indicator.pk is not None and Indicator.objects.public().filter(pk=indicator.pk).exists()


def has_promised_targets(indicator):
    """Whether the indicator has targets that everybody sees."""
    return is_promised(indicator) and indicator.values.filter(target__isnull=False).exists()


class PromiseForm(forms.ModelForm):
    """A form where a promised target may change: then it asks why and by which paper."""

    change_reason = forms.CharField(
        label="почему меняется план", required=False, widget=forms.Textarea(attrs={"rows": 2, "cols": 40}),
        help_text="Обещанный план меняют с причиной: она и прежнее число останутся видны всем.",
    )  # fmt: skip
    change_paper = forms.CharField(
        label="бумага о новом плане", required=False, max_length=TargetChange._meta.get_field("paper").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}), help_text="Вид, дата и номер решения.",
    )  # fmt: skip

    def ask_why(self, old):
        """Refuse a change of a promised target without a reason.

        Args:
            old: the target or targets that were promised, in words.
        """
        if not self.cleaned_data.get("change_reason", "").strip():
            self.add_error("change_reason", f"План уже обещан ({old}): напишите, почему он меняется.")

    def change_target(self, value, target, *, by):
        """Write a new target over a promised one: the old one and the reason stay."""
        value.change_target(
            target, reason=self.cleaned_data["change_reason"], paper=self.cleaned_data["change_paper"], by=by
        )


class IndicatorRowForm(PromiseForm, SeenRow):
    """An indicator with its targets by year in one line, so that a priority is entered on one page."""

    targets = forms.CharField(
        label="план по годам", required=False, help_text="Например: 2027: 10; 2028: 12,5",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )  # fmt: skip

    def said_beside(self):
        """The targets that stand, as they are typed."""
        targets = (
            f"{value.year}: {typed(value.target)}"
            for value in self.instance.values.all()
            if value.year is not None and value.target is not None
        )
        return {"targets": "; ".join(targets)}

    def clean_targets(self):
        """Targets by year."""
        return parse_targets(self.cleaned_data["targets"])

    def clean(self):
        cleaned = super().clean()
        over = self._overwritten()
        if over and is_promised(self.instance):
            self.ask_why("; ".join(f"{year}: {typed(value.target)}" for year, value in over.items()))
            for year, value in over.items():
                if year not in cleaned["targets"] and value.actual is None:
                    self.add_error("targets", f"{year}: обещанный план не стирают. Напишите новое число.")
        return cleaned

    def _overwritten(self):
        """{year: value} of targets that stand and are not the ones typed."""
        if "targets" not in self.changed_data or "targets" not in self.cleaned_data:
            return {}
        typed = self.cleaned_data["targets"]
        return {
            year: value
            for year, value in self._kept().items()
            if year is not None and value.target is not None and typed.get(year) != value.target
        }

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
        """Write the targets: new years are added, left out ones lose their target, promised ones keep their story."""
        if "targets" not in self.changed_data:
            return
        targets, is_public = self._changed_targets(), is_promised(self.instance)
        kept = {value.year: value for value in IndicatorValue.objects.filter(indicator=self.instance)}
        for year, target in targets.items():
            value = kept.get(year) or IndicatorValue(indicator=self.instance, year=year, created_by=by)
            if value.target == target:
                continue
            if is_public and value.target is not None:
                self.change_target(value, target, by=by)
            else:
                value.target = target
                value.save()
        for year, value in kept.items():
            if year in targets or year is None or value.target is None:
                continue
            if is_public:
                self.change_target(value, None, by=by)
            elif value.actual is None:
                value.delete()
            else:
                value.target = None
                value.save()


class IndicatorFormSet(TellingFormSet):
    """Indicators of a page: one with promised targets is not deleted."""

    def clean(self):
        super().clean()
        if any(has_promised_targets(form.instance) for form in self.deleted_forms):
            raise ValidationError("Показатель с обещанным планом не удаляют: измените план и напишите причину.")


class IndicatorInline(CardInline):
    """Indicators of a priority or of a measure."""

    model = Indicator
    form = IndicatorRowForm
    formset = IndicatorFormSet
    show_change_link = True
    fields = [
        ("name", "unit", "direction"),
        ("base_year", "base_value"),
        "targets",
        ("change_reason", "change_paper"),
        ("data_source", "weight"),
        "sources",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("values")


class ValueForm(PromiseForm, SeenRow):
    """The target and the fact of a year."""

    def clean(self):
        cleaned = super().clean()
        old = self.initial.get("target") if self.instance.pk else None
        if old is None or not {"target", "year"} & set(self.changed_data) or not is_promised(self.instance.indicator):
            return cleaned
        if "year" in self.changed_data:
            self.add_error("year", "Год обещанного плана не меняют: добавьте строку другого года.")
        if "target" in self.changed_data:
            self.instance.new_promise = self  # the page saves such a row otherwise
            self.ask_why(typed(old))
        return cleaned

    def save_over(self, *, by):
        """Save a row whose promised target changed."""
        value, target = self.instance, self.instance.target
        value.target = self.initial["target"]
        self.change_target(value, target, by=by)


class ValueFormSet(TellingFormSet):
    """Values of an indicator: a promised target is not deleted."""

    def clean(self):
        super().clean()
        gone = [form.instance for form in self.deleted_forms]
        if any(value.pk and value.target is not None for value in gone) and is_promised(self.instance):
            raise ValidationError("Обещанный план не удаляют: измените число и напишите причину.")


class ValueInline(TableInline):
    model = IndicatorValue
    form = ValueForm
    formset = ValueFormSet
    fields = [
        "year", "target", "actual", "is_preliminary", "deviation_reason", "sources", "change_reason", "change_paper",
    ]  # fmt: skip


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

    def has_delete_permission(self, request, obj=None):
        """An indicator with promised targets stays."""
        return super().has_delete_permission(request, obj) and (obj is None or not has_promised_targets(obj))

    def save_row(self, request, row):
        if getattr(row, "new_promise", None):
            row.new_promise.save_over(by=request.user)
        else:
            super().save_row(request, row)

    @admin.display(description="чей")
    def owner(self, record):
        """The priority, the measure or the town it belongs to."""
        return record.priority or record.measure or record.municipality
