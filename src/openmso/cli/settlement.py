"""`openmso settle` and `openmso settlement`: months settled, disputed, and restated under other terms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import setup
from openmso.cli.fee import read, refuse
from openmso.kit.errors import Refused
from openmso.kit.periods import Month

settlement = typer.Typer(
    no_args_is_help=True, help="Settlement: what months cost, what is disputed of it, and what other terms would cost."
)


@settlement.callback()
def root() -> None:
    """Settlement: what months cost, what is disputed of it, and what other terms would cost."""


def month_of(said: str) -> Month:
    """A month as it was typed; what is none ends the command with status 2."""
    try:
        return Month.parse(said)
    except ValueError as no:
        typer.echo(f"{no}.", err=True)
        raise typer.Exit(2) from no


def settle(
    month: Annotated[str, typer.Argument(help="A month that is over: 2026-10")],
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Settle a month: fee, an entry in each of two books, invoice and statement; exit status 1 where that was refused.

    Each practice is settled by itself: one that is refused, or was settled before, keeps no other from it.
    """
    wanted = month_of(month)
    with setup.django():
        from openmso.platform.tenancy.queries import tenants

        told = [_settled(one, wanted) for one in tenants(code=practice) if not one.is_mso]
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        for one in told:
            typer.echo(f"{one['practice']}  {one['refused'] or _words(one)}")
    raise typer.Exit(1 if any(one["refused"] for one in told) else 0)


def _settled(tenant: Any, month: Month) -> dict[str, str]:
    from openmso.kit import clock
    from openmso.platform.access.contracts import Actor
    from openmso.platform.tenancy.queries import mso, reach
    from openmso.platform.tenancy.scope import scope
    from openmso.settlement import services

    at = clock.now()
    within = reach(tenant.pk, mso())
    told = {"practice": tenant.code, "month": str(month), "settlement": "", "invoice": "", "fee": "", "refused": ""}
    with scope(practices=within.practices, entities=within.entities):
        try:
            done = services.settle(actor=Actor.system("openmso settle", at=at), practice=tenant.pk, month=month, at=at)
        except Refused as no:
            return told | {"refused": f"{no.sentence} {no.fix}".strip()}
    return told | {"settlement": done.public_id, "invoice": done.invoice, "fee": str(done.fee.amount)}


def _words(told: dict[str, str]) -> str:
    return f"{told['settlement']}: a fee of {told['fee']}, invoice {told['invoice']}."


@settlement.command()
def restate(
    practice: Annotated[str, typer.Argument(help="Code of the practice: ROCK")],
    terms: Annotated[
        Path,
        typer.Option(help="JSON: other terms, or an object of terms and figures; see docs/how-to/fees.md."),
    ],
    months: Annotated[int, typer.Option(min=1, max=36, help="How many months that are over.")] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="Print every month with every step as JSON.")] = False,
) -> None:
    """Restate a practice's last months under other terms: fee as agreed, other fee, difference, break-even.

    Exit status 0 when it was restated, 1 when the terms are refused or figures are missing, 2 when the file cannot be
    read. Nothing is changed.
    """
    asked = read(terms)
    with setup.django():
        from openmso.settlement import comparing

        try:
            found = _restated(practice, asked, months)
        except Refused as no:
            refuse(no, as_json=as_json)
            raise typer.Exit(1) from None
        told = comparing.as_data(found)
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    table = Table("Month", "From", title=f"{told['practice']}: {told['sentence']}")
    for heading in ("As agreed", "Other terms", "Difference"):
        table.add_column(heading, justify="right")
    for one in found.months:
        figures = (one.agreed.amount, one.other.amount, one.difference)
        table.add_row(str(one.month), one.settlement or "the books", *(f"{figure:,.2f}" for figure in figures))
    table.add_row("", "in all", *(f"{figure:,.2f}" for figure in (found.agreed, found.other, found.difference)))
    Console().print(table)
    for words in (found.break_even.words, *found.notes):
        Console().print(words, highlight=False)


def _restated(practice: str, asked: Any, months: int) -> Any:
    """The restatement of a practice by its code; raises `Refused`."""
    from openmso.agreements.fees.reading import terms_of
    from openmso.kit import clock
    from openmso.kit.errors import NotFound
    from openmso.platform.tenancy.queries import mso, reach, tenants
    from openmso.platform.tenancy.scope import reading, scope
    from openmso.settlement import comparing, restating

    tenant = next((one for one in tenants(code=practice) if not one.is_mso), None)
    if tenant is None:
        raise NotFound(f"There is no practice {practice}.", field="practice")
    whole = isinstance(asked, dict) and "terms" in asked
    other = terms_of(asked["terms"] if whole else asked, "terms")
    within = reach(tenant.pk, mso())
    with scope(practices=within.practices, entities=within.entities), reading():
        return restating.restate(
            practice=tenant.pk, terms=other, months=months, at=clock.now(),
            figures=comparing.figures_of(asked.get("figures", {})) if whole else {},
        )  # fmt: skip


@settlement.command("accounts")
def accounts(
    first: Annotated[str, typer.Argument(help="From which month: 2026-01")],
    last: Annotated[str, typer.Argument(help="Through which month: 2026-10")],
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Statements of account: what was owed before, invoiced, credited, paid, lent, and is owed after some months."""
    since, until = month_of(first), month_of(last)
    with setup.django():
        from openmso.platform.tenancy.queries import mso, reach, tenants
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.settlement.queries import accounts as asking

        within = reach(mso(), *(one.pk for one in tenants(code=practice)))
        with scope(practices=within.practices, entities=within.entities), reading():
            found = asking.accounts(first=since, last=until, code=practice)
    named = ("opening", "invoiced", "credited", "paid", "lent", "closing", "open_invoices")
    told = [{"practice": one.code} | {name: str(getattr(one, name)) for name in named} for one in found]
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    table = Table("Practice", *(name.replace("_", " ").capitalize() for name in named))
    for row in told:
        table.add_row(*row.values())
    Console().print(table)


@settlement.command("ahead")
def ahead(
    month: Annotated[str, typer.Argument(help="A month, also one that runs: 2026-10")],
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print figures and every step as JSON.")] = False,
) -> None:
    """Tell what a month's fees come to before it is settled, from the books as they stand; nothing is charged."""
    wanted = month_of(month)
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.tenancy.queries import mso, reach, tenants
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.settlement import ahead as months

        chosen = [one.pk for one in tenants(code=practice) if not one.is_mso]
        within = reach(mso(), *chosen)
        with scope(practices=within.practices, entities=within.entities), reading():
            told = [months.as_data(one) for one in months.of_month(chosen, wanted, at=clock.now())]
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for one in told:
        typer.echo(f"{one['practice']}  collected {one['collected']}, fee {one['fee'] or 'not yet: ' + one['refused']}")


@settlement.command("metered")
def metered(
    settled: Annotated[str, typer.Argument(metavar="SETTLEMENT", help="Public id of the settlement: SET-7K2P9M4X")],
    count: Annotated[str, typer.Argument(help="Name of the count: payments_posted; see `openmso fee units`.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the records that a settled fee was charged by, and say which of them came late.

    Exit status 0, or 1 where the fee was not charged by such a count.
    """
    with setup.django():
        from openmso.platform.tenancy.queries import whole_network
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.settlement.queries import metering

        within = whole_network()
        with scope(practices=within.practices, entities=within.entities), reading():
            try:
                one = metering.frozen(settled, count)
            except Refused as no:
                refuse(no, as_json=as_json)
                raise typer.Exit(1) from None
            rows = metering.every(settled, count)
    told = [
        {"record": row.name, "on": str(row.on), "quantity": f"{row.quantity.normalize():f}", "late": row.late}
        for row in rows
    ]
    if as_json:
        typer.echo(
            json.dumps({"count": count, "words": one.words, "quantity": one.quantity, "records": told}, indent=2)
        )
        return
    typer.echo(f"{one.heading}: {one.quantity}. {one.words}. {one.note}".rstrip())
    for one_told in told:
        late = "  late" if one_told["late"] else ""
        typer.echo(f"{one_told['record']}  {one_told['on']}  {one_told['quantity']}{late}")


@settlement.command("disputes")
def disputes(
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")] = "",
    state: Annotated[str, typer.Option(help="Only those that stand so, such as open or settled.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List disputes of invoices: what is held, what was credited, who has the word until when."""
    with setup.django():
        from openmso.platform.tenancy.queries import mso, reach, tenants
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.platform.ui.contracts import Filters, PageAsk, Term
        from openmso.settlement.queries import disputes as found
        from openmso.settlement.states import D

        if state and state not in {one.value for one in D}:
            raise typer.BadParameter(f"{state!r} is none of {', '.join(one.value for one in D)}.")
        within = reach(mso(), *(one.pk for one in tenants(code=practice)))
        terms = (Term("is", "=", state, state),) if state else ()
        with scope(practices=within.practices, entities=within.entities), reading():
            rows = found.every(Filters(terms), PageAsk(size=200, sort="opened_at", desc=True))
    if as_json:
        told = [
            {
                "id": row.public_id, "practice": row.practice_name, "invoice": row.invoice, "about": row.label,
                "state": row.state.value, "amount": str(row.amount), "credited": str(row.credited),
                "held": str(row.held), "released": str(row.released), "opened_at": row.opened_at.isoformat(),
                "opened_by": row.opened_by, "due_on": str(row.due_on or ""), "reason": row.reason,
            }
            for row in rows
        ]  # fmt: skip
        typer.echo(json.dumps(told, indent=2))
        return
    for row in rows:
        due = f", due {row.due_on}" if row.due_on else ""
        typer.echo(
            f"{row.public_id}  {row.invoice}  {row.state.label}: {row.held} held, {row.credited} credited of "
            f"{row.amount}{due}"
        )


@settlement.command("ageing")
def ageing(
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Age what practices owe of their invoices by days past due, practice by practice and together."""
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.tenancy.queries import mso, reach, tenants, today
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.platform.ui.contracts import Filters
        from openmso.settlement.contracts import AGES
        from openmso.settlement.queries import ageing as found

        within = reach(mso(), *(one.pk for one in tenants(code=practice)))
        with scope(practices=within.practices, entities=within.entities), reading():
            on = today(mso(), clock.now())
            rows, together = found.every(Filters(), on=on)
    if as_json:
        told = [
            {"practice": row.practice_name, "invoices": row.invoices, "oldest_due_on": str(row.oldest_due_on or "")}
            | {name: str(getattr(row, name)) for name in found.SUMS}
            for row in rows
        ]
        sums = {name: str(amount) for name, amount in together.items()}
        typer.echo(json.dumps({"on": str(on), "practices": told, "together": sums}, indent=2))
        return
    table = Table("Practice", title=f"What practices owe of their invoices on {on}")
    for heading in (*(age.words for age in AGES), "To be paid", "Disputed"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(row.practice_name, *(f"{getattr(row, name).amount:,.2f}" for name in found.SUMS))
    table.add_row("Together", *(f"{together[name].amount:,.2f}" for name in found.SUMS))
    Console().print(table)
