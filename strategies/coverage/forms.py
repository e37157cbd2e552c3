"""What the office asks of promises and of gaps: the words of a side, and what the region says of what is missing."""

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.forms import DecisionForm, LockedForm, PersonField, WrittenDecimalField
from accounts.models import RoleAssignment, User
from strategies.coverage.models.commitment import Commitment
from strategies.coverage.models.gap import GapAnswer


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


class WithdrawForm(DecisionForm):
    """Why a promise is taken back: the very one that was seen."""

    given = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Обновите страницу."})

    reason = forms.CharField(
        label="Почему отзываете", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Прочтут все. Отозванное обещание останется на виду.",
        error_messages={"required": "Напишите причину: её увидят все."},
    )  # fmt: skip


def _capital(words):
    words = str(words)
    return words[:1].upper() + words[1:]


class GapAnswerForm(forms.ModelForm):
    """Who closes a gap, by when, and why it is empty.

    Args:
        territory: (region id, municipality id or None) of the gap: whoever works there may answer for it.
    """

    owner = PersonField(
        label="Кто отвечает лично", queryset=User.objects.none(), required=False, empty_label="Никто",
        help_text="Сотрудник области или города. Должность и имя увидят все.",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = GapAnswer
        fields = ["decision", "responsible", "owner", "due", "why"]
        widgets = {
            "decision": forms.RadioSelect,
            "due": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "why": forms.Textarea(attrs={"rows": 4}),
        }
        error_messages = {
            "responsible": {"required": "Назовите, кто закрывает пробел."},
            "due": {"required": "Назовите день, к которому пробел закроют."},
            "why": {"required": "Напишите, почему пусто: это прочтут все."},
        }

    def __init__(self, *args, territory, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [(value, label.capitalize()) for value, label in GapAnswer.Decision.choices]
        decision = self.data.get("decision") if self.is_bound else self.instance.decision
        self.fields["due"].required = decision != GapAnswer.Decision.STAYS
        region, town = territory
        roles = RoleAssignment.objects.in_force(timezone.localdate()).filter(
            Q(region=region) | Q(municipality=town, municipality__isnull=False), user=OuterRef("pk")
        )
        people = User.objects.filter(Exists(roles), is_active=True)
        self.fields["owner"].queryset = people.order_by("last_name", "first_name", "username")

    def clean(self):
        """A gap that is being closed has a day ahead; one that stays empty has none."""
        cleaned = super().clean()
        if cleaned.get("decision") == GapAnswer.Decision.STAYS:
            cleaned["due"] = None
        elif "due" in self.changed_data and cleaned.get("due") and cleaned["due"] < timezone.localdate():
            self.add_error("due", "Этот день уже прошёл: назовите день впереди.")
        return cleaned
