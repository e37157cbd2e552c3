"""What officials of the region type about a programme: its passport, its steps, its new version."""

from django import forms

from accounts.forms import DayField, DecisionForm, LockedForm
from documents.models import Document
from strategies.programme.models.programme import Programme

ACT = ("act_title", "act_date", "act")
FIXED = frozenset({Programme.Status.APPROVED, Programme.Status.COMPLETED})


def acts_of(programme):
    """Published papers of the region: an act is chosen from them."""
    papers = Document.objects.public().filter(region=programme.region_id)
    return papers.order_by("-date", "-pk")


class PassportForm(LockedForm):
    """The passport of a programme. The act of a version that is kept changes with the next version only."""

    class Meta:
        model = Programme
        fields = [
            "title", "summary", "year_from", "year_to", *ACT, "discussion_from", "discussion_to", "status_note", "note",
            "sources",
        ]  # fmt: skip
        field_classes = dict.fromkeys(("act_date", "discussion_from", "discussion_to"), DayField)
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "note": forms.Textarea(attrs={"rows": 3}),
            "sources": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"note": "как готовят, что ещё известно"}
        help_texts = {
            "act": "Файл сначала публикуют в документах области.",
            "discussion_to": "До этого дня включительно жители читают проект и пишут замечания.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        programme = self.instance
        if programme.status in FIXED and programme.versions.exists():
            for name in ACT:
                del self.fields[name]
        else:
            self.fields["act"].queryset = acts_of(programme)
            self.fields["act"].empty_label = "Документа пока нет"
        if programme.status in FIXED:
            for name in ("discussion_from", "discussion_to"):
                del self.fields[name]


class StepForm(DecisionForm):
    """One step of a programme as it was seen."""

    status = forms.ChoiceField(choices=Programme.Status.choices, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Что к этому сказать", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Можно не писать. Если напишете, прочтут все.",
    )  # fmt: skip


class SummaryForm(StepForm):
    """The last step: what was promised and what came of it."""

    reason = forms.CharField(
        label="Что обещали и что вышло", max_length=3000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Простыми словами, с тем, что не сделано и почему. Прочтут все.",
        error_messages={"required": "Напишите, чем кончилась программа: это прочтут все."},
    )  # fmt: skip


class RevisionForm(DecisionForm):
    """By which act the programme is revised, and why.

    Args:
        programme: whose version it will be.
    """

    act_title = forms.CharField(
        label="Акт", max_length=300, help_text="Вид, дата и номер акта, который меняет программу.",
        error_messages={"required": "Назовите акт: без него программу не меняют."},
    )  # fmt: skip
    act_date = DayField(label="Дата акта", error_messages={"required": "Укажите дату акта."})
    act = forms.ModelChoiceField(
        Document.objects.none(), label="Документ с текстом", empty_label="Выберите опубликованный документ",
        error_messages={"required": "Выберите документ с текстом акта."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Что и почему изменили", max_length=3000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Это прочтут все рядом с отличиями.",
        error_messages={"required": "Напишите, что и почему изменили: это прочтут все."},
    )  # fmt: skip

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["act"].queryset = acts_of(programme)
