"""Which payment or refund of ours each line of a payout is, by the provider's id; nothing is posted here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from openmso.billing.models import Payment, Payout, PayoutLine, Refund
from openmso.billing.rules import payouts as rules
from openmso.billing.states import Method, P, Paid, R, Slipped
from openmso.kit.money import Money

UNSEEN = "Nobody has looked at it yet."
OTHER = "Neither a charge, a refund, a fee nor a dispute: ask the provider what it is, and say it here."


@dataclass(frozen=True, slots=True)
class Tied:
    """How a payout ties: lines that do not, why it does not as a whole, its payments, and what it gave back itself.

    `regarded` are the lines that a person says are no payment of ours. `entity` is zero where no line names books.
    """

    open: int
    words: str
    payments: tuple[int, ...]
    given_back: Money
    entity: int
    regarded: tuple[PayoutLine, ...] = ()


def look(row: Payout) -> Tied:
    """Tie every line anew, but those tied by hand, under locks on what they are."""
    lines = list(PayoutLine.objects.filter(practice_id=row.practice_id, payout=row).order_by("number"))
    by_hand = {line.payment_id for line in lines if line.hand_why and line.payment_id}
    PayoutLine.objects.filter(practice_id=row.practice_id, payout=row, hand_why="").update(
        payment=None, refund=None, fault=UNSEEN
    )
    named = {line.about for line in lines if line.about}
    payments = (
        Payment.objects.filter(practice_id=row.practice_id).select_related("slip").select_for_update(of=("self",))
    )
    by_id = {one.pk: one for one in payments.filter(pk__in=by_hand)}
    known = {one.reference: one for one in payments.filter(method=Method.ONLINE.value, reference__in=named)}
    refunds = Refund.objects.filter(practice_id=row.practice_id, reference__in=named).select_related("payment")
    given = {one.reference: one for one in refunds.select_for_update(of=("self",))}
    used: set[int] = set(by_id)
    for line in lines:
        if line.regard:
            line.fault = ""
            continue
        if line.hand_why:
            line.fault = of_charge(line, by_id[line.payment_id or 0])
            continue
        _tie(line, known.get(line.about), given.get(line.about), used)
    PayoutLine.objects.bulk_update(lines, ["payment", "refund", "fault"], batch_size=500)
    return _told(row, lines, [*known.values(), *by_id.values()])


def of_charge(line: PayoutLine, found: Payment | None) -> str:
    """Why a line is not this payment; empty where it is."""
    return rules.of_charge(_line(line), _known(line, found))


def first_fault(row: Payout) -> str:
    """What is wrong with the first line that does not tie."""
    lines = PayoutLine.objects.filter(practice_id=row.practice_id, payout=row).exclude(fault="").order_by("number")
    return lines.values_list("fault", flat=True)[0]


def _tie(line: PayoutLine, payment: Payment | None, refund: Refund | None, used: set[int]) -> None:
    kind, line.payment, line.refund = Paid(line.kind), None, None
    if kind is Paid.FEE:
        line.fault = ""
    elif kind is Paid.CHARGE:
        line.fault = of_charge(line, payment)
        if payment is not None and payment.pk in used:
            line.fault = f"{payment.public_id} stands twice in this payout."
        if payment is not None and not line.fault:
            line.payment = payment
            used.add(payment.pk)
    elif kind is Paid.REFUND:
        line.fault = rules.of_refund(_line(line), _returned(line, refund))
        line.refund = None if line.fault else refund
    elif kind is Paid.DISPUTE:
        line.fault = rules.of_dispute(_line(line), _known(line, payment))
        line.payment = None if line.fault else payment
    else:
        line.fault = OTHER


def _told(row: Payout, lines: Sequence[PayoutLine], payments: Sequence[Payment]) -> Tied:
    waits = sum(1 for line in lines if line.fault)
    charged = {line.payment_id for line in lines if line.kind == Paid.CHARGE and line.payment_id and not line.fault}
    books = {one.entity_id for one in payments if one.pk in charged}
    books |= {line.refund.payment.entity_id for line in lines if line.refund is not None}
    net = Money.total(Money.of(line.amount - line.fee_amount) for line in lines)
    words = "" if waits else rules.as_a_whole(Money.of(row.amount), net, len(books))
    given = Money.total(
        Money.of(-line.amount) for line in lines if Paid(line.kind) in {Paid.REFUND, Paid.DISPUTE} and not line.fault
    )
    regarded = tuple(line for line in lines if line.regard)
    return Tied(waits, words, tuple(one for one in charged if one), given, min(books, default=0), regarded)


def _line(line: PayoutLine) -> rules.Line:
    return rules.Line(Paid(line.kind), line.about, Money.of(line.amount))


def _known(line: PayoutLine, found: Payment | None) -> rules.Known | None:
    if found is None:
        return None
    others = PayoutLine.objects.filter(practice_id=line.practice_id, payment=found, kind=line.kind)
    return rules.Known(
        found.public_id, Money.of(found.amount), P(found.state), found.slip.public_id if found.slip else "",
        Slipped(found.slip.state) if found.slip else None, _elsewhere(line, others),
    )  # fmt: skip


def _returned(line: PayoutLine, found: Refund | None) -> rules.Returned | None:
    if found is None:
        return None
    others = PayoutLine.objects.filter(practice_id=line.practice_id, refund=found)
    return rules.Returned(found.public_id, Money.of(found.amount), R(found.state), _elsewhere(line, others))


def _elsewhere(line: PayoutLine, others: QuerySet[PayoutLine]) -> str:
    found = others.exclude(payout_id=line.payout_id).select_related("payout").first()
    return found.payout.public_id if found else ""
