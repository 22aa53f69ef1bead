"""`openmso billing tables`: the tables of law and of poverty guidelines, loaded, shown, put in force and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit.errors import Refused

if TYPE_CHECKING:
    from openmso.billing.contracts import TableRow

tables = typer.Typer(no_args_is_help=True, help="Tables of law (dunning) and poverty guidelines: load, show, activate.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Table = Annotated[str, typer.Argument(help="Public id of the table, TBL-...")]


@contextmanager
def _house() -> Iterator[Any]:
    """The actor of a command in the MSO's own scope; a refusal ends it with words and status 1."""
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy import queries as tenancy
        from openmso.platform.tenancy.scope import scope

        mso = tenancy.mso()
        with scope(practices=[mso], entities=tenancy.reach(mso).entities):
            try:
                yield Actor.system("openmso billing tables", at=clock.now())
            except Refused as no:
                typer.echo(f"{no} {no.fix}".strip(), err=True)
                raise typer.Exit(1) from no


def _tell(as_json: bool, table: str = "") -> None:
    from openmso.billing.queries import tables as asking
    from openmso.platform.tenancy.scope import reading

    with reading():
        found = [asking.table(table)] if table else asking.listing()
        changed = asking.changes(found[0]) if table else ()
    if as_json:
        rows = [_row(one) for one in found]
        changes = [{"what": one.what, "key": one.key, "before": one.before, "after": one.after} for one in changed]
        typer.echo(json.dumps(rows[0] | {"changes": changes} if table else rows, indent=2))
        return
    for one in found:
        typer.echo(f"{one.public_id} {one.kind.label}, edition {one.edition}: {len(one.rows)} rows, "
                   f"{'in force' if one.holds else one.state.label.lower()}")  # fmt: skip
    for each in changed:
        typer.echo(f"  {each.what} {each.key}: {each.before or 'nothing'} -> {each.after or 'nothing'}")


def _row(one: TableRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "kind": one.kind.value, "edition": one.edition, "rows": len(one.rows),
        "checks": list(one.checks), "state": one.state.value, "holds": one.holds,
    }  # fmt: skip


@tables.command("list")
def listed(as_json: Json = False) -> None:
    """The tables that were loaded, the latest first."""
    with _house():
        _tell(as_json)


@tables.command("show")
def show(table: Table, as_json: Json = False) -> None:
    """One table, with what it changes of what is in force."""
    with _house():
        _tell(as_json, table)


@tables.command("load")
def load(
    kind: Annotated[str, typer.Argument(help="debt (law of collecting) or poverty (guidelines).")],
    file: Annotated[Path, typer.Argument(help="The table, as CSV.")],
    edition: Annotated[str, typer.Option(help="Which edition it is, for example 2027.")], as_json: Json = False,
) -> None:  # fmt: skip
    """Load an edition (CSV): it is checked whole, and not in force until it is activated."""
    with _house() as actor:
        from openmso.billing.contracts import TableKind
        from openmso.billing.services import tables as loading

        if kind not in {one.value for one in TableKind}:
            raise typer.BadParameter(f"{kind!r} is none of {', '.join(one.value for one in TableKind)}.")
        made = loading.load(
            actor=actor, kind=TableKind(kind), edition=edition, name=file.name, content=file.read_bytes(), at=actor.at
        )
        _tell(as_json, made)


@tables.command("activate")
def activate(table: Table, as_json: Json = False) -> None:
    """Put a table in force, everywhere and from now on."""
    with _house() as actor:
        from openmso.billing.services import tables as loading

        loading.activate(actor=actor, table=table, at=actor.at)
        _tell(as_json, table)


@tables.command("undo")
def undo(
    table: Table, why: Annotated[str, typer.Option(help="Why it is taken back.")], as_json: Json = False
) -> None:  # fmt: skip
    """Take a table back; what held before holds again."""
    with _house() as actor:
        from openmso.billing.services import tables as loading

        loading.undo(actor=actor, table=table, why=why, at=actor.at)
        _tell(as_json, table)
