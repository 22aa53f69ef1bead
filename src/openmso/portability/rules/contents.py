"""What an export of a practice holds, what stays behind and why, and by which figures it is checked.

Every model whose rows belong to a practice or to the books of its entities leaves unless it stands in `STAYS`; a test
sees to it that every other model of the house is named here with its reason, so that a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

COUNTED_ANEW = "Counted anew from claims and remittances, which are here."
STAYS: Mapping[str, str] = {
    "documents.DocumentKey": "The key that seals a file in this house. The files are here in clear; the next house "
    "seals them with keys of its own.",
    "jobs.DeadLetter": "A job of this house's machinery that failed; what it was about is in the trail.",
    "ledger.Balance": "What moved on an account in a month: the database adds it up anew as lines come in.",
    "claims.Standing": "How many claims stand in a state: the database adds it up anew as claims come in.",
    **{
        f"analytics.{name}": COUNTED_ANEW
        for name in ("Age", "Cell", "ClaimAge", "ClaimFact", "ClaimMoney", "Cohort", "Count", "Curve", "Lag",
                     "Occurrence", "OccurrenceSum")
    },
}  # fmt: skip
"""Models of a practice that stay, with the reason as the practice reads it."""

OF_THE_NETWORK: Mapping[str, str] = {
    "agreements.ClauseVersion": "The MSO's library of clauses; what was signed with them is in VersionText.",
    "agreements.CompanionNeed": "Which papers the MSO wants beside agreements; those that are there are here.",
    "agreements.CounselSignOff": "What counsel of the MSO confirmed of the law for all its practices.",
    "agreements.InitiativeVersion": "What the MSO offers its network; what the practice said is in InitiativeChoice.",
    "agreements.LawRule": "The MSO's edition of rules of law; what they came to for the practice is in LawReview.",
    "agreements.TaskVersion": "The MSO's catalogue of tasks; those of the practice are in the terms of its agreement.",
    "compliance.Excluded": "Whom the official list of exclusions names; who of the practice's was found on it is here.",
    "compliance.ExclusionList": "The editions of the official list of exclusions that the MSO loaded.",
    "analytics.HourCost": "What an hour of the MSO's people costs.",
    "analytics.NetworkFigure": "Figures over several practices, nobody by name.",
    "api.StoredAnswer": "Answers kept for a day, so that software may ask twice; sealed.",
    "billing.RuleTable": "Tables of law and poverty guidelines, as they were published.",
    "claims.FollowUpRule": "How often the MSO asks payers about claims.",
    "claims.RuleVersion": "The MSO's scrub rules; what they hit in the practice is in RuleHit and ClaimFinding.",
    "claims.ScrubRule": "The MSO's scrub rules.",
    "codes": "Code sets and edits as their publishers released them; the next house loads them from there.",
    "denials.Limit": "Up to what the MSO's people write off alone.",
    "denials.MapLine": "The MSO's map of denial codes; what it came to is on each denial.",
    "denials.SuggestionAnswer": "What the MSO made of rules that were suggested to it.",
    "denials.Template": "The MSO's letters; those that left for the practice are here.",
    "exchange.Route": "By which partner the MSO's files go.",
    "identity.ApiToken": "A key that opens this house. It never leaves it.",
    "identity.Throttle": "What rate limits remember.",
    "parties.PayerNote": "Notes about payers for every practice of the network.",
    "ui.ColumnChoice": "Which columns a person wants to see.",
    "underpayments.PostingRule": "The MSO's rules of what is proposed where a payment differs.",
    "work.SavedView": "A list as a person arranged it for themselves.",
}
"""Models, or whole apps, of the network and of persons; they are nobody's practice."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Rows of the network that rows of a practice point at: which columns leave, and what they are told by.

    `whole` takes all rows, for a register that is public. `given` is what the next house sets in columns that stay.
    """

    model: str
    words: str
    told_by: str
    columns: tuple[str, ...] = ()
    """The columns that leave; nothing: all."""
    whole: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)


REFERENCES = (
    Reference("tenancy.Tenant", "The practice, and the MSO of the house, by their codes", "public_id"),
    Reference("tenancy.Entity", "Keys of the legal entities that agreements and books name", "id"),
    Reference("parties.Mso", "The MSO of the house", "tenant_id"),
    Reference("parties.Payer", "Payers", "public_id", whole=True),
    Reference(
        "identity.User", "People who did something in the practice: names and addresses, neither passwords nor keys",
        "public_id", ("id", "public_id", "email", "name", "is_service"),
        given={"password": "!", "is_active": False},
    ),
    Reference(
        "exchange.Partner", "Clearinghouses that took the practice's files, by name; how they are reached stays",
        "public_id", ("id", "public_id", "name", "kind"), given={"way": "manual"},
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure by which an export is checked: rows of a model, parted by a field, with sums of amounts."""

    name: str
    model: str
    by: str = ""
    sums: Mapping[str, str] = field(default_factory=dict)
    without: Mapping[str, str] = field(default_factory=dict)


MEASURES = (
    Measure("Patients", "patients.Patient"),
    Measure("Coverages", "patients.Coverage"),
    Measure("Visits", "scheduling.Visit", "status"),
    Measure("Charges", "charges.Charge", "state"),
    Measure(
        "Claims", "claims.Claim", "state",
        {"charged": "total_amount", "paid": "paid_amount", "adjusted": "adjusted_amount", "patient": "patient_amount",
         "open": "open_amount"},
    ),
    Measure("Claims sent", "claims.Batch", "", {"charged": "total_amount"}),
    Measure("Remittance files", "remittances.File", "state"),
    Measure(
        "Claim payments", "remittances.ClaimPayment", "outcome",
        {"charged": "charge_amount", "paid": "paid_amount", "adjusted": "contractual_amount",
         "patient": "patient_amount"},
    ),
    Measure("Denials", "denials.Denial", "state"),
    Measure("Appeals", "denials.Appeal", "state", {"amount": "amount"}),
    Measure("Accounts of patients", "billing.Account", "", {"owed": "owed_amount", "ahead": "unapplied_amount"}),
    Measure("Payments of patients", "billing.Payment", "state", {"amount": "amount"}),
    Measure("Bank lines", "banking.Line", "", {"amount": "amount"}),
    Measure("Ledger entries", "ledger.Entry"),
    Measure("Ledger", "ledger.Line", "account__code", {"debit": "debit_amount", "credit": "credit_amount"}),
    Measure("Open work", "work.WorkItem", "kind", without={"state": "done"}),
    Measure("Work", "work.WorkItem", "state"),
    Measure("Notes of work", "work.WorkEntry"),
    Measure("Agreements", "agreements.AgreementVersion"),
    Measure("Settled months", "settlement.Settlement", "state"),
    Measure("Documents", "documents.Document", "purpose", {"bytes": "size"}),
    Measure("Events of the trail", "audit.Event", without={"action": "portability.brought"}),
    Measure("Reads of the trail", "audit.Read"),
)  # fmt: skip
