"""What a person brings: a file or a text, and where it goes."""

from django import forms

from exchange.tables.forms import KIND_CHOICES, ScopeForm

MOST_PASTED = 300_000


class TableForm(ScopeForm):
    """A file or a pasted text on its way in."""

    file = forms.FileField(
        label="Файл с таблицами", required=False, help_text="Excel, OpenDocument или CSV, до 10 МБ. Все листы сразу.",
        error_messages={"empty": "Файл пустой.", "required": "Выберите файл."},
    )  # fmt: skip
    text = forms.CharField(
        label="Вставить таблицу из Word или Excel", required=False, max_length=MOST_PASTED,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Скопируйте и вставьте: таблицу, пронумерованные цели и приоритеты или всё вместе.",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = False
        self.fields["kind"].choices = [("", "узнать по шапке"), *KIND_CHOICES]
        self.fields["kind"].initial = ""
        self.fields["town"].label = "Город, если в таблице он не назван"
        self.fields["town"].empty_label = "Назван в таблице, или вся область"

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("file") and not cleaned.get("text", "").strip() and not {"file", "text"} & set(self.errors):
            self.add_error("file", "Выберите файл или вставьте текст ниже.")
        return cleaned
