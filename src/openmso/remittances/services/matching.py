"""Matching by hand: a payment whose claim was not found is posted to the claim that a person names.

The same statements as for a whole file, over one payment: its money leaves unapplied cash, not cash clearing.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from openmso.claims.queries import stories
from openmso.claims.services import deciding as claims
from openmso.claims.services import turning
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.ledger.contracts import Accounts
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.remittances.contracts import MATCH, PAYMENT
from openmso.remittances.events import PaymentMatched
from openmso.remittances.models.payments import Application, ClaimPayment, Unapplied
from openmso.remittances.services import books, facts, posting, staging, turns

RESTAGE = """
INSERT INTO remittances_stage_remittance (remittance, remittance_id, public_id, entity_id, payer_key, posted_on)
SELECT 1, e.id, e.public_id, e.entity_id, e.payer_key, %(on)s FROM remittances_remittance e
 WHERE e.id = %(remittance)s;
INSERT INTO remittances_stage_payment (seq, remittance, position, id, public_id, control, payer_control,
  original_control, status_code, filing_code, charge, paid, contractual, other, patient, denied, prior, told_patient,
  outcome, is_reversal, forwarded, applies, payer_rank, service_on, span_start, span_end, reverses)
SELECT 1, 1, position, id, public_id, control, payer_control, '', status_code, filing_code, charge_amount, paid_amount,
       contractual_amount, other_amount, patient_amount, denied_amount, prior_amount, told_patient_amount, outcome,
       is_reversal, forwarded, applies, payer_rank, service_on, span_start, span_end, reverses_id
  FROM remittances_claimpayment WHERE id = %(payment)s;
INSERT INTO remittances_stage_line (seq, number, line_control, code, modifiers, submitted_code, submitted_modifiers,
  units, service_on, charge, paid, contractual, other, patient, denied, prior, allowed)
SELECT 1, number, line_control, code, modifiers, submitted_code, submitted_modifiers, units, service_on, charge_amount,
       paid_amount, contractual_amount, other_amount, patient_amount, denied_amount, prior_amount, allowed_amount
  FROM remittances_servicepayment WHERE practice_id = %(practice)s AND payment_id = %(payment)s;
INSERT INTO remittances_stage_adjustment (seq, line, place, grp, reason, amount, effect)
SELECT 1, line, place, "group", reason, amount, effect FROM remittances_adjustment
 WHERE practice_id = %(practice)s AND payment_id = %(payment)s;
"""


class AlreadyApplied(Conflict):
    """The payment stands on a claim already."""

    code = "already_applied"


class CannotApply(Refused):
    """The payment changes nothing that is owed, or the claim is of another practice."""

    code = "cannot_apply"


@atomic
def match_claim(*, actor: Actor, payment: str, claim: str, why: str, at: datetime) -> None:
    """Post an unmatched payment to a claim, with the reason in words; its queue item is done.

    Raises `NotFound`, `AlreadyApplied`, `CannotApply`, and what the ledger and `claims` refuse.
    """
    found = ClaimPayment.objects.select_related("remittance").filter(public_id=payment).first()
    if found is None:
        raise NotFound(f"There is no payment {payment}.")
    decision = actor.must(MATCH.code, found.practice_id)
    if not why.strip():
        raise CannotApply("A match by hand says why.", field="why", fix="Write what shows that this is the claim.")
    posting.lock(found.practice_id)
    applied = Application.objects.filter(practice_id=found.practice_id, payment=found).first()
    if applied is not None:
        raise AlreadyApplied(f"{payment} was posted to {applied.claim_name} by {applied.applied_by}.")
    target = stories.find(claim)
    if target is None or target.practice_id != found.practice_id:
        raise CannotApply(f"There is no claim {claim} in this practice.", field="claim")
    if not found.applies:
        raise CannotApply("A predetermination, or a claim of others, is posted to no claim.")
    on = tenancy.today(found.practice_id, at)
    restage(found, on)
    name_claim(target.id, target.public_id)
    claims.match_adjudications()
    books.rank_payers()
    lined = turning.line_up(practice=found.practice_id)
    books.write_applications(found.practice_id, at=at, by=actor.name, why=why)
    Unapplied.objects.filter(practice_id=found.practice_id, payment=found).delete()
    books.write_patient_shares(found.practice_id, at=at)
    ledger.open_stage()
    books.stage_payments(
        cash_from=Accounts.UNAPPLIED_CASH, key="remittances.application:", memo="Claim found for a payment of "
    )
    if books.anything_staged():
        ledger.post_staged(actor=actor, at=at, under=(decision,))
    claims.apply_adjudications(actor=actor, at=at, under=decision)
    turns.pass_on(actor, found.practice_id, lined, at, decision)
    audit.record(
        actor=actor, action="remittances.claim_matched", practice=found.practice_id, subject=(PAYMENT, payment),
        at=at, facts={"claim": claim}, why=why, decision=decision,
    )  # fmt: skip
    told = [*facts.of_stage(), PaymentMatched(payment, claim)]
    outbox.publish_all(told, practice=found.practice_id, at=at, behind=decision.grant)
    work.close_item(
        practice=found.practice_id, key=unmatched_key(payment), actor=actor, at=at, outcome=f"Matched to {claim}",
        under=decision,
    )  # fmt: skip


def unmatched_key(payment: str) -> str:
    """The key of the queue item of an unmatched payment."""
    return f"remittances.unmatched_claim:{payment}"


def restage(found: ClaimPayment, on: date) -> None:
    """Put one payment that was posted before in the stage again, and tell `claims`."""
    with connection.cursor() as cursor:
        cursor.execute(staging.STAGE)
        cursor.execute(
            RESTAGE,
            {"payment": found.pk, "remittance": found.remittance_id, "practice": found.practice_id, "on": on},
        )
    claims.open_adjudications()
    books.tell_claims(found.practice_id)


def name_claim(claim_id: int, public_id: str) -> None:
    """Say which claim the staged payment is about."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE claims_adjudication SET claim_id = %s, claim_public_id = %s, matched_by = 'hand'",
            [claim_id, public_id],
        )
