"""Charges are coded otherwise, amended, put beside others, voided, held and let go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openmso.charges import contracts, queries
from openmso.charges.contracts import Charge, ChargeDraft, VisitCharges
from openmso.charges.events import ChargeVoided
from openmso.charges.models import Charge as ChargeModel
from openmso.charges.models import Coding
from openmso.charges.services.common import CODED, SUBJECT, OnAClaim, locked, put_code, refuse_unbillable, tell_captured
from openmso.charges.services.pricing import EXPECTED, expect
from openmso.charges.states import MOVES, S
from openmso.kit.money import Money
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic


@atomic
def recode(*, actor: Actor, practice: int, visits: Sequence[VisitCharges], at: datetime) -> list[Charge]:
    """Give visits other codes, line by line, priced anew: lines are matched by their source id.

    Whoever calls it looks after the claims these charges stand on.
    """
    actor.must(contracts.CAPTURE.code, practice)
    wanted = {visit.visit_id: visit for visit in visits}
    rows = list(ChargeModel.objects.select_for_update().filter(visit_id__in=wanted).exclude(state=S.VOIDED))
    fees = queries.fees_of(practice=practice, codes={line.code for visit in visits for line in visit.lines})
    for row in rows:
        by_source = {line.source_id: line for line in wanted[row.visit_id].lines}
        line = by_source.get(row.source_id)
        if line is not None:
            put_code(row, line, fees)
    expect(rows)
    update(rows, [*CODED, *EXPECTED])
    codings = list(Coding.objects.select_for_update().filter(visit_id__in=wanted))
    for coding in codings:
        coding.diagnoses = list(wanted[coding.visit_id].diagnoses)
        coding.system = wanted[coding.visit_id].diagnosis_system
    update(codings, ["diagnoses", "system"])
    return queries.of_visits(wanted)


@atomic
def amend(*, actor: Actor, charge_id: int, draft: ChargeDraft, at: datetime, payer_id: int | None = None) -> Charge:
    """Change a charge line; it is priced anew unless the draft has an amount. Claims call it for their lines."""
    row = locked(charge_id)
    decision = actor.must(contracts.CAPTURE.code, row.practice_id)
    if row.state == S.VOIDED:
        raise OnAClaim("The charge is voided.", fix="Capture it anew.")
    refuse_unbillable(draft)
    before = {name: getattr(row, name) for name in CODED}
    fees = queries.fees_of(practice=row.practice_id, codes=[draft.code])
    put_code(row, draft, fees, payer_id=payer_id)
    changed = sorted(name for name in CODED if getattr(row, name) != before[name])
    if changed:
        expect([row], payer_id=payer_id)
        row.save(update_fields=[*changed, *EXPECTED])
        audit.record(
            actor=actor, action="charges.amended", practice=row.practice_id, subject=(SUBJECT, row.public_id), at=at,
            facts={"fields": ", ".join(changed)}, decision=decision,
        )  # fmt: skip
    return queries.contract(row)


@atomic
def add_beside(
    *, actor: Actor, charge_id: int, draft: ChargeDraft, at: datetime, payer_id: int | None = None
) -> Charge:
    """Capture one more line of the visit of a charge. Claims call it, and put it on a claim at once."""
    beside = locked(charge_id)
    decision = actor.must(contracts.CAPTURE.code, beside.practice_id)
    refuse_unbillable(draft)
    there = ChargeModel.objects.select_for_update().filter(visit_id=beside.visit_id)
    last = max(row.number for row in there.order_by("pk"))
    row = ChargeModel(
        practice_id=beside.practice_id, visit_id=beside.visit_id, patient_id=beside.patient_id, number=last + 1,
        state=S.BILLED, state_at=at, source_id=draft.source_id,
    )  # fmt: skip
    put_code(row, draft, queries.fees_of(practice=row.practice_id, codes=[draft.code]), payer_id=payer_id)
    expect([row], payer_id=payer_id)
    row.save(force_insert=True)
    tell_captured(actor, row.practice_id, [row], at, decision)
    return queries.contract(row)


@atomic
def void(*, actor: Actor, charge: str, why: str, at: datetime) -> Charge:
    """Void a charge that no claim has taken up: it will never be billed."""
    row = locked(queries.get(charge).id)
    decision = actor.must(contracts.CAPTURE.code, row.practice_id)
    if row.state == S.BILLED:
        raise OnAClaim("The charge stands on a claim.", fix="Drop or void the claim first.")
    check_move(MOVES, noun="charge", frm=S(row.state), to=S.VOIDED)
    row.state, row.state_at, row.hold_reason = S.VOIDED, at, ""
    row.save(update_fields=["state", "state_at", "hold_reason"])
    audit.record(
        actor=actor, action="charges.voided", practice=row.practice_id, subject=(SUBJECT, charge), at=at, why=why,
        decision=decision,
    )  # fmt: skip
    outbox.publish(ChargeVoided(charge, str(Money.of(row.amount)), why), practice=row.practice_id, at=at)
    return queries.contract(row)


@atomic
def hold(*, actor: Actor, charge: str, why: str, at: datetime) -> Charge:
    """Keep a charge off claims until somebody lets it go; says why."""
    return _hold_or_let_go(actor, charge, to=S.HELD, why=why, at=at)


@atomic
def let_go(*, actor: Actor, charge: str, at: datetime) -> Charge:
    """Take a charge off hold: the next building of claims takes it up."""
    return _hold_or_let_go(actor, charge, to=S.CAPTURED, why="", at=at)


def _hold_or_let_go(actor: Actor, charge: str, *, to: S, why: str, at: datetime) -> Charge:
    row = locked(queries.get(charge).id)
    decision = actor.must(contracts.CAPTURE.code, row.practice_id)
    if row.state == S.BILLED:
        raise OnAClaim("The charge stands on a claim.", fix="Put the claim on hold instead.")
    check_move(MOVES, noun="charge", frm=S(row.state), to=to)
    row.state, row.state_at, row.hold_reason = to, at, why[:200]
    row.save(update_fields=["state", "state_at", "hold_reason"])
    action = "charges.held" if to is S.HELD else "charges.let_go"
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(SUBJECT, charge), at=at, why=why,
        decision=decision,
    )  # fmt: skip
    return queries.contract(row)
