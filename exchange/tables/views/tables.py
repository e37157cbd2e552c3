from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from accounts.models import Role
from accounts.office import OfficePage
from accounts.progress_stream import ProgressStream, wants_progress
from exchange.sheets.grid import read_grid
from exchange.sheets.heads import find_head, has_known_head
from exchange.sheets.write import CONTENT_TYPE
from exchange.tables.export import CSV, Table
from exchange.tables.fields import KINDS
from exchange.tables.forms import BRINGERS, MatchForm, ScopeForm, TableForm
from exchange.tables.matching import keep, known_match
from exchange.tables.take_in import pack, plan_table, take_in_steps, unpack
from sessions.office_forms import tell_refusal

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
        self.scope, self.kind = form.scope, KINDS[form.cleaned_data["kind"]]
        try:
            sent, upload = form.cleaned_data["sheet"], form.cleaned_data["file"]
            self.grid = read_grid(upload, self._suits) if upload else unpack(sent)
            self.head = find_head(self.grid, self.kind)
            self.packed = pack(self.grid) if upload else sent
        except ValidationError as refusal:
            tell_refusal(form, refusal)
            return self._show(form, status=422)
        self.file_name = upload.name[:100] if upload else form.cleaned_data["file_name"]
        return self._go_on(form, is_new=bool(upload))

    def _suits(self, grid):
        return has_known_head(grid, self.kind)

    def _go_on(self, form, *, is_new):
        do = "upload" if is_new else self.request.POST.get("do", "upload")
        match, match_name = (None, "") if is_new else (self._said_match(), self.request.POST.get("match_name", ""))
        if match is None and do != "match":
            match, match_name = known_match(self.kind, self.head.names, self.scope.region)
            if match is None or match.lacks_year or do == "rematch":
                return self._ask(form, self._match_form(match=match))
        if do in {"match", "rematch"}:
            asked = self._match_form(self.request.POST)
            if do == "rematch":
                return self._ask(form, asked)
            match = self._kept_match(asked)
            if match is None:
                return self._ask(form, asked, status=422)
        if do == "apply":
            return self._take_in(form, match)
        return self._preview(form, match, match_name)

    def _match_form(self, data=None, *, match=None):
        initial = {"match_name": self.file_name.rpartition(".")[0]}
        return MatchForm(
            data,
            kind=self.kind,
            grid=self.grid,
            head=self.head,
            programme=self.scope.programme,
            match=match,
            initial=initial,
        )

    def _said_match(self):
        """The match that the form carries; None where it carries none that is whole."""
        if not any(name.startswith("column-") for name in self.request.POST):
            return None
        asked = self._match_form(self.request.POST)
        if not asked.is_valid():
            return None
        match = asked.said()
        try:
            match.check()
        except ValidationError:
            return None
        return match

    def _kept_match(self, asked):
        """The match just said, kept under its name; None where it is refused, the form says why."""
        if not asked.is_valid():
            return None
        match, name = asked.said(), asked.cleaned_data["match_name"].strip()
        try:
            match.check()
            if name:
                keep(match, region=self.scope.region, name=name, by=self.request.user)
        except ValidationError as refusal:
            tell_refusal(asked, refusal)
            return None
        return match

    def _ask(self, form, asked, *, status=200):
        return self._show(form, asked=asked, packed=self.packed, status=status)

    def _preview(self, form, match, match_name, **told):
        _planner, plan = plan_table(
            self.grid, match, self.scope, by=self.request.user, reason=form.cleaned_data["reason"]
        )
        fields = {f"column-{place}": name for place, name in match.fields.items()}
        carried = fields | {"source": match.source, "year": match.year or "", "match_name": match_name}
        carried |= {"direction": match.direction, "paper": match.paper}
        return self._show(
            form, plan=plan, packed=self.packed, carried=carried, match=match,
            match_name=match_name, rows_total=len(self.grid.rows) - self.head.first, sheet=self.grid.sheet,
            others=self.grid.others,
            faults=plan.faults[:SHOWN_FAULTS], edits=plan.edits[:SHOWN_EDITS], added=plan.added[:SHOWN_ADDED],
            missing=plan.missing[:SHOWN_MISSING], status=422 if plan.faults or told else 200, **told,
        )  # fmt: skip

    def _take_in(self, form, match):
        steps = take_in_steps(
            self.grid, match, self.scope, by=self.request.user, reason=form.cleaned_data["reason"],
            seen=self.request.POST.get("seen", ""),
        )  # fmt: skip
        if wants_progress(self.request):
            return ProgressStream(self.request, steps, self._finish)
        done = 0
        try:
            for done, _of in steps:  # noqa: B007 - the last number is told
                pass
        except ValidationError as refusal:
            return self._preview(form, match, "", refusal=" ".join(refusal.messages))
        return redirect(self._finish(done))

    def _finish(self, done):
        """Say how many records are written; gives the page to go on to."""
        messages.success(self.request, f"Внесено записей: {done}.")
        return reverse("office:tables")

    def _show(self, form, *, status=200, carried=(), **context):
        if "packed" in context:
            places = {name: form.cleaned_data.get(name) for name in ("region", "programme", "town")}
            said = {name: place.pk for name, place in places.items() if place}
            said |= {"kind": self.kind.code, "file_name": self.file_name, "sheet": self.packed}
            context["carried"] = said | dict(carried)
        response = self.render_to_response(self.get_context_data(form=form, **context), status=status)
        response.keeps_edition = True
        return response


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
