"""`openmso ledger`: prove the books, and print what the screens show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import setup
from openmso.kit import clock
from openmso.kit.periods import Month
from openmso.kit.words import counted

if TYPE_CHECKING:
    from openmso.ledger.contracts import Book
    from openmso.ledger.contracts.reports import Proof, TrialBalance

app = typer.Typer(no_args_is_help=True, help="The books: prove them, list them, draw their statements.")
Practice = Annotated[str, typer.Option(help="Code of a practice or of the MSO; without it, every book.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON: an array with an object for each book.")]


@contextmanager
def all_books(practice: str) -> Iterator[list[Book]]:
    """The books of a practice, or of the whole network, in one read transaction."""
    with setup.django():
        from openmso.ledger.queries import books
        from openmso.platform.tenancy import queries as tenancy
        from openmso.platform.tenancy.scope import reading, scope

        found = [tenant.pk for tenant in tenancy.tenants(code=practice)]
        reach = tenancy.reach(*found)
        with scope(practices=reach.practices, entities=reach.entities), reading():
            yield books.every()


@app.command()
def check(practice: Practice = "", as_json: Json = False) -> None:
    """Prove the books: entries balance, numbers have no gap, balances are their lines, nothing was changed.

    Exit status 0 when every book is sound, 1 when one is not.
    """
    with all_books(practice) as found:
        from openmso.ledger.queries import proof

        proofs = [proof.check(entity=book.entity) for book in found]
    if as_json:
        typer.echo(json.dumps([_proof(one) for one in proofs], indent=2))
    else:
        for one in proofs:
            entries = counted(one.entries, "entry", "entries")
            typer.echo(f"{'sound ' if one.sound else 'FLAWED'} {one.book.name}: {entries}, "
                       f"{counted(one.lines, 'line')}, {one.debits} in debits")  # fmt: skip
            for flaw in one.flaws:
                typer.echo(f"       {flaw.where}: {flaw.words} ({flaw.code})")
    raise typer.Exit(0 if all(one.sound for one in proofs) else 1)


@app.command()
def books(practice: Practice = "", as_json: Json = False) -> None:
    """List the books: open months, latest entry, cash and receivables."""
    with all_books(practice):
        from openmso.ledger.queries import books as questions
        from openmso.platform.tenancy import queries as tenancy

        rows = questions.books(on=tenancy.network_day(clock.now()))
    shown: list[dict[str, Any]] = [
        {
            "book": row.public_id, "name": row.name, "method": row.method.value,
            "open": [str(month) for month in row.open_months],
            "closed_through": str(row.latest_closed) if row.latest_closed else None, "entries": row.entries,
            "latest": row.latest_name, "cash": str(row.cash), "receivable": str(row.receivable),
            "to_close": row.to_close, "balances": row.balanced,
        }
        for row in rows
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(shown, indent=2))
        return
    _print(["Book", "Name", "Open", "Entries", "Cash", "Receivable"],
           [[row["book"], row["name"], ", ".join(row["open"]), f"{row['entries']:,}", row["cash"], row["receivable"]]
            for row in shown])  # fmt: skip


@app.command("trial-balance")
def trial_balance(
    month: Annotated[str, typer.Argument(help="The month, as 2026-03.")],
    practice: Practice = "",
    method: Annotated[str, typer.Option(help="accrual, cash or tax; without it, each book's own.")] = "",
    through: Annotated[str, typer.Option(help="A day of the month to stop at, as 2026-03-15.")] = "",
    as_json: Json = False,
) -> None:
    """Print the trial balance of a month. Exit status 1 when one does not balance, 2 for an unusable argument."""
    wanted, last = _days(month, through)
    with all_books(practice) as found:
        from openmso.ledger.contracts import Method
        from openmso.ledger.queries import statements

        if method and method not in set(Method):
            raise typer.BadParameter("the method is accrual, cash or tax")
        drawn = [
            statements.trial_balance(
                entity=book.entity, method=Method(method) if method else book.method, starts_on=wanted.first,
                through=last,
            )
            for book in found
        ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps([_trial(one) for one in drawn], indent=2))
    else:
        for one in drawn:
            _print([one.book.name, "Account", "Opening", "Debits", "Credits", "Closing"], [
                *([row.account.code, row.account.name, row.opening, row.debits, row.credits, row.closing]
                  for row in one.rows),
                ["", "Total", one.opening, one.debits, one.credits, one.closing],
            ])  # fmt: skip
    raise typer.Exit(0 if all(one.balanced for one in drawn) else 1)


def _days(month: str, through: str) -> tuple[Month, date]:
    try:
        wanted = Month.parse(month)
        last = date.fromisoformat(through) if through else wanted.last
    except ValueError as no:
        raise typer.BadParameter(str(no)) from no
    if Month.of(last) != wanted:
        raise typer.BadParameter(f"{through} is not a day of {month}")
    return wanted, last


def _proof(one: Proof) -> dict[str, Any]:
    return {
        "book": one.book.public_id, "name": one.book.name, "sound": one.sound, "entries": one.entries,
        "lines": one.lines, "debits": str(one.debits), "digest": one.digest,
        "flaws": [asdict(flaw) for flaw in one.flaws],
    }  # fmt: skip


def _trial(one: TrialBalance) -> dict[str, Any]:
    return {
        "book": one.book.public_id, "name": one.book.name, "method": one.method.value,
        "starts_on": str(one.starts_on), "through": str(one.through), "balanced": one.balanced,
        "debits": str(one.debits), "credits": str(one.credits),
        "accounts": [
            {"code": row.account.code, "name": row.account.name, "opening": str(row.opening),
             "debits": str(row.debits), "credits": str(row.credits), "closing": str(row.closing)}
            for row in one.rows
        ],
    }  # fmt: skip


def _print(heads: list[str], rows: list[list[Any]]) -> None:
    table = Table(*heads)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console().print(table)
