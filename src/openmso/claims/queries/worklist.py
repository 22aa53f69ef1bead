"""Lists of claims: narrowed, sorted, paged and summed in the database, under row-level security."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Count, F, Model, Q, QuerySet, Sum

from openmso.charges import queries as charges
from openmso.claims.contracts import BatchRef, ClaimRow, Conservation
from openmso.claims.models.claims import Claim, Standing
from openmso.claims.models.findings import ClaimFinding
from openmso.claims.models.submissions import Batch
from openmso.claims.states import S
from openmso.kit.clock import start_of
from openmso.kit.ids import beginning
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import tenants, tenants_in_scope
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally, Term
from openmso.platform.work import queries as work

M = TypeVar("M", bound=Model)
SORTS = {"due_on": "due_on", "service_on": "service_on", "charged": "total_amount", "open": "open_amount",
         "sent_at": "sent_at", "state": "state"}  # fmt: skip
HELD_BY_DAY = {"due_on", "charged", "open"}
"""What the index of claims by day of service holds of each."""
OF_DAYS_SORTED_AT_ONCE = 150_000
UNTOLD = {"due_on", "sent_at"}
"""What a claim may not have yet; it comes last either way."""
PURSUED = frozenset({S.REJECTED, S.DENIED, S.PARTIAL})
"""States in which work may wait about a claim that has no finding of ours."""
SUBJECT = "claims.claim"
NOT_SENT = (S.DRAFT, S.HELD, S.READY, S.QUEUED)

PATIENTS_FOUND_MAX = 200
"""Patients of a name whose claims the palette looks at."""
KEPT = {"n": Sum("claims"), "charged": Sum("charged_amount"), "open": Sum("open_amount")}
"""What `Standing` keeps, summed."""
LOOKUPS = {"=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte"}


def claims(*, filters: Filters, page: PageAsk) -> Page[ClaimRow]:
    """A page of the claims in scope. The total is left to `tally` where counting would keep the page waiting."""
    rows = _filtered(filters)
    sort, states = SORTS.get(page.sort, "due_on"), filters.many("is")
    last = True if sort in UNTOLD else None  # said of a column that always has a value it would hide the index
    order = (F(sort).desc(nulls_last=last) if page.desc else F(sort).asc(nulls_last=last), "pk")
    if filters.text or (not _is_kept(filters) and counting.is_few(rows, _sorted_at_once(filters, page))):
        shown = list(paging.sorted_whole(rows, order, page))  # wherever they stand
    else:
        of_any_state = _filtered(replace(filters, terms=tuple(term for term in filters.terms if term.key != "is")))
        shown = list(paging.rows(of_any_state, order, page, along={"state": states} if states else None))
    if _is_kept(filters):
        counted = tally(filters=filters)
    elif filters.text:  # what a name finds has its limit
        counted = _summed(rows)
    else:
        return counting.page_of(rows_of(shown), rows, page, lambda: _summed(rows))
    return Page(rows_of(shown), counted.total, page, counted.totals)


def _sorted_at_once(filters: Filters, page: PageAsk) -> int:
    """Of how many claims a page is cut from the sorted whole; more are sought along the order of all.

    Those of some days of service stand together, with what they are sorted by, and lie far apart in any other order.
    """
    by_day = any(term.key in {"month", "service"} for term in filters.terms)
    return OF_DAYS_SORTED_AT_ONCE if by_day and page.sort in {"", *HELD_BY_DAY} else counting.COUNTED_AT_ONCE


def tally(*, filters: Filters) -> Tally:
    """How many claims the filter finds, and their sums."""
    if _is_kept(filters):
        return _tally(_narrowed(Standing.objects.all(), filters).aggregate(**KEPT))
    return _summed(_filtered(filters))


def _summed(found: QuerySet[Claim]) -> Tally:
    return _tally(found.aggregate(n=Count("pk"), charged=Sum("total_amount"), open=Sum("open_amount")))


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
    """Rows as the list shows them; four questions for a page. A claim without findings says what waits about it."""
    names = patients.names_of({row.patient_id for row in found})
    practices = {tenant.pk: tenant.name for tenant in tenants()}
    paying = {payer.id: payer.name for payer in payers.every()} if found else {}
    waits = work.titles(SUBJECT, [row.public_id for row in found if S(row.state) in PURSUED])
    return tuple(
        ClaimRow(
            row.pk, row.public_id, row.practice_id, practices.get(row.practice_id, ""), names.get(row.patient_id, ""),
            paying.get(row.payer_id or 0, "No payer"), S(row.state),
            row.top_finding or row.hold_reason or waits.get(row.public_id, ""), row.service_on, row.due_on,
            Money.of(row.total_amount), Money.of(row.open_amount), row.sent_at, row.blocks, row.warnings,
        )
        for row in found
    )  # fmt: skip


def named(public_ids: Sequence[str]) -> tuple[ClaimRow, ...]:
    """Claims by their public ids, in that order, as they stand now; those out of scope are left out."""
    place = {name: number for number, name in enumerate(public_ids)}
    rows = Claim.objects.filter(public_id__in=public_ids)
    return rows_of(sorted(rows, key=lambda row: place[row.public_id]))


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


def first_id(*, filters: Filters) -> str:
    """The public id of the first claim the filter finds; the empty text when it finds none."""
    return _filtered(filters).order_by("due_on", "pk").values_list("public_id", flat=True).first() or ""


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
        rows = rows.filter(payer__public_id__in=ids_)
    if codes := filters.many("finding"):
        rows = rows.filter(pk__in=ClaimFinding.objects.filter(code__in=codes, overridden=False).values("claim_id"))
    for key, column in (("open", "open_amount"), ("charged", "total_amount"), ("due", "due_on"),
                        ("service", "service_on")):  # fmt: skip
        for term in filters.terms_of(key):
            rows = rows.filter(**_condition(column, term))
    if month := filters.one("month"):
        rows = rows.filter(service_on__gte=month.first, service_on__lt=month.range.ends_on)
    if month := filters.one("sent"):
        rows = rows.filter(_first_sent_in(month))
    for word in [filters.text.strip()] if filters.text.strip() else []:
        rows = rows.filter(_says(word))
    return rows


def _says(word: str) -> Q:
    """The patient's name, record number or telephone; our number of the claim, or the payer's."""
    says = Q(patient_id__in=patients.ids_named(word)) | Q(payer_control=word)
    span = beginning("CLM", word) if word.upper().startswith("CLM-") else None
    return says | Q(public_id__range=span) if span else says


def _condition(column: str, term: Term) -> dict[str, object]:
    return {f"{column}{LOOKUPS[term.op]}": term.value}


def finding_choices() -> list[tuple[str, str]]:
    """The findings one can filter by: rule codes with their titles."""
    from openmso.claims.rules.book import SCRUB

    return [(rule.code, rule.title.removesuffix(".")) for rule in SCRUB]


def batches(*, filters: Filters, page: PageAsk) -> Page[BatchRef]:
    """The batches that left, the latest first."""
    rows = Batch.objects.all()
    if filters.text:
        rows = rows.filter(public_id__startswith=filters.text.strip().upper())
    paying = {payer.id: payer.name for payer in payers.every()}
    shown = rows.order_by("-sent_at" if page.desc or not page.sort else "sent_at", "-pk")
    listed = tuple(batch_ref(row, paying.get(row.payer_id, "")) for row in shown[page.offset : page.offset + page.size])
    sums = rows.aggregate(n=Count("pk"), total=Sum("total_amount"), claims=Sum("claims"))
    return Page(listed, sums["n"], page, {"total": Money.of(sums["total"] or 0), "claims": sums["claims"] or 0})


def batch_ref(row: Batch, payer: str) -> BatchRef:
    """A batch as it leaves the app."""
    return BatchRef(
        row.public_id, row.practice_id, row.payer_id, payer, row.document, row.interchange_control, row.group_control,
        row.claims, Money.of(row.total_amount), row.sent_at,
    )  # fmt: skip


def sent_in(*, practice: int, month: Month) -> int:
    """How many original claims a practice sent in a month: the unit of per-claim fees."""
    return Claim.objects.filter(_first_sent_in(month), practice_id=practice).count()


def _first_sent_in(month: Month) -> Q:
    """Originals sent in a month as each practice in scope reckons it: the month begins at midnight in its zone."""
    zones = defaultdict(list)
    for tenant in tenants_in_scope():
        zones[tenant.zone].append(tenant.pk)
    sent = Q(pk__in=())
    for zone, practices in zones.items():
        begins, ends = start_of(month.first, zone), start_of(month.last + timedelta(days=1), zone)
        sent |= Q(practice_id__in=practices, sent_at__gte=begins, sent_at__lt=ends)
    return Q(frequency="1") & sent


def conservation(*, practice: int) -> Conservation:
    """Whether every captured charge is on a claim, waiting, held or voided; and every claim sent or not sent yet."""
    tallied = charges.tally(practice=practice)
    live = Claim.objects.filter(practice_id=practice, ordinal="P", frequency="1")
    dropped = Q(state=S.VOIDED, sent_at=None)
    sums = live.exclude(dropped).aggregate(
        sent=Sum("total_amount", filter=Q(sent_at__isnull=False)),
        not_sent=Sum("total_amount", filter=Q(sent_at=None)),
    )
    return Conservation(
        tallied.captured_amount, tallied.billed_amount, tallied.waiting_amount, tallied.held_amount,
        tallied.voided_amount, Money.of(sums["sent"] or ZERO), Money.of(sums["not_sent"] or ZERO),
    )  # fmt: skip
