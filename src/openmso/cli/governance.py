"""`openmso governance`: what was proposed to practices, what is reserved to them, how they decide, their budgets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from openmso.cli import setup
from openmso.kit import clock
from openmso.kit.periods import DayRange, Month
from openmso.kit.words import counted

governance = typer.Typer(no_args_is_help=True, help="Governance: reserved decisions, proposals, autonomy.")
Practice = Annotated[str, typer.Option(help="Code of the practice: ROCK")]
AnyPractice = Annotated[str, typer.Option(help="Code of the practice; without it all of them.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day asked about; today where it is left out.")
]
FINDINGS = 1


@contextmanager
def _within(code: str) -> Iterator[list[Any]]:
    """Reading within a practice, or all of them; gives their tenants. Raises `NotFound`."""
    with setup.django():
        from openmso.platform.tenancy.queries import reach, tenants, whole_network
        from openmso.platform.tenancy.scope import reading, scope

        found = tenants(code=code) if code else tenants()
        within = reach(found[0].pk) if code else whole_network()
        with scope(practices=within.practices, entities=within.entities), reading():
            yield [one for one in found if not one.is_mso]


@governance.command("list")
def list_(
    practice: AnyPractice = "",
    state: Annotated[str, typer.Option(help="waiting, approved, changed, declined, withdrawn or carriedout.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The proposals, the latest first: what is to be decided, where, by when, and what was decided by whom."""
    with _within(practice) as tenants:
        from openmso.governance import queries
        from openmso.governance.states import S
        from openmso.platform.ui.contracts import Filters, PageAsk, Term

        if state and state not in set(S):
            raise typer.BadParameter(f"no such state: {', '.join(S)}", param_hint="--state")
        terms = (Term("is", "=", state, state),) if state else ()
        rows = queries.listing(
            filters=Filters(terms), page=PageAsk(size=limit, sort="proposed_at", desc=True),
            practice=tenants[0].pk if practice else None,
        ).rows  # fmt: skip
    told = [
        {"id": one.public_id, "practice": one.practice_code, "decision": one.decision, "title": one.title,
         "state": one.state.value, "side": one.side.value, "proposed_at": one.proposed_at,
         "proposed_by": one.proposed_by, "due_at": one.due_at, "decided_by": one.decided_by,
         "decided_at": one.decided_at, "why": one.holds.why if one.holds else ""}
        for one in rows
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(told, indent=2, default=str))
        return
    table = Table("Proposal", "Practice", "Decision", "Title", "Stands", "Decided by")
    for one in rows:
        table.add_row(
            one.public_id, one.practice_code, one.decision, one.title, one.state.label, one.decided_by
        )  # fmt: skip
    Console().print(table, highlight=False)


@governance.command()
def reserved(practice: Practice, on: Day = None, as_json: AsJson = False) -> None:
    """The decisions that are a practice's own on a day, each with the agreement or rule of law that makes it so."""
    with _within(practice) as (tenant,):
        from openmso.governance import queries

        day = on.date() if on else clock.day_in(tenant.zone, clock.now())
        rows = queries.reserved(tenant.pk, on=day)
    if as_json:
        told = [
            {"code": one.code, "words": one.words, "mso_prepares": one.mso_prepares,
             "sources": [{"kind": each.kind, "name": each.name, "words": each.words, "citation": each.citation}
                         for each in one.sources]}
            for one in rows
        ]  # fmt: skip
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    table = Table("Decision", "What", "By what")
    for one in rows:
        by = (" ".join(filter(None, (each.name, each.citation))) for each in one.sources)
        table.add_row(one.code, one.words, "\n".join(by))
    Console().print(table, highlight=False)


@governance.command()
def index(
    practice: AnyPractice = "",
    starts_on: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")] = None,
    through: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day.")] = None,
    as_json: AsJson = False,
) -> None:
    """The autonomy index: what the MSO proposed in some days (this month and two before), and who decided it how.

    Exit status 0 without red flags, 1 with some.
    """
    at = clock.now()
    with _within(practice) as tenants:
        from openmso.governance import queries
        from openmso.governance.api.proposals import index_data

        days = _days(starts_on, through, queries.months(back=2, on=clock.day_in("UTC", at)))
        told = [
            {"practice": one.code, "name": one.name, **index_data(queries.autonomy(one.pk, days=days, at=at), days)}
            for one in tenants
        ]
    if as_json:
        typer.echo(json.dumps(told, indent=2, default=str))
    else:
        _show(told)
    raise typer.Exit(FINDINGS if any(one["flags"] for one in told) else 0)


@governance.command()
def budgets(practice: AnyPractice = "", as_json: AsJson = False) -> None:
    """The budgets, the latest year first: what they come to, where they stand, by when they are to be agreed."""
    with _within(practice):
        from openmso.governance.queries import budgets as queries
        from openmso.platform.ui.contracts import Filters, PageAsk

        rows = queries.listing(filters=Filters(), page=PageAsk(size=10_000, sort="first", desc=True)).rows
    if as_json:
        told = [
            {"id": one.public_id, "practice": one.practice_name, "first": str(one.first), "state": one.state.value,
             "agree_by": one.agree_by, "version": one.version, "income": one.income, "expenses": one.expenses,
             "net": one.net}
            for one in rows
        ]  # fmt: skip
        typer.echo(json.dumps(told, indent=2, default=str))
        return
    right = [Column(words, justify="right") for words in ("Income", "Expenses", "Net")]
    table = Table("Budget", "Practice", "Year", "Stands", *right)
    for one in rows:
        figures = (f"{amount:,.2f}" for amount in (one.income, one.expenses, one.net))
        table.add_row(one.public_id, one.practice_name, one.name, one.state.label, *figures)
    Console().print(table, highlight=False)


@governance.command()
def variance(
    budget: Annotated[str, typer.Argument(help="Public id of the budget: BUD-…")],
    through: Annotated[str, typer.Option(help="The last month that is compared: 2027-02")],
    as_json: AsJson = False,
) -> None:
    """The books against a budget, account by account, up to a month. Exit status 1 where costs are above the plan."""
    month = _month(through)
    with _within(""):
        from openmso.governance.queries import budgets as queries
        from openmso.ledger.contracts import Kind

        _, rows = queries.variances(budget, through=month, at=clock.now())
        over = any(one.kind is Kind.EXPENSE and not one.is_good for one in rows)
    if as_json:
        told = [
            {"account": one.code, "name": one.name, "planned": one.planned, "actual": one.actual,
             "difference": one.difference, "is_good": one.is_good}
            for one in rows
        ]  # fmt: skip
        typer.echo(json.dumps(told, indent=2, default=str))
    else:
        table = Table(
            "Account", "Name", *(Column(words, justify="right") for words in ("Planned", "Actual", "Differs"))
        )
        for one in rows:
            figures = (f"{amount:,.2f}" for amount in (one.planned, one.actual, one.difference))
            table.add_row(one.code, one.name, *figures)
        Console().print(table, highlight=False)
    raise typer.Exit(FINDINGS if over else 0)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as no:
        raise typer.BadParameter(str(no), param_hint="--through") from no


def _days(starts_on: datetime | None, through: datetime | None, usual: DayRange) -> DayRange:
    first = starts_on.date() if starts_on else usual.starts_on
    last: date = through.date() if through else max(datetime.now(UTC).date(), first)
    if last < first:
        raise typer.BadParameter("the days end before they begin", param_hint="--through")
    return DayRange(first, last + timedelta(days=1))


def _show(told: list[dict[str, Any]]) -> None:
    right = [Column(words, justify="right") for words in ("Proposed", "Decided", "By licensees", "Median hours")]
    table = Table("Practice", *right, "Red flags")
    for one in told:
        flags = "\n".join(flag["words"] for flag in one["flags"])
        share = "" if one["index"] is None else f"{float(one['index']):.0%}"
        table.add_row(
            one["practice"], str(one["proposed"]), str(one["decided"]), share, one["median_hours"] or "", flags
        )
    console = Console()
    console.print(table, highlight=False)
    console.print(f"{counted(sum(len(one['flags']) for one in told), 'red flag')}.", highlight=False)
