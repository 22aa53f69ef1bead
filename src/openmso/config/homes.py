"""What each role finds on its home page: tiles by key, in order. What a person holds no permission for is left out."""

from __future__ import annotations

from collections.abc import Mapping

HOMES: Mapping[str, tuple[str, ...]] = {
    # revenue cycle
    "biller": ("claims.todo", "work.due", "intake.latest", "remittances.money", "claims.pipeline"),
    "billing_lead": ("claims.todo", "claims.pipeline", "work.due", "intake.latest", "remittances.money"),
    "coder_support": ("claims.todo", "claims.month", "work.due", "parties.practices"),
    "poster": ("remittances.money", "work.due", "parties.practices", "claims.chase"),
    "denial_specialist": ("claims.chase", "work.due", "parties.practices", "remittances.money", "claims.pipeline"),
    "patient_billing": ("claims.chase", "work.due", "parties.practices", "remittances.money"),
    # front office
    "scheduler": ("work.due", "intake.latest", "parties.practices"),
    # money
    "controller": ("ledger.books", "settlement.latest", "work.due", "settlement.months"),
    "accountant": ("ledger.books", "work.due", "settlement.months", "settlement.latest"),
    "payroll": ("work.due", "parties.practices"),
    "hr": ("work.due", "parties.practices"),
    "buyer": ("work.due", "parties.practices"),
    # the house
    "compliance_officer": (
        "work.due",
        "compliance.arrangements",
        "agreements.standing",
        "audit.latest",
        "accounts.people",
    ),
    "it_desk": ("jobs.health", "accounts.people", "work.due", "parties.practices"),
    "mso_executive": ("settlement.latest", "settlement.months", "work.due", "ledger.books", "agreements.standing"),
    "administrator": ("accounts.people", "jobs.health", "agreements.standing", "audit.latest", "work.due"),
    # practices
    "practice_owner": (
        "settlement.latest",
        "settlement.months",
        "work.due",
        "agreements.terms",
        "claims.month",
        "claims.pipeline",
    ),
    "physician": ("claims.month", "claims.pipeline", "work.due", "parties.practices"),
    "practice_staff": ("intake.latest", "work.due", "claims.pipeline"),
    # others
    "auditor": ("audit.latest", "ledger.books", "settlement.latest", "claims.pipeline"),
    "integrator": ("accounts.tokens", "intake.latest", "parties.practices"),
}
