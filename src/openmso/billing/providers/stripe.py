"""Cards by Stripe, each practice with an account of its own there: patients pay on Stripe's page.

A card's number is typed there and never comes here. What a message says is not believed but looked up, so that
messages may come late, twice and in any order.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import stripe

from openmso.billing.providers import Ask, KeptCard, NotGenuine, Opened, Payout, PayoutLine, Told, Unreachable
from openmso.billing.providers.payout_file import of_category
from openmso.billing.states import Paid, Paying
from openmso.kit.money import ZERO, Money

CURRENCY = "usd"
OURS = "openmso"
"""The key of the metadata under which our name stands."""
DECLINED = "The card was declined."
UNFINISHED = "The payment was not finished."


class Stripe:
    """The provider; `accounts` are the connected accounts (`acct_...`) of practices by their codes."""

    name, origin, is_test = "stripe", "https://checkout.stripe.com", False

    def __init__(
        self, *, key: str, signing: str, accounts: Mapping[str, str], api: str = "", timeout: float = 20, tries: int = 2
    ) -> None:
        stripe.enable_telemetry = False
        where: Any = {"base_addresses": {"api": api}} if api else {}
        self._client = stripe.StripeClient(
            key, http_client=stripe.RequestsClient(timeout=timeout), max_network_retries=tries, **where
        )
        self._signing, self._accounts = signing, dict(accounts)

    def serves(self, practice: str) -> bool:
        """Whether a practice has an account."""
        return practice in self._accounts

    def open(self, ask: Ask) -> Opened:
        """A page of Stripe's: in payment mode, or in set-up mode where a card is only kept."""
        ours = {OURS: ask.name}
        given: dict[str, Any] = {
            "client_reference_id": ask.name, "metadata": ours, "success_url": ask.back, "cancel_url": ask.back,
        }  # fmt: skip
        if ask.amount:
            given |= {
                "mode": "payment",
                "line_items": [{
                    "quantity": 1,
                    "price_data": {"currency": CURRENCY, "unit_amount": _cents(ask.amount),
                                   "product_data": {"name": ask.words}},
                }],
                "payment_intent_data": {"metadata": ours}
                | ({"setup_future_usage": "off_session"} if ask.keeps_card else {}),
            } | ({"customer_creation": "always"} if ask.keeps_card else {})  # fmt: skip
        else:
            customer = self._customer(ask)
            given |= {
                "mode": "setup",
                "currency": CURRENCY,
                "customer": customer,
                "setup_intent_data": {"metadata": ours},
            }
        with _in_words():
            made = self._client.v1.checkout.sessions.create(given, self._options(ask.practice, ask.name))  # type: ignore[arg-type]
        return Opened(made.id, made.url or "")

    def _customer(self, ask: Ask) -> str:
        with _in_words():
            options = self._options(ask.practice, f"{ask.name}-customer")
            return self._client.v1.customers.create({"metadata": {OURS: ask.name}}, options).id

    def look(self, practice: str, reference: str) -> Told:
        """How a session, or a payment intent of a charge, stands."""
        if reference.startswith("pi_"):
            with _in_words():
                return _of_intent(self._client.v1.payment_intents.retrieve(
                    reference, {"expand": ["payment_method"]}, self._options(practice)))  # fmt: skip
        with _in_words():
            session = self._client.v1.checkout.sessions.retrieve(
                reference,
                {"expand": ["payment_intent.payment_method", "setup_intent.payment_method"]},
                self._options(practice),
            )
        if session.status == "expired":
            return Told(Paying.DECLINED, ZERO, words=UNFINISHED)
        if session.status != "complete":
            return Told(Paying.STARTED, ZERO)
        if session.mode == "setup":
            kept: Any = session.setup_intent
            return Told(Paying.PAID, ZERO, _id(kept), card=_card(session.customer, kept))
        intent: Any = session.payment_intent
        return _of_intent(intent) if session.payment_status == "paid" else Told(Paying.STARTED, ZERO)

    def charge(self, ask: Ask, card: KeptCard) -> tuple[str, Told]:
        """Charge a kept card without its holder: one that asks the holder to confirm is not charged."""
        given: Any = {
            "amount": _cents(ask.amount), "currency": CURRENCY, "customer": card.customer,
            "payment_method": card.method, "off_session": True, "confirm": True, "description": ask.words,
            "metadata": {OURS: ask.name}, "error_on_requires_action": True,
        }  # fmt: skip
        try:
            with _in_words():
                made = self._client.v1.payment_intents.create(given, self._options(ask.practice, ask.name))
        except stripe.CardError as no:
            body: Any = no.json_body or {}
            intent = body.get("error", {}).get("payment_intent", {})
            return intent.get("id", ""), Told(Paying.DECLINED, ask.amount, words=_said(no))
        return made.id, _of_intent(made)

    def refund(self, *, name: str, practice: str, receipt: str, amount: Money) -> str:
        """Give money of a payment intent back."""
        given: Any = {"payment_intent": receipt, "amount": _cents(amount), "metadata": {OURS: name}}
        with _in_words():
            return self._client.v1.refunds.create(given, self._options(practice, name)).id

    def heard(self, body: bytes, signature: str) -> str:
        """What a signed message is about; five minutes old at most."""
        try:
            event = self._client.construct_event(body, signature, self._signing)
        except (stripe.SignatureVerificationError, ValueError) as no:
            raise NotGenuine("The signature of the message is not Stripe's.") from no
        about: Any = event.data.object.to_dict()
        return str((about.get("metadata") or {}).get(OURS, ""))

    def payouts(self, practice: str, since: datetime) -> list[Payout]:
        """Automatic payouts that have arrived: of others Stripe does not say what is in them."""
        asked: Any = {"created": {"gte": int(since.timestamp())}, "status": "paid", "limit": 100}
        with _in_words():
            found = self._client.v1.payouts.list(asked, self._options(practice))
            return [self._paid_out(practice, one) for one in found.auto_paging_iter() if one.automatic]

    def _paid_out(self, practice: str, payout: Any) -> Payout:
        asked: Any = {"payout": payout.id, "limit": 100, "expand": ["data.source"]}
        page = self._client.v1.balance_transactions.list(asked, self._options(practice))
        lines, raw = [], [json.dumps(payout.to_dict(), sort_keys=True)]
        while True:
            raw.append(page.last_response.body if page.last_response else "")
            lines += [_paid_line(one) for one in page.data if one.type != "payout"]
            if not page.has_more:
                break
            page = page.next_page()
        on = datetime.fromtimestamp(payout.arrival_date, UTC).date()
        return Payout(payout.id, on, Money.cents(payout.amount), tuple(lines), "\n".join(raw).encode())

    def _options(self, practice: str, key: str = "") -> Any:
        options = {"stripe_account": self._accounts[practice]}
        return options | ({"idempotency_key": key} if key else {})


@contextmanager
def _in_words() -> Iterator[None]:
    """What the network and Stripe's own trouble are to us; a declined card stays what it is."""
    try:
        yield
    except stripe.CardError:
        raise
    except stripe.StripeError as no:
        raise Unreachable(f"The payment provider did not take it ({type(no).__name__}).") from no


def _of_intent(intent: Any) -> Told:
    if intent.status == "succeeded":
        return Told(Paying.PAID, Money.cents(intent.amount_received), intent.id, card=_card(intent.customer, intent))
    if intent.status in {"canceled", "requires_payment_method"}:
        return Told(Paying.DECLINED, Money.cents(intent.amount), words=DECLINED)
    return Told(Paying.STARTED, ZERO)


def _paid_line(one: Any) -> PayoutLine:
    kind = of_category(one.reporting_category)
    source: Any = one.source
    intent = getattr(source, "payment_intent", None) if kind in {Paid.CHARGE, Paid.DISPUTE} else None
    words = (one.description or "")[:200]
    return PayoutLine(one.id, kind, _id(intent) or _id(source), Money.cents(one.amount), Money.cents(one.fee), words)


def _card(customer: Any, intent: Any) -> KeptCard | None:
    method: Any = getattr(intent, "payment_method", None)
    card: Any = getattr(method, "card", None)
    if card is None:
        return None
    last = date(card.exp_year, card.exp_month, calendar.monthrange(card.exp_year, card.exp_month)[1])
    return KeptCard(_id(customer), method.id, str(card.brand), str(card.last4), last)


def _said(no: stripe.CardError) -> str:
    return (no.user_message or DECLINED)[:200]


def _id(thing: Any) -> str:
    return thing if isinstance(thing, str) else getattr(thing, "id", "") or ""


def _cents(amount: Money) -> int:
    return int(amount.amount.scaleb(2))
