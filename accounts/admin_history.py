"""The field history of a record in the workshop: for reading, and all of it in Russian.

The library's own texts are English here: its Russian catalogue is kept under a name that Django does not look for.
"""

from django.contrib.admin.utils import display_for_field
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from municipalities.typed import whole_number

STEPS = {"+": "Создано", "~": "Изменено", "-": "Удалено"}
NOTHING = "пусто"
# What Django calls its ticks and crosses, whatever the language.
TICKS = {b' alt="True"': ' alt="да"'.encode(), b' alt="False"': ' alt="нет"'.encode()}


class _Changes(HistoricalRecordContextHelper):
    """Old and new values in the words of the forms: «запланировано», «да», «пусто»."""

    def prepare_delta_change_value(self, change, value):
        field = self.model._meta.get_field(change.field)
        if isinstance(field, models.ManyToManyField):
            return super().prepare_delta_change_value(change, value)
        if isinstance(value, bool):
            return "да" if value else "нет"
        return display_for_field(value, field, NOTHING) or NOTHING


class ReadOnlyHistory(SimpleHistoryAdmin):
    """The field history is for reading: the library would save an old version even with its button hidden."""

    def get_historical_record_context_helper(self, request, historical_record):
        return _Changes(self.model, historical_record)

    def set_history_delta_changes(self, request, historical_records, foreign_keys_are_objs=True):
        """Say what was done with the record, then what it changed."""
        for record in historical_records:
            record.step = STEPS[record.history_type]
        super().set_history_delta_changes(request, historical_records, foreign_keys_are_objs)

    def history_view_title(self, request, obj):
        """The title of the list of versions."""
        return f"История: {obj}"

    def history_form_view_title(self, request, obj):
        """The title of one version."""
        return f"Прежний вид: {obj}"

    def history_view(self, request, object_id, extra_context=None):
        """Versions of a record; the library would ask the database for a number that is none."""
        _check_numbers(object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        _check_numbers(object_id, version_id)
        if request.method != "GET":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

    def render_history_view(self, request, template, context, **kwargs):
        """Either page, with Russian words for ticks."""
        response = super().render_history_view(request, template, context, **kwargs)
        for english, russian in TICKS.items():
            response.content = response.content.replace(english, russian)
        return response


def _check_numbers(*asked):
    if None in map(whole_number, asked):
        raise Http404
