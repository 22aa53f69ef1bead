"""What payers decided about lines of claims, all their payments together: for whoever compares it with a contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from openmso.claims.contracts import ExpectedLine
from openmso.claims.queries import decided, expected
from openmso.kit.money import ZERO, Money
from openmso.remittances.contracts import JudgedLine, PayerAnswer
from openmso.remittances.models.payments import Adjustment, Application, ClaimPayment, LineApplication, ServicePayment

FIRST_PAYER = (0, 1)
"""Ranks of the payer that is asked first; 0 does not say."""
SEQUESTRATION, INTEREST = "253", "225"
REVENUE_CODE = 4
"""Digits of one."""


class _Sums(NamedTuple):
    """What a payment says of a line, or of its claim beyond the lines."""

    paid: Money = ZERO
    patient: Money = ZERO
    denied: Money = ZERO
    kept: Money = ZERO
    interest: Money = ZERO

    @property
    def allowed(self) -> Money:
        """As `JudgedLine` has it."""
        return self.paid + self.patient + self.kept - self.interest

    def plus(self, other: _Sums) -> _Sums:
        """Each with its like."""
        return _Sums(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def less(self, other: _Sums) -> _Sums:
        """Each without its like."""
        return _Sums(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    def shares(self, weights: Sequence[Money]) -> list[_Sums]:
        """Each shared out by weight, to the cent."""
        by = [one.amount for one in weights] if any(weights) else [1] * len(weights)
        return [_Sums(*each) for each in zip(*(amount.split(by) for amount in self), strict=True)]


def of_remittance(*, practice: int, remittance: str) -> list[JudgedLine]:
    """The lines of the claims that a remittance decided, as the first payer's decisions stand with it.

    Payments, reversals and corrections of one line are summed; set-wise, for a remittance of any size.
    """
    touched = Application.objects.filter(practice_id=practice, payment__remittance__public_id=remittance)
    claims = dict(touched.values_list("claim_id", "claim_name"))
    said = _Said(practice, claims)
    found: dict[int, JudgedLine] = {}
    for one in said.decisions():
        before, payment = found.get(one.line), said.payments[one.payment]
        sums = one.sums.plus(_sums_of(before)) if before else one.sums
        claim = said.claim_of[one.payment]
        found[one.line] = JudgedLine(
            claim, claims[claim], one.line, one.number, payment.public_id, sums.paid, sums.patient, sums.denied,
            sums.kept, sums.interest, before.reasons if before and payment.is_reversal else one.reasons,
            one.is_recoded,
        )  # fmt: skip
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Decision:
    """What one payment decided of one line of ours."""

    payment: int
    line: int
    number: int
    sums: _Sums
    reasons: frozenset[str]
    is_recoded: bool = False


class _Said:
    """The payments of first payers about some claims with their lines and reasons, each asked for once."""

    def __init__(self, practice: int, claims: Collection[int]) -> None:
        self.practice = practice
        mine = Application.objects.filter(practice_id=practice, claim_id__in=claims)
        rows = ClaimPayment.objects.filter(
            practice_id=practice, pk__in=mine.values("payment_id"), payer_rank__in=FIRST_PAYER, applies=True
        ).only("pk", "public_id", "is_reversal", "paid_amount", "patient_amount", "denied_amount")
        self.payments = {row.pk: row for row in rows.order_by("pk")}
        self.claim_of = dict(mine.values_list("payment_id", "claim_id"))
        of_these = {"practice_id": practice, "payment_id__in": self.payments}
        self.reasons = _reasons(practice, self.payments)
        self.services: dict[int, dict[int, ServicePayment]] = defaultdict(dict)
        for row in ServicePayment.objects.filter(**of_these).order_by("payment_id", "number"):
            self.services[row.payment_id][row.number] = row
        placed = LineApplication.objects.filter(**of_these).order_by("payment_id", "number")
        self.placed: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
        for payment, *said in placed.values_list("payment_id", "number", "claim_line_id", "claim_line_number"):
            self.placed[payment][said[0]] = (said[1], said[2])
        self.billed = decided.codes_of({line for lines in self.placed.values() for line, _ in lines.values()})

    def decisions(self) -> Iterator[_Decision]:
        """Payment by payment: of each line what it says there, and its share of what it says beyond the lines."""
        beyond = {payment: self._beyond(payment) for payment in self.payments}
        open_claims = {self.claim_of[payment] for payment, sums in beyond.items() if any(sums)}
        lines = decided.lines_of(practice=self.practice, claims=open_claims) if open_claims else {}
        due = {one.id: one.expected.amount for one in _expected(lines.values())}
        for payment, sums in beyond.items():
            of_lines = self._of_lines(payment)
            if any(sums):
                of_lines = self._with_shares(payment, of_lines, sums, lines.get(self.claim_of[payment], []), due)
            yield from of_lines.values()

    def _of_lines(self, payment: int) -> dict[int, _Decision]:
        """What a payment says of lines of ours; several lines that it made of one are added up."""
        found: dict[int, _Decision] = {}
        for at, (line, number) in self.placed[payment].items():
            service, before = self.services[payment][at], found.get(line)
            found[line] = _Decision(
                payment, line, number, self._sums(payment, at).plus(before.sums if before else _Sums()),
                frozenset(self.reasons.get((payment, at), ())) | (before.reasons if before else frozenset()),
                is_recoded(service, self.billed[line]) or bool(before and before.is_recoded),
            )  # fmt: skip
        return found

    def _with_shares(
        self, payment: int, known: dict[int, _Decision], sums: _Sums, lines: Sequence[tuple[int, int, Money]],
        due: dict[int, Money | None],
    ) -> dict[int, _Decision]:  # fmt: skip
        """With what a payment says beyond the lines: about those it names, else about those it does not name."""
        named = self.services[payment].keys() <= self.placed[payment].keys() and bool(known)
        about = [one for one in lines if (one[0] in known) is named] or lines
        if not about:
            return known
        weights = _weights(about, due, {key: one.sums for key, one in known.items()} if named else {})
        whole = known.copy()
        why = frozenset(reason for at in self._elsewhere(payment) for reason in self.reasons.get((payment, at), ()))
        for (key, number, _), share in zip(about, sums.shares(weights), strict=True):
            before = known.get(key, _Decision(payment, key, number, _Sums(), frozenset()))
            whole[key] = _Decision(
                payment, key, number, before.sums.plus(share), before.reasons | why, before.is_recoded
            )
        return whole

    def _elsewhere(self, payment: int) -> list[int]:
        """The claim itself, and the lines of a payment that are none of ours."""
        return [0, *(at for at in self.services[payment] if at not in self.placed[payment])]

    def _beyond(self, payment: int) -> _Sums:
        """What a payment says of its claim beyond the lines that are lines of ours."""
        row = self.payments[payment]
        why = [self.reasons[payment, at] for at in (0, *self.services[payment]) if (payment, at) in self.reasons]
        whole = _Sums(
            Money.of(row.paid_amount), Money.of(row.patient_amount), Money.of(row.denied_amount),
            Money.total(_of(one, SEQUESTRATION) for one in why), -Money.total(_of(one, INTEREST) for one in why),
        )  # fmt: skip
        for at in self.placed[payment]:
            whole = whole.less(self._sums(payment, at))
        return whole

    def _sums(self, payment: int, at: int) -> _Sums:
        row, why = self.services[payment][at], self.reasons.get((payment, at), {})
        return _Sums(
            Money.of(row.paid_amount), Money.of(row.patient_amount), Money.of(row.denied_amount),
            _of(why, SEQUESTRATION), -_of(why, INTEREST),
        )  # fmt: skip


def _weights(
    about: Sequence[tuple[int, int, Money]], due: dict[int, Money | None], named: dict[int, _Sums]
) -> list[Money]:  # fmt: skip
    """By what lines share what was said beside them.

    Where they were judged as well, by how far they are above what is expected: a contract that is told of the claim as
    a whole takes there. Else as they are expected to be; where that is not known, as they were charged.
    """
    wanted = [due.get(key) or ZERO for key, _, _ in about]
    if named:
        wanted = [max(abs(named[key].allowed) - worth, ZERO) for (key, _, _), worth in zip(about, wanted, strict=True)]
    known = any(wanted) if named else all(wanted)
    return wanted if known else [charge for _, _, charge in about]


def _expected(lines: Iterable[list[tuple[int, int, Money]]]) -> list[ExpectedLine]:
    ids = {key for found in lines for key, _, _ in found}
    return expected.of_lines(ids) if ids else []


def is_recoded(service: ServicePayment, billed: str) -> bool:
    """Whether the payer judged another code than was billed; a facility's line may be told by its revenue code."""
    if service.submitted_code:
        return service.submitted_code != service.code
    return service.code != billed and not (len(service.code) == REVENUE_CODE and service.code.isdigit())


def _of(why: dict[str, Money], reason: str) -> Money:
    return Money.total(amount for told, amount in why.items() if told.endswith(f"-{reason}"))


def _sums_of(line: JudgedLine) -> _Sums:
    return _Sums(line.paid, line.patient, line.denied, line.kept, line.interest)


def kept(*, practice: int, claim_lines: Collection[int]) -> dict[int, Money]:
    """What first payers kept of their payments by sequestration, by claim line; one question for any number."""
    payments = Application.objects.filter(
        practice_id=practice, claim_id__in=decided.claims_of(claim_lines), payment__payer_rank__in=FIRST_PAYER,
        payment__applies=True,
    )  # fmt: skip
    rows = LineApplication.objects.filter(
        practice_id=practice, payment_id__in=payments.values("payment_id"), claim_line_id__in=list(claim_lines)
    ).values_list("payment_id", "number", "claim_line_id")
    line_of = {(payment, number): line for payment, number, line in rows}
    told = Adjustment.objects.filter(
        practice_id=practice, payment_id__in={payment for payment, _ in line_of}, reason=SEQUESTRATION, line__gt=0
    )
    found: dict[int, Money] = defaultdict(lambda: ZERO)
    for payment, number, amount in told.values_list("payment_id", "line", "amount"):
        if (line := line_of.get((payment, number))) is not None:
            found[line] += Money.of(amount)
    return dict(found)


def answers(*, practice: int, payments: Collection[str]) -> dict[str, PayerAnswer]:
    """How a payer finds the answers that it gave, by the public ids of its claim payments."""
    rows = ClaimPayment.objects.filter(practice_id=practice, public_id__in=list(payments)).select_related("remittance")
    return {
        row.public_id: PayerAnswer(
            row.control, row.payer_control, " ".join(filter(None, (row.patient_first, row.patient_last))),
            row.member_id, row.remittance.trace, row.remittance.paid_on, row.remittance.payee_npi,
            row.remittance.payee_tin,
        )
        for row in rows
    }  # fmt: skip


def _reasons(practice: int, payments: Collection[int]) -> dict[tuple[int, int], dict[str, Money]]:
    found: dict[tuple[int, int], dict[str, Money]] = defaultdict(dict)
    rows = Adjustment.objects.filter(practice_id=practice, payment_id__in=payments)
    for payment, line, group, reason, amount in rows.values_list("payment_id", "line", "group", "reason", "amount"):
        key = f"{group}-{reason}"
        found[payment, line][key] = found[payment, line].get(key, ZERO) + Money.of(amount)
    return found
