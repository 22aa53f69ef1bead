"""`openmso denials`: the queue for scripts, and what was posted before denials were kept."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit.words import counted

denials = typer.Typer(no_args_is_help=True, help="Denials: list them, take in what was posted, say their worth anew.")
PracticeOption = Annotated[str, typer.Option(help="Code of the practice; without it all of them.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _reach(practice: str) -> Any:
    from openmso.platform.tenancy.queries import reach, tenants, whole_network

    return reach(tenants(code=practice)[0].pk) if practice else whole_network()


@denials.command("list")
def list_(
    practice: PracticeOption = "",
    state: Annotated[str, typer.Option(help="A status as the queue filters by it; open: all of work.")] = "new",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """The denials, what is worth most first: number, claim, what the payer said, what to do, by when, worth."""
    with setup.django():
        from openmso.denials.queries import queue
        from openmso.kit import clock
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.platform.ui.contracts import Filters, PageAsk, Term

        within = _reach(practice)
        with scope(practices=within.practices, entities=within.entities), reading():
            found = queue.denials(
                filters=Filters((Term("is", "=", state, state),)), page=PageAsk(size=limit), on=clock.now().date()
            ).rows
    if as_json:
        rows = [
            {"id": row.public_id, "practice": row.practice_name, "claim": row.claim, "reason": row.reason,
             "category": row.category.value, "action": row.action, "due_on": row.due_on, "amount": str(row.amount),
             "value": str(row.value), "state": row.state.value}
            for row in found
        ]  # fmt: skip
        typer.echo(json.dumps(rows, default=str, indent=2))
        return
    for row in found:
        typer.echo(f"{row.public_id}  {row.claim}  {row.reason:<12} {row.amount!s:>10}  {row.why_next}  {row.action}")


@denials.command("take-in")
def take_in(
    practice: PracticeOption = "",
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Remittances posted (accounting day) from this day on."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make denials of what posted remittances left open; those that are kept already stay as they are."""
    with setup.django():
        from openmso.denials.services import taking
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.remittances.queries import denied

        at = clock.now()
        actor, within = Actor.system("openmso denials", at=at), _reach(practice)
        made = 0
        with scope(practices=within.practices, entities=within.entities):
            with reading():
                wanted = denied.remittances_since(since.date() if since else date.min)
            for tenant, remittance in wanted:
                made += taking.take_in(actor=actor, practice=tenant, remittance=remittance, at=at)
    answer = {"remittances": len(wanted), "denials": made}
    said = f"{counted(made, 'denial')} of {counted(len(wanted), 'remittance')}."
    typer.echo(json.dumps(answer) if as_json else said)


@denials.command("revalue")
def revalue(practice: PracticeOption = "", as_json: JsonOption = False) -> None:
    """Say anew what open denials are worth, as every night."""
    with setup.django():
        from openmso.denials.services import taking
        from openmso.kit import clock
        from openmso.platform.tenancy.scope import scope

        within = _reach(practice)
        with scope(practices=within.practices, entities=within.entities):
            changed = sum(taking.revalue(practice=one, at=clock.now()) for one in sorted(within.practices))
    typer.echo(json.dumps({"changed": changed}) if as_json else f"{counted(changed, 'denial')} changed.")
