"""What the region says of a gap, as the office asks for it."""

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.forms import PersonField
from accounts.models import RoleAssignment, User
from strategies.coverage.models.gap import GapAnswer


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
