"""`openmso documents`: check the stored files."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from openmso.cli import setup
from openmso.kit.words import counted

documents = typer.Typer(no_args_is_help=True, help="The store of files.")


@documents.callback()
def about() -> None:
    """Every file that came in or went out, encrypted, under its SHA-256."""


@documents.command()
def verify(
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, all.")] = "",
    deep: Annotated[bool, typer.Option(help="Decrypt every file and compare its digest.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say whether every file is there and unchanged; exit status 1 when one is not.

    Files without a row (their transaction was undone) open for nobody, do no harm and are listed.
    """
    with setup.django():
        from openmso.platform.documents import queries
        from openmso.platform.tenancy.queries import tenants
        from openmso.platform.tenancy.scope import reading, scope

        with scope(practices=[tenant.pk for tenant in tenants(code=practice)]), reading():
            found = queries.verify(deep=deep)
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"is_whole": found.is_whole}))
    else:
        for words, paths in (("missing", found.missing), ("changed", found.changed), ("without a row", found.orphans)):
            for path in paths:
                typer.echo(f"{words}: {path}")
        typer.echo(
            f"{counted(found.documents, 'document')}, {found.bytes:,} bytes: "
            f"{'whole' if found.is_whole else 'NOT whole'}"
        )
    raise typer.Exit(0 if found.is_whole else 1)
