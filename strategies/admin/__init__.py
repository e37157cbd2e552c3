"""The workshop's pages of strategies, the programme, indicators and progress reports."""

from . import gap, indicator, programme, report, strategy

__all__ = ["gap", "indicator", "programme", "report", "strategy"]
