"""What a secretary types in the hall: a line after a line, and how many hands or stickers a priority got."""

import uuid

from django import forms

from sessions.models import PriorityVote, Proposal, Section

RESIDENTS = "жители"


class LineForm(forms.Form):
    """One thing that was said. The key tells a line sent twice from two lines.

    Args:
        session: where it is said.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Обновите страницу."})
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label="Что сказано", max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True, "enterkeyhint": "send"}),
        error_messages={"required": "Наберите, что сказано."},
    )  # fmt: skip
    section = forms.ModelChoiceField(
        label="Секция", queryset=Section.objects.none(), required=False, empty_label="Без секции"
    )
    table = forms.CharField(label="Стол", max_length=40, required=False)
    speaker = forms.CharField(
        label="Кто сказал, для всех", max_length=200, required=False,
        help_text="«жители» или должность. Имя жителя не пишут.",
    )  # fmt: skip
    kind = forms.ChoiceField(label="Вид", choices=Proposal.Kind)

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = Section.objects.filter(session=session)
        self.initial.setdefault("form_key", uuid.uuid4())
        self.initial.setdefault("speaker", RESIDENTS)
        self.initial.setdefault("kind", Proposal.Kind.PROPOSAL)


class VotesForm(forms.Form):
    """Counts per priority. Only what was changed on the page is written: two secretaries do not undo each other.

    Args:
        priorities: those that are voted for.
        votes: {(priority id, method): count} that stand.
    """

    def __init__(self, *args, priorities, votes, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows, self.initial_counts = [], {}
        for priority in priorities:
            names = []
            for method in PriorityVote.Method:
                name = f"{method}-{priority.pk}"
                self.initial_counts[name] = votes.get((priority.pk, method))
                self.fields[name] = forms.IntegerField(
                    label=f"{method.label}: {priority.title}", min_value=0, max_value=1_000_000, required=False,
                    initial=votes.get((priority.pk, method)), show_hidden_initial=True,
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                )  # fmt: skip
                names.append(name)
            self.rows.append((priority, [self[name] for name in names]))

    def clean(self):
        """Tell of a count that somebody else wrote meanwhile; the next attempt is made with open eyes."""
        for name in self.changed_data:
            field, stands = self.fields[name], self.initial_counts[name]
            seen = field.clean(self.data.get(self.add_initial_prefix(name)))
            if name in self.cleaned_data and stands not in {seen, self.cleaned_data[name]}:
                now = "пусто" if stands is None else stands
                self.add_error(name, f"Пока вы считали, записали другое. Сейчас: {now}. Сравните и запишите ещё раз.")
                self.data = self.data.copy()
                self.data[self.add_initial_prefix(name)] = "" if stands is None else str(stands)
        return self.cleaned_data

    def changed(self):
        """(priority, method, count or None) of every count that was changed."""
        for name in self.changed_data:
            method, priority = name.split("-", 1)
            yield int(priority), method, self.cleaned_data[name]
