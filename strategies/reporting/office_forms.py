"""What officials of the region type: decisions on reports, handing over of duties."""

from django import forms

from accounts.forms import DecisionForm, PersonField
from accounts.models import User

# What reports lack most often, so that a return takes a tap. The town reads the sentence as it stands.
PHRASES = [
    "Приложите фото или бумагу.",
    "Назовите причину отставания.",
    "Уточните, сколько потрачено.",
    "Отметьте пройденные контрольные точки.",
    "Напишите, что сделали именно за этот период.",
]


class ReturnForm(DecisionForm):
    """What the town has to mend: ready sentences, own words, or both."""

    phrases = forms.MultipleChoiceField(
        label="Чего не хватает", choices=[(one, one) for one in PHRASES], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    comment = forms.CharField(
        label="Что дополнить", max_length=1500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Город увидит текст на телефоне. Скажите, чего не хватает и к какому дню.",
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.reason:
            self.add_error("comment", "Напишите, что поправить: город увидит эти слова.")
        return cleaned

    @property
    def reason(self):
        """Everything the town will read, sentence by sentence."""
        return "\n".join(filter(None, [*self.cleaned_data.get("phrases", []), self.cleaned_data.get("comment", "")]))


class HandoverForm(forms.Form):
    """To whom duties pass, and why.

    Args:
        people: who may take over.
    """

    to_user = PersonField(
        label="Кто принимает", queryset=User.objects.none(), empty_label="Выберите человека",
        error_messages={"required": "Выберите, кто принимает дела."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Основание", max_length=300, help_text="Например: назначение, отпуск, увольнение. Войдёт в акт.",
        error_messages={"required": "Напишите основание: без него акт не составить."},
    )  # fmt: skip

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = people
