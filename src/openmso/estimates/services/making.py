"""Estimates are worked out, and given to patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from openmso.charges import queries as charges
from openmso.contracting import queries as contracting
from openmso.contracting.contracts import Ask
from openmso.eligibility.queries import checks
from openmso.estimates import paper, queries
from openmso.estimates.contracts import MAKE, PAPER, EstimateDraft, ItemDraft, Kind, Step, Way
from openmso.estimates.models import Estimate, EstimateLine
from openmso.estimates.rules import shares
from openmso.estimates.services.common import SUBJECT, CannotEstimate, current, end, key_of, locked, visit_of, worded
from openmso.estimates.states import MOVES, S
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.states import check_move
from openmso.kit.words import day
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients.contracts import Coverage, Patient
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.scheduling.contracts import Visit


@atomic
def make(*, actor: Actor, draft: EstimateDraft, at: datetime, owed: str = "") -> str:
    """Work an estimate out; its public id. What was made before for the same visit is replaced by it.

    `owed` names the one that is owed, which it fills. Without services it is of those that the reason usually comes
    to. Raises `CannotEstimate` where a price, a contract's answer or
    a benefit is missing, naming it.
    """
    one = patients.get(draft.patient)
    decision = actor.must(MAKE.code, one.practice)
    seen = visit_of(one, draft.visit)
    draft = _with_usual(one.practice, draft)
    cover = _coverage(one, draft, seen) if draft.kind is Kind.SHARE else None
    priced = _priced(one.practice, draft, cover)
    row = _row(one, draft, seen, owed, at)
    row.state, row.made_at, row.made_by = S.MADE, at, actor.name
    row.service_on, row.reason, row.diagnoses = draft.service_on, draft.reason[:200], list(draft.diagnoses)
    row.place_of_service, row.coverage_id = draft.place_of_service, cover.id if cover else None
    row.charge_amount = Money.total(line.charge for line in priced).amount
    row.share_amount = Money.total(line.share.amount for line in priced).amount
    row.save()
    EstimateLine.objects.bulk_create(_lines(row, priced))
    audit.record(
        actor=actor, action="estimates.made", practice=one.practice, subject=(SUBJECT, row.public_id), at=at,
        facts={"amount": str(Money.of(row.share_amount))}, decision=decision,
    )  # fmt: skip
    return row.public_id


def _with_usual(practice: int, draft: EstimateDraft) -> EstimateDraft:
    """The draft with the services that its reason usually comes to, where it names none."""
    if draft.items:
        return draft
    usual = queries.usual_for(practice, draft.reason)
    if usual is None:
        raise CannotEstimate(
            "Nothing is estimated yet.", field="items",
            fix="Name at least one service, or say what the reason usually comes to.",
        )  # fmt: skip
    return replace(draft, items=usual.items)


def _row(one: Patient, draft: EstimateDraft, seen: Visit | None, owed: str, at: datetime) -> Estimate:
    """The one that is owed, or a new one in the place of what was made before."""
    row = Estimate.objects.select_for_update().filter(public_id=owed).first() if owed else None
    if owed and (row is None or row.patient_id != one.id):
        raise NotFound(f"There is no estimate {owed} of this patient.")
    before = row or (current(seen, draft.kind) if seen else None)
    if before is not None and before.state == S.DUE:
        check_move(MOVES, noun="estimate", frm=S.DUE, to=S.MADE)
        return before
    due_on = None
    if before is not None:
        check_move(MOVES, noun="estimate", frm=S(before.state), to=S.REPLACED)
        due_on = before.due_on if before.state == S.MADE else None
        before.state = S.REPLACED
        before.save(update_fields=["state"])
    return Estimate(
        practice_id=one.practice, patient_id=one.id, visit_id=seen.id if seen else None, kind=draft.kind,
        asked=before.asked if before else draft.asked, asked_at=before.asked_at if before else at, due_on=due_on,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Priced:
    item: ItemDraft
    words: str
    charge: Money
    allowed: Money | None
    share: shares.Share


def _priced(practice: int, draft: EstimateDraft, cover: Coverage | None) -> list[_Priced]:
    """The items with what they cost, what is allowed and what the patient pays."""
    words = worded(draft.items, draft.service_on)
    costs = [_charge(practice, item, draft.service_on, cover) for item in draft.items]
    if cover is None:
        return [
            _Priced(item, said, cost, None, shares.Share(cost, (Step("Charged to a patient without coverage", cost),)))
            for item, said, cost in zip(draft.items, words, costs, strict=True)
        ]
    sheet = checks.latest_sheet(cover.id)
    if sheet is None:
        raise CannotEstimate(
            f"{_payer(cover)} has not said what the plan covers.", field="coverage", fix="Ask it about the coverage."
        )
    if sheet.verdict.value == "inactive":
        raise CannotEstimate(
            f"{_payer(cover)} says that the coverage is inactive.", field="coverage",
            fix="Find another coverage, or make a good faith estimate.",
        )  # fmt: skip
    expected = contracting.expected(
        practice=practice,
        asks=[
            Ask(key, 0, cover.payer_id, item.code, item.modifiers, item.units, draft.place_of_service, cost,
                draft.service_on)
            for key, (item, cost) in enumerate(zip(draft.items, costs, strict=True))
        ],
    )  # fmt: skip
    items = [
        shares.Item(item.code, cost, expected[key].amount, expected[key].words)
        for key, (item, cost) in enumerate(zip(draft.items, costs, strict=True))
    ]
    found = shares.shares(items, sheet)
    return [
        _Priced(item, said, priced.charge, priced.allowed, share)
        for item, said, priced, share in zip(draft.items, words, items, found, strict=True)
    ]


def _charge(practice: int, item: ItemDraft, on: date, cover: Coverage | None) -> Money:
    if item.amount is not None:
        return item.amount
    payer = cover.payer_id if cover else None
    price = charges.price(practice=practice, code=item.code, modifiers=item.modifiers, payer_id=payer, on=on)
    if price is None:
        raise CannotEstimate(
            f"No fee schedule has a price of {item.code} on {day(on)}.", field="items",
            fix="Type what it costs behind the code, or publish a price.",
        )  # fmt: skip
    return price.amount.times(item.units)


def _lines(row: Estimate, priced: Sequence[_Priced]) -> list[EstimateLine]:
    return [
        EstimateLine(
            practice_id=row.practice_id, estimate=row, number=number, code=one.item.code,
            modifiers=list(one.item.modifiers), words=one.words, units=one.item.units,
            charge_amount=one.charge.amount, allowed_amount=None if one.allowed is None else one.allowed.amount,
            share_amount=one.share.amount.amount,
            steps=[[step.words, None if step.amount is None else str(step.amount)] for step in one.share.steps],
        )
        for number, one in enumerate(priced, start=1)
    ]  # fmt: skip


def _coverage(one: Patient, draft: EstimateDraft, seen: Visit | None) -> Coverage:
    mine = patients.coverages_of([one.id]).get(one.id, ())
    if draft.coverage:
        mine = tuple(c for c in mine if c.public_id == draft.coverage)
    cover = patients.paying(mine, on=draft.service_on, kind=seen.plan if seen else None)
    if cover is None:
        raise CannotEstimate(
            f"No coverage holds on {day(draft.service_on)}.", field="coverage", fix="Make a good faith estimate."
        )
    return cover


def _payer(cover: Coverage) -> str:
    return payers.payer(cover.payer_id).name


@atomic
def give(*, actor: Actor, estimate: str, way: Way, at: datetime) -> None:
    """Keep the paper as it is given to the patient, and say how it was; what was owed is done."""
    row = locked(estimate)
    decision = actor.must(MAKE.code, row.practice_id)
    check_move(MOVES, noun="estimate", frm=S(row.state), to=S.GIVEN)
    content = paper.pdf(queries.estimate(estimate))
    stored = documents.store(
        actor=actor, practice=row.practice_id, name=f"{row.public_id}.pdf", content=content,
        media_type="application/pdf", purpose=PAPER, at=at, under=decision,
    )  # fmt: skip
    row.state, row.given_at, row.way, row.document = S.GIVEN, at, way, stored.public_id
    row.save(update_fields=["state", "given_at", "way", "document"])
    work.close_item(
        practice=row.practice_id, key=key_of(row), actor=actor, at=at, outcome="Given to the patient", under=decision
    )
    audit.record(
        actor=actor, action="estimates.given", practice=row.practice_id, subject=(SUBJECT, estimate), at=at,
        facts={"way": way.label.lower()}, decision=decision,
    )  # fmt: skip


@atomic
def drop(*, actor: Actor, estimate: str, why: str, at: datetime) -> None:
    """Say that an estimate is not owed, or not wanted, and why."""
    row = locked(estimate)
    actor.must(MAKE.code, row.practice_id)
    if not why.strip():
        raise Refused("Say why it is not owed.", code="no_reason", field="why", fix="A few words will do.")
    end(row, actor, why.strip(), at)
