"""What services cost a patient is worked out, and not kept: by fee schedule, contract and benefits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from openmso.charges import queries as charges
from openmso.contracting import queries as contracting
from openmso.contracting.contracts import Ask
from openmso.eligibility.contracts import Sheet
from openmso.eligibility.queries import checks
from openmso.estimates import queries
from openmso.estimates.contracts import MAKE, EstimateDraft, ItemDraft, Kind, Line, Step
from openmso.estimates.rules import shares
from openmso.estimates.services.common import CannotEstimate, visit_of, worded
from openmso.kit.money import Money
from openmso.kit.words import day
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients.contracts import Coverage, Patient
from openmso.platform.access.contracts import Actor
from openmso.scheduling import queries as visits
from openmso.scheduling.contracts import Visit


@dataclass(frozen=True, slots=True)
class Plan:
    """Who pays, and what the plan says; `sheet` is `None` where the payer has not said it."""

    payer_id: int
    payer: str
    sheet: Sheet | None


def of_patient(*, actor: Actor, draft: EstimateDraft) -> list[Line]:
    """What a patient would be told now, line by line; raises `CannotEstimate`. Nothing is kept."""
    one = patients.get(draft.patient)
    actor.must(MAKE.code, one.practice)
    draft = with_usual(one.practice, draft)
    cover = coverage(one, draft, visit_of(one, draft.visit)) if draft.kind is Kind.SHARE else None
    return lines(one.practice, draft, plan_of(cover) if cover else None)


def of_plan(*, actor: Actor, practice: int, draft: EstimateDraft, plan: Plan | None) -> list[Line]:
    """The same of nobody in particular: of services, under the contract of a payer and a plan's benefits."""
    actor.must(MAKE.code, practice)
    return lines(practice, with_usual(practice, draft), plan)


def with_usual(practice: int, draft: EstimateDraft) -> EstimateDraft:
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


def plan_of(cover: Coverage) -> Plan:
    """The plan of a coverage, as its payer told it last."""
    return Plan(cover.payer_id, payers.payer(cover.payer_id).name, checks.latest_sheet(cover.id))


def coverage(one: Patient, draft: EstimateDraft, seen: Visit | None) -> Coverage:
    """The coverage that pays on the day, or the one that is named; raises `CannotEstimate` where there is none."""
    mine = patients.coverages_of([one.id]).get(one.id, ())
    if draft.coverage:
        mine = tuple(c for c in mine if c.public_id == draft.coverage)
    if seen is not None:
        cover = visits.asked_first(seen, mine, on=draft.service_on)
    else:
        cover = patients.paying(mine, on=draft.service_on)
    if cover is None:
        raise CannotEstimate(
            f"No coverage holds on {day(draft.service_on)}.", field="coverage", fix="Make a good faith estimate."
        )
    return cover


def lines(practice: int, draft: EstimateDraft, plan: Plan | None) -> list[Line]:
    """The services with what they cost, what is allowed and what the patient pays."""
    words = worded(draft.items, draft.service_on)
    costs = [_charge(practice, item, draft.service_on, plan) for item in draft.items]
    if plan is None:
        bare = [shares.Item(item.code, cost, None) for item, cost in zip(draft.items, costs, strict=True)]
        whole = [shares.Share(cost, (Step("Charged to a patient without coverage", cost),)) for cost in costs]
        return _lines(draft.items, words, bare, whole)
    sheet = _answered(plan)
    expected = contracting.expected(
        practice=practice,
        asks=[
            Ask(key, 0, plan.payer_id, item.code, item.modifiers, item.units, draft.place_of_service, cost,
                draft.service_on)
            for key, (item, cost) in enumerate(zip(draft.items, costs, strict=True))
        ],
    )  # fmt: skip
    items = [
        shares.Item(item.code, cost, expected[key].amount, expected[key].words)
        for key, (item, cost) in enumerate(zip(draft.items, costs, strict=True))
    ]
    return _lines(draft.items, words, items, shares.shares(items, sheet))


def _answered(plan: Plan) -> Sheet:
    if plan.sheet is None:
        raise CannotEstimate(
            f"{plan.payer} has not said what the plan covers.", field="coverage", fix="Ask it about the coverage."
        )
    if plan.sheet.verdict.value == "inactive":
        raise CannotEstimate(
            f"{plan.payer} says that the coverage is inactive.", field="coverage",
            fix="Find another coverage, or make a good faith estimate.",
        )  # fmt: skip
    return plan.sheet


def _lines(
    drafts: Sequence[ItemDraft], words: Sequence[str], items: Sequence[shares.Item], found: Sequence[shares.Share]
) -> list[Line]:
    return [
        Line(
            number,
            one.code,
            one.modifiers,
            said,
            one.units,
            item.charge,
            item.allowed,
            share.amount,
            share.steps,
            one.amount is not None,
        )
        for number, (one, said, item, share) in enumerate(zip(drafts, words, items, found, strict=True), start=1)
    ]


def _charge(practice: int, item: ItemDraft, on: date, plan: Plan | None) -> Money:
    if item.amount is not None:
        return item.amount
    payer = plan.payer_id if plan else None
    price = charges.price(practice=practice, code=item.code, modifiers=item.modifiers, payer_id=payer, on=on)
    if price is None:
        raise CannotEstimate(
            f"No fee schedule has a price of {item.code} on {day(on)}.", field="items",
            fix="Type what it costs behind the code, or publish a price.",
        )  # fmt: skip
    return price.amount.times(item.units)
