"""What a side of a commitment types: what it gives, how much, by which year, under which condition."""

from django import forms

from accounts.forms import LockedForm, WrittenDecimalField
from strategies.coverage.models.commitment import Commitment


class CommitmentForm(LockedForm):
    """The words of one side: a draft of money may lack its sum, a promise may not.

    Args:
        confirms: whether the promise is given at once.
    """

    amount = WrittenDecimalField(
        label="Сумма, тыс. руб.", max_digits=14, decimal_places=2, min_value=0, required=False, localize=True,
        help_text="Нужна, когда обещаете деньги. Например: 1 234,5.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip

    class Meta:
        model = Commitment
        fields = ["kind", "amount", "year", "condition"]
        widgets = {
            "kind": forms.RadioSelect,
            "year": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "condition": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"kind": "Что даёте", "year": "К какому году", "condition": "При каком условии"}

    def __init__(self, *args, confirms=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.confirms = confirms
        kinds = Commitment.KINDS_OF[self.instance.side]
        self.fields["kind"].choices = [(kind.value, _capital(kind.label)) for kind in kinds]
        self.fields["kind"].error_messages["required"] = "Выберите, что даёте."
        self.fields["kind"].help_text = ""
        self.fields["year"].required = True
        self.fields["year"].error_messages["required"] = "Назовите год: без него обещание не дать."

    def clean(self):
        cleaned = super().clean()
        is_money = cleaned.get("kind") in Commitment.MONEY
        if self.confirms and is_money and cleaned.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", "Назовите сумму: вы обещаете деньги.")
        return cleaned

    def keep(self, *, by):
        """Save the draft of the side; the commitment."""
        commitment = self.instance
        if commitment.pk:
            commitment.save_edited(by=by, known_version=commitment.row_version)
        else:
            commitment.created_by = by
            commitment.save()
        return commitment


class WithdrawForm(forms.Form):
    """Why a promise is taken back."""

    reason = forms.CharField(
        label="Почему отзываете", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Прочтут все. Отозванное обещание останется на виду.",
        error_messages={"required": "Напишите причину: её увидят все."},
    )  # fmt: skip


def _capital(words):
    words = str(words)
    return words[:1].upper() + words[1:]
