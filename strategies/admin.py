"""The workshop's pages of the rooms, where Django looks for them."""

from strategies.coverage.admin import agreement, gap
from strategies.priorities import admin as priorities
from strategies.programme.admin import indicator, programme
from strategies.reporting import admin as reporting

__all__ = ["agreement", "gap", "indicator", "priorities", "programme", "reporting"]
