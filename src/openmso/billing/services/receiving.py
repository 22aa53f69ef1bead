"""Patients' payments: taken, applied to what they owe, withdrawn from it, taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Sum

from openmso.billing.contracts import COLLECT, PAYMENT, Answered, OwedLine
from openmso.billing.events import PatientPaymentTaken
from openmso.billing.models import Payment, Settlement
from openmso.billing.queries import owing
from openmso.billing.rules import numbers
from openmso.billing.rules.owing import Part, oldest_first, taken_back
from openmso.billing.services import crediting, giving_up, keeping, planning, recovering
from openmso.billing.services.settling import NOTE_MAX, Act, by_payment
from openmso.billing.states import PAYMENT_MOVES, Method, P, Slipped, Why
from openmso.claims.queries import patients as patient_parts
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.ids import public_id
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.ledger.contracts import Accounts, EntryDraft, Journal, Source, credit, debit
from openmso.ledger.services import posting as ledger
from openmso.patients.contracts import Patient
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.remittances.queries import payments as remittances
from openmso.scheduling import queries as scheduling

AMOUNT_MAX = Money.of(1_000_000)
Chosen = Sequence[tuple[str, int, Money]]
"""Lines that somebody chose: claim, line (0 for the claim as a whole), amount."""


class NotMoney(Refused):
    """The payment cannot be taken or applied as asked."""

    code = "not_a_payment"


@atomic
def take(
    *, actor: Actor, patient: str, method: Method, amount: Money, at: datetime, reference: str = "",
    chosen: Chosen | None = None, visit: str = "",
) -> str:  # fmt: skip
    """Take a patient's payment and apply it, oldest service first or to `chosen` lines; its public id.

    What is owed by nobody stays the patient's. `visit` is the one at which the desk collected it. `reference` is a
    check number, or the last four digits and the approval of a card, never its number. Raises `NotFound`, `NotMoney`.
    """
    who = keeping.one_patient(patient)
    decision = actor.must(COLLECT.code, who.practice)
    if not ZERO < amount <= AMOUNT_MAX:
        raise NotMoney(f"A payment is more than nothing and at most {AMOUNT_MAX}.", field="amount")
    if numbers.holds_card_number(reference):
        raise NotMoney(
            "This looks like a card number; card numbers are not kept here.", field="reference",
            fix="Write the last four digits and the approval code.",
        )  # fmt: skip
    if method is Method.CHECK and not reference.strip():
        raise NotMoney("A check has a number.", field="reference", fix="Write the number that is printed on it.")
    seen = _visit(who, visit)
    act = _act(actor, who.practice, at, decision)
    name, entity = public_id("RCP"), keeping.book_of(who.practice, who.id, act.on)
    source = Source(PAYMENT, name)
    draft = EntryDraft(
        entity, act.on, f"Patient's payment {name}, {method.label.lower()}",
        (debit(Accounts.PATIENT_RECEIPTS, amount, source=source),
         credit(Accounts.PATIENT_CREDITS, amount, source=source)),
        key=f"{PAYMENT}:{name}", source=source, journal=Journal.CASH,
    )  # fmt: skip
    (entry,) = ledger.post(actor=actor, entries=[draft], at=at, under=(decision,))
    row = Payment.objects.create(
        practice_id=who.practice, public_id=name, patient_id=who.id, entity_id=entity, method=method,
        amount=amount.amount, left_amount=amount.amount, reference=reference.strip()[:40], received_on=act.on,
        received_at=at, received_by=actor.name[:160], entry=entry.public_id, visit_id=seen,
    )  # fmt: skip
    _tell("billing.payment_taken", row, act, amount, method=method.label.lower())
    outbox.publish(
        PatientPaymentTaken(name, amount.amount, method.value), practice=who.practice, at=at, behind=decision.grant
    )
    _apply(row, act, chosen)
    _finish([row], act)
    return name


def _visit(who: Patient, visit: str) -> int | None:
    if not visit:
        return None
    seen = scheduling.get(visit)
    if seen.patient_id != who.id:
        raise NotFound(f"Visit {visit} is another patient's.", field="visit")
    return seen.id


def take_from_agency(*, who: Patient, amount: Money, fee: Money, reference: str, act: Act) -> str:
    """Take what a patient paid to an agency, which keeps its fee; it pays what was given up as bad debt. Its public id.

    The caller has locked the account.
    """
    name, entity = public_id("RCP"), keeping.book_of(who.practice, who.id, act.on)
    source = Source(PAYMENT, name)
    lines = [debit(Accounts.PATIENT_RECEIPTS, amount - fee, source=source)] if amount > fee else []
    if fee:
        lines.append(debit(Accounts.PROFESSIONAL_FEES, fee, source=source))
    draft = EntryDraft(
        entity, act.on, f"Patient's payment {name}, {Method.AGENCY.label.lower()}",
        (*lines, credit(Accounts.PATIENT_CREDITS, amount, source=source)), key=f"{PAYMENT}:{name}", source=source,
        journal=Journal.CASH,
    )  # fmt: skip
    (entry,) = ledger.post(actor=act.actor, entries=[draft], at=act.at, under=(act.under,))
    row = Payment.objects.create(
        practice_id=who.practice, public_id=name, patient_id=who.id, entity_id=entity, method=Method.AGENCY,
        amount=amount.amount, left_amount=amount.amount, fee_amount=fee.amount, reference=reference.strip()[:40],
        received_on=act.on, received_at=act.at, received_by=act.actor.name[:160], entry=entry.public_id,
    )  # fmt: skip
    _tell("billing.payment_taken", row, act, amount, method=Method.AGENCY.label.lower())
    recovering.note(practice=who.practice, patient=who.id, amount=ZERO, on=act.on, fee=fee)
    _apply(row, act, None)
    _finish([row], act)
    return name


@atomic
def apply(*, actor: Actor, payment: str, at: datetime, chosen: Chosen | None = None) -> Money:
    """Apply what is left of a payment, oldest service first or to `chosen` lines; how much was applied.

    Raises `NotMoney` where nothing is left, nothing is owed, or a line owes less than is to go to it.
    """
    row = keeping.one_payment(payment)
    act = _act(actor, row.practice_id, at, actor.must(COLLECT.code, row.practice_id))
    if not row.left_amount:
        raise NotMoney(f"Nothing of {payment} is left.", code="nothing_left")
    applied = _apply(row, act, chosen)
    if not applied:
        raise NotMoney("The patient owes nothing in these books.", code="nothing_owed",
                       fix="Give the money back, or leave it for the next visit.")  # fmt: skip
    _finish([row], act)
    return applied


@atomic
def apply_many(*, actor: Actor, payments: Sequence[str], at: datetime) -> Answered:
    """Apply what is left of payments, each oldest service first; what cannot be is told and stops nothing."""
    done: int = 0
    refused: list[tuple[str, str]] = []
    for one in payments:
        try:
            apply(actor=actor, payment=one, at=at)
            done += 1
        except Refused as no:
            refused.append((one, no.sentence))
    return Answered(done, tuple(refused))


@atomic
def withdraw(*, actor: Actor, payment: str, why: str, at: datetime) -> Money:
    """Take a payment back from all that it paid for, by reversal; the money stays the patient's. How much it was."""
    row = keeping.one_payment(payment)
    act = _act(actor, row.practice_id, at, actor.must(COLLECT.code, row.practice_id))
    _say_why(why)
    back = -by_payment(row, _paid_for(row), act, note=why)
    if not back:
        raise NotMoney(f"{payment} is not applied to anything.", code="nothing_applied")
    _tell("billing.payment_withdrawn", row, act, back, why=why)
    _finish([row], act, why="It was taken back from what it had paid for.")
    return back


@atomic
def reverse(*, actor: Actor, payment: str, why: str, at: datetime) -> None:
    """Take a payment back altogether: typed in error, or returned by the bank. What it paid for is owed again.

    Raises `Conflict` where some of it was given back already.
    """
    row = keeping.one_payment(payment)
    act = _act(actor, row.practice_id, at, actor.must(COLLECT.code, row.practice_id))
    _say_why(why)
    check_move(PAYMENT_MOVES, noun="payment", frm=P(row.state), to=P.REVERSED)
    by_payment(row, _paid_for(row), act, note=why)
    if row.left_amount != row.amount:
        raise Conflict(f"Some of {payment} was given back to the patient; it cannot be taken back as a whole.")
    if row.slip is not None and row.slip.state == Slipped.MADE:
        raise Conflict(
            f"{payment} is on its way to the bank with {row.slip.public_id}.", fix="Take the slip apart first."
        )
    ledger.reverse(actor=actor, entity=row.entity_id, entry=row.entry, why=why, on=act.on, at=at, under=(act.under,))
    if row.slip is not None:
        _leaves_the_bank(row, act, why)
    row.state, row.left_amount = P.REVERSED, ZERO.amount
    row.reversed_on, row.reversed_by, row.reversed_why = act.on, actor.name[:160], why.strip()[:NOTE_MAX]
    row.save(update_fields=["state", "left_amount", "reversed_on", "reversed_by", "reversed_why"])
    _tell("billing.payment_reversed", row, act, Money.of(row.amount), why=why)
    _finish([row], act)


@atomic
def look_at(*, actor: Actor, practice: int, remittance: str, at: datetime) -> int:
    """After a remittance its patients' accounts are made anew; what was settled beyond their parts is theirs again.

    A payer may pay later what the patient paid before; the latest payment gives first. How many lines it concerns.
    """
    named = remittances.claims_of(practice=practice, remittance=remittance)
    if not named:
        return 0
    crediting.notice(actor=actor, practice=practice, claims=named, at=at)
    return look_again(actor=actor, practice=practice, claims=named.values(), at=at)


@atomic
def look_again(*, actor: Actor, practice: int, claims: Iterable[str], at: datetime) -> int:
    """After somebody decided about claims: the same, without what payers paid too much."""
    patients = patient_parts.of_claims(practice=practice, claims=list(claims))
    keeping.lock(practice, patients)
    over = [
        line for lines in owing.lines(practice=practice, patients=patients).values() for line in lines
        if line.owed < ZERO and line.settled
    ]  # fmt: skip
    if over:
        act = _act(actor, practice, at, actor.must(COLLECT.code, practice))
        changed = {row.pk: row for line in over for row in _give_back(line, act)}
        keeping.queue(changed.values(), actor=actor, at=at, under=act.under,
                      why="A payer has decided anew, and the patient owes less than was paid.")  # fmt: skip
    keeping.refresh(practice=practice, patients=patients)
    return len(over)


def _give_back(line: OwedLine, act: Act) -> list[Payment]:
    """What is settled beyond the patient's part: what was given up is taken back first, then money."""
    excess = -line.owed
    for why, stands in _given_up(line).items():
        part = min(excess, stands)
        if part > ZERO:
            giving_up.give_up(why, [Part(line, -part)], act, note="A payer has decided anew")
            excess -= part
    return _money_back(line, excess, act) if excess > ZERO else []


def _given_up(line: OwedLine) -> dict[Why, Money]:
    rows = Settlement.objects.filter(practice_id=line.practice, claim_id=line.claim_id, line=line.line)
    sums = rows.exclude(why=Why.PAYMENT.value).order_by().values_list("why").annotate(sum=Sum("amount"))
    return {Why(why): Money.of(amount) for why, amount in sums}


def _money_back(line: OwedLine, excess: Money, act: Act) -> list[Payment]:
    rows = Settlement.objects.filter(claim_id=line.claim_id, line=line.line, why=Why.PAYMENT.value).order_by("pk")
    stands: defaultdict[int, Money] = defaultdict(lambda: ZERO)
    for row in rows:
        assert row.payment_id is not None, "payments settle by their name"
        stands[row.payment_id] += Money.of(row.amount)
    parts = taken_back(excess, list(stands.items()))
    sources = {row.pk: row for row in Payment.objects.select_for_update().filter(pk__in=stands)}
    for source, amount in parts:
        by_payment(sources[source], [Part(line, -amount)], act, note="A payer has decided anew")
    return [sources[source] for source, _ in parts]


def _leaves_the_bank(row: Payment, act: Act, why: str) -> None:
    """What was deposited already the bank takes out of the account again."""
    amount, source = Money.of(row.amount - row.fee_amount), Source(PAYMENT, row.public_id)
    draft = EntryDraft(
        row.entity_id, act.on, f"The bank returns payment {row.public_id}: {why}"[:200],
        (debit(Accounts.PATIENT_RECEIPTS, amount, source=source),
         credit(Accounts.OPERATING_CASH, amount, source=source)),
        key=f"{PAYMENT}.returned:{row.public_id}", source=source, journal=Journal.CASH,
    )  # fmt: skip
    ledger.post(actor=act.actor, entries=[draft], at=act.at, under=(act.under,))


def _act(actor: Actor, practice: int, at: datetime, decision: Decision) -> Act:
    return Act(actor, at, tenancy.today(practice, at), decision)


def _apply(row: Payment, act: Act, chosen: Chosen | None) -> Money:
    lines = owing.lines(practice=row.practice_id, patients=[row.patient_id]).get(row.patient_id, [])
    books = keeping.books_of(row.practice_id, act.on)
    mine = [one for one in lines if one.owed > ZERO and books.get(one.biller_id or 0, row.entity_id) == row.entity_id]
    left = Money.of(row.left_amount)
    parts = oldest_first(left, mine) if chosen is None else _chosen(left, mine, chosen)
    applied = by_payment(row, parts, act)
    if chosen is None and row.left_amount:
        applied += _recover(row, act)
    if applied:
        _tell("billing.payment_applied", row, act, applied)
    return applied


def _recover(row: Payment, act: Act) -> Money:
    """What is left pays what was given up as bad debt: that is owed again, and paid."""
    left = Money.of(row.left_amount)
    back = giving_up.owe_again(
        Why.BAD_DEBT, patients=[row.patient_id], act=act, note=f"Recovered by {row.public_id}", at_most=left
    )
    if not back:
        return ZERO
    recovering.note(practice=row.practice_id, patient=row.patient_id, amount=back, on=act.on)
    lines = owing.lines(practice=row.practice_id, patients=[row.patient_id]).get(row.patient_id, [])
    return by_payment(row, oldest_first(left, [one for one in lines if one.owed > ZERO]), act, note="Recovered")


def _chosen(left: Money, lines: Sequence[OwedLine], chosen: Chosen) -> list[Part[OwedLine]]:
    by_name = {(one.claim, one.line): one for one in lines}
    parts: dict[tuple[str, int], Part[OwedLine]] = {}
    for claim, number, amount in chosen:
        line = by_name.get((claim, number))
        words = f"line {number} of {claim}" if number else claim
        if line is None:
            raise NotFound(f"The patient owes nothing on {words}.", field="lines")
        if not ZERO < amount <= line.owed or (claim, number) in parts:
            raise NotMoney(f"{line.owed} is owed on {words}; {amount} cannot go to it.", field="lines")
        parts[claim, number] = Part(line, amount)
    if Money.total(part.amount for part in parts.values()) > left:
        raise NotMoney(f"Only {left} of the payment is left.", field="lines")
    return list(parts.values())


def _paid_for(row: Payment) -> list[Part[OwedLine]]:
    """What a payment stands for now, line by line, as parts that take it back."""
    lines = owing.lines(practice=row.practice_id, patients=[row.patient_id]).get(row.patient_id, [])
    by_key = {(one.claim_id, one.line): one for one in lines}
    stands: defaultdict[tuple[int, int], Money] = defaultdict(lambda: ZERO)
    for claim, line, amount in Settlement.objects.filter(payment=row).values_list("claim_id", "line", "amount"):
        stands[claim, line] += Money.of(amount)
    return [Part(by_key[key], -amount) for key, amount in stands.items() if amount]


def _finish(rows: Sequence[Payment], act: Act, *, why: str = "") -> None:
    keeping.queue(rows, actor=act.actor, at=act.at, under=act.under, why=why)
    practice, patients = rows[0].practice_id, {row.patient_id for row in rows}
    keeping.refresh(practice=practice, patients=patients)
    planning.look_at(actor=act.actor, practice=practice, patients=patients, at=act.at, under=act.under)


def _say_why(why: str) -> None:
    if not why.strip():
        raise NotMoney("Taking money back says why.", code="no_reason", field="why", fix="Write it in a sentence.")


def _tell(action: str, row: Payment, act: Act, amount: Money, *, why: str = "", method: str = "") -> None:
    audit.record(
        actor=act.actor, action=action, practice=row.practice_id, subject=(PAYMENT, row.public_id), at=act.at, why=why,
        facts={"amount": str(amount)} | ({"method": method} if method else {}), decision=act.under,
    )  # fmt: skip
