"""A region in a box: a folder of CSV and GeoJSON files that fills the site of one region."""

from .loading import Loaded, load_region

__all__ = ["Loaded", "load_region"]
