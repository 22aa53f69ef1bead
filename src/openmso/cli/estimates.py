"""`openmso estimates`: what is owed to patients and by when; what services would cost one, from a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from openmso.cli import setup
from openmso.cli.fee import refuse
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.kit.words import counted

if TYPE_CHECKING:
    from openmso.eligibility.contracts import Sheet
    from openmso.estimates.api.files import EstimateFileIn
    from openmso.estimates.contracts import EstimateRow, Line
    from openmso.estimates.services.reckoning import Plan
    from openmso.platform.access.contracts import Actor

REFUSED, UNUSABLE = 1, 2
BYTES_MAX = 10_000_000
estimates = typer.Typer(name="estimates", help="Estimates for patients: owed, worked out.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@estimates.callback()
def commands() -> None:
    """Estimates for patients: owed, worked out."""


@estimates.command()
def owed(practice: Annotated[str, typer.Option(help="Code of the practice: ROCK")], as_json: AsJson = False) -> None:
    """List the estimates that a practice owes, the one that is due first before others, with their clocks.

    Exit status: 0 none is late; 1 some are late, or the practice is none; 2 unusable arguments.
    """
    try:
        with setup.django(), _practice(practice) as (_, key):
            from openmso.estimates import queries
            from openmso.platform.tenancy import queries as tenancy
            from openmso.platform.tenancy.scope import reading

            with reading():
                today = tenancy.today(key, clock.now())
                told = [_owed(row, left) for row, left in queries.owed(key, today=today)]
    except NotFound as no:
        refuse(no, as_json=as_json)
        raise typer.Exit(REFUSED) from None
    late = sum(one["business_days_left"] < 0 for one in told)
    if as_json:
        typer.echo(json.dumps(told, indent=2, default=str))
    else:
        _show_owed(told, late)
    raise typer.Exit(REFUSED if late else 0)


def _owed(row: EstimateRow, left: int) -> dict[str, Any]:
    return {"id": row.public_id, "asked": row.asked.value, "asked_at": row.asked_at, "service_on": row.service_on,
            "due_on": row.due_on, "business_days_left": left}  # fmt: skip


def _show_owed(told: list[dict[str, Any]], late: int) -> None:
    table = Table("Estimate", "Because", "Service", "Owed by", Column("Business days left", justify="right"))
    for one in told:
        left = str(one["business_days_left"])
        table.add_row(one["id"], one["asked"], str(one["service_on"]), str(one["due_on"]), left)
    console = Console()
    if told:
        console.print(table, highlight=False)
    console.print(f"{counted(len(told), 'estimate')} owed, {late} late.", highlight=False)


@estimates.command()
def compute(
    file: Annotated[Path, typer.Argument(help="JSON: practice, service_on, services, and patient or payer.")],
    benefits: Annotated[Path | None, typer.Option(help="A 271 with the benefits, where no patient is named.")] = None,
    as_json: AsJson = False,
) -> None:
    """Work out what services cost a patient, from a file, by fee schedule, contract and benefits; nothing is kept.

    A patient named in the file is told as his plan was last answered. Exit status: 0 worked out; 1 refused, in words;
    2 a file cannot be read.
    """
    content = _bytes(file)
    try:
        with setup.django():
            from openmso.estimates.api import files

            asked = _asked(file, content)
            lines = _worked_out(asked, _sheet(benefits) if benefits else None)
            told = files.told(lines)
    except (Refused, NotFound) as no:
        refuse(no, as_json=as_json)
        raise typer.Exit(REFUSED) from None
    if as_json:
        typer.echo(json.dumps(told, indent=2, default=str))
    else:
        _show(lines, told)


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > BYTES_MAX:
            raise OSError(f"more than {BYTES_MAX:,} bytes")
        return file.read_bytes()
    except OSError as no:
        typer.echo(f"{file}: {no.strerror or no}", err=True)
        raise typer.Exit(UNUSABLE) from None


def _asked(file: Path, content: bytes) -> EstimateFileIn:
    from pydantic import ValidationError

    from openmso.estimates.api.files import EstimateFileIn

    try:
        return EstimateFileIn.model_validate_json(content)
    except ValidationError as no:
        for one in no.errors():
            typer.echo(f"{file}: {'.'.join(map(str, one['loc']))}: {one['msg']}", err=True)
        raise typer.Exit(UNUSABLE) from None


def _sheet(path: Path) -> Sheet:
    from io import BytesIO

    from edi.x12.eligibility.model import Eligibility
    from edi.x12.eligibility.read import read_271
    from openmso.eligibility.rules import sheet, told

    found = [one for one in read_271(BytesIO(_bytes(path))) if isinstance(one, Eligibility)]
    if len(found) != 1:
        raise Refused(f"{path.name} tells of {counted(len(found), 'person', 'persons')}.", code="not_one_person",
                      field="benefits", fix="Give a 271 about one person.")  # fmt: skip
    said = told.of(found[0])
    return sheet.sheet(said, told.plan_days(found[0].person, said))


def _worked_out(asked: EstimateFileIn, sheet: Sheet | None) -> list[Line]:
    with _practice(asked.practice) as (actor, key):
        from openmso.estimates.contracts import EstimateDraft, ItemDraft, Kind
        from openmso.estimates.services import reckoning
        from openmso.kit.money import Money
        from openmso.platform.tenancy.scope import reading

        items = tuple(
            ItemDraft(one.code, tuple(one.modifiers), one.units, Money.of(one.amount) if one.amount else None,
                      one.words)
            for one in asked.services
        )  # fmt: skip
        is_share = bool(asked.patient or asked.payer)
        draft = EstimateDraft(
            Kind.SHARE if is_share else Kind.GOOD_FAITH, asked.patient or "", asked.service_on, items, asked.reason,
            visit=asked.visit or "", place_of_service=asked.place_of_service,
        )  # fmt: skip
        with reading():
            if asked.patient:
                return reckoning.of_patient(actor=actor, draft=draft)
            plan = _plan(asked.payer, sheet) if asked.payer else None
            return reckoning.of_plan(actor=actor, practice=key, draft=draft, plan=plan)


def _plan(payer: str, sheet: Sheet | None) -> Plan:
    from openmso.estimates.services import reckoning
    from openmso.parties.queries import payers

    found = payers.by_edi_id(payer)
    if found is None:
        raise NotFound(f"There is no payer with the EDI id {payer}.", field="payer")
    return reckoning.Plan(found.id, found.name, sheet)


def _show(lines: list[Line], told: dict[str, Any]) -> None:
    table = Table("Service", "", Column("Amount", justify="right"))
    for one in lines:
        table.add_row("-".join((one.code, *one.modifiers)), f"{one.words}, charged", str(one.charge))
        for step in one.steps:
            table.add_row("", step.words, "" if step.amount is None else str(step.amount))
        table.add_section()
    table.add_row("Total", "charged", told["charge"])
    table.add_row("", "The patient pays", told["share"])
    Console().print(table, highlight=False)


@contextmanager
def _practice(code: str) -> Iterator[tuple[Actor, int]]:
    """Within a practice, as the command; raises `NotFound`."""
    from openmso.platform.access.contracts import Actor
    from openmso.platform.tenancy.queries import reach, tenants
    from openmso.platform.tenancy.scope import scope

    tenant = tenants(code=code)[0]
    within = reach(tenant.pk)
    with scope(practices=within.practices, entities=within.entities):
        yield Actor.system("openmso estimates", at=clock.now()), tenant.pk
