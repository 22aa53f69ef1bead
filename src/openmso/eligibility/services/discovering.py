"""What an answer found, or what the patient's card says, becomes a coverage: its payer is asked at once."""

from __future__ import annotations

from datetime import date, datetime

from openmso.eligibility.contracts import CHECK, FAILED, INACTIVE, OTHER_PAYER
from openmso.eligibility.models import Check
from openmso.eligibility.services import asking, waiting
from openmso.eligibility.states import S
from openmso.kit.errors import NotFound, Refused
from openmso.parties.contracts import Payer, PayerKind
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients import services as patient_services
from openmso.patients.contracts import Coverage, CoverageDraft, Order
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


@atomic
def take_as_coverage(
    *, actor: Actor, check: str, payer: Payer, member_id: str, starts_on: date, replaces: bool, at: datetime,
    order: Order = Order.SECONDARY, plan: str = "",
) -> Coverage:  # fmt: skip
    """Record the payer that a check found as a coverage of the patient, and ask it.

    One that `replaces` the coverage asked about takes its place in the order from that day on; the other ends then.
    Raises `Refused` in words, `CoveragesOverlap` among them.
    """
    row = Check.objects.select_for_update().filter(public_id=check).first()
    if row is None:
        raise NotFound(f"There is no coverage check {check}.")
    decision = actor.must(CHECK.code, row.practice_id)
    mine = patients.coverages_of([row.patient_id]).get(row.patient_id, ())
    asked = next((one for one in mine if one.id == row.coverage_id), None)
    if asked is None:
        raise Refused("The check is about no coverage.", fix="Record one on the page of the patient's coverages.")
    house = Actor.system(f"eligibility for {actor.name}", at=at, behind=decision.grant)
    if replaces:
        patient_services.end_coverage(actor=house, coverage=asked.public_id, ends_on=starts_on, at=at)
    draft = CoverageDraft(
        payer_id=payer.id, member_id=member_id.strip() or asked.member_id, starts_on=starts_on,
        order=asked.order if replaces else order, plan_name=plan or payer.name, relationship=asked.relationship,
        subscriber=asked.subscriber,
    )  # fmt: skip
    cover = patient_services.cover(actor=house, practice=row.practice_id, patient_id=row.patient_id, draft=draft, at=at)
    again = asking.draft_of(cover, max(row.asked_for, starts_on), payer.kind, row.visit_id)
    asking.ask(actor=actor, practice=row.practice_id, drafts=[again], at=at)
    for kind in (OTHER_PAYER, INACTIVE):
        waiting.close(
            row, kind, actor=actor, at=at, under=decision, outcome=f"{payer.name} was recorded as a coverage."
        )
    audit.record(
        actor=actor, action="eligibility.taken_as_coverage", practice=row.practice_id,
        subject=(waiting.SUBJECT, check), at=at, facts={"payer": payer.public_id}, decision=decision,
    )  # fmt: skip
    return cover


@atomic
def record(*, actor: Actor, patient: str, draft: CoverageDraft, at: datetime, replaces: str = "") -> Coverage:
    """Record a coverage as the patient's card says it, and have its payer asked; also for visits without any so far.

    The one it `replaces` (public id) ends on the day from which the new one holds, and what that asked people for is
    done. Raises `NotFound`, and `CoveragesOverlap` where another stands in its place.
    """
    found = patients.get(patient)
    decision = actor.must(CHECK.code, found.practice)
    mine = patients.coverages_of([found.id]).get(found.id, ())
    before = next((one for one in mine if one.public_id == replaces), None)
    if replaces and before is None:
        raise NotFound(f"The patient has no coverage {replaces}.", field="replaces")
    house = Actor.system(f"eligibility for {actor.name}", at=at, behind=decision.grant)
    if before is not None:
        patient_services.end_coverage(actor=house, coverage=before.public_id, ends_on=draft.starts_on, at=at)
    cover = patient_services.cover(actor=house, practice=found.practice, patient_id=found.id, draft=draft, at=at)
    checks = Check.objects.select_for_update().filter(patient_id=found.id)
    for row in checks.filter(coverage_id=before.id) if before is not None else ():
        for kind in (OTHER_PAYER, INACTIVE, FAILED):
            waiting.close(row, kind, actor=actor, at=at, under=decision, outcome="Another coverage was recorded.")
    bare = list(checks.filter(coverage=None, state=S.FAILED).values_list("public_id", flat=True))
    if bare:
        asking.ask_again(actor=actor, checks=bare, at=at)
    day = max(tenancy.today(found.practice, at), cover.starts_on)
    asking.ask(actor=actor, practice=found.practice, drafts=[asking.draft_of(cover, day, _kind(cover))], at=at)
    return cover


def _kind(cover: Coverage) -> PayerKind | None:
    return payers.payer(cover.payer_id).kind
