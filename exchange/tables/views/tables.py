from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView, View

from accounts.forms import add_errors
from accounts.models import Role
from accounts.office import OfficePage
from accounts.progress_stream import answer_in_steps
from exchange.sheets.write import CONTENT_TYPE
from exchange.tables.export import CSV, Table
from exchange.tables.fields import KINDS
from exchange.tables.forms import BRINGERS, ScopeForm, TableForm
from exchange.tables.sent import SentTable

SHOWN_FAULTS, SHOWN_EDITS, SHOWN_ADDED, SHOWN_MISSING = 1000, 200, 50, 50


class TablesView(OfficePage, TemplateView):
    """Bulk entry: upload, say which column is what, preview with every fault, take in whole or not at all."""

    tab = "programme"
    roles = BRINGERS
    template_name = "exchange/tables.html"

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", TableForm(user=self.request.user))
        return super().get_context_data(**kwargs) | {
            "kinds": KINDS.values(),
            "export_form": ScopeForm(user=self.request.user, auto_id="export_%s"),
            "may_publish": bool(self.request.user.region_ids(Role.REGION_APPROVER)),
        }

    def post(self, request, *args, **kwargs):
        """The next step of a table; a refusal keeps the file and everything typed."""
        form = TableForm(request.POST, request.FILES, user=request.user)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            sent = SentTable.of(form, request.user)
        except ValidationError as refusal:
            add_errors(form, refusal)
            return self._show(form, status=422)
        do = "upload" if sent.is_new else request.POST.get("do", "upload")
        return self._match(sent) if do == "match" else self._go_on(sent, do)

    def _go_on(self, sent, do):
        data = self.request.POST
        said = sent.carried_match(data)
        match, name = (said, data.get("match_name", "")) if said else sent.known_match()
        if do == "rematch" or match is None or match.is_to_ask:
            return self._show(sent.form, sent, asked=sent.match_form(data if said else None, match=match))
        return self._take_in(sent, match) if do == "apply" else self._preview(sent, match, name)

    def _match(self, sent):
        """Preview the table by what was just said of its columns."""
        asked = sent.match_form(self.request.POST)
        if asked.is_valid():
            try:
                match = sent.keep_match(asked)
            except ValidationError as refusal:
                add_errors(asked, refusal)
            else:
                return self._preview(sent, match, self.request.POST.get("match_name", ""))
        return self._show(sent.form, sent, asked=asked, status=422)

    def _take_in(self, sent, match):
        steps = sent.take_in_steps(match, seen=self.request.POST.get("seen", ""))
        return answer_in_steps(
            self.request, steps, self._finish, lambda words: self._preview(sent, match, "", refusal=words)
        )

    def _finish(self, done):
        """Say how many records are written; gives the page to go on to."""
        messages.success(self.request, f"Внесено записей: {done}.")
        return reverse("office:tables")

    def _preview(self, sent, match, match_name, **told):
        plan = sent.preview(match)
        return self._show(
            sent.form, sent, plan=plan, match=match, match_name=match_name,
            rows_total=len(sent.grid.rows) - sent.head.first, sheet=sent.grid.sheet, others=sent.grid.others,
            faults=plan.faults[:SHOWN_FAULTS], edits=plan.edits[:SHOWN_EDITS], added=plan.added[:SHOWN_ADDED],
            missing=plan.missing[:SHOWN_MISSING], status=422 if plan.faults or told else 200, **told,
        )  # fmt: skip

    def _show(self, form, sent=None, *, status=200, **context):
        if sent:
            context["packed"] = sent.packed
            context["carried"] = sent.carried(context.get("match"), context.get("match_name"))
        return self.render_to_response(self.get_context_data(form=form, **context), status=status)


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
