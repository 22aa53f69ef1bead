"""`openmso users`: the first accounts of an installation, and the way back in when nobody can sign in."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Annotated, Any

import typer

from openmso.cli import setup

users = typer.Typer(no_args_is_help=True, help="Accounts: add, list, disable; everything else is on the People page.")


@users.command()
def add(
    email: str,
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[str, typer.Option(help="A role to give, as in config/roles.py.")] = "",
    practice: Annotated[str, typer.Option(help="The code of the practice or MSO in which the role holds.")] = "",
    service: Annotated[bool, typer.Option(help="A service account: acts by token, cannot sign in.")] = False,
) -> None:
    """Add an account and print the path of the page where its password is set (good for three days)."""
    with setup.django(), _everywhere() as at:
        from openmso.platform.access import services as access
        from openmso.platform.access.contracts import Actor
        from openmso.platform.accounts import mail
        from openmso.platform.identity import services

        actor = Actor.system("openmso users add", at=at)
        made = services.add_user(actor=actor, email=email, name=name, is_service=service, at=at)
        typer.echo(f"{made.public_id} {made.email}")
        if role:
            access.assign(actor=actor, practice=_tenant(practice), user_id=made.user_id, role=role,
                          starts_on=at.date(), at=at)  # fmt: skip
        if not service:
            typer.echo(mail.invitation_path(made.public_id))


@users.command(name="list")
def list_() -> None:
    """List the accounts."""
    with setup.django(), _everywhere():
        from openmso.platform.identity import queries
        from openmso.platform.identity.contracts import AccountFilters

        for account in queries.accounts(AccountFilters(), limit=10_000)[0]:
            typer.echo(f"{account.public_id}  {account.state:8}  {account.email}  {account.name}")


@users.command()
def disable(account: str, why: Annotated[str, typer.Option(help="The reason, for the trail.")]) -> None:
    """Disable an account by its public id: its sessions and tokens end at once."""
    with setup.django(), _everywhere() as at:
        from openmso.platform.access.contracts import Actor
        from openmso.platform.identity import services

        services.disable(actor=Actor.system("openmso users disable", at=at), account=account, why=why, at=at)
        typer.echo("Disabled.")


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
