"""Whether a line of a payout is a payment or a refund of ours: plain values in, the reason why not out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openmso.billing.states import P, Paid, R, Regard, Slipped
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


@dataclass(frozen=True, slots=True)
class Failed:
    """A payout that did not arrive."""

    name: str
    amount: Money
    slip_state: Slipped | None


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
    """Why a payout whose lines tie cannot go to the bank; `books` are the legal entities whose money it moves."""
    if lines != amount:
        return f"Its lines come to {lines}, the payout is {amount}."
    return "Its payments belong to the books of several legal entities." if books > 1 else ""


FITS: Mapping[Regard, frozenset[Paid]] = {
    Regard.FEE: frozenset({Paid.OTHER}), Regard.RESERVE: frozenset({Paid.OTHER}),
    Regard.FAILED: frozenset({Paid.OTHER}), Regard.UNNAMED: frozenset({Paid.CHARGE}),
}  # fmt: skip
"""Which kinds of lines may be regarded as what."""


def of_regard(line: Line, regard: Regard, failed: Failed | None) -> str:
    """Why a line cannot be regarded so, empty where it can. `failed` is the payout that it brings again."""
    if line.kind not in FITS[regard]:
        return "Money of a patient that nobody can name is a charge; what else a provider moves is none."
    if regard is Regard.UNNAMED and line.amount <= ZERO:
        return "A charge brings money."
    if regard is not Regard.FAILED:
        return ""
    if failed is None:
        return "Say which payout failed."
    if failed.amount != line.amount:
        return f"{failed.name} was {failed.amount}; the line is {line.amount}."
    if failed.slip_state is not Slipped.MADE:
        return f"{failed.name} is not on its way to the bank: undo its deposit first, where the bank took it back."
    return ""
