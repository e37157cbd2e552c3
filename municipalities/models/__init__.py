from .edition import EVERYWHERE, Edition, Editions
from .municipality import Boundary, Head, Municipality, Population
from .named import Named, shown_name
from .record import Record
from .region import Region

__all__ = [
    "EVERYWHERE",
    "Boundary",
    "Edition",
    "Editions",
    "Head",
    "Municipality",
    "Named",
    "Population",
    "Record",
    "Region",
    "shown_name",
]
