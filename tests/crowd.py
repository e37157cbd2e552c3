"""A crowd: many browsers that act at one moment, what each was answered, and the town where they act."""

import datetime
import threading

from django.db import connections
from django.test import Client

from tests import PATIENCE

CROWD = 8
SOON = datetime.timedelta(days=9)


class Crowd:
    """Browsers of one person, or of nobody, and what each of them was answered."""

    def __init__(self, person=None, size=CROWD):
        self.browsers = [Client(raise_request_exception=False) for _one in range(size)]
        for browser in self.browsers if person else ():
            browser.force_login(person)

    def at_once(self, act):
        """Run `act(browser, number)` in threads from one starting line; [the answers], in no order."""
        line, said = threading.Barrier(len(self.browsers), timeout=PATIENCE), []

        def run(number, browser):
            try:
                line.wait()
                said.append(act(browser, number))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(self.browsers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert len(said) == len(self.browsers)
        return said

    def post(self, url, data):
        """Post what `data(number)` gives, all at once."""
        return self.at_once(lambda browser, number: browser.post(url, data(number)))


def kept(responses, *marks):
    """How many answers show each of the words that were typed."""
    pages = [response.content.decode() for response in responses if response.status_code in {200, 409, 422}]
    return sum(any(mark in page for mark in marks) for page in pages)


class People:
    """A town with those who act."""

    def __init__(self, region, town, editor, head, writer, approver):
        self.region, self.town, self.editor, self.head = region, town, editor, head
        self.writer, self.approver = writer, approver

    @staticmethod
    def minutes(town):
        """How many minutes a town has."""
        return town.documents.filter(kind="minutes").count()
