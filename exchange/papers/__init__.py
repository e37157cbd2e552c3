"""Official papers: what they say (rows), and what they are made as (Word, a sheet, a page)."""

from .minutes import DEFAULT_MINUTES, SAMPLE_WORDS, minutes_words
from .word import CONTENT_TYPE, fill

__all__ = ["CONTENT_TYPE", "DEFAULT_MINUTES", "SAMPLE_WORDS", "fill", "minutes_words"]
