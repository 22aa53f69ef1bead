"""What is so of the demo's practices and the MSO, for the rules of law, and what its counsel has looked at."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.services import law
from openmso.platform.access.contracts import Actor
from openmso.simulator.network.cast import DemoPractice

YES = (
    "practice.owner_licensed practice.majority_licensed relation.federal agreement.covers_all fee.set_in_advance "
    "fee.is_fmv fmv.on_file fmv.is_reasonable scope.is_reasonable reassign.account_of_practice baa.downstream "
    "exclusion.screened ownership.group_practice"
)
NO = (
    "agreement.again_within_year fee.by_referrals fee.has_outcomes scope.promotes_unlawful scope.network_development "
    "mso.private_equity mso.owns_majority mso.holds_proxy mso.causes_issue mso.finances_majority dual.serves_both "
    "stock.mso_controls stock.mso_replaces clause.noncompete clause.secrecy reassign.medicare_to_mso "
    "reassign.medicaid_to_mso sweep.government lease.between_parties lease.is_holdover gpo.receives_fees "
    "discount.passed_on exclusion.matched transaction.planned practice.wholly_owned_by_mso"
)
SWEEPS = {
    "sweep.government": "yes", "sweep.offset_waived": "yes", "sweep.receivables_sold": "no",
    "sweep.practice_instructs": "yes",
}  # fmt: skip
"""Where the practice lets its bank move what government payers paid: what the bank's letter says."""
UNSAID = {"MESA": "lease.between_parties gpo.receives_fees discount.passed_on"}
"""What nobody has said of a practice yet, so that its page of law asks."""
VENTURE = {
    "CEDAR": {
        "jv.referring_investors": "yes", "jv.referring_share": "35", "jv.referred_revenue": "28",
        "jv.by_capital": "yes", "jv.lends_to_investors": "no", "jv.by_volume": "no", "relation.dhs": "yes",
        "relation.physician_financial": "yes",
    }
}  # fmt: skip
COUNSEL = (
    ("OIG-EXCL-01", "Screening before the start and monthly: 42 USC 1320a-7 and 1320a-7a, read in August 2026"),
    ("JV-01", "The small entity safe harbor, 42 CFR 1001.952(a)(2), read in August 2026"),
)


def say(actor: Actor, plan: DemoPractice, practice: int, *, at: datetime) -> None:
    """Say what is so of a practice, as its compliance file has it."""
    left_out = UNSAID.get(plan.code, "").split()
    facts = dict.fromkeys(YES.split(), "yes") | dict.fromkeys(NO.split(), "no")
    facts |= {
        "practice.kind": "group",
        **(SWEEPS if plan.payments else {}),
        **VENTURE.get(plan.code, {"jv.referring_investors": "no", "relation.dhs": "no"}),
    }
    said = {name: value for name, value in facts.items() if name not in left_out}
    law.say(actor=actor, practice=practice, facts=said, why="Compliance file of August 2026", at=at)


def counsel(actor: Actor, mso: int, *, at: datetime) -> None:
    """What the MSO's counsel confirmed."""
    for code, note in COUNSEL:
        law.sign_off(
            actor=actor, mso=mso, code=code, counsel="Rebecca Hale", firm="Hale and Whitcomb, PLLC", note=note, at=at
        )
