from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView, View

from accounts.models.user import REGION_ROLES
from accounts.office import OfficePage
from exchange.papers.catalogue import COLUMNS, HEAD_MARKS, NAMES, OTHER_MARKS, SAMPLES, marks_of, our_form
from exchange.papers.forms import TemplateForm
from exchange.papers.models import PaperTemplate
from exchange.papers.word import CONTENT_TYPE
from municipalities.models import Region
from municipalities.typed import whole_number

from .papers import KEEPERS


class TemplatesPage(OfficePage):
    """A page about the templates of one's own regions."""

    tab = "programme"
    roles = REGION_ROLES

    def templates(self):
        """Every version of the regions where the person works or reads, the latest first."""
        rows = PaperTemplate.objects.filter(region__in=self.request.user.region_ids(*REGION_ROLES))
        return rows.select_related("region", "created_by").order_by("region", "kind", "-version")

    def keeps(self):
        """Ids of regions whose templates the person changes."""
        return self.request.user.region_ids(*KEEPERS)


class PaperTemplatesView(TemplatesPage, TemplateView):
    """What each paper is filled into now, earlier versions, and a new one."""

    template_name = "exchange/paper_templates.html"
    form = None

    def get_context_data(self, **kwargs):
        keeps, found, kinds = self.keeps(), {}, [kind for kind in PaperTemplate.Kind if kind in SAMPLES]
        for template in self.templates():
            found.setdefault((template.region_id, template.kind), []).append(template)
        regions = Region.objects.filter(pk__in=self.request.user.region_ids(*REGION_ROLES))
        return super().get_context_data(**kwargs) | {
            "regions": [
                {"region": region, "may_keep": region.pk in keeps,
                 "papers": [_state(kind, found.get((region.pk, kind), [])) for kind in kinds]}
                for region in regions
            ],
            "head_marks": HEAD_MARKS.items(),
            "table_marks": [(NAMES[kind], marks_of(kind)) for kind in COLUMNS],
            "other_marks": [(name, words.items()) for name, words in OTHER_MARKS.items()],
            "form": self.form or (TemplateForm(regions=keeps) if keeps else None),
        }  # fmt: skip

    def get(self, request, *args, **kwargs):
        """The page; with `ours` in the address, our own template: a start for the region's."""
        kind = request.GET.get("ours")
        if kind is None:
            return super().get(request, *args, **kwargs)
        if kind not in SAMPLES:
            raise Http404
        return _download(our_form(kind).open("rb"), f"{kind}.docx")

    def post(self, request, *args, **kwargs):
        """Take in a new version, or go back to ours."""
        if not self.keeps():
            raise PermissionDenied
        if "ours" in request.POST:
            return self._back_to_ours()
        self.form = TemplateForm(request.POST, request.FILES, regions=self.keeps())
        self.form.instance.created_by = request.user
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(**kwargs), status=422)
        template = self.form.save()
        messages.success(request, f"Шаблон принят: {template}. Следующие бумаги заполним в него.")
        return redirect("office:paper_templates")

    def _back_to_ours(self):
        kind, number = self.request.POST["ours"], self.request.POST.get("region", "")
        region = get_object_or_404(Region.objects.filter(pk__in=self.keeps()), pk=whole_number(number))
        if kind not in PaperTemplate.Kind:
            raise Http404
        template = PaperTemplate.objects.back_to_ours(region, kind, by=self.request.user)
        messages.success(self.request, f"Вернулись к нашему шаблону: {template.get_kind_display()}. Прежние сохранены.")
        return redirect("office:paper_templates")


def _state(kind, versions):
    """How things stand with a paper: the versions, the latest first, and whether ours is in use."""
    return {"kind": kind, "versions": versions, "is_ours": not versions or not versions[0].file}


class PaperTemplateView(TemplatesPage, View):
    """A version of a template, to be downloaded and mended in Word."""

    def get(self, request, pk):
        """The file."""
        template = get_object_or_404(self.templates().exclude(file=""), pk=pk)
        return _download(template.file.open("rb"), f"{template.kind}-{template.version}.docx")


def _download(source, name):
    answer = FileResponse(source, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
