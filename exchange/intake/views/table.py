from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.office import OfficePage
from accounts.progress_stream import answer_in_steps
from exchange.intake.answers import as_in_the_file, heard, put_off
from exchange.intake.intake import Intake
from exchange.intake.models import ALREADY_IN, TableImport
from exchange.intake.pages import match_page, plan_page
from exchange.intake.places import PlaceForm
from exchange.tables.models import BRINGERS


class TableView(OfficePage, TemplateView):
    """One table: what was found in it, what it would do, what it did."""

    tab = "programme"
    roles = BRINGERS

    @cached_property
    def table(self):
        """The table of the address, one that the person may see."""
        rows = TableImport.objects.visible_to(self.request.user).select_related(
            "region", "programme", "town", "created_by"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def intake(self):
        """The table on its way in."""
        return Intake(self.table, self.request.user)

    def get(self, request, *args, **kwargs):
        """The step that it stands at; `?step=match` leads back to the columns."""
        if not self.table.is_waiting:
            return self._show("exchange/table_taken.html", may_take_back=self.table.may_take_back(request.user))
        if request.GET.get("step") == "match" or not self.intake.is_settled:
            return self._show("exchange/table_match.html", **match_page(self.intake))
        return self._plan()

    def post(self, request, *args, **kwargs):
        """What a person says or does; all they said is kept before anything else."""
        do = request.POST.get("do", "")
        if not hasattr(self, f"do_{do}"):
            raise Http404
        if not self.table.is_waiting:  # a colleague, or the other window, was faster
            messages.info(request, ALREADY_IN)
            return redirect(self.table)
        return getattr(self, f"do_{do}")()

    def _hear(self):
        said = heard(self.intake, self.request.POST)
        form = PlaceForm(self.request.POST, table=self.table)
        if "town" in self.request.POST and form.is_valid():
            self.table.programme, self.table.town = form.cleaned_data["programme"], form.cleaned_data["town"]
        self.table.say(said)
        self.intake = Intake(self.table, self.request.user, before=self.intake)

    def do_read(self):
        """Read the sheets anew by what was just said."""
        self._hear()
        return redirect(f"{self.table.get_absolute_url()}?step=match")

    def do_match(self):
        """Go on to the check where nothing is left to choose."""
        is_late = self.request.POST.get("seen") != self.table.mark
        self._hear()
        if self.intake.questions or is_late:
            told = {"is_refused": True, "is_late": is_late}
            return self._show("exchange/table_match.html", 422, **told, **match_page(self.intake))
        self.table.say(self.table.said | {"confirmed": True})
        self.intake.remember()
        return redirect(self.table)

    def do_mend(self):
        """Check again with the cells that were mended."""
        self._hear()
        return redirect(self.table)

    def do_later(self):
        """Leave rows with faults out for now: they are given back as a sheet, the others may go in."""
        self._hear()
        self.table.say(put_off(self.intake, self.table.said))
        return redirect(self.table)

    def do_unmend(self):
        """The cells as the file has them, and all its rows again."""
        self.table.say(as_in_the_file(self.table.said))
        return redirect(self.table)

    def do_forget(self):
        """Forget what was remembered of the forms of this table: all is asked again."""
        for sheet in self.intake.chosen:
            if sheet.kept is not None:
                sheet.kept.delete()
        self.table.say(
            {name: told for name, told in self.table.said.items() if name in {"text", "reason", "told", "active"}}
        )
        return redirect(f"{self.table.get_absolute_url()}?step=match")

    def do_drop(self):
        """Let a table go that has not gone in."""
        self.table.drop()
        messages.success(self.request, "Таблицу убрали, ничего не внесли.")
        return redirect("office:tables")

    def do_apply(self):
        """Take it in as it was shown."""
        self._hear()
        steps = self.intake.take_in_steps(seen=self.request.POST.get("seen", ""))
        return answer_in_steps(self.request, steps, self._finish, lambda words: self._plan(refusal=words))

    def _finish(self, done):
        messages.success(self.request, f"Внесено записей: {done}.")
        return reverse("office:table", args=[self.table.pk])

    def _plan(self, **told):
        if told:  # what taking it in has touched is no plan
            del self.intake
        if not self.intake.is_settled:
            return redirect(f"{self.table.get_absolute_url()}?step=match")
        context = plan_page(self.intake)
        return self._show("exchange/table_plan.html", 422 if told else 200, **context, **told)

    def _show(self, template, status=200, **context):
        context = self.get_context_data(table=self.table, **context)
        self.template_name = template
        return self.render_to_response(context, status=status)
