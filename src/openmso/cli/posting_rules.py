"""`openmso posting-rules`: the rules that propose what is done where payments differ: listed, read, and asked anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit.errors import Refused
from openmso.kit.words import counted

if TYPE_CHECKING:
    from openmso.underpayments.contracts import ProposalRow, RuleRow

rules = typer.Typer(no_args_is_help=True, help="Posting rules: list them, read their versions, have them propose.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Practice = Annotated[str, typer.Option(help="Code of the practice; without it all of them.")]
SHOWN_MAX = 500


@contextmanager
def _within(practice: str = "") -> Iterator[Any]:
    """The actor of a command in the scope of a practice or the network; a refusal ends it with words and status 1."""
    with setup.django():
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import reach, tenants, whole_network
        from openmso.platform.tenancy.scope import scope

        within = reach(tenants(code=practice)[0].pk) if practice else whole_network()
        with scope(practices=within.practices, entities=within.entities):
            try:
                yield Actor.system("openmso posting-rules", at=clock.now())
            except Refused as no:
                typer.echo(f"{no} {no.fix}".strip(), err=True)
                raise typer.Exit(1) from no


def _row(one: RuleRow) -> dict[str, Any]:
    sums = {name: getattr(one, name) for name in ("waits", "taken", "declined", "lapsed")}
    return {
        "code": one.code, "number": one.number, "title": one.title, "payer": one.payer_name, "about": one.about.value,
        "owner": one.owner.value, "when": one.when_words, "treatment": one.treatment.value, "words": one.words,
        "starts_on": str(one.starts_on), "withdrawn": one.withdrawn, "holds": one.holds, "why": one.why, "by": one.by,
        **{name: {"count": each.count, "amount": str(each.amount)} for name, each in sums.items()},
    }  # fmt: skip


def _tell(found: list[RuleRow], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_row(one) for one in found], indent=2))
        return
    for one in found:
        stands = "withdrawn" if one.withdrawn else "in force" if one.holds else f"from {one.starts_on}"
        typer.echo(f"{one.code} {one.number} ({stands}): {one.title}. {one.payer_name}: {one.when_words}")
        typer.echo(f"  {one.treatment.label}: {one.words} {one.waits.count} wait, {one.taken.count} taken, "
                   f"{one.declined.count} declined, {one.lapsed.count} lapsed")  # fmt: skip


@rules.command("list")
def listed(practice: Practice = "", as_json: Json = False) -> None:
    """The rules as they hold today, and what each proposed, by dollars."""
    with _within(practice) as actor:
        from openmso.platform.tenancy.scope import reading
        from openmso.underpayments import queries

        with reading():
            found = queries.rules(on=actor.today)
    _tell(found, as_json)


@rules.command("versions")
def versions(
    rule: Annotated[str, typer.Argument(help="Code of the rule.")], practice: Practice = "", as_json: Json = False
) -> None:
    """Every version of a rule, the latest first."""
    with _within(practice) as actor:
        from openmso.platform.tenancy.scope import reading
        from openmso.underpayments import queries

        with reading():
            found = queries.rule(rule, on=actor.today)
    _tell(found, as_json)


@rules.command("propose")
def propose(practice: Practice = "", as_json: Json = False) -> None:
    """Ask the rules about every open line and what differed lately; what they propose waits for a person."""
    with _within(practice) as actor:
        from openmso.platform.tenancy.queries import tenants_in_scope
        from openmso.platform.tenancy.scope import reading
        from openmso.platform.ui.contracts import Filters, PageAsk
        from openmso.underpayments import queries
        from openmso.underpayments.services import rulebook

        with reading():
            practices = [one.pk for one in tenants_in_scope() if not one.is_mso]
        waiting = sum(rulebook.propose(actor=actor, practice=one, at=actor.at) for one in practices)
        with reading():
            shown = queries.proposals(filters=Filters(), page=PageAsk(size=SHOWN_MAX)).rows
    if as_json:
        typer.echo(json.dumps({"waiting": waiting, "proposals": [_proposal(one) for one in shown]}, indent=2))
        return
    for one in shown:
        typer.echo(f"{one.subject} {one.claim} {one.amount!s:>10}  {one.rule}: {one.treatment.label}. {one.words}")
    typer.echo(f"{counted(waiting, 'proposal')} wait{'s' if waiting == 1 else ''} for a person.")


def _proposal(one: ProposalRow) -> dict[str, Any]:
    return {
        "subject": one.subject, "about": one.about.value, "practice": one.practice_name, "claim": one.claim,
        "rule": one.rule, "number": one.number, "treatment": one.treatment.value, "words": one.words,
        "owner": one.owner.value, "amount": str(one.amount),
    }  # fmt: skip
