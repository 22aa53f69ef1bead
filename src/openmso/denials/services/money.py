"""What a person decides about money that a payer left open: given up, or the patient's. Claim and books in one act.

The claim learns of it as of any decision (`claims.services.deciding`); the receivable from insurers goes down by the
same amount in the practice's books, on the accrual basis (on the cash basis it never stood there).
"""

from __future__ import annotations

from datetime import datetime

from openmso.claims.queries import decided
from openmso.claims.services import deciding as claims
from openmso.denials.contracts import DENIAL
from openmso.denials.models import Denial
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts, Basis, EntryDraft, Journal, Source, credit, debit
from openmso.ledger.services import posting as ledger
from openmso.parties.queries import providers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy import queries as tenancy


def open_of(row: Denial) -> Money:
    """How much of what was denied is still open; never more than was denied."""
    name = row.resent_as_id or row.claim_id
    claim = decided.of_claims(practice=row.practice_id, claims={name})[name]
    line = next((one for one in claim.lines if row.charge_line_id and one.charge_id == row.charge_line_id), None)
    of = line or claim
    return min(of.charged - of.paid - of.adjusted - of.patient, Money(row.amount))


def move(
    row: Denial, amount: Money, *, to_patient: bool, source: str, actor: Actor, at: datetime, under: Decision
) -> str:  # fmt: skip
    """Take an amount off what insurers owe; the public id of its entry.

    `source` is the id under which the claim keeps the decision. Raises `Refused` where less is open, and what the
    ledger refuses.
    """
    if not ZERO < amount <= open_of(row):
        raise Refused(
            f"{open_of(row)} of {row.public_id} is open, not {amount}.", code="not_that_much_open",
            fix="Load the denial again: a payer may have decided meanwhile.",
        )  # fmt: skip
    on = tenancy.today(row.practice_id, at)
    name = row.resent_as_id or row.claim_id
    claim = decided.of_claims(practice=row.practice_id, claims={name})[name]
    line = next((one for one in claim.lines if row.charge_line_id and one.charge_id == row.charge_line_id), None)
    claims.decide_by_hand(
        actor=actor, practice=row.practice_id, control=claim.control, decided_on=on, source=source, at=at, under=under,
        parts=[
            claims.ByHand(
                patient=amount if to_patient else ZERO, adjusted=ZERO if to_patient else amount, denied=-amount,
                line_control=line.line_control if line else "",
            )
        ],
    )  # fmt: skip
    biller = providers.biller(claim.biller_id or 0, on=on)
    account, words = (
        (Accounts.AR_PATIENT, "moved to the patient") if to_patient else (Accounts.OTHER_ADJUSTMENTS, "written off")
    )
    draft = EntryDraft(
        biller.entity, on, f"Denial {row.public_id} of {row.claim_name} {words}",
        (debit(account, amount, basis=Basis.ACCRUAL, party=f"payer:{row.payer_name}"[:40]),
         credit(Accounts.AR_INSURANCE, amount, basis=Basis.ACCRUAL, party=f"payer:{row.payer_name}"[:40])),
        key=f"{DENIAL}:{source}", source=Source(DENIAL, row.public_id), journal=Journal.GENERAL,
    )  # fmt: skip
    return ledger.post(actor=actor, entries=[draft], at=at, under=(under,))[0].public_id
