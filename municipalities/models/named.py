"""The name of a town or a region in the language of the page: English where it is known, else Russian."""

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language


class Named:
    """What has `name` and `name_en`. Journals, letters, papers and the office are Russian: `name`."""

    @property
    def shown_name(self):
        """The name for a public page."""
        return (get_language() == "en" and self.name_en) or self.name


def shown_name(path=""):
    """The same as an expression of a query.

    Args:
        path: the way to the town or the region, `municipality__`.
    """
    if get_language() != "en":
        return F(f"{path}name")
    return Coalesce(NullIf(f"{path}name_en", Value("")), f"{path}name")
