"""Payment providers: what billing asks of whoever takes cards, and those it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from openmso.billing.states import Paid, Paying
from openmso.kit.money import Money


class Unreachable(Exception):
    """The provider did not answer, or not in time: whether something was paid is not known."""


class NotGenuine(Exception):
    """A message claims to come from the provider and does not: its signature is wrong, or it is too old."""


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card as a provider keeps it: its names for the patient and the card, and what a person knows the card by."""

    customer: str
    method: str
    brand: str
    last4: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be paid: our name of it (the provider takes the same name once), the practice by its code, an amount.

    `words` stand on the provider's page: they say nothing of the patient. `back` is where the patient comes back to.
    Without an amount a card is only kept.
    """

    name: str
    practice: str
    amount: Money
    words: str
    back: str = ""
    keeps_card: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A page of the provider's on which the patient pays, and what the provider calls the payment."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """How a payment stands with its provider; `receipt` is what it calls the money that came."""

    state: Paying
    amount: Money
    receipt: str = ""
    words: str = ""
    card: KeptCard | None = None


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One balance transaction of a payout: its name, what it is, what it is about, gross and what was kept of it.

    `about` is what the provider calls the payment (of a charge or a dispute) or the refund; negative takes money.
    """

    name: str
    kind: Paid
    about: str
    amount: Money
    fee: Money
    words: str = ""


@dataclass(frozen=True, slots=True)
class Payout:
    """What a provider sent to the bank together, the day on which it arrives there, and the report as it came."""

    name: str
    on: date
    amount: Money
    lines: tuple[PayoutLine, ...]
    raw: bytes


class PaymentProvider(Protocol):
    """Whoever takes cards. Every question may raise `Unreachable`; under the same name nothing is done twice.

    `origin` is where its page is; `is_test` says that no money moves.
    """

    name: str
    origin: str
    is_test: bool

    def serves(self, practice: str) -> bool:
        """Whether a practice (by its code) has an account there."""

    def open(self, ask: Ask) -> Opened:
        """A page on which the patient pays, or has a card kept."""

    def look(self, practice: str, reference: str) -> Told:
        """How something that was opened or charged stands."""

    def charge(self, ask: Ask, card: KeptCard) -> tuple[str, Told]:
        """Charge a kept card; what the provider calls it, and how it stands."""

    def refund(self, *, name: str, practice: str, receipt: str, amount: Money) -> str:
        """Give money back to the card it came from; what the provider calls that."""

    def heard(self, body: bytes, signature: str) -> str:
        """Our name of what a message is about, empty where it is about nothing of ours. Raises `NotGenuine`."""

    def payouts(self, practice: str, since: datetime) -> Sequence[Payout]:
        """What was paid out to the bank of a practice since then, each with its balance transactions."""
