"""The workshop's pages of sessions and of what was said at them."""

from . import consent, proposal, session

__all__ = ["consent", "proposal", "session"]
