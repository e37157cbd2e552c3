from accounts.admin_scope import TableInline
from strategies.programme.models.measure_parts import PriorityMeasure


class MeasureLinkInline(TableInline):
    """Measures that answer a priority."""

    model = PriorityMeasure
    extra = 1
    fields = ["measure", "sources"]
    autocomplete_fields = ["measure"]
    row_select_related = ("measure", "priority")
    verbose_name = "мера"
    verbose_name_plural = "какими мерами отвечает область"
