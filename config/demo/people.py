"""Sample accounts, one for every role. Their address tells them from real people of the same name."""

import datetime

from accounts.models import Role, RoleAssignment, User

MAIL = "demo.invalid"  # a domain that cannot exist (RFC 2606)

# username: (first name, last name, post, role, slug of the town or None for the region)
ACCOUNTS = {
    "admin": ("Пример", "Администратор", "администратор сайта (пример)", Role.ADMIN, None),
    "approver": ("Пример", "Утверждающий", "заместитель министра (пример)", Role.REGION_APPROVER, None),
    "editor": ("Пример", "Редактор", "специалист министерства (пример)", Role.REGION_EDITOR, None),
    "primersk-head": ("Пример", "Примерский", "глава городского округа (пример)", Role.MUNICIPAL_HEAD, "primersk"),
    "primersk-editor": ("Пример", "Помощников", "специалист администрации (пример)", Role.MUNICIPAL_EDITOR, "primersk"),
    "novoprimersk-head": (
        "Пример",
        "Новопримерский",
        "глава городского округа (пример)",
        Role.MUNICIPAL_HEAD,
        "novoprimersk",
    ),
    "wg-member": ("Пример", "Участников", "член рабочей группы (пример)", Role.WG_MEMBER, None),
}


def is_sample_user(user):
    """Whether an account was made by `load_demo`."""
    return user.email == f"{user.username}@{MAIL}"


def make_accounts(region, towns, password, *, on):
    """Create the accounts that are missing, with their roles.

    Args:
        region: where regional roles hold.
        towns: {slug: municipality} for municipal roles.
        password: for new accounts; those that exist keep theirs.
        on: today; roles began a year before.

    Returns:
        {username: user}.
    """
    people = {}
    for username, (first, last, post, role, slug) in ACCOUNTS.items():
        user, is_new = User.objects.get_or_create(
            username=username,
            defaults={"first_name": first, "last_name": last, "post": post, "email": f"{username}@{MAIL}"},
        )
        if is_new:
            user.set_password(password)
            user.is_superuser = user.is_staff = username == "admin"
            user.save()
        RoleAssignment.objects.get_or_create(
            user=user,
            role=role,
            defaults={
                "region": None if slug else region,
                "municipality": towns[slug] if slug else None,
                "valid_from": on - datetime.timedelta(days=365),
                "is_sample": True,
            },
        )
        people[username] = user
    return people
