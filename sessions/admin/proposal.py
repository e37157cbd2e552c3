from django.contrib import admin

from accounts.admin_scope import SOURCE_FIELDS, RegionAdmin
from accounts.admin_workflow import WorkflowHistoryAdmin, asks_why
from sessions.models import Proposal, Section
from sessions.models.proposal import may_answer

AUTHOR = ["author_name", "author_email", "consent_version", "consented_at", "author_erased_at"]


@admin.register(Proposal)
class ProposalPage(WorkflowHistoryAdmin):
    """What was said. Who the author is only those who answer may see, and never in a list."""

    list_display = ["number", "public_text_start", "kind", "municipality", "said_on", "status", "sample_mark"]
    list_select_related = ("municipality", "region", "session", "priority__strategy", "measure")
    list_filter = ["status", "kind", ("municipality", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["number", "public_text", "municipality__name"]
    autocomplete_fields = ["region", "municipality", "session", "priority", "measure"]
    readonly_on_change = ("region", "municipality", "number")
    readonly_fields = ["answered_at", *AUTHOR]

    def get_fieldsets(self, request, obj=None):
        self_fields = [
            (None, {"fields": [
                "region", "municipality", "number", "kind", "session", "section", "priority", "measure", "said_on",
                "speaker", "text", "public_text",
            ]}),
            ("Ответ", {"fields": ["answer", "answered_at"]}),
            ("Состояние", {"fields": ["status", "published_at"]}),
            SOURCE_FIELDS,
        ]  # fmt: skip
        if obj is not None and may_answer(request.user, obj):
            self_fields.append(("Автор: только для ответа", {"fields": AUTHOR}))
        if obj is not None and self.has_change_permission(request, obj):
            self_fields[0][1]["fields"] += ["seen_version", "why"] if asks_why(obj) else ["seen_version"]
        return self_fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "section" in form.base_fields:
            form.base_fields["section"].queryset = Section.objects.filter(session=obj.session_id if obj else None)
        return form

    @admin.display(description="текст для всех")
    def public_text_start(self, proposal):
        """The beginning of the moderated text."""
        text = proposal.public_text
        return text if len(text) <= 120 else text[:119] + "…"


@admin.register(Section)
class SectionPage(RegionAdmin):
    region_lookups = ("session__region",)
    list_display = ["title", "session", "moderator", "order", "sample_mark"]
    list_select_related = ("session",)
    search_fields = ["title", "moderator", "session__title"]
    autocomplete_fields = ["session"]
    readonly_on_change = ("session",)
    fieldsets = [
        (None, {"fields": ["session", "title", "moderator", "experts", "summary", "order"]}),
        SOURCE_FIELDS,
    ]

    def territory_of(self, record):
        return record.session.territory
