"""`openmso settlement account|revenue`: one practice's account with the MSO, and what the MSO earned by its fees."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import setup
from openmso.cli.settlement import month_of
from openmso.kit.money import Money

First = Annotated[str, typer.Argument(help="From which month: 2026-01")]
Last = Annotated[str, typer.Argument(help="Through which month: 2026-10")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def account(
    practice: Annotated[str, typer.Argument(help="Code of the practice: ROCK")],
    first: First,
    last: Last,
    pdf: Annotated[Path | None, typer.Option(help="Write the statement as PDF to this new file too.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the statement of account of one practice: what stood before, every line with its entry, what stands after.

    Exit status 0, 1 where the practice was never invoiced, 2 where the months or the file are unusable.
    """
    since, until = month_of(first), month_of(last)
    with setup.django():
        from openmso.platform.tenancy.queries import mso, reach, tenants
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.settlement import pdf as papers
        from openmso.settlement.queries import accounts as asking

        within = reach(mso(), *(one.pk for one in tenants(code=practice)))
        with scope(practices=within.practices, entities=within.entities), reading():
            found = asking.account(practice, first=since, last=until)
        if pdf is not None:
            _write(pdf, papers.account(found))
    lines = [
        {
            "on": str(line.booked_on), "kind": line.kind.value, "words": line.words, "settlement": line.settlement,
            "entry": line.entry, "amount": str(line.amount), "balance": str(line.balance),
        }
        for line in found.lines
    ]  # fmt: skip
    sums = {
        name: str(getattr(found, name))
        for name in ("opening", "invoiced", "credited", "paid", "lent", "closing", "open_invoices")
    }
    if as_json:
        told = {"practice": found.code, "first": str(since), "last": str(until), **sums, "lines": lines}
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    table = Table("Day", "What", "For", "Entry", title=f"{found.practice_name}: {sums['opening']} before")
    for heading in ("Amount", "Owed"):
        table.add_column(heading, justify="right")
    for line in lines:
        table.add_row(line["on"], line["kind"], line["words"], line["entry"], line["amount"], line["balance"])
    Console().print(table)
    typer.echo(f"{sums['closing']} owed at the end of {until}.")


def revenue(
    first: First,
    last: Last,
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, all of them together.")] = "",
    as_json: AsJson = False,
) -> None:
    """Tell what the MSO earned by its fees in some months, whatever was paid: each practice, and all together.

    Of all practices also whether the MSO's book says the same, and what a consolidation takes out. Exit status 0, or 1
    where the book says something else.
    """
    since, until = month_of(first), month_of(last)
    with setup.django():
        from openmso.platform.tenancy.queries import mso, reach, tenants
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.settlement.contracts.accounts import Earned
        from openmso.settlement.queries import revenue as earning

        chosen = [one.pk for one in tenants(code=practice) if not one.is_mso]
        within = reach(*chosen) if practice else reach(mso(), *chosen)
        with scope(practices=within.practices, entities=within.entities), reading():
            found = earning.revenue(first=since, last=until)
    named = [one.name for one in fields(Earned) if one.type == "Money"] + ["variable", "revenue"]
    rows = [
        {"practice": row.code, "months": row.months, **{name: str(getattr(row, name)) for name in named}}
        for row in found.rows
    ]
    whole: dict[str, Any] = {name: str(found.sum(name)) for name in named}
    if as_json:
        told = {
            "first": str(since), "last": str(until), "practices": rows, "together": whole,
            "ledger": None if found.ledger is None else str(found.ledger), "agrees": found.agrees,
            "consolidation": [
                {"accounts": one.words, **_sums(mso=one.of_mso, practices=one.of_practices,
                                                taken_out=one.eliminated, left=one.difference)}
                for one in found.pairs
            ],
        }  # fmt: skip
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _show(rows, whole, found)
    if not found.agrees:
        raise typer.Exit(1)


def _show(rows: list[dict[str, Any]], whole: dict[str, Any], found: Any) -> None:
    shown = ("fixed", "variable", "credits", "revenue", "receivable", "disputed")
    table = Table("Practice", title=f"Earned by fees from {found.first} through {found.last}")
    for name in shown:
        table.add_column(name.capitalize(), justify="right")
    for row in (*rows, {"practice": "Together", **whole}):
        table.add_row(row["practice"], *(row[name] for name in shown))
    Console().print(table)
    if found.ledger is not None:
        typer.echo(f"The MSO's book says {found.ledger}{': the same' if found.agrees else ', which is not the same'}.")


def _sums(**amounts: Money) -> dict[str, str]:
    return {name: str(amount) for name, amount in amounts.items()}


def _write(file: Path, content: bytes) -> None:
    try:
        with file.open("xb") as opened:
            opened.write(content)
    except OSError as no:
        typer.echo(f"{file} cannot be written: {no.strerror}.", err=True)
        raise typer.Exit(2) from no
