"""Claims in parts: one that nobody has is split, and lines that a payer denied are asked for anew by themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from openmso.claims import contracts
from openmso.claims.events import LinesResubmitted
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.rules import parts
from openmso.claims.services import carrying, correcting, moving, scrubbing
from openmso.claims.states import DECIDED, S
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic


@atomic
def split(*, actor: Actor, claim: str, lines: Collection[int], why: str, at: datetime) -> str:
    """Move lines of a claim that nobody has yet to a claim of their own; its public id. The two add up to what it was.

    What the patient paid, and attachments, stay with the first. Raises `NotSplittable`, `NotEditable`, `Refused`.
    """
    row = correcting.editable(claim)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    if not why.strip():
        raise Refused("Say why the lines go apart.", code="no_reason", field="why", fix="A few words will do.")
    if row.sent_at or row.ordinal != "P" or row.frequency != "1":
        raise parts.NotSplittable(
            "Only a claim that no payer has seen is split.", fix="Correct it from its page, or resubmit denied lines."
        )
    there = _lines(row)
    going = parts.to_split({line.number for line in there}, lines)
    new = correcting.fresh(row, at, split_from_id=row.pk, patient_paid_amount=Decimal("0.00"))
    for number, line in enumerate((line for line in there if line.number in going), start=1):
        line.claim_id, line.number, line.line_control = new.pk, number, f"{new.control}-{number:02d}"
        line.save(update_fields=["claim", "number", "line_control"])
    new.total_amount = sum((line.amount for line in there if line.claim_id == new.pk), Decimal("0.00"))
    row.total_amount -= new.total_amount
    row.sheet_version += 1
    for one in (row, new):
        correcting.span(one)
        one.save(update_fields=["total_amount", "service_on", "service_through", "sheet_version"])
    moving.begin([new], actor=actor, at=at)
    scrubbing.judge([row, new], actor=actor, at=at, under=decision, mended=True)
    audit.record(
        actor=actor, action="claims.split", practice=row.practice_id, subject=("claims.claim", claim), at=at, why=why,
        facts={"count": len(going), "made": new.public_id}, decision=decision,
    )  # fmt: skip
    return new.public_id


@atomic
def resubmit(
    *, actor: Actor, claim: str, lines: Collection[int], frequency: str = "1", why: str, at: datetime
) -> str:  # fmt: skip
    """Ask anew for lines that a payer denied whole, in a claim of their own; its public id.

    As a new claim (`frequency` 1), for payers that take no corrected one, or as a corrected one (7), for those that
    judge it by the line. What the payer has paid stands on the first claim. Raises `NotResubmittable`, `Refused`.
    """
    original = moving.one(claim)
    decision = actor.must(contracts.WORK.code, original.practice_id)
    if frequency not in {"1", "7"}:
        raise Refused("Denied lines go as a new claim (1) or a corrected one (7).", code="no_such_frequency",
                      field="frequency")  # fmt: skip
    if original.ordinal != "P" or S(original.state) not in DECIDED:
        raise parts.NotResubmittable(
            f"The claim is {S(original.state).label.lower()}; only lines that its first payer has denied are asked for "
            "anew.",
            fix="Wait for the payer's answer, or have a later payer asked again.",
        )
    there = _lines(original)
    chosen = parts.to_resubmit([_stand(line, original) for line in there], lines)
    going = [line for line in there if line.number in chosen]
    corrects = {"frequency": "7", "original_id": original.pk} if frequency == "7" else {"payer_control": ""}
    row = correcting.fresh(
        original, at, split_from_id=original.pk, patient_paid_amount=Decimal("0.00"),
        total_amount=sum((line.amount for line in going), Decimal("0.00")), **corrects,
    )  # fmt: skip
    carrying.carry(going, frm=original, to=row, actor=actor, at=at)
    for line in going:
        line.carried_to_id = None
    correcting.copy_lines(row, going)
    correcting.span(row)
    row.save(update_fields=["service_on", "service_through"])
    moving.begin([row], actor=actor, at=at)
    scrubbing.judge([row], actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="claims.resubmitted", practice=row.practice_id, subject=("claims.claim", row.public_id),
        at=at, facts={"count": len(going), "original": claim, "amount": str(row.total_amount)}, why=why,
        decision=decision,
    )  # fmt: skip
    outbox.publish(
        LinesResubmitted(row.public_id, claim, tuple(sorted(chosen))), practice=row.practice_id, at=at,
        behind=decision.grant,
    )  # fmt: skip
    return row.public_id


def _lines(row: Claim) -> list[ClaimLine]:
    return list(ClaimLine.objects.select_for_update().filter(claim=row, carried_to=None).order_by("number"))


def _stand(line: ClaimLine, row: Claim) -> parts.Stand:
    return parts.Stand(
        line.number, line.amount, line.paid_amount + line.adjusted_amount + line.patient_amount,
        line.amount if row.is_denied_whole else line.denied_amount,
    )  # fmt: skip
