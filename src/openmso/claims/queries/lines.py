"""The lines of claims; for claims that are only judged, lines that are alike are one object."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

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

    lines: list[Line]
    services: set[tuple[str, date]]
    reasons: set[tuple[str, date]]
    """Of claims whose diagnoses are ICD-10-CM."""

    @classmethod
    def of(cls, rows: Sequence[Claim], lines: Mapping[int, Lines]) -> Asked:
        """Of claims and their lines."""
        every = list({id(line): line for found in lines.values() for line in found}.values())
        said = {(tuple(row.diagnoses), row.service_on) for row in rows if not row.diagnosis_system}
        return cls(
            every, {(line.code, line.service_on) for line in every},
            {(code, day) for codes, day in said for code in codes},
        )  # fmt: skip


FIELD = "\x1f"
SHARED = f"""
SELECT claim_id, charge_id,
       concat_ws('{FIELD}', number, code, array_to_json(modifiers), units, amount, service_on,
                 array_to_json(pointers), coalesce(service_through::text, ''), place_of_service)
  FROM claims_claimline WHERE claim_id = ANY(%(claims)s::bigint[]) AND carried_to_id IS NULL
 ORDER BY claim_id, number
"""
"""What lines say, as one text each: those that are alike are read once."""


def of_claims(ids: Collection[int]) -> dict[int, Lines]:
    """The lines of claims, by their keys, in their order."""
    rows = ClaimLine.objects.filter(claim_id__in=ids, carried_to=None).order_by("claim_id", "number")
    told = rows.values_list(
        "claim_id", "charge_id", "line_control", "number", "code", "modifiers", "units", "amount", "service_on",
        "pointers", "service_through", "place_of_service",
    )  # fmt: skip
    apart = charges.peculiar({row[1] for row in told})
    found: dict[int, list[Line]] = defaultdict(list)
    for claim, charge, control, *said in told:
        line = _line(control, *said)
        found[claim].append(_with(line, apart[charge]) if charge in apart else line)
    return {claim: tuple(lines) for claim, lines in found.items()}


def shared(ids: Collection[int]) -> dict[int, Lines]:
    """The same without the numbers that tell lines of claims apart; lines that are alike are one object.

    A line whose charge says more than the line is no other's.
    """
    with connection.cursor() as cursor:
        cursor.execute(SHARED, {"claims": array(ids)})
        told = cursor.fetchall()
    apart = charges.peculiar({charge for _, charge, _ in told})
    known: dict[str, Line] = {}
    found: dict[int, list[Line]] = defaultdict(list)
    for claim, charge, said in told:
        if (line := known.get(said)) is None:
            line = known[said] = _read(said)
        found[claim].append(_with(line, apart[charge]) if charge in apart else line)
    return {claim: tuple(lines) for claim, lines in found.items()}


def _read(said: str) -> Line:
    """A line of the text that `SHARED` makes of it."""
    number, code, modifiers, units, amount, day, pointers, through, place = said.split(FIELD)
    return _line(
        "", int(number), code, json.loads(modifiers), Decimal(units), Decimal(amount), date.fromisoformat(day),
        json.loads(pointers), date.fromisoformat(through) if through else None, place,
    )  # fmt: skip


def having(lines: Mapping[int, Lines], some: Collection[Line]) -> set[int]:
    """The claims that have one of some lines."""
    wanted = {id(line) for line in some}
    return {claim for claim, found in lines.items() if not wanted.isdisjoint(map(id, found))} if wanted else set()


def _line(
    control: str, number: int, code: str, modifiers: Iterable[str], units: Decimal, amount: Decimal, day: date,
    pointers: Iterable[int], through: date | None, place: str,
) -> Line:  # fmt: skip
    return Line(number, control, code, tuple(modifiers), units, amount, day, tuple(pointers), through, place)


def _with(line: Line, charge: Charge) -> Line:
    """A line of a charge that says more than code, units and amount."""
    drug = charge.drug
    return replace(
        line, code_system=charge.code_system, is_priced=charge.is_priced, note=charge.note,
        drug=Medicine(drug.ndc, drug.quantity, drug.unit) if drug else None, revenue_code=charge.revenue_code,
        minutes=charge.minutes,
    )  # fmt: skip
