"""Who decides on what was said, and how words and names are taken out for good."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import JournalEntry, Revision, Role
from accounts.permissions import is_municipal_editor, is_municipal_head, is_region_approver, is_region_editor


def may_moderate(user, proposal):
    """A town's proposal: its editor or head; a regional topic: the region's editor."""
    return (is_municipal_editor if proposal.municipality_id else is_region_editor)(user, proposal)


def may_answer(user, proposal):
    """A town's proposal: its head; a regional topic: the region's approver."""
    return (is_municipal_head if proposal.municipality_id else is_region_approver)(user, proposal)


class RevisedWords(models.Model):
    """Whose published words may be changed by whom: each by the one who gives them, with a trace."""

    class Meta:
        abstract = True

    def published_words(self, stored):
        """A text that nobody has prepared yet and an answer that is not given are not published."""
        names = super().published_words(stored)
        if not stored["public_text"]:
            names = names - {"public_text"}
        return names if stored["status"] in self.ANSWERED else names - self.ANSWER_WORDS

    @property
    def revision_decider(self):
        """Whoever answers."""
        return Role.MUNICIPAL_HEAD if self.municipality_id else Role.REGION_APPROVER

    def may_revise_alone(self, user, names):
        """Whoever answers gives a new answer by himself; whoever prepared the text for all mends it at once.

        What somebody's personal data stand in cannot wait for a second person.
        """
        return may_answer(user, self) or (may_moderate(user, self) and not self.ANSWER_WORDS & set(names))

    def after_revision(self, names):
        """A new answer has a day of its own."""
        if self.ANSWER_WORDS & names:
            self.answer_renewed_at = timezone.now()


class ErasableWords(models.Model):
    """A record of somebody's words: the author is forgotten at once, hidden words are erased with a reason."""

    # What people said or were told: erased together, from the record and from its history.
    WORDS = ("text", "public_text", "speaker", "answer", "redirected_to")

    class Meta:
        abstract = True

    def erase_author(self):
        """Forget the author: name and address go at once, the text stays (invariant 13)."""
        self.author_name = self.author_email = ""
        self.author_erased_at = timezone.now()
        # The number grows so that a copy read before cannot write the name back.
        self.row_version += 1
        self.save(update_fields=["author_name", "author_email", "author_erased_at", "row_version"])

    def erase_words(self, *, by, reason):
        """Take somebody's personal data out for good: the words of a hidden proposal and of the answer, and its author.

        Nothing of them stays: neither in the record nor in its history and revisions; the journal never held them.
        Number, dates and steps stay. Doing it again changes nothing.

        Raises:
            PermissionDenied: somebody else asks than whoever may moderate.
            ValidationError: the proposal is not hidden, or there is no reason.
        """
        if not may_moderate(by, self):
            raise PermissionDenied
        if not reason.strip():
            raise ValidationError(_("Напишите, почему слова стирают."), code="reason_needed")
        nothing = dict.fromkeys(self.WORDS, "")
        with transaction.atomic():
            held = type(self)._base_manager.select_for_update(no_key=True, of=["self"]).get(pk=self.pk)
            if held.status != self.Status.HIDDEN:
                raise ValidationError(_("Сначала скройте предложение."), code="not_hidden")
            for name, blank in nothing.items():
                setattr(held, name, blank)
            held.erase_author()
            # The number grows with the author: a copy read before cannot write the words back.
            held.save()
            held.history.update(**nothing)
            Revision.objects.about(held).update(words={}, reason="", declined_because="")
            JournalEntry.write(
                held,
                from_status=held.status,
                by=by,
                reason=str(_("Слова стёрты.")) + " " + reason.strip(),
                is_public=False,
            )
        self.refresh_from_db()
