from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.views.generic import TemplateView

from accounts.forms import add_errors
from accounts.models import Role
from accounts.office import OfficePage
from exchange.intake.bring import bring
from exchange.intake.forms import TableForm
from exchange.intake.models import TableImport
from exchange.tables.fields import KINDS
from exchange.tables.forms import ScopeForm
from exchange.tables.models import BRINGERS

SHOWN = 20


class TablesView(OfficePage, TemplateView):
    """Tables: bring one, go on with one that waits, what went in, give one back."""

    tab = "programme"
    roles = BRINGERS
    template_name = "exchange/tables.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        kwargs.setdefault("form", TableForm(user=user))
        seen = TableImport.objects.visible_to(user).light()
        taken = Paginator(seen.filter(taken_at__isnull=False).order_by("-taken_at", "-pk"), SHOWN)
        return super().get_context_data(**kwargs) | {
            "kinds": KINDS.values(),
            "export_form": ScopeForm(user=user, auto_id="export_%s"),
            "may_publish": bool(user.region_ids(Role.REGION_APPROVER)),
            "waiting": seen.waiting(user),
            "page_obj": taken.get_page(self.request.GET.get("page")),
        }

    def post(self, request, *args, **kwargs):
        """Keep what was brought and go on to its page; a refusal keeps everything typed."""
        form = TableForm(request.POST, request.FILES, user=request.user)
        if form.is_valid():
            try:
                return redirect(bring(form, request.user))
            except ValidationError as refusal:
                add_errors(form, refusal)
        return self.render_to_response(self.get_context_data(form=form), status=422)
