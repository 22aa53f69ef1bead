"""Questions about payment runs: what was judged, what was released before, what waits to be settled."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import reverse

from openmso.compliance.contracts import Earlier, Fault, LineRow, Payment, Register, RunRow
from openmso.compliance.models.register import Arrangement
from openmso.compliance.models.runs import PaymentLine, PaymentRun, Settlement
from openmso.compliance.queries import register
from openmso.compliance.rules import reading
from openmso.compliance.states import PAYABLE, Outcome, Reason
from openmso.governance.contracts.interests import PaidTo
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms

_RUN_ORDERS = {
    "judged_at": "recorded_at", "practice_name": "practice__name", "count": "count", "stopped": "stopped",
    "amount": "amount", "stopped_amount": "stopped_amount", "file_name": "file_name",
}  # fmt: skip
_LINE_ORDERS = {"number": "number", "payee": "payee", "amount": "amount", "outcome": "outcome", "starts": "starts_on"}


def for_practice(practice: int) -> Register:
    """What payments of a practice are judged by: the arrangements in scope, and what was released before.

    What the law says of its MSO's fee is asked apart (`clearing.fee_of`).
    """
    released = PaymentLine.objects.filter(outcome=Outcome.RELEASED)
    lines = released.filter(Q(practice_id=practice) | ~Q(time_record="")).values_list(
        "arrangement__public_id", "starts_on", "through", "hours", "run__public_id", "number", "time_record"
    )
    earlier = tuple(
        Earlier(arrangement, starts_on, through, hours, f"{run}, line {number}", record)
        for arrangement, starts_on, through, hours, run, number, record in lines.order_by("pk")
        if starts_on and through
    )
    return Register(practice, tuple(register.in_scope()), register.known(), earlier)


def run(public_id: str) -> RunRow:
    """One payment run; raises `NotFound`."""
    found = _runs(PaymentRun.objects.filter(public_id=public_id))
    if not found:
        raise NotFound(f"There is no payment run {public_id}.", field="run")
    return found[0]


def of_file(practice: int, sha256: str) -> RunRow | None:
    """The run that a file is already."""
    found = _runs(PaymentRun.objects.filter(practice_id=practice, sha256=sha256))
    return found[0] if found else None


def runs(*, filters: Filters, page: PageAsk) -> Page[RunRow]:
    """The payment runs in scope."""
    rows = PaymentRun.objects.all()
    if word := filters.text:
        rows = rows.filter(
            Q(public_id__iexact=word) | Q(file_name__icontains=word) | Q(practice__name__icontains=word)
            | Q(recorded_by__icontains=word)
        )  # fmt: skip
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of([one.lower() for one in codes]))
    if filters.flag("stopped"):
        rows = rows.filter(stopped__gt=0)
    rows = rows.filter(by_terms(filters, {"judged": "judged_on"}))
    order = F(_RUN_ORDERS.get(page.sort, "recorded_at"))
    rows = rows.order_by(order.desc() if page.desc else order.asc(), "-pk")
    return Page(_runs(rows[page.offset : page.offset + page.size]), rows.count(), page)


def line(public_id: str) -> LineRow:
    """One payment as it was judged; raises `NotFound`."""
    found = _lines(PaymentLine.objects.filter(public_id=public_id))
    if not found:
        raise NotFound(f"There is no payment {public_id}.", field="line")
    return found[0]


def lines(
    *, filters: Filters, page: PageAsk, run: str | None = None, arrangement: str | None = None
) -> Page[LineRow]:  # fmt: skip
    """The payments of a run, or those under an arrangement."""
    rows = PaymentLine.objects.all()
    if run is not None:
        rows = rows.filter(run__public_id=run)
    if arrangement is not None:
        rows = rows.filter(arrangement__public_id=arrangement)
    if word := filters.text:
        rows = rows.filter(
            Q(payee__icontains=word) | Q(reference__icontains=word) | Q(public_id__iexact=word) | Q(npi=word)
            | Q(arrangement__public_id__iexact=word)
        )  # fmt: skip
    if wanted := filters.many("is"):
        rows = rows.filter(outcome__in=wanted)
    if wanted := filters.many("why"):
        rows = rows.filter(reasons__overlap=list(wanted))
    if filters.flag("unsettled"):
        rows = rows.filter(unsettled())
    rows = rows.filter(by_terms(filters, {"amount": "amount"}))
    order = F(_LINE_ORDERS.get(page.sort, "number"))
    rows = rows.order_by(order.desc() if page.desc else order.asc(), "pk")
    shown = _lines(rows[page.offset : page.offset + page.size])
    told = rows.order_by().aggregate(count=Count("*"), amount=Sum("amount"))
    return Page(shown, told["count"], page, {"amount": Money.of(told["amount"] or 0)})


def unsettled() -> Q:
    """Stopped, and nobody has said how it was settled."""
    return Q(~Exists(Settlement.objects.filter(line=OuterRef("pk"))), outcome=Outcome.STOPPED)


def paid(practice: int) -> list[PaidTo]:
    """What was released to whom, for whoever asks what related parties were paid."""
    rows = _lines(PaymentLine.objects.filter(practice_id=practice, outcome__in=sorted(PAYABLE)))
    return [
        PaidTo(
            row.payment.payee, row.payment.through or row.judged_at.date(), row.payment.amount,
            f"{row.arrangement_title or 'No arrangement'}, released by payment check {row.run}",
            reverse("compliance:line", args=[row.public_id]),
        )
        for row in rows
    ]  # fmt: skip


def payable(run: str) -> str:
    """The payments of a run that may be paid, as a file with its columns."""
    rows = PaymentLine.objects.filter(run__public_id=run, outcome__in=sorted(PAYABLE)).order_by("number")
    return reading.written(_payment(row) for row in rows)


def file_of(payments: Iterable[Payment]) -> bytes:
    """Payments as a file that can be checked."""
    return reading.written(payments).encode()


def _runs(rows: QuerySet[PaymentRun]) -> list[RunRow]:
    kept = list(rows.select_related("practice"))
    open_ = PaymentLine.objects.filter(unsettled(), run__in=kept).order_by().values("run_id").annotate(n=Count("*"))
    waiting = {one["run_id"]: one["n"] for one in open_}
    return [
        RunRow(
            row.public_id, row.practice_id, row.practice.public_id, row.practice.code, row.practice.name, row.document,
            row.file_name, row.judged_on, row.recorded_at, row.recorded_by, row.count, Money(row.amount), row.released,
            row.stopped, Money(row.stopped_amount), unsettled=waiting.get(row.pk, 0),
        )
        for row in kept
    ]  # fmt: skip


def _lines(rows: QuerySet[PaymentLine]) -> list[LineRow]:
    kept = list(rows.select_related("practice", "run"))
    settled = {row.line_id: row for row in Settlement.objects.filter(line__in=kept)}
    titles = _titles(row.arrangement_id for row in kept if row.arrangement_id)
    return [_line(row, settled.get(row.pk), titles.get(row.arrangement_id or 0, ("", ""))) for row in kept]


def _titles(keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    rows = Arrangement.objects.filter(pk__in=set(keys)).values_list("pk", "public_id", "title")
    return {key: (public_id, title) for key, public_id, title in rows}


def _line(row: PaymentLine, settled: Settlement | None, arrangement: tuple[str, str]) -> LineRow:
    return LineRow(
        row.public_id, row.run.public_id, row.practice_id, row.practice.name, row.recorded_at, _payment(row),
        Outcome(row.outcome),
        tuple(Fault(Reason(one["reason"]), one["words"], one["citation"]) for one in row.faults),
        arrangement[0], arrangement[1], row.term_number,
        Money(row.expected_amount) if row.expected_amount is not None else None, row.note,
        settled.words if settled else "", settled.recorded_by if settled else "",
        settled.recorded_at if settled else None,
    )  # fmt: skip


def _payment(row: PaymentLine) -> Payment:
    return Payment(
        row.number, row.payee, Money(row.amount), row.npi, row.ein, row.starts_on, row.through, row.hours, row.units,
        row.time_record, row.named, row.reference,
    )  # fmt: skip
