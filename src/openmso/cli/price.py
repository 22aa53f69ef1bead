"""`openmso price`: what Medicare's fee schedule comes to, from a file and without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.contracting.rules import sheets
from openmso.kit.money import Money

app = typer.Typer(no_args_is_help=True, help="Prices by Medicare's fee schedule, from a file.")
BYTES_MAX = 200_000_000


@app.callback()
def price() -> None:
    """Prices by Medicare's fee schedule, from a file."""


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
