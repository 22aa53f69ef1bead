"""When and how it is filed: dates, limits, duplicates, accidents, corrections (2300)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from openmso.claims.rules import facts
from openmso.claims.rules.findings import Said, blocks, warns
from openmso.claims.rules.sheet import ClaimSheet, Context, Earlier, Insurer

SOON_DAYS = 10
REFERENCE_MAX = 50
"""Characters of a number that the payer gave."""
ACCIDENTS = frozenset({"AA", "EM", "OA"})
CAUSE_OF_KIND = {"auto": "AA", "workers_comp": "EM"}


def due_on(sheet: ClaimSheet) -> date | None:
    """The last day the payer takes this claim."""
    return last_to_file(sheet.payer, sheet.last_service_on, sheet.earlier)


def last_to_file(payer: Insurer | None, served: date, earlier: Sequence[Earlier]) -> date | None:
    """The last day a payer takes what was done until a day; a year after the service is 365 days (42 CFR 424.44).

    The days of a later payer count from what the earlier one decided.
    """
    if payer is None or not payer.filing_days:
        return None
    decided = (one.decision.paid_on for one in earlier if one.decision.paid_on is not None)
    return max([served, *decided]) + timedelta(days=payer.filing_days)


@blocks("837P 2400 DTP*472: not after today", when=facts.FILING)
def service_in_future(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Services lie in the past."""
    for line in sheet.lines:
        if (line.service_through or line.service_on) > context.today:
            yield Said(
                f"Line {line.number} is dated {line.service_on}, after today.",
                "Correct the date.",
                "service_on",
                line.number,
            )


@blocks("837P 2400 DTP*472 RD8", when=facts.FILING)
def dates_reversed(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Services end after they begin."""
    for line in sheet.lines:
        if line.service_through is not None and line.service_through < line.service_on:
            yield Said(
                f"Line {line.number} ends on {line.service_through}, before it begins.",
                "Correct the dates.",
                "service_through",
                line.number,
            )


@blocks("Timely filing: 42 CFR 424.44 for Medicare, the contract for others", when=facts.FILING)
def filed_too_late(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The payer's filing limit has not passed, or a delay reason is given."""
    last = due_on(sheet)
    if last is not None and sheet.frequency == "1" and context.today > last and not sheet.delay_reason:
        yield Said(
            f"The filing limit passed on {last}.", "Give a delay reason with proof, or drop the claim.", "delay_reason"
        )


@warns("Timely filing: the limit is near", when=facts.FILING)
def filing_limit_near(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """More than ten days are left to file."""
    last = due_on(sheet)
    if last is not None and sheet.frequency == "1" and 0 <= (last - context.today).days <= SOON_DAYS:
        yield Said(f"The filing limit is {last}.", "Send it today.", "due_on")


@blocks("Payer edits: duplicate claim (CARC 18)", when=facts.BESIDE)
def same_day_claim(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """No other live claim asks the same payer for the same service of the day."""
    if context.same_day and sheet.frequency == "1":
        yield Said(
            f"{context.same_day[0]} asks for the same service of the same day.",
            "Drop one of them, or correct the first with frequency 7.",
            "duplicate",
        )


@blocks("837P 2300 REF*F8: required with frequency 7 and 8", when=facts.FILING)
def correction_without_number(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A replacement or a void names the payer's number of the first claim."""
    if sheet.frequency in {"7", "8"} and not sheet.payer_control:
        yield Said(
            "The payer's number of the first claim is missing.",
            "Copy it from the 277CA or the remittance.",
            "payer_control",
        )


@blocks("837P 2300 CLM11, DTP*439", when=facts.FILING)
def accident_details(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Auto and work claims say what happened, when, and for cars in which state."""
    wanted = CAUSE_OF_KIND.get(sheet.payer.kind if sheet.payer else "")
    if wanted and sheet.accident != wanted:
        yield Said(
            "The claim does not say that it comes from an accident.", "Enter the accident and its day.", "accident"
        )
    elif sheet.accident and sheet.accident not in ACCIDENTS:
        yield Said(f"{sheet.accident} is no cause of accident.", "AA auto, EM work, OA other.", "accident")
    elif sheet.accident and sheet.accident_on is None:
        yield Said("The day of the accident is missing.", "Enter it.", "accident_on")
    elif sheet.accident == "AA" and not sheet.accident_state:
        yield Said("The state of the car accident is missing.", "Enter it.", "accident_state")


@warns("Payer edits: injuries are asked whether another insurer pays", when=facts.REASONS)
def injury_without_accident(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A fresh injury says whether it was an accident."""
    fresh = any(code[:1] == "S" and code[-1:] == "A" and len(code) == 7 for code in sheet.diagnoses)
    if fresh and not sheet.accident:
        yield Said(
            "A fresh injury, and nothing says how it happened.", "Ask the patient; enter accident or none.", "accident"
        )


@blocks("837P 2300 REF*G1, REF*9F: fifty characters at most", when=facts.FILING)
def reference_too_long(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Authorization and referral numbers fit."""
    for number, field in (
        (sheet.prior_authorization, "prior_authorization"),
        (sheet.referral_number, "referral_number"),
    ):
        if len(number) > REFERENCE_MAX or number != number.strip():
            yield Said(f"{number[:20]} is no number that fits.", "Copy it again from the payer's answer.", field)


@blocks("837P 2300 CLM01: twenty characters come back safely", when=facts.PEOPLE)
def control_number(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The claim's own number fits twenty characters."""
    if not 1 <= len(sheet.control) <= 20:
        yield Said("The claim number does not fit.", "Drop the claim and build it again.", "control")


RULES = (
    service_in_future,
    dates_reversed,
    filed_too_late,
    filing_limit_near,
    same_day_claim,
    correction_without_number,
    accident_details,
    injury_without_accident,
    reference_too_long,
    control_number,
)
