"""One door for status: every change of state of every record goes through `move_to`."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from municipalities.models import Edition
from municipalities.typed import tells_contact

from .journal import JournalEntry
from .revision import CHANGED, Revision
from .user import MUNICIPAL_ROLES, REGION_ROLES, Role


def _fields_of(constraint):
    """Names of the fields that a constraint speaks of; none where it speaks in expressions."""
    condition = getattr(constraint, "condition", None)
    return {*getattr(constraint, "fields", ()), *(condition.referenced_base_fields if condition else ())}


@dataclass(frozen=True)
class Move:
    """A step that a person may take with a record: the status and its name."""

    status: str
    label: str


class WorkflowQuerySet(models.QuerySet):
    def public(self):
        """What everybody may see."""
        return self.filter(status__in=self.model.PUBLIC)

    def visible_to(self, user):
        """Public records, and for officials everything of their own territory."""
        if user.is_superuser:
            return self
        return self.filter(self._public_condition() | self._inside_condition(user, REGION_ROLES, MUNICIPAL_ROLES))

    def editable_by(self, user):
        """Records whose texts the person may change."""
        if user.is_superuser:
            return self
        return self.filter(
            self._inside_condition(user, REGION_ROLES & self.model.EDITORS, MUNICIPAL_ROLES & self.model.EDITORS)
        )

    def _public_condition(self):
        return Q(pk__in=type(self)(self.model, using=self.db).public().values("pk"))

    def _inside_condition(self, user, region_roles, municipal_roles):
        inside = Q(pk__in=[])
        if user.is_authenticated:
            regions = user.region_ids(*region_roles)
            towns = user.municipality_ids(*municipal_roles)
            if regions:
                for lookup in self.model.REGION_LOOKUPS:
                    inside |= Q(**{f"{lookup}__in": regions})
            if towns:
                for lookup in self.model.MUNICIPALITY_LOOKUPS:
                    inside |= Q(**{f"{lookup}__in": towns})
        return inside


class WorkflowModel(models.Model):
    """A record with a life.

    A model that inherits declares `status` (a field with choices) and:

    * `TRANSITIONS`: {(from, to): predicate(user, record)}, the table of `docs/domain.md`; None instead of a predicate
      marks a step that nobody takes by hand: it follows from another record's step (`follow_to`);
    * `PUBLIC`: the statuses that everybody may see;
    * `EDITORS`: the roles that may change its texts;
    * `REGION_LOOKUPS`, `MUNICIPALITY_LOOKUPS`: how a queryset finds its territory;
    * `territory`: (region id, municipality id or None);
    * `PUBLIC_WORDS`: {field: how people call it} of what is not changed by one person alone once it is published.
    """

    TRANSITIONS = {}
    PUBLIC = frozenset()
    EDITORS = frozenset()
    REASON_NEEDED = frozenset()
    REGION_LOOKUPS = ("municipality__region",)
    MUNICIPALITY_LOOKUPS = ("municipality",)

    published_at = models.DateTimeField("опубликовано", null=True, blank=True, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def is_public(self):
        """Whether the record itself is in a public status."""
        return self.status in self.PUBLIC

    # Published words change by a `Revision` only: who edits says why before saving, and may hide what stood there.
    PUBLIC_WORDS = {}
    why = ""
    drops_former = False

    # Whether the title is somebody's words, which may have to be taken back: then the journal keeps none of them.
    TITLE_IS_WORDS = False

    def check_reason(self, reason):
        """Refuse a reason that the journal would keep for ever with somebody's telephone or mail in it.

        Raises:
            ValidationError: the record is somebody's words, and the reason tells how to reach them.
        """
        if self.TITLE_IS_WORDS and tells_contact(reason):
            told = _("Уберите из причины телефон и почту: её хранит журнал, и стереть её оттуда нельзя.")
            raise ValidationError(told, code="reason_tells")

    @property
    def plain_name(self):
        """Kind and number: what is said of a record that not everybody may read."""
        return capfirst(_(self._meta.verbose_name))

    def check_move(self, status, *, by, reason):
        """Raise ValidationError where something is missing for a status; write nothing. Models override it."""

    def before_move(self, status, *, by, reason):
        """Write what a step brings along, on the record and beside it, before it is saved. Models override it."""

    def after_move(self, from_status, *, by, reason):
        """Consequences of a step, inside its transaction. Models override it."""

    def published_words(self, stored):
        """Names of `PUBLIC_WORDS` that everybody reads already.

        Args:
            stored: {field: value} of the row as it stands.
        """
        return set(self.PUBLIC_WORDS) if stored["status"] in self.PUBLIC else set()

    @property
    def revision_decider(self):
        """The role that agrees to a change of published words: whoever publishes them."""
        return Role.REGION_APPROVER

    def may_revise_alone(self, user, names):
        """Whether the named words are the person's own to change, with a trace. Models override it."""
        return False

    def after_revision(self, names):
        """What accepted words bring along on the record, before it is saved. Models override it."""

    def moves_for(self, user):
        """The steps open to a person now, in the order of the table."""
        labels = dict(self._meta.get_field("status").flatchoices)
        return [
            Move(target, labels[target])
            for (source, target), allowed in self.TRANSITIONS.items()
            if source == self.status and allowed is not None and allowed(user, self)
        ]

    def move_to(self, status, *, by, reason=""):
        """Take a step: the only way to change `status`.

        Args:
            status: where to go.
            by: the person who takes the step.
            reason: why, as the journal and the public will read it.

        Raises:
            PermissionDenied: the step exists, but not for this person.
            ValidationError: there is no such step, somebody was faster, or something is missing. Nothing is changed.
        """
        with transaction.atomic():
            locked = self._locked()
            if (locked["status"], locked["row_version"]) != (self.status, self.row_version):
                raise ValidationError(
                    _("Запись уже изменил кто-то другой. Обновите страницу и посмотрите, что изменилось."),
                    code="changed_meanwhile",
                )
            allowed = self.TRANSITIONS.get((self.status, status))
            if allowed is None:
                raise ValidationError(_("Такого перехода нет."), code="no_such_move")
            if not allowed(by, self):
                raise PermissionDenied
            if status in self.REASON_NEEDED and not reason.strip():
                raise ValidationError(_("Напишите причину: её увидят все."), code="reason_needed")
            self.check_reason(reason)
            self._step(status, locked, by=by, reason=reason.strip())

    def follow_to(self, status, *, by, reason):
        """Take a step that only follows from another record's step (None in the table), inside its transaction.

        Raises:
            ValidationError: the table has no such consequence, or something is missing.
        """
        if self.TRANSITIONS.get((self.status, status), False) is not None:
            raise ValidationError(_("Такого перехода нет."), code="no_such_move")
        self._step(status, self._locked(), by=by, reason=reason)

    def _locked(self):
        """{column: value} of the row as it stands, held until the end of the transaction."""
        # `no_key`: whoever only refers to the row need not wait, so nobody waits for each other.
        return type(self)._base_manager.select_for_update(no_key=True).values().get(pk=self.pk)

    def _step(self, status, stored, *, by, reason):
        from_status, was_seen = self.status, self.is_seen_by_all()
        fields, related = dict(vars(self)), dict(self._state.fields_cache)
        if self._changed_words(stored):
            raise ValidationError(CHANGED, code="changed_meanwhile")
        try:
            self.check_move(status, by=by, reason=reason)
            self.before_move(status, by=by, reason=reason)
            self.status = status
            self.row_version += 1
            if self.is_public and self.published_at is None:
                self.published_at = timezone.now()
            self._check_whole(stored)
            self.save()
            self.after_move(from_status, by=by, reason=reason)
            JournalEntry.write(
                self,
                from_status=from_status,
                by=by,
                reason=reason,
                is_public=was_seen or self.is_seen_by_all(),
            )
            if self.PUBLIC_WORDS and not self.is_public:
                Revision.drop(self, by=by)
            if self.PUBLIC:
                # Also a step between two hidden states: a report that was handed in is not asked for any more.
                Edition.bump(self.territory[0])
        except Exception:
            vars(self).clear()
            vars(self).update(fields)
            self._state.fields_cache = related
            raise

    def is_seen_by_all(self):
        """Whether everybody may see the record: its own status is not enough where it stands under a draft."""
        return self.is_public and type(self).objects.public().filter(pk=self.pk).exists()

    def _check_whole(self, stored):
        """`full_clean` that does not ask the database again for what it has made sure of itself in the stored row.

        That is: references and unique fields that stand as they were, and constraints on nothing that has changed.
        """
        fields = self._meta.concrete_fields
        same = {field.name for field in fields if getattr(self, field.attname) == stored[field.attname]}
        sure = {field.name for field in fields if field.name in same and (field.is_relation or field.unique)}
        self.full_clean(exclude=sure | {"created_by"}, validate_constraints=False)
        errors = {}
        for constraint in self._meta.constraints:
            fields = _fields_of(constraint)
            if not fields or not fields <= same:
                try:
                    constraint.validate(type(self), self)
                except ValidationError as error:
                    errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def _changed_words(self, stored):
        """{name: new words} of what everybody reads and the record in memory says otherwise."""
        words = {name: getattr(self, name) for name in self.published_words(stored)}
        return {name: said for name, said in words.items() if said != stored[name]}

    def hold_words(self, *, by):
        """Make a revision of changed published words; while it waits, the record keeps those that stand.

        Called inside the transaction that saves the record.

        Returns:
            The `Revision`, or None where nothing published is changed.

        Raises:
            ValidationError: there is no reason (`why`), or somebody else's revision waits.
        """
        stored = self._locked()
        words = self._changed_words(stored)
        if not words:
            return None
        revision = Revision.propose(self, words, stored=stored, by=by, reason=self.why)
        if revision.status == Revision.Status.PROPOSED:
            for name in words:
                setattr(self, name, stored[name])
        else:
            self.after_revision(set(words))
        return revision

    def take_words(self, words, *, by):
        """Let in the words of a revision that is being accepted, inside its transaction.

        Args:
            words: {field: (what stood when they were proposed, what comes)}.

        Raises:
            ValidationError: they stand otherwise now, or a rule of the record refuses.
        """
        stored = self._locked()
        is_gone = not set(words) <= self.published_words(stored)
        if is_gone or any(stored[name] != was for name, (was, _becomes) in words.items()):
            raise ValidationError(CHANGED, code="changed_meanwhile")
        for name, (_was, becomes) in words.items():
            setattr(self, name, becomes)
        self.after_revision(set(words))
        self.row_version += 1
        self._change_reason = str(by)
        self._check_whole(stored)
        self.save()

    def save_edited(self, *, by, known_version):
        """Save edited texts if nobody saved meanwhile; published words become a revision.

        Args:
            by: who edits.
            known_version: the `row_version` the editor saw when opening the form.

        Returns:
            The `Revision` of published words, which may have to wait; None where none are changed.

        Raises:
            ValidationError: somebody saved first (code `changed_meanwhile`), or `hold_words` refuses.
        """
        with transaction.atomic():
            claimed = (
                type(self)
                ._base_manager.filter(pk=self.pk, row_version=known_version)
                .update(row_version=F("row_version") + 1)
            )
            if not claimed:
                raise ValidationError(
                    _("Пока вы писали, запись изменил кто-то другой. Ваш текст остался в форме: сравните и сохраните."),
                    code="changed_meanwhile",
                )
            revision = self.hold_words(by=by)
            self.row_version = known_version + 1
            self._change_reason = str(by)
            self.save()
        return revision
