"""`openmso price`: what Medicare's fee schedule comes to, from a file; what claims would bring under a contract."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from openmso.cli import setup
from openmso.cli.fee import refuse
from openmso.contracting.rules import medicare, sheets
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import ZERO, Money

app = typer.Typer(
    no_args_is_help=True, help="Prices by Medicare's fee schedule, from a file; claims under a proposed contract."
)
BYTES_MAX = 200_000_000
AMOUNTS = ("current", "proposed", "difference")
DOLLARS = "<dollars>"


def dollars(text: str) -> Money:
    """An amount that was typed, 120.00, or a sentence that it is none."""
    try:
        amount = Money.of(text.strip().removeprefix("$").replace(",", ""))
    except ValueError as no:
        raise typer.BadParameter(f"{text!r} is not an amount; write dollars and cents, 120.00") from no
    if amount < ZERO:
        raise typer.BadParameter(f"{text!r} is less than nothing")
    return amount


@app.callback()
def price() -> None:
    """Prices by Medicare's fee schedule, from a file; claims under a proposed contract."""


@app.command()
def mpfs(
    file: Annotated[Path, typer.Argument(help="CSV with relative values, indices and factor; docs/how-to/prices.md.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array, an object per row.")] = False,
) -> None:
    """The non-facility and facility amount of every row of a CSV; columns of published amounts are not looked at.

    Exit status 0 when every row is answered, 1 when some are not as they should be, 2 when the file cannot be read.
    """
    rows = list(sheets.answers(read(file)))
    if as_json:
        typer.echo(json.dumps([row_json(row) for row in rows], indent=2))
    else:
        show(rows)
    if any(row.findings for row in rows):
        raise typer.Exit(1)


@app.command()
def reprice(
    contract: Annotated[str, typer.Argument(help="A payer contract: PCN-7K2P9M4X.")],
    version: Annotated[int | None, typer.Option(help="Its number; without it the draft, or else the latest.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of service.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day after the last.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What the claims of a year would have brought under a version of a contract, or its draft, by code and clinician.

    Without days it is the twelve full months before this one. Exit status 1, in words, when that cannot be told.
    """
    try:
        with setup.django():
            told = _repriced(contract, version, since, until)
    except (Refused, NotFound) as no:
        refuse(no, as_json=as_json)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(told, indent=2, default=str))
        return
    console = Console()
    console.print(f"{told['payer_name']}, version {told['version']}: services from {told['since']} to {told['until']}")
    table = Table("", *(Column(name, justify="right") for name in ("lines", *AMOUNTS)))
    for row in (*told["by_code"], *told["by_clinician"], told["total"]):
        table.add_row(row["name"], str(row["lines"]), *(row[name] for name in AMOUNTS))
    console.print(table)


@app.command()
def secondary(
    charge: Annotated[Money, typer.Option(parser=dollars, metavar=DOLLARS, help="What was charged for the line.")],
    allowed: Annotated[Money, typer.Option(parser=dollars, metavar=DOLLARS, help="What the first payer allowed.")],
    paid: Annotated[Money, typer.Option(parser=dollars, metavar=DOLLARS, help="What the first payer paid.")],
    fee: Annotated[Money, typer.Option(parser=dollars, metavar=DOLLARS, help="Medicare's fee.")],
    accepted: Annotated[
        Money | None,
        typer.Option(parser=dollars, metavar=DOLLARS, help="What must be accepted as payment in full, if less."),
    ] = None,
    alone: Annotated[
        Money | None,
        typer.Option(parser=dollars, metavar=DOLLARS, help="What Medicare would pay alone; else 80% of its fee."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """What Medicare pays of a line after another payer: the lowest of three amounts (42 CFR 411.33)."""
    told = medicare.secondary(
        charge=charge, primary_allowed=allowed, primary_paid=paid, medicare_fee=fee, medicare_payment=alone,
        obliged_to_accept=accepted,
    )  # fmt: skip
    words = {
        "left_of_charge": (told.left_of_charge, "charge, or what must be accepted, less what was paid"),
        "as_first": (told.as_first, "what Medicare would pay alone"),
        "left_of_allowed": (told.left_of_allowed, "higher of both allowed amounts, less what was paid"),
        "pays": (told.pays, "Medicare pays the lowest"),
    }
    if as_json:
        typer.echo(json.dumps({name: str(amount) for name, (amount, _) in words.items()}, indent=2))
        return
    for amount, said in words.values():
        typer.echo(f"{amount!s:>12}  {said}")


def _repriced(contract: str, version: int | None, since: datetime | None, until: datetime | None) -> dict[str, Any]:
    from openmso.kit import clock
    from openmso.platform.tenancy.queries import whole_network
    from openmso.platform.tenancy.scope import reading, scope
    from openmso.underpayments import repricing
    from openmso.underpayments.api.routes import repriced_json

    reach = whole_network()
    first, end = repricing.year_before(clock.now().date())
    with scope(practices=reach.practices, entities=reach.entities), reading():
        return repriced_json(
            repricing.reprice(
                contract=contract, number=version, since=since.date() if since else first,
                until=until.date() if until else end,
            )
        )  # fmt: skip


def read(file: Path) -> str:
    """The text of a file, UTF-8 or else Windows Latin; a file that is none ends the command with status 2."""
    try:
        if file.stat().st_size > BYTES_MAX:
            raise ValueError(f"more than {BYTES_MAX:,} bytes")
        octets = file.read_bytes()
        if b"\x00" in octets:
            raise ValueError("it has zero bytes; save it as CSV in UTF-8")
    except (OSError, ValueError) as no:
        typer.echo(f"{file} cannot be read as CSV: {no}", err=True)
        raise typer.Exit(2) from None
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", errors="replace")


def row_json(row: sheets.Answer) -> dict[str, Any]:
    """A row as it is told in JSON: amounts are texts with two places, or null."""
    return {
        "line": row.line,
        "hcpcs": row.code,
        "mod": row.modifier,
        "nonfacility": _text(row.nonfacility) or None,
        "facility": _text(row.facility) or None,
        "notes": list(row.notes),
        "findings": [
            {"line": one.line, "column": one.column, "message": one.message, "fix": one.fix} for one in row.findings
        ],
    }


def _text(amount: Money | None) -> str:
    return "" if amount is None else str(amount)


def show(rows: list[sheets.Answer]) -> None:
    """The rows as a table for people, what is wrong with some below it."""
    console = Console()
    table = Table()
    for heading, side in (("Line", "right"), ("Code", "left"), ("Non-facility", "right"), ("Facility", "right"),
                          ("", "left")):  # fmt: skip
        table.add_column(heading, justify="right" if side == "right" else "left")
    for row in rows:
        named = f"{row.code}{f'-{row.modifier}' if row.modifier else ''}"
        table.add_row(str(row.line), named, _text(row.nonfacility), _text(row.facility), " ".join(row.notes))
    console.print(table, highlight=False)
    for row in rows:
        for one in row.findings:
            typer.echo(f"line {one.line}, column {one.column}: {one.message} {one.fix}", err=True)
