"""Other claims beside those of a set, which ask the same payer for the same patient and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter

from django.db.models import Count, Window

from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.rules.sheet import Line
from openmso.claims.states import S

REPEATED = frozenset({"76", "77", "59", "91", "XE", "XS", "XP", "XU"})
"""Modifiers that say why a service stands twice on a day."""

Units = dict[tuple[str, date], Decimal]
"""Units by code and day."""
NO_UNITS: Units = {}
NOT_LEFT = frozenset({S.DRAFT, S.HELD, S.READY})


class Beside:
    """Other live claims of the same patient, day, payer, order and form; of two that have not left, the later is told.

    Two plain questions over the patients of the set: their plans stay good in tables that nobody has analyzed yet.
    """

    def __init__(self, rows: Sequence[Claim], lines: Mapping[int, Sequence[Line]]) -> None:
        asking = "practice_id", "patient_id", "service_on", "payer_id", "ordinal", "form"
        others = Claim.objects.filter(
            patient_id__in={row.patient_id for row in rows},
            service_on__in={row.service_on for row in rows},
            frequency="1",
        ).exclude(state__in=[S.VOIDED, S.REPLACED])
        together = others.annotate(together=Window(Count("pk"), partition_by=asking)).filter(together__gt=1)
        by_key: dict[tuple[object, ...], list[tuple[int, str, str]]] = defaultdict(list)
        for pk, name, state, *key in together.order_by("pk").values_list("pk", "public_id", "state", *asking):
            by_key[tuple(key)].append((pk, name, state))
        twice = {patient for _, patient, *_ in by_key}
        asked = {row.id: _asks(row) for row in rows if row.patient_id in twice}
        self.shared = {claim: by_key[key] for claim, key in asked.items() if key in by_key}
        self._lines = lines
        wanted = {pk for found in self.shared.values() for pk, _, _ in found}
        self._services: dict[int, Units] = {pk: _units(lines[pk]) for pk in wanted & lines.keys()}
        kept = ClaimLine.objects.filter(claim_id__in=wanted - lines.keys(), carried_to=None)
        for pk, code, day, units in kept.values_list("claim_id", "code", "service_on", "units"):
            services = self._services.setdefault(pk, {})
            services[code, day] = services.get((code, day), Decimal(0)) + units

    def _others(self, row: Claim) -> list[tuple[int, str]]:
        """Keys and names of those that came before it, or have left."""
        shared = self.shared.get(row.id, ())
        if not shared or row.frequency != "1" or not row.payer_id:
            return []
        return [(pk, name) for pk, name, state in shared if pk != row.id and (pk < row.id or S(state) not in NOT_LEFT)]

    def twice(self, row: Claim) -> tuple[str, ...]:
        """The names of those that ask for a service of this claim, without a modifier that says why twice."""
        if not (others := self._others(row)):
            return ()
        asked = {(ln.code, ln.service_on) for ln in self._lines.get(row.id, ()) if not REPEATED & set(ln.modifiers)}
        return tuple(name for pk, name in others if asked & self._services.get(pk, {}).keys())

    def units(self, row: Claim) -> Units:
        """The units that they ask for, by code and day."""
        if not (others := self._others(row)):
            return NO_UNITS
        together: Units = {}
        for pk, _ in others:
            for service, units in self._services.get(pk, {}).items():
                together[service] = together.get(service, Decimal(0)) + units
        return together


_asks = attrgetter("practice_id", "patient_id", "service_on", "payer_id", "ordinal", "form")


def _units(lines: Iterable[Line]) -> Units:
    together: Units = {}
    for line in lines:
        service = line.code, line.service_on
        together[service] = together.get(service, Decimal(0)) + line.units
    return together
