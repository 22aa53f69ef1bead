"""What billing does when payers have decided: accounts are made anew, and what was paid too much is the patient's."""

from __future__ import annotations

from datetime import datetime

from openmso.banking.events import StatementImported
from openmso.billing.contracts import DEPOSIT
from openmso.billing.services import acknowledged, depositing, receiving
from openmso.claims.events import LeftToPatient
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.registry import subscribe
from openmso.remittances.events import RemittancePosted


@subscribe(RemittancePosted, name="billing.parts_of_patients")
def parts_of_patients(event: RemittancePosted, *, practice: int, actor: Actor, at: datetime) -> None:
    """The patients of the claims that a remittance decided owe something else now."""
    receiving.look_at(actor=actor, practice=practice, remittance=event.remittance, at=at)


@subscribe(RemittancePosted, name="billing.refunds_acknowledged")
def refunds_acknowledged(event: RemittancePosted, *, practice: int, actor: Actor, at: datetime) -> None:
    """A remittance may acknowledge what was returned to its payer."""
    acknowledged.tie_refunds(actor=actor, practice=practice, remittance=event.remittance, at=at)


@subscribe(LeftToPatient, name="billing.left_to_patient")
def left_to_patient(event: LeftToPatient, *, practice: int, actor: Actor, at: datetime) -> None:
    """A person moved a denial to the patient, or billed them for a claim, or took that back."""
    receiving.look_again(actor=actor, practice=practice, claims=[event.claim], at=at)


@subscribe(StatementImported, name="billing.find_deposits")
def find_deposits(event: StatementImported, *, practice: int, actor: Actor, at: datetime) -> None:
    """A bank statement may carry what the desk brought to the bank."""
    if actor.can(DEPOSIT.code, practice):
        depositing.match(actor=actor, practice=practice, at=at)
