"""Questions about files and remittances."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from openmso.kit.errors import NotFound
from openmso.kit.ids import beginning
from openmso.kit.money import Money
from openmso.kit.words import counted
from openmso.platform.database import plans
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally
from openmso.platform.ui.narrowing import by_terms
from openmso.remittances.contracts import (
    Deposit,
    FileOutcome,
    FileRow,
    FileState,
    FindingRow,
    Outcome,
    ProviderAdjustmentRow,
    RemittanceOutcome,
    RemittanceRow,
    RemittanceState,
)
from openmso.remittances.contracts import Remittance as RemittanceContract
from openmso.remittances.models.deposits import Awaited
from openmso.remittances.models.deposits import Deposit as DepositModel
from openmso.remittances.models.files import File, Remittance
from openmso.remittances.models.payments import ClaimPayment, ProviderAdjustment, Unapplied
from openmso.remittances.rules import provider

SORTS = {
    "posted_on": "posted_on", "paid_on": "paid_on", "amount": "amount", "payer_name": "payer_name", "trace": "trace",
    "claims": "claim_count",
}  # fmt: skip
INDEXED = frozenset({"posted_on", "paid_on", "amount", "trace"})
"""What an index has the remittances of a practice in the order of."""
SUMS = {"n": Count("pk"), "paid": Sum("amount")}
NOTHING = Decimal("0.00")


def outcome(row: File) -> FileOutcome:
    """What became of a file."""
    held = list(Remittance.objects.filter(practice_id=row.practice_id, file=row).select_related("duplicate_of"))
    unmatched = _unmatched(held)
    remittances = tuple(_outcome(one, unmatched.get(one.pk, 0)) for one in sorted(held, key=lambda one: one.position))
    findings = tuple(FindingRow(**finding) for finding in row.findings)
    return FileOutcome(row.public_id, FileState(row.state), row.words, remittances, findings)


def outcome_of(practice: int, file: str) -> FileOutcome:
    """What became of the file of that id; raises `NotFound`."""
    return outcome(_file(practice, file))


def _file(practice: int, public_id: str) -> File:
    row = File.objects.filter(practice_id=practice, public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no remittance file {public_id}.")
    return row


def _outcome(one: Remittance, unmatched: int) -> RemittanceOutcome:
    first = one.duplicate_of.public_id if one.duplicate_of else ""
    matched = one.claim_count - unmatched if one.state == RemittanceState.POSTED else 0
    return RemittanceOutcome(
        one.public_id, RemittanceState(one.state), one.trace, Money(one.amount), one.claim_count, matched, unmatched,
        first, _words(one, unmatched, first),
    )  # fmt: skip


def _words(one: Remittance, unmatched: int, first: str) -> str:
    if first:
        return f"The same payment as {first}; it was not posted again."
    waiting = f", {unmatched} not matched to a claim" if unmatched else ""
    return f"Posted {counted(one.claim_count, 'claim')} for {one.amount:,.2f}{waiting}."


def words_of(remittances: Sequence[Remittance]) -> str:
    """What became of a file, in a sentence."""
    posted = [one for one in remittances if one.state == RemittanceState.POSTED]
    again = [one for one in remittances if one.duplicate_of]
    parts = []
    if posted:
        claims, amount = sum(one.claim_count for one in posted), sum(one.amount for one in posted)
        parts.append(f"Posted {counted(claims, 'claim')} for {amount:,.2f}.")
    if again:
        firsts = ", ".join(one.duplicate_of.public_id for one in again if one.duplicate_of)
        were = "was" if len(again) == 1 else "were"
        parts.append(f"{counted(len(again), 'remittance')} of it {were} posted before, as {firsts}."[:300])
    return " ".join(parts)


def _counts(held: Iterable[Remittance], wanted: Q) -> dict[int, int]:
    """For each remittance how many of its claim payments are so."""
    found = ClaimPayment.objects.filter(
        wanted, practice_id__in={one.practice_id for one in held}, remittance_id__in=[one.pk for one in held]
    )
    return dict(found.values_list("remittance_id").annotate(count=Count("pk")))


def files(*, page: PageAsk, states: Collection[str] = ()) -> Page[FileRow]:
    """Files as they came, newest first."""
    found = _files(states)
    rows = paging.rows(
        File.objects.all(), ("-received_at", "-pk"), page, along={"state": sorted(set(states))} if states else None
    )
    return counting.page_of([file_row(row) for row in rows], found, page, lambda: Tally(found.count()))


def tally_files(*, states: Collection[str] = ()) -> Tally:
    """How many files there are."""
    return Tally(_files(states).count())


def _files(states: Collection[str]) -> QuerySet[File]:
    return File.objects.filter(state__in=states) if states else File.objects.all()


def file(public_id: str) -> FileRow:
    """One file; raises `NotFound`."""
    row = File.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no remittance file {public_id}.")
    return file_row(row)


def file_row(row: File) -> FileRow:
    """The contract of a row."""
    return FileRow(
        row.public_id, row.practice_id, row.name, FileState(row.state), row.size, row.received_at, row.received_by,
        row.document, row.words, row.finding_count, row.arrival, bool(row.origin_sha256),
    )  # fmt: skip


def remittances(*, filters: Filters, page: PageAsk) -> Page[RemittanceRow]:
    """Remittances as the filters want them, with the total of all that fit."""
    order = SORTS.get(page.sort, "posted_on")
    keys = (order if page.sort and not page.desc else f"-{order}", "-pk")
    chosen, counted = cut(filtered(filters), keys, page, named=bool(filters.text), sparse=not filters.one("deposit"))
    return counting.told(_rows(chosen), page, counted)


def cut(
    found: QuerySet[Remittance], keys: Sequence[str], page: PageAsk, *, named: bool = False, sparse: bool = True
) -> tuple[list[Remittance], Tally | None]:
    """The remittances of a page with their files; what they all come to is left out of many, and told after the page.

    `named` says that a word is looked for, which no index finds; not `sparse`, that a page cannot be read off an index.
    """
    if few := paging.summed_if_few(found, keys, page, SUMS, related=["file"], named=named):
        return few[0], _told(few[1])
    if sparse and keys[0].removeprefix("-") in INDEXED:
        with plans.walked():
            return paging.rows(found.select_related("file"), keys, page), None
    return list(paging.sorted_whole(found, keys, page).select_related("file")), None


def found(text: str, *, limit: int) -> list[RemittanceRow]:
    """Remittances whose trace number this is, or whose ERA number begins like it."""
    wanted = Q(trace=text.strip())
    if span := beginning("ERA", text):
        wanted |= Q(public_id__range=span)
    return _rows(list(Remittance.objects.select_related("file").filter(wanted)[:limit]))


def tally(*, filters: Filters) -> Tally:
    """How many remittances the filters leave, and what they come to."""
    only_open = not filters.text.strip() and [(term.key, term.value) for term in filters.terms] == [("deposit", "open")]
    return tally_of(Awaited.objects.all() if only_open else filtered(filters))


def tally_of(found: QuerySet[Any]) -> Tally:
    """How many rows were found, and what their amounts come to."""
    return _told(found.aggregate(**SUMS))


def _told(sums: Mapping[str, Any]) -> Tally:
    return Tally(sums["n"], {"amount": Money(sums["paid"] or NOTHING)})


def filtered(filters: Filters) -> QuerySet[Remittance]:
    """The remittances that the filters leave."""
    found = Remittance.objects.all()
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if methods := filters.many("method"):
        found = found.filter(method__in=methods)
    found = found.filter(by_terms(filters, {"amount": "amount", "paid": "paid_on", "posted": "posted_on"}))
    if deposit := filters.one("deposit"):
        found = found.filter(is_awaited() if deposit == "open" else _is_deposited())
    for word in filters.text.split():
        found = found.filter(Q(payer_name__icontains=word) | Q(trace=word) | Q(public_id=word.upper()))
    return found


def is_awaited() -> Exists:
    """Of a remittance: whether its money is not in the bank yet."""
    return Exists(Awaited.objects.filter(practice_id=OuterRef("practice_id"), remittance_id=OuterRef("pk")))


def _is_deposited() -> Q:
    """Whether its money is in the bank: it moves some, and is none of the few that wait."""
    return Q(state=RemittanceState.POSTED, amount__gt=0) & ~Q(pk__in=Awaited.objects.values("remittance_id"))


def _rows(held: Sequence[Remittance]) -> list[RemittanceRow]:
    """With the unmatched and denied claims and the live deposit of each; a question for all of them each."""
    unmatched, denied = _unmatched(held), _counts(held, Q(outcome=Outcome.DENIED))
    of_these = {"practice_id__in": {one.practice_id for one in held}, "remittance_id__in": [one.pk for one in held]}
    banked = set(DepositModel.objects.filter(**of_these, undone_at=None).values_list("remittance_id", flat=True))
    return [
        RemittanceRow(
            one.public_id, one.practice_id, one.payer_name, one.trace, one.method, one.paid_on, one.posted_on,
            Money(one.amount), one.claim_count, unmatched.get(one.pk, 0), denied.get(one.pk, 0),
            RemittanceState(one.state), _deposit_word(one, one.pk in banked), one.file.public_id,
        )
        for one in held
    ]  # fmt: skip


def _deposit_word(one: Remittance, is_banked: bool) -> str:
    if is_banked:
        return "matched"
    return "open" if one.state == RemittanceState.POSTED and one.amount else "none needed"


def _unmatched(held: Iterable[Remittance]) -> dict[int, int]:
    """For each remittance how many of its claim payments wait for their claim."""
    waiting = Unapplied.objects.filter(payment__remittance_id__in=[one.pk for one in held])
    return dict(waiting.values_list("payment__remittance_id").annotate(count=Count("pk")))


def remittance(public_id: str) -> RemittanceContract:
    """One remittance with its provider adjustments and its deposit; raises `NotFound`."""
    one = Remittance.objects.filter(public_id=public_id).select_related("file", "duplicate_of").first()
    if one is None:
        raise NotFound(f"There is no remittance {public_id}.")
    adjustments = ProviderAdjustment.objects.filter(remittance_id=one.pk).order_by("position")
    deposit = DepositModel.objects.filter(remittance_id=one.pk, undone_at=None).select_related("line").first()
    return RemittanceContract(
        id=one.pk, public_id=one.public_id, practice=one.practice_id, entity=one.entity_id, file=one.file.public_id,
        file_name=one.file.name, document=one.file.document, received_at=one.file.received_at,
        payer_name=one.payer_name, payer_key=one.payer_key, payee_npi=one.payee_npi, payee_tin=one.payee_tin,
        trace=one.trace, trace_payer=one.trace_payer, method=one.method, paid_on=one.paid_on,
        posted_on=one.posted_on, posted_at=one.posted_at, posted_by=one.posted_by, amount=Money(one.amount),
        charge=Money(one.charge_amount), paid=Money(one.paid_amount), line_paid=Money(one.line_paid_amount),
        line_count=one.line_count, provider_adjusted=Money(one.provider_adjusted_amount), claims=one.claim_count,
        unmatched=_unmatched([one]).get(one.pk, 0), denied=_counts([one], Q(outcome=Outcome.DENIED)).get(one.pk, 0),
        state=RemittanceState(one.state), duplicate_of=one.duplicate_of.public_id if one.duplicate_of else "",
        span=(one.span_start, one.span_end), deposit=deposit_of(deposit) if deposit else None,
        adjustments=tuple(adjustment_of(row, one.public_id) for row in adjustments),
    )  # fmt: skip


def adjustment(public_id: str) -> ProviderAdjustmentRow:
    """One provider adjustment; raises `NotFound`."""
    row = ProviderAdjustment.objects.select_related("remittance").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no provider adjustment {public_id}.")
    return adjustment_of(row, row.remittance.public_id)


def adjustment_of(row: ProviderAdjustment, remittance_id: str) -> ProviderAdjustmentRow:
    """The contract of a row."""
    return ProviderAdjustmentRow(
        row.public_id, row.practice_id, remittance_id, row.code, provider.kind_of(row.code).words, row.reference,
        Money(row.amount), row.account, (row.span_start, row.span_end),
    )  # fmt: skip


def deposit_of(row: DepositModel) -> Deposit:
    """The contract of a match."""
    return Deposit(
        row.public_id, row.practice_id, row.remittance.public_id, row.line.public_id, Money(row.amount), row.method,
        row.why, row.posted_on, row.matched_at, row.matched_by, row.gap,
    )  # fmt: skip
