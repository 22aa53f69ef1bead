"""Questions about coverage checks and benefits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from openmso.eligibility import registry
from openmso.eligibility.contracts import Check as CheckContract
from openmso.eligibility.contracts import CheckRow, Sheet
from openmso.eligibility.models import Benefit, Check
from openmso.eligibility.rules import frequency
from openmso.eligibility.rules.sheet import sheet
from openmso.eligibility.rules.told import Told
from openmso.eligibility.states import OPEN, S, Verdict
from openmso.kit.errors import NotFound
from openmso.kit.ids import beginning
from openmso.kit.money import Money
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Segment, Tally
from openmso.platform.ui.narrowing import by_terms

SORTS = {"on": ("asked_for",), "answered_at": ("answered_at",), "state": ("state", "asked_for")}
SHOWN_BYTES_MAX = 60_000
ASKS_FOR_A_PERSON = Q(state=S.FAILED) | Q(state=S.ANSWERED, verdict=Verdict.INACTIVE)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about coming visits: visits known to have no coverage, coverages that are being asked about, and
    of each answered coverage the day of the last answer and the day it is about."""

    uncovered: frozenset[int]
    waiting: frozenset[int]
    answered: dict[int, tuple[date, date]]


def known_about(practice: int, visits: Collection[int], coverages: Collection[int]) -> Known:
    """What checks already say of some visits and coverages."""
    rows = Check.objects.filter(practice_id=practice)
    uncovered = rows.filter(visit_id__in=list(visits), coverage=None, state=S.FAILED)
    of_coverage = rows.filter(coverage_id__in=list(coverages))
    open_ = of_coverage.filter(state__in=sorted({*OPEN, S.FAILED})).values_list("coverage_id", flat=True)
    last = of_coverage.filter(state=S.ANSWERED, answered_at__isnull=False).order_by("answered_at")
    answered = {
        row.coverage_id: (tenancy.today(practice, row.answered_at), row.asked_for)
        for row in last.only("coverage_id", "answered_at", "asked_for")
        if row.coverage_id and row.answered_at
    }
    return Known(frozenset(uncovered.values_list("visit_id", flat=True)), frozenset(open_), answered)


def checks(*, filters: Filters, page: PageAsk) -> Page[CheckRow]:
    """A page of the checks in scope, those of the next day first unless asked otherwise."""
    found = _filtered(filters)
    order = [f"{'-' if page.desc else ''}{key}" for key in (*SORTS.get(page.sort, ("asked_for",)), "pk")]
    rows = list(paging.sorted_whole(found, order, page)) if filters.text else paging.rows(found, order, page)
    return counting.page_of(rows_of(rows), found, page, lambda: tally(filters=filters))


def tally(*, filters: Filters) -> Tally:
    """How many checks the filter finds."""
    return Tally(_filtered(filters).count())


def ids(*, filters: Filters, public_ids: Sequence[str] = ()) -> dict[int, list[str]]:
    """The checks that a selection names, by practice."""
    rows = Check.objects.filter(public_id__in=public_ids) if public_ids else _filtered(filters)
    found: dict[int, list[str]] = {}
    for practice, public_id in rows.order_by("pk").values_list("practice_id", "public_id"):
        found.setdefault(practice, []).append(public_id)
    return found


def waiting_count() -> int:
    """How many checks in scope ask for a person."""
    return Check.objects.filter(state=S.FAILED).count()


def standing() -> dict[str, int]:
    """How many checks in scope are failed, inactive, waiting, active: for the home page."""
    counted = Check.objects.aggregate(
        failed=Count("pk", filter=Q(state=S.FAILED)),
        inactive=Count("pk", filter=Q(state=S.ANSWERED, verdict=Verdict.INACTIVE)),
        waiting=Count("pk", filter=Q(state__in=sorted(OPEN))),
        active=Count("pk", filter=Q(state=S.ANSWERED, verdict=Verdict.ACTIVE)),
    )
    return {name: int(count or 0) for name, count in counted.items()}


def of_patient(patient: str) -> tuple[CheckRow, ...]:
    """The checks about a patient, the latest first; raises `NotFound`."""
    found = patients.get(patient)
    return rows_of(list(Check.objects.filter(patient_id=found.id).order_by("-pk")[:50]))


def check(public_id: str) -> CheckContract:
    """One check with its benefit sheet; raises `NotFound`."""
    row = _row(public_id)
    found = patients.by_ids([row.patient_id])[row.patient_id]
    covers = patients.coverages_of([row.patient_id]).get(row.patient_id, ())
    cover = next((one for one in covers if one.id == row.coverage_id), None)
    words = f"{cover.order.label}, {cover.relationship.label.lower()}" if cover else ""
    digest = documents.get(row.answer, row.practice_id).sha256 if row.answer else ""
    told = _sheet(row)
    done = registry.served(row.patient_id, row.payer_id) if told.components and row.payer_id else {}
    return CheckContract(
        row=rows_of([row])[0], patient_id=found.public_id, coverage=cover.public_id if cover else "",
        coverage_words=words, service_types=tuple(row.service_types), fix=row.fix, tries=row.tries,
        retry_at=row.retry_at, requested_at=row.requested_at, requested_by=row.requested_by, asked_at=row.asked_at,
        request_document=row.inquiry.document if row.inquiry else "", answer_document=row.answer, sha256=digest,
        span=(row.span_start, row.span_end), sheet=told, components=frequency.counted(told.components, done),
    )  # fmt: skip


def latest_sheet(coverage_id: int) -> Sheet | None:
    """The benefits of a coverage by its last answer, if there is any."""
    row = Check.objects.filter(coverage_id=coverage_id, state=S.ANSWERED).order_by("-answered_at", "-pk").first()
    return _sheet(row) if row else None


def latest_of(coverage_ids: Collection[int]) -> dict[int, CheckRow]:
    """The last answered check of each of some coverages, by the coverage."""
    rows = Check.objects.filter(coverage_id__in=list(coverage_ids), state=S.ANSWERED)
    latest = list(rows.order_by("coverage_id", "-answered_at", "-pk").distinct("coverage_id"))
    return {row.coverage_id: told for row, told in zip(latest, rows_of(latest), strict=True) if row.coverage_id}


def unanswered(coverage_ids: Collection[int]) -> dict[int, tuple[str, S]]:
    """The check that was begun last for each of some coverages, where it has no answer: its public id and state."""
    rows = Check.objects.filter(coverage_id__in=list(coverage_ids)).order_by("coverage_id", "-pk")
    latest = rows.distinct("coverage_id").values_list("coverage_id", "public_id", "state")
    return {cover: (name, S(state)) for cover, name, state in latest if cover and state != S.ANSWERED}


def answered_bytes(public_id: str) -> tuple[Segment, ...]:
    """The segments of the answer that tell of the person, with their byte offsets in the stored file."""
    row = _row(public_id)
    if not row.answer or row.span_end <= row.span_start:
        return ()
    end = min(row.span_end, row.span_start + SHOWN_BYTES_MAX)
    _, content = documents.part(row.answer, row.practice_id, row.span_start, end)
    return tuple(_segments(content, row.span_start))


def _segments(content: bytes, start: int) -> list[Segment]:
    """By the terminator that the part itself shows: what stands after `HL*n*...*` up to the next tag."""
    terminator = b"~" if b"~" in content else b"\n"
    found, at = [], start
    for number, piece in enumerate(content.split(terminator), start=1):
        text = piece.decode("utf-8", "replace").strip()
        if text:
            tag, _, rest = text.partition("*")
            found.append(Segment(number, at + len(piece) - len(piece.lstrip()), tag, f"*{rest}"))
        at += len(piece) + len(terminator)
    return found


def found(text: str, *, limit: int) -> tuple[CheckRow, ...]:
    """Checks whose number begins like this."""
    span = beginning("ELG", text)
    return rows_of(list(Check.objects.filter(public_id__range=span)[:limit])) if span else ()


def rows_of(rows: Sequence[Check]) -> tuple[CheckRow, ...]:
    """Rows as lists show them; three questions for a page."""
    names = patients.names_of({row.patient_id for row in rows})
    practices = {tenant.pk: tenant.name for tenant in tenancy.tenants()}
    paying = payers.names() if rows else {}
    return tuple(
        CheckRow(
            row.pk, row.public_id, row.practice_id, practices.get(row.practice_id, ""), names.get(row.patient_id, ""),
            paying.get(row.payer_id or 0, "No coverage"), row.asked_for, row.visit_on, S(row.state),
            Verdict(row.verdict), row.words, row.plan,
            None if row.copay_amount is None else Money.of(row.copay_amount),
            None if row.deductible_left_amount is None else Money.of(row.deductible_left_amount), row.answered_at,
        )
        for row in rows
    )  # fmt: skip


def _row(public_id: str) -> Check:
    row = Check.objects.select_related("inquiry").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no coverage check {public_id}.")
    return row


def _sheet(row: Check) -> Sheet:
    if row.state != S.ANSWERED:
        return Sheet(Verdict(row.verdict))
    kept = Benefit.objects.filter(answered_check=row, answer=row.answer).order_by("position")
    told = [told_of(one) for one in kept]
    payer = payers.payer(row.payer_id) if row.payer_id else None
    government = payer is not None and payer.kind.value in {"medicare", "medicaid"}
    return sheet(told, (row.plan_starts_on, row.plan_ends_on), is_government=government)


def told_of(one: Benefit) -> Told:
    """A kept benefit as its rules read it."""
    return Told(
        information=one.information, level=one.level, services=tuple(one.services), insurance_type=one.insurance_type,
        plan=one.plan, period=one.period, amount=one.amount, percent=one.percent, unit=one.unit, quantity=one.quantity,
        network=one.network, authorization=one.authorization, code=one.code, limit=one.limit, months=one.months,
        message=one.message,
        starts_on=one.starts_on, ends_on=one.ends_on, other_role=one.other_role, other_name=one.other_name,
        other_id=one.other_id, other_phone=one.other_phone, other_member=one.other_member, other_group=one.other_group,
        start=one.span_start, end=one.span_end,
    )  # fmt: skip


def _filtered(filters: Filters) -> QuerySet[Check]:
    rows = Check.objects.all()
    if states := filters.many("is"):
        rows = rows.filter(state__in=states)
    if verdicts := filters.many("plan"):
        rows = rows.filter(verdict__in=verdicts)
    if codes := filters.many("practice"):
        wanted = {tenant.pk for tenant in tenancy.tenants() if tenant.code.lower() in codes}
        rows = rows.filter(practice_id__in=wanted)
    if chosen := filters.many("payer"):
        rows = rows.filter(payer_id__in=payers.keys(chosen))
    if filters.flag("todo"):
        rows = rows.filter(ASKS_FOR_A_PERSON)
    rows = rows.filter(by_terms(filters, {"on": "asked_for", "visit": "visit_on"}))
    if text := filters.text.strip():
        span = beginning("ELG", text)
        named = Q(patient_id__in=patients.ids_named(text))
        rows = rows.filter(named | Q(public_id__range=span) if span else named)
    return rows
