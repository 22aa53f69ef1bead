"""`openmso settle`: the months of practices, as the screen settles them."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit.errors import Refused
from openmso.kit.periods import Month


def settle(
    month: Annotated[str, typer.Argument(help="A month that is over: 2026-10")],
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Settle a month: fee, an entry in each of two books, invoice and statement; exit status 1 where that was refused.

    Each practice is settled by itself: one that is refused, or was settled before, keeps no other from it.
    """
    try:
        wanted = Month.parse(month)
    except ValueError as no:
        typer.echo(f"{no}.", err=True)
        raise typer.Exit(2) from no
    with setup.django():
        from openmso.platform.tenancy.queries import tenants

        told = [_settled(one, wanted) for one in tenants(code=practice) if not one.is_mso]
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        for one in told:
            typer.echo(f"{one['practice']}  {one['refused'] or _words(one)}")
    raise typer.Exit(1 if any(one["refused"] for one in told) else 0)


def _settled(tenant: Any, month: Month) -> dict[str, str]:
    from openmso.kit import clock
    from openmso.platform.access.contracts import Actor
    from openmso.platform.tenancy.queries import mso, reach
    from openmso.platform.tenancy.scope import scope
    from openmso.settlement import services

    at = clock.now()
    within = reach(tenant.pk, mso())
    told = {"practice": tenant.code, "month": str(month), "settlement": "", "invoice": "", "fee": "", "refused": ""}
    with scope(practices=within.practices, entities=within.entities):
        try:
            done = services.settle(actor=Actor.system("openmso settle", at=at), practice=tenant.pk, month=month, at=at)
        except Refused as no:
            return told | {"refused": f"{no.sentence} {no.fix}".strip()}
    return told | {"settlement": done.public_id, "invoice": done.invoice, "fee": str(done.fee.amount)}


def _words(told: dict[str, str]) -> str:
    return f"{told['settlement']}: a fee of {told['fee']}, invoice {told['invoice']}."
