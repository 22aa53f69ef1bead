"""`openmso claims`: what the screens do with claims, for files and runs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit.words import counted

claims = typer.Typer(no_args_is_help=True, help="Claims: build, release batches, take in acknowledgements, prove.")
PracticeOption = Annotated[str, typer.Option(help="Code of the practice: ROCK")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def _practice(code: str) -> Iterator[tuple[int, datetime, Any]]:
    """The practice in scope, the instant, and the system as actor."""
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import reach, tenants
        from openmso.platform.tenancy.scope import scope

        at = clock.now()
        tenant = tenants(code=code)[0]
        within = reach(tenant.pk)
        with scope(practices=within.practices, entities=within.entities):
            yield tenant.pk, at, Actor.system("openmso claims", at=at)


@claims.command()
def build(practice: PracticeOption, as_json: JsonOption = False) -> None:
    """Make claims of all charges that wait, and scrub them."""
    with _practice(practice) as (tenant, at, actor):
        from openmso.claims.services import building

        built = building.build(actor=actor, practice=tenant, at=at)
    _say(
        dataclasses.asdict(built),
        f"{counted(len(built.claims), 'claim')}: {built.ready} ready, {built.held} on hold.",
        as_json,
    )


@claims.command()
def release(
    practice: PracticeOption,
    to: Annotated[Path | None, typer.Option(help="Also write the 837 files into this folder.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Let the queued batches leave: 837P files, stored and recorded."""
    with _practice(practice) as (tenant, at, actor):
        from openmso.claims.services import releasing
        from openmso.platform.documents import queries as documents
        from openmso.platform.tenancy.scope import reading

        sent = releasing.release(actor=actor, practice=tenant, at=at)
        if to is not None:
            to.mkdir(parents=True, exist_ok=True)
            with reading():
                for batch in sent:
                    stored = documents.get(batch.document, tenant)
                    (to / stored.name).write_bytes(documents.read(batch.document, tenant))
    claims_sent = sum(batch.claims for batch in sent)
    _say(
        [dataclasses.asdict(one) for one in sent],
        f"{counted(claims_sent, 'claim')} left in {counted(len(sent), 'batch', 'batches')}.",
        as_json,
    )


@claims.command()
def acknowledge(
    file: Annotated[Path, typer.Argument(help="What the payer or clearinghouse answered.")],
    practice: PracticeOption,
    as_json: JsonOption = False,
) -> None:
    """Take in a TA1, 999 or 277CA file; exit status 1 when claims were rejected or answers fit none."""
    if not file.is_file():
        typer.echo("There is no such file.", err=True)
        raise typer.Exit(2)
    with file.open("rb") as content, _practice(practice) as (tenant, at, actor):
        from openmso.claims.services import acknowledging

        told = acknowledging.read_acknowledgements(actor=actor, practice=tenant, name=file.name, content=content, at=at)
    words = f"{told.accepted} accepted, {told.rejected} rejected, {told.unmatched} without a claim."
    _say(dataclasses.asdict(told), words, as_json)
    raise typer.Exit(1 if told.rejected or told.unmatched else 0)


@claims.command("follow-up")
def follow_up(practice: PracticeOption, as_json: JsonOption = False) -> None:
    """Ask payers (276) about claims that they have not answered for as many days as their rule says."""
    with _practice(practice) as (tenant, at, actor):
        from openmso.claims.services import following

        sent = following.ask(actor=actor, practice=tenant, at=at)
    asked = sum(one.claims for one in sent)
    words = f"{counted(asked, 'claim')} asked about in {counted(len(sent), 'file')}."
    _say([dataclasses.asdict(one) for one in sent], words, as_json)


@claims.command()
def check(practice: PracticeOption, as_json: JsonOption = False) -> None:
    """Prove that no charge is lost: captured = on claims + waiting + held + voided; exit status 1 where it is not."""
    with _practice(practice) as (tenant, _, _):
        from openmso.claims.queries import worklist
        from openmso.platform.tenancy.scope import reading

        with reading():
            proof = worklist.conservation(practice=tenant)
    told = {field.name: str(getattr(proof, field.name)) for field in dataclasses.fields(proof)} | {"holds": proof.holds}
    _say(told, "Every charge is accounted for." if proof.holds else "Charges are missing.", as_json)
    raise typer.Exit(0 if proof.holds else 1)


def _say(told: Any, words: str, as_json: bool) -> None:
    typer.echo(json.dumps(told, default=str, indent=2) if as_json else words)
