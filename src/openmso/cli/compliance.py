"""`openmso compliance`: the register of arrangements with referral sources, and payments checked against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from openmso.cli import setup
from openmso.kit import clock
from openmso.kit.words import counted

compliance = typer.Typer(no_args_is_help=True, help="Arrangements with referral sources, and what is paid under them.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FINDINGS = 1
ROWS_MAX = 100_000


@contextmanager
def _within(code: str = "") -> Iterator[Any]:
    """The actor of a command in the scope of the whole network, and the tenant of a code. Raises `NotFound`."""
    with setup.django():
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import tenants, whole_network
        from openmso.platform.tenancy.scope import scope

        found, within = tenants(code=code)[0] if code else None, whole_network()
        with scope(practices=within.practices, entities=within.entities):
            yield Actor.system("openmso compliance", at=clock.now()), found


@compliance.command()
def register(
    practice: Annotated[str, typer.Option(help="Code of the practice, or of the MSO; without it all of them.")] = "",
    standing: Annotated[str, typer.Option(help="draft, ahead, active, holdover, expired or ended.")] = "",
    as_json: AsJson = False,
) -> None:
    """The master register: every arrangement as it stands today, by party."""
    with _within(practice) as (actor, tenant):
        from openmso.compliance.api.routes import row_data
        from openmso.compliance.queries import register as asking
        from openmso.compliance.states import Standing
        from openmso.platform.tenancy.scope import reading
        from openmso.platform.ui.contracts import Filters, PageAsk, Term

        if standing and standing not in set(Standing):
            raise typer.BadParameter(f"no such standing: {', '.join(Standing)}", param_hint="--standing")
        asked = (("practice", tenant.code if tenant else ""), ("is", standing))
        terms = tuple(Term(key, "=", value, value) for key, value in asked if value)
        with reading():
            rows = asking.listing(filters=Filters(terms), page=PageAsk(size=ROWS_MAX), at=actor.at).rows
    if as_json:
        typer.echo(json.dumps([row_data(one) for one in rows], indent=2, default=str))
        return
    table = Table("Number", "With", "Party", "Arrangement", "Stands", "Pay", "Through", "Value through", "Gaps")
    for one in rows:
        table.add_row(
            one.public_id, one.practice_code, one.name, one.title, one.standing.label, one.formula,
            str(one.last_on or ""), str(one.fmv_on or ""), str(one.gaps),
        )  # fmt: skip
    Console().print(table, highlight=False)


@compliance.command()
def check(
    payments: Annotated[Path, typer.Argument(help="The payments, as CSV.")],
    practice: Annotated[str, typer.Option(help="Code of who pays: a practice, or the MSO.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it, and keep nothing.")] = False,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of a dry run; today where it is left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check payments against the register: what is stopped, and why. What may be paid is released.

    Columns: payee, amount, npi, ein, period_start, period_end, hours, units, time_record, arrangement, reference.
    Exit status 0 where all may be paid, 1 where something is stopped, 2 where the file cannot be read.
    """
    if on and not dry_run:
        raise typer.BadParameter("only a dry run has a day of its own", param_hint="--on")
    with _within(practice) as (actor, tenant):
        from openmso.compliance.contracts import UnreadablePayments

        try:
            told = _judged(actor, tenant, payments, dry_run, on)
        except (OSError, UnreadablePayments) as no:
            faults = list(getattr(no, "findings", (str(no),)))
            typer.echo(json.dumps({"faults": faults}, indent=2) if as_json else "\n".join(faults), err=not as_json)
            raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(told, indent=2, default=str))
    else:
        _show(told)
    raise typer.Exit(FINDINGS if told["stopped"] else 0)


@compliance.command()
def enter(
    sheet: Annotated[Path, typer.Argument(help="The sheet, as CSV or Excel.")],
    practice: Annotated[str, typer.Option(help="Code of our side: a practice, or the MSO.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it, and enter nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Enter many arrangements into the register; rows that are bad are named, and the same sheet twice adds nothing.

    Exit status 0 where every row is in the register, 1 where some are bad, 2 where the sheet cannot be read.
    """
    with _within(practice) as (actor, tenant):
        from openmso.compliance.api.entering import sheet_data
        from openmso.compliance.services import entering

        try:
            kept = entering.keep(
                actor=actor, practice=tenant.pk, name=sheet.name, content=sheet.read_bytes(), at=actor.at
            )  # fmt: skip
            act = entering.preview if dry_run else entering.enter
            done = act(actor=actor, practice=tenant.pk, document=kept.public_id, at=actor.at)
        except (OSError, entering.NoSheet) as no:
            typer.echo(json.dumps({"faults": [str(no)]}, indent=2) if as_json else str(no), err=not as_json)
            raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(sheet_data(done, entered=not dry_run), indent=2))
    else:
        for fault in done.every_fault:
            typer.echo(fault.words)
        went = "would go in" if dry_run else "entered"
        typer.echo(f"{counted(done.count('new'), 'arrangement')} {went}, {done.count('known')} there already, "
                   f"{done.count('bad')} bad.")  # fmt: skip
    raise typer.Exit(2 if done.faults else FINDINGS if done.count("bad") else 0)


@compliance.command()
def template(as_json: AsJson = False) -> None:
    """The head of a sheet of arrangements, as CSV; as JSON each column with what it holds."""
    with setup.django():
        from openmso.compliance.services import entering

        columns = [
            {"name": one.name, "words": one.words, "example": one.example, "needed": one.needed}
            for one in entering.COLUMNS
        ]
    typer.echo(json.dumps(columns, indent=2) if as_json else ",".join(entering.NAMES))


@compliance.command()
def clearance(
    practice: Annotated[str, typer.Argument(help="Code of the practice.")], as_json: AsJson = False
) -> None:  # fmt: skip
    """What may be paid for a practice now: each kind of payment, and the rule that stops it with its citation.

    Exit status 1 where something is stopped.
    """
    with _within(practice) as (actor, tenant):
        from openmso.compliance.api.clearance import clearance_data
        from openmso.compliance.queries import clearing
        from openmso.platform.tenancy.scope import reading

        with reading():
            told = clearance_data(tenant.code, list(clearing.of_practice(tenant.pk, at=actor.at)))
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        table = Table("What for", "May it move", "Why not")
        for one in told["flows"]:
            why = "\n".join(f"{stop['says']} {stop['fix']}" for stop in one["stops"])
            table.add_row(one["words"], "yes" if one["may"] else "no", why)
        Console().print(table, highlight=False)
    raise typer.Exit(0 if all(one["may"] for one in told["flows"]) else FINDINGS)


@compliance.command()
def exclusions(
    file: Annotated[
        Path | None, typer.Argument(help="The list as it is published (UPDATED.csv); without it the one that is there.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day on which it was published; today.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load the list of excluded individuals and entities, and say who of the network is named on it.

    Exit status 0 where nobody is, 1 where somebody is or no list is there, 2 where the file cannot be taken.
    """
    with _within() as (actor, _):
        from openmso.compliance.api.exclusions import list_data, match_data
        from openmso.compliance.queries import exclusions as asking
        from openmso.compliance.services import exclusions as loading
        from openmso.kit.errors import Refused
        from openmso.platform.tenancy import queries as tenancy
        from openmso.platform.tenancy.scope import reading

        try:
            if file is not None:
                day = as_of.date() if as_of else tenancy.today(tenancy.mso(), actor.at)
                loading.load(
                    actor=actor, mso=tenancy.mso(), name=file.name, content=file.read_bytes(), as_of=day, at=actor.at
                )
        except (OSError, Refused) as no:
            faults = list(getattr(no, "findings", (str(no),)))
            typer.echo(json.dumps({"faults": faults}, indent=2) if as_json else "\n".join(faults), err=not as_json)
            raise typer.Exit(2) from None
        with reading():
            now, matches = asking.latest(), [one for one in asking.matches(at=actor.at) if one.is_open]
            told = {"list": list_data(now) if now else None, "matches": [match_data(one) for one in matches]}
    if as_json:
        typer.echo(json.dumps(told, indent=2, default=str))
    elif now is None:
        typer.echo("No list is loaded: nobody is screened.", err=True)
    else:
        for one in matches:
            typer.echo(f"{one.name} ({one.what}, {one.practice_name}): {one.exclusion.said}")
        typer.echo(f"{counted(now.count, 'row')} as of {now.as_of}; {counted(len(matches), 'match')} to be looked at.")
    raise typer.Exit(FINDINGS if matches or now is None else 0)


def _judged(actor: Any, tenant: Any, file: Path, dry_run: bool, on: datetime | None) -> dict[str, Any]:
    from openmso.compliance.api.schemas import judged_data, line_data, run_data
    from openmso.compliance.queries import runs
    from openmso.compliance.services import running
    from openmso.platform.tenancy.scope import reading
    from openmso.platform.ui.contracts import Filters, PageAsk

    content = file.read_bytes()
    if dry_run:
        day = on.date() if on else clock.day_in(tenant.zone, actor.at)
        lines = [judged_data(one) for one in running.preview(actor=actor, practice=tenant.pk, content=content, on=day)]
        stopped = sum(one["outcome"] == "stopped" for one in lines)
        return {"practice": tenant.code, "judged_on": day, "count": len(lines), "released": len(lines) - stopped,
                "stopped": stopped, "payments": lines}  # fmt: skip
    done = running.check(actor=actor, practice=tenant.pk, name=file.name, content=content, at=actor.at)
    with reading():
        found = runs.lines(filters=Filters(), page=PageAsk(size=ROWS_MAX, sort="number"), run=done.public_id).rows
    return run_data(done) | {"payments": [line_data(one) for one in found]}


def _show(told: dict[str, Any]) -> None:
    table = Table("Line", "Payee", Column("Amount", justify="right"), "Why it is stopped")
    for one in told["payments"]:
        if one["outcome"] == "stopped":
            why = "\n".join(f"{each['words']} ({each['citation']})" for each in one["faults"])
            table.add_row(str(one["line"]), one["payee"], one["amount"], why)
    console = Console()
    if told["stopped"]:
        console.print(table, highlight=False)
    kept = f" It is kept as {told['id']}." if "id" in told else ""
    console.print(
        f"{counted(told['count'], 'payment')}: {told['released']} may be paid, {told['stopped']} stopped.{kept}",
        highlight=False,
    )
