"""The workshop's pages of strategies, the programme, indicators and progress reports."""

from . import indicator, programme, report, strategy

__all__ = ["indicator", "programme", "report", "strategy"]
