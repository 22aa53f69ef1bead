"""`openmso billing payouts`: card payouts for scripts: taken from a file or the provider, listed, looked at, mended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from openmso.cli import setup

payouts = typer.Typer(no_args_is_help=True, help="Card payouts: take, list, look at what does not tie, say what it is.")
Practice = Annotated[str, typer.Option(help="Code of the practice.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PayoutName = Annotated[str, typer.Argument(help="Public id of the payout, PYO-...")]
Number = Annotated[int, typer.Argument(help="Number of its line.")]
Payment = Annotated[str, typer.Argument(help="Public id of the payment, RCP-...")]
Words = Annotated[str, typer.Option(help="What shows it.")]


@contextmanager
def _within(practice: str = "") -> Iterator[Any]:
    """The actor of a command, in the scope of a practice or of the whole network."""
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import reach, tenants, whole_network
        from openmso.platform.tenancy.scope import scope

        within = reach(tenants(code=practice)[0].pk) if practice else whole_network()
        with scope(practices=within.practices, entities=within.entities):
            yield Actor.system("openmso billing payouts", at=clock.now())


def _told(names: list[str] | None, as_json: bool, *, content: bool = False) -> None:
    """Print payouts; all of the scope where none are named."""
    from openmso.billing.queries import payouts as asking
    from openmso.platform.tenancy.scope import reading
    from openmso.platform.ui.contracts import Filters, PageAsk

    with reading():
        found = (
            asking.listing(filters=Filters(), page=PageAsk(size=500)).rows if names is None
            else [asking.payout(one) for one in names]
        )  # fmt: skip
        lines = {one.public_id: asking.lines(one) for one in found} if content else {}
    rows = [
        {"id": one.public_id, "practice": one.practice_name, "name": one.name, "arrives_on": str(one.on),
         "amount": str(one.amount), "fees": str(one.fee), "lines": one.count, "open": one.open,
         "state": one.state.value, "why_not": one.words, "slip": one.slip}
        | ({"content": [_line(each) for each in lines[one.public_id]]} if content else {})
        for one in found
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    for one in found:
        waits = f", {one.open} of {one.count} lines do not tie" if one.open else ""
        said = f"{one.public_id} {one.name} {one.on} {one.amount}: {one.state.label.lower()}{waits} {one.words}"
        typer.echo(said.rstrip())
        for each in lines.get(one.public_id, []):
            typer.echo(f"  {each.number} {each.kind.label} {each.amount} {each.about} {each.ours} {each.note}".rstrip())


def _line(one: Any) -> dict[str, Any]:
    return {
        "number": one.number, "kind": one.kind.value, "about": one.about, "amount": str(one.amount),
        "fee": str(one.fee), "payment": one.payment, "refund": one.refund, "regard": one.regard, "why_not": one.fault,
        "why": one.why,
    }  # fmt: skip


@payouts.command("list")
def listed(practice: Practice = "", as_json: Json = False) -> None:
    """The payouts, the latest first."""
    with _within(practice):
        _told(None, as_json)


@payouts.command("show")
def show(payout: PayoutName, as_json: Json = False) -> None:
    """One payout with its lines."""
    with _within():
        _told([payout], as_json, content=True)


@payouts.command("take")
def take(
    file: Annotated[Path, typer.Argument(help="The report, as CSV.")],
    practice: Annotated[str, typer.Option(help="Code of the practice.")],
    as_json: Json = False,
) -> None:
    """Take a provider's itemized payout reconciliation (CSV)."""
    _practice(practice, as_json, lambda actor, key: _services().take(
        actor=actor, practice=key, name=file.name, content=file.read_bytes(), at=actor.at
    ))  # fmt: skip


@payouts.command("fetch")
def fetch(practice: Annotated[str, typer.Option(help="Code of the practice.")], as_json: Json = False) -> None:
    """Ask the practice's card provider what it paid out in the last 30 days."""
    _practice(practice, as_json, lambda actor, key: _services().fetch(actor=actor, practice=key, at=actor.at))


@payouts.command("look")
def look(payout: PayoutName, as_json: Json = False) -> None:
    """Look whether the lines of a payout tie by now."""
    _one(payout, as_json, lambda actor: _services().look_again(actor=actor, payout=payout, at=actor.at))


@payouts.command("tie")
def tie(payout: PayoutName, number: Number, payment: Payment, why: Words, as_json: Json = False) -> None:
    """Say which payment of ours a line is."""
    _one(payout, as_json, lambda actor: _services().tie(
        actor=actor, payout=payout, number=number, payment=payment, why=why, at=actor.at
    ))  # fmt: skip


@payouts.command("regard")
def regard(
    payout: PayoutName, number: Number, what: Annotated[str, typer.Argument(help="fee, reserve, failed or unnamed.")],
    why: Words, failed: Annotated[str, typer.Option(help="Public id of the payout that failed.")] = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Say what a line is that is no payment of ours."""

    def said(actor: Any) -> object:
        from openmso.billing.contracts.payouts import Regard
        from openmso.billing.services import regarding

        if what not in {one.value for one in Regard}:
            raise typer.BadParameter(f"{what!r} is none of {', '.join(one.value for one in Regard)}.")
        return regarding.regard(
            actor=actor, payout=payout, number=number, regard=Regard(what), why=why, failed=failed, at=actor.at
        )

    _one(payout, as_json, said)


@payouts.command("name")
def name(payout: PayoutName, number: Number, payment: Payment, why: Words, as_json: Json = False) -> None:
    """Say which payment money is that nobody could name when its payout was taken."""

    def said(actor: Any) -> object:
        from openmso.billing.services import regarding

        return regarding.name(actor=actor, payout=payout, number=number, payment=payment, why=why, at=actor.at)

    _one(payout, as_json, said)


def _services() -> Any:
    from openmso.billing.services import paying_out

    return paying_out


def _one(payout: str, as_json: bool, act: Callable[[Any], object]) -> None:
    with _within() as actor:
        act(actor)
        _told([payout], as_json, content=True)


def _practice(practice: str, as_json: bool, act: Callable[[Any, int], list[str]]) -> None:
    with _within(practice) as actor:
        from openmso.platform.tenancy.queries import key_in_scope
        from openmso.platform.tenancy.scope import reading

        with reading():
            key = key_in_scope(practice.upper())
        _told(act(actor, key), as_json)
