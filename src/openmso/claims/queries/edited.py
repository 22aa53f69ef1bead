"""What the code sets and NCCI say of the lines of a set of claims; asked once for lines that are alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openmso.claims.models.claims import Claim
from openmso.claims.queries.lines import Asked, Lines
from openmso.claims.rules import payment
from openmso.claims.rules.lines import is_level_two
from openmso.claims.rules.sheet import AddOn, Pair, UnitLimit
from openmso.codes.queries import edits, fees, sets


class Edits:
    """What the code sets say of the lines of a set of claims, each as of its day of service."""

    def __init__(self, lines: Mapping[int, Lines], every: Asked) -> None:
        asked, once = dict(enumerate(every.lines)), every.services
        self.lines = lines
        self._known: dict[tuple[Any, ...], dict[str, Any]] = {}
        services = ((kind, line.code, line.service_on) for kind, found in asked.items() for line in found)
        self._pairs = {
            id(asked[kind]): tuple([Pair(one.column1, one.column2, one.indicator) for one in found])
            for kind, found in edits.pairs(services).items()
        }
        self.units = {key: UnitLimit(one.units, one.indicator) for key, one in edits.units(once).items()}
        self.add_ons = {key: AddOn(one.primaries, one.edit_type) for key, one in edits.add_ons(once).items()}
        self.follow_up = fees.follow_up({service for service in once if payment.is_procedure(service[0])})
        self.standing = sets.standing("icd10cm", every.reasons) | sets.standing(
            "hcpcs", {service for service in once if is_level_two(service[0])}
        )

    def pairs(self, row: Claim) -> tuple[Pair, ...]:
        """The pairs that the lines of a claim make."""
        return self._pairs.get(id(self.lines.get(row.id, ())), ())

    def of(self, row: Claim) -> dict[str, Any]:
        """What else they say of a claim, as its context names it; claims that are alike share it."""
        lines = self.lines.get(row.id, ())
        shared = id(lines), row.service_on, *row.diagnoses
        if (known := self._known.get(shared)) is None:
            known = self._known[shared] = self._looked_up(lines, row)
        return known

    def _looked_up(self, lines: Lines, row: Claim) -> dict[str, Any]:
        services = [(line.code, line.service_on) for line in lines]
        asked = [*services, *((code, row.service_on) for code in row.diagnoses)]
        return {
            "limits": {service[0]: self.units[service] for service in services if service in self.units},
            "follow_up": {service[0]: self.follow_up[service] for service in services if service in self.follow_up},
            "standing": {one[0]: self.standing[one] for one in asked if one in self.standing},
            "add_ons": {service[0]: self.add_ons[service] for service in services if service in self.add_ons},
        }
