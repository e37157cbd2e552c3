from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.generic import View

from strategies.reporting.models.evidence import Evidence
from strategies.reporting.models.report import ProgressReport

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
