"""How a claim sheet is said in the loops of an 837P (005010X222A1) or an 837I (005010X223A2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from edi.x12.claim.model import (
    Admission,
    Attachment,
    Batch,
    BatchHeader,
    BillingProvider,
    Cause,
    Claim,
    Diagnosis,
    Drug,
    LineAdjudication,
    OtherCoverage,
    Patient,
    Payer,
    ServiceLine,
    Subscriber,
)
from edi.x12.claim.said import Said, Sayer
from edi.x12.claim.write import write_837i, write_837p
from edi.x12.output import Envelope, number
from edi.x12.values import Address, Adjustment, Amount, Contact, Event, Party, Procedure, Reference
from openmso.charges.contracts import Stay
from openmso.claims.contracts import Reduction
from openmso.claims.rules.limits import care_of
from openmso.claims.rules.lines import is_anaesthesia_by_time, is_laboratory
from openmso.claims.rules.sheet import (
    Biller,
    ClaimSheet,
    Cover,
    Earlier,
    Facility,
    Human,
    Insurer,
    Line,
    Place,
    Renderer,
)

SUBMITTER = "OPENMSO"
PROBED_AT = datetime(2000, 1, 1, tzinfo=UTC)


class NotSayable(ValueError):
    """A sheet without coverage, payer or biller has no place in an 837; the rulebook blocks it first."""


def claim_of(sheet: ClaimSheet) -> Claim:
    """The claim as loops 2000A to 2400; raises `NotSayable` for a sheet nobody could be asked with."""
    if sheet.cover is None or sheet.payer is None or sheet.biller is None:
        raise NotSayable(sheet.control)
    claim = _claim(sheet, sheet.cover, sheet.payer, sheet.biller)
    return _institutional(claim, sheet) if sheet.is_institutional else claim


class Sayers:
    """Say one sheet after the other in the segments of its form; for one thread."""

    def __init__(self) -> None:
        self._of = {"P": Sayer(), "I": Sayer(is_institutional=True)}

    def say(self, sheet: ClaimSheet) -> Said:
        """The segments of a claim; raises `NotSayable` and `Unwritable`."""
        return self._of[sheet.kind].say(claim_of(sheet))


def _claim(sheet: ClaimSheet, cover: Cover, payer: Insurer, biller: Biller) -> Claim:
    is_self = cover.relationship == "18"
    return Claim(
        control=sheet.control,
        charge=sheet.total,
        billing=_biller(biller),
        subscriber=_subscriber(sheet, cover, payer),
        payer=_payer(payer),
        lines=tuple(_line(line, sheet.earlier) for line in sheet.lines),
        diagnoses=tuple(Diagnosis(code) for code in sheet.diagnoses),
        patient=None if is_self else _patient(sheet.patient, cover.relationship),
        place_of_service=sheet.place_of_service,
        frequency=sheet.frequency,
        payer_control=sheet.payer_control if sheet.frequency in {"7", "8"} else "",
        cause=Cause((sheet.accident,), sheet.accident_state) if sheet.accident else None,
        delay_reason=sheet.delay_reason,
        prior_authorization=sheet.prior_authorization,
        referral=sheet.referral_number,
        references=_references(sheet),
        dates=_days(sheet),
        amounts=(Amount("F5", sheet.patient_paid),) if sheet.patient_paid else (),
        providers=_providers(sheet, biller),
        attachments=tuple(Attachment(one.kind, one.way, one.control) for one in sheet.attachments),
        other_coverages=tuple(_other(one, sheet.patient) for one in sheet.earlier),
    )


def _days(sheet: ClaimSheet) -> tuple[Event, ...]:
    """The accident; the days of care after surgery that was taken over (090) and given up (091)."""
    found = [Event("439", sheet.accident_on)] if sheet.accident_on else []
    care = next((told for line in sheet.lines if (told := care_of(line)) is not None), None)
    if care is not None:
        found.append(Event("090", care.assumed_on))
        if care.relinquished_on is not None:
            found.append(Event("091", care.relinquished_on))
    return tuple(found)


def alone(sheet: ClaimSheet) -> bytes:
    """The claim alone in an 837, to know that it can be said, and how; raises `NotSayable` and `Unwritable`."""
    header = BatchHeader(
        reference="PROBE",
        created_on=sheet.service_on,
        created_at=None,
        submitter=Party("41", "PROBE", id_qualifier="46", id="PROBE", contacts=(Contact(),)),
        receiver=Party("40", "PROBE", id_qualifier="46", id="PROBE"),
    )
    envelope = Envelope(sender="PROBE", receiver="PROBE", control=1, group_control=1, at=PROBED_AT)
    batch = Batch(header, [claim_of(sheet)])
    return write_837i([batch], envelope) if sheet.is_institutional else write_837p([batch], envelope)


def _institutional(claim: Claim, sheet: ClaimSheet) -> Claim:
    """The same claim as a facility says it: type of bill, admission, codes, attending; lines by revenue code.

    The guide (X223A2) has no place for what the patient paid, for the type of insurance (SBR05), nor for a note of a
    line, whose words stand beside its procedure.
    """
    stay = sheet.stay
    if stay is None:
        raise NotSayable(sheet.control)
    return replace(
        claim,
        subscriber=replace(claim.subscriber, insurance_type=""),
        place_of_service=stay.bill_type,
        facility_qualifier="A",
        cause=None,
        diagnoses=tuple(Diagnosis(code) for code in sheet.diagnoses),
        admission=Admission(stay.admission_type, stay.admission_source, stay.patient_status),
        dates=_stay_days(sheet, stay),
        codes=tuple(_stay_codes(stay)),
        references=tuple(one for one in claim.references if one.qualifier != "X4"),
        amounts=(),
        providers=tuple(_stay_people(sheet, claim)),
        other_coverages=tuple(replace(one, insurance_type="") for one in claim.other_coverages),
        lines=tuple(_stay_line(one) for one in claim.lines),
    )


def _stay_line(line: ServiceLine) -> ServiceLine:
    words = " ".join(text for _, text in line.notes)
    done = replace(line.procedure, description=words) if line.procedure.code else line.procedure
    return replace(line, procedure=done, notes=(), pointers=(), place_of_service="")


def _stay_days(sheet: ClaimSheet, stay: Stay) -> tuple[Event, ...]:
    """The days of the statement; admission with its hour; the hour of discharge."""
    days = [Event("434", sheet.service_on, sheet.last_service_on)]
    if stay.admitted_on is not None:
        days.append(Event("435", stay.admitted_on, None, f"{stay.admitted_on:%Y%m%d}{stay.admitted_hour or '00'}00"))
    if stay.discharged_hour:
        days.append(Event("096", None, None, f"{stay.discharged_hour}00"))
    return tuple(days)


def _stay_codes(stay: Stay) -> Iterator[tuple[str, ...]]:
    if stay.admitting_diagnosis:
        yield ("ABJ", stay.admitting_diagnosis.replace(".", ""))
    for code in stay.visit_reasons:
        yield ("APR", code.replace(".", ""))
    for kind, done in zip(("BBR", *("BBQ",) * len(stay.procedures)), stay.procedures, strict=False):
        yield (kind, done.code, "D8", f"{done.on:%Y%m%d}")
    for one in stay.occurrences:
        if one.through is None:
            yield ("BH", one.code, "D8", f"{one.on:%Y%m%d}")
        else:
            yield ("BI", one.code, "RD8", f"{one.on:%Y%m%d}-{one.through:%Y%m%d}")
    for value in stay.values:
        yield ("BE", value.code, "", "", number(value.amount))
    for code in stay.conditions:
        yield ("BG", code)


def _stay_people(sheet: ClaimSheet, claim: Claim) -> Iterator[Party]:
    """Attending, operating, and who rendered where that is another person; the place where it is elsewhere."""
    attending = sheet.attending
    if attending is not None:
        yield _person("71", attending)
    if sheet.operating is not None:
        yield _person("72", sheet.operating)
    yield from (
        replace(one, taxonomy="")
        for one in claim.providers
        if one.role in {"77", "DN"} or (one.role == "82" and one.id != _npi(attending))
    )


def _npi(who: Renderer | None) -> str:
    return who.npi if who else ""


def header(
    *, reference: str, payer: Insurer, submitter: str, code: str, phone: str, at: datetime, zone: str
) -> BatchHeader:
    """ST, BHT, 1000A and 1000B of a batch to one payer."""
    local = at.astimezone(ZoneInfo(zone))
    numbers = (("TE", phone),) if phone else (("TE", "8005550100"),)
    return BatchHeader(
        reference=reference,
        created_on=local.date(),
        created_at=local.time().replace(second=0, microsecond=0),
        submitter=Party("41", submitter, id_qualifier="46", id=code, contacts=(Contact("IC", "BILLING", numbers),)),
        receiver=Party("40", payer.name, id_qualifier="46", id=payer.edi_id),
    )


def _references(sheet: ClaimSheet) -> tuple[Reference, ...]:
    found = []
    if sheet.clia and any(is_laboratory(line) for line in sheet.lines):
        found.append(Reference("X4", sheet.clia))
    if sheet.record_number:
        found.append(Reference("EA", sheet.record_number))
    return tuple(found)


@lru_cache(maxsize=1024)
def _biller(biller: Biller) -> BillingProvider:
    return BillingProvider(
        name=biller.name,
        npi=biller.npi,
        tax_id=biller.tax_id,
        address=_address(biller.address),
        first=biller.first,
        middle=biller.middle,
        taxonomy=biller.taxonomy,
        is_person=biller.is_person,
        contacts=(Contact("IC", "", (("TE", biller.phone),)),) if biller.phone and len(biller.name) > 60 else (),
        pay_to=_address(biller.pay_to) if biller.pay_to.is_whole else None,
    )


@lru_cache(maxsize=1024)
def _payer(payer: Insurer) -> Payer:
    return Payer(
        name=payer.name,
        id=payer.edi_id,
        address=_address(payer.address) if payer.address.is_whole else None,
    )


def _subscriber(sheet: ClaimSheet, cover: Cover, payer: Insurer) -> Subscriber:
    is_self = cover.relationship == "18"
    person = sheet.patient if is_self else cover.subscriber
    if person is None:
        raise NotSayable(sheet.control)
    return Subscriber(
        last=person.last,
        member_id=_member(cover, payer),
        first=person.first,
        middle=person.middle,
        suffix=person.suffix,
        birth_on=person.born_on,
        gender=person.sex if person.born_on else "",
        address=_address(person.address) if person.address.is_whole else None,
        sequence=sheet.order,
        is_patient=is_self,
        group=cover.group,
        group_name="" if cover.group else cover.plan_name,
        insurance_type=cover.insurance_type if sheet.order != "P" and payer.kind == "medicare" else "",
        filing_code=payer.filing,
    )


def _patient(patient: Human, relationship: str) -> Patient:
    return Patient(
        last=patient.last,
        first=patient.first,
        birth_on=patient.born_on,
        gender=patient.sex,
        relationship=relationship,
        middle=patient.middle,
        suffix=patient.suffix,
        address=_address(patient.address),
    )


def _providers(sheet: ClaimSheet, biller: Biller) -> tuple[Party, ...]:
    found = []
    if sheet.referring is not None:
        found.append(_person("DN", sheet.referring))
    if sheet.rendering is not None and sheet.rendering.npi != biller.npi:
        found.append(_person("82", sheet.rendering))
    if sheet.facility is not None and _is_elsewhere(sheet.facility, biller):
        found.append(
            Party(
                "77",
                sheet.facility.name,
                id_qualifier="XX" if sheet.facility.npi else "",
                id=sheet.facility.npi,
                address=_address(sheet.facility.address),
            )
        )
    return tuple(found)


def _is_elsewhere(facility: Facility, biller: Biller) -> bool:
    """2310C stands only where the place is not the billing provider's own address."""
    return facility.address.is_whole and facility.address != biller.address


def _person(role: str, who: Renderer) -> Party:
    return Party(
        role, who.last, who.first, who.middle, who.suffix, is_person=True, id_qualifier="XX", id=who.npi,
        taxonomy=who.taxonomy if role in {"71", "82"} else "",
    )  # fmt: skip


def _other(one: Earlier, patient: Human) -> OtherCoverage:
    """2320 and 2330 of a payer that has decided; the day stands at the lines, or here where none says it."""
    cover, decision = one.cover, one.decision
    person = cover.subscriber if cover.subscriber is not None else patient
    remarks = ("MOA", "", "", *decision.remarks[:5]) if decision.remarks else ()
    return OtherCoverage(
        payer=_payer(one.payer),
        subscriber=Party(
            "IL", person.last, person.first, person.middle, person.suffix, is_person=True, id_qualifier="MI",
            id=_member(cover, one.payer), address=_address(person.address) if person.address.is_whole else None,
        ),
        sequence=one.order,
        relationship=cover.relationship,
        group=cover.group,
        group_name="" if cover.group else cover.plan_name,
        insurance_type=cover.insurance_type if one.order != "P" and one.payer.kind == "medicare" else "",
        filing_code=one.payer.filing,
        adjustments=_adjustments(decision.reductions),
        paid=decision.paid,
        remaining=decision.patient_share,
        outpatient=remarks,
        paid_on=decision.paid_on,
        claim_control=decision.payer_control,
    )  # fmt: skip


def _decided(line: Line, one: Earlier) -> tuple[LineAdjudication, ...]:
    return tuple(
        LineAdjudication(
            payer_id=one.payer.edi_id,
            paid=found.paid,
            procedure=Procedure("HC", found.code, found.modifiers),
            revenue_code=line.revenue_code,
            units=found.units,
            adjustments=_adjustments(found.reductions),
            paid_on=one.decision.paid_on,
            remaining=found.patient_share or None,
        )
        for found in one.decision.lines
        if found.line == line.number
    )


def _adjustments(reductions: tuple[Reduction, ...]) -> tuple[Adjustment, ...]:
    return tuple(Adjustment(one.group, one.code, one.amount, one.quantity) for one in reductions)


def _member(cover: Cover, payer: Insurer) -> str:
    """The member id; a Medicare number without the hyphens of the card."""
    return cover.member_id.replace("-", "") if payer.filing == "MB" else cover.member_id


def _line(line: Line, earlier: tuple[Earlier, ...]) -> ServiceLine:
    drug = line.drug
    return ServiceLine(
        procedure=Procedure("HC", line.code, line.modifiers) if line.code else Procedure("", ""),
        revenue_code=line.revenue_code,
        charge=line.charge,
        units=line.units,
        unit="MJ" if is_anaesthesia_by_time(line.code) and not line.revenue_code else "UN",
        service_on=line.service_on,
        service_through=line.service_through,
        pointers=line.pointers,
        place_of_service=line.place_of_service,
        line_control=line.control,
        drug=Drug(drug.ndc, drug.quantity, drug.unit) if drug else None,
        notes=(("ADD", line.note),) if line.note else (),
        adjudications=tuple(decided for one in earlier for decided in _decided(line, one)),
    )


def _address(place: Place) -> Address:
    return Address(place.line1, place.line2, place.city, place.state, place.zip)
