"""`openmso allocation`: shared cost as it is allocated, or would be now, on the command line."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import setup
from openmso.cli.fee import refuse
from openmso.cli.settlement import month_of
from openmso.kit.errors import Refused

allocation = typer.Typer(no_args_is_help=True, help="Shared cost: how a month's is allocated among practices.")
AsJson = Annotated[bool, typer.Option("--json", help="Print every share as JSON.")]


@allocation.callback()
def root() -> None:
    """Shared cost: how a month's is allocated among practices."""


@allocation.command("preview")
def preview(month: Annotated[str, typer.Argument(help="The month: 2026-10")], as_json: AsJson = False) -> None:
    """Allocate a month's shared cost as it would be frozen now, or name what is missing; nothing is kept.

    Exit status 0 when it was shared, 1 when something is missing or no plan holds.
    """
    wanted = month_of(month)
    with setup.django():
        from openmso.platform.tenancy.queries import mso, whole_network
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.settlement.queries import allocating

        within = whole_network()
        try:
            with scope(practices=within.practices, entities=within.entities), reading():
                found = allocating.draft(mso(), wanted)
        except Refused as no:
            refuse(no, as_json=as_json)
            raise typer.Exit(1) from None
        told = allocating.as_data(found)
    _print(told, as_json=as_json)
    raise typer.Exit(1 if told["missing"] else 0)


@allocation.command("show")
def show(
    named: Annotated[str, typer.Argument(metavar="ALLOCATION", help="Public id of the allocation: ALR-7K2P9M4X")],
    as_json: AsJson = False,
) -> None:
    """Show an allocation as it was frozen: pools, drivers, every share with its formula."""
    with setup.django():
        from openmso.platform.tenancy.queries import whole_network
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.settlement.queries import allocating, allocations

        within = whole_network()
        try:
            with scope(practices=within.practices, entities=within.entities), reading():
                found = allocations.run(named)
        except Refused as no:
            refuse(no, as_json=as_json)
            raise typer.Exit(1) from None
        told = {"id": named, "state": found.row.state.value} | allocating.as_data(found.allocated)
    _print(told, as_json=as_json)


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    table = Table("Pool", "To", "How", title=f"{told['month']}: {told['whole']} shared")
    table.add_column("Amount", justify="right")
    for pool in told["pools"]:
        for share in pool["shares"]:
            table.add_row(pool["name"], share["to"], share["formula"], share["amount"])
    for code, amount in told["practices"].items():
        table.add_row("", code, "in all", amount)
    Console().print(table)
    for sentence in told["missing"]:
        Console().print(sentence, highlight=False)
