"""What the code sets and NCCI say of the lines of a set of claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from openmso.claims.models.claims import Claim
from openmso.claims.queries.lines import Asked, Lines
from openmso.claims.rules import payment
from openmso.claims.rules.lines import is_level_two
from openmso.claims.rules.sheet import AddOn, Pair, UnitLimit
from openmso.codes.queries import edits, fees, sets
from openmso.codes.queries.edits import Service


class Edits:
    """What the code sets say of the lines of a set of claims, each as of its day of service."""

    def __init__(self, lines: Mapping[int, Lines], every: Asked) -> None:
        once = every.services
        self.lines = lines
        alike: dict[frozenset[Service], list[int]] = defaultdict(list)
        for claim, found in lines.items():
            if len(found) > 1:
                alike[frozenset([(line.code, line.service_on) for line in found])].append(claim)
        told = edits.pairs((claims[0], *service) for services, claims in alike.items() for service in services)
        self.pairs: dict[int, tuple[Pair, ...]] = {}
        """The pairs that the lines of claims make, by claim."""
        for claims in alike.values():
            if claims[0] in told:
                pairs = tuple([Pair(one.column1, one.column2, one.indicator) for one in told[claims[0]]])
                self.pairs |= dict.fromkeys(claims, pairs)
        self.units = {key: UnitLimit(one.units, one.indicator) for key, one in edits.units(once).items()}
        self.add_ons = {key: AddOn(one.primaries, one.edit_type) for key, one in edits.add_ons(once).items()}
        self.follow_up = fees.follow_up({service for service in once if payment.is_procedure(service[0])})
        self.standing = sets.standing("icd10cm", every.reasons) | sets.standing(
            "hcpcs", {service for service in once if is_level_two(service[0])}
        )

    def of(self, row: Claim) -> dict[str, Any]:
        """What else they say of a claim, as its context names it."""
        services = [(line.code, line.service_on) for line in self.lines.get(row.id, ())]
        asked = [*services, *((code, row.service_on) for code in row.diagnoses)]
        return {
            "limits": {service[0]: self.units[service] for service in services if service in self.units},
            "follow_up": {service[0]: self.follow_up[service] for service in services if service in self.follow_up},
            "standing": {one[0]: self.standing[one] for one in asked if one in self.standing},
            "add_ons": {service[0]: self.add_ons[service] for service in services if service in self.add_ons},
        }
