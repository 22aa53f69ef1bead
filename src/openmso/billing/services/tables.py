"""Tables of rules are loaded, put in force and taken back, for the whole house."""

from __future__ import annotations

import hashlib
from datetime import datetime

from openmso.billing.contracts import TABLE, TABLES, TableKind
from openmso.billing.models import RuleTable
from openmso.billing.rules import tables as rules
from openmso.billing.states import TABLE_MOVES, Loaded
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


@atomic
def load(*, actor: Actor, kind: TableKind, edition: str, name: str, content: bytes, at: datetime) -> str:
    """Read a table and check it, all of it or nothing; it is not in force yet. Its public id.

    Raises `Unreadable` with line and fix, and `Conflict` for a file that is loaded already.
    """
    mso = tenancy.mso()
    decision = actor.must(TABLES.code, mso)
    if not edition.strip():
        raise Refused("The edition has no name.", field="edition", fix="Say which it is, for example 2027.")
    rows, checks = rules.read(kind, content)
    digest = hashlib.sha256(content).hexdigest()
    known = RuleTable.objects.filter(kind=kind, sha256=digest).exclude(state=Loaded.UNDONE.value).first()
    if known is not None:
        raise Conflict(f"This file is loaded already, as {known.public_id}.", field="file")
    document = documents.store(
        actor=actor, practice=mso, name=name, content=content, media_type="text/csv", purpose="billing.tables", at=at,
        under=decision,
    ).public_id  # fmt: skip
    row = RuleTable.objects.create(
        kind=kind, edition=edition.strip()[:40], name=name[:120], document=document, sha256=digest, rows=rows,
        checks=checks, loaded_at=at, loaded_by=actor.name[:160],
    )  # fmt: skip
    _tell("billing.table_loaded", row, actor, at, decision)
    return row.public_id


@atomic
def activate(*, actor: Actor, table: str, at: datetime) -> None:
    """Put a table in force, everywhere and from now on."""
    row, decision = _locked(table, actor, Loaded.ACTIVE)
    row.state, row.active_at, row.active_by = Loaded.ACTIVE, at, actor.name[:160]
    row.save(update_fields=["state", "active_at", "active_by"])
    _tell("billing.table_activated", row, actor, at, decision)


@atomic
def undo(*, actor: Actor, table: str, why: str, at: datetime) -> None:
    """Take a table back, with the reason: what held before holds again."""
    row, decision = _locked(table, actor, Loaded.UNDONE)
    if not why.strip():
        raise Refused("A table is taken back for a reason.", code="no_reason", field="why", fix="Say why.")
    row.state, row.undone_at, row.undone_by, row.undone_why = Loaded.UNDONE, at, actor.name[:160], why.strip()[:300]
    row.save(update_fields=["state", "undone_at", "undone_by", "undone_why"])
    _tell("billing.table_undone", row, actor, at, decision, why)


def _locked(table: str, actor: Actor, to: Loaded) -> tuple[RuleTable, Decision]:
    decision = actor.must(TABLES.code, tenancy.mso())
    row = RuleTable.objects.select_for_update().filter(public_id=table).first()
    if row is None:
        raise NotFound(f"There is no table {table}.")
    check_move(TABLE_MOVES, noun="table", frm=Loaded(row.state), to=to)
    return row, decision


def _tell(action: str, row: RuleTable, actor: Actor, at: datetime, under: Decision, why: str = "") -> None:
    audit.record(
        actor=actor, action=action, practice=tenancy.mso(), subject=(TABLE, row.public_id), at=at, why=why,
        facts={"kind": TableKind(row.kind).label.lower(), "edition": row.edition, "count": len(row.rows)},
        decision=under,
    )  # fmt: skip
