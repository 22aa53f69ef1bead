"""What payers paid too much: found after each remittance, investigated, and returned before the clock runs out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from openmso.agreements.queries import clocks
from openmso.billing.contracts import LINE, OVERPAYMENT, REPAY, TO_RETURN
from openmso.billing.models import Overpayment
from openmso.billing.rules import credits as rules
from openmso.billing.rules.credits import SUSPENDED_MAX, Clock
from openmso.billing.states import OVERPAYMENT_MOVES, Cause, V
from openmso.claims.contracts import DecidedClaim
from openmso.claims.queries import decided
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.kit.words import day
from openmso.ledger.contracts import Accounts, EntryDraft, Journal, Source, credit, debit
from openmso.ledger.services import posting as ledger
from openmso.parties.contracts import PayerKind
from openmso.parties.queries import payers, providers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when

SIXTY_DAYS = frozenset({PayerKind.MEDICARE, PayerKind.MEDICAID})
"""Whose overpayments are returned by 42 CFR 401.305 and section 1128J(d) of the Social Security Act."""


class NotReturned(Refused):
    """The overpayment cannot be treated so."""

    code = "not_returned"


@atomic
def notice(*, actor: Actor, practice: int, claims: Mapping[int, str], at: datetime) -> int:
    """After a remittance: claims that were paid too much become work, and those that no longer are stop being it."""
    told = decided.of_claims(practice=practice, claims=claims)
    known = {
        row.claim_id: row
        for row in Overpayment.objects.select_for_update().filter(practice_id=practice, claim_id__in=claims)
    }
    over = _too_much(practice, told)
    fresh = [_row(practice, told[key], excess, at) for key, excess in over.items() if key not in known]
    Overpayment.objects.bulk_create(fresh)
    changed = [row for key, row in known.items() if _change(row, over.get(key, ZERO), at)]
    Overpayment.objects.bulk_update(
        changed, ["amount", "state", "closed_on", "identified_on", "began_on", "ended_on", "cause"]
    )
    if fresh or changed:
        _queue([*fresh, *changed], actor, at, actor.must(REPAY.code, practice))
    return len(over)


def _too_much(practice: int, told: Mapping[int, DecidedClaim]) -> dict[int, Money]:
    """What payers paid too much on claims of which more was decided than was charged."""
    over = {key for key, one in told.items() if one.paid + one.adjusted + one.patient > one.charged}
    steps = decided.steps_of(practice=practice, claims=over)
    found = {key: rules.too_much(told[key].charged, steps.get(key, ())) for key in over}
    return {key: excess for key, excess in found.items() if excess > ZERO}


def _row(practice: int, one: DecidedClaim, excess: Money, at: datetime) -> Overpayment:
    payer = payers.payer(one.payer_id) if one.payer_id else None
    return Overpayment(
        practice_id=practice, claim_id=one.id, claim_name=one.public_id, patient_id=one.patient_id,
        payer_name=payer.name if payer else "", has_clock=bool(payer and payer.kind in SIXTY_DAYS),
        amount=excess.amount, identified_on=tenancy.today(practice, at),
    )  # fmt: skip


def _change(row: Overpayment, excess: Money, at: datetime) -> bool:
    """Bring a known one up to date: taken back by the payer, or more than was known, with a clock that begins anew."""
    state, today, before = V(row.state), tenancy.today(row.practice_id, at), Money.of(row.amount)
    if not excess:
        if state is V.TAKEN:
            return False
        row.state, row.closed_on = V.TAKEN, row.closed_on or today
        return True
    if excess == before and state is not V.TAKEN:
        return False
    if excess > before or state is V.TAKEN:
        row.state, row.closed_on, row.identified_on, row.cause = V.OPEN, None, today, ""
        row.began_on = row.ended_on = None
    row.amount = excess.amount
    return True


@atomic
def investigate(*, actor: Actor, overpayment: str, at: datetime) -> None:
    """Begin to look for related overpayments, in good faith and in time: the deadline is suspended."""
    row, decision = _locked(overpayment, actor)
    check_move(OVERPAYMENT_MOVES, noun="overpayment", frm=V(row.state), to=V.INVESTIGATED)
    today = tenancy.today(row.practice_id, at)
    if row.has_clock and today > clock_of(row).due_on(today):
        raise NotReturned("The deadline is over; an investigation no longer suspends it.", fix="Return the money now.")
    row.state, row.began_on = V.INVESTIGATED, today
    row.save(update_fields=["state", "began_on"])
    _queue([row], actor, at, decision)
    _tell("billing.overpayment_investigated", row, actor, at, decision, {}, "")


@atomic
def conclude(*, actor: Actor, overpayment: str, cause: Cause, why: str, at: datetime) -> None:
    """End the investigation with its cause: the clock goes on."""
    row, decision = _locked(overpayment, actor)
    check_move(OVERPAYMENT_MOVES, noun="overpayment", frm=V(row.state), to=V.OPEN)
    _say_why(why)
    row.state, row.ended_on, row.cause, row.why = V.OPEN, tenancy.today(row.practice_id, at), cause, why.strip()[:300]
    row.save(update_fields=["state", "ended_on", "cause", "why"])
    _queue([row], actor, at, decision)
    _tell("billing.overpayment_concluded", row, actor, at, decision, {"cause": cause.label.lower()}, why)


@atomic
def give_back(*, actor: Actor, overpayment: str, amount: Money, reference: str, why: str, at: datetime) -> None:
    """Return money to the payer by check; `reference` is the proof.

    The money stands with the payer (recoupments) until it acknowledges it: by a reversal in a remittance, with the
    refund among its provider adjustments. That closes the overpayment, as an offset does.
    """
    row, decision = _locked(overpayment, actor)
    check_move(OVERPAYMENT_MOVES, noun="overpayment", frm=V(row.state), to=V.RETURNED)
    _say_why(why)
    if not reference.strip():
        raise NotReturned("What was returned has a proof.", field="check", fix="Write the number of the check.")
    one = decided.of_claims(practice=row.practice_id, claims={row.claim_id})[row.claim_id]
    if not ZERO < amount <= min(one.paid, Money.of(row.amount)):
        raise NotReturned(f"Of {one.paid} that was paid at most {row.amount} is too much.", field="amount")
    on, source = tenancy.today(row.practice_id, at), Source(OVERPAYMENT, row.public_id)
    draft = EntryDraft(
        providers.biller(one.biller_id or 0, on=on).entity, on,
        f"Overpayment {row.public_id} of {row.claim_name} returned",
        (debit(Accounts.PAYER_RECOUPMENTS, amount, source=source),
         credit(Accounts.OPERATING_CASH, amount, source=source)),
        key=f"{OVERPAYMENT}:{row.public_id}:{row.returned}", source=source, journal=Journal.CASH,
    )  # fmt: skip
    (entry,) = ledger.post(actor=actor, entries=[draft], at=at, under=(decision,))
    row.state, row.closed_on, row.reference, row.returned_amount = V.RETURNED, on, reference.strip()[:40], amount.amount
    row.entry, row.why, row.returned = entry.public_id, why.strip()[:300], row.returned + 1
    row.save(update_fields=["state", "closed_on", "reference", "returned_amount", "entry", "why", "returned"])
    _queue([row], actor, at, decision)
    _tell("billing.overpayment_returned", row, actor, at, decision, {"amount": str(amount)}, why)


def clock_of(row: Overpayment) -> Clock:
    """The clock of an overpayment."""
    return Clock(row.identified_on, row.began_on, row.ended_on)


def _say_why(why: str) -> None:
    if not why.strip():
        raise NotReturned("It says why.", code="no_reason", field="why", fix="Write the cause in a sentence.")


def _locked(overpayment: str, actor: Actor) -> tuple[Overpayment, Decision]:
    row = Overpayment.objects.select_for_update().filter(public_id=overpayment).first()
    if row is None:
        raise NotFound(f"There is no overpayment {overpayment}.")
    return row, actor.must(REPAY.code, row.practice_id)


def _queue(rows: list[Overpayment], actor: Actor, at: datetime, under: Decision) -> None:
    practice = rows[0].practice_id
    waiting = [row for row in rows if V(row.state) in {V.OPEN, V.INVESTIGATED}]
    if waiting:
        work.open_items(practice=practice, items=[_item(row, at) for row in waiting], at=at)
    work.close_items(
        keys=[(practice, _key(row)) for row in rows if row not in waiting], actor=actor, at=at,
        outcome="Returned, or taken back by the payer", under=under,
    )  # fmt: skip


def _item(row: Overpayment, at: datetime) -> NewItem:
    amount, due = Money.of(row.amount), clocks.sla_due(row.practice_id, LINE, TO_RETURN, at)
    priority, why = 30, f"{amount}, by contract"
    said = "Find out why, and return it or have the payer take it back."
    if row.has_clock:
        priority, on, why, said = _by_law(row, said, tenancy.today(row.practice_id, at))
        due = datetime.combine(on, time(17), ZoneInfo(tenancy.zone(row.practice_id)))
    return NewItem(
        kind=TO_RETURN, subject=(OVERPAYMENT, row.public_id), why=said, priority=priority, priority_why=why,
        title=f"{row.payer_name} paid {amount} too much", due_at=due, key=_key(row), amount=amount.amount,
    )  # fmt: skip


def _by_law(row: Overpayment, said: str, today: date) -> tuple[int, date, str, str]:
    """Where the law has a clock: the priority, the day until which something is to be done, and the words of both."""
    if row.began_on and V(row.state) is V.INVESTIGATED:
        on = row.began_on + SUSPENDED_MAX
        words = (
            f"An investigation suspends its deadline, until {day(on)} at most (42 CFR 401.305). Conclude it by then."
        )
        return 50, on, f"the law's clock goes on {when(on)} at the latest", words
    on = clock_of(row).due_on(today)
    words = f"It is to be returned by {day(on)} (42 CFR 401.305). {said}"
    return 80, on, f"the law wants it back {when(on)}", words


def _key(row: Overpayment) -> str:
    return f"{TO_RETURN}:{row.public_id}"


def _tell(
    action: str, row: Overpayment, actor: Actor, at: datetime, under: Decision, facts: dict[str, str], why: str
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(OVERPAYMENT, row.public_id), at=at, why=why,
        facts=facts, decision=under,
    )  # fmt: skip
