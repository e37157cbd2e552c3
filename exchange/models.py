"""The models of the rooms, where Django looks for them."""

from exchange.papers.models import PaperTemplate
from exchange.tables.models import ColumnMatch

__all__ = ["ColumnMatch", "PaperTemplate"]
