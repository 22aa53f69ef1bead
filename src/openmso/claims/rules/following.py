"""Following claims up: when a payer is asked where a claim stands, and what its answer asks of a biller.

The labels are our own; the code values are those of X12's claim status category codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from edi.x12.status.model import Patient, StatusAnswer, StatusHeader, StatusInquiry, Told
from edi.x12.values import Event, Party, Reference
from openmso.claims.rules.answers import Reading, status_words
from openmso.claims.rules.sheet import ClaimSheet, Human
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class Rule:
    """When a payer is asked: so many days after the claim left, again after so many, so often at most."""

    days: int = 30
    again_days: int = 14
    asks_max: int = 3

    def is_due(self, *, sent_on: date, asked: Sequence[date], on: date) -> bool:
        """Whether a claim without a decision is asked about on a day."""
        if len(asked) >= self.asks_max:
            return False
        last = max(asked, default=None)
        after = last + timedelta(days=self.again_days) if last else sent_on + timedelta(days=self.days)
        return on >= after


USUAL = Rule()
"""For a payer that has no rule of its own."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer means, and what is to be done about it; nothing where the payer is at work."""

    reading: Reading
    to_do: str = ""
    pressing: int = 0


WAITS, PAID, DENIED, WANTS, LOST, WRONG = "waits", "paid", "denied", "wants", "lost", "wrong"
MEANINGS: Mapping[str, str] = {
    "A0": WAITS, "A1": WAITS, "A2": WAITS, "A5": WAITS, "P0": WAITS, "P1": WAITS, "P2": WAITS, "P5": WAITS,
    "F0": PAID, "F1": PAID, "F3": PAID, "F2": DENIED, "F4": DENIED, "P3": WANTS, "P4": WANTS, "RQ": WANTS,
    "A3": WRONG, "A6": WRONG, "A7": WRONG, "A8": WRONG, "E0": WRONG, "E3": WRONG, "A4": LOST, "D0": LOST,
}  # fmt: skip
"""What a category means here; what begins with R asks for something, E1, E2 and E4 are troubles of the payer's own."""

WORDS: Mapping[str, str] = {
    WAITS: "The payer is at work on it",
    PAID: "The payer has decided it",
    DENIED: "The payer denied it",
    WANTS: "The payer waits for something",
    LOST: "The payer does not find it",
    WRONG: "The payer could not answer",
}
TO_DO: Mapping[str, tuple[str, int]] = {
    PAID: ("Look for its remittance: ask the payer for the 835 or the check again.", 70),
    DENIED: ("Get the remittance with the reason, and work the denial before its deadline.", 80),
    WANTS: ("Send what the payer waits for.", 80),
    LOST: ("Send the claim again, before its filing day, with the proof that it was accepted.", 85),
    WRONG: ("Correct what is named, and ask again.", 60),
}


def heard(answer: StatusAnswer) -> Heard:
    """A 277 about one claim: its most telling status, in words, with what is to be done."""
    told = next(iter(answer.told), None)
    if told is None:
        return Heard(Reading(False, "", "", "", "The answer says nothing about the claim."), "Ask the payer.", 50)
    meaning = _meaning(told)
    to_do, pressing = TO_DO.get(meaning, ("", 0))
    what, field = status_words(told.code, told.entity)
    words = f"{WORDS[meaning]} ({told.category}:{told.code}, {what}).{_money(told)}"
    if told.text:
        words = f"{words} It writes: {told.text[:100]}"
    reading = Reading(
        meaning in {WAITS, PAID}, told.category, told.code, told.entity, words[:300], to_do, field
    )  # fmt: skip
    return Heard(reading, to_do, pressing)


def _meaning(told: Told) -> str:
    found = MEANINGS.get(told.category[:2], "")
    if found == PAID and told.paid is not None and told.paid == 0:
        return DENIED
    if found:
        return found
    return WANTS if told.category.startswith("R") else WRONG


def _money(told: Told) -> str:
    if not told.paid or told.paid != told.paid.quantize(Decimal("0.01")):
        return ""
    by = f" by {told.trace}" if told.trace else ""
    on = f" on {told.remitted_on:%-d %b %Y}" if told.remitted_on else ""
    return f" Paid ${Money.of(told.paid):,.2f}{by}{on}."


def inquiry(
    sheet: ClaimSheet, *, header: StatusHeader, submitter: Party, payer_control: str = ""
) -> StatusInquiry | None:
    """The claim as a 276 asks about it; `None` for a sheet without coverage, payer or biller, which never left."""
    if sheet.cover is None or sheet.payer is None or sheet.biller is None:
        return None
    of_cover, biller = sheet.cover.subscriber or sheet.patient, sheet.biller
    insured = _person("IL", of_cover)
    insured = replace(
        insured, party=replace(insured.party, id_qualifier="MI", id=sheet.cover.member_id)
    )  # fmt: skip
    days = sorted(line.service_on for line in sheet.lines)
    numbers = [Reference("1K", payer_control)] if payer_control else []
    return StatusInquiry(
        header=header,
        source=Party("PR", sheet.payer.name, id_qualifier="PI", id=sheet.payer.edi_id),
        receiver=submitter,
        provider=Party("1P", biller.name, biller.first, is_person=biller.is_person, id_qualifier="XX", id=biller.npi),
        subscriber=insured,
        dependent=_person("QC", sheet.patient) if sheet.cover.subscriber else None,
        trace=sheet.control,
        references=(*numbers, Reference("EJ", sheet.control)),
        charge=sheet.total,
        dates=(Event("472", days[0], days[-1] if days[-1] > days[0] else None),) if days else (),
    )


def _person(role: str, one: Human) -> Patient:
    party = Party(role, one.last, one.first, one.middle, one.suffix, is_person=True)
    return Patient(party, one.born_on, one.sex if one.sex in {"F", "M"} else "")
