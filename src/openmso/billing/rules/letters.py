"""What letters to patients say: plain values in, paragraphs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openmso.billing.states import Deed
from openmso.kit.money import Money
from openmso.kit.words import counted


@dataclass(frozen=True, slots=True)
class Head:
    """Who writes, and on which day (in words)."""

    practice: str
    place: str
    phone: str
    on: str


@dataclass(frozen=True, slots=True)
class To:
    """Whom a letter goes to."""

    name: str
    account: str
    lines: tuple[str, ...]


def page(head: Head, to: To, text: tuple[str, Sequence[str]]) -> dict[str, Any]:
    """A letter as plain data, to be kept and printed: `text` is its title and its paragraphs."""
    title, paragraphs = text
    return {
        "practice": head.practice, "place": head.place, "on": head.on, "account": to.account, "to": to.name,
        "lines_of_address": list(to.lines), "title": title, "paragraphs": list(paragraphs),
    }  # fmt: skip


def dunning(deed: Deed, owed: Money, head: Head, agency_days: int) -> tuple[str, list[str]]:
    """A letter after the last statement, or the final notice before an agency."""
    call = f"Call us at {head.phone}" if head.phone else "Call us"
    ways = [
        f"{call} if you want to pay in parts. If you think that the bill is wrong, tell us, and we look at it first.",
        "If you cannot pay, ask for financial assistance; while we look at your application nothing else happens.",
    ]
    if deed is Deed.FINAL:
        return "Final notice", [
            f"You owe {head.practice} ${owed:,.2f}. We have written to you several times and have not heard from you.",
            f"If we do not hear from you within {counted(agency_days, 'day')}, we may hand your account over to a "
            "collection agency.", *ways,
        ]  # fmt: skip
    return "A reminder", [
        f"You owe {head.practice} ${owed:,.2f}. The statements that we sent say what it is for.", *ways,
    ]  # fmt: skip


def granted(name: str, discount: int, given: Money, left: Money, until: str, head: Head) -> tuple[str, list[str]]:
    """The answer to an application that was granted."""
    return "Financial assistance", [
        f"Your application {name} is granted. {head.practice} takes {discount} percent off what you owe: "
        f"${given:,.2f}.",
        f"You still owe ${left:,.2f}." if left else "You owe nothing of it any more.",
        f"The same holds for what is done until {until}. If your income falls, apply again.",
    ]


def denied(name: str, why: str, head: Head) -> tuple[str, list[str]]:
    """The answer to an application that was not granted."""
    call = f"Call us at {head.phone}" if head.phone else "Call us"
    return "Financial assistance", [
        f"We cannot grant your application {name}: {why}",
        f"{call} if something has changed or we did not understand you, or to pay in parts.",
    ]


def taken_back(name: str, why: str, again: Money, head: Head) -> tuple[str, list[str]]:
    """What a patient is told whose help is taken back."""
    call = f"Call us at {head.phone}" if head.phone else "Call us"
    return "Financial assistance", [
        f"We had granted your application {name}. We have to take that back: {why}",
        f"You owe ${again:,.2f} of it again. {call} if this is not right, to apply anew, or to pay in parts.",
    ]


def contract(
    card: str, is_year: bool, cap: Money, notice_days: int, cancel_days: int, until: str, head: Head
) -> tuple[str, list[str]]:
    """What the holder of a card on file agrees to."""
    call = f"call us at {head.phone}" if head.phone else "call us"
    off = f"until {counted(cancel_days, 'day')} before it" if cancel_days else "until its day"
    return "Your card on file", [
        f"I let {head.practice} charge what I owe to my card, {card}.",
        f"It holds {'for one year' if is_year else 'for one visit'}, until {until}. "
        f"No charge is more than ${cap:,.2f}.",
        f"I am told {counted(notice_days, 'day')} before each charge, by e-mail or text message. I can call a "
        f"charge off {off}, and take the card off file at any time: {call}.",
        "The number of my card is kept by the payment provider, and never by the practice.",
        "Signed: ______________________________    Date: ______________",
    ]
