"""A long work told line by line: kept whole or not at all, the last line once it is kept."""

import json

import pytest
from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.test import RequestFactory

from accounts.models import User
from accounts.progress_stream import BROKEN, TYPE, ProgressStream, wants_progress

pytestmark = pytest.mark.django_db(transaction=True)


def request_with_session(**headers):
    """A post of somebody whose browser holds a session."""
    request = RequestFactory().post("/", headers=headers)
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    MessageMiddleware(lambda _request: HttpResponse()).process_request(request)
    request.session.save()
    return request


def work(number, refusal=None):
    """Write a row a step."""
    with transaction.atomic():
        for index in range(number):
            User.objects.create(username=f"row-{index}")
            yield index + 1, number
        if refusal:
            raise refusal


def written():
    return User.objects.filter(username__startswith="row-").count()


def stream(number, refusal=None, request=None):
    return ProgressStream(request or request_with_session(), work(number, refusal), lambda done: f"/kept/{done}/")


def test_stream_tells_each_step_and_the_address_once_all_is_kept():
    lines, seen = iter(stream(2)), []

    for line in lines:
        seen.append((json.loads(line), connection.in_atomic_block))

    assert seen == [
        ({"done": 1, "of": 2}, True), ({"done": 2, "of": 2}, True), ({"location": "/kept/2/"}, False),
    ]  # fmt: skip
    assert written() == 2


@pytest.mark.parametrize("read", [0, 1, 2])
def test_stream_closed_before_its_end_keeps_nothing(read):
    response = stream(2)
    lines = iter(response)
    for _line in range(read):
        next(lines)

    response.close()

    assert (written(), connection.in_atomic_block) == (0, False)


def test_stream_tells_a_refusal_and_keeps_nothing():
    lines = [json.loads(line) for line in stream(1, ValidationError(["Не то.", "И не это."]))]

    assert lines == [{"done": 1, "of": 1}, {"refusal": "Не то. И не это."}]
    assert written() == 0


def test_stream_that_breaks_says_so_and_leaves_the_error_to_the_server():
    lines = iter(stream(1, OSError("disk")))
    told = [json.loads(next(lines)) for _line in range(2)]

    with pytest.raises(OSError, match="disk"):
        next(lines)

    assert told == [{"done": 1, "of": 1}, {"refusal": BROKEN}]
    assert written() == 0


def test_message_left_at_the_end_waits_for_the_next_page():
    request = request_with_session()

    def finish(done):
        messages.success(request, f"Внесено: {done}")
        return "/"

    list(ProgressStream(request, work(1), finish))

    later = request_with_session()
    later.session = type(request.session)(request.session.session_key)
    assert [str(message) for message in get_messages(later)] == ["Внесено: 1"]


def test_work_is_kept_also_when_its_person_has_signed_out_meanwhile():
    request = request_with_session()
    request.session.delete()

    def finish(_done):
        messages.success(request, "Внесено")
        return "/"

    assert [*ProgressStream(request, work(1), finish)][-1] == b'{"location": "/"}\n'
    assert written() == 1


def test_stream_is_neither_squeezed_nor_gathered_on_the_way():
    squeeze = GZipMiddleware(lambda request: stream(1))

    response = squeeze(request_with_session(accept_encoding="gzip"))

    assert [response.headers[name] for name in ("Content-Type", "Content-Encoding", "X-Accel-Buffering")] == [
        TYPE, "identity", "no",
    ]  # fmt: skip
    assert next(iter(response)) == b'{"done": 1, "of": 1}\n'
    response.close()


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [(TYPE, True), ("text/html,application/xhtml+xml,*/*;q=0.8", False), ("*/*", False), (None, False)],
)
def test_only_the_script_is_told_the_steps(accept, wanted):
    assert wants_progress(request_with_session(**({"accept": accept} if accept else {}))) is wanted
