"""What an answer to a 278 means: yes, yes to less, not yet, no, or sent back; in words, with number, units and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from edi.x12.review.model import Review
from openmso.eligibility.states import R

ACTIONS: Mapping[str, R] = {
    "A1": R.CERTIFIED, "A2": R.MODIFIED, "A3": R.DENIED, "A4": R.PENDED, "A6": R.MODIFIED, "C": R.DENIED,
    "CT": R.RETURNED, "NA": R.RETURNED,
}  # fmt: skip
"""HCR01, in what it means here."""
SENT_BACK: Mapping[str, str] = {
    "04": "more was asked than is taken at once", "15": "something that is asked for is missing",
    "33": "something is entered wrong", "35": "the service is out of the plan's network",
    "41": "it may not be asked by this provider", "43": "the provider is not known", "47": "the provider is not known",
    "49": "the provider is not the primary one", "51": "the provider is not on file", "52": "the days are too old",
    "57": "a day is wrong", "58": "the birth date is wrong", "60": "the birth date lies after the service",
    "62": "the day is not within what is taken", "64": "the patient's id is wrong", "65": "the name is wrong",
    "67": "the patient is not found", "71": "the birth date is another one", "72": "the member id is wrong",
    "73": "the name is another one", "75": "the subscriber is not found", "76": "several subscribers have that id",
    "78": "the subscriber is not in that group", "79": "the request was not understood",
    "80": "nobody answers there now",
    "AA": "an authorization number is not found", "AG": "the type of request is wrong",
}  # fmt: skip
"""AAA03, in our words."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a request."""

    state: R
    words: str
    number: str
    starts_on: date
    ends_on: date
    units: Decimal | None

    @property
    def is_yes(self) -> bool:
        """Whether something is authorized."""
        return self.state in {R.CERTIFIED, R.MODIFIED}


def heard(answer: Review, *, asked: Decimal | None, starts_on: date, ends_on: date) -> Heard:
    """An answer about one service; what it does not say is as it was asked."""
    decided = answer.decided
    state = ACTIONS.get(decided.action, R.RETURNED) if decided else R.RETURNED
    number = decided.number if decided else ""
    said = answer.on("AAH", "472", "435")
    first, last = (said.on or starts_on, said.through or ends_on) if said and said.on else (starts_on, ends_on)
    units = answer.units or next((one.units for one in answer.services if one.units), None) or asked
    if state is R.CERTIFIED and asked is not None and units is not None and units < asked:
        state = R.MODIFIED
    return Heard(state, _words(answer, state, number, units), number, first, max(first, last), units)


def _counted(units: Decimal) -> str:
    return "1 unit" if units == 1 else f"{units.normalize():f} units"


def _words(answer: Review, state: R, number: str, units: Decimal | None) -> str:
    told = " ".join(answer.messages)
    if answer.refusals and answer.decided is None:
        why = "; ".join(SENT_BACK.get(one.reason, f"reason {one.reason}") for one in answer.refusals)
        words = f"Sent back: {why}."
    elif state is R.MODIFIED:
        words = f"Authorized in part, as {number}" + (f", {_counted(units)}." if units else ".")
    elif state is R.CERTIFIED:
        words = f"Authorized as {number}."
    elif state is R.PENDED:
        words = "The payer has not decided yet; it may want records."
    elif state is R.DENIED:
        reason = answer.decided.reason if answer.decided else ""
        words = f"Not authorized{f' (reason {reason})' if reason else ''}."
    else:
        words = "The payer wants to be called, or does not review this."
    return f"{words} It writes: {told}"[:300] if told else words
