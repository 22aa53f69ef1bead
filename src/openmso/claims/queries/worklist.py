"""Lists of claims: narrowed, sorted, paged and summed in the database, under row-level security."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import (
    Count,
    DecimalField,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from openmso.charges import queries as charges
from openmso.claims import registry
from openmso.claims.contracts import BatchRef, ClaimRow, Conservation
from openmso.claims.models.claims import Claim, ClaimLine, Decision, Standing
from openmso.claims.models.findings import ClaimFinding
from openmso.claims.models.submissions import Batch
from openmso.claims.queries import rulebook
from openmso.claims.rules.cob import NAMES
from openmso.claims.states import S
from openmso.kit.ids import beginning
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.platform.database import plans
from openmso.platform.tenancy.models import unlisted
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally
from openmso.platform.ui.narrowing import by_terms
from openmso.platform.work import queries as work

M = TypeVar("M", bound=Model)
SORTS = {"due_on": ("due_on",), "service_on": ("service_on",), "charged": ("total_amount",), "open": ("open_amount",),
         "sent_at": ("sent_at",), "state": ("state", "due_on")}  # fmt: skip
Order = tuple[str | OrderBy, ...]
HELD_BY_DAY = {"due_on", "charged", "open"}
"""What the indexes of claims by a day (of service, first sent) hold of each."""
OF_DAYS_SORTED_AT_ONCE = 400_000
UNTOLD = {"due_on", "sent_at"}
"""What a claim may not have yet; it comes last either way."""
PURSUED = frozenset({S.REJECTED, S.DENIED, S.PARTIAL})
"""States in which work may wait about a claim that has no finding of ours."""
SUBJECT = "claims.claim"
NOT_SENT = (S.DRAFT, S.HELD, S.READY, S.QUEUED)

CROSSED = "crossed"
PATIENTS_FOUND_MAX = 200
"""Patients of a name whose claims the palette looks at."""
SUMS = {"n": Count("pk"), "charged": Sum("total_amount"), "open": Sum("open_amount")}
KEPT = {"n": Sum("claims"), "charged": Sum("charged_amount"), "open": Sum("open_amount")}
"""What `Standing` keeps, summed."""
COMPARED = {"open": "open_amount", "charged": "total_amount", "due": "due_on", "service": "service_on",
            "month": "service_on"}  # fmt: skip
"""Filters that compare a column of the claim."""


def claims(*, filters: Filters, page: PageAsk) -> Page[ClaimRow]:
    """A page of the claims in scope. The total is left to `tally` where counting would keep the page waiting."""
    chosen, counted = _cut(filters, page)
    return counting.told(rows_of(chosen), page, counted)


def _cut(filters: Filters, page: PageAsk) -> tuple[list[Claim], Tally | None]:
    """The claims of a page, and what they all come to where that is told with them."""
    rows, order = _filtered(filters), _order(page)
    if (code := _only_finding(filters)) and page.sort in {"", "due_on"}:
        with plans.walked():
            return _with_finding(code, page), None
    if filters.text or _is_found_by_few(filters):
        with plans.looked_up():
            return _summed_page(rows, order, page)
    if _is_kept(filters):
        counted = tally(filters=filters)
        if filters.many("is") and page.sort in {"charged", "open"}:  # the index of the queue holds both
            return list(paging.sorted_whole(rows, order, page)), counted
        with plans.walked():
            return _walked(filters, page), counted
    by_day = _is_by_day(filters, page)
    at_once = OF_DAYS_SORTED_AT_ONCE if by_day else counting.COUNTED_AT_ONCE
    many = counting.up_to(rows, at_once)
    if many < counting.COUNTED_AT_ONCE:
        return _summed_page(rows, order, page)
    if many < at_once:
        return list(paging.sorted_whole(rows, order, page)), None
    with nullcontext() if by_day else plans.walked():
        return _walked(filters, page), None


def _summed_page(rows: QuerySet[Claim], order: Order, page: PageAsk) -> tuple[list[Claim], Tally]:
    found, sums = paging.summed_whole(rows, order, page, SUMS)  # wherever they stand
    return found, _tally(sums)


def _order(page: PageAsk, *, told: bool = False) -> Order:
    """The keys of the order; `told` says that all have what they are sorted by, so that an index is read backward."""
    found: list[OrderBy] = []
    for sort in SORTS.get(page.sort, ("due_on",)):
        last = True if sort in UNTOLD and page.desc and not told else None
        found.append(F(sort).desc(nulls_last=last) if page.desc else F(sort).asc())
    return (*found, "-pk" if page.desc else "pk")


def _walked(filters: Filters, page: PageAsk) -> list[Claim]:
    """The page along an index; of those that have what it is sorted by, where they fill it."""
    along = {"state": filters.many("is"), "payer_id": payers.keys(filters.many("payer"))}
    along = {column: values for column, values in along.items() if values}
    rows = _filtered(replace(filters, terms=tuple(term for term in filters.terms if term.key not in {"is", "payer"})))
    if page.desc and page.sort in UNTOLD:
        shown = paging.rows(rows.filter(**{f"{page.sort}__isnull": False}), _order(page, told=True), page, along=along)
        if len(shown) == page.size:
            return shown
    return paging.rows(rows, _order(page), page, along=along)


def _only_finding(filters: Filters) -> str:
    """The code of the one finding that the filter asks for, where it asks for nothing else."""
    asked = [] if filters.text.strip() else [(term.key, term.value) for term in filters.terms]
    return str(asked[0][1]) if [key for key, _ in asked] == ["finding"] else ""


def _with_finding(code: str, page: PageAsk) -> list[Claim]:
    """The page of claims with a finding: findings are kept in the order of their claims' last day to file."""
    last = F("due_on").desc(nulls_last=True) if page.desc else F("due_on").asc()
    found = paging.rows(_found([code]), (last, "-claim_id" if page.desc else "claim_id"), page)
    by_key = {row.pk: row for row in Claim.objects.filter(pk__in=[one.claim_id for one in found])}
    return [by_key[one.claim_id] for one in found]


def _is_found_by_few(filters: Filters) -> bool:
    """Whether the filter begins with something few claims have: a finding of which there are not many."""
    codes = filters.many("finding")
    return bool(codes) and counting.up_to(_found(codes), counting.COUNTED_AT_ONCE) < counting.COUNTED_AT_ONCE


def _found(codes: Sequence[str]) -> QuerySet[ClaimFinding]:
    """Findings that stand, one of a code for each claim."""
    return ClaimFinding.objects.filter(code__in=codes, overridden=False, is_first=True)


def _is_by_day(filters: Filters, page: PageAsk) -> bool:
    """Whether the claims are those of some days, which an index holds together with what they are sorted by.

    Then the sorted whole of many is cheap to cut a page from, and in any other order they lie far apart.
    """
    asked = any(term.key in {"month", "service", "sent"} for term in filters.terms)
    return asked and page.sort in {"", *HELD_BY_DAY}


def tally(*, filters: Filters) -> Tally:
    """How many claims the filter finds, and their sums."""
    if _is_kept(filters):
        return _tally(_narrowed(Standing.objects.all(), filters).aggregate(**KEPT))
    return _summed(_filtered(filters))


def _summed(found: QuerySet[Claim]) -> Tally:
    return _tally(found.aggregate(**SUMS))


def _tally(sums: Mapping[str, Any]) -> Tally:
    return Tally(sums["n"] or 0, {"charged": Money.of(sums["charged"] or 0), "open": Money.of(sums["open"] or 0)})


def _is_kept(filters: Filters) -> bool:
    """Whether the filter asks for no more than `Standing` keeps: states, practices."""
    return not filters.text.strip() and all(term.key in {"is", "practice"} for term in filters.terms)


def ids(*, filters: Filters, public_ids: Sequence[str] = ()) -> dict[int, list[int]]:
    """The keys of the claims a selection names, by practice: the frozen list of a bulk act."""
    rows = Claim.objects.filter(public_id__in=public_ids) if public_ids else _filtered(filters)
    found: dict[int, list[int]] = {}
    for practice, pk in rows.order_by("pk").values_list("practice_id", "pk"):
        found.setdefault(practice, []).append(pk)
    return found


def rows_of(found: Sequence[Claim]) -> tuple[ClaimRow, ...]:
    """Rows as the list shows them; a few questions for a page. A claim without findings says what waits about it."""
    names = patients.names_of({row.patient_id for row in found})
    practices = {tenant.pk: tenant.name for tenant in tenants()}
    paying = payers.names() if found else {}
    sought = [row.public_id for row in found if S(row.state) in PURSUED]
    waits = work.titles(SUBJECT, sought) | registry.pursued(sought)
    return tuple(
        ClaimRow(
            row.pk, row.public_id, row.practice_id, practices.get(row.practice_id, ""), names.get(row.patient_id, ""),
            _asked(row, paying.get(row.payer_id or 0, "No payer")), S(row.state),
            row.top_finding or row.hold_reason or waits.get(row.public_id, ""), row.service_on, row.due_on,
            Money.of(row.total_amount), Money.of(row.open_amount), row.sent_at, row.blocks, row.warnings,
        )
        for row in found
    )  # fmt: skip


def _asked(row: Claim, payer: str) -> str:
    """The payer, and its place in line where it is not the first."""
    return payer if row.ordinal == "P" else f"{payer} ({NAMES.get(row.ordinal, row.ordinal)})"


def named(public_ids: Sequence[str]) -> tuple[ClaimRow, ...]:
    """Claims by their public ids, in that order, as they stand now; those out of scope are left out."""
    place = {name: number for number, name in enumerate(public_ids)}
    rows = Claim.objects.filter(public_id__in=public_ids)
    return rows_of(sorted(rows, key=lambda row: place[row.public_id]))


def by_keys(keys: Sequence[int]) -> tuple[ClaimRow, ...]:
    """Claims by their keys, in that order, as they stand now."""
    rows = {row.pk: row for row in Claim.objects.filter(pk__in=keys)}
    return rows_of([rows[key] for key in keys if key in rows])


def found(text: str, *, limit: int) -> tuple[ClaimRow, ...]:
    """Claims whose number begins like this, or whose patient's name does; the latest of some of them first."""
    named = Claim.objects.filter(patient_id__in=patients.ids_named(text, limit=PATIENTS_FOUND_MAX))
    rows = list(named.order_by("-service_on", "-pk")[:limit])
    if span := beginning("CLM", text):
        rows = [*Claim.objects.filter(public_id__range=span)[:limit], *rows]
    return rows_of(rows[:limit])


def waiting_count() -> int:
    """How many claims in scope wait for a biller: on hold, ready, or sent back."""
    return sum(found.total for found in standing(S.HELD, S.READY, S.REJECTED).values())


def queued_count() -> int:
    """How many claims in scope stand in the next batches."""
    return sum(found.total for found in standing(S.QUEUED).values())


def public_ids(*, filters: Filters, public_ids: Sequence[str] = ()) -> list[str]:
    """The public ids of the claims a selection names."""
    rows = Claim.objects.filter(public_id__in=public_ids) if public_ids else _filtered(filters)
    return list(rows.order_by("pk").values_list("public_id", flat=True))


def first_id(*, filters: Filters) -> str:
    """The public id of the first claim the filter finds; the empty text when it finds none."""
    return _filtered(filters).order_by("due_on", "pk").values_list("public_id", flat=True).first() or ""


def latest_id() -> str:
    """The public id of the claim in scope that was built last; the empty text when there is none."""
    return Claim.objects.order_by("-pk").values_list("public_id", flat=True).first() or ""


def queued_practices() -> list[int]:
    """The practices in scope that have something to release."""
    return sorted(set(Claim.objects.filter(state=S.QUEUED).values_list("practice_id", flat=True)))


def standing(*states: S) -> dict[S, Tally]:
    """How many claims in scope stand in each of some states, and what they come to; states of none are left out."""
    rows = Standing.objects.filter(state__in=states).order_by().values("state").annotate(**KEPT)
    return {S(str(row["state"])): _tally(row) for row in map(dict, rows) if row["n"]}


def _narrowed(rows: QuerySet[M], filters: Filters) -> QuerySet[M]:
    """By state and practice, which claims and `Standing` both have."""
    if states := filters.many("is"):
        rows = rows.filter(state__in=states)
    if codes := filters.many("practice"):
        wanted = {tenant.pk for tenant in tenants() if tenant.code.lower() in codes}
        rows = rows.filter(practice_id__in=wanted)
    return rows


def _filtered(filters: Filters) -> QuerySet[Claim]:
    rows = _narrowed(Claim.objects.all(), filters)
    if ids_ := filters.many("payer"):
        rows = rows.filter(payer_id__in=payers.keys(ids_))
    if turns := filters.many("turn"):
        asked = Q(ordinal__in=turns)
        crossed = Q(forwarded=True, crossed_on__isnull=False)
        rows = rows.filter(asked | crossed if CROSSED in turns else asked)
    if codes := filters.many("finding"):
        of_claim = unlisted(_found(codes)).filter(practice_id=OuterRef("practice_id"), claim_id=OuterRef("pk"))
        rows = rows.filter(Exists(of_claim))
    rows = rows.filter(by_terms(filters, COMPARED))
    if filters.terms_of("sent"):
        rows = rows.filter(by_terms(filters, {"sent": "first_sent_on"}), frequency="1")
    for word in [filters.text.strip()] if filters.text.strip() else []:
        rows = rows.filter(_says(word))
    return rows


def _says(word: str) -> Q:
    """The patient's name, record number or telephone; our number of the claim, or the payer's."""
    says = Q(patient_id__in=patients.ids_named(word)) | Q(payer_control=word)
    span = beginning("CLM", word) if word.upper().startswith("CLM-") else None
    return says | Q(public_id__range=span) if span else says


def turn_choices() -> list[tuple[str, str]]:
    """The places in line that one can filter by, and what a payer sent on itself."""
    return [*((order, words.capitalize()) for order, words in NAMES.items()), (CROSSED, "Crossed over, waited for")]


def finding_choices() -> list[tuple[str, str]]:
    """The findings one can filter by: rule codes with their titles."""
    return rulebook.titles()


def batches(*, filters: Filters, page: PageAsk) -> Page[BatchRef]:
    """The batches that left, the latest first."""
    rows = Batch.objects.all()
    if filters.text:
        rows = rows.filter(public_id__startswith=filters.text.strip().upper())
    paying = payers.names()
    latest_first = page.desc or not page.sort
    shown = paging.rows(rows, ("-sent_at", "-pk") if latest_first else ("sent_at", "pk"), page)
    listed = tuple(batch_ref(row, paying.get(row.payer_id, "")) for row in shown)
    sums = rows.aggregate(n=Count("pk"), total=Sum("total_amount"), claims=Sum("claims"))
    return Page(listed, sums["n"], page, {"total": Money.of(sums["total"] or 0), "claims": sums["claims"] or 0})


def batch_ref(row: Batch, payer: str) -> BatchRef:
    """A batch as it leaves the app."""
    return BatchRef(
        row.public_id, row.practice_id, row.payer_id, payer, row.document, row.interchange_control, row.group_control,
        row.claims, Money.of(row.total_amount), row.sent_at,
    )  # fmt: skip


def sent_in(*, practice: int, month: Month) -> int:
    """How many original claims first left a practice in a month, by its own days: the unit of per-claim fees."""
    return sent_by_practice([practice], days=month.range).get(practice, 0)


def sent_by_practice(practices: Collection[int], *, days: DayRange) -> dict[int, int]:
    """How many original claims first left each of some practices on some days; those without any are left out."""
    rows = Claim.objects.filter(
        practice_id__in=list(practices), frequency="1", first_sent_on__gte=days.starts_on,
        first_sent_on__lt=days.ends_on,
    )  # fmt: skip
    return dict(rows.order_by().values_list("practice_id").annotate(n=Count("pk")))


def unbalanced(*, practice: int) -> list[str]:
    """The claims of which charges are not paid + adjusted + patient + open, and by how much; none if all is right.

    Charges are those of the lines, what was decided that of the journal, and what is open what the claim says.
    """
    decided = Decision.objects.filter(claim_id=OuterRef("pk")).order_by().values("claim_id")
    settled = decided.annotate(of=Sum(F("paid_amount") + F("adjusted_amount") + F("patient_amount"))).values("of")
    lines = ClaimLine.objects.filter(claim_id=OuterRef("pk"), carried_to=None).order_by().values("claim_id")
    nothing = Value(Decimal(0), DecimalField(max_digits=14, decimal_places=2))
    rows = Claim.objects.filter(practice_id=practice).annotate(
        charged=Coalesce(Subquery(lines.annotate(of=Sum("amount")).values("of")), nothing),
        settled=Coalesce(Subquery(settled), nothing),
    )
    off = rows.exclude(charged=F("settled") + F("open_amount")).order_by("pk")
    return [
        f"{name}: {charged} charged, {done} decided, {left} open"
        for name, charged, done, left in off.values_list("public_id", "charged", "settled", "open_amount")
    ]


def conservation(*, practice: int) -> Conservation:
    """Whether every captured charge is on a claim, waiting, held or voided; and every claim sent or not sent yet."""
    tallied = charges.tally(practice=practice)
    live = Claim.objects.filter(Q(frequency="1") | Q(split_from__isnull=False), practice_id=practice)
    dropped = Q(state=S.VOIDED, sent_at=None)
    sums = live.exclude(dropped).aggregate(
        sent=Sum("total_amount", filter=Q(sent_at__isnull=False)),
        not_sent=Sum("total_amount", filter=Q(sent_at=None)),
    )
    return Conservation(
        tallied.captured_amount, tallied.billed_amount, tallied.waiting_amount, tallied.held_amount,
        tallied.voided_amount, Money.of(sums["sent"] or ZERO), Money.of(sums["not_sent"] or ZERO),
    )  # fmt: skip
