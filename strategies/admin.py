"""The workshop's pages of the rooms, where Django looks for them; and those that show rows of several rooms."""

from django.contrib import admin

from strategies.coverage import admin as coverage
from strategies.models import Priority
from strategies.priorities.admin import PriorityPage
from strategies.programme.admin import indicator, programme
from strategies.programme.admin.indicator import IndicatorInline
from strategies.programme.admin.measure_links import MeasureLinkInline
from strategies.reporting import admin as reporting

__all__ = ["coverage", "indicator", "programme", "reporting"]


@admin.register(Priority)
class PriorityWholePage(PriorityPage):
    """A priority with what measures it and what answers it."""

    inlines = [IndicatorInline, MeasureLinkInline]
