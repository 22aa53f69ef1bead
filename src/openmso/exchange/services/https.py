"""HTTPS: a file is posted under a key of its own, and posted again under the same key where the answer was lost.

A file goes as the body of `POST {outgoing}` with its name and an `Idempotency-Key`; 2xx and 409 (known under that key)
mean that the partner has it. The mailbox is `GET {incoming}`, a JSON list of `{"name": ..., "size": ...}`, and each
file `GET {incoming}/{name}`. A question goes to `POST {realtime}`; the answer is the body that comes
back (CAQH CORE real time, plain body). Redirects are not followed.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from openmso.exchange.services.doors import SECONDS, Address, Found, NotTaken, Unreachable

KNOWN = 409
ANSWER_MAX = 10_000_000
"""Bytes of the largest answer to a question that is read."""


@contextmanager
def opened(address: Address) -> Iterator[Https]:
    """A connection to the server, whose certificate is pinned or vouched for; raises `Unreachable`."""
    door = Https(address)
    try:
        door.enter()
        yield door
    finally:
        door.leave()


class Https:
    """A door by HTTPS."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._pinned = address.host_key.replace(":", "").strip().lower()
        context = ssl.create_default_context()
        if self._pinned:  # the one certificate that is pinned says more than any authority
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._connection = http.client.HTTPSConnection(address.host, address.port, timeout=SECONDS, context=context)
        self._connection.auto_open = 0  # only `enter` connects: it sees who is there

    def enter(self) -> None:
        """Connect, and see who is there."""
        try:
            self._connection.connect()
        except (OSError, http.client.HTTPException):
            raise Unreachable("The partner cannot be reached.") from None
        if self._pinned:
            shown = self._connection.sock.getpeercert(binary_form=True) or b""
            if hashlib.sha256(shown).hexdigest() != self._pinned:
                raise Unreachable(
                    "The server shows another certificate than the pinned one; nothing was sent.",
                    fix="Ask the partner whether it was changed, and pin the new one.",
                )

    def leave(self) -> None:
        """Close the connection."""
        self._connection.close()

    def deliver(self, name: str, content: bytes, *, resume: bool, whole: Callable[[], None]) -> str:
        """Post under the file's own key. See `Door`."""
        if not resume:
            whole()
        headers = {"Content-Type": "application/edi-x12", "Idempotency-Key": name, "X-File-Name": name}
        status, _ = self._ask("POST", self._address.outgoing, content, headers)
        if status == KNOWN:
            return "It was there already."
        if 400 <= status < 500:
            raise NotTaken(f"The partner answered {status} and did not take the file.")
        if not 200 <= status < 300:
            raise Unreachable(f"The partner answered {status}.")
        return ""

    def question(self, content: bytes, *, key: str) -> bytes:
        """Post a question where it is answered at once; the answer's bytes. Raises `Unreachable`."""
        headers = {"Content-Type": "application/edi-x12", "Idempotency-Key": key}
        status, body = self._ask("POST", self._address.realtime, content, headers)
        if status != http.client.OK:
            raise Unreachable(f"The partner answered with the error {status}, not with an answer.")
        if not body or len(body) > ANSWER_MAX:
            raise Unreachable("The partner's answer is empty." if not body else "The partner's answer is too large.")
        return body

    def mailbox(self) -> list[Found]:
        """The files that wait. See `Door`."""
        status, body = self._ask("GET", self._address.incoming, None, {})
        try:
            if status != http.client.OK:
                raise ValueError(status)
            return [Found(str(one["name"]), int(one["size"])) for one in json.loads(body)]
        except (ValueError, TypeError, KeyError):
            raise Unreachable(f"The mailbox answered {status} and no list of files.") from None

    def fetch(self, found: Found) -> bytes | None:
        """The bytes of a file. See `Door`."""
        status, body = self._ask("GET", f"{self._address.incoming.rstrip('/')}/{quote(found.name, safe='')}", None, {})
        if status != http.client.OK:
            raise Unreachable(f"The mailbox answered {status} for {found.name}.")
        return body if len(body) == found.size else None

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        to = self._address
        account = base64.b64encode(f"{to.user}:{to.password or ''}".encode()).decode()
        if self._connection.sock is None:
            self.enter()
        try:
            self._connection.request(method, path, body, headers | {"Authorization": f"Basic {account}"})
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            raise Unreachable("The partner broke off.") from None
