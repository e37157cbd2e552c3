from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import View

from accounts.office import OfficePage
from exchange.intake.models import TableImport
from exchange.tables.models import BRINGERS
from exchange.tables.take_back import take_back_steps


class TakeBackView(OfficePage, View):
    """What a table wrote is taken back by whoever brought it, while nothing was built on it."""

    roles = BRINGERS
    http_method_names = ["post"]

    def post(self, request, pk):
        """Take it back whole; a refusal says what stands on it."""
        table = get_object_or_404(TableImport.objects.visible_to(request.user).exclude(taken_at=None), pk=pk)
        if table.created_by_id != request.user.pk:
            raise PermissionDenied
        try:
            with transaction.atomic():
                table = TableImport.objects.select_for_update(no_key=True).get(pk=pk)
                if table.taken_back_at is not None:
                    raise ValidationError("Эту таблицу уже взяли назад.", code="already")
                for _step in take_back_steps(table.wrote, by=request.user):
                    pass
                table.taken_back_at = timezone.now()
                table.save(update_fields=["taken_back_at"])
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Взяли назад: всё стоит так, как было до этой таблицы.")
        return redirect(table)
