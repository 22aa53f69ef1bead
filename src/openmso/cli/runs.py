"""`openmso billing runs`: what runs over accounts propose, and what is decided of it.

Where money is given up or an account goes away, somebody else than whoever proposed it decides: a run is decided by the
person whose token of the API is in OPENMSO_TOKEN, with their roles and grants, and under their name in the trail.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit.errors import Refused

if TYPE_CHECKING:
    from openmso.billing.contracts import SweepRow

runs = typer.Typer(no_args_is_help=True, help="Runs over accounts: list, show, leave accounts out, approve or refuse.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Run = Annotated[str, typer.Argument(help="Public id of the run, CRN-...")]
Why = Annotated[str, typer.Option(help="The reason, in a sentence.")]
TOKEN = "OPENMSO_TOKEN"
SHOWN_MAX = 500


@contextmanager
def _within(*, decides: bool = False) -> Iterator[Any]:
    """The actor of a command in the scope of the network; who decides is told by their token."""
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import reach, whole_network
        from openmso.platform.tenancy.scope import scope

        at = clock.now()
        actor = _person(at) if decides else Actor.system("openmso billing runs", at=at)
        within = reach(*sorted(actor.practices_for("billing.read"))) if decides else whole_network()
        with scope(practices=within.practices, entities=within.entities):
            try:
                yield actor
            except Refused as no:
                typer.echo(f"{no} {no.fix}".strip(), err=True)
                raise typer.Exit(1) from no


def _person(at: Any) -> Any:
    from openmso.platform.api.authentication import token_actor
    from openmso.platform.identity import queries

    grant = queries.grant_of(os.environ.get(TOKEN, ""), address="127.0.0.1", at=at)
    if grant is None:
        raise typer.BadParameter(f"A run is decided by a person: put a token of theirs into {TOKEN}.")
    return token_actor(grant, at=at)


def _tell(as_json: bool, run: str = "", *, accounts: bool = False) -> None:
    from openmso.billing.queries import sweeps
    from openmso.platform.tenancy.scope import reading
    from openmso.platform.ui.contracts import Filters, PageAsk

    page = PageAsk(size=SHOWN_MAX)
    with reading():
        found = [sweeps.sweep(run)] if run else sweeps.listing(filters=Filters(), page=page).rows
        inside = sweeps.of_sweep(run, filters=Filters(), page=page).rows if accounts else ()
    if as_json:
        rows = [_row(one) for one in found]
        content = [
            {"number": one.number, "patient": one.patient, "deed": one.deed.value, "amount": str(one.amount),
             "state": one.state.value, "why": one.words or one.why}
            for one in inside
        ]  # fmt: skip
        typer.echo(json.dumps((rows[0] | {"content": content} if accounts else rows[0]) if run else rows, indent=2))
        return
    for one in found:
        typer.echo(f"{one.public_id} {one.practice_name}, {one.kind.label.lower()}: {one.count} accounts of "
                   f"{one.amount}, {one.state.label.lower()}")  # fmt: skip
    for each in inside:
        typer.echo(f"  {each.number} {each.patient} {each.deed.label} {each.amount}, {each.state.label.lower()}")


def _row(one: SweepRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "kind": one.kind.value, "state": one.state.value,
        "accounts": one.count, "amount": str(one.amount), "made_by": one.made_by, "decided_by": one.decided_by,
    }  # fmt: skip


@runs.command("list")
def listed(as_json: Json = False) -> None:
    """The runs, the latest first."""
    with _within():
        _tell(as_json)


@runs.command("show")
def show(run: Run, as_json: Json = False) -> None:
    """One run with its accounts, the largest amount first; no names of patients."""
    with _within():
        _tell(as_json, run, accounts=True)


@runs.command("leave-out")
def leave_out(
    run: Run, numbers: Annotated[list[int], typer.Argument(help="Numbers of its accounts.")], why: Why,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Leave accounts out of a run that waits."""
    with _within(decides=True) as actor:
        from openmso.billing.services import sweeping

        sweeping.leave_out(actor=actor, sweep=run, numbers=numbers, why=why, at=actor.at)
        _tell(as_json, run)


@runs.command("approve")
def approve(
    run: Run, reference: Annotated[str, typer.Option(help="Numbers of the checks by which credits go back.")] = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Do what a run proposes; never one's own run where money is given up."""
    with _within(decides=True) as actor:
        from openmso.billing.services import sweeping

        sweeping.approve(actor=actor, sweep=run, reference=reference, at=actor.at)
        _tell(as_json, run)


@runs.command("refuse")
def refuse(run: Run, why: Why, as_json: Json = False) -> None:
    """Say no to a run: nothing of it is done."""
    with _within(decides=True) as actor:
        from openmso.billing.services import sweeping

        sweeping.refuse(actor=actor, sweep=run, why=why, at=actor.at)
        _tell(as_json, run)
