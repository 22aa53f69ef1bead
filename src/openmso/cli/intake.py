"""`openmso intake`: visits from a practice's own system, as FHIR R4 or CSV."""

from __future__ import annotations

import dataclasses
import json
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from openmso.cli import progress, setup
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.kit.words import counted

if TYPE_CHECKING:
    from openmso.intake.contracts import Taken

DONE, REFUSED, UNUSABLE = 0, 1, 2


def intake(
    file: Annotated[Path, typer.Argument(help="A FHIR R4 Bundle, NDJSON, one resource, or CSV (see --template).")],
    practice: Annotated[str, typer.Option(help="Code of the practice: ROCK")] = "",
    code_map: Annotated[
        Path | None,
        typer.Option(help="CSV (system,code,to_code) or JSON (codes, coverages, clinicians, payers, delay_reason)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    template: Annotated[bool, typer.Option("--template", help="Write the CSV template to FILE and stop.")] = False,
) -> None:
    """Take in visits: every record is used, kept aside or refused with words; visits become charges and claims.

    Claims that lack something are held with named findings. Run it again with a code map that gives billing codes
    for clinical ones, and coverages, and the same visits become clean; nothing is made twice.

    Exit status: 0 all records used or kept aside; 1 some, or the whole file, refused; 2 unusable arguments.
    """
    from openmso.intake.rules.rows import TEMPLATE

    if template:
        file.write_text(TEMPLATE, encoding="utf-8")
        typer.echo(f"Wrote {file}")
        return
    if not practice:
        typer.echo("Give --practice CODE.", err=True)
        raise typer.Exit(UNUSABLE)
    try:
        with ExitStack() as open_files:
            mapped = (code_map.name, open_files.enter_context(_opened(code_map))) if code_map else None
            content = open_files.enter_context(_opened(file))
            taken = _take(file.name, content, mapped, practice, quiet=as_json)
    except NotFound as no:
        typer.echo(no.sentence, err=True)
        raise typer.Exit(UNUSABLE) from None
    except Refused as no:
        _refuse(file.name, no, as_json=as_json)
        raise typer.Exit(REFUSED) from None
    _print(dataclasses.asdict(taken), as_json=as_json)
    raise typer.Exit(REFUSED if taken.refused else DONE)


def _opened(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except OSError as no:
        typer.echo(f"{file}: {no.strerror}", err=True)
        raise typer.Exit(UNUSABLE) from None


def _take(name: str, content: IO[bytes], mapped: tuple[str, IO[bytes]] | None, practice: str, *, quiet: bool) -> Taken:
    with setup.django(), progress.bar("Taking in", quiet=quiet) as tell:
        from openmso.intake.services import taking
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import reach, tenants
        from openmso.platform.tenancy.scope import scope

        at = clock.now()
        tenant = tenants(code=practice)[0]
        within = reach(tenant.pk)
        with scope(practices=within.practices, entities=within.entities):
            return taking.take(
                actor=Actor.system("openmso intake", at=at), practice=tenant.pk, name=name, content=content, at=at,
                code_map=mapped, tell=tell,
            )  # fmt: skip


def _refuse(name: str, no: Refused, *, as_json: bool) -> None:
    """The file as a whole was refused: with JSON on standard output, like any answer."""
    answer = {"name": name, "state": "refused", "code": no.code, "field": no.field, "words": no.sentence, "fix": no.fix}
    typer.echo(json.dumps(answer, indent=2) if as_json else f"{no.sentence}\n{no.fix}".rstrip(), err=not as_json)


def _print(taken: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(taken, default=str, indent=2))
        return
    records, visits, charges = (
        counted(int(str(taken[key])), noun)
        for key, noun in (("total", "record"), ("visits", "new visit"), ("charges", "new charge"))
    )
    typer.echo(
        f"{taken['name']}: {records}: {taken['used']} used, {taken['kept']} kept aside, {taken['refused']} refused."
    )
    typer.echo(f"{visits}, {charges}; claims: {taken['claims_ready']} ready, {taken['claims_held']} on hold. "
               f"{taken['words']}".rstrip())  # fmt: skip
    for item in taken["items"]:  # type: ignore[attr-defined]
        if str(item["outcome"]) == "refused":
            typer.echo(
                f"  {item['position']}: {item['kind']} {item['record_id']}: {item['words']} {item['fix']}".rstrip()
            )
    for held in taken["held"]:  # type: ignore[attr-defined]
        typer.echo(f"  {held['claim']} waits: {', '.join(held['findings'])}")
