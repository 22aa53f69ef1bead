"""What a payer's refusal to answer means, and what is to be done: by itself later, or by a person.

The code values are those of X12's reject reasons (271 AAA03) and follow-up actions (AAA04); the words are our own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from edi.x12.eligibility.model import Refusal

TRIES_MAX = 5
PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
"""How long after each vain try it is tried again; after the last a person is asked."""
SILENCE = timedelta(hours=26)
"""How long an inquiry may stay unanswered: a batch is answered by the next morning (CAQH CORE 155)."""


class Then(StrEnum):
    """What is done about it."""

    MEND = "mend"
    LATER = "later"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Reading:
    """A refusal in words."""

    words: str
    fix: str
    then: Then
    reason: str = ""


MEMBER = "Compare the member id with the card and correct the coverage."
NAME = "Compare the name with the card and correct the patient's record or the subscriber's."
BIRTH = "Compare the birth date with the card and correct the record."
ENROL = "Have the practice enrolled for eligibility with this payer, or ask by telephone."
DATE = "It is asked again for today."

REASONS: Mapping[str, tuple[str, str, Then]] = {
    "04": ("more was asked than it allows", "Ask about fewer services.", Then.MEND),
    "15": ("something it requires was not sent", "Complete the coverage: birth date, member id, names.", Then.MEND),
    "33": ("it could not read the request", "Complete the coverage: birth date, member id, names.", Then.MEND),
    "35": ("its network was out of order", "", Then.LATER),
    "41": ("we may not ask it", ENROL, Then.MEND),
    "42": ("it cannot answer at the moment", "", Then.LATER),
    "43": ("the provider's id is wrong or missing", ENROL, Then.MEND),
    "44": ("the provider's name is wrong or missing", ENROL, Then.MEND),
    "45": ("the provider's specialty is wrong or missing", ENROL, Then.MEND),
    "46": ("the provider's telephone is wrong or missing", ENROL, Then.MEND),
    "47": ("the provider's state is wrong or missing", ENROL, Then.MEND),
    "48": ("the referring provider's id is wrong or missing", ENROL, Then.MEND),
    "50": ("the provider may not ask it", ENROL, Then.MEND),
    "51": ("it does not know the provider", ENROL, Then.MEND),
    "52": ("the provider was not in the plan on the day", ENROL, Then.MEND),
    "53": ("the benefit does not fit the provider", "Ask about another service.", Then.MEND),
    "54": ("the service is wrong or missing", "Ask about another service.", Then.MEND),
    "55": ("the service does not fit", "Ask about another service.", Then.MEND),
    "56": ("the day does not fit", DATE, Then.TODAY),
    "57": ("the day of service is wrong or missing", DATE, Then.TODAY),
    "58": ("the birth date is wrong or missing", BIRTH, Then.MEND),
    "60": ("the birth date lies after the day of service", BIRTH, Then.MEND),
    "61": ("by its records the patient died before the day", "Ask the family, and the payer by telephone.", Then.MEND),
    "62": ("it answers no questions about that day", DATE, Then.TODAY),
    "63": ("it answers no questions about days to come", DATE, Then.TODAY),
    "64": ("the patient's id is wrong or missing", MEMBER, Then.MEND),
    "65": ("the patient's name is wrong or missing", NAME, Then.MEND),
    "66": ("the patient's sex is wrong or missing", "Correct the patient's record.", Then.MEND),
    "67": ("it does not find the patient", MEMBER, Then.MEND),
    "68": ("several patients have that id", MEMBER, Then.MEND),
    "71": ("the birth date is not the one it has", BIRTH, Then.MEND),
    "72": ("the member id is wrong or missing", MEMBER, Then.MEND),
    "73": ("the subscriber's name is wrong or missing", NAME, Then.MEND),
    "74": ("the subscriber's sex is wrong or missing", "Correct the subscriber's record.", Then.MEND),
    "75": ("it does not find the subscriber", MEMBER, Then.MEND),
    "76": ("several subscribers have that id", MEMBER, Then.MEND),
    "77": ("it finds the subscriber, but not the patient", NAME, Then.MEND),
    "78": ("the subscriber is not in that group or plan", "Compare the group with the card.", Then.MEND),
    "79": ("whoever was asked does not know the payer's id", "Correct the payer's EDI id in the register.", Then.MEND),
    "80": ("the payer did not answer", "", Then.LATER),
    "97": ("the payer's address or id is wrong", "Correct the payer's EDI id in the register.", Then.MEND),
    "T4": ("the payer's name or id is missing", "Correct the payer's EDI id in the register.", Then.MEND),
}
AGAIN = frozenset("PRSWXY")
"""Follow-ups that allow the same request once more: at once, later, or when the payer has looked."""


def read(refusals: Sequence[Refusal]) -> Reading:
    """All refusals of an answer as one: what a person must mend comes before what time mends."""
    read_ = [_of(one) for one in refusals]
    return next((one for one in read_ if one.then is Then.MEND), None) or next(
        (one for one in read_ if one.then is Then.TODAY), read_[0]
    )


def _of(refusal: Refusal) -> Reading:
    words, fix, then = REASONS.get(refusal.reason, ("", "", Then.MEND))
    if not words:
        words = f"it gives the reason {refusal.reason}" if refusal.reason else "it gives no reason"
        fix = "Ask the payer by telephone."
        if refusal.follow_up in AGAIN:
            then, fix = Then.LATER, ""
    return Reading(f"The payer did not answer: {words}.", fix, then, refusal.reason)


def pause(tries: int) -> timedelta | None:
    """How long to wait after so many vain tries; nothing when a person is to look."""
    return PAUSES[tries - 1] if 0 < tries < TRIES_MAX else None
