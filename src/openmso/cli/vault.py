"""`openmso vault`: seal secrets anew after a new key was added."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from openmso.cli import setup

vault = typer.Typer(no_args_is_help=True, help="Secrets at rest.")


@vault.callback()
def about() -> None:
    """Identity secrets and the keys of documents, sealed with AES-256-GCM."""


@vault.command()
def rotate(
    batch: Annotated[int, typer.Option(help="Rows in one transaction.")] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
) -> None:
    """Seal with the newest key what older keys sealed; run it again after an interruption.

    First add the new key at the end of OPENMSO_FIELD_KEYS and restart everything, so that all processes can open
    both. The old key may go when nothing is left on it. Exit status 1 when something is left.
    """
    with setup.django():
        from openmso.platform.vault import services

        found = list(services.rotate(batch=batch))
    if as_json:
        typer.echo(json.dumps([asdict(column) for column in found]))
    else:
        for column in found:
            typer.echo(f"{column.table}.{column.column}: {column.resealed} sealed anew, {column.left} left")
    raise typer.Exit(1 if any(column.left for column in found) else 0)
