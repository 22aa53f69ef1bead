"""Claims that no insurer is asked for: the patient owes them from the day they are billed for them.

A patient without coverage, or one who pays in full and asks that their plan is not told (45 CFR 164.522(a)(1)(vi)).
Where a coverage turns up later, the claim is taken back from the patient and made ready for its payer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from openmso.claims import contracts
from openmso.claims.contracts import Answered, No
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.services import correcting, deciding, moving, recognising, scrubbing, waiting
from openmso.claims.services.deciding import ByHand
from openmso.claims.states import DECIDED, S
from openmso.kit.errors import Conflict, Refused
from openmso.kit.ids import public_id
from openmso.kit.money import Money
from openmso.parties.queries import providers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


class NotThePatients(Conflict):
    """The patient cannot be billed for the claim, or was not."""

    code = "not_the_patients"


@atomic
def bill(*, actor: Actor, claim: str, why: str, at: datetime) -> None:
    """Bill the patient for a claim that no payer has seen: all of it is their part, and revenue in the books.

    Raises `NotEditable`, `NotThePatients` where a payer had it or it has no price or billing provider, and `Refused`
    without a reason.
    """
    row = correcting.editable(claim)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    _say_why(why)
    if row.sent_at or row.ordinal != "P" or row.frequency != "1":
        raise NotThePatients(
            "A payer has seen this claim.", fix="What the payer leaves open is moved to the patient as a denial."
        )
    lines = list(ClaimLine.objects.filter(claim=row).order_by("number"))
    if not row.billing_provider_id or not all(line.amount for line in lines):
        raise NotThePatients(
            "A line has no price, or nobody bills for the claim.", fix="Publish its fee and scrub it again."
        )
    row.payer_id = row.coverage_id = None
    row.version += 1
    on = tenancy.today(row.practice_id, at)
    entity = providers.biller(row.billing_provider_id, on=on).entity
    recognising.recognise(
        [row], entities={row.billing_provider_id: entity}, actor=actor, on=on, at=at, under=[decision]
    )  # fmt: skip
    row.save(update_fields=["payer", "coverage", "version", "recognised_amount"])
    _decide(row, lines, 1, actor, at, decision)
    _tell("claims.patient_billed", row, actor, at, decision, why)


@atomic
def bill_many(*, actor: Actor, claims: Iterable[str], why: str, at: datetime) -> Answered:
    """Bill the patients of claims, each by itself; what cannot be is told and stops nothing."""
    done, refused = [], []
    for claim in claims:
        try:
            bill(actor=actor, claim=claim, why=why, at=at)
            done.append(claim)
        except Refused as no:
            refused.append(No(claim, no.code, no.sentence, no.fix))
    return Answered(tuple(done), tuple(refused))


@atomic
def take_back(*, actor: Actor, claim: str, why: str, at: datetime) -> None:
    """Take a claim back from its patient, because somebody else pays: it is in the making again, out of the books.

    What the patient has paid for it stays theirs. Raises `NotThePatients`, and `Refused` without a reason.
    """
    row = moving.one(claim)
    decision = actor.must(contracts.WORK.code, row.practice_id)
    _say_why(why)
    if row.payer_id is not None or S(row.state) not in DECIDED or not row.billing_provider_id:
        raise NotThePatients("The patient was not billed for this claim.")
    lines = list(ClaimLine.objects.filter(claim=row).order_by("number"))
    _decide(row, lines, -1, actor, at, decision)
    row.refresh_from_db()
    on = tenancy.today(row.practice_id, at)
    row.version += 1
    recognising.take_back(
        row, entity=providers.biller(row.billing_provider_id, on=on).entity, actor=actor, on=on, at=at,
        under=[decision],
    )  # fmt: skip
    moving.move(row, to=S.DRAFT, actor=actor, at=at, why=why)
    row.sent_at = row.first_sent_on = None
    row.save(update_fields=["version", "recognised_amount", "sent_at", "first_sent_on"])
    scrubbing.judge([row], actor=actor, at=at, under=decision, mended=True)
    _tell("claims.patient_unbilled", row, actor, at, decision, why)


def _decide(row: Claim, lines: Sequence[ClaimLine], sign: int, actor: Actor, at: datetime, under: Decision) -> None:
    deciding.decide_by_hand(
        actor=actor, practice=row.practice_id, control=row.control, decided_on=tenancy.today(row.practice_id, at),
        source=public_id("SLF"), at=at, under=under,
        parts=[ByHand(patient=Money.of(sign * line.amount), line_control=line.line_control) for line in lines],
    )  # fmt: skip
    row.refresh_from_db()
    waiting.keep_in_step([row], actor=actor, at=at, under=under)


def _say_why(why: str) -> None:
    if not why.strip():
        raise Refused("Say why.", code="no_reason", field="why", fix="A few words will do: self-pay, no coverage.")


def _tell(action: str, row: Claim, actor: Actor, at: datetime, under: Decision, why: str) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=("claims.claim", row.public_id), at=at, why=why,
        facts={"amount": str(Money.of(row.total_amount))}, decision=under,
    )  # fmt: skip
