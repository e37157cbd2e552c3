from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View

from accounts.office import OfficePage
from exchange.intake.intake import Intake
from exchange.intake.models import TableImport
from exchange.intake.wrong_rows import wrong_rows
from exchange.sheets.write import CONTENT_TYPE
from exchange.tables.models import BRINGERS

PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class TableFileView(OfficePage, View):
    """The file of a table as it came, for those who may see the table, while it is kept. It is never shown in place."""

    roles = BRINGERS

    def get(self, request, pk):
        """The file, to download; 404 once its term has ended."""
        table = get_object_or_404(TableImport.objects.visible_to(request.user).light(), pk=pk)
        if not table.file:
            raise Http404
        return FileResponse(
            table.file.open("rb"), content_type="application/octet-stream", as_attachment=True,
            filename=table.file_name, headers=PRIVATE,
        )  # fmt: skip


class WrongRowsView(OfficePage, View):
    """The rows of a table that did not pass, as a sheet with notes in their cells: mended, it goes in the same way."""

    roles = BRINGERS

    def get(self, request, pk):
        """The book; 404 where nothing is wrong."""
        rows = TableImport.objects.visible_to(request.user).select_related("region", "programme", "town")
        intake = Intake(get_object_or_404(rows, pk=pk, taken_at=None), request.user)
        content = wrong_rows(intake) if intake.is_settled else None
        if content is None:
            raise Http404
        name = f"{intake.table.file_name.rpartition('.')[0] or intake.table.file_name}: поправить.xlsx"
        disposition = f"attachment; filename=\"wrong.xlsx\"; filename*=UTF-8''{quote(name)}"
        return HttpResponse(content, content_type=CONTENT_TYPE, headers=PRIVATE | {"Content-Disposition": disposition})
