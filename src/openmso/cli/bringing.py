"""`openmso import`: what was exported, brought into an empty system."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import setup

bring = typer.Typer(no_args_is_help=True, help="What was exported, brought into an empty system.")


@bring.callback()
def _group() -> None:
    """What was exported, brought into an empty system."""


@bring.command("practice")
def practice(
    folder: Annotated[
        Path, typer.Argument(help="The folder that `openmso export practice` wrote, or its ZIP unpacked.")
    ],
    key: Annotated[str, typer.Option(help="Public key (hex) of the house that it must come from; else of any.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print every figure as JSON.")] = False,
) -> None:
    """Bring a practice in from its export, whole or not at all, and show each figure beside that of the export.

    The system is migrated and has no practice of this name. The same export twice is brought in once. Exit status 0
    when every figure is equal, 1 when the export was refused, or when people have worked on since it was brought in.
    """
    with setup.django(as_owner=True):
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.portability.services import bringing

        at = clock.now()
        told = bringing.brought(actor=Actor.system("openmso import", at=at), folder=folder, at=at, key=key)
    equal = all(one.equal for one in told.compared)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(told) | {"equal": equal}, indent=2))
    else:
        _show(told, equal=equal)
    raise typer.Exit(0 if equal else 1)


def _show(told: Any, *, equal: bool) -> None:
    table = Table("", "", "", "Export", "Here", "")
    for one in told.compared:
        table.add_row(one.name, one.of, one.measure, one.exported, one.here, "=" if one.equal else "differs")
    for column in table.columns[3:5]:
        column.justify = "right"
    Console().print(table)
    done = "was brought in" if told.is_new else "is here already from this export"
    typer.echo(
        f"{told.name} ({told.practice}) {done}: {told.rows:,} rows and {told.documents:,} documents; "
        f"{'every figure is equal' if equal else 'some figures differ'}."
    )
