"""`openmso exchange`: bring what waits to partners, look into their mailboxes, and see how both stand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit.words import counted

if TYPE_CHECKING:
    from openmso.platform.access.contracts import Actor

exchange = typer.Typer(
    no_args_is_help=True, help="Trading partners: send what waits, poll mailboxes, see how it stands."
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def _network(name: str) -> Iterator[tuple[Actor, datetime]]:
    """The whole network in scope, the system as actor, the instant."""
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import whole_network
        from openmso.platform.tenancy.scope import scope

        at, reach = clock.now(), whole_network()
        with scope(practices=reach.practices, entities=reach.entities):
            yield Actor.system(f"openmso exchange {name}", at=at), at


@exchange.command()
def send(as_json: JsonOption = False) -> None:
    """Bring every file that is due to its partner; exit status 1 when one failed for good."""
    with _network("send") as (actor, at):
        from openmso.exchange.services import transmitting

        done = transmitting.transmit_due(actor=actor, at=at)
    words = f"{done.sent} sent, {done.put_off} put off, {done.by_hand} for people's hands, {done.failed} failed"
    _say(asdict(done), words, as_json)
    raise typer.Exit(1 if done.failed else 0)


@exchange.command()
def poll(as_json: JsonOption = False) -> None:
    """Take in what partners sent; exit status 1 when a mailbox could not be read."""
    with _network("poll") as (actor, at):
        from openmso.exchange.services import arriving

        found = arriving.poll(actor=actor, at=at)
    words = "\n".join(f"{one.partner}: {one.words or counted(one.arrived, 'new file')}" for one in found)
    _say([asdict(one) for one in found], words or "No partner has a mailbox.", as_json)
    raise typer.Exit(1 if any(one.words for one in found) else 0)


@exchange.command()
def status(as_json: JsonOption = False) -> None:
    """How partners and files stand; exit status 1 when a partner is down or a file failed."""
    with _network("status"):
        from openmso.exchange.queries import partners, transmissions
        from openmso.platform.tenancy.scope import reading

        with reading():
            every, standing = partners.every(), transmissions.standing()
    told: dict[str, Any] = {
        "partners": [
            {"id": one.public_id, "name": one.name, "way": one.way.value, "is_down": one.is_down,
             "down_words": one.down_words, "polled_at": one.polled_at, "poll_words": one.poll_words}
            for one in every
        ],
        "transmissions": {state.value: count for state, count in standing.items()},
    }  # fmt: skip
    lines = [
        f"{one.name} ({one.way.label}): {'down, ' + one.down_words if one.is_down else 'working'}" for one in every
    ]
    lines += [f"{state.label}: {count}" for state, count in standing.items()]
    _say(told, "\n".join(lines) or "No partner and no file.", as_json)
    raise typer.Exit(1 if any(one.is_down for one in every) or standing.get(_failed()) else 0)


def _failed() -> Any:
    from openmso.exchange.states import T

    return T.FAILED


def _say(told: Any, words: str, as_json: bool) -> None:
    typer.echo(json.dumps(told, default=str, indent=2) if as_json else words)
