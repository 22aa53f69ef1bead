"""`openmso db` and `openmso migrate`: the embedded server and the schema."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from openmso.cli import setup
from openmso.platform.database import bootstrap, connect

db = typer.Typer(no_args_is_help=True, help="The embedded PostgreSQL: start, stop, status.")


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
def stop() -> None:
    """Stop the embedded PostgreSQL, whoever started it."""
    typer.echo("Stopped." if connect.server().stop_any() else "It was not running.")


@db.command()
def status() -> None:
    """Say whether the embedded PostgreSQL answers; exit status 1 when it does not."""
    answers = connect.server().answers()
    typer.echo(f"{'Serves' if answers else 'Does not serve'} {connect.server().data}")
    raise typer.Exit(0 if answers else 1)


@db.command()
def init(
    dsn: Annotated[str, typer.Argument(help="How to connect as a superuser, or as a role that may create roles.")],
    name: Annotated[str, typer.Option(help="The database to make.")] = connect.DATABASE,
) -> None:
    """Make the owner role, the runtime role and the database on an external PostgreSQL."""
    bootstrap.prepare(dsn, name)
    typer.echo(f"Roles {connect.OWNER} and {connect.APP} and the database {name} are there. Give both roles passwords.")


def static() -> None:
    """Collect and compress the static files into OPENMSO_DATA/static."""
    raise typer.Exit(setup.manage("collectstatic", "--noinput", "--verbosity", "1"))


def migrate(
    check: Annotated[bool, typer.Option(help="Only say whether models and migrations agree.")] = False,
) -> None:
    """Bring the database's schema, roles and walls up to date, as the owner of the schema."""
    if check:
        raise typer.Exit(setup.manage("makemigrations", "--check", "--dry-run", as_owner=True))
    with setup.database():
        raise typer.Exit(setup.manage("migrate", "--verbosity", "0", as_owner=True))
