"""`openmso codes`: load editions of code sets, list them, take one back; `openmso ncci check`: pairs against a file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import setup
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.kit.words import counted

if TYPE_CHECKING:
    from openmso.codes.contracts import LoadRow, SourceFile

DONE, REFUSED, UNUSABLE = 0, 1, 2

codes = typer.Typer(no_args_is_help=True, help="Code sets: load an edition, list the loads, take one back.")
ncci = typer.Typer(no_args_is_help=True, help="NCCI edits from a file: no database is needed.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day it holds, if no file says it.")
]


@ncci.callback()
def _ncci() -> None:
    """NCCI edits from a file: no database is needed."""


@contextmanager
def _house() -> Iterator[datetime]:
    """The MSO's own tenant in scope, and the time."""
    with setup.django():
        from openmso.platform.tenancy import queries as tenancy
        from openmso.platform.tenancy.scope import scope

        mso = tenancy.mso()
        with scope(practices=[mso], entities=tenancy.reach(mso).entities):
            yield clock.now()


def _read(*paths: Path) -> list[SourceFile]:
    """Files as they are, of a folder those in it; one that does not open ends the command with status 2."""
    from openmso.codes.contracts import SourceFile

    try:
        found = [
            one for path in paths for one in (filter(Path.is_file, sorted(path.iterdir())) if path.is_dir() else [path])
        ]
        if found:
            return [SourceFile(path.name, path.read_bytes()) for path in found]
        typer.echo(f"{paths[0]}: no file is in it.", err=True)
    except OSError as no:
        typer.echo(f"{no.filename}: {no.strerror}.", err=True)
    raise typer.Exit(UNUSABLE)


def _refuse(no: Refused, *, as_json: bool) -> None:
    """Say why not, where, and what mends it."""
    if as_json:
        said = {"error": {"code": no.code, "message": no.sentence, "field": no.field, "fix": no.fix}}
        typer.echo(json.dumps(said, indent=2))
    else:
        typer.echo(f"{no.sentence}\n{no.fix}".rstrip(), err=True)


@codes.command()
def load(
    kind: Annotated[str, typer.Argument(help="ncci-ptp, ncci-mue, ncci-aoc ...; a wrong one lists them all.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The files of one edition, or their archive.")],
    edition: Annotated[str, typer.Option(help="As its publisher calls it: v322r0, 2026Q3, RVU26C.")],
    starts_on: Day = None,
    licence_holder: Annotated[str, typer.Option(help="Who holds the licence, where the code set needs one.")] = "",
    licence_users: Annotated[int | None, typer.Option(min=1, help="For how many users.")] = None,
    as_json: Json = False,
) -> None:
    """Load one edition of a code set: all its rows, or none with the line that is wrong.

    The same bytes are one load. Exit status: 0 loaded, or here already; 1 refused; 2 a file that does not open.
    """
    sent = _read(*files)
    try:
        with _house() as at:
            from openmso.codes import services
            from openmso.codes.services import Edition
            from openmso.platform.access.contracts import Actor

            wanted = Edition(edition, starts_on.date() if starts_on else None, licence_holder, licence_users)
            done = services.load(
                actor=Actor.system("openmso codes", at=at), kind=kind, edition=wanted, files=sent, at=at
            )
    except Refused as no:
        _refuse(no, as_json=as_json)
        raise typer.Exit(REFUSED) from None
    if as_json:
        typer.echo(json.dumps(_plain(done), indent=2))
        return
    typer.echo(f"{done.public_id}: {done.title}, edition {done.edition}, from {done.starts_on}: "
               f"{counted(done.rows, 'row')}" + ("" if done.is_new else ", here already"))  # fmt: skip
    for check in done.checks:
        typer.echo(f"  {check.name}: {check.words}")


@codes.command()
def ship(as_json: Json = False) -> None:
    """Load what comes with the product (ICD-10-CM, lists of limits); the worker does it within the hour by itself."""
    try:
        with _house() as at:
            from openmso.codes import services
            from openmso.platform.access.contracts import Actor

            done = services.ship(actor=Actor.system("openmso codes", at=at), at=at)
    except Refused as no:
        _refuse(no, as_json=as_json)
        raise typer.Exit(REFUSED) from None
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in done], indent=2))
        return
    for one in done:
        typer.echo(f"{one.public_id}: {one.title}, edition {one.edition}: {counted(one.rows, 'row')}")
    if not done:
        typer.echo("Everything was loaded before.")


@codes.command()
def loads(kind: Annotated[str, typer.Option(help="Only of this kind.")] = "", as_json: Json = False) -> None:
    """List the loads, the latest first."""
    with _house():
        from openmso.codes.queries import loads as questions
        from openmso.platform.tenancy.scope import reading

        with reading():
            found = questions.every(kind)
    if as_json:
        typer.echo(json.dumps([_plain(row) for row in found], indent=2))
        return
    table = Table("Load", "Code set", "Edition", "From", "Rows", "Loaded", "Taken back")
    for row in found:
        gone = f"{row.undone_at:%Y-%m-%d}: {row.undone_why}" if row.undone_at else ""
        table.add_row(row.public_id, row.title, row.edition, str(row.starts_on), f"{row.rows:,}",
                      f"{row.loaded_at:%Y-%m-%d} by {row.loaded_by}", gone)  # fmt: skip
    Console().print(table)


@codes.command()
def undo(
    load: Annotated[str, typer.Argument(help="The load: LOD-7K2P9M4X")],
    why: Annotated[str, typer.Option(help="The reason, for the record.")],
    as_json: Json = False,
) -> None:
    """Take a load back: what held before it holds again. Exit status: 0 done, 1 refused."""
    try:
        with _house() as at:
            from openmso.codes import services
            from openmso.platform.access.contracts import Actor

            done = services.undo(actor=Actor.system("openmso codes", at=at), load=load, why=why, at=at)
    except Refused as no:
        _refuse(no, as_json=as_json)
        raise typer.Exit(UNUSABLE if isinstance(no, NotFound) else REFUSED) from None
    typer.echo(json.dumps(_plain(done), indent=2) if as_json else f"{done.public_id} was taken back.")


def _plain(row: LoadRow) -> dict[str, Any]:
    return json.loads(json.dumps(dataclasses.asdict(row), default=str))


@ncci.command()
def check(
    pairs: Annotated[
        Path, typer.Argument(metavar="PAIRS.csv", help="Columns column1, column2 and maybe service_date.")
    ],
    edits: Annotated[
        list[Path], typer.Option(help="The official TXT, its archive, a CSV, or a folder; may be repeated.")
    ],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of service; default: today.")] = None,
    as_json: Json = False,
) -> None:
    """Answer for each pair, in the direction asked, its modifier indicator on the day: 0, 1, or none.

    With --json: an array in the order of the pairs; `modifier_indicator` is null where no edit is in force. The column
    service_date goes before --on. Exit status: 0 every pair is answered; 1 a file is refused, with file, line and fix;
    2 a file does not open.
    """
    day = on.date() if on else clock.day_in("America/New_York", clock.now())
    asked, sources = _read(pairs), _read(*edits)
    try:
        from openmso.codes.rules import asking

        answers = asking.answers(asked[0], sources, on=day)
    except Refused as no:
        _refuse(no, as_json=as_json)
        raise typer.Exit(REFUSED) from None
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in answers], indent=2, default=_day))
        return
    for one in answers:
        typer.echo(f"{one.column1} {one.column2} {one.service_date}: {one.modifier_indicator or 'none'}"
                   + (f" ({one.rationale})" if one.rationale else ""))  # fmt: skip


def _day(value: date) -> str:
    return value.isoformat()
