"""What officials type about a session: its texts, its steps, its minutes, its decisions."""

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils import timezone

from accounts.forms import DecisionForm, LockedForm, SeenRow
from documents.models import Document
from municipalities.typed import whole_number
from sessions.gathering import told_apart
from sessions.models import Decision, Section, Session
from strategies.models import ProgrammeDirection

PLACED = ("municipality", "host")
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
MOMENT = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


class SessionForm(LockedForm):
    """The texts of a session. Its date is typed here only while nobody has been told of it."""

    class Meta:
        model = Session
        fields = [
            "title", "kind", "starts_at", "ends_at", "has_time", "date_note", "place", "venue", "latitude", "longitude",
            "organisers", "participants", "agenda", "summary", "proposals_until", "gathered_in", "participants_count",
            "outcome",
        ]  # fmt: skip
        help_texts = {
            "proposals_until": "Закрывает форму на сайте. В зале и с листа записывают, пока итоги не опубликованы."
        }
        widgets = {
            "starts_at": MOMENT, "ends_at": MOMENT, "proposals_until": DAY,
            **{
                name: forms.Textarea(attrs={"rows": 4})
                for name in ("organisers", "participants", "agenda", "summary", "outcome")
            },
        }  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        session = self.instance
        if session.pk and session.status != Session.Status.PLANNED:
            for name in ("starts_at", "ends_at"):
                del self.fields[name]
        if not session.is_over(timezone.now()):
            for name in ("participants_count", "outcome"):
                del self.fields[name]
        if session.municipality_id:
            gathering = Session.objects.filter(region=session.region_id, municipality=None)
            self.fields["gathered_in"].queryset = gathering.exclude(status="cancelled").select_related(*PLACED)
            self.fields["gathered_in"].empty_label = "Никакая"
            self.fields["gathered_in"].label_from_instance = told_apart
        else:
            del self.fields["gathered_in"]

    def keep_lists(self, *, by):
        """Keep what stands in lists of its own: a regional session has some."""


class PlaceForm(forms.Form):
    """Whose session it will be.

    Args:
        places: [(code, name), …].
    """

    owner = forms.ChoiceField(label="Чья сессия", error_messages={"required": "Выберите, чья это сессия."})

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Выберите"), *places] if len(places) > 1 else places


class SectionForm(SeenRow):
    """A section with those who lead it."""

    class Meta:
        model = Section
        fields = ["title", "moderator", "experts", "summary", "order"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 2}), "order": forms.NumberInput(attrs={"min": 0})}


SectionFormSet = inlineformset_factory(Session, Section, form=SectionForm, extra=2, max_num=60)


class DecisionRowForm(SeenRow):
    """One numbered decision."""

    class Meta:
        model = Decision
        fields = ["number", "text", "due", "responsible", "done_on", "done_note"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "due": DAY, "done_on": DAY}


class DecisionRows(BaseInlineFormSet):
    """The decisions of a session: removed only while nobody has seen them, numbered without repeats."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.can_delete = self.instance.status != Session.Status.OUTCOME

    def give_numbers(self):
        """A number that somebody took meanwhile is not offered again: the row gets the next free one.

        Called with the session's row held. Only numbers of decisions that this page does not show are given way to: a
        repeat that the person sees is told.

        Returns:
            [(the number typed, the number given)].
        """
        known = [form["id"].data for form in self.initial_forms]
        numbers = dict(self.instance.decisions.values_list("pk", "number"))
        unseen = {number for pk, number in numbers.items() if str(pk) not in known}
        last, given = max([0, *numbers.values()]), []
        for form in self.extra_forms:
            typed = whole_number(form["number"].data or "")
            if form["text"].data and typed in unseen:
                last += 1
                given.append((typed, last))
                form.data = form.data.copy()
                form.data[form.add_prefix("number")] = str(last)
        return given

    def get_unique_error_message(self, unique_check):
        return "Номера решений повторяются."

    def get_form_error(self):
        return "Такой номер уже стоит у другого решения."


DecisionFormSet = inlineformset_factory(
    Session, Decision, form=DecisionRowForm, formset=DecisionRows, extra=2, max_num=200, can_delete_extra=False
)


class BecomeMeasureForm(forms.Form):
    """Into which block of the programme a decision goes.

    Args:
        regions: of the region's editor.
    """

    seen = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Обновите страницу."})
    direction = forms.ModelChoiceField(
        label="Направление программы", queryset=ProgrammeDirection.objects.none(), empty_label="Выберите направление",
        error_messages={"required": "Выберите, в какое направление программы встанет мера."},
    )  # fmt: skip

    def __init__(self, *args, regions, **kwargs):
        super().__init__(*args, **kwargs)
        directions = ProgrammeDirection.objects.filter(programme__region__in=regions)
        self.fields["direction"].queryset = directions.exclude(programme__status="completed").select_related(
            "programme"
        )


class StepForm(DecisionForm):
    """A step of a session as it was seen, with the reason where one is needed."""

    status = forms.ChoiceField(choices=Session.Status.choices, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Причина", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Её увидят все.",
    )  # fmt: skip


class DateForm(DecisionForm):
    """A new date of a session and why it moves; with it the last day for proposals, where one is named.

    Args:
        session: whose date moves.
    """

    starts_at = forms.DateTimeField(
        label="Новое начало", widget=MOMENT, error_messages={"required": "Укажите новую дату."}
    )
    ends_at = forms.DateTimeField(label="Новый конец", widget=MOMENT, required=False)
    proposals_until = forms.DateField(
        label="Предложения принимают до", widget=DAY, error_messages={"required": "Назовите последний день."}
    )
    reason = forms.CharField(
        label="Почему переносим", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Прежняя дата и причина останутся на виду.",
        error_messages={"required": "Напишите причину: её увидят все."},
    )  # fmt: skip

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, **kwargs)
        if session.proposals_until is None:
            del self.fields["proposals_until"]
        else:
            was = f"{session.proposals_until:%d.%m.%Y}"
            self.fields["proposals_until"].help_text = f"Было: до {was}. Назовите снова: дата сессии другая."


class MinutesForm(DecisionForm):
    """The signed minutes: one of the papers there are, or a new file that enters as a draft.

    Args:
        papers: minutes to choose from.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    paper = forms.ModelChoiceField(
        label="Протокол из имеющихся", queryset=Document.objects.none(), required=False, empty_label="Не выбран"
    )
    file = forms.FileField(label="Или новый файл: PDF, DOCX", required=False)
    number = forms.CharField(label="Номер протокола", max_length=50, required=False)
    date = forms.DateField(label="Дата протокола", required=False, widget=DAY)

    def __init__(self, *args, papers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["paper"].queryset = papers

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("paper")) == bool(cleaned.get("file")):
            raise forms.ValidationError("Выберите протокол из списка или приложите файл: что-то одно.")
        return cleaned


class MinutesSeenForm(DecisionForm):
    """The very minutes that were seen: they are published, and not those that replaced them."""

    paper = forms.IntegerField(widget=forms.HiddenInput)
