"""Authorizations and referrals that claims lack, asked for a whole set of claims at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from django.db.models import Sum

from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.rules.sheet import Line
from openmso.claims.states import S
from openmso.eligibility.contracts import Authorization, AuthorizationRule, Permit, Permitting
from openmso.eligibility.queries import permits

GONE = (S.VOIDED, S.REPLACED)


class Permits:
    """What payers ask of a set of claims, what is on file for their patients, and what other claims used of it."""

    def __init__(self, rows: Sequence[Claim]) -> None:
        asking = {row.payer_id for row in rows if row.payer_id}
        self._rules: dict[tuple[int, int], list[AuthorizationRule]] = defaultdict(list)
        for rule in permits.rules_of({row.practice_id for row in rows}, asking) if asking else ():
            self._rules[rule.practice, rule.payer_id].append(rule)
        asked = [row for row in rows if (row.practice_id, row.payer_id) in self._rules]
        self._held: dict[int, list[Authorization]] = defaultdict(list)
        for one in permits.of_patients({row.patient_id for row in asked}) if asked else ():
            self._held[one.patient_id].append(one)
        counted = [one for held in self._held.values() for one in held if one.units is not None]
        self._used = _used(counted) if counted else {}

    def are_asked(self, row: Claim) -> bool:
        """Whether the payer of a claim asks for any."""
        return (row.practice_id, row.payer_id or 0) in self._rules

    def of(self, row: Claim, lines: Sequence[Line]) -> tuple[Permitting, ...]:
        """What the lines of one claim lack."""
        rules = self._rules.get((row.practice_id, row.payer_id or 0), ())
        if not rules:
            return ()
        held = self._held.get(row.patient_id, ())
        numbers = {Permit.AUTHORIZATION: row.prior_authorization, Permit.REFERRAL: row.referral_number}
        own: dict[str, Decimal] = defaultdict(Decimal)
        found: list[Permitting] = []
        for line in lines:
            used = {one.public_id: self._of_others(one, row.pk) + own[one.public_id] for one in held}
            found += permits.lacking(
                line=line.number, code=line.code, units=line.units, place=row.place_of_service,
                diagnoses=tuple(row.diagnoses), on=line.service_on, rules=rules, held=held, numbers=numbers, used=used,
            )  # fmt: skip
            for one in held:
                if one.number in numbers.values() and one.first_code <= line.code <= one.last_code:
                    own[one.public_id] += line.units
        return tuple(found)

    def _of_others(self, one: Authorization, claim: int) -> Decimal:
        return sum((units for other, units in self._used.get(one.public_id, {}).items() if other != claim), Decimal(0))


def used_of(held: Collection[Authorization]) -> dict[str, Decimal]:
    """Units that live claims used of each authorization, by public id."""
    if not held:
        return {}
    return {name: sum(units.values(), Decimal(0)) for name, units in _used(held).items()}


def _used(held: Collection[Authorization]) -> Mapping[str, Mapping[int, Decimal]]:
    """Units that live claims used of each authorization, by claim; burn-down is what lines say, kept nowhere else."""
    by_number = {(one.patient_id, one.number): one for one in held}
    lines = ClaimLine.objects.filter(
        carried_to=None,
        claim__patient_id__in={one.patient_id for one in held},
        claim__prior_authorization__in={one.number for one in held},
    ).exclude(claim__state__in=GONE)
    told = lines.values_list("claim_id", "claim__patient_id", "claim__prior_authorization", "code")
    used: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for claim, patient, number, code, units in told.annotate(units_used=Sum("units")):
        one = by_number.get((patient, number))
        if one is not None and one.first_code <= code <= one.last_code:
            used[one.public_id][claim] += units
    return used
