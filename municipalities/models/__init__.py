from .edition import EVERYWHERE, Edition, Editions
from .municipality import Boundary, Head, Municipality, Population
from .record import Record
from .region import Region

__all__ = ["EVERYWHERE", "Boundary", "Edition", "Editions", "Head", "Municipality", "Population", "Record", "Region"]
