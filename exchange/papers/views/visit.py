from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.models import Role
from accounts.models.user import REGION_ROLES
from accounts.office import OfficePage
from exchange.papers.models import PaperTemplate
from exchange.papers.visit import visit_words
from exchange.papers.word import CONTENT_TYPE, fill
from municipalities.models import Municipality


class VisitView(OfficePage, TemplateView):
    """The card for a visit to a town: a page to print on two sheets, or the same words in Word."""

    tab = "dashboard"
    roles = (*REGION_ROLES, Role.MUNICIPAL_HEAD)
    template_name = "exchange/visit.html"

    @cached_property
    def town(self):
        """The town of the address, of one's own region or one's own; 404 for a stranger."""
        user = self.request.user
        town = get_object_or_404(Municipality.objects.with_people().with_region(), slug=self.kwargs["slug"])
        if town.region_id not in user.region_ids(*REGION_ROLES) and town.pk not in user.municipality_ids(
            Role.MUNICIPAL_HEAD
        ):
            raise Http404
        return town

    def get(self, request, *args, **kwargs):
        """The page; with `format=docx` the file, on the region's own template where it has one."""
        if request.GET.get("format") != "docx":
            return super().get(request, *args, **kwargs)
        form = PaperTemplate.objects.form_of(self.town.region, PaperTemplate.Kind.VISIT)
        answer = HttpResponse(fill(form, visit_words(self.town, timezone.localdate())), content_type=CONTENT_TYPE)
        answer.headers["Content-Disposition"] = f'attachment; filename="visit-{self.town.slug}.docx"'
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    def get_context_data(self, **kwargs):
        words = visit_words(self.town, timezone.localdate())
        return super().get_context_data(**kwargs) | {"card": words, "town": self.town}
