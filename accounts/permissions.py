"""Who may take which step. Predicates answer (user, record) → bool; tables of transitions name them."""

from .models.user import Role


def _acts(*roles):
    def predicate(user, record):
        return user.is_authenticated and user.acts_as(*roles, territory=record.territory)

    return predicate


is_region_editor = _acts(Role.REGION_EDITOR)
is_region_approver = _acts(Role.REGION_APPROVER)
is_region_admin = _acts(Role.ADMIN)
is_municipal_head = _acts(Role.MUNICIPAL_HEAD)
is_municipal_editor = _acts(Role.MUNICIPAL_EDITOR, Role.MUNICIPAL_HEAD)


def any_of(*predicates):
    """A predicate that holds where one of the given ones does."""

    def predicate(user, record):
        return any(one(user, record) for one in predicates)

    return predicate


def is_region_staff(user):
    """Whether the person works for a region: only they see the admin."""
    return user.is_active and (
        user.is_superuser or bool(user.region_ids(Role.ADMIN, Role.REGION_EDITOR, Role.REGION_APPROVER))
    )
