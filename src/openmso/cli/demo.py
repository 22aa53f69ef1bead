"""`openmso demo`: build the demo network, run its months, prove it, serve it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import checks, progress, serve, setup


def demo(
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the network when it is built.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    seed: Annotated[int, typer.Option(help="Another seed gives another network's luck.")] = 20261001,
    port: Annotated[int, typer.Option(help="The port to serve on.")] = 8000,
) -> None:
    """Build a network of eight practices, run two months, check that nothing was lost, and serve it.

    The second time it serves what is there. Exit status 0 only if every conservation check holds.
    """
    os.environ["OPENMSO_DEMO"] = "1"
    os.environ.setdefault("OPENMSO_URL", f"http://127.0.0.1:{port}")
    began = time.monotonic()
    with setup.database():
        serve.prepare()
        with _django():
            outcome = _built(seed, quiet=as_json)
        outcome["seconds"] = round(time.monotonic() - began, 1)
        sound = all(check["holds"] for check in outcome["checks"])
        _print(outcome, as_json)
        if not sound:
            raise typer.Exit(1)
        if serve_it:
            with _payers_online(seed):
                serve.serve(host="127.0.0.1", port=port, workers=2, say=typer.echo, greeting=_greeting(port))


@contextmanager
def _django() -> Iterator[None]:
    """Django in this process, until the web and the worker take over in their own."""
    setup.ready()
    from django.db import connections

    try:
        yield
    finally:
        connections.close_all()


@contextmanager
def _payers_online(seed: int) -> Iterator[None]:
    """The payers of the network answer while it is served."""
    from openmso.kit import clock
    from openmso.simulator import services

    with ExitStack() as open_until_the_end:
        with _django():
            open_until_the_end.enter_context(services.payers_online(seed=seed, at=clock.now()))
        yield


def _built(seed: int, *, quiet: bool) -> dict[str, Any]:
    from openmso.kit import clock
    from openmso.simulator import queries, services

    known = services.exists()
    counts: dict[str, int] = {}
    if not known:
        with progress.bar("Building the network", quiet=quiet) as tell:
            counts = dict(services.demo(progress=tell, seed=seed, processes=_processes()).counts)
    else:
        services.count_figures(at=clock.now())
    services.seal_reads()
    found = checks.told(queries.checks())
    return {"built": not known, "counts": counts, "checks": found, "sign_ins": _sign_ins()}


def _sign_ins() -> list[dict[str, str]]:
    from openmso.platform.access import registry
    from openmso.simulator.network.building import everybody

    roles = registry.roles()
    return [
        {
            "name": user.name,
            "email": user.email,
            "role": roles[user.role].words,
            "where": ", ".join(user.practices) or "all",
        }
        for user in everybody()
    ]


def _processes() -> int:
    """How many build the months at once: as many as there are processors, four at most."""
    return min(os.cpu_count() or 1, 4)


def _print(outcome: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(outcome, indent=2))
        return
    console = Console()
    if outcome["counts"]:
        counts = Table("", "count", title="Two months of eight practices")
        for name, count in outcome["counts"].items():
            counts.add_row(name, f"{count:,}")
        console.print(counts)
    checks.show(outcome["checks"])
    people = Table("demo sign-in", "role", "practices")
    for one in outcome["sign_ins"]:
        people.add_row(f"{one['name']} <{one['email']}>", one["role"], one["where"])
    console.print(people)


def _greeting(port: int) -> str:
    return (
        f"OpenMSO serves http://127.0.0.1:{port}/ (Ctrl-C ends it).\n"
        "Sign in by one click on the sign-in page; the demo users above work on this machine only."
    )
