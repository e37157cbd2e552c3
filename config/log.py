"""The log of the site: an address that is somebody's secret is not written down."""

import logging
import re

# Who has such an address reads a private answer, stops somebody's letters or sets a password.
SECRET = re.compile(r"(/proposals/mine/|/letters/stop/|/office/go/|/password/reset/key/|/confirm-email/)[^/\s\"'<>]+")


class WithoutSecrets(logging.Formatter):
    """Lines of the log, tracebacks too, with «…» in place of what is secret in an address."""

    def format(self, record):
        """A line for a record, secrets left out."""
        return SECRET.sub(r"\1…", super().format(record))
