"""`openmso fee`: what a fee comes to under some terms, with every step, from a file and without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.agreements.fees import allocation, asking, sentences, waterfall, writing
from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.units import UNITS
from openmso.kit import exactjson
from openmso.kit.errors import Refused

app = typer.Typer(no_args_is_help=True, help="Fees: what the terms of an agreement come to.")
BYTES_MAX = 1_000_000


@app.callback()
def fee() -> None:
    """Fees: what the terms of an agreement come to."""


@app.command()
def quote(
    file: Annotated[Path, typer.Argument(help="JSON with terms, period and inputs; see docs/how-to/fees.md.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole quote as JSON.")] = False,
) -> None:
    """Compute a fee from a file: the amount, and every step of how it came about.

    Exit status 0 when it was computed, 1 when the terms or figures are refused, 2 when the file cannot be read.
    """
    asked = read(file)
    try:
        answer = asking.question_of(asked).answer()
    except Refused as no:
        refuse(no, as_json=as_json)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(writing.quote_json(answer), indent=2, ensure_ascii=False))
    else:
        show(answer)


@app.command()
def allocate(
    file: Annotated[Path, typer.Argument(help="JSON with pools, drivers and practices; see docs/how-to/fees.md.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print every share as JSON.")] = False,
) -> None:
    """Share cost among practices from a file: pools by drivers, blends and direct amounts, in step-down order.

    Exit status 0 when it was shared, 1 when the plan is refused, 2 when the file cannot be read.
    """
    asked = read(file)
    try:
        found = allocation.allocate(allocation.plan_of(asked))
    except Refused as no:
        refuse(no, as_json=as_json)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(allocation.as_data(found), indent=2, ensure_ascii=False))
        return
    table = Table("Pool", "To", "How", title=f"{found.whole:,.2f} shared")
    table.add_column("Amount", justify="right")
    for closing in found.closings:
        for one in closing.shares:
            table.add_row(closing.pool, one.to, one.formula, f"{one.amount:,.2f}")
    for practice in found.practices:
        table.add_row("", practice, "in all", f"{found.borne(practice):,.2f}")
    Console().print(table)


@app.command("waterfall")
def pay_out(
    file: Annotated[Path, typer.Argument(help="JSON with priority, months and opening; see docs/how-to/fees.md.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print every line as JSON.")] = False,
) -> None:
    """Pay out what came in by the priority of payments of an agreement, month after month, from a file.

    Exit status 0 when it was paid out, 1 when the terms or figures are refused, 2 when the file cannot be read.
    """
    asked = read(file)
    try:
        found = waterfall.run(*waterfall.question_of(asked))
    except Refused as no:
        refuse(no, as_json=as_json)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(waterfall.as_data(found), indent=2, ensure_ascii=False))
        return
    for month in found:
        table = Table("Line", "How", title=f"{month.month}: {month.cash:,.2f} came in")
        for heading in ("Wanted", "Paid", "Advanced", "Missing", "Left"):
            table.add_column(heading, justify="right", no_wrap=True)
        for one in month.lines:
            figures = (one.wanted, one.paid, one.advanced, one.missing, one.left)
            table.add_row(one.line.words, one.how, *(f"{figure:,.2f}" for figure in figures))
        Console().print(table)
        Console().print(f"Loan at the end: {month.closing.loan:,.2f}", highlight=False)


@app.command("units")
def units(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List what fees can be charged by the unit: name, name of the count, and what is counted.

    The system counts these by itself when a month is settled; `task:KIND` counts one kind of work alone.
    """
    if as_json:
        told = [{"unit": one.unit, "count": one.count, "words": one.words} for one in UNITS]
        typer.echo(json.dumps(told, indent=2))
        return
    table = Table("Unit", "Count", "What is counted")
    for one in UNITS:
        table.add_row(one.unit, one.count, one.words)
    Console().print(table)


def read(file: Path) -> Any:
    """The JSON of a file, its numbers exact; a file that is none ends the command with status 2."""
    try:
        if file.stat().st_size > BYTES_MAX:
            raise ValueError(f"more than {BYTES_MAX:,} bytes")
        return exactjson.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as no:
        typer.echo(f"{file} cannot be read as JSON: {no}", err=True)
        raise typer.Exit(2) from None


def refuse(no: Refused, *, as_json: bool) -> None:
    """Say why not, where, and what to do."""
    if as_json:
        said = {"error": {"code": no.code, "message": no.sentence, "field": no.field, "fix": no.fix}}
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        parts = (f"{no.field}:" if no.field else "", no.sentence, no.fix)
        typer.echo(" ".join(part for part in parts if part), err=True)


def show(answer: Quote) -> None:
    """The quote as a table for people."""
    console = Console()
    console.print(sentences.sentence(answer.terms) + ".", highlight=False)
    table = Table(title=f"{answer.period.starts_on} to before {answer.period.ends_on}")
    table.add_column("Step")
    table.add_column("Formula")
    for heading in ("Amount", "Effect", "Fee so far"):
        table.add_column(heading, justify="right")
    for step in answer.steps:
        figures = (f"{one.amount:,.2f}" for one in (step.amount, step.effect, step.so_far))
        table.add_row(step.label, step.formula, *figures)
    console.print(table, highlight=False)
    for aside in answer.asides:
        console.print(f"{aside.kind.value}: {aside.amount} ({aside.words})", highlight=False)
    for note in answer.notes:
        console.print(f"note: {note}", highlight=False)
    console.print(f"Fee: {answer.amount}", highlight=False)
    if answer.paid is not None:
        console.print(f"Paid: {answer.paid}. Due: {answer.due}", highlight=False)
