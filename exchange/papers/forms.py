"""What officials choose and type to get a paper, and how a region brings its own template."""

from django import forms
from django.db.models import Min, Q
from django.utils import timezone

from exchange.papers.models import PaperTemplate
from municipalities.models import Municipality, Region
from strategies import periods
from strategies.models import Programme

from .catalogue import NAMES, SAMPLES
from .order import Term, scopes

WHOLE = "all"


class PaperForm(forms.Form):
    """Which paper, about what, for which period, who signs.

    Args:
        regions, towns: ids of places whose papers the person makes.
    """

    paper = forms.ChoiceField(label="Какая бумага", choices=list(NAMES.items()), widget=forms.RadioSelect)
    scope = forms.ChoiceField(label="О чём")
    year = forms.ChoiceField(label="Год")
    period = forms.ChoiceField(label="Период", choices=periods.Period.choices)
    annex = forms.CharField(label="Приложение к", max_length=200, required=False,
                            help_text="Например: письму от 25.11.2026 № 12. Пусто — останется линия.")  # fmt: skip
    signer_post = forms.CharField(label="Кто подписывает: должность", max_length=200, required=False)
    signer_name = forms.CharField(label="Подписывает: И. О. Фамилия", max_length=100, required=False)
    executor = forms.CharField(label="Исполнитель", max_length=100, required=False)
    phone = forms.CharField(label="Телефон исполнителя", max_length=40, required=False)

    SIGNATURE = ("annex", "signer_post", "signer_name", "executor", "phone")

    def __init__(self, *args, regions, towns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].required = self.data.get("year") != WHOLE
        this_year = timezone.localdate().year
        first_year = min(_first_year(regions, towns) or this_year, this_year)
        self.fields["scope"].choices = scopes(regions, towns)
        self.fields["year"].choices = [(WHOLE, "весь срок")] + [
            (str(year), str(year)) for year in range(this_year, first_year - 1, -1)
        ]

    def clean(self):
        cleaned = super().clean()
        if "year" in cleaned and "period" in cleaned:
            year = cleaned["year"]
            try:
                cleaned["term"] = Term.parse(WHOLE if year == WHOLE else f"{year}-{cleaned['period']}")
            except ValueError:
                self.add_error("period", "Этот период ещё не начался: выберите более ранний.")
        return cleaned

    @property
    def signature(self):
        """What is typed for the heading and the signature."""
        return {name: self.cleaned_data[name].strip() for name in self.SIGNATURE}


def _first_year(regions, towns):
    """The first year of the programmes that a person may ask about; None where no year is known."""
    places = Q(region__in=regions) | Q(region__in=Municipality.objects.filter(pk__in=towns).values("region"))
    return Programme.objects.public().filter(places).aggregate(first=Min("year_from"))["first"]


class TemplateForm(forms.ModelForm):
    """A region's own Word template.

    Args:
        regions: ids of regions whose templates the person changes.
    """

    region = forms.ModelChoiceField(label="Область", queryset=Region.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label="Бумага", choices=[one for one in PaperTemplate.Kind.choices if one[0] in SAMPLES])
    file = forms.FileField(
        label="Файл Word (DOCX) с метками", error_messages={"required": "Выберите файл."},
        help_text="Перед тем как принять, заполним его пробными словами и скажем, какая метка неверна.",
    )  # fmt: skip

    class Meta:
        model = PaperTemplate
        fields = ["region", "kind", "file"]

    def __init__(self, *args, regions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.filter(pk__in=regions)
