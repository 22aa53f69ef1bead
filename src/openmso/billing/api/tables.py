"""The API of tables of rules: what law asks of collecting, and the poverty guidelines."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import File, Form, Schema, Status
from ninja.files import UploadedFile

from openmso.billing.api.helping import router as router
from openmso.billing.contracts import READ, TABLES, TableKind, TableRow
from openmso.billing.queries import tables
from openmso.billing.services import tables as loading
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Body, public_id, text
from openmso.platform.tenancy.scope import reading

TableId = Annotated[str, public_id("TBL")]


class RuleTableOut(Schema):
    """One edition of a table of rules; `holds` says that it is the one in force."""

    id: str
    kind: str
    edition: str
    rows: int
    checks: list[str]
    state: str
    holds: bool
    loaded_at: datetime
    loaded_by: str
    active_at: datetime | None
    undone_at: datetime | None
    undone_why: str


class RuleTableChangeOut(Schema):
    """A row that is new, gone, or says something else."""

    what: str
    key: str
    before: str
    after: str


class RuleTablePageOut(RuleTableOut):
    """One table with its rows, and what it changes of what is in force."""

    content: list[dict[str, str]]
    changes: list[RuleTableChangeOut]


class RuleTableUndoIn(Body):
    """Why a table is taken back."""

    why: Annotated[str, text(300)]


@router.get("/rule-tables", response=list[RuleTableOut])
@operation(READ.code)
def list_rule_tables(request: Any) -> Any:
    """The tables that were loaded, the latest first; where none is in force, what the product ships holds."""
    return [_row(one) for one in tables.listing()]


@router.get("/rule-tables/in-force/{rule_kind}", response=list[dict[str, str]])
@operation(READ.code)
def get_rules_in_force(request: Any, rule_kind: Literal["debt", "poverty"]) -> Any:
    """The rows that hold."""
    return tables.rows(TableKind(rule_kind))


@router.get("/rule-tables/{rule_table}", response=RuleTablePageOut)
@operation(READ.code)
def get_rule_table(request: Any, rule_table: TableId) -> Any:
    """One table, with what it changes."""
    return _page(rule_table)


@router.post("/rule-tables", response={201: RuleTablePageOut})
@operation(TABLES.code)
def load_rule_table(
    request: Any, kind: Form[Literal["debt", "poverty"]], edition: Form[Annotated[str, text(40)]],
    file: File[UploadedFile],
) -> Any:  # fmt: skip
    """Load an edition (CSV); it is checked whole, and not in force yet."""
    made = loading.load(
        actor=request.actor, kind=TableKind(kind), edition=edition, name=file.name or "table.csv",
        content=file.read(), at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _page(made))


@router.post("/rule-tables/{rule_table}/activation", response=RuleTableOut)
@operation(TABLES.code)
def activate_rule_table(request: Any, rule_table: TableId) -> Any:
    """Put a table in force."""
    loading.activate(actor=request.actor, table=rule_table, at=request.actor.at)
    with reading():
        return _row(tables.table(rule_table))


@router.post("/rule-tables/{rule_table}/undoing", response=RuleTableOut)
@operation(TABLES.code)
def undo_rule_table(request: Any, rule_table: TableId, body: RuleTableUndoIn) -> Any:
    """Take a table back; what held before holds again."""
    loading.undo(actor=request.actor, table=rule_table, why=body.why, at=request.actor.at)
    with reading():
        return _row(tables.table(rule_table))


def _page(table: str) -> dict[str, Any]:
    found = tables.table(table)
    changed = [{"what": one.what, "key": one.key, "before": one.before, "after": one.after}
               for one in tables.changes(found)]  # fmt: skip
    return _row(found) | {"content": list(found.rows), "changes": changed}


def _row(row: TableRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "kind": row.kind.value, "edition": row.edition, "rows": row.count,
        "checks": list(row.checks), "state": row.state.value, "holds": row.holds, "loaded_at": row.loaded_at,
        "loaded_by": row.loaded_by, "active_at": row.active_at, "undone_at": row.undone_at,
        "undone_why": row.undone_why,
    }  # fmt: skip
