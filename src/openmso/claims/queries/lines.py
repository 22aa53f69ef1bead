"""The lines of claims; those of claims that are alike are the same objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection

from openmso.charges import queries as charges
from openmso.charges.contracts import Charge
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.rules.sheet import Line, Medicine
from openmso.platform.database.writing import array

Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a set of claims asks the code sets about, each once: lines, services and diagnoses with their days."""

    lines: list[Lines]
    services: set[tuple[str, date]]
    reasons: set[tuple[str, date]]
    """Of claims whose diagnoses are ICD-10-CM."""

    @classmethod
    def of(cls, rows: Sequence[Claim], lines: Mapping[int, Lines]) -> Asked:
        """Of claims and their lines."""
        every = alike(lines)
        said = {(tuple(row.diagnoses), row.service_on) for row in rows if not row.diagnosis_system}
        return cls(
            every, {(line.code, line.service_on) for found in every for line in found},
            {(code, day) for codes, day in said for code in codes},
        )  # fmt: skip


ALIKE = """
SELECT array_agg(claim_id), string_agg(charges, ',') FROM (
  SELECT claim_id, string_agg(charge_id::text, ',') AS charges,
         string_agg((number, code, modifiers, units, amount, service_on, pointers, service_through,
                     place_of_service)::text, ',' ORDER BY number) AS said
    FROM claims_claimline WHERE claim_id = ANY(%(claims)s::bigint[]) AND carried_to_id IS NULL GROUP BY claim_id) each
 GROUP BY said
"""
"""Claims whose lines say the same, together, and the charges of their lines."""


def of_claims(ids: Collection[int]) -> dict[int, Lines]:
    """The lines of claims, by their keys, in their order."""
    told = _told(ids)
    return _made(told, charges.peculiar({row[1] for row in told}), numbered=True)


def shared(ids: Collection[int]) -> dict[int, Lines]:
    """The same without the numbers that tell lines of claims apart; claims whose lines are alike have one tuple.

    Lines are read once for claims that are alike. A line whose charge says more than the line is no other's.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, {"claims": array(ids)})
        groups = cursor.fetchall()
    apart = charges.peculiar([int(charge) for _, of_lines in groups for charge in of_lines.split(",")])
    having = ClaimLine.objects.filter(charge_id__in=apart, claim_id__in=ids, carried_to=None)
    alone = set(having.values_list("claim_id", flat=True)) if apart else set()
    first = {}
    for group, _ in groups:
        if plain := [claim for claim in group if claim not in alone] if alone else group:
            first[plain[0]] = plain
    made = _made(_told({*first, *alone}), apart, numbered=False)
    found = {claim: made[claim] for claim in alone}
    for one, group in first.items():
        found |= dict.fromkeys(group, made[one])
    return found


def _told(ids: Collection[int]) -> list[tuple[Any, ...]]:
    rows = ClaimLine.objects.filter(claim_id__in=ids, carried_to=None).order_by("claim_id", "number")
    return list(
        rows.values_list(
            "claim_id", "charge_id", "line_control", "number", "code", "modifiers", "units", "amount", "service_on",
            "pointers", "service_through", "place_of_service",
        )
    )  # fmt: skip


def _made(told: Iterable[tuple[Any, ...]], apart: Mapping[int, Charge], *, numbered: bool) -> dict[int, Lines]:
    found: dict[int, list[Line]] = defaultdict(list)
    for claim, charge, control, number, code, modifiers, units, amount, day, pointers, through, place in told:
        line = Line(
            number,
            control if numbered else "",
            code,
            tuple(modifiers),
            units,
            amount,
            day,
            tuple(pointers),
            through,
            place,
        )
        found[claim].append(_with(line, apart[charge]) if charge in apart else line)
    return {claim: tuple(lines) for claim, lines in found.items()}


def alike(lines: Mapping[int, Lines]) -> list[Lines]:
    """The lines of some claims, once for those that share them."""
    return list({id(found): found for found in lines.values()}.values())


def _with(line: Line, charge: Charge) -> Line:
    """A line of a charge that says more than code, units and amount."""
    drug = charge.drug
    return replace(
        line, code_system=charge.code_system, is_priced=charge.is_priced, note=charge.note,
        drug=Medicine(drug.ndc, drug.quantity, drug.unit) if drug else None, revenue_code=charge.revenue_code,
        minutes=charge.minutes,
    )  # fmt: skip
