"""One or two typing errors in a word: which word of the site was meant."""

import re
from collections import Counter

from django.conf import settings
from django.core.cache import caches
from django.db.models import Value
from rapidfuzz import process
from rapidfuzz.distance import OSA

from documents.models import Document
from municipalities.models import Head, Municipality
from municipalities.search import keys, sort_key
from sessions.models import Proposal, Session
from strategies.models import Measure, Priority

from .one_query import rows_of

KEPT_SECONDS = 600
NEWEST = 2000  # proposals whose words are known
WORD = re.compile(r"[a-zа-я]{3,}")


def corrected(query):
    """The query with each word that the site does not know turned into the nearest one that it does.

    One error is forgiven in a word of up to five letters, two in a longer one (optimal string alignment distance). The
    nearest word wins, then the more frequent, then the alphabet: both databases answer the same.

    Returns:
        The corrected query, or "" where nothing is near.
    """
    known = _vocabulary()
    begun = {key for word in known for key in keys(word)}
    changed = False
    words = sort_key(query).split()
    for place, word in enumerate(words):
        if not WORD.fullmatch(word) or any(one.startswith(key) for key in keys(word) for one in begun):
            continue
        most = 1 if len(word) <= 5 else 2
        near = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
        if not near:
            return ""
        words[place] = min(near, key=lambda found: (found[1], -known[found[0]], found[0]))[0]
        changed = True
    return " ".join(words) if changed else ""


def _vocabulary():
    """{word: how often it stands in titles and names that everybody may read, and in the newest proposals}."""
    key = f"words:{settings.RELEASE}"
    known = caches["pages"].get(key)
    if known is None:
        known = Counter(word for text in _texts() for word in WORD.findall(sort_key(text)))
        caches["pages"].set(key, known, KEPT_SECONDS)
    return known


def _texts():
    rows = (
        Municipality.objects.towns().order_by().values_list("name", "name_en"),
        Head.objects.order_by().values_list("name", Value("")),
        Measure.objects.public().order_by().values_list("title", "responsible"),
        Priority.objects.public().order_by().values_list("title", Value("")),
        Session.objects.public().order_by().values_list("title", "place"),
        Document.objects.public().order_by().values_list("title", "adopted_by"),
        Proposal.objects.public().order_by("-pk").values_list("public_text", Value(""))[:NEWEST],
    )
    return (text for texts in rows_of(rows) for text in texts)
