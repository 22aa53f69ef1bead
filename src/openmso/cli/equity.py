"""`openmso equity`: rollovers and distributions computed from files, and cap tables as they stand."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from openmso.cli import fee, setup
from openmso.equity.rules import distributing, loans
from openmso.equity.rules import rollover as selling
from openmso.kit import clock
from openmso.kit.errors import Refused

equity = typer.Typer(no_args_is_help=True, help="Cap tables, distributions, and what a rollover comes to.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@equity.command()
def rollover(
    file: Annotated[Path, typer.Argument(help="JSON of both sales; see docs/how-to/equity.md.")],
    as_json: AsJson = False,
) -> None:
    """What is rolled over at a sale, and what it comes to at a second one, with every step.

    Exit status 0 when it was computed, 1 when the figures are refused, 2 when the file cannot be read.
    """
    asked = fee.read(file)
    try:
        found = selling.rollover(selling.sale_of(asked))
    except Refused as no:
        fee.refuse(no, as_json=as_json)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(selling.outcome_data(found), indent=2, ensure_ascii=False))
        return
    table = Table("Step", "How", Column("Amount", justify="right"))
    for step, how, amount in found.steps:
        table.add_row(step, how, f"{amount:,.2f}")
    Console().print(table)
    Console().print(f"{found.share * 100:.2f} % rolled over, {found.growth} times at the second sale", highlight=False)


@equity.command()
def distribute(
    file: Annotated[Path, typer.Argument(help="JSON with amount, day, classes and holders; docs/how-to/equity.md.")],
    as_json: AsJson = False,
) -> None:
    """Share a distribution among holders: preferred return, then capital, then units. Nothing may follow referrals.

    Exit status 0 when it was computed, 1 when it is refused, 2 when the file cannot be read.
    """
    asked = fee.read(file)
    try:
        amount, positions, by = distributing.question_of(asked)
        found = distributing.distribute(amount, positions, by=by)
    except Refused as no:
        fee.refuse(no, as_json=as_json)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(distributing.distributed_data(found), indent=2, ensure_ascii=False))
        return
    table = Table("Tier", "Holder", "Class", "By", Column("Amount", justify="right"))
    for one in found.shares:
        table.add_row(one.tier.label, one.name, one.class_name, one.owed, f"{one.amount:,.2f}")
    Console().print(table)


@equity.command()
def schedule(
    file: Annotated[Path, typer.Argument(help="JSON with amount, rate, months …; see docs/how-to/equity.md.")],
    as_json: AsJson = False,
) -> None:
    """The instalments of a draw to the cent. What depends on referrals is refused.

    Exit status 0 when it was computed, 1 when it is refused, 2 when the file cannot be read.
    """
    asked = fee.read(file)
    try:
        loan, drawn_on, prepaid = loans.loan_of(asked)
    except Refused as no:
        fee.refuse(no, as_json=as_json)
        raise typer.Exit(1) from None
    rows = loans.schedule(loan, drawn_on, prepaid)
    if as_json:
        typer.echo(json.dumps(loans.schedule_data(loan, rows), indent=2, ensure_ascii=False))
        return
    table = Table(
        "No", "Due", *(Column(name, justify="right") for name in ("Payment", "Interest", "Principal", "Owed"))
    )
    for one in rows:
        figures = (one.payment, one.interest, one.principal, one.balance)
        table.add_row(str(one.number), str(one.due_on), *(f"{figure:,.2f}" for figure in figures))
    Console().print(table)


@equity.command("holdings")
def holdings(
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")] = "",
    as_json: AsJson = False,
) -> None:
    """What practices hold of entities of the network, as it was issued to them, the latest year first."""
    with setup.django():
        from openmso.equity.queries import yearly
        from openmso.platform.tenancy.queries import tenants, whole_network
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.platform.ui.contracts import Filters, PageAsk

        within, keys = whole_network(), {one.pk for one in tenants(code=practice)}
        with scope(practices=within.practices, entities=within.entities), reading():
            rows = yearly.listing(Filters(), PageAsk(size=100_000, sort="ends_on", desc=True)).rows
    told = [
        {
            "id": one.public_id, "practice": one.practice_name, "entity": one.entity_name, "holder": one.holder_name,
            "starts_on": str(one.starts_on), "ends_on": str(one.ends_on), "closing": str(one.closing),
            "paid_out": str(one.paid_out), "classes": [each.as_json() for each in one.classes],
        }
        for one in rows if one.practice in keys
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for each in told:
        typer.echo(f"{each['id']}  {each['holder']}: {each['closing']} of {each['entity']} on {each['ends_on']}")


@equity.command("cap-table")
def cap_table(
    venture: Annotated[str, typer.Argument(help="Id of the cap table; without it all are listed.")] = "",
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; today if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Who holds what on a day, with capital accounts and the joint venture test."""
    with setup.django():
        from openmso.platform.tenancy.queries import network_day, whole_network
        from openmso.platform.tenancy.scope import reading, scope

        within, now = whole_network(), clock.now()
        with scope(practices=within.practices, entities=within.entities), reading():
            told = _told(venture, on.date() if on else network_day(now), now)
    if as_json:
        typer.echo(json.dumps(told, indent=2, default=str, ensure_ascii=False))
        return
    table = Table("Number", "Entity", "Of", "Holders", "Capital") if not venture else Table(
        "Holder", "Class", "Units", "Vested", "Account", "Preferred return"
    )  # fmt: skip
    for one in told if not venture else told["held"]:
        names = "id name owner holders capital" if not venture else "name unit_class units vested account preferred"
        table.add_row(*(str(one[name]) for name in names.split()))
    Console().print(table, highlight=False)


def _told(venture: str, on: Any, now: datetime) -> Any:
    from openmso.equity.api import schemas
    from openmso.equity.queries import facilities, ventures
    from openmso.equity.rules import holding
    from openmso.platform.ui.contracts import Filters, PageAsk

    if not venture:
        rows = ventures.listing(filters=Filters(), page=PageAsk(size=100_000, sort="name"), at=now).rows
        return [schemas.row_data(one) for one in rows]
    one = ventures.table(venture, on=on)
    return schemas.table_data(one, holding.holdings(one, on), facilities.points(one, on), on)
