"""The workshop's pages of people, of the ground they act on, and of the journal."""

from . import journal, people, places

__all__ = ["journal", "people", "places"]
