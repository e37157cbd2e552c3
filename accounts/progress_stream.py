"""A long work told as it goes: JSON lines that the script of the page reads (`js/progress.js`).

The lines: {"done": n, "of": m}, …, then one last {"location": …} or {"refusal": …}. They are few and short, so that a
slow reader never holds the work up.
"""

import json
from contextlib import closing, suppress

from django.contrib.messages import get_messages
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import translation

TYPE = "application/x-ndjson"
BROKEN = "Произошла ошибка. Ничего не внесли: попробуйте ещё раз."


def wants_progress(request):
    """Whether the script of the page asks, not the browser itself."""
    return request.get_preferred_type(["text/html", TYPE]) == TYPE


def answer_in_steps(request, steps, finish, refuse):
    """The answer to a post that takes long: told as it goes to the script of the page, else a page at the end.

    Args:
        request, steps, finish: as of `ProgressStream`.
        refuse: gives the page of a refusal by its words.
    """
    if wants_progress(request):
        return ProgressStream(request, steps, finish)
    done = 0
    try:
        for done, _of in steps:  # noqa: B007 - the last number is told
            pass
    except ValidationError as refusal:
        return refuse(" ".join(refusal.messages))
    return redirect(finish(done))


class ProgressStream(StreamingHttpResponse):
    """The answer to a post that takes long.

    Args:
        request: the post.
        steps: generator of (done, of). Exhausted, it has kept its work; closed before, it has kept nothing: whoever
            goes away while it works leaves nothing half done.
        finish: called with the number done once all is kept; may leave messages, returns the address to go on to.
    """

    def __init__(self, request, steps, finish):
        super().__init__(
            _lines(request, steps, finish),
            content_type=TYPE,
            # Neither squeezed here nor gathered by the proxy: a line goes out as soon as it is there.
            headers={"Content-Encoding": "identity", "X-Accel-Buffering": "no", "Cache-Control": "no-store"},
        )


def _lines(request, steps, finish):
    done = 0
    with translation.override(translation.get_language()), closing(steps):
        try:
            for done, of in steps:
                yield _line(done=done, of=of)
        except ValidationError as refusal:
            yield _line(refusal=" ".join(refusal.messages))
            return
        except Exception:
            yield _line(refusal=BROKEN)
            raise
        location = finish(done)
        _keep_messages(request)
        yield _line(location=location)


def _line(**told):
    return json.dumps(told, ensure_ascii=False) + "\n"


def _keep_messages(request):
    """Messages are kept by a middleware that has long let the answer go: keep what came since."""
    get_messages(request).update(None)
    with suppress(UpdateError):  # signed out meanwhile
        request.session.save()
