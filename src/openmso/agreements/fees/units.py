"""What fees are charged by: every unit that the system counts by itself, with its definition in words.

The name of a count stands in terms; the definition is frozen with every fee that was computed from it. Of what date a
record is, and what makes it one, is said here once, for the contract, the invoice and whoever disputes it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its name in terms, the name of its count, and what is counted.

    What happens is counted by its day; what `stands` (a clinician at work) has its price for a month, so that a part of
    a month is charged for its days.
    """

    unit: str
    count: str
    words: str
    heading: str
    stands: bool = False


UNITS = (
    Unit("claim", "claims", "Original claims, by the day on which each first left for its payer", "Claims first sent"),
    Unit("visit", "visits", "Visits that took place, by their day of service", "Visits that took place"),
    Unit("provider", "providers", "Clinicians at work in the practice on any day of the month", "Clinicians at work",
         stands=True),
    Unit("fte", "ftes",
         "Clinicians at work, each by the share of the month's days on which they were there and of full time then",
         "Full-time equivalents of clinicians", stands=True),
    Unit("payment_posted", "payments_posted",
         "Claims that payers' remittances paid, denied or took back, by the accounting day of their posting",
         "Payments posted"),
    Unit("denial_worked", "denials_worked", "Denials, by the day on which a person first did something about each",
         "Denials worked"),
    Unit("appeal", "appeals", "Appeals, by the day on which each left for its payer", "Appeals sent"),
    Unit("eligibility_check", "eligibility_checks",
         "Questions to payers about a patient's coverage, by the day on which each was answered",
         "Eligibility checks answered"),
    Unit("authorization", "authorizations",
         "Requests to payers for an authorization or a referral, by the day on which each was asked",
         "Authorizations asked for"),
    Unit("statement", "statements", "Statements of what they owe that were made for patients, by their day",
         "Statements to patients"),
    Unit("task", "tasks", "Items of work that a person of the MSO closed, by the day of closing", "Tasks closed"),
)  # fmt: skip
"""The units, in the order in which a list tells them."""
OF_KIND = ":"
"""What parts `task` from the kind of work that is meant alone: `task:denials.first_touch`."""
_BY_UNIT = {one.unit: one for one in UNITS}
_BY_COUNT = {one.count: one for one in UNITS}


def count_of(unit: str) -> str:
    """The name under which a unit is counted: that of a known unit, or its plural."""
    noun, kind = _parted(unit)
    known = _BY_UNIT.get(noun)
    return (known.count if known else f"{noun}s") + kind


def unit_of(count: str) -> Unit | None:
    """The unit that is counted under a name, with the kind of work in its words; none where the system knows none."""
    plural, kind = _parted(count)
    known = _BY_COUNT.get(plural)
    if known is None or (kind and known.unit != "task"):
        return None
    if not kind:
        return known
    of = kind.removeprefix(OF_KIND)
    return Unit(known.unit + kind, count, f"{known.words}, of the kind {of}", f"{known.heading}: {of}")


def _parted(name: str) -> tuple[str, str]:
    """A name and what it says of a kind, with its mark; the empty text where it says nothing."""
    noun, mark, kind = name.partition(OF_KIND)
    return noun, mark + kind
