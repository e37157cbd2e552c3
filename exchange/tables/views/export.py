from django.http import HttpResponse
from django.views.generic import View

from accounts.office import OfficePage
from exchange.sheets.write import CONTENT_TYPE
from exchange.tables.export import CSV, Table
from exchange.tables.fields import KINDS
from exchange.tables.forms import ScopeForm
from exchange.tables.models import BRINGERS


class TableExportView(OfficePage, View):
    """A table given back as XLSX or CSV; edited, it reads in again."""

    roles = BRINGERS

    def get(self, request):
        """The file; 404 where the question is about nothing of one's own."""
        form = ScopeForm(request.GET, user=request.user)
        if not form.is_valid():
            return HttpResponse("Выберите, что выгрузить.", status=404, content_type="text/plain; charset=utf-8")
        table = Table(KINDS[form.cleaned_data["kind"]], form.scope)
        is_csv = request.GET.get("format") == "csv"
        answer = HttpResponse(
            table.as_csv() if is_csv else table.as_xlsx(), content_type=CSV if is_csv else CONTENT_TYPE
        )
        name = f"{form.cleaned_data['kind']}.{'csv' if is_csv else 'xlsx'}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
