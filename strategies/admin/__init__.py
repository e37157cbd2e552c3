"""The workshop's pages of strategies, the programme, indicators and progress reports."""

from . import agreement, gap, indicator, programme, report, strategy

__all__ = ["agreement", "gap", "indicator", "programme", "report", "strategy"]
