"""A person has the next payer asked, asked again, or left out; the patient's share and the books follow."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from openmso.claims.contracts import WORK
from openmso.claims.queries import stories
from openmso.claims.services import deciding as claims
from openmso.claims.services import turning
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.remittances.contracts import PAYMENT
from openmso.remittances.events import PatientShareChanged
from openmso.remittances.models.payments import Application, ClaimPayment, PatientShare
from openmso.remittances.queries import adjudications
from openmso.remittances.services import books, facts, matching, posting

NOTHING_NEW = """
UPDATE remittances_stage_payment SET charge = 0, paid = 0, contractual = 0, other = 0, patient = 0, denied = 0,
       prior = 0;
UPDATE claims_adjudication SET charge_amount = 0, paid_amount = 0, contractual_amount = 0, other_amount = 0,
       patient_amount = 0, denied_amount = 0, prior_amount = 0, forwarded = false;
DELETE FROM claims_adjudication_line;
"""
"""The payment is decided already: only what the patient owes is reckoned anew."""


@atomic
def ask_next(*, actor: Actor, claim: str, at: datetime) -> None:
    """Have the next payer asked because a person says so; what the patient was to pay is open with it again.

    Raises `NotFound`, `turning.NotThisTurn`, and what the ledger refuses.
    """
    found = stories.key(claim)
    posting.lock(found.practice_id)
    decisions = adjudications.standing(practice=found.practice_id, claim_ids=[found.id]).get(found.id, [])
    turning.ask_by_hand(actor=actor, claim=claim, decisions=decisions, at=at)
    _reckon(actor, found.practice_id, found.id, claim, at)


@atomic
def ask_again(*, actor: Actor, claim: str, why: str, at: datetime) -> None:
    """Have a later payer asked once more, with what the earlier ones decided since."""
    found = stories.key(claim)
    decisions = adjudications.standing(practice=found.practice_id, claim_ids=[found.id]).get(found.id, [])
    turning.ask_again(actor=actor, claim=claim, decisions=decisions, why=why, at=at)


@atomic
def leave_to_patient(*, actor: Actor, claim: str, why: str, at: datetime) -> None:
    """Do not ask the next payer: what the last one left is the patient's. Raises `turning.NotThisTurn`."""
    found = stories.key(claim)
    posting.lock(found.practice_id)
    turning.step_back(actor=actor, claim=claim, why=why, at=at)
    _reckon(actor, found.practice_id, found.id, claim, at)


def _reckon(actor: Actor, practice: int, claim_id: int, claim: str, at: datetime) -> None:
    """Reckon anew what the patient owes, now that another payer is asked or is not: in the books and on the claim."""
    under = actor.must(WORK.code, practice)
    last = ClaimPayment.objects.select_related("remittance").get(
        pk=Application.objects.filter(practice_id=practice, claim_id=claim_id).latest("pk").payment_id
    )
    matching.restage(last, tenancy.today(practice, at))
    matching.name_claim(claim_id, claim)
    with connection.cursor() as cursor:
        cursor.execute(NOTHING_NEW)
    claims.match_adjudications()
    turn = PatientShare.objects.filter(practice_id=practice, payment=last).count() + 1
    books.write_patient_shares(practice, at=at, turn=turn)
    ledger.open_stage()
    books.stage_payments(key=f"{PAYMENT}.turn{turn}:", memo="Another payer is asked after ")
    if books.anything_staged():
        ledger.post_staged(actor=actor, at=at, under=(under,))
    claims.apply_adjudications(actor=actor, at=at, under=under)
    changed = [fact for fact in facts.of_stage() if isinstance(fact, PatientShareChanged)]
    outbox.publish_all(changed, practice=practice, at=at)
