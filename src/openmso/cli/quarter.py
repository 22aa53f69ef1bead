"""`openmso quarter`: simulated quarters, one for each seed, in a database of their own; what is lost is found."""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from openmso.cli import checks, progress, setup


def quarter(
    seeds: Annotated[int, typer.Option(help="How many seeds, each a practice with luck of its own.")] = 50,
    first: Annotated[int, typer.Option(help="The first seed.")] = 1,
    visits: Annotated[int, typer.Option(help="Visits a week in each practice.")] = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Simulate a quarter with eight payers for each seed, and prove every law of conservation on each.

    It runs in a database that is made for it and thrown away. Exit status 0 only if every check holds.
    """
    os.environ["OPENMSO_DEMO"] = "1"
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="openmso-quarter-") as home:
        Path(home).chmod(0o755)
        os.environ |= {"OPENMSO_DATA": home, "OPENMSO_PGDATA": f"{home}/pg"}
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            os.environ.pop(name, None)
        with setup.database():
            setup.manage("migrate", "--verbosity", "0", as_owner=True)
            told = _run(range(first, first + seeds), visits, quiet=as_json)
    told["seconds"] = round(time.monotonic() - began, 1)
    broken = [one for one in told["checks"] if not one["holds"]]
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        checks.show(broken)
        counts = told["counts"]
        typer.echo(
            f"{seeds} quarters: {counts['claims']:,} claims, {counts['remittances']:,} remittances, "
            f"{len(told['checks']):,} checks, {len(broken)} broken."
        )
    raise typer.Exit(1 if broken else 0)


def _run(seeds: range, visits: int, *, quiet: bool) -> dict[str, Any]:
    setup.ready()
    from django.db import connections

    from openmso.simulator import services

    try:
        with progress.bar("Running quarters", quiet=quiet) as tell:
            summary, found = services.quarter(
                seeds=seeds, progress=tell, visits_a_week=visits, processes=min(os.cpu_count() or 1, 4)
            )
    finally:
        connections.close_all()
    return {"counts": dict(summary.counts), "checks": checks.told(found)}
