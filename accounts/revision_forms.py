"""Forms of records whose words may be published: why they change, and the decision on what waits."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms import DecisionForm, LockedForm
from accounts.models import Revision

WHY = "Почему меняете опубликованное"
WHY_HELP = "Нужно, только если меняете опубликованный текст: причину увидят все. Прежний текст останется виден."


class WhyField(forms.CharField):
    """The reason of a revision, as everybody will read it."""

    def __init__(self, **kwargs):
        kwargs = {"label": WHY, "help_text": WHY_HELP, "max_length": 1000} | kwargs
        super().__init__(widget=forms.Textarea(attrs={"rows": 2}), **kwargs)


class RevisedForm(LockedForm):
    """A form of a record: changed published words need a reason and become a revision.

    `person` is who edits, where the form is made for one: then somebody else's waiting revision is told in the form.
    """

    person = None
    why = WhyField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not getattr(self.instance, "PUBLIC_WORDS", None):
            del self.fields["why"]
        elif not (self.instance.pk and self.instance.is_public):
            self.fields["why"].widget = forms.HiddenInput()

    @property
    def changed_data(self):
        """Fields the person changed; the reason is not one of them."""
        return [name for name in super().changed_data if name != "why"]

    def clean(self):
        cleaned = super().clean()
        why = self.cleaned_data.get("why", "").strip()
        if self.instance.pk and set(self.changed_data) & self.instance.published_words(vars(self.instance)):
            if not why and "why" not in self.errors:
                self.add_error("why", "Напишите, почему меняете опубликованный текст: причину увидят все.")
            self._check_waiting()
        self.instance.why = why
        return cleaned

    def _check_waiting(self):
        waiting = Revision.objects.waiting().about(self.instance).with_people()
        for other in waiting.exclude(proposed_by=self.person) if self.person else ():
            self.add_error(None, ValidationError(other.told, code="revision_waits"))


class DeclineForm(DecisionForm):
    """Why a revision is sent back."""

    reason = forms.CharField(
        label="Почему возвращаете", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите, почему возвращаете."},
    )  # fmt: skip
