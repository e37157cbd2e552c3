from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Gathers texts without guessing: a new text starts empty, never with a translation of a similar one."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
