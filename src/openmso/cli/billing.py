"""`openmso billing`: statement runs and the notices that tell of them, for scripts."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from openmso.cli import payouts, rule_tables, runs, setup
from openmso.cli.progress import bar
from openmso.kit.words import counted

billing = typer.Typer(no_args_is_help=True, help="Patients' money: send statements, and the notices that tell of them.")
billing.add_typer(payouts.payouts, name="payouts")
billing.add_typer(rule_tables.tables, name="tables")
billing.add_typer(runs.runs, name="runs")
PracticeOption = Annotated[str, typer.Option(help="Code of the practice; without it all of them.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _reach(practice: str) -> Any:
    from openmso.platform.tenancy.queries import reach, tenants, whole_network

    return reach(tenants(code=practice)[0].pk) if practice else whole_network()


@billing.command("statements")
def statements(practice: PracticeOption = "", as_json: JsonOption = False) -> None:
    """Judge every account that owes and make the statements; says how many went, and how many accounts got none.

    A run that was interrupted goes on where it stands.
    """
    with setup.django():
        from openmso.billing.queries import statements as stated
        from openmso.billing.services import stating
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import tenants_in_scope
        from openmso.platform.tenancy.scope import reading, scope

        at, told = clock.now(), []
        actor, within = Actor.system("openmso billing", at=at), _reach(practice)
        with scope(practices=within.practices, entities=within.entities), bar("Statements", quiet=as_json) as tell:
            with reading():
                practices = [one for one in tenants_in_scope() if not one.is_mso]
            for one in practices:
                made = stating.begin(actor=actor, practice=one.pk, at=at)
                while stating.go_on(actor=actor, run=made, at=at):
                    with reading():
                        now = stated.run(made)
                    tell(f"{one.name}: {now.looked:,} judged", now.looked, now.whole or 1)
                with reading():
                    told.append(stated.run(made))
    if as_json:
        rows = [
            {"id": row.public_id, "practice": row.practice_name, "sent": row.sent, "passed": row.passed,
             "amount": str(row.amount), "paper": row.paper, "mail_list": row.mail_list}
            for row in told
        ]  # fmt: skip
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in told:
        typer.echo(
            f"{row.practice_name}: {counted(row.sent, 'statement')} of {row.amount}, "
            f"{counted(row.passed, 'account')} without ({row.public_id})"
        )


@billing.command("accounts")
def accounts(
    kind: Annotated[str, typer.Argument(help="small, dunning, agency or charity.")],
    practice: PracticeOption = "",
    agency: Annotated[str, typer.Option(help="Public id of the agency that gets accounts.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Propose a run over accounts; one of the kind that was interrupted goes on where it stands.

    What it proposes waits for a person: `openmso billing runs` shows and decides it.
    """
    with setup.django():
        from openmso.billing.contracts import SweepKind
        from openmso.billing.queries import sweeps
        from openmso.billing.services import stepping, sweeping
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import tenants_in_scope
        from openmso.platform.tenancy.scope import reading, scope

        if kind not in {one.value for one in SweepKind}:
            raise typer.BadParameter(f"{kind!r} is none of {', '.join(one.value for one in SweepKind)}.")
        at, told = clock.now(), []
        actor, within = Actor.system("openmso billing", at=at), _reach(practice)
        with scope(practices=within.practices, entities=within.entities), bar("Accounts", quiet=as_json) as tell:
            with reading():
                practices = [one for one in tenants_in_scope() if not one.is_mso]
            for one in practices:
                with reading():
                    under_way = sweeps.under_way(practice=one.pk, kind=SweepKind(kind))
                for made in under_way or [
                    sweeping.begin(actor=actor, practice=one.pk, kind=SweepKind(kind), agency=agency, at=at)
                ]:
                    while stepping.go_on(actor=actor, sweep=made, at=at):
                        with reading():
                            now = sweeps.sweep(made)
                        tell(f"{one.name}: {now.looked:,} accounts", now.looked, now.whole or 1)
                    with reading():
                        told.append(sweeps.sweep(made))
    if as_json:
        rows = [
            {"id": row.public_id, "practice": row.practice_name, "kind": row.kind.value, "state": row.state.value,
             "accounts": row.count, "amount": str(row.amount)}
            for row in told
        ]  # fmt: skip
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in told:
        typer.echo(f"{row.practice_name}: {counted(row.count, 'account')} of {row.amount}, {row.state.label.lower()} "
                   f"({row.public_id})")  # fmt: skip


@billing.command("plans")
def plans(practice: PracticeOption = "", as_json: JsonOption = False) -> None:
    """Look at every running payment plan, as every night; says how many run, and how many were paid or broken."""
    with setup.django():
        from openmso.billing.contracts import L
        from openmso.billing.services import planning
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import tenants_in_scope
        from openmso.platform.tenancy.scope import reading, scope

        at = clock.now()
        actor, within = Actor.system("openmso billing", at=at), _reach(practice)
        with scope(practices=within.practices, entities=within.entities):
            with reading():
                practices = [one.pk for one in tenants_in_scope() if not one.is_mso]
            told = [planning.review(actor=actor, practice=one, at=at) for one in practices]
    answer = {one.value: sum(by[one] for by in told) for one in (L.ACTIVE, L.KEPT, L.BROKEN)}
    said = f"{counted(answer['active'], 'plan')} running; {answer['kept']} paid and {answer['broken']} broken now."
    typer.echo(json.dumps(answer) if as_json else said)


@billing.command("notices")
def notices(practice: PracticeOption = "", as_json: JsonOption = False) -> None:
    """Hand the notices in the outbox to whoever delivers them."""
    with setup.django():
        from openmso.billing.queries import statements as stated
        from openmso.billing.services import telling
        from openmso.kit import clock
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import tenants_in_scope
        from openmso.platform.tenancy.scope import reading, scope

        at = clock.now()
        actor, within = Actor.system("openmso billing", at=at), _reach(practice)
        with scope(practices=within.practices, entities=within.entities):
            with reading():
                practices = [one.pk for one in tenants_in_scope() if not one.is_mso]
            told = [telling.tell(actor=actor, practice=one, at=at) for one in practices]
            with reading():
                waiting = stated.in_outbox()
    answer = {"sent": sum(one for one, _ in told), "failed": sum(one for _, one in told), "waiting": waiting}
    said = f"{counted(answer['sent'], 'notice')} sent, {answer['failed']} failed, {answer['waiting']} in the outbox."
    typer.echo(json.dumps(answer) if as_json else said)
