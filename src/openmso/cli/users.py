"""`openmso users`: the first accounts of an installation, and the way back in when nobody can sign in."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Annotated, Any

import typer

from openmso.cli import setup

users = typer.Typer(no_args_is_help=True, help="Accounts: add, list, disable; everything else is on the People page.")


@users.command()
def add(
    email: Annotated[str, typer.Argument(help="The address the person signs in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[str, typer.Option(help="A role to give, as in config/roles.py.")] = "",
    practice: Annotated[str, typer.Option(help="The code of the practice or MSO in which the role holds.")] = "",
    service: Annotated[bool, typer.Option(help="A service account: acts by token, cannot sign in.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Add an account and print the path of the page where its password is set (good for three days).

    Exit status: 0 added, 1 refused with the reason in words, 2 unusable arguments.
    """
    with setup.django(), _everywhere() as at:
        from openmso.platform.access import services as access
        from openmso.platform.access.contracts import Actor
        from openmso.platform.accounts import mail
        from openmso.platform.identity import services
        from openmso.platform.tenancy import queries as tenancy

        actor = Actor.system("openmso users add", at=at)
        made = services.add_user(actor=actor, email=email, name=name, is_service=service, at=at)
        if role:
            tenant = _tenant(practice)
            access.assign(actor=actor, practice=tenant, user_id=made.user_id, role=role,
                          starts_on=tenancy.today(tenant, at), at=at)  # fmt: skip
        path = "" if service else mail.invitation_path(made.public_id)
    told = {"account": made.public_id, "email": made.email, "path": path}
    typer.echo(json.dumps(told) if as_json else f"{made.public_id} {made.email}\n{path}".rstrip())


@users.command(name="list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False) -> None:
    """List the accounts by name, each with its id, its state and its address."""
    with setup.django(), _everywhere():
        from openmso.platform.identity import queries
        from openmso.platform.identity.contracts import AccountFilters

        found = queries.accounts(AccountFilters(), limit=10_000)[0]
    if as_json:
        typer.echo(json.dumps([asdict(account) | {"state": account.state} for account in found], default=str))
        return
    for account in found:
        typer.echo(f"{account.public_id}  {account.state:8}  {account.email}  {account.name}")


@users.command()
def disable(
    account: Annotated[str, typer.Argument(help="The public id of the account, as `openmso users list` shows it.")],
    why: Annotated[str, typer.Option(help="The reason, for the trail.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Disable an account by its public id: its sessions and tokens end at once."""
    with setup.django(), _everywhere() as at:
        from openmso.platform.access.contracts import Actor
        from openmso.platform.identity import services

        services.disable(actor=Actor.system("openmso users disable", at=at), account=account, why=why, at=at)
    typer.echo(json.dumps({"account": account, "disabled": True}) if as_json else "Disabled.")


def _everywhere() -> AbstractContextManager[Any]:
    """The scope of the whole network, and the instant of the command."""
    from contextlib import contextmanager

    from openmso.kit import clock
    from openmso.platform.tenancy import queries
    from openmso.platform.tenancy.scope import scope

    @contextmanager
    def opened() -> Any:
        with scope(practices=queries.whole_network().practices):
            yield clock.now()

    return opened()


def _tenant(code: str) -> int:
    from openmso.platform.tenancy import queries

    found = next((row for row in queries.tenants() if row.code == code.upper()), None)
    if found is None:
        raise typer.BadParameter(f"There is no practice or MSO with the code {code!r}.")
    return found.pk
