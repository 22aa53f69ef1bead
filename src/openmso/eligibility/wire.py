"""A line over HTTPS: the 270 is posted, the body of the answer is the 271 (CAQH CORE 270 real time, plain body)."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from openmso.eligibility.registry import Unreachable

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ANSWER_MAX = 10_000_000
"""Bytes of the largest answer that is read; CORE asks for answers within twenty seconds."""
SECONDS = 20


class HttpsLine:
    """Posts to one address with a bearer token."""

    def __init__(self, url: str, token: str = "", *, seconds: float = SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("OPENMSO_ELIGIBILITY_URL must begin with https://: it carries patients' data.")
        self._parts, self._token, self._seconds = parts, token, seconds

    def ask(self, content: bytes, *, payer: str) -> bytes:
        """The answer to an inquiry."""
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=self._seconds)
        headers = {"Content-Type": "application/edi-x12", "X-Payer-Id": payer}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            connection.request("POST", self._parts.path or "/", content, headers)
            answer = connection.getresponse()
            body = answer.read(ANSWER_MAX + 1)
        except TimeoutError:
            raise Unreachable(f"No answer came within {self._seconds:g} seconds.") from None
        except (OSError, http.client.HTTPException):
            raise Unreachable("The connection could not be made, or broke off.") from None
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise Unreachable(f"The connection answered with the error {answer.status}, not with a 271.")
        if len(body) > ANSWER_MAX:
            raise Unreachable("The answer is larger than any 271 for one inquiry.")
        return body
