"""The form where residents propose: what it asks depends on the place and on whether a text of consent is in force."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from strategies.models import Priority, Strategy

TEXT_LENGTH = 2000
CHIPS = 40


def priorities_for(towns, session):
    """Public priorities to choose from: the town's own, or those that a session of several towns speaks of."""
    living = Priority.objects.public().filter(strategy__status__in=Strategy.LIVE, strategy__municipality__in=towns)
    if len(towns) != 1:
        living = living.filter(sessions=session)
    return living.select_related("strategy__municipality")[:CHIPS]


class ProposeForm(forms.Form):
    """Words about a town; a name and an address only where consent can be given, and only with it."""

    town = forms.ChoiceField(label=_("Город"), error_messages={"required": _("Выберите город.")})
    text = forms.CharField(
        label=_("Предложение"), max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Где, что и для кого. До 2000 знаков. Без фамилий и телефонов."),
        error_messages={"required": _("Напишите, что вы предлагаете.")},
    )  # fmt: skip
    priority = forms.ChoiceField(label=_("К какому приоритету относится"), required=False)
    name = forms.CharField(
        label=_("Как к вам обращаться"), max_length=150, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Эл. почта"), required=False, help_text=_("Пришлём номер и ответ. На сайте почту не показываем."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    consent = forms.BooleanField(required=False)

    def __init__(self, place, consent_text, data=None):
        super().__init__(data)
        self.place, self.consent_text = place, consent_text
        if len(place.towns) == 1:
            del self.fields["town"]
        else:
            self.fields["town"].choices = [("", "—"), *((town.slug, town.shown_name) for town in place.towns)]
        self.fields["priority"].choices = [(str(one.pk), self._title(one)) for one in place.priorities]
        if consent_text is None:
            for name in ("name", "email", "consent"):
                del self.fields[name]

    def _title(self, priority):
        if len(self.place.towns) == 1:
            return priority.title
        return f"{priority.strategy.municipality.shown_name}: {priority.title}"

    def clean(self):
        """A name or an address without consent is not taken; a priority belongs to the town."""
        typed = super().clean()
        if (typed.get("name") or typed.get("email")) and not typed.get("consent"):
            self.add_error(
                "consent",
                _("Вы указали имя или почту, но не дали согласия. Поставьте отметку или сотрите имя и почту."),
            )
        priority = self.chosen_priority
        if priority and self.chosen_town and priority.strategy.municipality_id != self.chosen_town.pk:
            self.add_error("priority", _("Приоритет должен быть того же города."))
        return typed

    @property
    def chosen_town(self):
        """The town that the words are about; None while none is chosen."""
        if len(self.place.towns) == 1:
            return self.place.towns[0]
        return next((town for town in self.place.towns if town.slug == self.cleaned_data.get("town")), None)

    @property
    def chosen_priority(self):
        """The priority that the author put the words to, or None."""
        return next((one for one in self.place.priorities if str(one.pk) == self.cleaned_data.get("priority")), None)

    def says_what(self, proposal):
        """Whether a proposal holds just what was typed here, by the same author about the same town."""
        asked = self.asked
        same = ("text", "author_name", "author_email")
        return proposal.municipality == asked["town"] and all(getattr(proposal, name) == asked[name] for name in same)

    @property
    def asked(self):
        """What was written, as `Proposal.receive` takes it: consent is noted only where there is something to keep."""
        typed = self.cleaned_data
        author = {"author_name": typed.get("name", ""), "author_email": typed.get("email", "")}
        if any(author.values()):
            author |= {"consent_version": self.consent_text.version, "consented_at": timezone.now()}
        return {
            "region": self.place.region, "town": self.chosen_town, "text": typed["text"],
            "session": self.place.session, "priority": self.chosen_priority, **author,
        }  # fmt: skip
