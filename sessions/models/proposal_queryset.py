import hashlib
from functools import reduce
from operator import or_

from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import Role, WorkflowQuerySet
from municipalities.search import matching
from strategies.models import Measure

from .numbers import NumberSeries, prefix_of, spellings


def hash_of(secret):
    """How the secret of an author's link is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def asking(model):
    """The condition of `Proposal.asks`: no theses, no instructions, nothing that has grown into more than words."""
    has_grown = Q(channel=model.Channel.SOURCE) & (Q(priority__isnull=False) | Q(measure__isnull=False))
    return Q(answer_due__isnull=False) | (Q(kind__in=model.ASKING) & ~has_grown)


def entered():
    """The condition of words that name the very measure they entered, one that everybody may see."""
    return Q(measure__isnull=False, measure__in=Measure.objects.public().order_by().values("pk"))


class ProposalQuerySet(WorkflowQuerySet):
    def public(self):
        """Moderated proposals that are not hidden: only their public text may be shown (invariant 15)."""
        return self.filter(status__in=self.model.PUBLIC).exclude(public_text="")

    def of_town(self, town):
        """Proposals about a town."""
        return self.filter(municipality=town)

    def waiting(self):
        """Proposals that nobody has decided on."""
        return self.filter(status__in=self.model.WAITING)

    def awaiting(self):
        """Proposals that an answer is owed to, as `Proposal.asks` says."""
        return self.waiting().filter(asking(self.model))

    def unread(self):
        """Proposals whose text nobody has prepared for everybody yet: only their number may be told."""
        return self.waiting().filter(public_text="")

    def words_totals(self):
        """{said, unread, waiting}: how many are not hidden, how many of these nobody has read, how many wait."""
        told = ~Q(status=self.model.Status.HIDDEN)
        return self.order_by().aggregate(
            said=Count("pk", filter=told),
            unread=Count("pk", filter=told & Q(public_text="")),
            waiting=Count("pk", filter=Q(status__in=self.model.WAITING) & asking(self.model)),
        )

    def overdue(self, on):
        """Proposals whose term for an answer has passed."""
        return self.waiting().filter(answer_due__lt=on)

    def moderated_by(self, user):
        """Proposals a person moderates: of one's own town; regional topics the region's editor and approver."""
        return self.filter(
            Q(municipality__in=user.municipality_ids(Role.MUNICIPAL_HEAD, Role.MUNICIPAL_EDITOR))
            | Q(region__in=user.region_ids(Role.REGION_EDITOR, Role.REGION_APPROVER), municipality=None)
        )

    def taken_up(self):
        """Proposals that a town took up: it said so, or a source names the priority that grew out of the words."""
        said, source = self.model.Status, self.model.Channel.SOURCE
        return self.filter(
            Q(status__in=[said.ACCEPTED, said.PARTLY]) | Q(status__in=self.model.WAITING, channel=source)
        )

    def with_secret(self, secret):
        """The proposal of whoever holds the link."""
        return self.filter(secret_hash=hash_of(secret)) if secret else self.none()

    def grown_into(self, measure, priorities):
        """Words taken up that a measure answers: those that entered it, and those of its priorities that name no other.

        Args:
            measure: a public one.
            priorities: the public priorities it answers.
        """
        return self.taken_up().filter(Q(measure=measure) | (Q(priority__in=priorities) & ~entered()))

    def take_numbers(self, town, year, count=1):
        """The next numbers of a town, or of the region; those that somebody gave by hand before are passed over.

        Args:
            town: None for the region.
            year: of receipt.
            count: how many at once, for a sheet of many rows.
        """
        found, prefix = [], prefix_of(town)
        while len(found) < count:
            offered = NumberSeries.take(prefix, year, count - len(found))
            taken = set(self.filter(number__in=offered).order_by().values_list("number", flat=True))
            found += [number for number in offered if number not in taken]
        return found

    def erase_expired(self, before):
        """Forget the authors who consented before a moment; return how many (invariant 13: the text stays).

        Args:
            before: consents given earlier than this have run out.
        """
        expired = self.filter(consented_at__lt=before).exclude(author_name="", author_email="")
        return expired.update(
            author_name="", author_email="", author_erased_at=timezone.now(), row_version=F("row_version") + 1
        )

    def numbered(self, typed):
        """Proposals whose number somebody may have typed so: with a Latin keyboard, with blanks, its end alone."""
        whole, ends = spellings(typed)
        return self.filter(reduce(or_, (Q(number__endswith=f"-{end}") for end in ends), Q(number__in=whole)))

    def only_numbered(self, typed):
        """The only proposal whose number somebody may have typed so; None where there is none, or several."""
        found = self.numbered(typed).only("number").order_by()[:2]
        return found[0] if len(found) == 1 else None

    def search(self, query):
        """Proposals whose public text holds every word of the query."""
        return matching(self, query)
