import datetime

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from municipalities.models import Edition, Municipality, Record, Region


class Role(models.TextChoices):
    """Roles of officials. Citizens have no account."""

    ADMIN = "admin", _("администратор региона")
    REGION_EDITOR = "region_editor", _("редактор региона")
    REGION_APPROVER = "region_approver", _("утверждающий региона")
    MUNICIPAL_HEAD = "municipal_head", _("глава города")
    MUNICIPAL_EDITOR = "municipal_editor", _("редактор города")
    WG_MEMBER = "wg_member", _("участник рабочей группы")


REGION_ROLES = {Role.ADMIN, Role.REGION_EDITOR, Role.REGION_APPROVER, Role.WG_MEMBER}
MUNICIPAL_ROLES = {Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR}


class User(AbstractUser):
    """An official. What they may do comes from role assignments, never from Django's groups."""

    post = models.CharField("должность", max_length=200, blank=True)
    wants_early_reminders = models.BooleanField("напоминать до срока", default=True)
    wants_publication_notices = models.BooleanField("писать, что отчёт опубликован", default=True)

    class Meta(AbstractUser.Meta):
        verbose_name = "пользователь"
        verbose_name_plural = "пользователи"

    # What pages of all regions say of whoever answers for something, decided or spoke.
    SHOWN = ("first_name", "last_name", "post", "is_active")

    def __str__(self):
        return self.get_full_name() or self.username

    def save(self, *args, **kwargs):
        """Whoever signs in or chooses their letters changes no page; a new name changes those of all regions."""
        is_news = self._is_news(kwargs.get("update_fields"))
        super().save(*args, **kwargs)
        if is_news:
            Edition.bump()

    def _is_news(self, fields):
        if self._state.adding or (fields is not None and not set(self.SHOWN) & set(fields)):
            return False
        shown = {name: getattr(self, name) for name in self.SHOWN}
        return not type(self).objects.filter(pk=self.pk, **shown).exists()

    def clean(self):
        """An account with open duties is not closed: they are handed over first."""
        super().clean()
        if self.pk and not self.is_active and self.has_open_duties():
            raise ValidationError(_HAND_OVER, code="open_duties")

    def has_open_duties(self, territory=None):
        """Whether the person answers for anything open, everywhere or in one territory; two queries.

        What can be answered for stands on upper floors: it is known here by the names of its relations only.
        """
        for owned in (self.owned_measures, self.owned_priorities):
            rows = owned.answered_for()
            if territory is not None:
                rows = rows.in_territory(territory)
            if rows.exists():
                return True
        return False

    @property
    def public_name(self):
        """Post and name, as everybody may read them; empty where neither is known. Never the login."""
        return f"{self.post} {self.get_full_name()}".strip()

    @cached_property
    def current_roles(self):
        """Role assignments in force today, read once for this user object."""
        return self.roles_on(timezone.localdate())

    def roles_on(self, on):
        """Role assignments in force on a date."""
        if not self.is_active:
            return []
        return list(self.role_assignments.in_force(on).select_related("region", "municipality"))

    def has_role(self, *roles):
        """Whether the person holds one of the roles anywhere today."""
        return any(held.role in roles for held in self.current_roles)

    def acts_as(self, *roles, territory, on=None):
        """Whether the person holds one of the roles over a territory.

        Args:
            roles: which `Role`s count.
            territory: (region id, municipality id or None), from a record's `territory`.
            on: the date asked about; today by default.
        """
        region_id, municipality_id = territory
        for held in self.current_roles if on is None else self.roles_on(on):
            if held.role not in roles:
                continue
            if held.role in MUNICIPAL_ROLES:
                if municipality_id is not None and held.municipality_id == municipality_id:
                    return True
            elif held.region_id == region_id:
                return True
        return False

    def region_ids(self, *roles):
        """Regions where the person holds one of the roles today."""
        return {held.region_id for held in self.current_roles if held.role in roles and held.region_id}

    def municipality_ids(self, *roles):
        """Towns where the person holds one of the roles today."""
        return {held.municipality_id for held in self.current_roles if held.role in roles and held.municipality_id}


_HAND_OVER = _("За этим человеком есть открытые дела: сначала передайте их другому в кабинете, «Передача дел».")


class RoleAssignmentQuerySet(models.QuerySet):
    def in_force(self, on):
        """Assignments that hold on a date."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)

    def overlapping(self, start, end):
        """Assignments that share at least a day with the term from start to end (None: open)."""
        rows = self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=start))
        return rows if end is None else rows.filter(valid_from__lte=end)


class RoleAssignment(Record):
    """Who acts as whom, where and from when to when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="role_assignments", verbose_name="пользователь")
    role = models.CharField("роль", max_length=20, choices=Role)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="role_assignments", verbose_name="регион"
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="role_assignments", verbose_name="город"
    )
    valid_from = models.DateField("с", default=timezone.localdate)
    valid_to = models.DateField("по", null=True, blank=True, help_text="Последний день; пусто — бессрочно.")
    acting = models.BooleanField("врио или и. о.", default=False)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "роль"
        verbose_name_plural = "роли"
        ordering = ["user", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(MUNICIPAL_ROLES), municipality__isnull=False, region__isnull=True)
                | Q(role__in=sorted(REGION_ROLES), region__isnull=False, municipality__isnull=True),
                name="role_has_its_territory",
                violation_error_message=_("Роли города нужен город, роли региона — регион."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="role_ends_after_start",
                violation_error_message=_("Срок роли кончается раньше, чем начался."),
            ),
            # Terms in the past may follow each other; two open ones never stand side by side.
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(role=Role.MUNICIPAL_HEAD, acting=False, valid_to__isnull=True),
                name="one_open_head_per_town",
                violation_error_message=_("У города уже есть глава без срока окончания."),
            ),
        ]
        indexes = [models.Index(fields=["user", "valid_from"], name="role_by_user")]

    def __str__(self):
        return f"{self.get_role_display()}: {self.municipality or self.region}"

    @property
    def territory(self):
        """(region id, municipality id or None) where the role acts."""
        if self.municipality_id:
            return self.municipality.region_id, self.municipality_id
        return self.region_id, None

    def clean(self):
        """Invariants 17 and 32: one head who is not acting per town and date; open duties do not lose their person."""
        self._check_duties()
        self._check_one_head()

    def _check_duties(self):
        """The last role of a person in a territory does not go while they answer for something open there."""
        before = RoleAssignment.objects.in_force(timezone.localdate()).filter(pk=self.pk).first()
        gone_from = before and self._leaves_from(before)
        if not gone_from:
            return
        others = RoleAssignment.objects.in_force(gone_from).exclude(pk=self.pk)
        place = {name: getattr(before, name) for name in ("user", "municipality", "region")}
        if not others.filter(**place).exists() and before.user.has_open_duties(before.territory):
            raise ValidationError({"valid_to": _HAND_OVER}, code="open_duties")

    def _leaves_from(self, before):
        """The first day on which whoever holds the role today holds it there no more; None where nothing is taken."""
        today = timezone.localdate()
        if any(getattr(self, name) != getattr(before, name) for name in ("user_id", "municipality_id", "region_id")):
            return today
        if self.valid_from > today:
            return today
        if self.valid_to is not None and (before.valid_to is None or self.valid_to < before.valid_to):
            return max(self.valid_to + datetime.timedelta(days=1), today)
        return None

    def _check_one_head(self):
        if self.role != Role.MUNICIPAL_HEAD or self.acting or not self.municipality_id:
            return
        others = RoleAssignment.objects.filter(
            role=Role.MUNICIPAL_HEAD, acting=False, municipality_id=self.municipality_id
        ).exclude(pk=self.pk)
        if others.overlapping(self.valid_from, self.valid_to).exists():
            raise ValidationError(
                _("В эти дни у города уже есть глава. Закончите прежний срок или отметьте «врио»."), code="second_head"
            )
