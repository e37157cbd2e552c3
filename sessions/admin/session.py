from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts.admin_scope import SOURCE_FIELDS, CardInline, TableInline
from accounts.admin_workflow import REFUSED, WorkflowHistoryAdmin
from sessions.models import DateChange, Practice, Section, Session
from sessions.models.session import may_decide

MOVABLE = frozenset({Session.Status.PLANNED, Session.Status.ANNOUNCED})


class MoveDateForm(forms.Form):
    """A new date of a session, and why; with it the last day for proposals, where one is named.

    Args:
        session: whose date moves.
    """

    starts_at = forms.SplitDateTimeField(label="Новое начало", widget=AdminSplitDateTime)
    ends_at = forms.SplitDateTimeField(label="Новый конец", widget=AdminSplitDateTime, required=False)
    proposals_until = forms.DateField(label="Предложения принимают до", widget=AdminDateWidget)
    reason = forms.CharField(
        label="Причина",
        help_text="Её увидят все.",
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        error_messages={"required": "Напишите причину: её увидят все."},
    )

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, **kwargs)
        if session.proposals_until is None:
            del self.fields["proposals_until"]


class SectionInline(TableInline):
    model = Section
    fields = ["title", "moderator", "experts", "summary", "order", "sources"]


class PracticeInline(CardInline):
    model = Practice
    fields = [("region_name", "town_name"), "municipality", "title", ("relation", "order"), "sources"]
    autocomplete_fields = ["municipality"]
    row_select_related = ("municipality",)
    # Guests come from everywhere.
    open_fields = frozenset({"municipality"})


class DateChangeInline(TableInline):
    model = DateChange
    read_only = True
    fields = ["old_starts_at", "new_starts_at", "reason", "created_at", "created_by"]
    readonly_fields = ["created_at", "created_by"]
    row_select_related = ("session", "created_by")


@admin.register(Session)
class SessionPage(WorkflowHistoryAdmin):
    list_display = ["title", "kind", "level", "municipality", "starts_at", "place", "status", "sample_mark"]
    list_select_related = ("municipality", "region")
    list_filter = ["status", "kind", "level", ("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "place", "municipality__name"]
    date_hierarchy = "starts_at"
    autocomplete_fields = ["region", "municipality", "host", "towns", "minutes", "documents", "priorities"]
    readonly_on_change = ("region",)
    prepopulated_fields = {"slug": ["title"]}
    inlines = [SectionInline, PracticeInline, DateChangeInline]
    fieldsets = [
        (None, {"fields": [
            "region", ("level", "kind"), "municipality", "title", "slug", "number_in_series", "summary",
        ]}),
        ("Когда и где", {"fields": [
            "starts_at", "ends_at", ("has_time", "date_note"), "place", "venue", ("latitude", "longitude"), "host",
            "proposals_until",
        ]}),
        ("Кто и о чём", {"fields": ["organisers", "participants", "towns", "agenda", "priorities"]}),
        ("Итоги", {"fields": ["participants_count", "outcome", "minutes", "documents"]}),
        ("Состояние", {"fields": ["status", "published_at"]}),
        SOURCE_FIELDS,
    ]  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        """The date of an announced session moves on its own page, where the old one and the reason stay."""
        fixed = super().get_readonly_fields(request, obj)
        if obj is not None and obj.status == Session.Status.ANNOUNCED:
            return [*fixed, "starts_at", "ends_at"]
        return fixed

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj is not None else super().get_prepopulated_fields(request, obj)

    def other_steps(self, request, record):
        if record.status in MOVABLE and may_decide(request.user, record):
            return [("Перенести дату", reverse("admin:discussions_session_move_date", args=[record.pk]))]
        return []

    def get_urls(self):
        page = self.admin_site.admin_view(self.move_date_view)
        return [path("<int:pk>/move-date/", page, name="discussions_session_move_date"), *super().get_urls()]

    def move_date_view(self, request, pk):
        """A session gets another date (invariant 11)."""
        session = self.get_queryset(request).filter(pk=pk).first()
        if session is None:
            raise Http404
        dates = {"starts_at": session.starts_at, "ends_at": session.ends_at}
        form = MoveDateForm(request.POST or None, initial=dates, session=session)
        if request.method == "POST" and form.is_valid():
            refusal = self._move_date(request, session, form.cleaned_data)
            if refusal is None:
                self.message_user(request, f"«{session}»: дата перенесена.", messages.SUCCESS)
                return redirect("admin:discussions_session_change", session.pk)
            form.add_error(None, refusal)
        extra = {
            "title": "Перенести дату", "record": session, "back": self._change_url(session),
            "media": self.media + form.media,
        }  # fmt: skip
        return self._reason_page(request, form, "", [session], extra)

    def _move_date(self, request, session, typed):
        try:
            session.move_date(
                typed["starts_at"], typed["ends_at"], by=request.user, reason=typed["reason"],
                proposals_until=typed.get("proposals_until"),
            )  # fmt: skip
        except PermissionDenied:
            return f"Нельзя: {REFUSED}."
        except ValidationError as error:
            return " ".join(error.messages)
        self.log_change(request, session, "Дата перенесена")
        return None
