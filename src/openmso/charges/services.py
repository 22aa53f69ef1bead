"""Publishing fees, capturing and changing charges; the only writer of these tables."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from openmso.charges import contracts, queries, rules
from openmso.charges.contracts import MODIFIERS_MAX, Charge, ChargeDraft, FeeDraft, Stay, VisitCharges
from openmso.charges.events import ChargesCaptured, ChargeVoided
from openmso.charges.models import Charge as ChargeModel
from openmso.charges.models import Coding, Fee, FeeSchedule, FeeVersion
from openmso.charges.models import Stay as StayModel
from openmso.charges.states import MOVES, S
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic
from openmso.scheduling import services as scheduling

SUBJECT = "charges.charge"
MODIFIER_LENGTH = 2
MINUTES_MAX = 1440


class FeesTwice(Conflict):
    """A schedule begins once on a day; prices that were published are never changed."""

    code = "fees_published_twice"


class NoFees(Refused):
    """A version without a price."""

    code = "no_fees"


class NotALine(Refused):
    """What was typed cannot stand on the line of a claim."""

    code = "not_a_line"


class OnAClaim(Conflict):
    """The charge stands on a claim; it is changed there."""

    code = "charge_on_a_claim"


@atomic
def publish_fees(
    *,
    actor: Actor,
    practice: int,
    name: str,
    label: str,
    starts_on: date,
    fees: Iterable[FeeDraft],
    at: datetime,
    payer_id: int | None = None,
) -> str:
    """Publish the prices of a schedule from a day on; returns the schedule's public id.

    A version need not repeat prices that stay: what it leaves out holds on from the version before.
    """
    decision = actor.must(contracts.FEES.code, practice)
    drafts = list(fees)
    if not drafts:
        raise NoFees("The schedule has no prices.", fix="Give at least one code with its price.")
    rules.judge(drafts)
    schedule, _ = FeeSchedule.objects.get_or_create(practice_id=practice, name=name, defaults={"payer_id": payer_id})
    if schedule.payer_id != payer_id:
        raise FeesTwice(f"{name} is the schedule of another payer.", fix="Choose another name.")
    if FeeVersion.objects.filter(schedule=schedule, starts_on=starts_on).exists():
        raise FeesTwice(f"{name} has prices from {starts_on} already.", fix="Publish them from a later day.")
    version = FeeVersion.objects.create(
        practice_id=practice, schedule=schedule, label=label, starts_on=starts_on, published_at=at
    )
    Fee.objects.bulk_create(
        [
            Fee(practice_id=practice, version=version, code=d.code, modifier=d.modifier, amount=d.amount.amount)
            for d in drafts
        ],
        batch_size=2000,
    )
    audit.record(
        actor=actor, action="charges.fees_published", practice=practice, subject=("charges.feeschedule",
        schedule.public_id), at=at, facts={"count": len(drafts), "name": name, "starts_on": str(starts_on)},
        decision=decision,
    )  # fmt: skip
    return schedule.public_id


@atomic
def price_anew(*, actor: Actor, practice: int, charge_ids: Collection[int], at: datetime) -> int:
    """Price charges that had no price by the schedules as they are now; how many got one.

    Whoever calls it looks after the claims these charges stand on.
    """
    decision = actor.must(contracts.CAPTURE.code, practice)
    unpriced = ChargeModel.objects.select_for_update().filter(
        practice_id=practice, pk__in=charge_ids, is_priced=False, code_system=""
    )
    rows = list(unpriced.order_by("pk"))
    fees = queries.fees_of(practice=practice, codes={row.code for row in rows})
    priced = []
    for row in rows:
        found = rules.price(fees, code=row.code, modifiers=tuple(row.modifiers), payer_id=None, on=row.service_on)
        if found is not None:
            row.amount = rules.extended(found.amount, Decimal(row.units)).amount
            row.is_priced, row.fee_version = True, found.version
            priced.append(row)
    _expect(priced)
    update(priced, ["amount", "is_priced", "fee_version", *_EXPECTED])
    if priced:
        audit.record(
            actor=actor, action="charges.priced", practice=practice, subject=(SUBJECT, ""), at=at,
            facts={"count": len(priced)}, decision=decision,
        )  # fmt: skip
    return len(priced)


@atomic
def capture(*, actor: Actor, practice: int, visits: Sequence[VisitCharges], at: datetime) -> list[Charge]:
    """Record what was done at visits, priced by the fee schedule of the service day.

    Set-wise: a few statements for any number of visits. A visit that has charges already is left as it is and its
    charges are given back, so that capturing twice is capturing once. A visit that was planned is done by it.
    """
    decision = actor.must(contracts.CAPTURE.code, practice)
    known = set(
        ChargeModel.objects.filter(visit_id__in=[v.visit_id for v in visits]).values_list("visit_id", flat=True)
    )
    fresh = [visit for visit in visits if visit.visit_id not in known]
    fees = queries.fees_of(practice=practice, codes={line.code for visit in fresh for line in visit.lines})
    rows = [
        _row(practice, visit, number, line, fees, at)
        for visit in fresh
        for number, line in enumerate(visit.lines, start=1)
    ]
    Coding.objects.bulk_create(
        [
            Coding(
                practice_id=practice, visit_id=visit.visit_id, diagnoses=list(visit.diagnoses),
                system=visit.diagnosis_system, coded_at=at,
            )
            for visit in fresh
        ],
        batch_size=2000,
    )  # fmt: skip
    StayModel.objects.bulk_create(
        [_stay(practice, visit.visit_id, visit.stay) for visit in fresh if visit.stay is not None], batch_size=2000
    )
    _expect(rows)
    ChargeModel.objects.bulk_create(rows, batch_size=2000)
    if rows:
        visits_done = {row.visit_id for row in rows}
        scheduling.take_place(actor=actor, practice=practice, visits=visits_done, at=at, under=decision)
        _tell_captured(actor, practice, rows, at, decision)
    return queries.of_visits([visit.visit_id for visit in visits])


@atomic
def keep_stay(*, actor: Actor, practice: int, visit_id: int, stay: Stay, at: datetime, subject: str = "") -> None:
    """Write down, or anew, what the facility says of a visit. `subject` is the claim that is mended by it, if any.

    Whoever calls it looks after the claims of the visit.
    """
    decision = actor.must(contracts.CAPTURE.code, practice)
    rules.judge_stay(stay)
    row = _stay(practice, visit_id, stay)
    known = StayModel.objects.select_for_update().filter(practice_id=practice, visit_id=visit_id).first()
    if known is not None:
        row.pk = known.pk
    row.save(force_insert=known is None, force_update=known is not None)
    audit.record(
        actor=actor, action="charges.stay_kept", practice=practice, at=at, decision=decision,
        subject=("claims.claim" if subject else SUBJECT, subject),
    )  # fmt: skip


def _stay(practice: int, visit_id: int, stay: Stay) -> StayModel:
    return StayModel(
        practice_id=practice, visit_id=visit_id, bill_type=stay.bill_type, admission_type=stay.admission_type,
        admission_source=stay.admission_source, patient_status=stay.patient_status, admitted_on=stay.admitted_on,
        admitted_hour=stay.admitted_hour, discharged_hour=stay.discharged_hour,
        admitting_diagnosis=stay.admitting_diagnosis, conditions=list(stay.conditions),
        occurrences=[[one.code, str(one.on), str(one.through or "")] for one in stay.occurrences],
        values=[[one.code, str(one.amount)] for one in stay.values], attending_id=stay.attending_id,
        operating_id=stay.operating_id, visit_reasons=list(stay.visit_reasons),
        procedures=[[one.code, str(one.on)] for one in stay.procedures],
    )  # fmt: skip


def _tell_captured(actor: Actor, practice: int, rows: Sequence[ChargeModel], at: datetime, decision: Decision) -> None:
    amount = Money.total(Money.of(row.amount) for row in rows)
    visits = len({row.visit_id for row in rows})
    audit.record(
        actor=actor, action="charges.captured", practice=practice, subject=(SUBJECT, ""), at=at,
        facts={"count": len(rows), "visits": visits, "amount": str(amount)}, decision=decision,
    )  # fmt: skip
    outbox.publish(ChargesCaptured(visits, len(rows), str(amount)), practice=practice, at=at)


@atomic
def capture_more(*, actor: Actor, practice: int, visits: Sequence[VisitCharges], at: datetime) -> int:
    """Add what visits with charges lack: the lines whose source id they do not have; how many there were.

    They wait for a claim like any other. Whoever calls it looks after the claims of these visits.
    """
    decision = actor.must(contracts.CAPTURE.code, practice)
    there: dict[int, list[ChargeModel]] = {visit.visit_id: [] for visit in visits}
    for row in ChargeModel.objects.select_for_update().filter(visit_id__in=there):
        there[row.visit_id].append(row)
    fees = queries.fees_of(practice=practice, codes={line.code for visit in visits for line in visit.lines})
    rows = []
    for visit in visits:
        known = {row.source_id for row in there[visit.visit_id]}
        last = max((row.number for row in there[visit.visit_id]), default=0)
        lines = [line for line in visit.lines if line.source_id not in known]
        rows += [_row(practice, visit, number, line, fees, at) for number, line in enumerate(lines, start=last + 1)]
    _expect(rows)
    ChargeModel.objects.bulk_create(rows, batch_size=2000)
    if rows:
        _tell_captured(actor, practice, rows, at, decision)
    return len(rows)


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
            _code(row, line, fees)
    _expect(rows)
    update(rows, [*_CODED, *_EXPECTED])
    codings = list(Coding.objects.select_for_update().filter(visit_id__in=wanted))
    for coding in codings:
        coding.diagnoses = list(wanted[coding.visit_id].diagnoses)
        coding.system = wanted[coding.visit_id].diagnosis_system
    update(codings, ["diagnoses", "system"])
    return queries.of_visits(wanted)


@atomic
def amend(*, actor: Actor, charge_id: int, draft: ChargeDraft, at: datetime, payer_id: int | None = None) -> Charge:
    """Change a charge line; it is priced anew unless the draft has an amount. Claims call it for their lines."""
    row = _locked(charge_id)
    decision = actor.must(contracts.CAPTURE.code, row.practice_id)
    if row.state == S.VOIDED:
        raise OnAClaim("The charge is voided.", fix="Capture it anew.")
    _refuse_unbillable(draft)
    before = {name: getattr(row, name) for name in _CODED}
    fees = queries.fees_of(practice=row.practice_id, codes=[draft.code])
    _code(row, draft, fees, payer_id=payer_id)
    changed = sorted(name for name in _CODED if getattr(row, name) != before[name])
    if changed:
        _expect([row], payer_id=payer_id)
        row.save(update_fields=[*changed, *_EXPECTED])
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
    beside = _locked(charge_id)
    decision = actor.must(contracts.CAPTURE.code, beside.practice_id)
    _refuse_unbillable(draft)
    there = ChargeModel.objects.select_for_update().filter(visit_id=beside.visit_id)
    last = max(row.number for row in there.order_by("pk"))
    row = ChargeModel(
        practice_id=beside.practice_id, visit_id=beside.visit_id, patient_id=beside.patient_id, number=last + 1,
        state=S.BILLED, state_at=at, source_id=draft.source_id,
    )  # fmt: skip
    _code(row, draft, queries.fees_of(practice=row.practice_id, codes=[draft.code]), payer_id=payer_id)
    _expect([row], payer_id=payer_id)
    row.save(force_insert=True)
    _tell_captured(actor, row.practice_id, [row], at, decision)
    return queries.contract(row)


@atomic
def void(*, actor: Actor, charge: str, why: str, at: datetime) -> Charge:
    """Void a charge that no claim has taken up: it will never be billed."""
    row = _locked(queries.get(charge).id)
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
    row = _locked(queries.get(charge).id)
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


@atomic
def take_up(*, practice: int, at: datetime, visit_ids: Collection[int] | None = None) -> list[Charge]:
    """Give claims the charges that wait, marked as billed; two callers never get the same one.

    Called by claims, in the transaction that puts them on claims.
    """
    rows = ChargeModel.objects.select_for_update().filter(practice_id=practice, state=S.CAPTURED)
    if visit_ids is not None:
        rows = rows.filter(visit_id__in=visit_ids)
    taken = list(rows.order_by("pk"))
    ChargeModel.objects.filter(pk__in=[row.pk for row in taken]).update(state=S.BILLED, state_at=at)
    return [queries.contract(row) for row in sorted(taken, key=lambda row: (row.visit_id, row.number))]


@atomic
def mark_waiting(*, practice: int, charge_ids: Collection[int], at: datetime) -> int:
    """Say that the claim of these charges was dropped: they wait again."""
    billed = ChargeModel.objects.filter(practice_id=practice, pk__in=charge_ids, state=S.BILLED)
    return billed.update(state=S.CAPTURED, state_at=at)


@atomic
def expect_anew(*, practice: int, charge_ids: Collection[int], payer_id: int | None = None) -> None:
    """Ask again what charges should bring: their payer is known now, or another. Claims call it."""
    rows = list(ChargeModel.objects.select_for_update().filter(practice_id=practice, pk__in=charge_ids).order_by("pk"))
    _expect(rows, payer_id=payer_id)
    update(rows, _EXPECTED)


def _expect(rows: Sequence[ChargeModel], *, payer_id: int | None = None) -> None:
    for row, expected in zip(rows, queries.expected_of(rows, payer_id=payer_id), strict=True):
        row.expected_amount = expected.amount.amount if expected.amount is not None else None
        row.expected_words, row.expected_source = expected.words[:300], expected.source


_EXPECTED = ["expected_amount", "expected_words", "expected_source"]
_CODED = [
    "code", "code_system", "modifiers", "pointers", "units", "service_on", "service_through", "ndc", "ndc_quantity",
    "ndc_unit", "note", "revenue_code", "minutes", "amount", "is_priced", "fee_version",
]  # fmt: skip


def _row(
    practice: int, visit: VisitCharges, number: int, line: ChargeDraft, fees: rules.Fees, at: datetime
) -> ChargeModel:
    row = ChargeModel(
        practice_id=practice, visit_id=visit.visit_id, patient_id=visit.patient_id, number=number, state=S.CAPTURED,
        state_at=at, source_id=line.source_id,
    )  # fmt: skip
    _code(row, line, fees)
    return row


def _code(row: ChargeModel, line: ChargeDraft, fees: rules.Fees, *, payer_id: int | None = None) -> None:
    """Write a draft's codes on a row, with its price."""
    row.code, row.code_system = line.code, line.code_system
    row.modifiers, row.pointers, row.units = list(line.modifiers), list(line.pointers), line.units
    row.service_on, row.service_through, row.note = line.service_on, line.service_through, line.note[:80]
    row.revenue_code, row.minutes = line.revenue_code, line.minutes
    row.ndc = line.drug.ndc if line.drug else ""
    row.ndc_quantity = line.drug.quantity if line.drug else None
    row.ndc_unit = line.drug.unit if line.drug else ""
    priced = rules.price(fees, code=line.code, modifiers=line.modifiers, payer_id=payer_id, on=line.service_on)
    if line.amount is not None:
        row.amount, row.is_priced, row.fee_version = line.amount.amount, True, ""
    elif priced is not None:
        row.amount = rules.extended(priced.amount, Decimal(line.units)).amount
        row.is_priced, row.fee_version = True, priced.version
    else:
        row.amount, row.is_priced, row.fee_version = (line.otherwise or ZERO).amount, line.otherwise is not None, ""


def _refuse_unbillable(draft: ChargeDraft) -> None:
    """Refuse what no claim line has room for (837P SV101, LIN03)."""
    if len(draft.modifiers) > MODIFIERS_MAX or any(len(one) != MODIFIER_LENGTH for one in draft.modifiers):
        raise NotALine(
            "A line has up to four modifiers of two letters or digits.", field="modifiers", fix="Leave the others out."
        )
    if not draft.code and not draft.revenue_code:
        raise NotALine("A line has a procedure code or a revenue code.", field="code", fix="Enter what was done.")
    if draft.revenue_code and not re.fullmatch(r"[0-9]{4}", draft.revenue_code):
        raise NotALine("A revenue code has four digits.", field="revenue_code", fix="Write it with its zero: 0521.")
    if draft.minutes is not None and not 0 < draft.minutes <= MINUTES_MAX:
        raise NotALine(
            "A service takes one to 1,440 minutes.", field="minutes", fix="Enter how long it took, or nothing."
        )
    if draft.drug and not (re.fullmatch(r"[0-9]{11}", draft.drug.ndc) and draft.drug.quantity > 0):
        raise NotALine(
            "A drug is an NDC of eleven digits and how much was given.", field="ndc", fix="Correct the NDC or quantity."
        )


def _locked(charge_id: int) -> ChargeModel:
    row = ChargeModel.objects.select_for_update().filter(pk=charge_id).first()
    if row is None:
        raise NotFound("There is no such charge.")
    return row
