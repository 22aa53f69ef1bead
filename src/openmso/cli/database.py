"""`openmso db` and `openmso migrate`: the server, the schema, backups and the proof of a restored copy."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from openmso.cli import setup
from openmso.kit import clock
from openmso.kit.words import counted
from openmso.platform.database import backup, bootstrap, connect

db = typer.Typer(no_args_is_help=True, help="The database: the embedded server, backups, restored copies, its keys.")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Dump = Annotated[Path, typer.Argument(help="The dump; its list lies beside it as FILE.json.")]
Dsn = Annotated[
    str, typer.Option(help="How to connect, as `host=... user=... dbname=...` or a URL; else the settings.")
]


@db.command()
def start() -> None:
    """Start the embedded PostgreSQL and keep it running until `openmso db stop` or Ctrl-C."""
    with setup.database():
        typer.echo(f"PostgreSQL serves {connect.server().data}; connect with: psql '{connect.server().dsn()}'")
        try:
            while connect.server().answers():
                time.sleep(2)
        except KeyboardInterrupt:
            typer.echo("Stopped.")


@db.command()
def stop(as_json: AsJson = False) -> None:
    """Stop the embedded PostgreSQL, whoever started it."""
    stopped = connect.server().stop_any()
    typer.echo(json.dumps({"stopped": stopped}) if as_json else "Stopped." if stopped else "It was not running.")


@db.command()
def status(as_json: AsJson = False) -> None:
    """Say whether the embedded PostgreSQL answers; exit status 1 when it does not."""
    answers, folder = connect.server().answers(), str(connect.server().data)
    said = f"{'Serves' if answers else 'Does not serve'} {folder}"
    typer.echo(json.dumps({"serves": answers, "folder": folder}) if as_json else said)
    raise typer.Exit(0 if answers else 1)


@db.command()
def init(
    dsn: Annotated[str, typer.Argument(help="How to connect as a superuser.")],
    name: Annotated[str, typer.Option(help="The database to make.")] = connect.DATABASE,
    as_json: AsJson = False,
) -> None:
    """Make the owner, runtime and backup roles and the database on an external PostgreSQL, where they are missing."""
    bootstrap.prepare(dsn, name)
    roles = list(bootstrap.ROLES)
    said = f"The roles {', '.join(roles)} and the database {name} are there. Give the roles passwords."
    typer.echo(json.dumps({"roles": roles, "database": name}) if as_json else said)


@db.command("backup")
def back_up(
    file: Annotated[Path, typer.Argument(help="The dump to write; a list of what is in it goes to FILE.json.")],
    dsn: Dsn = "",
    as_json: AsJson = False,
) -> None:
    """Dump the database as the role that sees every row, with the row count and hash total of every table.

    Documents and keys lie outside the database: copy OPENMSO_DATA/documents too, and keep the keys elsewhere.
    """
    with setup.database():
        listed = backup.back_up(dsn or connect.backup_dsn(), to=file, at=clock.now())
    held = f"{counted(listed.rows, 'row')} of {counted(len(listed.tables), 'table')}"
    said = f"{held} in {file}, listed in {backup.list_of(file)}"
    told = {"file": str(file), "sha256": listed.sha256, "tables": len(listed.tables), "rows": listed.rows}
    typer.echo(json.dumps(told) if as_json else said)


@db.command()
def restore(
    file: Dump,
    name: Annotated[str, typer.Option(help="The new database to make of it.")],
    superuser: Annotated[str, typer.Option(help="How to connect as a superuser; else the embedded server.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a new database of a dump and compare it with the dump's list; exit status 1 when anything differs."""
    if not superuser and not connect.is_embedded():
        raise typer.BadParameter("An external server needs --superuser: only a superuser makes databases and roles.")
    with setup.database():
        found = backup.restore(file, superuser=superuser or connect.server().dsn(), name=name)
    _compared(found, as_json=as_json)


@db.command()
def compare(file: Dump, dsn: Dsn = "", as_json: AsJson = False) -> None:
    """Compare a database with a dump's list, table by table; exit status 1 when anything differs.

    For copies that were restored by other means (physical backups, a standby), and to see what changed since.
    """
    with setup.database():
        found = backup.differences(dsn or connect.backup_dsn(), backup.read_list(file))
    _compared(found, as_json=as_json)


@db.command("keys")
def prove_keys(as_json: AsJson = False) -> None:
    """Prove that no row points into another practice, journals included; exit status 1 when one does."""
    with setup.django():
        from openmso.platform.tenancy import queries
        from openmso.platform.tenancy.scope import reading, scope

        with scope(practices=queries.whole_network().practices), reading():
            found, asked = queries.stray_keys(), len(queries.keys())
    if as_json:
        typer.echo(json.dumps({"sound": not found, "keys": asked, "stray": [asdict(one) for one in found]}))
    else:
        for one in found:
            typer.echo(f"{one.table}.{one.column}: {counted(one.rows, 'row')} out of their practice, or nowhere")
        typer.echo(f"{asked} keys between rows of a practice: {'sound' if not found else 'FLAWED'}")
    raise typer.Exit(1 if found else 0)


def _compared(found: list[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"same": not found, "differences": found}))
    else:
        typer.echo("\n".join(found) or "Every table holds the same rows.")
    raise typer.Exit(1 if found else 0)


def static(as_json: AsJson = False) -> None:
    """Collect and compress the static files into OPENMSO_DATA/static; exit status 1 when that fails."""
    _did("static", setup.manage("collectstatic", "--noinput", "--verbosity", "0" if as_json else "1"), as_json=as_json)


def migrate(
    check: Annotated[bool, typer.Option(help="Only say whether models and migrations agree.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database's schema, roles and walls up to date, as the owner of the schema; exit status 1 on failure."""
    if check:
        _did("check", setup.manage("makemigrations", "--check", "--dry-run", as_owner=True), as_json=as_json)
    with setup.database():
        status = setup.manage("migrate", "--verbosity", "0", as_owner=True)
    _did("migrate", status, as_json=as_json)


def _did(what: str, status: int, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({what: status == 0}))
    raise typer.Exit(status)
