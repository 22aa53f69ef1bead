"""Idempotency keys: the same POST sent twice is done once, and both callers get the first answer.

The row of a key is written in the transaction that does the work, so that work and answer are there together or
not at all. A second call with the same key waits for the first, then repeats its answer (status and body). An
answer is kept for 30 days. A call that fails by a bug of ours leaves nothing behind and may be sent again; one that
sends a file leaves the file, which is kept before it is read. What makes nothing, a stream of bytes, is given anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse

from openmso.platform.api import problems
from openmso.platform.api.models import StoredAnswer
from openmso.platform.tenancy.scope import atomic
from openmso.platform.vault import sealing

HEADER = "Idempotency-Key"
KEY_LENGTH_MAX = 255
KEY_FORM = "^[!-~]+$"
KEPT = timedelta(days=30)
WAIT_MS_MAX = 10_000
"""How long a call waits for an earlier one with the same key before it is told to come back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call under a key: whose, which, and what exactly was sent."""

    owner: str
    key: str
    request_sha256: str
    at: datetime
    is_upload: bool = False


class Undone(Exception):
    """Rolls the transaction back and carries the answer out of it."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def fault_of_key(key: str) -> str:
    """What is wrong with a key, or the empty text."""
    if len(key) <= KEY_LENGTH_MAX and re.fullmatch(KEY_FORM, key):
        return ""
    return f"{HEADER} is 1 to {KEY_LENGTH_MAX} printable ASCII characters without spaces; a random UUID is best."


def asked(request: HttpRequest, *, owner: str, key: str, at: datetime) -> Asked:
    """The call under a key, with the digest of its method, address and body.

    A form with files is told by its fields and files: they are not held whole, and what stands between them in the
    body is made anew each time it is sent.
    """
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    is_upload = request.content_type == "multipart/form-data"
    for piece in _form(request) if is_upload else [request.body]:
        digest.update(piece)
    return Asked(owner, key, digest.hexdigest(), at, is_upload)


def _form(request: HttpRequest) -> Iterator[bytes]:
    yield json.dumps(sorted(request.POST.lists())).encode()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield json.dumps([name, file.name, file.size]).encode()
            yield from file.chunks()


def once(call: Asked, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of the work, done now; or the answer it had the first time."""
    try:
        with atomic.open():
            kept = _claim(call)
            if kept is not None:
                return _repeat(call, kept)
            response = work()
            failed = response.status_code >= 500
            if failed and (not call.is_upload or connection.needs_rollback):
                raise Undone(response)
            if failed or response.streaming:
                _free(call)
            else:
                _keep(call, response)
            return response
    except Undone as undone:
        return undone.response
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "55P03":  # lock_not_available
            raise
        detail = "An earlier call with this key is still under way."
        return problems.problem(409, "call_under_way", detail, headers={"Retry-After": "5"})


def _free(call: Asked) -> None:
    """Let the key be used again, as if this call had not been."""
    StoredAnswer.objects.filter(owner=call.owner, key=call.key).delete()


def forget(*, before: datetime) -> int:
    """Drop the answers given before an instant; how many those were."""
    return StoredAnswer.objects.filter(created_at__lt=before).delete()[0]


def _claim(call: Asked) -> StoredAnswer | None:
    """Take the key for this call, or find what an earlier one left under it; waits for one that is under way."""
    StoredAnswer.objects.filter(owner=call.owner, key=call.key, created_at__lt=call.at - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_MS_MAX}ms"])
        cursor.execute(
            f"INSERT INTO {StoredAnswer._meta.db_table} "
            "(owner, key, request_sha256, status, media_type, sealed_body, created_at) "
            "VALUES (%s, %s, %s, 0, '', '', %s) ON CONFLICT (owner, key) DO NOTHING",
            [call.owner, call.key, call.request_sha256, call.at],
        )
        taken = cursor.rowcount == 1
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    return None if taken else StoredAnswer.objects.get(owner=call.owner, key=call.key)


def _repeat(call: Asked, kept: StoredAnswer) -> HttpResponse:
    if kept.request_sha256 != call.request_sha256:
        detail = "This key was used for another request; a new request needs a new key."
        return problems.problem(422, "key_was_used", detail, field=HEADER)
    body = sealing.open_at(_place(call), bytes(kept.sealed_body), settings.FIELD_KEYS)
    response = HttpResponse(body, status=kept.status, content_type=kept.media_type)
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _keep(call: Asked, response: HttpResponse) -> None:
    sealed = sealing.seal_at(_place(call), response.content, settings.FIELD_KEYS)
    StoredAnswer.objects.filter(owner=call.owner, key=call.key).update(
        status=response.status_code, media_type=response.headers.get("Content-Type", "")[:80], sealed_body=sealed
    )


def _place(call: Asked) -> sealing.Place:
    row = hashlib.sha256(f"{call.owner} {call.key}".encode()).hexdigest()
    return sealing.Place(StoredAnswer._meta.db_table, "sealed_body", "none", row)
