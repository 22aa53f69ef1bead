"""Whose turn a claim is: the payers that were asked before, what they decided, and who comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openmso.claims.contracts import EarlierDecision
from openmso.claims.contracts import Turn as TurnRow
from openmso.claims.models.claims import Claim
from openmso.claims.models.turns import EarlierPayer
from openmso.claims.rules import freezing
from openmso.claims.rules.cob import NAMES, ORDER, rank
from openmso.claims.rules.turns import Held, next_cover, waits_until
from openmso.claims.states import DECIDED, EDITABLE, S
from openmso.kit.money import Money
from openmso.parties.queries import payers
from openmso.patients import queries as patients


@dataclass(frozen=True, slots=True)
class Told:
    """One earlier payer, as kept."""

    ordinal: str
    payer_id: int | None
    coverage_id: int | None
    decision: EarlierDecision


def earlier(rows: Sequence[Claim]) -> dict[int, tuple[Told, ...]]:
    """The payers that were asked of each claim before the one asked now, in their order."""
    turn = {row.pk: rank(row.ordinal) for row in rows}
    if not turn:
        return {}
    latest: dict[tuple[int, str], EarlierPayer] = {}
    for one in EarlierPayer.objects.filter(claim_id__in=turn).order_by("pk"):
        latest[one.claim_id, one.ordinal] = one
    found: dict[int, list[Told]] = {pk: [] for pk in turn}
    for (claim, ordinal), one in sorted(latest.items(), key=lambda item: rank(item[0][1])):
        if rank(ordinal) < turn[claim]:
            decision = freezing.decision_of(one.decision)
            found[claim].append(Told(ordinal, one.payer_id, one.coverage_id, decision))
    return {claim: tuple(told) for claim, told in found.items()}


def next_covers(claims: Sequence[tuple[int, int, date, int | None, int]]) -> dict[int, Held]:
    """The coverage whose turn is next, by claim; claims are (key, patient, day, coverage asked now, its rank)."""
    several = patients.several_coverages({patient for _, patient, *_ in claims})
    found = {}
    for claim, patient, day, asked, turn in claims:
        held = [
            Held(cover.id, cover.payer_id, cover.order.value)
            for cover in patients.beside(several.get(patient, ()), asked)
            if cover.holds_on(day)
        ]
        cover = next_cover(held, asked=asked or 0, turn=turn)
        if cover is not None:
            found[claim] = cover
    return found


def next_payer(public_id: str) -> str:
    """The name of the payer that would be asked next; empty where none is left."""
    row = Claim.objects.get(public_id=public_id)
    ask = (row.pk, row.patient_id, row.service_on, row.coverage_id, rank(row.ordinal))
    cover = next_covers([ask]).get(row.pk)
    return payers.payer(cover.payer_id).name if cover else ""


@dataclass(frozen=True, slots=True)
class Ways:
    """What may be done next about the payers of a claim."""

    next_payer: str
    """The name of the payer that may be asked now; empty where none may."""
    again: bool
    leave: bool


def ways(public_id: str) -> Ways:
    """What the states of a claim allow a person to do about its payers."""
    row = Claim.objects.get(public_id=public_id)
    state = S(row.state)
    decided = state in DECIDED or (state is S.ACCEPTED and row.forwarded)
    is_later = row.ordinal != "P"
    return Ways(
        next_payer=next_payer(public_id) if decided else "",
        again=is_later and state in {*DECIDED, S.SENT, S.ACCEPTED},
        leave=is_later and state in {S.DRAFT, S.HELD, S.READY, S.REJECTED},
    )


def payers_before(claim_id: int) -> dict[int, str]:
    """The names of the payers that were asked of a claim before the one asked now, by their rank."""
    rows = EarlierPayer.objects.filter(claim_id=claim_id, payer__isnull=False).order_by("pk")
    return {rank(row.ordinal): payers.payer(row.payer_id).name for row in rows if row.payer_id}


def chain(public_id: str) -> tuple[TurnRow, ...]:
    """The payers of a claim one after the other: what each decided, or what it is waited for."""
    row = Claim.objects.get(public_id=public_id)
    found = [
        TurnRow(
            one.ordinal, NAMES.get(one.ordinal, one.ordinal), payers.payer(one.payer_id).name if one.payer_id else "",
            Money(one.decision.paid), Money(one.decision.patient_share),
            f"decided on {_day(one.decision.paid_on)}" if one.decision.paid_on else "decided", "good",
        )
        for one in earlier([row]).get(row.pk, ())
    ]  # fmt: skip
    if row.payer_id:
        words, tone = _waits(row)
        name = payers.payer(row.payer_id).name
        paid = left = None
        if S(row.state) in DECIDED:
            paid = Money(row.paid_amount) - Money.total(one.paid for one in found if one.paid is not None)
            left = Money(row.patient_amount)
        found.append(TurnRow(row.ordinal, NAMES.get(row.ordinal, row.ordinal), name, paid, left, words, tone))
    if row.forwarded and row.crossed_on:
        following = ORDER[rank(row.ordinal)]
        words = (
            f"crossed over: sent on by the payer before on {_day(row.crossed_on)}, so it is not billed; its "
            f"remittance is waited for until {_day(waits_until(row.crossed_on))}"
        )
        name = next_payer(public_id) or "The payer it names"
        found.append(TurnRow(following, NAMES.get(following, following), name, None, None, words, "info"))
    return tuple(found)


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"


def _waits(row: Claim) -> tuple[str, str]:
    state = S(row.state)
    if state in EDITABLE and state is not S.REJECTED:
        return f"will be asked: {state.label.lower()}", state.tone.value
    return state.label.lower(), state.tone.value
