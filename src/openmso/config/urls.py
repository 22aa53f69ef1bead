"""The URLs of the whole site."""

from django.urls import URLPattern, URLResolver, include, path

from openmso.config import health, home
from openmso.config.api import api
from openmso.platform.accounts.urls import sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("accounts/", include(sign_in)),
    path("", include("openmso.platform.accounts.urls")),
    path("work/", include("openmso.platform.work.urls")),
    path("files/", include("openmso.platform.documents.urls")),
    path("audit/", include("openmso.platform.audit.urls")),
    path("dead-letters/", include("openmso.platform.jobs.urls")),
    path("", include("openmso.ledger.urls")),
    path("api/", api.urls),
    path("statements/", include("openmso.settlement.urls")),
    path("treasury/", include("openmso.treasury.urls")),
    path("kpis/", include("openmso.analytics.urls")),
    path("ui/", include("openmso.platform.ui.urls")),
    path("claims/", include("openmso.claims.urls")),
    path("exchange/", include("openmso.exchange.urls")),
    path("remittances/", include("openmso.remittances.urls")),
    path("codes/", include("openmso.codes.urls")),
    path("denials/", include("openmso.denials.urls")),
    path("pay/", include("openmso.billing.pages")),
    path("billing/", include("openmso.billing.urls")),
    path("banking/", include("openmso.banking.urls")),
    path("intake/", include("openmso.intake.urls")),
    path("coverage/", include("openmso.eligibility.urls")),
    path("take-away/", include("openmso.portability.urls")),
    path("estimates/", include("openmso.estimates.urls")),
    path("", include("openmso.charges.urls")),
    path("", include("openmso.parties.urls")),
    path("", include("openmso.agreements.urls")),
    path("", include("openmso.contracting.urls")),
    path("", include("openmso.governance.urls")),
    path("", include("openmso.compliance.urls")),
    path("", include("openmso.equity.urls")),
    path("", include("openmso.leaving.urls")),
    path("", include("openmso.underpayments.urls")),
]

handler500 = "openmso.platform.ui.errors.server_error"
