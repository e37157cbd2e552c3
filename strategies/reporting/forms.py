"""The two-minute report: what a head is asked, filled in beforehand with everything that is known."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.forms import DayField, WrittenDecimalField
from documents.evidence import check_evidence
from strategies import progress
from strategies.programme.models.indicator import IndicatorValue
from strategies.reporting.models.evidence import MAX_FILES, Evidence
from strategies.reporting.models.report import ProgressReport

Reported, Pace = ProgressReport.Reported, ProgressReport.Pace
ON_PLAN, BEHIND, DONE, SAME = "on_plan", "behind", "done", "same"
CATCH_UP, POSTPONE, FAIL = "catch_up", "postpone", "fail"
STATES = [(ON_PLAN, "Идёт по плану"), (BEHIND, "Есть отставание"), (DONE, "Выполнено"), (SAME, "Без изменений")]
# The date has passed: nothing goes by plan any more, and nothing is as it was.
LATE_STATES = [(BEHIND, "Ещё не выполнено"), (DONE, "Выполнено")]
OUTLOOKS = [(CATCH_UP, "Догоним к сроку"), (POSTPONE, "Нужен новый срок"), (FAIL, "Выполнить не сможем")]
LATE_OUTLOOKS = [(CATCH_UP, "Нового срока пока нет"), *OUTLOOKS[1:]]
STAGES = [one for one in Evidence.Stage.choices if one[0] != Evidence.Stage.PAPER]
REPEATED = (
    *("reported_status", "pace", "percent", "reason_kind", "deviation_reason"),
    *("postponed_to", "postponed_by", "problems", "next_steps"),
)
UNCHANGED = "Без изменений."


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class EvidenceField(forms.Field):
    """Photos and papers: each is checked by its content; good ones are kept even where another is refused."""

    widget = FilesInput

    def clean(self, value):
        """The checked files, and the refusals as one error with the name of each file."""
        checked, refused = [], []
        for upload in value or []:
            try:
                checked.append(check_evidence(upload))
            except ValidationError as error:
                refused.append(f"«{upload.name}»: {' '.join(error.messages)}")
        return checked, refused


class ReportForm(forms.Form):
    """A report on a measure or a priority.

    Args:
        report: the draft, perhaps not saved yet.
        former: the counting report before it, or None.
        parts: `ReportParts`, what else may be said.
    """

    state = forms.ChoiceField(
        label="Как идут дела", choices=STATES, widget=forms.RadioSelect,
        error_messages={"required": "Выберите, как идут дела."},
    )  # fmt: skip
    outlook = forms.ChoiceField(label="Что дальше", choices=OUTLOOKS, widget=forms.RadioSelect, required=False)
    reason_kind = forms.ChoiceField(
        label="Почему", choices=ProgressReport.ReasonKind.choices, widget=forms.RadioSelect, required=False
    )
    reason = forms.CharField(label="Причина одной фразой", max_length=500, required=False)
    new_due = DayField(label="Новый срок", required=False)
    paper = forms.CharField(
        label="Решение о переносе",
        max_length=300,
        required=False,
        help_text="Вид, дата и номер. Нет бумаги — так и покажем.",
    )
    percent = forms.IntegerField(
        label="Сколько сделано", required=False, min_value=0, max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    text = forms.CharField(
        label="Что сделали", max_length=2000, required=False, help_text="Одно-два предложения, как соседу.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    problems = forms.CharField(
        label="Что мешает", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    next_steps = forms.CharField(
        label="Что сделаем дальше", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    stage = forms.ChoiceField(
        label="Что на снимках", choices=STAGES, initial=Evidence.Stage.DURING, widget=forms.RadioSelect, required=False
    )
    files = EvidenceField(
        label="Фото и бумаги", required=False,
        help_text=f"JPEG, PNG, PDF, DOCX или XLSX, до {MAX_FILES} штук. Место съёмки и владельца из снимка убираем.",
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, report, former, parts, **kwargs):
        self.report, self.former, self.parts = report, former, parts
        self.checked_files, self.refused_files = [], []
        kwargs["initial"] = self._known() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if former is None or former.reported_status in {Reported.DONE, Reported.NOT_DONE}:
            self.fields["state"].choices = STATES[:3]
        if report.measure_id and report.measure.is_past_due(timezone.localdate()):
            self.fields["state"].choices = LATE_STATES
            self.fields["outlook"].choices = LATE_OUTLOOKS
        for name, field in parts.fields():
            self.fields[name] = field
        self.fields["files"].widget.attrs |= {"multiple": True, "accept": "image/*,.pdf,.docx,.xlsx"}

    def _known(self):
        """Everything that is known before a word is typed: the draft, else the former report."""
        report, former = self.report, self.former
        if report.typed:
            return {name: values[0] if values else "" for name, values in report.typed.items()}
        known = {"percent": former.percent if former else None}
        if report.pk or report.corrects_id:
            source = report if report.pk else report.corrects
            known = {
                "state": _state_of(source), "outlook": _outlook_of(source), "reason_kind": source.reason_kind,
                "reason": source.deviation_reason, "new_due": source.postponed_to, "paper": source.postponed_by,
                "percent": source.percent, "text": source.text, "problems": source.problems,
                "next_steps": source.next_steps,
            }  # fmt: skip
        return known | self.parts.known(report)

    def clean_files(self):
        """Good files are kept whatever else the form says; each bad one is named with its fault."""
        self.checked_files, self.refused_files = self.cleaned_data["files"]
        return self.checked_files

    def clean(self):
        cleaned, state = super().clean(), self.cleaned_data.get("state")
        self.parts.clean(self)
        if self.refused_files:
            self.add_error("files", self.refused_files)
        if state is None:
            return cleaned
        if state != SAME and not cleaned.get("text", "").strip():
            self.add_error("text", "Напишите одно предложение: что сделали.")
        if state == BEHIND:
            self._clean_delay(cleaned)
        if state in {ON_PLAN, BEHIND} and cleaned.get("percent") == 100:
            self.add_error("percent", "100 % ставят, когда выбрано «Выполнено».")
        needs_percent = self.report.measure_id and cleaned.get("outlook") != FAIL
        if (
            state in {ON_PLAN, BEHIND}
            and needs_percent
            and cleaned.get("percent") is None
            and not self.has_error("percent")
        ):
            self.add_error("percent", "Укажите, сколько сделано, в процентах.")
        return cleaned

    def _clean_delay(self, cleaned):
        if not cleaned.get("reason_kind"):
            self.add_error("reason_kind", "Назовите причину: без неё отставание не объяснить.")
        if cleaned.get("reason_kind") == ProgressReport.ReasonKind.OTHER and not cleaned.get("reason"):
            self.add_error("reason", "Вы выбрали «иное»: напишите, что именно.")
        if cleaned.get("outlook") != POSTPONE or self.has_error("new_due"):
            return
        new_due, due = cleaned.get("new_due"), self.report.measure.due_now if self.report.measure_id else None
        if new_due is None:
            self.add_error("new_due", "Напишите новый срок: прежний останется рядом.")
        elif new_due <= timezone.localdate() or (due and new_due <= due):
            self.add_error("new_due", "Новый срок должен быть позже сегодняшнего дня и прежнего срока.")

    def values(self):
        """Fields of the report, from a valid form."""
        cleaned, state = self.cleaned_data, self.cleaned_data["state"]
        if state == SAME:
            return self._former_values() | {"is_unchanged": True, "text": cleaned["text"].strip() or UNCHANGED}
        behind, outlook = state == BEHIND, cleaned["outlook"]
        postponed = behind and outlook == POSTPONE
        status = Reported.IN_PROGRESS
        if state == DONE:
            status = Reported.DONE
        elif postponed:
            status = Reported.POSTPONED
        elif behind and outlook == FAIL:
            status = Reported.NOT_DONE
        return {
            "reported_status": status, "pace": "" if state == DONE else Pace.BEHIND if behind else Pace.ON_PLAN,
            "percent": 100 if state == DONE else cleaned["percent"], "text": cleaned["text"].strip(),
            "reason_kind": cleaned["reason_kind"] if behind else "",
            "deviation_reason": cleaned["reason"].strip() if behind else "",
            "postponed_to": cleaned["new_due"] if postponed else None,
            "postponed_by": cleaned["paper"].strip() if postponed else "",
            "problems": cleaned["problems"].strip(), "next_steps": cleaned["next_steps"].strip(), "is_unchanged": False,
        }  # fmt: skip

    def _former_values(self):
        return {name: getattr(self.former, name) for name in REPEATED}


def _state_of(report):
    if report.is_unchanged:
        return SAME
    if report.reported_status == Reported.DONE:
        return DONE
    if report.is_behind:
        return BEHIND
    return ON_PLAN if report.text else None


def _outlook_of(report):
    return {Reported.POSTPONED: POSTPONE, Reported.NOT_DONE: FAIL}.get(report.reported_status, CATCH_UP)


def _plain(figure):
    """A stored figure without the zeros of its column: 62, not 62,0000."""
    return None if figure is None else Decimal(format(figure.normalize(), "f"))


class ReportParts:
    """Milestones, money and indicators that a report on a measure may speak of; nothing for a priority.

    Rows carry the bound fields for the template: `bind` after the form is made.
    """

    def __init__(self, milestones=(), fundings=(), values=()):
        self.milestones, self.fundings, self.indicator_values = list(milestones), list(fundings), list(values)

    @classmethod
    def of(cls, report):
        """What may be said in a report; three queries for a measure, none for a priority.

        Money of years that have begun; indicators planned up to the report's year, without a final fact.
        """
        measure = report.measure
        if measure is None:
            return cls()
        values = IndicatorValue.objects.due_for(measure, report.year)
        return cls(
            measure.milestones.filter(done_on__isnull=True), measure.fundings.filter(year__lte=report.year), values
        )

    def fields(self):
        """(name, field) of every row."""
        for milestone in self.milestones:
            yield f"milestone-{milestone.pk}", forms.BooleanField(label=milestone.title, required=False)
            yield f"milestone-{milestone.pk}-on", DayField(label="Когда", required=False)
        for value in self.indicator_values:
            name = f"actual-{value.pk}"
            label = f"{value.indicator.name}, {value.indicator.unit}, {value.year} год"
            yield name, WrittenDecimalField(label=label, required=False, max_digits=18, decimal_places=4, localize=True)
            yield f"{name}-rough", forms.BooleanField(label="Предварительно", required=False)
            yield f"{name}-why", forms.CharField(label="Почему отличается от плана", required=False, max_length=500)
        for funding in self.fundings:
            label = f"{funding.get_source_display()}, {funding.year} год"
            yield (
                f"spent-{funding.pk}",
                WrittenDecimalField(
                    label=label[:1].upper() + label[1:],
                    required=False,
                    max_digits=14,
                    decimal_places=2,
                    min_value=0,
                    localize=True,
                ),
            )

    def known(self, report):
        """What is known of the rows: the draft's own words, else what published reports have set."""
        today = timezone.localdate()
        known = {f"milestone-{milestone.pk}-on": today for milestone in self.milestones}
        known |= {f"spent-{funding.pk}": _plain(funding.spent) for funding in self.fundings}
        for value in self.indicator_values:
            known |= {f"actual-{value.pk}": _plain(value.actual), f"actual-{value.pk}-rough": value.is_preliminary,
                      f"actual-{value.pk}-why": value.deviation_reason}  # fmt: skip
        if report.pk:
            for ticked in report.milestones.all():
                known |= {
                    f"milestone-{ticked.milestone_id}": True,
                    f"milestone-{ticked.milestone_id}-on": ticked.done_on,
                }
            known |= {f"spent-{one.funding_id}": _plain(one.spent) for one in report.spendings.all()}
            said = {(one.indicator_id, one.year): one for one in report.actuals.all()}
            for value in self.indicator_values:
                if one := said.get((value.indicator_id, value.year)):
                    known |= {f"actual-{value.pk}": _plain(one.actual), f"actual-{value.pk}-rough": one.is_preliminary,
                              f"actual-{value.pk}-why": one.deviation_reason}  # fmt: skip
        return known

    def clean(self, form):
        """Days of ticked milestones; reasons of figures far from the plan."""
        cleaned = form.cleaned_data
        for milestone in self.milestones:
            name = f"milestone-{milestone.pk}"
            if cleaned.get(name) and (cleaned.get(f"{name}-on") or timezone.localdate()) > timezone.localdate():
                form.add_error(f"{name}-on", "Этот день ещё не наступил: отметьте точку, когда она пройдена.")
        for value in self.indicator_values:
            name = f"actual-{value.pk}"
            if progress.needs_reason(value.target, cleaned.get(name)) and not cleaned.get(f"{name}-why"):
                form.add_error(f"{name}-why", "Факт отличается от плана больше чем на 5 %: напишите почему.")

    def said(self, form):
        """(milestones, actuals, spendings) for `drafting.write`, from a valid form; rows left blank say nothing."""
        cleaned = form.cleaned_data
        if cleaned["state"] == SAME:
            return {"milestones": {}, "actuals": {}, "spendings": {}}
        milestones = {
            one: cleaned[f"milestone-{one.pk}-on"] or timezone.localdate()
            for one in self.milestones
            if cleaned[f"milestone-{one.pk}"]
        }
        actuals = {
            (one.indicator, one.year): (cleaned[f"actual-{one.pk}"], cleaned[f"actual-{one.pk}-rough"],
                                        cleaned[f"actual-{one.pk}-why"])
            for one in self.indicator_values
            if self._is_new_fact(one, cleaned)
        }  # fmt: skip
        spendings = {one: cleaned[f"spent-{one.pk}"] for one in self.fundings if cleaned[f"spent-{one.pk}"] is not None}
        return {"milestones": milestones, "actuals": actuals, "spendings": spendings}

    @staticmethod
    def _is_new_fact(value, cleaned):
        figure, rough = cleaned[f"actual-{value.pk}"], cleaned[f"actual-{value.pk}-rough"]
        return figure is not None and (figure != value.actual or rough != value.is_preliminary)

    def rows(self, form):
        """Rows with their bound fields, for the template."""
        return {
            "milestones": [
                {"milestone": one, "tick": form[f"milestone-{one.pk}"], "on": form[f"milestone-{one.pk}-on"]}
                for one in self.milestones
            ],
            "actuals": [
                {"value": one, "actual": form[f"actual-{one.pk}"], "rough": form[f"actual-{one.pk}-rough"],
                 "why": form[f"actual-{one.pk}-why"]}
                for one in self.indicator_values
            ],
            "spendings": [{"funding": one, "spent": form[f"spent-{one.pk}"]} for one in self.fundings],
        }  # fmt: skip
