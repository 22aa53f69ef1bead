"""What a practice sees of its MSO, on the command line: initiatives, approvals, related parties, causes, rebates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from openmso.cli import setup
from openmso.cli.settlement import month_of

AnyPractice = Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ALL = 100_000


@contextmanager
def _reading(practice: str, *, with_mso: bool = False) -> Iterator[Any]:
    """Reading within one practice (and the MSO), or the network, as the house itself. Raises `NotFound`."""
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import mso, reach, tenants
        from openmso.platform.tenancy.scope import reading, scope

        found = [one.pk for one in tenants(code=practice) if with_mso or not one.is_mso]
        within = reach(*found, *([mso()] if with_mso else []))
        with scope(practices=within.practices, entities=within.entities), reading():
            yield Actor.system("openmso", at=clock.now())


def initiatives(practice: AnyPractice = "", as_json: AsJson = False) -> None:
    """List the network's initiatives: what each uses, which practices take part today, since when, by whose word."""
    with _reading(practice) as actor:
        from openmso.agreements.queries import initiatives as queries
        from openmso.platform.tenancy.queries import network_day

        rows = sorted(queries.rows_of(on=network_day(actor.at)), key=lambda row: (row.practice_code, row.words))
    told = [
        {"practice": row.practice_code, "initiative": row.code, "words": row.words, "says": row.says, "uses": row.uses,
         "part": row.part.value, "since": str(row.since or ""), "by": row.by}
        for row in rows
    ]  # fmt: skip
    table = Table("Practice", "Initiative", "Takes part", "Since", "By")
    for row in rows:
        table.add_row(row.practice_code, row.words, row.part.label, str(row.since or ""), row.by)
    _print(told, table, as_json=as_json)


def approvals(
    practice: AnyPractice = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is past its day.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what waits for somebody's yes or no, what is due first; without names of patients."""
    with _reading(practice, with_mso=not practice) as actor:
        from openmso.governance.queries import approvals as queries
        from openmso.platform.ui.contracts import Filters, PageAsk, Term

        terms = (Term("overdue", "=", "yes", "yes"),) if overdue else ()
        page = PageAsk(size=ALL, sort="due_at")
        rows = queries.listing(actor=actor, filters=Filters(terms), page=page, at=actor.at).rows
    told = [
        {"item": row.public_id, "kind": row.kind, "words": row.kind_words, "about": row.subject_id,
         "practice": row.practice_name, "amount": None if row.amount is None else str(row.amount),
         "due_at": row.due_at.isoformat(), "since": row.opened_at.isoformat(), "with": row.assignee}
        for row in rows
    ]  # fmt: skip
    table = Table("Due", "What waits", "About", "Practice", *_right("Amount"))
    for row in rows:
        amount = "" if row.amount is None else f"{row.amount:,.2f}"
        table.add_row(f"{row.due_at:%Y-%m-%d}", row.kind_words, row.subject_id, row.practice_name, amount)
    _print(told, table, as_json=as_json)


def related(practice: AnyPractice = "", as_json: AsJson = False) -> None:
    """List related parties: what makes each one related, to whom, and what it was paid, payment by payment.

    Without a practice those of the MSO too.
    """
    with _reading(practice, with_mso=not practice) as actor:
        from openmso.governance.queries import interests as queries
        from openmso.platform.ui.contracts import Filters, PageAsk

        page = PageAsk(size=ALL, sort="practice_name")
        rows = queries.related_page(actor=actor, filters=Filters(), page=page, at=actor.at).rows
    told = [
        {"practice": row.practice_name, "party": row.party, "vendor": row.vendor, "relations": list(row.relations),
         "people": list(row.people), "interests": list(row.interests), "paid": str(row.paid),
         "payments": [{"on": str(one.on), "amount": str(one.amount), "words": one.words} for one in row.payments]}
        for row in rows
    ]  # fmt: skip
    table = Table("Practice", "Party", "What makes it related", *_right("Paid to it"))
    for row in rows:
        table.add_row(row.practice_name, row.party, row.relation, f"{row.paid:,.2f}")
    _print(told, table, as_json=as_json)


def causes(
    practice: Annotated[str, typer.Argument(help="Code of the practice: ROCK")],
    month: Annotated[str, typer.Argument(help="The month: 2026-10")],
    as_json: AsJson = False,
) -> None:
    """Tell of each promise with a clock what came in a month, what was late, and by whose cause it was late."""
    wanted = month_of(month)
    with _reading(practice, with_mso=True) as actor:
        from openmso.platform.tenancy.queries import tenants
        from openmso.settlement.queries import causes as queries

        (tenant,) = tenants(code=practice)
        found = queries.month(tenant.pk, wanted, at=actor.at)
    told = {
        "practice": tenant.code, "month": str(wanted), "settlement": found.settlement, "given_back": found.given_back,
        "credited": found.credited,
        "promises": [
            {"kind": one.level.kind, "words": one.level.words, "came": len(one.judged), "in_time": one.level.kept,
             "late": one.level.late, "by_cause": {whose.value: count for whose, count in one.by_cause.items()},
             "contested": one.contested, "unsaid": one.unsaid,
             "items": [{"item": each.span.item, "about": each.span.subject, "cause": each.cause.counts.value,
                        "said": each.said} for each in one.judged if each.cause]}
            for one in found.kept
        ],
    }  # fmt: skip
    table = Table("Promise", *_right("Came", "In time", "Late"), "By whose cause")
    for one in found.kept:
        whose = ", ".join(f"{each.label} {count}" for each, count in one.by_cause.items() if count)
        table.add_row(one.level.words, str(len(one.judged)), str(one.level.kept), str(one.level.late), whose)
    _print(told, table, as_json=as_json)


def rebates(practice: AnyPractice = "", as_json: AsJson = False) -> None:
    """List the shares of rebates that practices have: of which rebate, by which rule, credited on which invoice."""
    with _reading(practice, with_mso=not practice):
        from openmso.platform.ui.contracts import Filters, PageAsk
        from openmso.settlement.queries import rebates as queries

        rows = queries.listed(Filters(), PageAsk(size=ALL, sort="received_on", desc=True)).rows
    told = [
        {"rebate": row.rebate, "practice": row.practice_name, "vendor": row.vendor, "what": row.what,
         "starts_on": str(row.starts_on), "ends_on": str(row.ends_on), "received_on": str(row.received_on),
         "rule": row.rule, "whole": str(row.whole), "formula": row.formula, "amount": str(row.amount),
         "settlement": row.settlement, "invoice": row.invoice}
        for row in rows
    ]  # fmt: skip
    table = Table("Rebate", "Practice", "Vendor", "Received", *_right("Share"), "Invoice")
    for one in told:
        figures = (one["rebate"], one["practice"], one["vendor"], one["received_on"], one["amount"], one["invoice"])
        table.add_row(*figures)
    _print(told, table, as_json=as_json)


def _right(*words: str) -> list[Column]:
    return [Column(each, justify="right") for each in words]


def _print(told: Any, table: Table, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        Console().print(table, highlight=False)
