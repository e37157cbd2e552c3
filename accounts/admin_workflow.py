"""Admin pages of records with a life: status moves through the door only, two editors never overwrite each other."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from accounts.admin_history import ReadOnlyHistory
from accounts.admin_scope import RegionScope, preset_known, roles_of
from accounts.forms import MoveForm
from accounts.models import ErasableWords, Revision, WorkflowModel
from accounts.revision_forms import RevisedForm
from municipalities.typed import whole_number

REFUSED = "у вашей роли нет права на этот шаг"


def by_hand(model):
    """Statuses that a person may set on records of a model, with their names, in the order of the table."""
    labels = dict(model._meta.get_field("status").flatchoices)
    targets = dict.fromkeys(target for (_, target), allowed in model.TRANSITIONS.items() if allowed is not None)
    return {str(target): str(labels[target]) for target in targets}


def _without_words(entry, record):
    """The workshop's log outlives words that are taken back: it keeps none of them (as `JournalEntry.write`)."""
    if record.TITLE_IS_WORDS:
        entry.object_repr = record.plain_name[:200]
        entry.save(update_fields=["object_repr"])
    return entry


def asks_why(record):
    """Whether a form of the record has to ask why its words change: they are published."""
    return bool(record.PUBLIC_WORDS) and record.is_public


class PageForm(RevisedForm):
    """The form of a change page."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        preset_known(self)


class WorkflowScope(RegionScope):
    """The part of a workflow admin that does not care whether the model keeps a field history."""

    form = PageForm
    seen_field = "seen_version"
    change_form_template = "admin/workflow_change_form.html"

    @property
    def region_lookups(self):
        """How a queryset of the model finds its region."""
        return self.model.REGION_LOOKUPS

    @property
    def edit_roles(self):
        """Roles of the region that may change the model's texts."""
        return roles_of(self.model)

    def has_delete_permission(self, request, obj=None):
        """What the public has once seen stays."""
        seen = obj is not None and (obj.is_public or obj.published_at is not None)
        return super().has_delete_permission(request, obj) and not seen

    def get_queryset(self, request):
        seen = self.model._default_manager.visible_to(request.user).values("pk")
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(pk__in=seen)

    def get_object(self, request, object_id, from_field=None):
        """The record; for a form being saved it stays locked until the end, so nobody slips in between."""
        record = super().get_object(request, object_id, from_field)
        if record is not None and request.method == "POST":
            self.model._base_manager.select_for_update().values("pk").get(pk=record.pk)
            record = super().get_object(request, object_id, from_field)
        return record

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "status", "published_at"]

    def get_fieldsets(self, request, obj=None):
        """Declared groups of fields; the reason of a revision stands beside published words."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not asks_why(obj) or not self.has_change_permission(request, obj):
            return fieldsets
        name, options = fieldsets[0]
        return [(name, {**options, "fields": [*options["fields"], "why"]}), *fieldsets[1:]]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.person = request.user
        return form

    def get_view_on_site_url(self, obj=None):
        """The public page, once there is one."""
        return obj.get_absolute_url() if obj is not None and obj.is_public else None

    def save_model(self, request, obj, form, change):
        if change:
            self._tell(request, obj.save_edited(by=request.user, known_version=obj.row_version))
        else:
            super().save_model(request, obj, form, change)

    def save_row(self, request, row):
        if isinstance(row, WorkflowModel) and not row._state.adding:
            self._tell(request, row.save_edited(by=request.user, known_version=row.row_version))
        else:
            super().save_row(request, row)

    def _tell(self, request, revision):
        if revision is not None:
            self.message_user(request, revision.told, messages.WARNING)

    # -- the log of the workshop ---------------------------------------------------------------------------------------

    def log_addition(self, request, obj, message):
        return _without_words(super().log_addition(request, obj, message), obj)

    def log_change(self, request, obj, message):
        return _without_words(super().log_change(request, obj, message), obj)

    def log_deletions(self, request, queryset):
        entries = super().log_deletions(request, queryset)
        return [_without_words(entry, record) for entry, record in zip(entries, queryset, strict=True)]

    # -- steps -------------------------------------------------------------------------------------------------------

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj is not None:
            moves = [(move.label, self._move_url(obj, move.status)) for move in obj.moves_for(request.user)]
            context["steps"] = [*moves, *self.other_steps(request, obj)]
            context["revisions"] = Revision.objects.waiting().about(obj).with_people() if obj.PUBLIC_WORDS else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def other_steps(self, request, record):
        """Steps of a record that change no status: (name, address of the page that asks for more)."""
        if isinstance(record, ErasableWords) and record.has_words_to_erase and record.may_erase(request.user):
            return [("Стереть слова", reverse(f"admin:{self._url_name('erase')}", args=[record.pk]))]
        return []

    def _url_name(self, page):
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _move_url(self, record, status):
        return reverse(f"admin:{self._url_name('move')}", args=[record.pk, status])

    def get_urls(self):
        page = self.admin_site.admin_view(self.move_view)
        own = [path("<path:object_id>/move/<str:status>/", page, name=self._url_name("move"))]
        if issubclass(self.model, ErasableWords):
            page = self.admin_site.admin_view(self.erase_view)
            own.append(path("<path:object_id>/erase/", page, name=self._url_name("erase")))
        return [*own, *super().get_urls()]

    def erase_view(self, request, object_id):
        """Words that are out of sight are erased for good: a page that asks why."""
        record = self._asked_for(request, object_id)
        if record is None or not self.other_steps(request, record):
            raise Http404
        form = MoveForm(request.POST or None, needs_reason=True)
        if request.method == "POST" and form.is_valid():
            try:
                record.erase_words(by=request.user, reason=form.cleaned_data["reason"])
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                self.log_change(request, record, "Слова стёрты")
                self.message_user(request, "Слова стёрты насовсем. Номер, дни и шаги остались.", messages.SUCCESS)
                return redirect(self._change_url(record))
        extra = {"title": "Стереть слова насовсем", "record": record, "back": self._change_url(record)}
        return self._reason_page(request, form, "", [record], extra)

    def _asked_for(self, request, object_id):
        return self.get_queryset(request).filter(pk=whole_number(object_id)).first()

    def move_view(self, request, object_id, status):
        """One record takes a step: a page that asks why, then the door."""
        record = self._asked_for(request, object_id)
        label = by_hand(self.model).get(status)
        if record is None or label is None:
            raise Http404
        if request.method == "POST":
            form = MoveForm(request.POST, needs_reason=status in self.model.REASON_NEEDED)
            known = whole_number(request.POST.get("row_version", ""))
            if form.is_valid():
                # The door compares this with the row: a step decided on an old page is refused.
                record.row_version = record.row_version if known is None else known
                refusal = self.take(request, record, status, form.cleaned_data["reason"])
                if refusal is None:
                    self.message_user(request, f"«{record}»: теперь «{label}».", messages.SUCCESS)
                    return redirect(f"admin:{self._url_name('change')}", record.pk)
                form.add_error(None, refusal)
        else:
            form = MoveForm(needs_reason=status in self.model.REASON_NEEDED)
        return self._reason_page(request, form, label, [record], {"back": self._change_url(record), "record": record})

    def take(self, request, record, status, reason):
        """Move a record through the door; None when it moved, otherwise why it did not, in Russian."""
        try:
            record.move_to(status, by=request.user, reason=reason)
        except PermissionDenied:
            return f"Нельзя: {REFUSED}."
        except ValidationError as error:
            return " ".join(error.messages)
        self.log_change(request, record, f"Состояние: {record.get_status_display()}")
        return None

    def _change_url(self, record):
        return reverse(f"admin:{self._url_name('change')}", args=[record.pk])

    def _reason_page(self, request, form, label, records, extra):
        context = {
            **self.admin_site.each_context(request),
            "title": f"Перевести в состояние «{label}»",
            "opts": self.opts,
            "form": form,
            "records": records,
            "record": None,
            "action_name": "",
            "across": "",
            "media": "",
            "checkbox_name": ACTION_CHECKBOX_NAME,
            **extra,
        }
        return TemplateResponse(request, "admin/workflow_move.html", context)

    def get_actions(self, request):
        actions = super().get_actions(request)
        for status, label in by_hand(self.model).items():
            name = f"move_to_{status}"
            actions[name] = (partial(_move_rows, status=status, label=label), name, f"Перевести: «{label}»")
        return actions

    def move_rows(self, request, rows, status, label):
        """Chosen rows take a step, each through the door by itself; those that may not are named with the reason."""
        needs_reason = status in self.model.REASON_NEEDED
        form = MoveForm(request.POST if "confirmed" in request.POST else None, needs_reason=needs_reason)
        if not form.is_valid():
            extra = {
                "back": request.get_full_path(), "action_name": f"move_to_{status}",
                "across": request.POST.get("select_across", "0"),
            }  # fmt: skip
            return self._reason_page(request, form, label, list(rows), extra)
        moved = 0
        for record in rows:
            refusal = self.take(request, record, status, form.cleaned_data["reason"])
            if refusal is None:
                moved += 1
            else:
                self.message_user(request, f"«{record}»: {refusal}", messages.ERROR)
        if moved:
            self.message_user(request, f"Переведено в состояние «{label}»: {moved}.", messages.SUCCESS)
        return None


def _move_rows(model_admin, request, rows, *, status, label):
    return model_admin.move_rows(request, rows, status, label)


class WorkflowAdmin(WorkflowScope, admin.ModelAdmin):
    """An admin page for records with a life."""


class WorkflowHistoryAdmin(WorkflowScope, ReadOnlyHistory):
    """An admin page for records with a life whose texts keep their history."""
