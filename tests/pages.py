"""How tests read pages: text as a person would see it, never raw markup."""

from html.parser import HTMLParser

SKIPPED = {"script", "style", "svg", "head"}
BLOCKS = {
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "dd",
    "dt",
    "td",
    "th",
    "caption",
    "div",
    "a",
    "b",
    "summary",
    "option",
    "legend",
}


class _Reader(HTMLParser):
    def __init__(self, tag, attribute, value):
        super().__init__()
        self.wanted = (tag, attribute, value)
        self.found, self.depth, self.skipping, self.text = [], 0, 0, []

    def handle_starttag(self, tag, attrs):
        if self.depth:
            self.depth += tag == self.wanted[0]
        elif tag == self.wanted[0] and self._matches(dict(attrs)):
            self.depth, self.text = 1, []
        if tag in SKIPPED:
            self.skipping += 1
        if self.depth and tag in BLOCKS:
            self.text.append(" ")

    def _matches(self, attrs):
        _tag, attribute, value = self.wanted
        return attribute is None or value in (attrs.get(attribute) or "").split()

    def handle_endtag(self, tag):
        if tag in SKIPPED:
            self.skipping -= 1
        if self.depth and tag == self.wanted[0]:
            self.depth -= 1
            if not self.depth:
                self.found.append(" ".join("".join(self.text).replace("\u00a0", " ").split()))

    def handle_data(self, data):
        if self.depth and not self.skipping:
            self.text.append(data)


def texts(response, tag, *, css=None, id=None):
    """Texts of all elements of a kind, in order; outer ones only.

    Args:
        response: the answer of the test client.
        tag: the element's name.
        css: one class that it must have.
        id: the id that it must have.
    """
    attribute, value = ("class", css) if css else ("id", id) if id else (None, None)
    reader = _Reader(tag, attribute, value)
    reader.feed(response.content.decode())
    return reader.found


def text(response, tag, **which):
    """The text of the one element of a kind; fails when there are none or several."""
    found = texts(response, tag, **which)
    assert len(found) == 1, found
    return found[0]
