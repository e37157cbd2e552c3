"""Forms of the workshop: texts that two people may edit at once, steps that ask for a reason; and one of the office."""

import hashlib

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import model_to_dict
from django.utils.formats import localize
from django.utils.functional import cached_property

from accounts.letters import STOPS
from accounts.models import User

# Set by steps, not by the form, yet named in constraints that the edited texts must keep.
SET_BY_STEPS = frozenset({"status", "percent", "postponed_to"})


def add_errors(form, refusal):
    """Put what a model refused into a form: beside the field where the form has it, above all where not."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal.messages)
        return
    for name, messages in refusal.message_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, messages)


def shown(value):
    """A value as a person reads it in a form's message; «пусто» for nothing."""
    if value in (None, "", []):
        return "пусто"
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, (list, tuple)) or hasattr(value, "all"):
        rows = value.all() if hasattr(value, "all") else value
        return "; ".join(str(row) for row in rows) or "пусто"
    return str(localize(value))


class WrittenDecimalField(forms.DecimalField):
    """A number as people write it: «1 234,5» with any blanks between the thousands, a comma or a point."""

    def to_python(self, value):
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class DayField(forms.DateField):
    """A day, chosen in the system's calendar or typed as дд.мм.гггг."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), input_formats=["%Y-%m-%d", "%d.%m.%Y"],
            **kwargs,
        )  # fmt: skip
        self.error_messages["invalid"] = "Напишите день так: 31.12.2026."


class PersonField(forms.ModelChoiceField):
    """A person by post and name; by login where neither is known."""

    def label_from_instance(self, person):
        return person.public_name or person.username


class SeenRow(forms.ModelForm):
    """A row of a list that several people fill in: each row carries what its person saw.

    A row that the person left as it was is never saved, so that it undoes nobody's work; one that both changed is told,
    with what stands now, and is saved with the next attempt. The page prints `{{ row.seen }}` with each row.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A list adds fields of its own afterwards: the record it belongs to, the mark for removal.
        columns = {field.name for field in self.instance._meta.fields}
        beside = self.said_beside() if self.instance.pk else {}
        shown_fields = [name for name in self._meta.fields if name in self.fields and not self.fields[name].disabled]
        self._own = [name for name in shown_fields if name in columns or name in beside]
        if self.instance.pk:
            stored = model_to_dict(self.instance, self._own) | beside
            self._stored = _digest(stored[name] for name in self._own)
            self.initial |= {**beside, "seen": self._stored}

    def said_beside(self):
        """{field: its words} of what the row shows beside its own columns. Forms override it."""
        return {}

    @cached_property
    def changed_data(self):
        """Fields that differ from what the person saw; those that only somebody else changed are not among them."""
        changed = [name for name in super().changed_data if name != "seen"]
        return [] if self.instance.pk and changed and self._is_as_seen() and "DELETE" not in changed else changed

    def _is_as_seen(self):
        typed = [self._typed(name) for name in self._own]
        return _digest(typed) == self.data.get(self.add_prefix("seen"))

    def _typed(self, name):
        field = self.fields[name]
        raw = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        try:
            value = field.clean(raw)
        except ValidationError:
            return raw
        return getattr(value, "pk", value)

    def clean(self):
        """Tell what somebody else wrote meanwhile; a page without `seen` is an old one and is taken as it is."""
        cleaned = super().clean()
        seen = self.data.get(self.add_prefix("seen"))
        if self.instance.pk and seen and seen != self._stored and self._is_as_seen():
            # Left as it was: what somebody else wrote meanwhile stands, though the page is saved for its other rows.
            names = {field.name for field in self.instance._meta.fields} & set(self._own)
            self.cleaned_data |= {name: getattr(self.instance, name) for name in names}
        if self.instance.pk and seen and seen != self._stored and self.changed_data:
            names = [name for name in self.changed_data if name in self._own]
            stands = "; ".join(f"{self.fields[name].label}: «{shown(self.initial.get(name))}»" for name in names)
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self._stored
            self.add_error(
                None,
                ValidationError(
                    f"Пока вы писали, строку изменил кто-то другой. Сейчас: {stands}. Ваш текст остался: сравните и "
                    "сохраните ещё раз.",
                    code="changed_meanwhile",
                ),
            )
        return cleaned


def seen_of(record, names):
    """What a page showed of a record, as one short word: it differs once any of the named fields does."""
    stored = model_to_dict(record, names)
    return _digest(stored[name] for name in names)


def _digest(values):
    words = "\x1f".join("" if value is None else str(value) for value in values)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


class LockedForm(forms.ModelForm):
    """A form of a workflow record: whoever saves second is told what differs, and loses nothing they typed."""

    seen_version = forms.IntegerField(label="Версия", required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen_version"] = self.instance.row_version

    @property
    def changed_data(self):
        """Fields the person changed; the hidden number is not one of them."""
        return [name for name in super().changed_data if name != "seen_version"]

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and self.cleaned_data.get("seen_version") != self.instance.row_version:
            self._compare()
        return cleaned

    def _compare(self):
        # Only what the record keeps can stand otherwise in the database: a tick of the form's own cannot.
        kept = {field.name for field in self._meta.model._meta.get_fields()}
        differing = [name for name in self.changed_data if name in kept]
        if not differing:
            return
        for name in differing:
            typed = self.cleaned_data.get(name, self.data.get(self.add_prefix(name)))
            now, then = shown(self._now(name)), shown(self._label(name, typed))
            self.add_error(name, ValidationError(f"Сейчас в базе: «{now}». У вас: «{then}».", code="differs"))
        # The next attempt is made with open eyes: it starts from the version just shown.
        self.data = self.data.copy()
        self.data[self.add_prefix("seen_version")] = str(self.instance.row_version)
        names = ", ".join(f"«{self.fields[name].label or name}»" for name in differing)
        self.add_error(
            None,
            ValidationError(
                "Пока вы писали, запись изменил кто-то другой. Ваш текст остался в форме и пока не сохранён. "
                f"Отличаются поля: {names}. Сравните их и сохраните ещё раз.",
                code="changed_meanwhile",
            ),
        )

    def _now(self, name):
        model_field = self._meta.model._meta.get_field(name)
        if model_field.many_to_many:
            return getattr(self.instance, name)
        return self._label(name, getattr(self.instance, name))

    def _label(self, name, value):
        choices = dict(getattr(self._meta.model._meta.get_field(name), "flatchoices", None) or ())
        return choices.get(value, value)

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - SET_BY_STEPS

    def _update_errors(self, errors):
        """Errors of fields that this form does not show stand above it."""
        if hasattr(errors, "error_dict"):
            placed = {}
            for name, found in errors.error_dict.items():
                placed.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(found)
            errors = ValidationError(placed)
        super()._update_errors(errors)


class MoveForm(forms.Form):
    """Why a step is taken. Where the step needs a reason, an empty one is refused."""

    reason = forms.CharField(
        label="Причина", widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}), required=False
    )

    def __init__(self, *args, needs_reason, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.required = needs_reason
        field.error_messages["required"] = "Напишите причину: её увидят все."
        field.help_text = "Её увидят все." if needs_reason else "Можно не писать. Если напишете, её увидят все."


class LettersForm(forms.ModelForm):
    """Which letters a person wants besides those that have to be received."""

    class Meta:
        model = User
        fields = [stop.field for stop in STOPS.values()]
        labels = {stop.field: stop.words for stop in STOPS.values()}


class DecisionForm(forms.Form):
    """A decision on a record as it was seen: somebody else's step in between is told, not overwritten."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Обновите страницу."})


def seen_again(form, record):
    """A refused decision once more: what was typed stays, the version is that of the page now shown."""
    form.data = form.data.copy()
    form.data[form.add_prefix("seen_version")] = str(record.row_version)
    return form
