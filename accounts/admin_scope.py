"""What every admin page of the site shares: rows and choices of the official's own regions, search, sources, samples.

Nothing here decides who may do what: roles answer (`User.acts_as`), models name their editors and their territory.
"""

import re

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import BadRequest
from django.db import IntegrityError, models
from django.db.models import Q

from accounts.forms import SeenRow, WrittenDecimalField
from accounts.models import Role
from accounts.models.user import REGION_ROLES
from municipalities.typed import whole_number

STAFF = frozenset({Role.ADMIN, Role.REGION_EDITOR, Role.REGION_APPROVER})
FACT_EDITORS = frozenset({Role.REGION_EDITOR, Role.REGION_APPROVER})
NO_RECORD = "0"  # databases count from one
COUNTS_OF_ROWS = ("-TOTAL_FORMS", "-INITIAL_FORMS")  # hidden in every page with rows, and no person's to type
SOURCE_FIELDS = ("Источник", {"fields": ["sources", "note", "is_sample"], "classes": ["collapse"]})


def words_condition(fields, term):
    """Rows where every word of the term stands in one of the fields, in any case, «ё» as «е», on both databases.

    SQLite's LIKE folds Latin letters only; its REGEXP is Python's and folds all, as PostgreSQL's does.
    """
    condition = Q()
    for word in term.replace("\x00", "").split():
        pattern = re.sub("[её]", "[её]", re.escape(word.lower()))
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__iregex": pattern})
        condition &= found
    return condition


class NumberedChoices:
    """An autocomplete that shows a refused form again, whatever was sent as the number of a record."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [one for one in value if whole_number(str(one)) is not None], attr)


class NumberedSelectMultiple(NumberedChoices, AutocompleteSelectMultiple):
    """An autocomplete of several records: what is no number of a record is one more unknown choice."""

    def value_from_datadict(self, data, files, name):
        sent = super().value_from_datadict(data, files, name)
        return [one if whole_number(one) is not None else NO_RECORD for one in sent or []]


class KnownAutocompleteSelect(NumberedChoices, AutocompleteSelect):
    """An autocomplete that is told the chosen record, so that a row of a formset costs no query."""

    known = None

    def optgroups(self, name, value, attr=None):
        if self.known is None or [str(self.known.pk)] != [str(one) for one in value]:
            return super().optgroups(name, value, attr)
        blank = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        chosen = self.create_option(name, self.known.pk, str(self.known), True, len(blank))
        return [(None, [*blank, chosen], 0)]


def preset_known(form):
    """Preset the autocompletes of a form with the records that its instance has loaded already."""
    for name, field in form.fields.items():
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, KnownAutocompleteSelect):
            model_field = form._meta.model._meta.get_field(name)
            widget.known = model_field.get_cached_value(form.instance, default=None)


class ScopedChoices:
    """Fields that point to other records offer, and accept, only those of the regions where the official edits."""

    open_fields = frozenset()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self._choices(db_field, request))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownAutocompleteSelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self._choices(db_field, request))
        if db_field.name in self.get_autocomplete_fields(request):
            widget = NumberedSelectMultiple(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs.setdefault("widget", widget)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.DecimalField):
            kwargs |= {"form_class": WrittenDecimalField, "localize": True}
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # Pages of other records open on their own: a «plus» beside every field only invites mistakes.
        for switch in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(field, "widget") and hasattr(field.widget, switch):
                setattr(field.widget, switch, False)
        return field

    def _choices(self, db_field, request):
        target = db_field.remote_field.model
        rows = target._default_manager.all()
        if not self.admin_site.is_registered(target):
            return rows.none()
        related = self.admin_site.get_model_admin(target)
        rows = rows.select_related(*related.list_select_related)
        if db_field.name in self.open_fields:
            return rows
        return related.of_regions(rows, request.user, self.edit_roles)


class RegionScope(ScopedChoices):
    """An admin whose rows belong to regions.

    A class that inherits says `region_lookups` (how a queryset finds the region) and, unless the model names its
    `EDITORS`, `edit_roles`; `territory_of` where the record itself has no `territory`.
    """

    region_lookups = ("region",)
    view_roles = STAFF
    edit_roles = FACT_EDITORS
    list_per_page = 50
    show_full_result_count = False
    list_select_related = ()
    readonly_on_change = ()
    read_only = False
    keep_forever = False
    view_on_site = False
    seen_field = ""  # the hidden field that says from what the page was made

    # -- who ---------------------------------------------------------------------------------------------------------

    def territory_of(self, record):
        """(region id, municipality id or None) of a record."""
        return record.territory

    def _acts(self, request, roles, record):
        user = request.user
        if user.is_superuser:
            return True
        if record is None:
            return bool(user.region_ids(*roles))
        return user.acts_as(*roles, territory=self.territory_of(record))

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return self._acts(request, self.view_roles, obj)

    def has_change_permission(self, request, obj=None):
        return not self.read_only and self._acts(request, self.edit_roles, obj)

    def has_add_permission(self, request):
        return not self.read_only and self._acts(request, self.edit_roles, None)

    def has_delete_permission(self, request, obj=None):
        return not self.keep_forever and self.has_change_permission(request, obj)

    # -- which rows --------------------------------------------------------------------------------------------------

    def of_regions(self, rows, user, roles):
        """Those of the rows that belong to regions where the person holds one of the roles."""
        if user.is_superuser:
            return rows
        regions, inside = user.region_ids(*roles), Q(pk__in=[])
        for lookup in self.region_lookups:
            inside |= Q(**{f"{lookup}__in": regions})
        return rows.filter(inside)

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return self.of_regions(rows, request.user, self.view_roles)

    def get_search_results(self, request, queryset, search_term):
        """Rows that hold every word: by the model's own word index where it has one, and by the named fields."""
        if not search_term.replace("\x00", "").strip():
            return queryset, False
        found = words_condition(self.get_search_fields(request), search_term)
        every = self.model._default_manager.all()
        if hasattr(every, "search"):
            found |= Q(pk__in=every.search(search_term).values("pk"))
        return queryset.filter(found), False

    def get_changelist_instance(self, request):
        """The list; a filter with a number that no database takes is refused as one that is none."""
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:
            raise IncorrectLookupParameters from error

    # -- two at one moment ---------------------------------------------------------------------------------------------

    def changeform_view(self, request, *args, **kwargs):
        """The page; where somebody has just taken the same name or number, it is asked once more and says so.

        A count of rows that is no number comes from no page of ours: it is refused before Django counts with it. So is
        one that passes rows of the page off as new: what the database refuses twice nobody else has taken meanwhile.
        """
        if any(name.endswith(COUNTS_OF_ROWS) and whole_number(sent) is None for name, sent in request.POST.items()):
            raise BadRequest
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:  # nothing is kept of the first time: Django holds it in one transaction
            pass
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            raise BadRequest from error

    # -- what a page shows -------------------------------------------------------------------------------------------

    def get_readonly_fields(self, request, obj=None):
        own = [name for name in ("is_sample",) if name in {field.name for field in self.opts.fields}]
        fixed = self.readonly_on_change if obj is not None else ()
        return [*super().get_readonly_fields(request, obj), *fixed, *own]

    def get_fieldsets(self, request, obj=None):
        """Declared groups of fields, with what the page was made from among the first."""
        fieldsets = super().get_fieldsets(request, obj)
        if not self.seen_field or obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        name, options = fieldsets[0]
        return [(name, {**options, "fields": [*options["fields"], self.seen_field]}), *fieldsets[1:]]

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        regions = request.user.region_ids(*self.edit_roles)
        if len(regions) == 1 and "region" in {field.name for field in self.opts.fields}:
            initial.setdefault("region", next(iter(regions)))
        return initial

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request, obj, form, change):
        if not change and hasattr(obj, "created_by_id"):
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        """Save the rows of an inline: new ones remember who entered them."""
        rows = formset.save(commit=False)
        for gone in formset.deleted_objects:
            gone.delete()
        for row in rows:
            self.save_row(request, row)
        formset.save_m2m()
        for row_form in formset.forms:
            if hasattr(row_form, "save_more") and row_form.instance.pk and row_form.has_changed():
                row_form.save_more(by=request.user)

    def save_row(self, request, row):
        """Save one row of an inline."""
        if row._state.adding and hasattr(row, "created_by_id"):
            row.created_by = request.user
        row.save()

    @admin.display(description="Пометка", ordering="is_sample")
    def sample_mark(self, record):
        """«пример» beside rows that are not real."""
        return "пример" if record.is_sample else ""


class RegionAdmin(RegionScope, admin.ModelAdmin):
    """An admin page for rows of a region that have no life of their own."""

    form = SeenRow
    seen_field = "seen"


class TellingFormSet(forms.BaseInlineFormSet):
    """Rows whose autocompletes know their records, and whose fields have names for machine voices."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        preset_known(form)
        for name, field in form.fields.items():
            label = "Удалить строку" if name == "DELETE" else str(field.label or name)
            for widget in (field.widget, getattr(field.widget, "widget", None)):
                if widget is not None:
                    widget.attrs.setdefault("aria-label", label)


class ScopedInline(ScopedChoices):
    """Rows inside a page: whoever may change the page may change them."""

    form = SeenRow
    formset = TellingFormSet
    extra = 0
    row_select_related = ()
    read_only = False
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 40})}}

    @property
    def page(self):
        """The admin of the page that holds the rows."""
        return self.admin_site.get_model_admin(self.parent_model)

    @property
    def edit_roles(self):
        """Roles that edit the page."""
        return self.page.edit_roles

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.row_select_related)

    def get_fields(self, request, obj=None):
        own = super().get_fields(request, obj)
        is_seen = issubclass(self.form, SeenRow) and self.has_change_permission(request, obj)
        return [*own, "seen"] if is_seen else own

    def has_view_permission(self, request, obj=None):
        return self.page.has_view_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return not self.read_only and self._page_is_open(request, obj)

    def has_add_permission(self, request, obj=None):
        return not self.read_only and self._page_is_open(request, obj)

    def has_delete_permission(self, request, obj=None):
        return not self.read_only and self._page_is_open(request, obj)

    def _page_is_open(self, request, obj):
        if obj is None or obj._state.adding:
            return self.page.has_add_permission(request)
        return self.page.has_change_permission(request, obj)


class TableInline(ScopedInline, admin.TabularInline):
    """Short rows, one under another."""


class CardInline(ScopedInline, admin.StackedInline):
    """Longer rows, a card each."""


def limit_choice(formset, name, rows):
    """Make one field of a formset a short list, read once for all its rows."""
    field = formset.form.base_fields.get(name)
    if field is not None:
        field.queryset = rows
        field.choices = [("", "—"), *((row.pk, str(row)) for row in rows)]


def roles_of(model):
    """Roles of the region that may change a model's texts."""
    return frozenset(REGION_ROLES & model.EDITORS)
