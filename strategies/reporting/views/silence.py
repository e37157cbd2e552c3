from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView

from municipalities.regions import RegionChosen, RegionForm
from strategies.reporting.unheard import Lack, unheard_records, unheard_rows

PAGE = 50


class SilenceForm(RegionForm):
    """How people look through silence: by town and by what is missing."""

    kind = forms.ChoiceField(
        label=_("Чего не хватает"), required=False, choices=[("", _("Сведений или человека")), *Lack.choices]
    )


class SilenceView(RegionChosen, ListView):
    """Silent and ownerless measures and priorities of a region, for everybody."""

    template_name = "strategies/silence.html"
    context_object_name = "rows"
    paginate_by = PAGE
    extra_context = {"step": "done", "section": "measures"}

    @cached_property
    def form(self):
        """The filters as asked for in the address."""
        return SilenceForm(self.request.GET, region=self.region, regions=self.regions)

    def get_queryset(self):
        if not self.form.is_valid() or self.region is None:
            return []
        asked = self.form.cleaned_data
        return unheard_rows(self.region, timezone.localdate(), town=asked["town"], lack=asked["kind"])

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "region": self.region,
            "filter": {"form": self.form},
            "is_filtered": self.form.is_narrowed,
            "records": unheard_records(context["rows"], timezone.localdate()),
        }
