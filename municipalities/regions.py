"""What the region's public pages share: whose region is shown, and its towns for a filter."""

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from municipalities.filters import PLACE_FIELDS, PlaceChoiceField
from municipalities.models import Municipality, Region


class RegionOfRecord:
    """A page about one record that shows nothing of other regions: it is kept until its own region changes."""

    def get_object(self, queryset=None):
        """The record of the address."""
        record = super().get_object(queryset)
        self.request.region_shown = record.territory[0]
        return record


class RegionChosen:
    """A page about one region: the one asked for in the address, else that of the settings, else the first."""

    @cached_property
    def regions(self):
        """Regions that run a programme."""
        return list(Region.objects.filter(is_active=True).defer("outline"))

    @cached_property
    def region(self):
        """The region shown; None on an empty site."""
        by_slug = {region.slug: region for region in self.regions}
        asked = (by_slug.get(slug) for slug in (self.request.GET.get("region"), settings.HOME_REGION))
        region = next(filter(None, asked), self.regions[0] if self.regions else None)
        self.request.region_shown = region and region.pk
        return region


class OwnRegionChosen:
    """The same in the office: the one asked for, if it is among the `regions` that a class that inherits gives."""

    @cached_property
    def region(self):
        """The region shown."""
        asked = self.request.GET.get("region")
        return next((region for region in self.regions if region.slug == asked), self.regions[0])


class RegionForm(forms.Form):
    """Filters of a page about a region; what is asked for wrongly finds nothing and says so."""

    region = forms.ChoiceField(label=_("Регион"), required=False)
    town = PlaceChoiceField(
        Municipality.objects.none(), label=_("Город"), required=False, to_field_name="slug",
        empty_label=_("Все города"),
    )  # fmt: skip

    def __init__(self, *args, region, regions, **kwargs):
        super().__init__(*args, **kwargs)
        towns = Municipality.objects.towns().filter(region=region, is_reference=False)
        self.fields["town"].queryset = towns.only(*PLACE_FIELDS)
        self.fields["region"].choices = [
            # The one shown stands first.
            (one.slug, one.shown_name)
            for one in sorted(regions, key=lambda one: one != region)
        ]
        if len(regions) < 2:
            del self.fields["region"]

    @property
    def is_narrowed(self):
        """Whether anything but the region was asked for."""
        return any(self.data.get(name) for name in self.fields if name != "region")
