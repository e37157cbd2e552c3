import tempfile

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView

from accounts.models import Role
from accounts.models.user import REGION_ROLES
from accounts.office import OfficePage
from exchange.papers import sheet, word
from exchange.papers.catalogue import MAKERS
from exchange.papers.forms import WHOLE, PaperForm
from exchange.papers.models import PaperTemplate
from exchange.papers.order import scope_of
from exchange.papers.page import body_html, head_html
from exchange.papers.words import heading, short_name, words_of
from exchange.sheets import write
from municipalities.models import Municipality
from strategies import periods

KEEPERS = (Role.REGION_APPROVER, Role.ADMIN)
# A longer page is sent as it is made.
LONG = 3000
BODY = "<!-- rows -->"
HINTS = {
    "plan": "Что, кто, когда и за какие деньги: по годам и источникам.",
    "summary": "План и факт, отклонение, причина и принятые меры по каждой мере.",
    "orders": "Решения сессий с опубликованными итогами: срок, ответственный, отметка об исполнении.",
    "progress": "Состояние, готовность, деньги и слова последнего отчёта.",
}


class PapersView(OfficePage, TemplateView):
    """The four official papers: what, about what, for which period; a file or a page in one click."""

    tab = "programme"
    roles = (*REGION_ROLES, Role.MUNICIPAL_HEAD)
    template_name = "exchange/papers.html"
    form = None

    def places(self):
        """(ids of regions, ids of towns) whose papers the person makes."""
        user = self.request.user
        return user.region_ids(*REGION_ROLES), user.municipality_ids(Role.MUNICIPAL_HEAD)

    def get(self, request, *args, **kwargs):
        """The choice; with a format in the address, the paper itself."""
        made = MADE.get(request.GET.get("format"))
        regions, towns = self.places()
        if made is None:
            return super().get(request, *args, **kwargs)
        scope = scope_of(request.GET.get("scope", ""), regions, towns)
        if scope is None:
            raise Http404
        self.form = PaperForm(request.GET, regions=regions, towns=towns)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(**kwargs), status=422)
        said = self.form.cleaned_data
        head = heading(scope, said["term"], **self._signature(scope))
        paper = MAKERS[said["paper"]](scope, said["term"], head)
        answer = made(self, paper, scope, f"{said['paper']}-{scope.code}-{said['term'].code}")
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    def _signature(self, scope):
        """What was typed; where nothing was, the person makes it, and the head signs for the own town."""
        user, said = self.request.user, self.form.signature
        said["executor"] = said["executor"] or short_name(user)
        is_head = scope.town is not None and scope.town.pk in self.places()[1]
        if is_head and not (said["signer_post"] or said["signer_name"]):
            said["signer_post"], said["signer_name"] = user.post, short_name(user)
        return said

    def get_context_data(self, **kwargs):
        regions, towns = self.places()
        year, period = periods.last_finished(periods.Rhythm.QUARTER, timezone.localdate())
        start = {"paper": "summary", "year": year, "period": period, "executor": short_name(self.request.user)}
        form = self.form or PaperForm(initial=start, regions=regions, towns=towns)
        return super().get_context_data(**kwargs) | {
            "form": form, "hints": HINTS, "may_keep": bool(self.request.user.region_ids(*KEEPERS)),
            "is_of_region": bool(regions), "own_towns": _towns(towns),
            "whole": WHOLE, "has_scopes": bool(form.fields["scope"].choices),
        }  # fmt: skip


def _towns(towns):
    """Towns of which the person is the head: each has a card for a visit."""
    return list(Municipality.objects.filter(pk__in=towns).only("name", "slug", "name_sort")) if towns else []


def _as_word(_view, paper, scope, name):
    form = PaperTemplate.objects.form_of(scope.region, paper.kind)
    return _file(f"{name}.docx", word.CONTENT_TYPE, lambda target: word.fill_into(target, form, words_of(paper)))


def _as_sheet(_view, paper, _scope, name):
    return _file(f"{name}.xlsx", write.CONTENT_TYPE, lambda target: sheet.write_sheet(target, paper))


def _file(name, content_type, make):
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    make(target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=content_type)


def _as_page(view, paper, _scope, _name):
    context = OfficePage.get_context_data(view) | {
        "paper": paper, "head": paper.head, "columns_html": mark_safe(head_html(paper)),  # noqa: S308 - escaped there
        "body": mark_safe(BODY), "is_long": paper.line_count > LONG, "back": view.request.GET.urlencode(),  # noqa: S308
    }  # fmt: skip
    end = render_to_string("exchange/_paper_end.html", {"paper": paper, "head": paper.head})
    before, _mark, after = render_to_string("exchange/paper.html", context, view.request).partition(BODY)
    if paper.line_count > LONG:
        return StreamingHttpResponse(_joined(before, body_html(paper, end), after))
    return HttpResponse("".join([before, *body_html(paper, end), after]))


def _joined(before, pieces, after, size=200):
    """Pieces of a page in larger portions."""
    held = [before]
    for piece in pieces:
        held.append(piece)
        if len(held) >= size:
            yield "".join(held)
            held.clear()
    yield "".join(held) + after


MADE = {"docx": _as_word, "xlsx": _as_sheet, "page": _as_page}
