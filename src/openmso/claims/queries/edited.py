"""What the code sets and NCCI say of the lines of a set of claims; asked once for lines that are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openmso.claims.models.claims import Claim
from openmso.claims.rules import payment
from openmso.claims.rules.lines import is_level_two
from openmso.claims.rules.sheet import AddOn, Line, Pair, UnitLimit
from openmso.codes.queries import edits, fees, sets


class Edits:
    """What the code sets say of the lines of a set of claims, each as of its day of service."""

    def __init__(self, lines: Mapping[int, Sequence[Line]], rows: Sequence[Claim]) -> None:
        alike = {id(found): found for found in lines.values()}
        asked = dict(enumerate(alike.values()))
        once = {(line.code, line.service_on) for found in asked.values() for line in found}
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
        diagnoses = {(code, row.service_on) for row in rows if not row.diagnosis_system for code in row.diagnoses}
        self.standing = sets.standing("icd10cm", diagnoses) | sets.standing(
            "hcpcs", {service for service in once if is_level_two(service[0])}
        )

    def of(self, row: Claim, *, edited: bool) -> dict[str, Any]:
        """The part of the context of a claim; pairs only where its payer uses them. Claims that are alike share it."""
        lines = self.lines.get(row.id, ())
        alike = id(lines), row.service_on, *row.diagnoses
        if (known := self._known.get(alike)) is None:
            known = self._known[alike] = self._looked_up(lines, row)
        return known | {"pairs": self._pairs.get(id(lines), ()) if edited else ()}

    def _looked_up(self, lines: Sequence[Line], row: Claim) -> dict[str, Any]:
        services = [(line.code, line.service_on) for line in lines]
        asked = [*services, *((code, row.service_on) for code in row.diagnoses)]
        return {
            "limits": {service[0]: self.units[service] for service in services if service in self.units},
            "follow_up": {service[0]: self.follow_up[service] for service in services if service in self.follow_up},
            "standing": {one[0]: self.standing[one] for one in asked if one in self.standing},
            "add_ons": {service[0]: self.add_ons[service] for service in services if service in self.add_ons},
        }
