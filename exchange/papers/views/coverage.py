from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.generic import View

from exchange.papers.coverage_sheet import coverage_sheet
from exchange.sheets.write import CONTENT_TYPE
from municipalities.regions import RegionChosen
from strategies.coverage.views.coverage import CoverageForm


class CoverageSheetView(RegionChosen, View):
    """The rows of the coverage page as a workbook, by the same filters."""

    def get(self, request):
        """The file; 404 where the filters name what there is not."""
        form = CoverageForm(request.GET, region=self.region, regions=self.regions)
        if self.region is None or not form.is_valid():
            raise Http404
        on = timezone.localdate()
        book = coverage_sheet(
            self.region, form.towns(), on, sphere=form.chosen_sphere, is_narrowed=form.narrows_towns,
            site=settings.SITE_URL,
        )  # fmt: skip
        answer = HttpResponse(book, content_type=CONTENT_TYPE)
        answer.headers["Content-Disposition"] = f'attachment; filename="ohvat-{self.region.slug}-{on}.xlsx"'
        return answer
