"""`openmso audit`: prove the trail, and keep its heads where the database cannot rewrite them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from openmso.cli import setup
from openmso.kit import clock
from openmso.kit.words import counted

audit = typer.Typer(no_args_is_help=True, help="The audit trail: verify it, export its heads.")


@audit.command()
def verify(
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, all.")] = "",
    heads: Annotated[Path | None, typer.Option(help="File that `openmso audit heads` wrote.")] = None,
    outside: Annotated[bool, typer.Option(help="Recompute the hashes here, not in the database (slower).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Recompute every chain; exit status 1 when something does not agree.

    A cut tail and a chain computed anew show only against exported heads: give the file with --heads.
    """
    with setup.django():
        from openmso.platform.audit import queries
        from openmso.platform.tenancy.queries import tenants
        from openmso.platform.tenancy.scope import reading, scope

        chosen = tenants(code=practice)
        with scope(practices=[tenant.pk for tenant in chosen]), reading():
            report = queries.verify(heads=heads, outside=outside)
    if as_json:
        typer.echo(json.dumps(asdict(report) | {"stands": report.stands}))
    else:
        codes = {tenant.pk: tenant.code for tenant in chosen}
        for finding in report.findings:
            typer.echo(f"{codes.get(finding.practice or 0, '?')}  {finding.code}: {finding.sentence}")
        verdict = "The trail stands" if report.stands else counted(len(report.findings), "finding")
        typer.echo(
            f"{verdict}: {counted(report.events, 'event')}, {counted(report.reads, 'read')} "
            f"under {counted(report.seals, 'seal')}, "
            f"{report.heads:,} exported heads."
        )
    raise typer.Exit(0 if report.stands else 1)


@audit.command("heads")
def export_heads(
    to: Annotated[Path, typer.Option(help="File to append to; keep it where the database server cannot write.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Append the signed heads of all chains to a file, one line a time."""
    with setup.django():
        from django.conf import settings

        from openmso.platform.audit import services, verifier
        from openmso.platform.tenancy.queries import tenants
        from openmso.platform.tenancy.scope import scope

        with scope(practices=[tenant.pk for tenant in tenants()]):
            count = services.export_heads(to=to, at=clock.now())
        key = verifier.public_key(settings.AUDIT_KEY)
    told = {"heads": count, "file": str(to), "public_key": key}
    typer.echo(json.dumps(told) if as_json else f"{count} heads added to {to}; public key {key}")
