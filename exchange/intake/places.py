"""Where a table goes, said again beside its columns."""

from django import forms

from municipalities.models import Municipality
from strategies.models import Programme


class PlaceForm(forms.Form):
    """The programme and the town of a table, of its own region."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(), label="Программа для мер", required=False, empty_label="не нужна"
    )
    town = forms.ModelChoiceField(
        Municipality.objects.none(), label="Город, если он не назван", required=False, empty_label="назван в таблице"
    )

    def __init__(self, *args, table, **kwargs):
        super().__init__(*args, initial={"programme": table.programme_id, "town": table.town_id}, **kwargs)
        region = table.region_id
        self.fields["programme"].queryset = Programme.objects.filter(region=region).order_by("kind", "title")
        self.fields["town"].queryset = Municipality.objects.filter(region=region, is_reference=False)
