"""`openmso outbox`: deliver what waits, see what could not be delivered, deliver it again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from openmso.cli import setup
from openmso.kit import clock

outbox = typer.Typer(no_args_is_help=True, help="Facts for subscribers: deliver, list dead letters, replay.")


@outbox.command()
def deliver(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Deliver what waits now; exit status 1 when a letter died."""
    with setup.django():
        from openmso.platform.outbox import services

        done = services.deliver_pending(at=clock.now())
    said = f"{done.done} delivered, {done.put_off} put off, {done.dead} dead"
    typer.echo(json.dumps(asdict(done)) if as_json else said)
    raise typer.Exit(1 if done.dead else 0)


@outbox.command()
def dead(as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False) -> None:
    """List the dead letters with their reasons."""
    with setup.django():
        from openmso.platform.outbox import queries
        from openmso.platform.tenancy.queries import whole_network
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.platform.ui.contracts import PageAsk

        with scope(practices=whole_network().practices), reading():
            found = queries.dead_letters(page=PageAsk(size=1_000)).rows
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in found], default=str))
        return
    for row in found:
        typer.echo(f"{row.public_id}  {row.fact} for {row.subscriber}, tries {row.tries}: {row.reason}")


@outbox.command()
def replay(
    public_ids: Annotated[list[str], typer.Argument(help="Ids of dead letters, as `openmso outbox dead` lists them.")],
    why: Annotated[str, typer.Option(help="What was put right.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Have dead letters delivered again, now; exit status 1 when one died again."""
    with setup.django():
        from openmso.platform.access.contracts import Actor
        from openmso.platform.outbox import services
        from openmso.platform.tenancy.queries import whole_network
        from openmso.platform.tenancy.scope import scope

        at = clock.now()
        with scope(practices=whole_network().practices):
            for public_id in public_ids:
                services.replay(actor=Actor.system("openmso outbox replay", at=at), public_id=public_id, at=at, why=why)
        done = services.deliver_pending(at=at)
    said = f"{done.done} delivered, {done.put_off} put off, {done.dead} dead"
    typer.echo(json.dumps(asdict(done)) if as_json else said)
    raise typer.Exit(1 if done.dead else 0)
