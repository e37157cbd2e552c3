from .minutes import MinutesView

__all__ = [
    "MinutesView",
]
