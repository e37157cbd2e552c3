"""How tests ask for a refusal: of the database itself, or of the model with its code."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction


def database_refuses(model, *records):
    """Write rows past every check of ours: the constraint alone has to hold."""
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.bulk_create(records)


def database_refuses_change(record, **fields):
    """Change a row past every check of ours: the constraint alone has to hold."""
    with pytest.raises(IntegrityError), transaction.atomic():
        type(record).objects.filter(pk=record.pk).update(**fields)


def codes(check, *args, **kwargs):
    """The codes of a refusal by the model, sorted."""
    with pytest.raises(ValidationError) as refusal:
        check(*args, **kwargs)
    return sorted(_codes(refusal.value), key=str)


def messages(check, *args, **kwargs):
    """The messages of a refusal by the model, sorted."""
    with pytest.raises(ValidationError) as refusal:
        check(*args, **kwargs)
    return sorted(str(message) for message in refusal.value.messages)


def _codes(error):
    if hasattr(error, "error_dict"):
        return {code for errors in error.error_dict.values() for one in errors for code in _codes(one)}
    if hasattr(error, "code"):
        return {error.code}
    return {code for one in error.error_list for code in _codes(one)}
