"""`openmso waterfall`: months paid out by the priority of payments, deficit loans, and bank files, for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import setup
from openmso.cli.fee import refuse
from openmso.kit.errors import Refused
from openmso.kit.periods import Month

waterfall = typer.Typer(
    no_args_is_help=True, help="The priority of payments: propose and post months, list runs, loans and bank files."
)
Practice = Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
RunName = Annotated[str, typer.Argument(help="Public id of the run, WFR-...")]


@waterfall.callback()
def root() -> None:
    """The priority of payments: propose and post months, list runs, loans and bank files."""


@waterfall.command()
def propose(
    practice: Annotated[str, typer.Argument(help="Code of the practice: ROCK")],
    month: Annotated[str, typer.Argument(help="A month that is over: 2026-10")],
    as_json: Json = False,
) -> None:
    """Reckon a month by the agreement's priority of payments, for the practice to approve; nothing is posted.

    Exit status 1 where that was refused, 2 where the month is none.
    """
    try:
        wanted = Month.parse(month)
    except ValueError as no:
        typer.echo(f"{no}.", err=True)
        raise typer.Exit(2) from no
    with _within(practice, as_json) as (actor, at):
        from openmso.platform.tenancy.queries import tenants
        from openmso.treasury.services import running

        key = tenants(code=practice)[0].pk
        made = running.propose(actor=actor, practice=key, month=wanted, at=at)
        _show(made.public_id, as_json)


@waterfall.command()
def post(run: RunName, as_json: Json = False) -> None:
    """Post a run that the practice approved: entries in both books, the loan moved, payments made out."""
    with _within("", as_json) as (actor, at):
        from openmso.treasury.services import running

        running.post(actor=actor, run=run, at=at)
        _show(run, as_json)


@waterfall.command("run")
def one(run: RunName, as_json: Json = False) -> None:
    """One run: every step with its words."""
    with _within("", as_json):
        _show(run, as_json)


@waterfall.command("runs")
def listed(practice: Practice = "", as_json: Json = False) -> None:
    """Months that were paid out, the latest first."""
    with _within(practice, as_json):
        from openmso.platform.tenancy.scope import reading
        from openmso.platform.ui.contracts import Filters, PageAsk
        from openmso.treasury.queries import runs

        with reading():
            found = runs.runs(Filters(), PageAsk(size=500, sort="month", desc=True)).rows
    told = [
        {"id": row.public_id, "practice": row.practice_name, "month": str(row.month), "state": row.state.value,
         "cash": str(row.cash), "fee_paid": str(row.fee_paid), "advanced": str(row.advanced),
         "residual": str(row.residual), "loan": str(row.loan), "held": str(row.held)}
        for row in found
    ]  # fmt: skip
    _print(told, as_json)


@waterfall.command("loans")
def lent(practice: Practice = "", as_json: Json = False) -> None:
    """Deficit loans, and whether both books say the same; exit status 1 where one does not."""
    with _within(practice, as_json):
        from openmso.platform.tenancy.scope import reading
        from openmso.platform.ui.contracts import Filters, PageAsk
        from openmso.treasury.queries import loans

        with reading():
            found = loans.loans(Filters(), PageAsk(size=500)).rows
    told = [
        {"id": row.public_id, "practice": row.practice_name, "balance": str(row.balance), "lent": str(row.lent),
         "repaid": str(row.repaid), "proven": row.proven}
        for row in found
    ]  # fmt: skip
    _print(told, as_json)
    raise typer.Exit(0 if all(row.proven for row in found) else 1)


@waterfall.command("files")
def filed(practice: Practice = "", as_json: Json = False) -> None:
    """Bank files, the latest first."""
    with _within(practice, as_json):
        from openmso.platform.tenancy.scope import reading
        from openmso.platform.ui.contracts import Filters, PageAsk
        from openmso.treasury.queries import paying

        with reading():
            found = paying.files(Filters(), PageAsk(size=500, sort="prepared_at", desc=True)).rows
    told = [
        {"id": row.public_id, "practice": row.practice_name, "account": row.account_name, "state": row.state.value,
         "payments": row.entries, "amount": str(row.amount), "effective_on": str(row.effective_on),
         "sha256": row.sha256}
        for row in found
    ]  # fmt: skip
    _print(told, as_json)


@waterfall.command()
def corrections(practice: Practice = "", as_json: Json = False) -> None:
    """What banks note of accounts that were paid, and whether a second person took it over; the latest first."""
    with _within(practice, as_json):
        from openmso.platform.tenancy.scope import reading
        from openmso.treasury.api.returns import correction_data
        from openmso.treasury.queries import paying

        with reading():
            found = [correction_data(one) for one in paying.corrections()]
    shown = ("id", "practice", "code", "words", "account_name", "was", "becomes", "state", "told_by", "decided_by")
    _print([{name: str(one[name]) for name in shown} for one in found], as_json)


@contextmanager
def _within(practice: str, as_json: bool) -> Iterator[tuple[Any, datetime]]:
    """The actor and moment of a command, in the scope of a practice and the MSO, or of the whole network."""
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import mso, reach, tenants, whole_network
        from openmso.platform.tenancy.scope import scope

        at = clock.now()
        try:
            within = reach(tenants(code=practice)[0].pk, mso()) if practice else whole_network()
            with scope(practices=within.practices, entities=within.entities):
                yield Actor.system("openmso waterfall", at=at), at
        except Refused as no:
            refuse(no, as_json=as_json)
            raise typer.Exit(1) from None


def _show(run: str, as_json: bool) -> None:
    from openmso.platform.tenancy.scope import reading
    from openmso.treasury.queries import runs

    with reading():
        found = runs.run(run)
    steps = [
        {"line": step.line, "wanted": str(step.wanted), "paid": str(step.paid), "advanced": str(step.advanced),
         "missing": str(step.missing), "left": str(step.left), "how": step.how, "outcome": step.outcome}
        for step in found.steps
    ]  # fmt: skip
    if as_json:
        told = {
            "id": found.public_id, "month": str(found.row.month), "state": found.row.state.value,
            "cash": str(found.row.cash), "steps": steps, "notes": list(found.notes),
            "figures": {each.key: str(each.amount) for each in found.given},
            "opening": {key: str(value) for key, value in found.opening.items()},
            "closing": {key: str(value) for key, value in found.closing.items()},
        }  # fmt: skip
        typer.echo(json.dumps(told, indent=2))
        return
    typer.echo(f"{found.public_id}, {found.row.month}: {found.row.cash:,.2f} to pay with, {found.row.state.label}")
    _print(steps, as_json=False)
    for note in found.notes:
        typer.echo(note)


def _print(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Rows for software, or as a table for people."""
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    if not rows:
        typer.echo("Nothing yet.")
        return
    table = Table(*(name.replace("_", " ") for name in rows[0]))
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)
