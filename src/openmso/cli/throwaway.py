"""A simulation in a database that is made for it and thrown away: run, told with its checks, and judged."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from openmso.cli import checks, progress, setup

Run = Callable[[Callable[[str, int, int], object], int], tuple[Any, list[Any]]]
"""Runs a simulation: given whom to tell of progress and how many processes, its summary and its checks."""


def simulated(run: Run, *, title: str, words: Callable[[dict[str, Any]], str], as_json: bool) -> None:
    """Run a simulation in a database of its own; exit status 0 only if every check holds.

    `words` says what it came to, of counts, checks and those that are broken.
    """
    os.environ["OPENMSO_DEMO"] = "1"
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="openmso-simulated-") as home:
        Path(home).chmod(0o755)
        os.environ |= {"OPENMSO_DATA": home, "OPENMSO_PGDATA": f"{home}/pg"}
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            os.environ.pop(name, None)
        with setup.database():
            setup.manage("migrate", "--verbosity", "0", as_owner=True)
            told = _run(run, title, quiet=as_json)
    told["seconds"] = round(time.monotonic() - began, 1)
    broken = [one for one in told["checks"] if not one["holds"]]
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        checks.show(broken)
        typer.echo(words(told | {"broken": broken}))
    raise typer.Exit(1 if broken else 0)


def _run(run: Run, title: str, *, quiet: bool) -> dict[str, Any]:
    setup.ready()
    from django.db import connections

    try:
        with progress.bar(title, quiet=quiet) as tell:
            summary, found = run(tell, min(os.cpu_count() or 1, 4))
    finally:
        connections.close_all()
    return {"counts": dict(summary.counts), "checks": checks.told(found)}
