"""`openmso intake`: visits from a practice's own system, as FHIR R4 or CSV."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from openmso.cli import setup


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

    Exit status: 0 all records used or kept aside, 1 some refused, 2 unusable arguments.
    """
    from openmso.intake.rules.rows import TEMPLATE

    if template:
        file.write_text(TEMPLATE, encoding="utf-8")
        typer.echo(f"Wrote {file}")
        return
    if not practice or not file.is_file() or (code_map is not None and not code_map.is_file()):
        missing = "Give --practice CODE." if not practice else "There is no such file."
        typer.echo(missing, err=True)
        raise typer.Exit(2)
    mapped = (code_map.name, code_map.read_bytes()) if code_map else None
    with setup.django():
        from openmso.intake import services
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import reach, tenants
        from openmso.platform.tenancy.scope import scope

        at = clock.now()
        tenant = tenants(code=practice)[0]
        within = reach(tenant.pk)
        with scope(practices=within.practices, entities=within.entities):
            taken = services.take(
                actor=Actor.system("openmso intake", at=at), practice=tenant.pk, name=file.name,
                content=file.read_bytes(), at=at, code_map=mapped,
            )  # fmt: skip
    _print(dataclasses.asdict(taken), as_json=as_json)
    raise typer.Exit(1 if taken.refused else 0)


def _print(taken: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(taken, default=str, indent=2))
        return
    typer.echo(f"{taken['name']}: {taken['total']} records: {taken['used']} used, {taken['kept']} kept aside, "
               f"{taken['refused']} refused.")  # fmt: skip
    typer.echo(f"{taken['visits']} new visits, {taken['charges']} new charges; claims: {taken['claims_ready']} ready, "
               f"{taken['claims_held']} on hold. {taken['words']}")  # fmt: skip
    for item in taken["items"]:  # type: ignore[attr-defined]
        if str(item["outcome"]) == "refused":
            typer.echo(f"  {item['position']}: {item['kind']} {item['record_id']}: {item['words']}")
    for held in taken["held"]:  # type: ignore[attr-defined]
        typer.echo(f"  {held['claim']} waits: {', '.join(held['findings'])}")
