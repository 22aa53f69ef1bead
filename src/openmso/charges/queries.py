"""Questions about charges, codings and prices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from openmso.charges import rules
from openmso.charges.contracts import (
    Charge,
    Coding,
    Drug,
    FeeRow,
    Occurrence,
    Priced,
    ScheduleRow,
    Stay,
    Surgery,
    Tally,
    ValueCode,
)
from openmso.charges.models import Charge as ChargeModel
from openmso.charges.models import Coding as CodingModel
from openmso.charges.models import Fee as FeeModel
from openmso.charges.models import FeeVersion
from openmso.charges.models import Stay as StayModel
from openmso.charges.states import S
from openmso.contracting import queries as contracting
from openmso.contracting.contracts import NOT_ASKED, Ask, Expected
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients.contracts import Coverage
from openmso.platform.ui.contracts import Page, PageAsk
from openmso.scheduling import queries as visits
from openmso.scheduling.contracts import Visit


def get(public_id: str) -> Charge:
    """One charge; raises `NotFound`."""
    row = ChargeModel.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no charge {public_id}.")
    return contract(row)


def by_ids(ids: Collection[int]) -> dict[int, Charge]:
    """Charges by their keys."""
    return {row.pk: contract(row) for row in ChargeModel.objects.filter(pk__in=ids)}


def peculiar(ids: Collection[int]) -> dict[int, Charge]:
    """Of some charges, by their keys, those that say more than a line of a claim: a drug, a note, minutes, another code
    system.

    And those that have no price.
    """
    plain = Q(ndc="", note="", code_system="", revenue_code="", minutes=None, is_priced=True)
    return {row.pk: contract(row) for row in ChargeModel.objects.filter(pk__in=ids).exclude(plain)}


def of_visits(visit_ids: Collection[int]) -> list[Charge]:
    """The charges of some visits, voided ones left out, in the order of their numbers."""
    rows = ChargeModel.objects.filter(visit_id__in=visit_ids).exclude(state=S.VOIDED)
    return [contract(row) for row in rows.order_by("visit_id", "number")]


def codings_of(visit_ids: Collection[int]) -> dict[int, Coding]:
    """The diagnoses of some visits."""
    rows = CodingModel.objects.filter(visit_id__in=visit_ids)
    return {row.visit_id: Coding(row.visit_id, tuple(row.diagnoses), row.system) for row in rows}


def stays_of(visit_ids: Collection[int]) -> dict[int, Stay]:
    """What facilities say of some visits."""
    return {row.visit_id: _stay(row) for row in StayModel.objects.filter(visit_id__in=visit_ids)}


def _stay(row: StayModel) -> Stay:
    return Stay(
        row.bill_type, row.admission_type, row.admission_source, row.patient_status, row.admitted_on,
        row.admitted_hour, row.discharged_hour, row.admitting_diagnosis, tuple(row.conditions),
        tuple(
            Occurrence(code, date.fromisoformat(on), date.fromisoformat(through) if through else None)
            for code, on, through in row.occurrences
        ),
        tuple(ValueCode(code, Decimal(amount)) for code, amount in row.values), row.attending_id, row.operating_id,
        tuple(row.visit_reasons), tuple(Surgery(code, date.fromisoformat(on)) for code, on in row.procedures),
    )  # fmt: skip


def waiting(*, practice: int, visit_ids: Collection[int] | None = None) -> list[Charge]:
    """Charges that no claim has taken up yet, by visit and number."""
    rows = ChargeModel.objects.filter(practice_id=practice, state=S.CAPTURED)
    if visit_ids is not None:
        rows = rows.filter(visit_id__in=visit_ids)
    return [contract(row) for row in rows.order_by("visit_id", "number")]


def price(*, practice: int, code: str, modifiers: tuple[str, ...], payer_id: int | None, on: date) -> Priced | None:
    """The price of one unit of a code as of a day; `None` when no schedule has it."""
    found = fees_of(practice=practice, codes=[code])
    return rules.price(found, code=code, modifiers=modifiers, payer_id=payer_id, on=on)


def fees_of(*, practice: int, codes: Collection[str]) -> rules.Fees:
    """All prices of some codes, in every version, ready for `rules.price`: one query for any number of codes.

    Of versions that begin on one day the one published last comes first.
    """
    rows = FeeModel.objects.filter(practice_id=practice, code__in=set(codes)).order_by("-version_id").values_list(
        "version__schedule__payer_id", "code", "modifier", "amount", "version__schedule__public_id", "version__label",
        "version__starts_on",
    )  # fmt: skip
    return rules.by_code(
        rules.Fee(payer, code, modifier, Money.of(amount), schedule, label, starts_on)
        for payer, code, modifier, amount, schedule, label, starts_on in rows
    )


def prices(*, practice: int, on: date, text: str, page: PageAsk) -> Page[FeeRow]:
    """The prices of a practice that hold on a day, as `rules.price` chooses them: one for a payer, code and modifier.

    By code or by amount; the text narrows by the beginning of codes.
    """
    held = FeeModel.objects.filter(practice_id=practice, version__starts_on__lte=on)
    if text.strip():
        held = held.filter(code__startswith=text.strip().upper())
    latest = held.order_by(
        "version__schedule__payer_id", "code", "modifier", "-version__starts_on", "-version_id"
    ).distinct("version__schedule__payer_id", "code", "modifier")
    rows = FeeModel.objects.filter(pk__in=latest.values("pk")).select_related("version__schedule")
    order = F("amount" if page.sort == "amount" else "code")
    rows = rows.order_by(order.desc() if page.desc else order.asc(), "code", "modifier", "pk")
    paying = {payer.id: payer.name for payer in payers.every()}
    shown = [
        FeeRow(
            row.code, row.modifier, Money.of(row.amount), row.version.schedule.name,
            paying.get(row.version.schedule.payer_id or 0, ""), row.version.label, row.version.starts_on,
        )
        for row in rows[page.offset : page.offset + page.size]
    ]  # fmt: skip
    return Page(shown, rows.count(), page)


def schedules(*, practice: int) -> list[ScheduleRow]:
    """The schedules of a practice, each with its latest version."""
    paying = {payer.id: payer.name for payer in payers.every()}
    versions = FeeVersion.objects.filter(practice_id=practice).order_by("schedule_id", "-starts_on")
    latest = versions.distinct("schedule_id").select_related("schedule")
    counts = dict(
        FeeModel.objects.filter(version__in=list(latest)).values_list("version_id").annotate(n=Count("pk"))
    )  # fmt: skip
    found = [
        ScheduleRow(
            one.schedule.public_id, one.schedule.name, paying.get(one.schedule.payer_id or 0, ""), one.label,
            one.starts_on, counts.get(one.pk, 0),
        )
        for one in latest
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.name)


def tally(*, practice: int) -> Tally:
    """How the charges of a practice stand, lines and money."""
    rows = ChargeModel.objects.filter(practice_id=practice).values("state").annotate(n=Count("pk"), m=Sum("amount"))
    lines = {S(row["state"]): row["n"] for row in rows}
    money = {S(row["state"]): Money.of(row["m"]) for row in rows}
    return Tally(
        captured=sum(lines.values()),
        waiting=lines.get(S.CAPTURED, 0),
        held=lines.get(S.HELD, 0),
        billed=lines.get(S.BILLED, 0),
        voided=lines.get(S.VOIDED, 0),
        captured_amount=Money.total(money.values()),
        waiting_amount=money.get(S.CAPTURED, ZERO),
        held_amount=money.get(S.HELD, ZERO),
        billed_amount=money.get(S.BILLED, ZERO),
        voided_amount=money.get(S.VOIDED, ZERO),
    )


def contract(row: ChargeModel) -> Charge:
    """A row as it leaves the app."""
    return Charge(
        id=row.pk, public_id=row.public_id, practice=row.practice_id, visit_id=row.visit_id, patient_id=row.patient_id,
        number=row.number, code=row.code, modifiers=tuple(row.modifiers), pointers=tuple(row.pointers),
        units=row.units, service_on=row.service_on, service_through=row.service_through, amount=Money.of(row.amount),
        is_priced=row.is_priced, state=S(row.state), code_system=row.code_system, note=row.note,
        drug=Drug(row.ndc, row.ndc_quantity, row.ndc_unit) if row.ndc and row.ndc_quantity is not None else None,
        source_id=row.source_id, revenue_code=row.revenue_code, minutes=row.minutes,
        expected=Expected(
            None if row.expected_amount is None else Money.of(row.expected_amount), row.expected_words,
            row.expected_source,
        ),
    )  # fmt: skip


def expected_of(rows: Sequence[ChargeModel], *, payer_id: int | None = None) -> list[Expected]:
    """What the first payer should allow for charges of one practice, in their order; a few queries for any number.

    It is the payer of the coverage that comes first on the day of service, unless it is given. What was done at one
    visit on one day is priced together. Of codes that no payer takes, and of a facility's lines, nothing is asked.
    """
    asked = [(key, row) for key, row in enumerate(rows) if not row.code_system and not row.revenue_code]
    if not asked:
        return [NOT_ASKED] * len(rows)
    seen = visits.by_ids({row.visit_id for _, row in asked})
    covers = patients.coverages_of({row.patient_id for _, row in asked}) if payer_id is None else {}
    asks = [
        Ask(
            key, row.visit_id, payer_id or _payer(covers.get(row.patient_id, ()), seen[row.visit_id], row.service_on),
            row.code, tuple(row.modifiers), row.units, seen[row.visit_id].place_of_service, Money.of(row.amount),
            row.service_on,
        )
        for key, row in asked
    ]  # fmt: skip
    found = contracting.expected(practice=rows[0].practice_id, asks=asks)
    return [found.get(key, NOT_ASKED) for key in range(len(rows))]


def _payer(covers: Iterable[Coverage], visit: Visit, on: date) -> int | None:
    cover = visits.asked_first(visit, covers, on=on)
    return cover.payer_id if cover else None
