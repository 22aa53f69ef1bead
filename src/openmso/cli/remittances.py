"""`openmso post-835` and `openmso bank`: remittance files into the books, bank files beside them."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.kit.words import counted

if TYPE_CHECKING:
    from openmso.platform.tenancy.queries import Reach
    from openmso.remittances.contracts import FileOutcome, ReceivedFile

DONE, REFUSED, UNUSABLE = 0, 1, 2
bank = typer.Typer(no_args_is_help=True, help="Bank statements: import them, find the money of remittances in them.")


@bank.callback()
def statements() -> None:
    """Bank statements: import them, find the money of remittances in them."""


def post_835(
    file: Annotated[Path, typer.Argument(help="The 835 as the payer sent it.")],
    practice: Annotated[
        str, typer.Option(help="Code of the practice it pays; without it the payees in the file decide.")
    ] = "",
    posted_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Accounting day; else the day of the payment.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Store, balance, match and post a remittance file; the same payment is posted once, whatever file it comes in.

    Exit status: 0 posted, or known already; 1 quarantined, held or refused, with the reasons in words and nothing
    posted; 2 when the file cannot be opened.
    """
    at = clock.now()
    with _opened(file) as content, setup.django():
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import tenants, with_mailroom
        from openmso.platform.tenancy.scope import scope
        from openmso.remittances.services import posting, receiving

        actor, reach = Actor.system("openmso post-835", at=at), with_mailroom(_reach(practice))
        codes = {tenant.pk: tenant.code for tenant in tenants()}
        home = next((pk for pk, code in codes.items() if code == practice.upper()), None)
        with scope(practices=reach.practices, entities=reach.entities):
            try:
                receipt = receiving.receive(
                    actor=actor, practice=home, name=file.name, content=content, at=at, defer=False
                )
            except Refused as no:
                raise typer.Exit(_refuse(file, no, as_json=as_json)) from None
            outcomes = [
                (one, posting.post_file(
                    actor=actor, practice=one.practice, file=one.file, at=at,
                    posted_on=posted_on.date() if posted_on else None,
                ))
                for one in receipt.files
            ]  # fmt: skip
    parts = [_part(codes[one.practice], one, outcome) for one, outcome in outcomes]
    answer = {"file": str(file), "parts": parts, "refused": [asdict(finding) for finding in receipt.refused]}
    if as_json:
        typer.echo(json.dumps(answer, default=str, indent=2))
    else:
        for part in parts:
            known = "" if part["is_new"] else "Received before. "
            typer.echo(f"{part['practice']}  {part['id']}  {part['state']}: {known}{part['words']}")
            for one in part["remittances"]:
                if one["unmatched"]:
                    typer.echo(f"  {one['public_id']}: {one['words']}")
            for finding in part["findings"][1:]:
                typer.echo(f"  {finding['message']}")
        for finding in receipt.refused:
            typer.echo(f"Refused: {finding.message}", err=True)
    fine = all(part["state"] in {"posted", "duplicate"} for part in parts) and not receipt.refused
    raise typer.Exit(DONE if fine else REFUSED)


@bank.command("import")
def import_statement(
    file: Annotated[Path, typer.Argument(help="OFX, QFX, CSV, BAI2, CAMT or NACHA; told by its content.")],
    account: Annotated[str, typer.Option(help="Public id of the bank account: ACT-...")],
    columns: Annotated[
        str,
        typer.Option(help="For a CSV with headings of its own: date=Posted,amount=Sum; without any: date=1,amount=2"),
    ] = "",
    match: Annotated[bool, typer.Option(help="Look for the money of posted remittances afterwards.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Keep each line of a statement once, and match deposits to remittances.

    Exit status: 0 imported, or known already; 1 refused, with the reason in words; 2 when the file cannot be opened.
    """
    at = clock.now()
    with _opened(file) as content, setup.django():
        from openmso.banking import services as banking
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.remittances.services import deposits

        actor, reach = Actor.system("openmso bank import", at=at), _reach("")
        with scope(practices=reach.practices, entities=reach.entities):
            try:
                done = banking.import_statement(
                    actor=actor, account=account, name=file.name, content=content, at=at, columns=columns
                )
            except Refused as no:
                raise typer.Exit(_refuse(file, no, as_json=as_json)) from None
            with reading():
                practice = banking.find_account(account).practice
            matched = deposits.match_deposits(actor=actor, practice=practice, at=at) if match else 0
    answer = {"file": str(file), "state": "imported" if done.is_new else "known", **asdict(done), "matched": matched}
    said = f"{done.words} {counted(matched, 'deposit')} matched."
    typer.echo(json.dumps(answer, default=str, indent=2) if as_json else said)


@bank.command("deposits")
def deposits(
    practice: Annotated[str, typer.Option(help="Code of a practice; without it the whole network.")] = "",
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Count the days as of this day; else today.")
    ] = None,
    late: Annotated[bool, typer.Option("--late", help="Only what is late by CORE, with what to write.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """835s without their money, health plans' money without its 835, and how punctual each payer is.

    Exit status: 0 nothing is late by CORE (four business days), 1 something is.
    """
    with setup.django():
        from openmso.platform.tenancy.queries import network_day
        from openmso.platform.tenancy.scope import reading, scope
        from openmso.remittances.queries import banked

        reach = _reach(practice)
        day = on.date() if on else network_day(clock.now())
        with scope(practices=reach.practices, entities=reach.entities), reading():
            waiting = banked.open_remittances(on=day, late=late)
            missing = [one for one in banked.missing(on=day) if not late or (one.waited and one.waited.is_late)]
            payers = banked.punctuality(on=day)
            asks = {
                one.public_id: banked.follow_up(one, banked.lines_fitting([one]), on=day) for one in waiting if late
            }
            asks |= {
                one.line.public_id: banked.follow_up(one.line, banked.remittances_fitting([one.line], on=day), on=day)
                for one in missing if late
            }  # fmt: skip
    remittances = [
        {"id": one.public_id, "payer": one.payer_name, "trace": one.trace, "payer_id": one.trace_payer,
         "amount": str(one.amount), "paid_on": one.paid_on, "received_on": one.received_on,
         "business_days": one.waited.days, "late": one.waited.is_late, "ask": asks.get(one.public_id, "")}
        for one in waiting
    ]  # fmt: skip
    lines = [
        {"id": one.line.public_id, "account": one.line.account, "trace": one.line.trace,
         "payer_id": one.line.trace_payer, "amount": str(one.line.amount), "posted_on": one.line.posted_on,
         "business_days": one.waited.days if one.waited else None, "late": bool(one.waited and one.waited.is_late),
         "ask": asks.get(one.line.public_id, "")}
        for one in missing
    ]  # fmt: skip
    if as_json:
        by_payer = [{each.name: getattr(one, each.name) for each in fields(one)} for one in payers]
        answer = {"on": day, "without_money": remittances, "without_remittance": lines, "payers": by_payer}
        typer.echo(json.dumps(answer, default=str, indent=2))
    else:
        for side, rows in (("not in the bank", remittances), ("without an 835", lines)):
            for row in rows:
                typer.echo(f"{row['id']}  {row['amount']:>12}  {row['business_days']:>3} business days "
                           f"{side}{', late' if row['late'] else ''}  {row['trace']}")  # fmt: skip
                if row["ask"]:
                    typer.echo(f"  {row['ask']}")
    raise typer.Exit(REFUSED if any(row["late"] for row in (*remittances, *lines)) else DONE)


def _opened(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except OSError as no:
        typer.echo(f"{file}: {no.strerror}", err=True)
        raise typer.Exit(UNUSABLE) from None


def _reach(practice: str) -> Reach:
    """The practice of a code with its books, or the whole network."""
    from openmso.platform.tenancy.queries import reach, tenants, whole_network

    return reach(tenants(code=practice)[0].pk) if practice else whole_network()


def _part(code: str, received: ReceivedFile, outcome: FileOutcome) -> dict[str, Any]:
    return {
        "practice": code,
        "id": outcome.file,
        "is_new": received.is_new,
        "state": outcome.state.value,
        "words": outcome.words,
        "remittances": [
            asdict(one) | {"state": one.state.value, "amount": str(one.amount)} for one in outcome.remittances
        ],
        "findings": [asdict(finding) for finding in outcome.findings],
    }


def _refuse(file: Path, no: Refused, *, as_json: bool) -> int:
    found = [one.as_json() for one in getattr(no, "findings", ())]
    answer = {"file": str(file), "state": "refused", "code": no.code, "words": no.sentence, "fix": no.fix}
    told = f"{no.sentence}\n{no.fix}".rstrip() + (f"\n{len(found)} findings; --json lists them." if found[1:] else "")
    typer.echo(json.dumps(answer | {"findings": found}, indent=2) if as_json else told, err=not as_json)
    return REFUSED
