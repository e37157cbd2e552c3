from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control
from django.views.generic import View

from accounts.office import REPORTERS, OfficePage
from strategies.reporting.models.evidence import Evidence
from strategies.reporting.models.report import ProgressReport, may_edit

TYPES = {
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DAY = 24 * 60 * 60


class EvidenceView(View):
    """A photo or a paper of a report: for everybody once the report is published, before that for those who see it.

    Nothing but pictures is shown in place: papers are downloaded, and no type is guessed.
    """

    small = False

    def get(self, request, pk):
        """The file, with its type told by what was found inside when it came."""
        evidence = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("report"), pk=pk)
        stored = evidence.thumbnail if self.small and evidence.thumbnail else evidence.file
        answer = FileResponse(
            stored.open("rb"), content_type=TYPES[evidence.file_type], as_attachment=not evidence.is_photo,
            filename=f"otchet-{evidence.report_id}-{evidence.pk}.{evidence.file_type}",
        )  # fmt: skip
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        if evidence.report.status == ProgressReport.Status.PUBLISHED:
            # Published reports never change, and neither does what is shown with them.
            patch_cache_control(answer, public=True, max_age=DAY, immutable=True)
        else:
            patch_cache_control(answer, private=True, no_store=True)
        return answer


class EvidenceRemoveView(OfficePage, View):
    """Take a photo or a paper out of a draft."""

    roles = REPORTERS
    http_method_names = ["post"]

    def post(self, request, pk):
        """Remove it and open the form again."""
        rows = Evidence.objects.visible_to(request.user).select_related(
            "report__measure__direction__programme", "report__priority__strategy__municipality"
        )
        evidence = get_object_or_404(rows, pk=pk)
        report = evidence.report
        if not may_edit(request.user, report):
            raise PermissionDenied
        try:
            evidence.remove()
        except ValidationError:
            messages.error(request, "Отчёт уже сдан: приложенное к нему не убирают.")
            return redirect("office:report_detail", report.pk)
        return redirect(report.form_url)
