"""What was typed is kept: words that the office did not take are shown again, with a way to send them once more.

One mechanism for every page of the office and the workshop. In the browser `kept.js` holds what is typed until the site
says that it has it; here is the site's part: which posts were taken, and a page for those that no view ever saw because
the sign-in had ended, the page was stale, or its record has gone.
"""

import re
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, QueryDict, UnreadablePostError
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control

OFFICE = ("/office/", "/admin/")
# What kept.js adds to a form: the mark of this very sending, and who typed.
MARK, PERSON = "kept_mark", "kept_by"
TAKEN, REMEMBERED = "kept_taken", 20
MARK_SHAPE = re.compile(r"[0-9a-z]{8,40}")

# Never carried on: a page may stand on a shared screen.
SECRET = re.compile("password|token|secret|otp", re.I)
# Text that a person typed, as against a number, a choice or a date, which go along unseen.
TYPED = re.compile(r"\s|[^\x00-\x7f]|://")
STATUS = {"signed_out": 403, "stale": 403, "other_person": 409, "closed": 403, "gone": 404, "late": 409}


def is_office(request):
    """Whether the address is one of the office or of the workshop."""
    return request.path.startswith(OFFICE)


def _posted(request):
    try:
        return request.POST
    except (UnreadablePostError, SuspiciousOperation):
        return QueryDict()


def carried(request, *, without=()):
    """[(name, value)] of a post that may be sent again: everything but secrets, files and the names left out."""
    return [
        (name, value)
        for name, values in _posted(request).lists()
        for value in values
        if not SECRET.search(name) and name not in without
    ]


def typed(request):
    """Texts of a post, in the order of its form; a button of the workshop (`_save`) is not one."""
    words = carried(request, without=(MARK, PERSON))
    return [value for name, value in words if TYPED.search(value.strip()) and not name.startswith("_")]


def _is_own(request):
    """Whether the browser says that the post came from a page of ours; None where it says nothing."""
    said = request.headers.get("Origin") or request.headers.get("Referer")
    if not said:
        return None
    source = urlsplit(said)
    return (source.scheme, source.netloc) == (request.scheme, request.get_host())


def words_back(request, why, said=""):
    """A page with what was typed.

    Args:
        why: what became of it, a key of `STATUS`.
        said: for «late», what happened meanwhile, in Russian.

    Returns:
        The answer; nobody keeps it.
    """
    is_own = _is_own(request)
    may_show = is_office(request) and (why != "stale" or is_own is not False)
    # A stale page proves nothing: only a browser that came from here, with its person signed in, is offered to repeat.
    may_repeat = why in {"signed_out", "other_person"} or (why == "stale" and is_own and request.user.is_authenticated)
    words = typed(request) if may_show else []
    context = {
        "why": why,
        "said": said,
        "words": words,
        "carried": carried(request, without=(PERSON,) if why == "other_person" else ()) if may_show else [],
        "may_repeat": bool(may_show and may_repeat),
        "has_files": bool(may_show and request.FILES),
        "address": request.get_full_path(),
    }
    answer = render(request, "accounts/words_back.html", context, status=STATUS[why])
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def too_late(request, said, *instead):
    """Words that nothing may be done with any more: shown back; without words a message on another page.

    Args:
        said: what happened meanwhile, in Russian.
        instead: that page, as `redirect` takes it.
    """
    if typed(request):
        return words_back(request, "late", said)
    messages.error(request, said)
    return redirect(*instead)


def csrf_failure(request, reason=""):
    """The site's own page for a form whose protection did not hold: mostly the page had grown old."""
    is_out = is_office(request) and _is_own(request) and not request.user.is_authenticated
    return words_back(request, "signed_out" if is_out else "stale")


class KeptWordsMiddleware:
    """Stands before every view of the office and the workshop: a post with words in it is never dropped unseen."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "POST" and is_office(request):
            _remember(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        """Give the words back to whoever is not signed in any more, or has signed in under another name."""
        if request.method != "POST" or not is_office(request):
            return None
        if not request.user.is_authenticated:
            return words_back(request, "signed_out") if typed(request) else None
        said = request.POST.get(PERSON, "")
        return words_back(request, "other_person") if said and said != str(request.user.pk) else None

    def process_exception(self, request, exception):
        """Give the words back where the record has gone or the role has ended."""
        why = {Http404: "gone", PermissionDenied: "closed"}.get(type(exception))
        if why is None or request.method != "POST" or not is_office(request) or not typed(request):
            return None
        return words_back(request, why)


def _remember(request, response):
    """Remember for the next page that this sending was taken: kept.js forgets its words then, and not before."""
    mark = _posted(request).get(MARK, "")
    # The workshop answers a refusal with the page again; the office says 4xx.
    limit = 400 if request.path.startswith(OFFICE[0]) else 304
    is_taken = response.status_code < limit and (limit == 400 or response.status_code > 300)
    if is_taken and request.user.is_authenticated and MARK_SHAPE.fullmatch(mark):
        request.session[TAKEN] = [*request.session.get(TAKEN, [])[1 - REMEMBERED :], mark]
