"""Whether a line of a payout is a payment or a refund of ours: plain values in, the reason why not out."""

from __future__ import annotations

from dataclasses import dataclass

from openmso.billing.states import P, Paid, R, Slipped
from openmso.kit.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Line:
    """What a payout says: its kind, the provider's id of what it is about, and the gross amount."""

    kind: Paid
    about: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Known:
    """A payment of ours; `elsewhere` is another line that it stands for already."""

    name: str
    amount: Money
    state: P
    slip: str = ""
    slip_state: Slipped | None = None
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A refund of ours; `elsewhere` is another line that it stands for already."""

    name: str
    amount: Money
    state: R
    elsewhere: str = ""


def of_charge(line: Line, found: Known | None) -> str:
    """Why a charge is not this payment, empty where it is: same cents, not taken back, in no other payout or slip."""
    if found is None:
        return f"No card payment of ours is known to the provider as {line.about or 'nothing'}."
    if found.elsewhere:
        return f"{found.name} stands in {found.elsewhere} already."
    if found.state is P.REVERSED:
        return f"{found.name} was taken back; the provider has charged it all the same."
    if found.slip:
        return f"{found.name} is on {found.slip} already; take the slip apart where it is not in the bank."
    if found.amount != line.amount:
        return f"{found.name} is {found.amount}; the payout says {line.amount}."
    return ""


def of_refund(line: Line, found: Returned | None) -> str:
    """Why a refund is not this one of ours, empty where it is."""
    if found is None:
        return f"No refund of ours is known to the provider as {line.about or 'nothing'}."
    if found.elsewhere:
        return f"{found.name} stands in {found.elsewhere} already."
    if found.state is not R.PAID:
        return f"{found.name} is not paid here."
    if found.amount + line.amount != ZERO:
        return f"{found.name} is {found.amount}; the payout says {-line.amount}."
    return ""


def of_dispute(line: Line, found: Known | None) -> str:
    """Why a dispute is not booked here yet: money that it takes is ours no more once the payment is taken back."""
    if line.amount >= ZERO:
        return f"A dispute of {line.about} gives {line.amount} back: take it as a payment, and tie the line to that."
    if found is None:
        return f"A dispute is about {line.about or 'nothing'}, which no card payment of ours is called."
    if found.amount + line.amount != ZERO:
        return f"The dispute takes {-line.amount}; {found.name} is {found.amount}."
    if found.state is not P.REVERSED:
        return f"The holder of the card disputes {found.name}: take the payment back, then look again."
    if found.slip_state is not Slipped.BANKED:
        return f"{found.name} was taken back before it was in the bank; its own payout comes first."
    return ""


def as_a_whole(amount: Money, lines: Money, books: int) -> str:
    """Why a payout whose lines tie cannot go to the bank; `books` are the legal entities whose money it brings."""
    if lines != amount:
        return f"Its lines come to {lines}, the payout is {amount}."
    if amount <= ZERO:
        return "It takes money from the bank and brings none: it is booked by hand, on the bank's day."
    if books > 1:
        return "Its payments belong to the books of several legal entities."
    return "" if books else "It brings no payment of ours."
