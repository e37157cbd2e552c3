"""What search engines may find: public pages in both languages, with the day of the last change where it is kept."""

from functools import cached_property

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, OuterRef, Subquery
from django.urls import reverse

from documents.models import Document
from municipalities.models import Municipality
from sessions.models import Session
from strategies.models import Measure, Priority, Strategy


class LanguageSitemap(Sitemap):
    """Pages in Russian and English, each naming the other; the rows are read once per request."""

    i18n = True
    alternates = True

    def items(self):
        """What the map lists, read once."""
        return self.rows


class PagesSitemap(LanguageSitemap):
    """Lists and texts that are always there."""

    rows = (
        "home",
        "municipality_list",
        "strategies:programme",
        "strategies:coverage",
        "strategies:gaps",
        "strategies:silence",
        "strategies:ledger",
        "strategies:versions",
        "strategies:programme_discussion",
        "lateness",
        "sessions:session_list",
        "sessions:results",
        "proposals:proposal_list",
        "documents:document_list",
        "about",
    )

    def location(self, item):
        """The address of a page known by its name."""
        return reverse(item)


class TownsSitemap(LanguageSitemap):
    """Towns of regions that run a programme; reference towns have nothing to find."""

    @cached_property
    def rows(self):
        """Towns by name."""
        return list(Municipality.objects.towns().filter(is_reference=False, is_sample=False).only("slug", "name_sort"))


def _changed(model):
    """Subquery: the moment of a record's last change by its history; None where it was loaded without one."""
    steps = model.history.filter(id=OuterRef("pk")).order_by().values("id")
    return Subquery(steps.annotate(at=Max("history_date")).values("at"))


class StrategiesSitemap(LanguageSitemap):
    """One page per town that has a public strategy; it changes when any of its versions does."""

    @cached_property
    def rows(self):
        """(slug of the town, moment of the last change or None)."""
        strategies = (
            Strategy.objects.public().filter(municipality__is_sample=False).annotate(changed_at=_changed(Strategy))
        )
        towns = {}
        for slug, changed_at in strategies.order_by("municipality").values_list("municipality__slug", "changed_at"):
            towns[slug] = max(filter(None, (towns.get(slug), changed_at)), default=None)
        return list(towns.items())

    def location(self, item):
        """The page of all versions of a town."""
        return reverse("strategies:strategy_detail", args=[item[0]])

    def lastmod(self, item):
        """The last change of any version."""
        return item[1]


class RecordsSitemap(LanguageSitemap):
    """Public records of one model that keeps its history."""

    model = None
    key = "pk"

    @cached_property
    def rows(self):
        """Public records with the moment of their last change; what is invented for a try-out is not to be found."""
        records = self.model.objects.public()
        for region in self.model.REGION_LOOKUPS:
            records = records.exclude(**{f"{region}__is_sample": True})
        return list(records.annotate(changed_at=_changed(self.model)).only(self.key).order_by("pk"))

    def lastmod(self, item):
        """The last change by the record's history."""
        return item.changed_at


class PrioritiesSitemap(RecordsSitemap):
    """Published priorities."""

    model = Priority


class MeasuresSitemap(RecordsSitemap):
    """Published measures."""

    model = Measure


class SessionsSitemap(RecordsSitemap):
    """Announced, held and cancelled sessions."""

    model = Session
    key = "slug"


class DocumentsSitemap(RecordsSitemap):
    """Published documents."""

    model = Document


SITEMAPS = {
    "pages": PagesSitemap,
    "towns": TownsSitemap,
    "strategies": StrategiesSitemap,
    "priorities": PrioritiesSitemap,
    "measures": MeasuresSitemap,
    "sessions": SessionsSitemap,
    "documents": DocumentsSitemap,
}
