"""Who decides on what was said, and how words and names are taken out for good."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ErasableWords, Role
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


class ResidentsWords(ErasableWords):
    """A record of somebody's words: the author is forgotten at once, hidden words are erased with a reason."""

    # What people said or were told, and what was noted beside it: erased together.
    WORDS = ("text", "public_text", "speaker", "table", "answer", "redirected_to", "sources", "note")
    OUT_OF_SIGHT = "hidden"
    NOT_YET = _("Сначала скройте предложение.")

    class Meta:
        abstract = True

    def may_erase(self, user):
        """Whoever moderates."""
        return may_moderate(user, self)

    def erase_beside(self):
        """The author goes with the words."""
        self.erase_author()

    def erase_author(self):
        """Forget the author: name and address go at once, the text stays (invariant 13)."""
        self.author_name = self.author_email = ""
        self.author_erased_at = timezone.now()
        # The number grows so that a copy read before cannot write the name back.
        self.row_version += 1
        self.save(update_fields=["author_name", "author_email", "author_erased_at", "row_version"])
