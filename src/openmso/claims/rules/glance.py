"""What is so of a claim at a glance (`facts`): read off plain values, cheaper than any rule is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from openmso.claims.rules import diagnoses, facts, filing, lines, providers
from openmso.claims.rules.modifiers import NEEDS_VISIT
from openmso.claims.rules.payment import MAJOR_DAYS
from openmso.claims.rules.sheet import AddOn, ClaimSheet, Context, Insurer, Line, UnitLimit
from openmso.claims.rules.skin import COSMETIC
from openmso.claims.rules.specialties import TELEHEALTH_MODIFIERS
from openmso.codes.contracts import Standing

OFFICE = "11"
LOOKED_AT = ("S", "V", "W", "X", "Y", COSMETIC)
"""How diagnoses begin of which more is asked: injuries, external causes, cosmetic reasons."""
OF_STAFF = tuple(rule for rule in providers.RULES if rule.only.when & facts.STAFF)
"""They look at biller, who rendered and who referred, and at nothing else."""
SOON = timedelta(days=filing.SOON_DAYS)


class Asked(Protocol):
    """What is read off a claim's row or its sheet."""

    frequency: str
    place_of_service: str
    accident: str
    prior_authorization: str
    referral_number: str
    diagnosis_system: str


def of_claim(
    claim: Asked, reasons: Sequence[str], asked: Sequence[Line], total: Decimal, *, payer: Insurer | None,
    due_on: date | None, today: date,
) -> int:  # fmt: skip
    """Of the claim as a whole: how it is filed, and how diagnoses and lines go together."""
    found = 0
    codes = {line.code for line in asked}
    if len(codes.union(reasons)) < len(asked) + len(reasons):
        found |= facts.SERVICES | facts.REASONS | facts.EDITED
    if not reasons or len(reasons) > diagnoses.DIAGNOSES_MAX or claim.diagnosis_system:
        found |= facts.REASONS
    if not asked or len(asked) > lines.LINES_MAX or sum([line.charge for line in asked]) != total:
        found |= facts.SERVICES
    if claim.place_of_service != OFFICE:
        found |= facts.ELSEWHERE
    if (
        claim.frequency != "1" or claim.accident or (payer is not None and payer.kind in filing.CAUSE_OF_KIND)
        or (due_on is not None and due_on <= today + SOON)
        or not (is_short(claim.prior_authorization) and is_short(claim.referral_number))
    ):  # fmt: skip
        found |= facts.FILING
    return found


def is_short(number: str) -> bool:
    """Whether a number that the payer gave fits."""
    return not number or (len(number) <= filing.REFERENCE_MAX and number == number.strip())


def of_line(
    line: Line, *, reasons: int, today: date, limit: UnitLimit | None, add_on: AddOn | None, follow_up: int | None,
    standing: Standing | None,
) -> int:  # fmt: skip
    """Of one line, which may point to so many diagnoses, with what editions say of its code on its day."""
    found = 0
    if (
        line.code_system or not lines.PROCEDURE.fullmatch(line.code) or not 0 < line.units < 10000
        or not line.is_priced or line.charge <= 0 or line.drug
    ):  # fmt: skip
        found |= facts.SERVICES
    if line.service_through is not None or line.service_on > today:
        found |= facts.FILING
    if line.place_of_service not in {"", OFFICE} or TELEHEALTH_MODIFIERS.intersection(line.modifiers):
        found |= facts.ELSEWHERE
    if not 0 < len(line.pointers) <= diagnoses.POINTERS_MAX or not all(1 <= one <= reasons for one in line.pointers):
        found |= facts.REASONS
    if (
        (limit is not None and line.units > limit.units) or (add_on is not None and add_on.primaries)
        or line.code in NEEDS_VISIT or follow_up == MAJOR_DAYS
        or (standing is not None and not standing.is_used_on(line.service_on))
    ):  # fmt: skip
        found |= facts.EDITED
    return found


def of_reason(code: str, standing: Standing | None) -> int:
    """Of one diagnosis; `standing` is how it stands in the edition of the day, `diagnoses.KNOWN` where none answers."""
    is_usual = diagnoses.ICD10.fullmatch(code) and standing is not None and standing.is_billable
    return 0 if is_usual and not code.startswith(LOOKED_AT) else facts.REASONS


def of_staff(sheet: ClaimSheet, context: Context) -> int:
    """Of who bills, rendered and referred, and of the place: whether a rule about them alone has anything to say."""
    found = 0 if sheet.referring is not None else facts.UNREFERRED
    if not sheet.clia:
        found |= facts.UNCERTIFIED
    is_odd = any(True for rule in OF_STAFF for _ in rule.check(sheet, context))
    return found | facts.STAFF if is_odd else found
