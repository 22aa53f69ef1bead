"""The root of the `openmso` command; each group of commands is a module beside this one."""

from __future__ import annotations

import sys

import typer

from openmso.cli import (
    accounts,
    agreements,
    allocation,
    audit,
    billing,
    bringing,
    claims,
    codes,
    compliance,
    database,
    demo,
    denials,
    documentation,
    documents,
    eligibility,
    equity,
    estimates,
    exchange,
    exits,
    export,
    fee,
    figures,
    governance,
    intake,
    law,
    ledger,
    openbook,
    outbox,
    posting_rules,
    price,
    quarter,
    recoupments,
    relationships,
    remittances,
    scope,
    serve,
    settlement,
    users,
    vault,
    waterfall,
    worker,
    x12,
)
from openmso.kit.errors import Refused

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="OpenMSO: the platform a healthcare management services organization runs on.",
    epilog="Exit status: 0 done, 1 done with findings or refused, 2 unusable arguments.",
)
app.add_typer(database.db, name="db")
app.add_typer(audit.audit, name="audit")
app.add_typer(x12.app, name="x12")
app.add_typer(fee.app, name="fee")
app.add_typer(allocation.allocation, name="allocation")
app.add_typer(law.law, name="law")
app.add_typer(agreements.agreements, name="agreements")
app.add_typer(agreements.clauses, name="clauses")
app.add_typer(governance.governance, name="governance")
app.add_typer(compliance.compliance, name="compliance")
app.add_typer(equity.equity, name="equity")
app.add_typer(price.app, name="price")
app.add_typer(ledger.app, name="ledger")
app.add_typer(documents.documents, name="documents")
app.add_typer(outbox.outbox, name="outbox")
app.add_typer(worker.jobs, name="jobs")
app.command("worker")(worker.worker)
app.add_typer(vault.vault, name="vault")
app.add_typer(users.users, name="users")
app.command("migrate")(database.migrate)
app.command("static")(database.static)
app.command("up")(serve.up)
app.command("demo")(demo.demo)
app.command("scope")(scope.scope)
app.command("quarter")(quarter.quarter)
app.command("relationships")(relationships.relationships)
app.command("docs")(documentation.docs)
app.command("intake")(intake.intake)
app.add_typer(claims.claims, name="claims")
app.add_typer(denials.denials, name="denials")
app.add_typer(billing.billing, name="billing")
app.add_typer(eligibility.eligibility, name="eligibility")
app.add_typer(estimates.estimates, name="estimates")
app.add_typer(exchange.exchange, name="exchange")
app.add_typer(exits.exits, name="exits")
app.add_typer(export.export, name="export")
app.add_typer(bringing.bring, name="import")
app.command("post-835")(remittances.post_835)
app.add_typer(codes.codes, name="codes")
app.add_typer(codes.ncci, name="ncci")
app.add_typer(remittances.bank, name="bank")
app.add_typer(recoupments.recoupments, name="recoupments")
app.add_typer(posting_rules.rules, name="posting-rules")
app.command("settle")(settlement.settle)
app.add_typer(settlement.settlement, name="settlement")
settlement.settlement.command("account")(accounts.account)
settlement.settlement.command("revenue")(accounts.revenue)
settlement.settlement.command("causes")(openbook.causes)
settlement.settlement.command("rebates")(openbook.rebates)
agreements.agreements.command("initiatives")(openbook.initiatives)
governance.governance.command("approvals")(openbook.approvals)
governance.governance.command("related")(openbook.related)
app.add_typer(waterfall.waterfall, name="waterfall")
app.add_typer(figures.kpi, name="kpi")


def main() -> None:
    """Run the command; a refusal is a sentence and exit status 1, never a traceback."""
    try:
        app()
    except Refused as no:
        typer.echo(f"{no.sentence}\n{no.fix}".rstrip(), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
