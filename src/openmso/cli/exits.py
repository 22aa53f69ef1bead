"""`openmso exits`: practices that leave, how far each is, and what its closing comes to as of today."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import setup

exits = typer.Typer(no_args_is_help=True, help="Exits: practices that leave, their plans, and their closings.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@exits.command("list")
def list_exits(
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the exits of practices: notice, the day on which the agreement ends, tasks that are open."""
    with setup.django():
        from openmso.kit import clock
        from openmso.leaving.api import row_data
        from openmso.leaving.queries import cases
        from openmso.platform.tenancy.queries import tenants, whole_network
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.platform.ui.contracts import Filters, PageAsk

        within, keys = whole_network(), {one.pk for one in tenants(code=practice)}
        with scope(practices=within.practices, entities=within.entities), reading():
            found = cases.listing(filters=Filters(), page=PageAsk(size=10_000, sort="ends_on"), at=clock.now()).rows
        told = [row_data(one) for one in found if one.practice in keys]
    if as_json:
        typer.echo(json.dumps(told, indent=2, default=str, ensure_ascii=False))
        return
    for one in told:
        typer.echo(
            f"{one['id']}  {one['practice']}: {one['stage']}, ends on {one['ends_on']}, {one['open_tasks']} tasks open"
        )


@exits.command()
def show(
    exit_id: Annotated[str, typer.Argument(metavar="EXIT", help="Public id of the exit: EXI-7K2P9M4X")],
    as_json: AsJson = False,
) -> None:
    """Tell an exit: its plan, the assets with their prices, and the closing as of today with what is missing."""
    with setup.django():
        from openmso.kit import clock
        from openmso.leaving.api import exit_data
        from openmso.leaving.queries import cases, closing
        from openmso.platform.tenancy.queries import today, whole_network
        from openmso.platform.tenancy.scope import reading, scope

        within, now = whole_network(), clock.now()
        with scope(practices=within.practices, entities=within.entities), reading():
            one = cases.today(exit_id, now)
            told = exit_data(one, closing.closing(one, today(one.practice, now), at=now))
    if as_json:
        typer.echo(json.dumps(told, indent=2, default=str, ensure_ascii=False))
        return
    ending = told["closing"]
    table = Table("What", "How", title=f"{told['practice']} leaves on {told['ends_on']}")
    table.add_column("Practice owes", justify="right")
    for line in ending["lines"]:
        table.add_row(line["words"], line["how"], line["amount"])
    table.add_row(ending["whom"], "", ending["net"])
    Console().print(table)
    for missing in ending["missing"]:
        typer.echo(missing)
