"""The figures that books know by name, of many practices at once, each with the lines of its days that it opens to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openmso.agreements.fees.categories import OTHER
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange
from openmso.ledger.contracts import Selection
from openmso.ledger.queries import selection as ledger
from openmso.parties.queries import payers
from openmso.settlement import formulas
from openmso.settlement.formulas import Formula

PAYER = "payer:"
"""What the party of a ledger line starts with where a payer is meant; its EDI id follows."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of payers by what ledger lines call them: by EDI id on payments, by key on charges."""

    by_edi_id: Mapping[str, str]
    by_key: Mapping[int, str]

    def of(self, party: str) -> str:
        """The kind of the payer behind a party; what is no payer's is other."""
        if party.startswith(PAYER):
            return self.by_edi_id.get(party.removeprefix(PAYER), OTHER)
        return self.by_key.get(int(party), OTHER) if party.isdecimal() else OTHER


def kinds() -> Kinds:
    """The kinds of all payers in scope."""
    return Kinds(payers.kinds_by_edi_id(), payers.kinds())


def parted(selection: Selection, by_party: Mapping[str, Money], known: Kinds, sign: int = 1) -> tuple[Any, Any]:
    """A figure by kind of payer, and the selection that each part opens to."""
    parties: dict[str, list[str]] = defaultdict(list)
    sums: dict[str, Money] = defaultdict(lambda: ZERO)
    for party, net in by_party.items():
        kind = known.of(party)
        sums[kind] += net if sign > 0 else -net
        parties[kind].append(party)
    if not sums:
        return ZERO, {OTHER: selection.as_json()}
    return dict(sums), {kind: replace(selection, parties=tuple(ones)).as_json() for kind, ones in parties.items()}


def of_days(
    asked: Sequence[tuple[int, Collection[str]]], days: DayRange, known: Kinds | None = None
) -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:
    """The formulas that terms name, on some days, by entity: figures by name, and what each opens to.

    Asked are an entity and the names; all books are summed together.
    """
    made: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {entity: ({}, {}) for entity, _ in asked}
    together: dict[Formula, list[int]] = defaultdict(list)
    for entity, names in asked:
        for formula in formulas.named(names):
            together[formula].append(entity)
    if together and known is None:
        known = kinds()
    for formula, entities in together.items():
        found = ledger.by_party_of(entities, formula.selection(0, days))
        for entity in entities:
            figures, opens = made[entity]
            assert known is not None, "asked for above"
            figures[formula.name], opens[formula.name] = _summed(formula, entity, days, found.get(entity, {}), known)
    return made


def _summed(
    formula: Formula, entity: int, days: DayRange, by_party: Mapping[str, Money], known: Kinds
) -> tuple[Any, Any]:
    selection = formula.selection(entity, days)
    if formula.by_payer:
        return parted(selection, by_party, known, formula.sign)
    net = Money.total(by_party.values())
    return net if formula.sign > 0 else -net, {OTHER: selection.as_json()}
