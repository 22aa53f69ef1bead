"""Questions about estimates, and about the visits ahead as the desk sees them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from openmso.agreements.queries import clocks
from openmso.billing.queries import accounts, payments
from openmso.charges import queries as charges
from openmso.eligibility.queries import checks
from openmso.estimates.contracts import (
    Asked,
    Charged,
    DeskRow,
    EstimateRow,
    ItemDraft,
    Kind,
    Line,
    Party,
    Step,
    Usual,
    Way,
)
from openmso.estimates.contracts import Estimate as EstimateContract
from openmso.estimates.models import Estimate, EstimateLine, UsualServices
from openmso.estimates.rules import leading, reasons
from openmso.estimates.rules.collecting import Known, to_collect
from openmso.estimates.states import S
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.parties.queries import payers, providers
from openmso.patients import queries as patients
from openmso.patients.contracts import Coverage
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms
from openmso.scheduling import queries as scheduling
from openmso.scheduling.contracts import CoverageChoice, Visit, VisitMark, VisitStatus

COUNTS = (S.MADE, S.GIVEN)
"""States whose figures the desk goes by."""
CALLED_OFF = frozenset({VisitStatus.CANCELLED, VisitStatus.NO_SHOW})
"""At these nothing is collected."""
CHARGED_DAYS, CHARGED_VISITS = 365, 500
"""How far back, and at how many visits, is looked what a reason comes to."""


def cover_of(visit: Visit, covers: Iterable[Coverage]) -> Coverage | None:
    """The coverage that pays for a visit."""
    return scheduling.asked_first(visit, covers)


def listing(*, filters: Filters, page: PageAsk) -> Page[EstimateRow]:
    """A page of the estimates in scope, the latest day of service first unless asked otherwise."""
    found = _filtered(filters)
    if page.sort == "due_on":
        order = ["-due_on" if page.desc else "due_on", "pk"]
    else:
        order = ["service_on", "pk"] if page.sort == "service_on" and not page.desc else ["-service_on", "-pk"]
    shown = list(paging.sorted_whole(found, order, page)) if filters.text else paging.rows(found, order, page)
    return Page(rows_of(shown), found.count(), page)


def _filtered(filters: Filters) -> QuerySet[Estimate]:
    rows = Estimate.objects.filter(by_terms(filters, {"due": "due_on", "on": "service_on"}))
    if states := filters.many("is"):
        rows = rows.filter(state__in=states)
    if kinds := filters.many("kind"):
        rows = rows.filter(kind__in=kinds)
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=_practices(codes))
    if text := filters.text.strip():
        rows = rows.filter(Q(public_id=text.upper()) | Q(patient_id__in=patients.ids_named(text)))
    return rows


def _practices(codes: Collection[str]) -> set[int]:
    return {one.pk for one in tenancy.tenants() if one.code.lower() in codes}


def rows_of(rows: Sequence[Estimate]) -> list[EstimateRow]:
    """Rows as lists show them; two questions for a page."""
    names = patients.names_of({row.patient_id for row in rows}) if rows else {}
    practices = {one.pk: one.name for one in tenancy.tenants()} if rows else {}
    return [
        EstimateRow(
            row.pk, row.public_id, row.practice_id, practices.get(row.practice_id, ""), names.get(row.patient_id, ""),
            row.patient_id, row.visit_id, Kind(row.kind), Asked(row.asked), row.asked_at, row.due_on, row.service_on,
            S(row.state), Money.of(row.charge_amount), Money.of(row.share_amount), row.given_at,
            None if row.billed_amount is None else Money.of(row.billed_amount), row.document,
        )
        for row in rows
    ]  # fmt: skip


def estimate(public_id: str) -> EstimateContract:
    """One estimate with its lines and their arithmetic; raises `NotFound`."""
    row = Estimate.objects.filter(public_id=public_id).select_related("coverage").first()
    if row is None:
        raise NotFound(f"There is no estimate {public_id}.")
    person = patients.by_ids([row.patient_id])[row.patient_id]
    visit = scheduling.by_ids([row.visit_id]).get(row.visit_id) if row.visit_id else None
    lines = EstimateLine.objects.filter(estimate=row).order_by("number")
    return EstimateContract(
        row=rows_of([row])[0], reason=row.reason, diagnoses=tuple(row.diagnoses), lines=tuple(map(_line, lines)),
        patient=person.public_id, visit=visit.public_id if visit else "", born_on=person.person.born_on,
        payer=payers.payer(row.coverage.payer_id).name if row.coverage else "", made_at=row.made_at,
        made_by=row.made_by, way=Way(row.way) if row.way else None, why=row.why, biller=_biller(row),
        clinician=_clinician(visit), site=_site(visit, row.service_on),
        place_of_service=row.place_of_service,
    )  # fmt: skip


def _line(row: EstimateLine) -> Line:
    steps = tuple(Step(words, None if amount is None else Money.of(amount)) for words, amount in row.steps)
    return Line(
        row.number, row.code, tuple(row.modifiers), row.words, row.units, Money.of(row.charge_amount),
        None if row.allowed_amount is None else Money.of(row.allowed_amount), Money.of(row.share_amount), steps,
        row.is_charge_typed,
    )  # fmt: skip


def _biller(row: Estimate) -> Party | None:
    billers = providers.billers(row.practice_id, on=row.service_on)
    return Party(billers[0].name, billers[0].npi, billers[0].tin, billers[0].address.state) if billers else None


def _clinician(visit: Visit | None) -> Party | None:
    if visit is None or visit.clinician_id is None:
        return None
    one = providers.clinician(visit.clinician_id)
    return Party(one.name, one.npi)


def _site(visit: Visit | None, on: date) -> str:
    if visit is None or visit.site_id is None:
        return ""
    one = providers.site(visit.site_id, on=on)
    where = ", ".join(part for part in (one.address.line1, one.address.city, one.address.state) if part)
    return f"{one.name}, {where}" if where else one.name


def owed(practice: int, *, today: date) -> list[tuple[EstimateRow, int]]:
    """The estimates that a practice owes, the one that is due first before others, with the business days left.

    Nought on the last day; below nought by the days that it is late.
    """
    rows = Estimate.objects.filter(practice_id=practice, state=S.DUE, due_on__isnull=False).order_by("due_on", "pk")
    return [(row, _left(row.due_on, today)) for row in rows_of(list(rows)) if row.due_on is not None]


def _left(due_on: date, today: date) -> int:
    return clocks.business_days(today, due_on) if today <= due_on else -clocks.business_days(due_on, today)


def of_visit(visit: str) -> list[EstimateRow]:
    """The estimates of a visit that count or are owed, the latest first."""
    rows = Estimate.objects.filter(visit__public_id=visit).exclude(state__in=[S.REPLACED, S.DROPPED])
    return rows_of(list(rows.order_by("-pk")))


def desk(*, today: date, filters: Filters, page: PageAsk) -> Page[DeskRow]:
    """A page of the visits of the desk, with what is collected at each; a handful of questions for a page."""
    found = scheduling.listing(today=today, filters=filters, page=page, patients=_named(filters))
    return Page(desk_rows(found.rows), found.total, page)


def desk_names(*, today: date, filters: Filters, public_ids: Collection[str] = ()) -> list[str]:
    """The visits of the desk that the filters leave, or those that are named."""
    return scheduling.named(today=today, filters=filters, public_ids=public_ids, patients=_named(filters))


def _named(filters: Filters) -> Collection[int] | None:
    text = filters.text.strip()
    return patients.ids_named(text) if text else None


def desk_row(visit: str) -> DeskRow:
    """One visit as the desk sees it; raises `NotFound`."""
    return desk_rows([scheduling.get(visit)])[0]


def desk_visit(visit: str) -> tuple[DeskRow, list[VisitMark]]:
    """The same, with what was said of it, the latest first."""
    found = scheduling.get(visit)
    return desk_rows([found])[0], scheduling.marks(found.id)


def desk_rows(visits: Sequence[Visit]) -> list[DeskRow]:
    """Visits as the desk sees them."""
    people = patients.by_ids({one.patient_id for one in visits})
    held = patients.coverages_of({one.patient_id for one in visits})
    covers = {one.id: cover_of(one, held.get(one.patient_id, ())) for one in visits}
    answers = checks.latest_of([cover.id for cover in covers.values() if cover])
    rows = Estimate.objects.filter(visit_id__in=[one.id for one in visits], state__in=COUNTS)
    estimates = {row.visit_id: row for row in rows.order_by("pk")}
    practices = {one.pk: one.name for one in tenancy.tenants()} if visits else {}
    paying = payers.names() if visits else {}
    chosen = _chosen(visits)
    taken, owed = payments.of_visits([one.id for one in visits]), accounts.owed_by(list(people))
    told = []
    for one in visits:
        cover = covers[one.id]
        made = _of_cover(estimates.get(one.id), cover)
        answer = answers.get(cover.id) if cover else None
        amount, why = to_collect(
            Known(
                is_covered=cover is not None, is_called_off=one.status in CALLED_OFF,
                card=cover.copay if cover else ZERO, is_answered=answer is not None,
                is_inactive=answer is not None and answer.verdict.value == "inactive",
                copay=answer.copay if answer else None, estimate=made.public_id if made else "",
                kind=Kind(made.kind) if made else None, share=Money.of(made.share_amount) if made else None,
            )
        )  # fmt: skip
        kinds = {c.kind for c in held.get(one.patient_id, ()) if c.holds_on(one.service_on)}
        person, (collected, receipts) = people[one.patient_id], taken.get(one.id, (ZERO, ()))
        told.append(
            DeskRow(
                one.public_id, one.practice, practices.get(one.practice, ""), person.name, person.public_id,
                one.service_on, one.reason, paying.get(cover.payer_id, "") if cover else "Self-pay",
                answer.plan if answer else "", amount, why, made.public_id if made else "", one.status, one.undo_on,
                collected, None if amount is None else max(amount - collected, ZERO), owed.get(one.patient_id, ZERO),
                receipts, leading.led(one.plan, cover.kind if cover else None, kinds, chosen.get(one.id, "")),
            )
        )  # fmt: skip
    return told


def _of_cover(made: Estimate | None, cover: Coverage | None) -> Estimate | None:
    """An estimate, unless it was worked out for another coverage than the one that is asked now."""
    if made is None or cover is None or made.coverage_id in (None, cover.id):
        return made
    return None


def _chosen(visits: Sequence[Visit]) -> dict[int, str]:
    """By whom and why another plan was chosen than the reason leads to, by visit."""
    choices = scheduling.choices([one.id for one in visits if one.coverage_id is not None])
    return {visit: f"{found[0].by}: {found[0].why}" for visit, found in choices.items()}


def choices_of(visit: str) -> tuple[list[Coverage], list[CoverageChoice]]:
    """Between which coverages of the patient a visit can choose, and who chose before, the latest first."""
    one = scheduling.get(visit)
    held = [cover for cover in patients.coverages_of([one.patient_id]).get(one.patient_id, ())
            if cover.holds_on(one.service_on)]  # fmt: skip
    return held, scheduling.choices([one.id]).get(one.id, [])


def usual_listing(*, filters: Filters, page: PageAsk) -> Page[Usual]:
    """A page of what practices have said of reasons: those that hold first, by their words."""
    found = UsualServices.objects.all()
    if codes := filters.many("practice"):
        found = found.filter(practice_id__in=_practices(codes))
    if states := filters.many("is"):
        found = found.filter(ended_at__isnull=True) if states == ["holds"] else found
        found = found.filter(ended_at__isnull=False) if states == ["ended"] else found
    if text := reasons.plain(filters.text):
        found = found.filter(words__contains=text)
    rows = found.order_by(F("ended_at").desc(nulls_first=True), "words", "pk")[page.offset : page.offset + page.size]
    return Page(_usual(list(rows)), found.count(), page)


def usual(public_id: str) -> Usual:
    """What a practice has said of one reason; raises `NotFound`."""
    row = UsualServices.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There are no usual services {public_id}.")
    return _usual([row])[0]


def usual_before(one: Usual) -> list[Usual]:
    """What was said of the same reason and holds no more, the latest first."""
    rows = UsualServices.objects.filter(practice_id=one.practice, words=one.words, ended_at__isnull=False)
    return _usual(list(rows.exclude(public_id=one.public_id).order_by("-ended_at", "-pk")))


def usual_for(practice: int, reason: str) -> Usual | None:
    """What a practice has said of the longest words that a reason has; `None` where it has said nothing."""
    rows = UsualServices.objects.filter(practice_id=practice, ended_at=None) if reason else ()
    return reasons.fitting(reason, _usual(list(rows)))


def charged_for(practice: int, words: str, *, today: date) -> list[Charged]:
    """What was charged at the latest visits of a year with some words in their reason, the most usual first."""
    said = reasons.plain(words)
    if not said:
        return []
    visits = scheduling.with_reason(
        practice=practice, words=said, since=today - timedelta(days=CHARGED_DAYS), until=today, most=CHARGED_VISITS
    )
    return reasons.charged((one.visit_id, one.code, one.modifiers, one.units) for one in charges.of_visits(visits)
                           if one.code and not one.code_system)  # fmt: skip


def suggested(practice: int, found: Sequence[Charged]) -> tuple[ItemDraft, ...]:
    """What is most usual of it, in the words that the practice gave patients for it last."""
    lines = EstimateLine.objects.filter(practice_id=practice, code__in=[one.code for one in found])
    words = dict(lines.order_by("code", "-pk").distinct("code").values_list("code", "words"))
    return reasons.suggested(found, words)


def _usual(rows: Sequence[UsualServices]) -> list[Usual]:
    names = {one.pk: one.name for one in tenancy.tenants()} if rows else {}
    return [
        Usual(
            row.public_id, row.practice_id, names.get(row.practice_id, ""), row.words,
            tuple(
                ItemDraft(code, tuple(modifiers), Decimal(units), words=words)
                for code, modifiers, units, words in row.services
            ),
            row.said_at, row.said_by, row.ended_at,
        )
        for row in rows
    ]  # fmt: skip
