"""`openmso worker` and `openmso jobs`: do what transactions asked for, and see what was given up."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from openmso.cli import setup
from openmso.kit import clock

jobs = typer.Typer(no_args_is_help=True, help="The queue of jobs: how it stands, dead jobs, running one again.")


def worker(
    concurrency: Annotated[int, typer.Option(help="Jobs at the same time.")] = 2,
    heartbeat: Annotated[float, typer.Option(help="Seconds between heartbeats.")] = 3.0,
    stalled_after: Annotated[float, typer.Option(help="Seconds without a heartbeat until others take over.")] = 15.0,
    once: Annotated[bool, typer.Option(help="Do what is due, then end.")] = False,
) -> None:
    """Run jobs, deliver facts and seal the audit trail until Ctrl-C; it finishes what it has in hand."""
    with setup.django():
        from openmso.platform.jobs import worker as house

        house.run(concurrency=concurrency, heartbeat=heartbeat, stalled_after=stalled_after, wait=not once)


@jobs.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Say how the queue stands; exit status 1 when jobs wait and no worker runs, or when there are dead jobs."""
    with setup.django():
        from openmso.platform.jobs import queries
        from openmso.platform.tenancy.queries import whole_network
        from openmso.platform.tenancy.scope import reading, scope

        with scope(practices=whole_network().practices), reading():
            found = queries.health(at=clock.now())
    if as_json:
        typer.echo(json.dumps(asdict(found), default=str))
    else:
        since = f" since {found.oldest_due_at:%Y-%m-%d %H:%M}" if found.oldest_due_at else ""
        typer.echo(f"{found.due} due{since}, {found.running} running, {found.workers} workers, {found.dead} given up.")
    raise typer.Exit(1 if found.dead or (found.due and not found.workers) else 0)


@jobs.command()
def dead(as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False) -> None:
    """List the jobs that were given up, with their reasons."""
    with setup.django():
        from openmso.platform.jobs import queries
        from openmso.platform.tenancy.queries import whole_network
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.platform.ui.contracts import PageAsk

        with scope(practices=whole_network().practices), reading():
            found = queries.dead_jobs(page=PageAsk(size=1_000)).rows
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in found], default=str))
        return
    for row in found:
        typer.echo(f"{row.public_id}  {row.failed_at:%Y-%m-%d %H:%M}  {row.job}  tries {row.tries}: {row.reason}")


@jobs.command()
def replay(
    public_ids: Annotated[list[str], typer.Argument(help="Ids of dead jobs, as `openmso jobs dead` lists them.")],
    why: Annotated[str, typer.Option(help="What was put right.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Have dead jobs run again; exit status 1 when one of them may not, or is not dead."""
    with setup.django():
        from openmso.platform.access.contracts import Actor
        from openmso.platform.jobs import services
        from openmso.platform.tenancy.queries import whole_network
        from openmso.platform.tenancy.scope import scope

        at = clock.now()
        with scope(practices=whole_network().practices):
            for public_id in public_ids:
                services.replay(actor=Actor.system("openmso jobs replay", at=at), public_id=public_id, at=at, why=why)
    said = "\n".join(f"{public_id} runs again" for public_id in public_ids)
    typer.echo(json.dumps({"runs_again": public_ids}) if as_json else said)
