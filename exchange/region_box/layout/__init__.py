"""The layout of the folder: every file and column, declared once.

Files are read in this order; a file may refer to itself and to the files above it.
"""

from .columns import Table
from .ground import BOUNDARIES, GROUND
from .plans import PLANS
from .talks import TALKS

__all__ = ["BOUNDARIES", "BOUNDARIES_FILE", "BY_NAME", "OUTLINE_FILE", "TABLES", "Table"]

TABLES = GROUND + PLANS + TALKS
BY_NAME = {table.name: table for table in TABLES}
OUTLINE_FILE = "outline.geojson"
BOUNDARIES_FILE = "boundaries.geojson"
