"""The workshop's pages of sessions and of what was said at them."""

from . import proposal, session

__all__ = ["proposal", "session"]
