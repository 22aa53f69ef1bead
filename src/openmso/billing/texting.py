"""Text messages by a provider with the interface of Twilio (`OPENMSO_TEXTS`): one POST a message."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import Request, urlopen

from openmso.billing.providers import NotGenuine
from openmso.billing.registry import Undelivered
from openmso.billing.states import Way

SECONDS = 20


class Texts:
    """A messenger for text messages; `url` is `https://ACCOUNT:TOKEN@host`, `sender` the number they come from."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not (parts.hostname and parts.username and parts.password):
            raise ValueError("OPENMSO_TEXTS is https://ACCOUNT:TOKEN@host; this one is not")
        if not sender.startswith("+"):
            raise ValueError("OPENMSO_TEXTS_FROM is the number that text messages come from: +12075550100")
        account, token = unquote(parts.username), unquote(parts.password)
        place = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        self._url = f"{parts.scheme}://{place}/2010-04-01/Accounts/{account}/Messages.json"
        self._proof = base64.b64encode(f"{account}:{token}".encode()).decode()
        self._sender, self._token = sender, token.encode()

    def send(self, *, way: Way, to: str, subject: str, text: str) -> str:
        """Send a message to a number of ten digits; a text message has no subject."""
        body = urlencode({"To": f"+1{to}", "From": self._sender, "Body": text}).encode()
        request = Request(self._url, body, {"Authorization": f"Basic {self._proof}"})  # noqa: S310 - ours by setting
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                return str(json.load(answer).get("sid", ""))
        except HTTPError as no:
            raise Undelivered(f"The provider of text messages did not take it ({no.code}).") from no
        except (URLError, OSError, ValueError) as no:
            raise Undelivered(f"The provider of text messages does not answer ({type(no).__name__}).") from no

    def heard(self, url: str, given: Mapping[str, str], signature: str) -> tuple[str, str]:
        """The number of ten digits and the words of a reply. Raises `NotGenuine` where it is not the provider's.

        The signature is an HMAC-SHA1 over the address and the fields in their order, as Twilio signs its requests.
        """
        signed = url + "".join(f"{name}{given[name]}" for name in sorted(given))
        digest = base64.b64encode(hmac.new(self._token, signed.encode(), hashlib.sha1).digest()).decode()
        if not hmac.compare_digest(digest, signature):
            raise NotGenuine("The signature of the message is not the provider's.")
        return "".join(one for one in given.get("From", "") if one.isdigit())[-10:], given.get("Body", "")
