"""People and their roles: kept by the administrator of the region, each for the own region only."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.db.models import Q

from accounts.admin_scope import SOURCE_FIELDS, RegionAdmin, RegionScope, TableInline
from accounts.forms import SeenRow
from accounts.models import Role, RoleAssignment, User

KEEPERS = frozenset({Role.ADMIN})


class NewUserForm(UserCreationForm):
    """A new official: name, post and password on one page, the role below."""

    usable_password = None

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ["username", "first_name", "last_name", "post", "email"]


class PersonForm(SeenRow, UserChangeForm):
    """An official's name, post, address and whether the account is open; the password has a page of its own."""


class RoleInline(TableInline):
    model = RoleAssignment
    fields = ["role", "region", "municipality", "valid_from", "valid_to", "acting"]
    autocomplete_fields = ["region", "municipality"]
    row_select_related = ("region", "municipality")
    fk_name = "user"

    def has_delete_permission(self, request, obj=None):
        """Roles end by their date, so that what was done under them keeps its sense."""
        return False

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj is None and request.user.is_superuser else 0

    def get_min_num(self, request, obj=None, **kwargs):
        """Without a role a person belongs to no region, and its administrator would never see them again."""
        return 0 if obj is not None or request.user.is_superuser else 1

    def get_formset(self, request, obj=None, **kwargs):
        kwargs["validate_min"] = self.get_min_num(request, obj) > 0
        return super().get_formset(request, obj, **kwargs)


@admin.register(User)
class UserPage(RegionScope, DjangoUserAdmin):
    """Accounts: no groups and no permission flags, only roles."""

    view_roles = edit_roles = KEEPERS
    keep_forever = True
    form = PersonForm
    seen_field = "seen"
    add_form = NewUserForm
    list_display = ["username", "last_name", "first_name", "post", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "last_name", "first_name", "post"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    inlines = [RoleInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Человек", {"fields": ["last_name", "first_name", "post", "email"]}),
        ("Вход", {"fields": ["is_active", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "last_name", "first_name", "post", "email", "password1", "password2"]})
    ]

    def get_inline_instances(self, request, obj=None):
        # Django's own page leaves the rows out for a new user; here the first role is entered at once.
        return super(DjangoUserAdmin, self).get_inline_instances(request, obj)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and request.user.is_superuser:
            return [*fieldsets, ("Весь сайт", {"fields": ["is_superuser"]})]
        return fieldsets

    def of_regions(self, rows, user, roles):
        if user.is_superuser:
            return rows
        held = RoleAssignment.objects.filter(_within(user.region_ids(*roles)))
        return rows.filter(pk__in=held.values("user"), is_superuser=False)

    def has_view_permission(self, request, obj=None):
        return self._keeps(request, obj, wholly=False)

    def has_change_permission(self, request, obj=None):
        """Somebody who acts in another region too is not this administrator's alone: their password stays untouched."""
        return self._keeps(request, obj, wholly=True)

    def _keeps(self, request, person, *, wholly):
        keeper = request.user
        if keeper.is_superuser:
            return True
        regions = keeper.region_ids(*KEEPERS)
        if person is None or not regions:
            return bool(regions)
        within = _within(regions)
        here = person.role_assignments.filter(within).exists()
        elsewhere = (
            wholly
            and person.role_assignments.exclude(pk__in=RoleAssignment.objects.filter(within).values("pk")).exists()
        )
        return here and not elsewhere and not person.is_superuser


def _within(regions):
    return Q(region__in=regions) | Q(municipality__region__in=regions)


@admin.register(RoleAssignment)
class RolePage(RegionAdmin):
    region_lookups = ("region", "municipality__region")
    view_roles = edit_roles = KEEPERS
    keep_forever = True
    list_display = ["user", "role", "region", "municipality", "valid_from", "valid_to", "acting", "sample_mark"]
    list_select_related = ("user", "region", "municipality")
    list_filter = ["role", "acting", ("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["user__username", "user__last_name", "user__first_name", "municipality__name"]
    date_hierarchy = "valid_from"
    autocomplete_fields = ["user", "region", "municipality"]
    readonly_on_change = ("user",)
    fieldsets = [
        (None, {"fields": ["user", "role", "region", "municipality", "valid_from", "valid_to", "acting"]}),
        SOURCE_FIELDS,
    ]

    def territory_of(self, record):
        town = record.municipality
        return (town.region_id, town.pk) if town else (record.region_id, None)
