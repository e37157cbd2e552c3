"""The rules of the models for thousands of records at once: the same as a form asks, and no query for each."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint

from municipalities.conditions import holds


def check_record(record, *, unchecked=()):
    """Everything `full_clean` asks but relations, which are resolved already, and repeats, which the caller looks for.

    Raises:
        ValidationError: a field, `clean` or a constraint of the table refuses.
        UnknownCondition: a constraint that nobody here can judge: teach `conditions`, or the rule would be passed over.
    """
    relations = [field.name for field in record._meta.concrete_fields if field.is_relation]
    errors = {}
    try:
        record.clean_fields(exclude={*relations, *unchecked})
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    try:
        record.clean()
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    if not errors:
        for constraint in record._meta.constraints:
            if isinstance(constraint, CheckConstraint) and holds(constraint, record) is False:
                refusal = ValidationError(
                    constraint.get_violation_error_message(), code=constraint.violation_error_code
                )
                errors.setdefault(NON_FIELD_ERRORS, []).append(refusal)
    if errors:
        raise ValidationError(errors)
