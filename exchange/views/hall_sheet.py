"""A sheet gathered on paper: uploaded, shown with the errors of its rows, then taken in whole or not at all."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.forms import add_errors
from accounts.office import OfficePage
from accounts.progress_stream import answer_in_steps
from exchange import hall_sheet
from sessions.models import Session

SHOWN = 20
ERRORS_SHOWN = 200


class SheetForm(forms.Form):
    """The file with rows."""

    file = forms.FileField(
        label="Таблица: XLSX, XLS, ODS или CSV",
        help_text="До 20 000 строк. Столбцы: текст, секция, стол, кто (должность).",
        error_messages={"required": "Выберите файл."},
    )  # fmt: skip


class SheetView(OfficePage, TemplateView):
    """Upload, preview with errors, confirmation."""

    tab = "sessions"
    roles = tuple(Session.EDITORS)
    template_name = "sessions/sheet.html"

    @cached_property
    def session(self):
        """The session of the address, one's own."""
        sessions = Session.objects.run_by(self.request.user).select_related("region", "municipality__region")
        return get_object_or_404(sessions, pk=self.kwargs["pk"])

    def get_context_data(self, form=None, **kwargs):
        return super().get_context_data(**kwargs) | {
            "session": self.session,
            "is_open": self.session.takes_notes(),
            "form": form or SheetForm(),
        }

    def post(self, request, *args, **kwargs):
        """Show what was uploaded, or take in what was shown."""
        _known = self.session
        return self._take_in(request.POST["rows"]) if "rows" in request.POST else self._preview()

    def _preview(self):
        form = SheetForm(self.request.POST, self.request.FILES)
        told = {}
        if form.is_valid():
            try:
                sheet = hall_sheet.read_sheet(form.cleaned_data["file"])
                ready, errors, repeated = hall_sheet.check(self.session, sheet.rows)
                told = {
                    "ready": ready[:SHOWN], "ready_total": len(ready), "repeated": repeated,
                    "errors": errors[:ERRORS_SHOWN], "errors_total": len(errors), "rows_total": len(sheet.rows),
                    "left_out": sheet.left_out,
                    "packed": hall_sheet.pack_rows(self.session, ready) if ready and not errors else "",
                    "section_titles": {section.pk: section.title for section in self.session.sections.all()},
                }  # fmt: skip
            except ValidationError as refusal:
                add_errors(form, refusal)
        is_good = bool(told) and not told["errors"]
        return self.render_to_response(self.get_context_data(form=form, **told), status=200 if is_good else 422)

    def _take_in(self, packed):
        return answer_in_steps(self.request, self._steps(packed), self._finish, self._refuse)

    def _refuse(self, words):
        return self.render_to_response(self.get_context_data(refusal=words), status=422)

    def _steps(self, packed):
        yield from hall_sheet.take_in_steps(
            self.session, hall_sheet.unpack_rows(self.session, packed), by=self.request.user
        )

    def _finish(self, done):
        """Say how many rows are in; gives the page to go on to."""
        if done:
            messages.success(self.request, f"Внесено строк: {done}.")
        else:
            messages.warning(self.request, "Такие строки уже внесены: ничего не добавили.")
        return reverse("office:session_import", args=[self.session.pk])
