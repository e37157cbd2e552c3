"""How words that nobody may read any more are taken out for good: from the record, its history and its revisions."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from municipalities.full_text import forget_words

from .journal import JournalEntry
from .revision import Revision


class ErasableWords(models.Model):
    """A record in which somebody's personal data may stand: out of sight it can be erased, with a reason.

    A model that inherits declares `WORDS`: every field in which people write, and `OUT_OF_SIGHT`: the status in which
    they are erased; and says `may_erase`.
    """

    WORDS = ()
    OUT_OF_SIGHT = ""
    NOT_YET = _("Сначала уберите запись с глаз.")

    class Meta:
        abstract = True

    def may_erase(self, user):
        """Whether the person may take the words out for good."""
        raise NotImplementedError

    def erase_beside(self):
        """Take out what is no word: an author, a file. Called inside the transaction. Models override it."""

    @property
    def has_words_to_erase(self):
        """Whether anything is left to erase of a record that is out of sight."""
        return self.status == self.OUT_OF_SIGHT and any(getattr(self, name) for name in self.WORDS)

    def erase_words(self, *, by, reason):
        """Take somebody's personal data out for good.

        Nothing of the words stays: neither in the record nor in its history and revisions; the journal never held them.
        Number, dates and steps stay. Doing it again changes nothing.

        Raises:
            PermissionDenied: somebody else asks than whoever may.
            ValidationError: everybody may read them still, or there is no reason.
        """
        if not self.may_erase(by):
            raise PermissionDenied
        if not reason.strip():
            raise ValidationError(_("Напишите, почему слова стирают."), code="reason_needed")
        self.check_reason(reason)
        nothing = dict.fromkeys(self.WORDS, "")
        with transaction.atomic():
            held = type(self)._base_manager.select_for_update(no_key=True, of=["self"]).get(pk=self.pk)
            if held.status != self.OUT_OF_SIGHT:
                raise ValidationError(self.NOT_YET, code="not_hidden")
            held.erase_beside()
            for name, blank in nothing.items():
                setattr(held, name, blank)
            held.row_version += 1  # a copy read before cannot write the words back
            held.save()
            forget_words(held._meta.db_table)
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
