"""`openmso eligibility`: read a 271 without a database; ask about visits ahead, send, and take answers in."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit import clock
from openmso.kit.errors import NotFound
from openmso.kit.words import counted

if TYPE_CHECKING:
    from openmso.platform.access.contracts import Actor

DONE, REFUSED, UNUSABLE = 0, 1, 2
eligibility = typer.Typer(name="eligibility", help="Coverage checks: ask payers, read answers.", no_args_is_help=True)
Practice = Annotated[str, typer.Option(help="Code of the practice: ROCK")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@eligibility.callback()
def commands() -> None:
    """Coverage checks: ask payers, read answers."""


@eligibility.command()
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="271 files.")], as_json: AsJson = False
) -> None:
    """Say of each person in 271 files whether the plan holds and what it pays; no database is needed.

    Exit status: 0 read; 1 a file holds no 271; 2 a file cannot be opened.
    """
    told = [_sheets(path) for path in files]
    people = [one for of_file in told for one in of_file]
    if as_json:
        json.dump(people, sys.stdout, indent=2, default=str)
        typer.echo()
    else:
        for one in people:
            typer.echo(_line(one))
    raise typer.Exit(DONE if all(told) else REFUSED)


def _sheets(path: Path) -> list[dict[str, Any]]:
    from edi.x12.eligibility.model import Eligibility
    from edi.x12.eligibility.read import read_271
    from openmso.eligibility.rules import refusals, told
    from openmso.eligibility.rules.sheet import sheet

    found = []
    try:
        with path.open("rb") as stream:
            for one in read_271(stream):
                if isinstance(one, Eligibility):
                    benefits = told.of(one)
                    read_ = refusals.read(one.refusals) if one.refusals else None
                    person = one.person
                    found.append({
                        "file": path.name, "trace": one.trace or one.header.reference, "payer": one.source.last,
                        "last_name": person.party.last if person else "",
                        "first_name": person.party.first if person else "",
                        "member_id": one.subscriber.party.id if one.subscriber else "",
                        "refused": read_.words if read_ else "", "fix": read_.fix if read_ else "",
                        **dataclasses.asdict(sheet(benefits, told.plan_days(person, benefits))),
                    })  # fmt: skip
    except OSError as no:
        typer.echo(f"{path}: {no.strerror}", err=True)
        raise typer.Exit(UNUSABLE) from None
    if not found:
        typer.echo(f"{path}: holds no 271 about anybody.", err=True)
    return found


def _line(one: dict[str, Any]) -> str:
    who = " ".join(part for part in (one["first_name"], one["last_name"]) if part) or "nobody"
    if one["refused"]:
        return f"{one['file']}: {who}: {one['refused']} {one['fix']}".rstrip()
    others = ", ".join(other["name"] for other in one["others"])
    parts = [one["verdict"].label.lower(), one["plan"], f"other payers: {others}" if others else ""]
    return f"{one['file']}: {who}: {'; '.join(part for part in parts if part)}"


@eligibility.command()
def ahead(
    practice: Practice,
    days: Annotated[int, typer.Option(min=1, max=60, help="How far ahead.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Ask about the visits of the coming days that no fresh answer tells of."""
    with _working(practice) as (actor, key, at):
        from openmso.eligibility.services import asking, sending

        asked = asking.ask_ahead(actor=actor, practice=key, at=at, days=days)
        sent = sending.send_due(actor=actor, practice=key, at=at)
    told = {"new": len(asked), "sent": sent.asked, "answered": sent.answered, "put_off": sent.put_off,
            "failed": sent.failed}  # fmt: skip
    _say(told, f"{counted(len(asked), 'new check')}; {_words(told)}", as_json)


@eligibility.command()
def send(practice: Practice, as_json: AsJson = False) -> None:
    """Send what is due: new checks, and those that are to be tried again."""
    with _working(practice) as (actor, key, at):
        from openmso.eligibility.services import sending

        silent = sending.chase(actor=actor, practice=key, at=at)
        sent = sending.send_due(actor=actor, practice=key, at=at)
    told = {"sent": sent.asked, "answered": sent.answered, "put_off": sent.put_off + silent, "failed": sent.failed,
            "documents": list(sent.documents)}  # fmt: skip
    _say(told, "\n  ".join([_words(told), *sent.documents]), as_json)


def _words(told: dict[str, Any]) -> str:
    return f"{told['sent']} sent, {told['answered']} answered, {told['put_off']} put off, {told['failed']} failed."


def _say(told: dict[str, Any], words: str, as_json: bool) -> None:
    typer.echo(json.dumps(told, indent=2) if as_json else words)


@eligibility.command()
def take(
    file: Annotated[Path, typer.Argument(help="A 271 file.")], practice: Practice, as_json: AsJson = False
) -> None:
    """Take in a file of answers.

    Exit status: 0 done; 1 some answers are none, or the file is refused; 2 unusable arguments.
    """
    try:
        with _working(practice) as (actor, key, at), file.open("rb") as stream:
            from openmso.eligibility.services import answering

            taken = answering.take(actor=actor, practice=key, name=file.name, content=stream, at=at)
    except OSError as no:
        typer.echo(f"{file}: {no.strerror}", err=True)
        raise typer.Exit(UNUSABLE) from None
    except NotFound as no:
        typer.echo(no.sentence, err=True)
        raise typer.Exit(UNUSABLE) from None
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(taken), indent=2))
    else:
        typer.echo(f"{file.name}: {taken.answered} answered, {taken.refused} not answered by the payer, "
                   f"{taken.unmatched} to no question of ours.")  # fmt: skip
    raise typer.Exit(REFUSED if taken.refused or taken.unmatched else DONE)


@contextmanager
def _working(code: str) -> Iterator[tuple[Actor, int, datetime]]:
    """Within a practice, as the command."""
    with setup.django():
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import reach, tenants
        from openmso.platform.tenancy.scope import scope

        at = clock.now()
        tenant = tenants(code=code)[0]
        within = reach(tenant.pk)
        with scope(practices=within.practices, entities=within.entities):
            yield Actor.system("openmso eligibility", at=at), tenant.pk, at
