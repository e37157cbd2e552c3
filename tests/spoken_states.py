"""Every state that somebody's words may come to: each act tried in each state, and a record brought into each."""

import copy
from contextlib import contextmanager, suppress

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Revision
from sessions.models import Proposal
from tests import factories

REASON = "чужие персональные данные"
SHOWN = ("public_text", "answer", "redirected_to")
ANSWERS = ["accepted", "declined", "partly", "redirected"]


class Case:
    """A resident's words with a phone number in them, one that they may be joined with and one that may join them.

    Args:
        session: where it was said.
        head, editor: who answers for the town, and who else moderates.
        number: of the case; no other has it.
        phone: what may be found nowhere.
    """

    def __init__(self, session, head, editor, number, phone):
        self.head, self.editor, self.number, self.phone = head, editor, number, phone
        self.words, self.main, self.twin = (
            factories.proposal(session.municipality, session=session, number=f"{name}-{number:04}", **words)
            for name, words in (
                ("СЛОВА", {"text": f"Верните мне забор, {phone}", "public_text": ""}),
                ("ГЛАВНОЕ", {"public_text": "Заборы"}), ("ТАКОЕ", {"public_text": "Забор"}),
            )
        )  # fmt: skip
        self.opened = copy.copy(self.words)

    def go(self, path):
        """Do the acts in their order."""
        for name in path:
            ACTS[name](self)
        return self

    def now(self, name="words"):
        """A record of the case as it stands."""
        record = getattr(self, name)
        record.refresh_from_db()
        return record

    @property
    def state(self):
        """What the next act hangs on and what may be read: where it stands, and where the number does."""
        row = Proposal.objects.values("status", "text", *SHOWN, "merged_into__status").get(pk=self.words.pk)
        revisions = Revision.objects.about(self.words).values_list("status", "words")
        return (
            row["status"], row["status"] == "merged" and row["merged_into__status"], self.words.merged.exists(),
            tuple((bool(row[name]), self.phone in row[name]) for name in ("text", *SHOWN)),
            any(status == Revision.Status.PROPOSED for status, _words in revisions),
            any(self.phone in str(words) for _status, words in revisions),
        )  # fmt: skip


def is_erased(state):
    """Whether the number may stand in no table in such a state: the words were erased, and nothing was typed since."""
    return not any(words for words, _number in state[3])


def _edited(case, by, **words):
    record = case.now()
    for name, said in words.items():
        setattr(record, name, said)
    record.why, record.drops_former = f"Позвонили с {case.phone}", True
    record.save_edited(by=by, known_version=record.row_version)


def _said_anew(case, by, answer):
    if case.now().status not in Proposal.ANSWERED:
        raise ValidationError("there is no answer that a new one could follow")
    _edited(case, by, answer=answer)


def _moved(status, name="words"):
    def act(case):
        case.now(name).move_to(status, by=case.head, reason=REASON if status == "hidden" else "")

    return act


def _answered(case):
    record = case.now()
    record.answer, record.redirected_to = f"Позвоним: {case.phone}", f"Соседу, {case.phone}"
    record.move_to(ANSWERS[case.number % len(ANSWERS)], by=case.head)


def _answered_together(case):
    """The other proposal, which these words may be joined with, is answered."""
    main = case.now("main")
    main.move_to("on_review", by=case.head)
    main.answer = "Вернут."
    main.move_to("accepted", by=case.head)


def _decided(case, *, accept):
    waiting = Revision.objects.waiting().about(case.words).first()
    if waiting is None:
        raise ValidationError("nothing waits")
    if accept:
        waiting.accept(by=case.head, seen=waiting.row_version)
    else:
        waiting.decline(by=case.head, seen=waiting.row_version, reason=f"Не пишите {case.phone}")


def _sent_again(case):
    """A page that was opened before everything is sent once more."""
    old = copy.copy(case.opened)
    old.public_text = f"Верните мне забор, {case.phone}"
    old.save_edited(by=case.head, known_version=old.row_version)


ACTS = {  # what ends them first: the ways to what is hidden stay short
    "hide": _moved("hidden"),
    "erase": lambda case: case.now().erase_words(by=case.head, reason=REASON),
    "publish": lambda case: _edited(case, case.head, public_text=f"Верните забор, {case.phone}"),
    "mend": lambda case: _edited(case, case.editor, public_text="Верните забор"),
    "review or part": _moved("on_review"),
    "join": lambda case: case.now().merge_into(case.main, by=case.head),
    "be joined": lambda case: case.now("twin").merge_into(case.words, by=case.head),
    "answer": _answered,
    "answer together": _answered_together,
    "renew": lambda case: _said_anew(case, case.head, f"Позвонили: {case.phone}, вернут"),
    "propose": lambda case: _said_anew(case, case.editor, f"Звоните: {case.phone}"),
    "agree": lambda case: _decided(case, accept=True),
    "return": lambda case: _decided(case, accept=False),
    "hide the main one": _moved("hidden", "main"),
    "send again": _sent_again,
}


@contextmanager
def tried():
    """What is done inside is taken back; an act that is refused is no error."""
    with suppress(ValidationError), transaction.atomic():
        yield
        transaction.set_rollback(True)


def walked(case, look):
    """({state: acts that lead to it}, the acts that were taken somewhere): each act was tried in each state.

    So every order of all acts was gone through, as far as the records allow it.

    Args:
        look: called with each new state while the case stands in it.
    """
    found, taken = {case.state: ()}, set()

    def go_on(path):
        for name, act in ACTS.items():
            with tried():
                act(case)
                taken.add(name)
                state = case.state
                if state not in found:
                    found[state] = (*path, name)
                    look(state)
                    go_on(found[state])

    go_on(())
    return found, taken
