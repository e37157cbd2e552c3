"""What a moderator types: the text for all, the answer, the reason to hide."""

from django import forms

from accounts.forms import DecisionForm
from accounts.revision_forms import RevisedForm, WhyField
from sessions.models import Proposal, Section
from strategies.models import Measure, Priority, Strategy


class DropsField(forms.BooleanField):
    """That what stood there may not be shown any more."""

    def __init__(self):
        super().__init__(
            label="Прежний текст не показывать: в нём личные данные", required=False,
            help_text="Останутся день, причина и имя того, кто изменил.",
        )  # fmt: skip


class ModeratedForm(RevisedForm):
    """The text for everybody and where the proposal belongs."""

    drops_former = DropsField()

    class Meta:
        model = Proposal
        fields = ["public_text", "speaker", "kind", "section", "priority", "measure"]
        widgets = {"public_text": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        proposal, fields = self.instance, self.fields
        if "public_text" not in proposal.published_words(vars(proposal)):
            del fields["drops_former"]
        fields[
            "public_text"
        ].help_text = (
            "Увидят все. Уберите имена, адреса и телефоны; смысл оставьте. Пустой текст — предложение не показано."
        )
        if proposal.session_id:
            fields["section"].queryset = Section.objects.filter(session=proposal.session_id)
            fields["section"].empty_label = "Без секции"
        else:
            del fields["section"]
        if proposal.municipality_id:
            priorities = Priority.objects.filter(strategy__municipality=proposal.municipality_id)
            fields["priority"].queryset = priorities.exclude(status=Priority.Status.ARCHIVED)
            fields["priority"].empty_label = "Ни к какому"
            is_wish = proposal.priority_id and proposal.status in Proposal.WAITING
            if is_wish and proposal.channel != Proposal.Channel.SOURCE:
                fields["priority"].help_text = "Так отнёс автор. Если предложение учтут, приоритет станет выбранным."
            fields["measure"].queryset = Measure.objects.public().filter(municipality=proposal.municipality_id)
        else:
            del fields["priority"]
            measures = Measure.objects.public().filter(direction__programme__region=proposal.region_id)
            fields["measure"].queryset = measures.filter(municipality=None)
        fields["measure"].empty_label = "Ни к какой"

    def clean(self):
        cleaned = super().clean()
        self.instance.drops_former = self.cleaned_data.get("drops_former", False)
        return cleaned


class AnswerForm(DecisionForm):
    """A decision with its reasons."""

    status = forms.ChoiceField(
        label="Решение", choices=[(one, one.label) for one in Proposal.Status if one in Proposal.ANSWERED],
        widget=forms.RadioSelect, error_messages={"required": "Выберите решение."},
    )  # fmt: skip
    answer = forms.CharField(
        label="Ответ для всех", max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Что решили и почему. Отказ — с причиной.",
        error_messages={"required": "Напишите ответ с причинами: его увидят все."},
    )  # fmt: skip
    redirected_to = forms.CharField(
        label="Кому передано", max_length=300, required=False, help_text="Только для решения «передано»."
    )


class RenewForm(DecisionForm):
    """A new answer after a published one.

    Args:
        proposal: what is answered.
    """

    answer = forms.CharField(
        label="Новый ответ", max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Напишите ответ с причинами: его увидят все."},
    )  # fmt: skip
    redirected_to = forms.CharField(
        label="Кому передано", max_length=300, error_messages={"required": "Напишите, кому передано."}
    )
    why = WhyField(
        label="Почему ответ новый", help_text="Причину увидят все.",
        error_messages={"required": "Напишите, почему ответ меняется."},
    )  # fmt: skip
    drops_former = DropsField()

    def __init__(self, *args, proposal, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial = self.initial | {"answer": proposal.answer, "redirected_to": proposal.redirected_to}
        if proposal.status != Proposal.Status.REDIRECTED:
            del self.fields["redirected_to"]


class HideForm(DecisionForm):
    """Why a proposal is taken out of sight."""

    reason = forms.CharField(
        label="Почему скрываем", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Например: оскорбление, реклама, чужие персональные данные.",
        error_messages={"required": "Напишите причину: её увидят все."},
    )  # fmt: skip


class PriorityForm(DecisionForm):
    """A draft priority out of a proposal.

    Args:
        town: whose strategy it enters.
    """

    strategy = forms.ModelChoiceField(
        label="Стратегия", queryset=Strategy.objects.none(), empty_label=None,
        error_messages={"required": "Выберите стратегию."},
    )  # fmt: skip
    title = forms.CharField(
        label="Как назвать приоритет", max_length=300, error_messages={"required": "Назовите приоритет."}
    )

    def __init__(self, *args, town, **kwargs):
        super().__init__(*args, **kwargs)
        living = Strategy.objects.filter(municipality=town, status__in=Strategy.LIVE)
        self.fields["strategy"].queryset = living.select_related("municipality").order_by("-year_from", "-version")
