"""What a table wrote is taken back whole, while nothing was built on it."""

from django.core.exceptions import ValidationError


def take_back(table_import, by):
    """Take back what a table wrote: every table as before.

    Args:
        table_import: the `TableImport`.
        by: who brought it.

    Raises:
        ValidationError: something was built on it meanwhile, or somebody else asks. Nothing changes.
    """
    raise ValidationError("Взять назад нельзя.", code="not_kept")
