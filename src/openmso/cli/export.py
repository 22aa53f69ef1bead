"""`openmso export`: what belongs to a practice, in files of its own."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from openmso.cli import setup

export = typer.Typer(no_args_is_help=True, help="What belongs to a practice, in files of its own.")


@export.callback()
def _group() -> None:
    """What belongs to a practice, in files of its own."""


@export.command("revenue-cycle")
def revenue_cycle(
    practice: Annotated[str, typer.Argument(help="Code of the practice.")],
    to: Annotated[Path, typer.Option(help="The ZIP to write; it must not be there yet.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write the revenue cycle of a practice as one ZIP: claims with their state, 837, 835, denials, appeals, notes."""
    if to.exists():
        typer.echo(f"{to} is there already.", err=True)
        raise typer.Exit(2)
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.portability.services import taking

        at = clock.now()
        file, taken = taking.taken(actor=Actor.system("openmso export", at=at), code=practice, at=at)
        with file, to.open("xb") as out:
            while piece := file.read(1 << 20):
                out.write(piece)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(taken), indent=2))
    else:
        typer.echo(f"{to}: {len(taken.files):,} files, SHA-256 {taken.sha256}")


@export.command("practice")
def whole(
    practice: Annotated[str, typer.Argument(help="Code of the practice.")],
    to: Annotated[Path, typer.Option(help="The folder to write; it must not be there yet.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write all that a practice owns into a folder, sealed by a manifest: tables, FHIR, 837, 835, documents, books.

    Secrets of the practice leave in clear, keys and passwords of this house never. `openmso import practice` brings
    it into an empty system with equal totals. Exit status 0 when it was written, 1 when it was refused.
    """
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.portability.services import taking

        at = clock.now()
        told = taking.exported(actor=Actor.system("openmso export", at=at), code=practice, to=to, at=at)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(told), indent=2))
    else:
        typer.echo(f"{to}: {len(told.files):,} files, {told.rows:,} rows, manifest {told.sha256}")
