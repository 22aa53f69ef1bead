"""What the loaded lists say of the services of a set of claims, each as of its day, and what their patients had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.charges import queries as charges
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.queries.lines import Asked, Lines, having
from openmso.claims.rules.limits import SPLIT, is_test
from openmso.claims.rules.measured import EVALUATED, THERAPIES
from openmso.claims.rules.sheet import NO_LISTS, Line, Lists, Spent
from openmso.claims.states import S
from openmso.codes.queries import fees, limits
from openmso.eligibility.queries import therapy
from openmso.kit import words

SIDED = frozenset({"50", *SPLIT})
GONE = (S.VOIDED, S.REPLACED)
PART_B = "MB"
Part = tuple[str, date, str]


class Listed:
    """The lists of the days, asked once for a set of claims."""

    def __init__(
        self, rows: Sequence[Claim], lines: Mapping[int, Lines], asked: Asked, *, part_b: Collection[int]
    ) -> None:
        """`part_b` are the payers that are Medicare Part B, by their keys."""
        services, reasons = asked.services, asked.reasons
        sided = {(line.code, line.service_on) for line in asked.lines if SIDED.intersection(line.modifiers)}
        self._services, self._diagnoses = limits.whom_for(services), limits.whom_for(reasons, diagnoses=True)
        self._waived = limits.waived({one for one in services if is_test(one[0])})
        self._frequencies, self._coverage = limits.frequencies(services), limits.coverage(services)
        self._surgery = fees.surgery(sided)
        self.therapy = _therapy(rows, lines, asked.lines, part_b)
        self._parts = _parts(rows, lines, asked.lines)
        self.known = {
            *self._services, *self._diagnoses, *self._waived, *self._frequencies, *self._coverage, *self._surgery
        }  # fmt: skip
        """Codes with their days that are on some list."""
        self.counted = frozenset(code for told in self._frequencies.values() for one in told for code in one.family)
        """Codes whose earlier services count against a limit."""

    def is_limited(self, line: Line) -> bool:
        """Whether some payer pays the service only so often."""
        return (line.code, line.service_on) in self._frequencies

    def of(self, row: Claim, lines: Lines, diagnoses: tuple[str, ...]) -> Lists:
        """The part of one claim; nothing for the many whose codes are on no list."""
        spent = self.therapy.get(row.id, {})
        services = [(line.code, line.service_on) for line in lines]
        reasons = [(code, row.service_on) for code in diagnoses]
        if not spent and self.known.isdisjoint(services) and self.known.isdisjoint(reasons):
            return NO_LISTS
        parts = self._parts.get(row.patient_id, ())
        return Lists(
            services={one[0]: self._services[one] for one in services if one in self._services},
            diagnoses={one[0]: self._diagnoses[one] for one in reasons if one in self._diagnoses},
            waived={one[0]: self._waived[one] for one in services if one in self._waived},
            frequencies={one[0]: self._frequencies[one] for one in services if one in self._frequencies},
            coverage={one[0]: self._coverage[one] for one in services if one in self._coverage},
            surgery={one[0]: self._surgery[one] for one in services if one in self._surgery},
            parts=frozenset(part for claim, who, part in parts if claim != row.id and who == row.rendering_id),
            therapy=spent,
        )


def discipline(code: str, modifiers: Collection[str]) -> str:
    """Which threshold a therapy counts against: PT-SLP, OT, or none where nothing says it."""
    plan = next((one for one in ("GO", "GP", "GN") if one in modifiers), EVALUATED.get(code, ""))
    return {"GO": "OT", "GP": "PT-SLP", "GN": "PT-SLP"}.get(plan, "")


def _therapy(
    rows: Sequence[Claim], lines: Mapping[int, Lines], every: Sequence[Line], part_b: Collection[int]
) -> dict[int, dict[int, Spent]]:
    """By claim and line, what therapy of the year comes to with it: allowed where decided, else expected.

    Where the payer's latest answer (271) tells what is used of the year, what it had not decided by then is added to
    that; else only what this practice did is known. Lines of which no amount is known count for nothing.
    """
    treated = having(lines, [line for line in every if line.code in THERAPIES])
    asked = {row.id: row.patient_id for row in rows if row.payer_id in part_b and row.id in treated}
    years = {line.service_on.year for claim in asked for line in lines[claim]}
    thresholds = limits.therapy_thresholds(years) if asked else {}
    if not thresholds:
        return {}
    answers = therapy.told(set(asked.values()), part_b)
    spent = {
        key: said.used(thresholds[key[1], key[2]])
        for key, (said, _) in answers.items() if (key[1], key[2]) in thresholds
    }  # fmt: skip
    found: dict[int, dict[int, Spent]] = defaultdict(dict)
    for one in _therapies(set(asked.values()), years, part_b):
        key, threshold = (one.patient, one.day.year, one.plan), thresholds.get((one.day.year, one.plan))
        told_at = answers[key][1] if key in answers else None
        if told_at is None or one.decided_at is None or one.decided_at > told_at:
            spent[key] = spent.get(key, Decimal(0)) + one.amount
        if one.claim in asked and threshold is not None:
            by = f"by the payer's answer of {words.day(told_at.date())} and what it had not decided" if told_at else ""
            found[one.claim][one.number] = Spent(spent.get(key, one.amount), threshold, *([by] if by else []))
    return found


@dataclass(frozen=True, slots=True)
class _Therapy:
    """A line of therapy; `decided_at` is when its payer decided, as far as that is known."""

    claim: int
    number: int
    patient: int
    day: date
    plan: str
    amount: Decimal
    decided_at: datetime | None


def _therapies(patients: Collection[int], years: Collection[int], part_b: Collection[int]) -> Iterator[_Therapy]:
    """Therapy of patients in the order in which it was done."""
    done = ClaimLine.objects.filter(
        carried_to=None, code__in=THERAPIES, claim__patient_id__in=patients, claim__payer_id__in=part_b,
        service_on__year__gte=min(years), service_on__year__lte=max(years),
    ).exclude(claim__state__in=GONE)  # fmt: skip
    told = list(
        done.order_by("service_on", "claim_id", "number").values_list(
            "claim_id", "number", "claim__patient_id", "service_on", "code", "modifiers", "charge_id", "paid_amount",
            "patient_amount", "claim__state_at",
        )
    )  # fmt: skip
    known = charges.by_ids({charge for *_, charge, paid, patient, _ in told if not paid + patient})
    for claim, number, patient, day, code, modifiers, charge, paid, owed, at in told:
        expected = known[charge].expected.amount if charge in known else None
        amount = paid + owed or (expected.amount if expected is not None else Decimal(0))
        if plan := discipline(code, modifiers):
            yield _Therapy(claim, number, patient, day, plan, amount, at if paid + owed else None)


def _parts(
    rows: Sequence[Claim], lines: Mapping[int, Lines], every: Sequence[Line]
) -> dict[int, list[tuple[int, int | None, Part]]]:
    """By patient: operations and care after them (54, 55) on any claim, with the claim and the clinician."""
    split_up = having(lines, [line for line in every if {"54", "55"} & set(line.modifiers)])
    asked = {row.patient_id for row in rows if row.id in split_up}
    if not asked:
        return {}
    split = ClaimLine.objects.filter(
        carried_to=None, claim__patient_id__in=asked, modifiers__overlap=["54", "55"]
    ).exclude(claim__state__in=GONE)  # fmt: skip
    found: dict[int, list[tuple[int, int | None, Part]]] = defaultdict(list)
    told = split.values_list("claim__patient_id", "claim_id", "claim__rendering_id", "code", "service_on", "modifiers")
    for patient, claim, who, code, day, modifiers in told:
        found[patient] += [(claim, who, (code, day, one)) for one in ("54", "55") if one in modifiers]
    return found
