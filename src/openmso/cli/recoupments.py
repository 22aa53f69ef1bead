"""`openmso recoupments`: what payers hold against practices, and all that they took or gave beside claims."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit.words import counted

recoupments = typer.Typer(
    no_args_is_help=True, help="What payers took or gave beside claims: by reference, or every line of it."
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Practice = Annotated[str, typer.Option(help="Code of the practice; without it all of them.")]
DAY = ["%Y-%m-%d"]
MOST = 100_000


@contextmanager
def _reading(practice: str) -> Iterator[date]:
    """The day of the network, in the scope of a practice or of all."""
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.tenancy.queries import network_day, reach, tenants, whole_network
        from openmso.platform.tenancy.scope import reading, scope

        within = reach(tenants(code=practice)[0].pk) if practice else whole_network()
        with scope(practices=within.practices, entities=within.entities), reading():
            yield network_day(clock.now())


@recoupments.command("list")
def listed(
    practice: Practice = "",
    state: Annotated[str, typer.Option(help="held, unexplained or closed; without it what stands open.")] = "",
    as_json: Json = False,
) -> None:
    """References between payers and practices with what is held on each, what is not explained first.

    Exit status: 1 where money was taken, or left, that nobody explained; else 0.
    """
    with _reading(practice) as on:
        from openmso.platform.ui.contracts import Filters, PageAsk, Term
        from openmso.remittances.contracts import RecoupmentState
        from openmso.remittances.queries import recoupments as queries

        if state and state not in {one.value for one in RecoupmentState}:
            raise typer.BadParameter(f"{state!r} is none of held, unexplained, closed", param_hint="--state")
        filters = Filters((Term("is", "=", state, state),) if state else ())
        found = queries.references(filters=filters, page=PageAsk(1, MOST), on=on).rows
        unexplained = [one for one in found if one.state is RecoupmentState.UNEXPLAINED]
    rows: list[dict[str, Any]] = [
        {"id": one.public_id, "payer": one.payer_name, "practice": one.practice_name, "reference": one.reference,
         "codes": one.codes, "since": one.first_on, "days": one.age, "items": one.items, "state": one.state.value,
         "words": one.words, "held": str(one.held)}
        for one in found
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows, default=str, indent=2))
    for row in [] if as_json else rows:
        named = f"{row['codes']} {row['reference'] or 'without a reference'}, {counted(row['days'], 'day')}"
        typer.echo(f"{row['id']}  {row['held']:>12}  {row['state']:<11}  {row['payer']}, {named}: {row['words']}")
    raise typer.Exit(1 if unexplained else 0)


@recoupments.command("lines")
def lines(
    practice: Practice = "",
    kind: Annotated[
        str, typer.Option(help="recoupment, interest, capitation, incentive, adjustment or fee; without it all.")
    ] = "",
    since: Annotated[datetime | None, typer.Option(formats=DAY, help="First accounting day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=DAY, help="The day after the last.")] = None,
    as_json: Json = False,
) -> None:
    """Every line of a provider adjustment (PLB), the latest first: of one kind, of accounting days since and before."""
    with _reading(practice):
        from openmso.platform.ui.contracts import Filters, PageAsk, Term
        from openmso.remittances.contracts import Beside
        from openmso.remittances.queries import recoupments as queries

        if kind and kind not in {one.value for one in Beside}:
            said = ", ".join(one.value for one in Beside)
            raise typer.BadParameter(f"{kind!r} is none of {said}", param_hint="--kind")
        bounds = [
            *([Term("posted", ">=", since.date(), str(since.date()))] if since else []),
            *([Term("posted", "<", until.date(), str(until.date()))] if until else []),
        ]
        filters = Filters((*([Term("kind", "=", kind, kind)] if kind else []), *bounds))
        found = queries.beside(filters=filters, page=PageAsk(1, MOST)).rows
        total = queries.tally_beside(filters=filters).totals["taken"]
    rows: list[dict[str, Any]] = [
        {"id": one.row.public_id, "posted_on": one.posted_on, "payer": one.payer_name, "practice": one.practice_name,
         "kind": one.kind.value, "code": one.row.code, "words": one.row.words, "reference": one.row.reference,
         "remittance": one.row.remittance, "account": one.row.account, "for_us": str(one.taken)}
        for one in found
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps({"lines": rows, "for_us": str(total)}, default=str, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['id']}  {row['posted_on']}  {row['for_us']:>12}  {row['code']:<2}  {row['payer']}: "
                   f"{row['words']}, {row['reference'] or 'no reference'}, {row['remittance']}")  # fmt: skip
    typer.echo(f"{total!s} for us in {counted(len(rows), 'line')}.")
