"""The API of the installation: the routers of all apps, mounted."""

from __future__ import annotations

import json
from importlib.metadata import version

from openmso.agreements.api.initiatives import router as agreements
from openmso.analytics.api.costs import router as hour_costs
from openmso.analytics.api.figures import router as analytics
from openmso.banking.api import router as banking
from openmso.billing.api.payouts import router as billing
from openmso.charges.api import router as charges
from openmso.claims.api.attachments import router as claims
from openmso.codes.api import router as codes
from openmso.compliance.api.exclusions import router as compliance
from openmso.contracting.api import router as contracting
from openmso.denials.api.prevention import router as denials
from openmso.eligibility.api.covers import router as eligibility
from openmso.equity.api.holdings import router as equity
from openmso.estimates.api.usual import router as estimates
from openmso.exchange.api.enrolments import router as exchange
from openmso.governance.api.approvals import router as governance
from openmso.intake.api import router as intake
from openmso.leaving.api import router as leaving
from openmso.ledger.api.routes import router as ledger
from openmso.parties.api.enrolments import router as parties
from openmso.platform.accounts.api import router as accounts
from openmso.platform.api.house import HouseApi
from openmso.platform.audit.api import router as audit
from openmso.platform.documents.api import router as documents
from openmso.platform.jobs.api import router as jobs
from openmso.platform.work.api.oversight import router as work
from openmso.portability.api import router as portability
from openmso.remittances.api.papers import router as remittances
from openmso.scheduling.api import router as scheduling
from openmso.settlement.api.accounts import router as settlement
from openmso.settlement.api.allocation import router as shared_cost
from openmso.settlement.api.disputes import router as invoice_disputes
from openmso.settlement.api.figures import router as open_book
from openmso.treasury.api.returns import router as treasury
from openmso.underpayments.api.posting import router as underpayments

api = HouseApi(
    title="OpenMSO",
    version=version("openmso"),
    description="Everything a screen can do. Send `Authorization: Bearer omso_...`; errors are problem+json "
    "(RFC 9457); a POST with an `Idempotency-Key` is done once.",
)
api.add_router("", accounts)
api.add_router("", codes)
api.add_router("", parties)
api.add_router("", agreements)
api.add_router("", contracting)
api.add_router("", governance)
api.add_router("", compliance)
api.add_router("", equity)
api.add_router("", banking)
api.add_router("", ledger)
api.add_router("", scheduling)
api.add_router("", charges)
api.add_router("", eligibility)
api.add_router("", claims)
api.add_router("", exchange)
api.add_router("", intake)
api.add_router("", remittances)
api.add_router("", denials)
api.add_router("", billing)
api.add_router("", settlement)
api.add_router("", invoice_disputes)
api.add_router("", open_book)
api.add_router("", shared_cost)
api.add_router("", treasury)
api.add_router("", analytics)
api.add_router("", hour_costs)
api.add_router("", underpayments)
api.add_router("", estimates)
api.add_router("", portability)
api.add_router("", leaving)
api.add_router("", work)
api.add_router("", documents)
api.add_router("", audit)
api.add_router("", jobs)


def schema_json() -> str:
    """The description of the API as it is committed: sorted, indented, ending in a line feed."""
    return json.dumps(api.get_openapi_schema(), indent=2, sort_keys=True, default=str) + "\n"
