"""The models of the rooms, where Django looks for them."""

from exchange.intake.models import TableImport
from exchange.papers.models import PaperTemplate
from exchange.tables.models import ColumnMatch

__all__ = ["ColumnMatch", "PaperTemplate", "TableImport"]
