from .coverage import CoverageSheetView
from .minutes import MinutesView

__all__ = [
    "CoverageSheetView",
    "MinutesView",
]
