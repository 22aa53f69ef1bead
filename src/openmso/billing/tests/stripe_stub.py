"""A server that answers as the API of Stripe does, for one test: sessions, intents, charges, refunds, signed messages."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SIGNING = "whsec_of_a_test"
VISA = {"brand": "visa", "last4": "4242", "exp_month": 2, "exp_year": 2028}


class StripeStub(ThreadingHTTPServer):
    """What it was asked, and what it holds; `slow` and `broken` make it answer late or with its own trouble."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.held: dict[str, dict[str, Any]] = {}
        self.paid_out: dict[str, list[dict[str, Any]]] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.accounts: set[str] = set()
        self.slow = self.broken = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def pays(self, session: str) -> None:
        """The patient pays on its page."""
        found = self.held[session]
        kept = {"id": "pm_1", "object": "payment_method", "card": VISA}
        intent = {
            "id": f"pi_{session[3:]}", "object": "payment_intent", "status": "succeeded", "amount": found["amount"],
            "amount_received": found["amount"], "customer": "cus_1", "payment_method": kept, "metadata": found["metadata"],
        }  # fmt: skip
        self.held[intent["id"]] = intent
        found |= {"status": "complete", "payment_status": "paid", "payment_intent": intent, "customer": "cus_1"}

    def pays_out(self, name: str, *lines: dict[str, Any], arrives: int) -> None:
        """An automatic payout of these balance transactions; a list of them has one on a page."""
        net = sum(one["amount"] - one["fee"] for one in lines)
        self.held[name] = {"id": name, "object": "payout", "amount": net, "arrival_date": arrives, "automatic": True}
        own = {"id": f"txn_of_{name}", "type": "payout", "reporting_category": "payout", "amount": -net, "fee": 0}
        self.paid_out[name] = [
            {"object": "balance_transaction", "type": one["reporting_category"], "source": None, "description": None}
            | one
            for one in (own, *lines)
        ]

    def message(self, kind: str, about: str, *, at: float | None = None, key: str = SIGNING) -> tuple[bytes, str]:
        """A message of its kind about something it holds, with the header that signs it."""
        body = json.dumps({
            "id": "evt_1", "object": "event", "type": kind, "api_version": "2026-10-28.endive",
            "data": {"object": self.held[about]},
        })  # fmt: skip
        stamp = int(at if at is not None else time.time())
        signed = hmac.new(key.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
        return body.encode(), f"t={stamp},v1={signed}"


class _Handler(BaseHTTPRequestHandler):
    server: StripeStub

    def do_GET(self) -> None:
        name = urlsplit(self.path).path.rpartition("/")[2]
        given = dict(parse_qsl(urlsplit(self.path).query))
        self._answer(given)
        if name == "payouts":
            self._say(200, _list("/v1/payouts", [self.server.held[one] for one in self.server.paid_out]))
            return
        if name == "balance_transactions":
            rows = self.server.paid_out[given["payout"]]
            after = next((n for n, one in enumerate(rows, 1) if one["id"] == given.get("starting_after")), 0)
            self._say(200, _list("/v1/balance_transactions", rows[after : after + 1], more=after + 1 < len(rows)))
            return
        found = self.server.held.get(name)
        self._say(200 if found else 404, found or {"error": {"type": "invalid_request_error", "message": "No such"}})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        given = dict(parse_qsl(self.rfile.read(length).decode()))
        self._answer(given)
        if self.server.slow:
            self.server.slow -= 1
            time.sleep(0.4)
        if self.server.broken:
            self.server.broken -= 1
            self._say(500, {"error": {"type": "api_error", "message": "Ours"}})
            return
        key = self.headers["Idempotency-Key"]
        if key not in self.server.answers:
            self.server.answers[key] = self._made(urlsplit(self.path).path, given, f"{len(self.server.answers)}")
        answer = self.server.answers[key]
        self._say(402 if "error" in answer else 200, answer)

    def _made(self, path: str, given: dict[str, str], number: str) -> dict[str, Any]:
        ours = {"openmso": given.get("metadata[openmso]", "")}
        if path == "/v1/customers":
            made: dict[str, Any] = {"id": "cus_1", "object": "customer"}
        elif path == "/v1/checkout/sessions":
            amount = int(given.get("line_items[0][price_data][unit_amount]", 0))
            made = {
                "id": f"cs_{number}", "object": "checkout.session", "mode": given["mode"], "status": "open",
                "payment_status": "unpaid", "url": f"https://checkout.stripe.com/c/pay/cs_{number}", "amount": amount,
                "metadata": ours, "payment_intent": None, "setup_intent": None, "customer": given.get("customer"),
            }  # fmt: skip
        elif path == "/v1/payment_intents":
            amount, declines = int(given["amount"]), given["payment_method"] == "pm_declines"
            made = {
                "id": f"pi_{number}", "object": "payment_intent", "amount": amount, "metadata": ours,
                "status": "requires_payment_method" if declines else "succeeded", "customer": given["customer"],
                "amount_received": 0 if declines else amount, "payment_method": given["payment_method"],
            }  # fmt: skip
            self.server.held[made["id"]] = made
            if declines:
                return {"error": {"type": "card_error", "code": "card_declined", "message": "Your card was declined.",
                                  "payment_intent": made}}  # fmt: skip
        else:
            made = {"id": f"re_{number}", "object": "refund", "amount": int(given["amount"]), "status": "succeeded"}
        self.server.held[made["id"]] = made
        return made

    def _answer(self, given: dict[str, str]) -> None:
        self.server.asked.append((self.command, urlsplit(self.path).path, given))
        self.server.accounts.add(self.headers.get("Stripe-Account", ""))

    def _say(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
        except OSError:
            self.close_connection = True  # whoever asked has not waited

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def _list(url: str, rows: list[dict[str, Any]], *, more: bool = False) -> dict[str, Any]:
    return {"object": "list", "url": url, "data": rows, "has_more": more}


@contextmanager
def serving() -> Iterator[StripeStub]:
    """The server, for as long as it is needed."""
    with StripeStub() as stub:
        threading.Thread(target=stub.serve_forever, args=(0.02,), daemon=True).start()
        yield stub
        stub.shutdown()
