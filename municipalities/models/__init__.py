from .edition import Edition
from .municipality import Boundary, Head, Municipality, Population
from .record import Record
from .region import Region

__all__ = ["Boundary", "Edition", "Head", "Municipality", "Population", "Record", "Region"]
