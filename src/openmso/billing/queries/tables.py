"""The tables of rules: which is in force, what it says, and what a new one changes."""

from __future__ import annotations

from collections.abc import Sequence

from openmso.billing.contracts import TableKind, TableRow
from openmso.billing.models import RuleTable
from openmso.billing.rules import tables as rules
from openmso.billing.rules.charity import Guideline
from openmso.billing.rules.medical_debt import Row
from openmso.billing.states import Loaded
from openmso.kit.errors import NotFound

SHIPPED = "As shipped"


def in_force(kind: TableKind) -> RuleTable | None:
    """The table that was put in force last and not taken back; without one, what is shipped holds."""
    found = RuleTable.objects.filter(kind=kind, state=Loaded.ACTIVE.value)
    return found.order_by("-active_at", "-pk").first()


def rows(kind: TableKind) -> list[dict[str, str]]:
    """The rows that hold."""
    found = in_force(kind)
    return list(found.rows) if found else rules.shipped(kind)


def written(kind: TableKind) -> bytes:
    """What holds, as a file that can be changed and loaded."""
    return rules.written(kind, rows(kind))


def laws() -> tuple[Row, ...]:
    """What law and policy ask of collecting."""
    return tuple(rules.debt_row(row) for row in rows(TableKind.DEBT))


def guidelines() -> tuple[Guideline, ...]:
    """The poverty guidelines."""
    return tuple(rules.guideline_row(row) for row in rows(TableKind.POVERTY))


def listing() -> list[TableRow]:
    """All tables that were loaded, the latest first."""
    return rows_of(list(RuleTable.objects.order_by("-pk")))


def table(public_id: str) -> TableRow:
    """One table; raises `NotFound`."""
    row = RuleTable.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no table {public_id}.")
    return rows_of([row])[0]


def changes(found: TableRow) -> list[rules.Change]:
    """What a table changes of what is in force; what it changed, once it is, is told by the one before."""
    return rules.changes(found.kind, rows(found.kind), found.rows)


def rows_of(found: Sequence[RuleTable]) -> list[TableRow]:
    """Tables as they leave the app."""
    held = {kind: in_force(kind) for kind in {TableKind(row.kind) for row in found}}
    return [
        TableRow(
            row.public_id, TableKind(row.kind), row.edition, row.name, row.document, tuple(row.rows),
            tuple(row.checks), Loaded(row.state), row == held[TableKind(row.kind)], row.loaded_at, row.loaded_by,
            row.active_at, row.active_by, row.undone_at, row.undone_by, row.undone_why,
        )
        for row in found
    ]  # fmt: skip
