"""Questions about claim payments: of a remittance, of a claim, unmatched; their lines, reasons and bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.documents import queries as documents
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally
from openmso.remittances.contracts import AdjustmentRow, Effect, Outcome, Payment, PaymentRow, ServiceRow
from openmso.remittances.models.payments import (
    Adjustment,
    Application,
    ClaimPayment,
    LineApplication,
    PatientShare,
    ServicePayment,
    Unapplied,
)
from openmso.remittances.rules import reasons

SORTS = {
    "paid": "paid_amount", "charge": "charge_amount", "patient": "patient_last", "service_on": "service_on",
    "denied": "denied_amount", "control": "control", "outcome": "outcome",
}  # fmt: skip
SUMMED = {
    "charge": "charge_amount", "contractual": "contractual_amount", "other": "other_amount",
    "patient_share": "patient_amount", "denied": "denied_amount", "paid": "paid_amount",
}  # fmt: skip
NOTHING = Decimal("0.00")
RAW_MAX = 256 * 1024
"""Bytes of a record that are shown; more is read from the document itself."""


def payments(*, filters: Filters, page: PageAsk, remittance: str = "") -> Page[PaymentRow]:
    """Claim payments, of one remittance or of all, in the order of the file unless asked otherwise."""
    found = _filtered(filters, remittance)
    order = SORTS.get(page.sort)
    keys = [f"-{order}" if page.desc else order, "pk"] if order else ["-remittance_id", "position"]
    rows = _named(found.order_by(*keys))[page.offset : page.offset + page.size]
    return counting.page_of([_row(row) for row in rows], found, page, lambda: _tally(found))


def tally(*, filters: Filters, remittance: str = "") -> Tally:
    """How many payments the filters leave, and their sums."""
    return _tally(_filtered(filters, remittance))


def _tally(found: QuerySet[ClaimPayment]) -> Tally:
    sums = found.aggregate(count=Count("pk"), **{key: Coalesce(Sum(column), NOTHING) for key, column in SUMMED.items()})
    return Tally(sums["count"], {key: Money(sums[key]) for key in SUMMED})


def _filtered(filters: Filters, remittance: str) -> QuerySet[ClaimPayment]:
    found = ClaimPayment.objects.all()
    if remittance:
        found = found.filter(remittance__public_id=remittance)
    if outcomes := filters.many("is"):
        found = found.filter(outcome__in=[one for one in outcomes if one != "unmatched"] or list(Outcome))
        if "unmatched" in outcomes:
            found = found.exclude(_is_applied())
    for word in filters.text.split():
        found = found.filter(
            Q(patient_last__istartswith=word) | Q(patient_first__istartswith=word) | Q(control=word)
            | Q(payer_control=word) | Q(public_id=word.upper())
        )  # fmt: skip
    return found


def _is_applied() -> Exists:
    return Exists(Application.objects.filter(practice_id=OuterRef("practice_id"), payment_id=OuterRef("pk")))


def _named(found: QuerySet[ClaimPayment]) -> QuerySet[Any]:
    """With the claim that each was posted to."""
    applied = Application.objects.filter(practice_id=OuterRef("practice_id"), payment_id=OuterRef("pk"))
    claim = applied.values("claim_name")[:1]
    return found.select_related("remittance__file").annotate(claim_name=Subquery(claim))


def unmatched(*, page: PageAsk, text: str = "") -> Page[PaymentRow]:
    """Payments whose claim was not found and that change what is owed, oldest first."""
    found = _unmatched(text)
    order = SORTS.get(page.sort)
    keys = (f"-{order}" if page.desc else order, "pk") if order else ("pk",)
    rows = _named(paging.sorted_whole(found, keys, page))
    return counting.page_of([_row(row) for row in rows], found, page, lambda: _tally(found))


def tally_unmatched(*, text: str = "") -> Tally:
    """How many payments have no claim yet, and their sums."""
    return _tally(_unmatched(text))


def _unmatched(text: str) -> QuerySet[ClaimPayment]:
    waiting = Unapplied.objects.filter(practice_id=OuterRef("practice_id"), payment_id=OuterRef("pk"))
    return _filtered(Filters((), text), "").filter(Exists(waiting))


def payments_of_claim(*, practice: int, claim: str) -> list[PaymentRow]:
    """All that payers decided about a claim, in the order in which it was posted."""
    applied = Application.objects.filter(practice_id=practice, claim__practice_id=practice, claim__public_id=claim)
    ids = list(applied.values_list("payment_id", flat=True))
    rows = _named(ClaimPayment.objects.filter(practice_id=practice, pk__in=ids))
    return [_row(row) for row in rows.order_by("remittance__posted_at", "pk")]


def adjudications_of_claim(*, practice: int, claim: str) -> list[Payment]:
    """The same with lines and reasons."""
    return [payment(row.public_id) for row in payments_of_claim(practice=practice, claim=claim)]


def payment(public_id: str) -> Payment:
    """One claim payment with its lines and reasons; raises `NotFound`."""
    row: Any = _named(ClaimPayment.objects.filter(public_id=public_id)).first()
    if row is None:
        raise NotFound(f"There is no payment {public_id}.")
    mine = {"practice_id": row.practice_id, "payment_id": row.pk}
    by_line: dict[int, list[AdjustmentRow]] = defaultdict(list)
    for one in Adjustment.objects.filter(**mine).order_by("line", "place"):
        by_line[one.line].append(_adjustment(one))
    placed = dict(LineApplication.objects.filter(**mine).values_list("number", "claim_line_number"))
    lines = tuple(
        _service(line, placed.get(line.number), tuple(by_line[line.number]))
        for line in ServicePayment.objects.filter(**mine).order_by("number")
    )
    applied = Application.objects.filter(**mine).first()
    return Payment(
        _row(row), lines, tuple(by_line[0]), row.remarks, applied.applied_at if applied else None,
        applied.applied_by if applied else "", applied.why if applied else "",
    )  # fmt: skip


def remittance_of(payment: str) -> str:
    """The remittance that a claim payment stands in, by public ids."""
    return ClaimPayment.objects.values_list("remittance__public_id", flat=True).get(public_id=payment)


def added_up(remittance: str) -> tuple[Money, Money]:
    """What lines, and what claims, were paid by charge less every adjustment: two of the three balances."""
    left: F | CombinedExpression = F("charge_amount")
    for name in ("contractual", "other", "patient", "denied", "prior"):
        left = left - F(f"{name}_amount")
    claims = ClaimPayment.objects.filter(remittance__public_id=remittance)
    lines = ServicePayment.objects.filter(payment_id__in=claims.values("pk"))
    sums = [found.aggregate(sum=Coalesce(Sum(left), NOTHING))["sum"] for found in (lines, claims)]
    return Money(sums[0]), Money(sums[1])


def raw(*, practice: int, document: str, span: tuple[int, int]) -> bytes:
    """The payer's own bytes of a record."""
    start, end = span
    return documents.part(document, practice, start, min(end, start + RAW_MAX))[1]


def patient_share(*, practice: int, claim_ids: Iterable[int]) -> dict[int, Money]:
    """What patients owe on claims after insurance, by claim."""
    rows = (
        PatientShare.objects.filter(practice_id=practice, claim_id__in=list(claim_ids))
        .values_list("claim_id")
        .annotate(sum=Sum("amount"))
    )
    return {claim: Money(amount) for claim, amount in rows}


def _row(row: Any) -> PaymentRow:
    remittance = row.remittance
    return PaymentRow(
        id=row.pk, public_id=row.public_id, practice=row.practice_id, remittance=remittance.public_id,
        payer_name=remittance.payer_name, paid_on=remittance.paid_on, control=row.control,
        payer_control=row.payer_control, claim=row.claim_name or "",
        patient=", ".join(part for part in (row.patient_last, row.patient_first) if part), service_on=row.service_on,
        charge=Money(row.charge_amount), contractual=Money(row.contractual_amount), other=Money(row.other_amount),
        patient_share=Money(row.patient_amount), denied=Money(row.denied_amount), prior=Money(row.prior_amount),
        paid=Money(row.paid_amount), outcome=Outcome(row.outcome), forwarded=row.forwarded,
        document=remittance.file.document, span=(row.span_start, row.span_end),
    )  # fmt: skip


def _adjustment(one: Adjustment) -> AdjustmentRow:
    return AdjustmentRow(one.group, one.reason, reasons.words_of(one.reason), Money(one.amount), Effect(one.effect))


def _service(line: ServicePayment, claim_line: int | None, adjustments: tuple[AdjustmentRow, ...]) -> ServiceRow:
    return ServiceRow(
        number=line.number, claim_line=claim_line, code=line.code, modifiers=line.modifiers,
        submitted_code=line.submitted_code, service_on=line.service_on, units=line.units,
        charge=Money(line.charge_amount), allowed=None if line.allowed_amount is None else Money(line.allowed_amount),
        contractual=Money(line.contractual_amount), other=Money(line.other_amount),
        patient_share=Money(line.patient_amount), denied=Money(line.denied_amount), prior=Money(line.prior_amount),
        paid=Money(line.paid_amount), remarks=line.remarks, adjustments=adjustments,
        span=(line.span_start, line.span_end),
    )  # fmt: skip


def claims_of(*, practice: int, remittance: str) -> dict[int, str]:
    """The claims that a remittance decided: their public ids by their keys."""
    rows = Application.objects.filter(practice_id=practice, payment__remittance__public_id=remittance)
    return dict(rows.values_list("claim_id", "claim_name"))
