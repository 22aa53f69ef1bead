"""Professional claims out: 837P, 005010X222A1, original or frequency 7 and 8, primary or secondary.

The hierarchy is made from the claims: neighbours with the same billing provider share a 2000A, with the same
subscriber and payer a 2000B, with the same patient a 2000C. What the guide would reject is refused before a byte is
written (`Unwritable`), so that a file of ours passes our own strict check.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from edi.x12.claim.model import (
    Batch,
    BatchHeader,
    BillingProvider,
    Claim,
    LineAdjudication,
    OtherCoverage,
    Patient,
    Payer,
    ServiceLine,
    Subscriber,
)
from edi.x12.claim.refuse import refuse_unwritable
from edi.x12.output import Envelope, SegmentWriter, day, number
from edi.x12.values import Adjustment, Amount, Event, Party, Procedure, Reference

VERSION = "005010X222A1"

_REFERENCE_ORDER = ("4N", "F5", "EW", "9F", "G1", "F8", "X4", "9A", "9C", "LX", "D9", "EA", "P4", "1J")
_CLAIM_PROVIDER_ORDER = ("DN", "P3", "82", "77", "DQ", "PW", "45")
_LINE_PROVIDER_ORDER = ("82", "QB", "77", "DQ", "DK", "DN", "P3", "PW", "45")
_REASONS_PER_CAS = 6


def write_837p(batches: Iterable[Batch], envelope: Envelope) -> bytes:
    """One interchange with one group: a transaction set for each batch.

    Raises Unwritable, in words, for what the guide or the character set does not allow.
    """
    writer = SegmentWriter(envelope)
    writer.open_interchange()
    writer.open_group("HC", VERSION)
    for batch in batches:
        _write_batch(writer, batch)
    writer.close_group()
    writer.close_interchange(groups=1)
    return writer.bytes()


def _write_batch(w: SegmentWriter, batch: Batch) -> None:
    header = batch.header
    w.open_set("837", header.control, VERSION)
    _write_header(w, header)
    levels = 0
    for billing, of_provider in groupby(batch.claims, key=attrgetter("billing")):
        levels += 1
        provider_level = levels
        _write_billing(w, billing, levels)
        for (subscriber, payer, is_patient), of_subscriber in groupby(of_provider, key=_subscriber_level):
            levels += 1
            subscriber_level = levels
            _write_subscriber(w, subscriber, payer, levels, provider_level, is_patient=is_patient)
            for patient, of_patient in groupby(of_subscriber, key=attrgetter("patient")):
                if patient is not None:
                    levels += 1
                    _write_patient(w, patient, levels, subscriber_level)
                for claim in of_patient:
                    refuse_unwritable(claim)
                    _write_claim(w, claim)
    w.close_set()


def _subscriber_level(claim: Claim) -> tuple[Subscriber, Payer, bool]:
    """What a 2000B is made of: SBR02 says whether the subscriber is the patient, so it holds one kind of claims."""
    return claim.subscriber, claim.payer, claim.patient is None


def _write_header(w: SegmentWriter, header: BatchHeader) -> None:
    w.add(
        "BHT",
        "0019",
        header.purpose,
        w.required(header.reference, "BHT03"),
        day(header.created_on),
        f"{header.created_at:%H%M}" if header.created_at else "",
        header.kind,
    )
    w.nm1(header.submitter)
    w.contacts(header.submitter.contacts)
    w.nm1(header.receiver)


def _write_billing(w: SegmentWriter, billing: BillingProvider, level: int) -> None:
    w.add("HL", str(level), "", "20", "1")
    if billing.taxonomy:
        w.add("PRV", "BI", "PXC", w.code(billing.taxonomy, "Taxonomy"))
    w.nm1(
        Party(
            role="85",
            last=billing.name,
            first=billing.first,
            middle=billing.middle,
            is_person=billing.is_person,
            id_qualifier="XX",
            id=billing.npi,
        )
    )
    w.address(billing.address)
    w.add("REF", billing.tax_id_qualifier, w.required(billing.tax_id, "Tax id of the billing provider"))
    w.references(billing.references)
    w.contacts(billing.contacts)
    if billing.pay_to is not None:
        w.add("NM1", "87", "1" if billing.is_person else "2")
        w.address(billing.pay_to)
    if billing.pay_to_plan is not None:
        w.nm1(billing.pay_to_plan)
        w.address(billing.pay_to_plan.address)
        w.references(billing.pay_to_plan.references)


def _write_subscriber(
    w: SegmentWriter,
    subscriber: Subscriber,
    payer: Payer,
    level: int,
    parent: int,
    *,
    is_patient: bool,
) -> None:
    s = subscriber
    w.add("HL", str(level), str(parent), "22", "0" if is_patient else "1")
    w.add(
        "SBR",
        s.sequence,
        "18" if is_patient else "",
        w.code(s.group, "SBR03"),
        w.word(s.group_name, 60),
        s.insurance_type,
        "",
        "",
        "",
        s.filing_code,
    )
    w.nm1(
        Party(
            role="IL",
            last=s.last,
            first=s.first,
            middle=s.middle,
            suffix=s.suffix,
            is_person=s.is_person,
            id_qualifier=s.id_qualifier,
            id=s.member_id,
        )
    )
    if is_patient:  # else the guide does not want them
        w.address(s.address)
        if s.birth_on is not None:
            w.add("DMG", "D8", day(s.birth_on), s.gender or "U")
    w.references(s.references)
    _write_payer(w, payer)
    w.references(payer.references)


def _write_payer(w: SegmentWriter, payer: Payer) -> None:
    w.nm1(Party(role="PR", last=payer.name, id_qualifier=payer.id_qualifier, id=payer.id))
    w.address(payer.address)


def _write_patient(w: SegmentWriter, patient: Patient, level: int, parent: int) -> None:
    p = patient
    w.add("HL", str(level), str(parent), "23", "0")
    w.add("PAT", p.relationship)
    w.nm1(Party(role="QC", last=p.last, first=p.first, middle=p.middle, suffix=p.suffix, is_person=True))
    w.address(p.address)
    w.add("DMG", "D8", day(p.birth_on), p.gender or "U")
    w.references(p.references)


def _write_claim(w: SegmentWriter, claim: Claim) -> None:
    _write_clm(w, claim)
    for event in claim.dates:
        w.dtp(event)
    _write_amounts(w, claim.amounts)
    w.references(_claim_references(claim))
    for code, text in claim.notes:
        w.add("NTE", code, w.word(text, 80))
    _write_codes(w, claim)
    for provider in _in_order(claim.providers, _CLAIM_PROVIDER_ORDER):
        _write_provider(w, provider)
    dated = frozenset(a.payer_id for line in claim.lines for a in line.adjudications if a.paid_on)
    for coverage in claim.other_coverages:
        _write_coverage(w, coverage, lines_are_dated=coverage.payer.id in dated)
    for position, line in enumerate(claim.lines, start=1):
        _write_line(w, line, position)


def _write_clm(w: SegmentWriter, claim: Claim) -> None:
    cause = claim.cause
    codes = (*cause.codes, "", "", "")[:3] if cause else ()
    w.add(
        "CLM",
        w.code(claim.control, "CLM01"),
        number(claim.charge),
        "",
        "",
        w.composite(claim.place_of_service, claim.facility_qualifier, claim.frequency),
        claim.provider_signature,
        claim.assignment,
        claim.benefits_assigned,
        claim.release,
        claim.patient_signature,
        w.composite(*codes, cause.state, cause.country) if cause else "",
        claim.special_program,
        *([""] * 7),
        claim.delay_reason,
    )


def _claim_references(claim: Claim) -> list[Reference]:
    named = (
        ("9F", claim.referral),
        ("G1", claim.prior_authorization),
        ("F8", claim.payer_control),
        ("D9", claim.clearinghouse_control),
    )
    found = [Reference(qualifier, value) for qualifier, value in named if value]
    if claim.references:
        found += claim.references
        found.sort(key=lambda r: _REFERENCE_ORDER.index(r.qualifier) if r.qualifier in _REFERENCE_ORDER else 99)
    return found


def _write_codes(w: SegmentWriter, claim: Claim) -> None:
    diagnoses = [
        w.composite(
            d.qualifier or ("ABK" if position == 0 else "ABF"),
            w.code(d.code.replace(".", ""), "Diagnosis"),
        )
        for position, d in enumerate(claim.diagnoses)
    ]
    w.add("HI", *diagnoses)
    for composite in claim.codes:
        w.add("HI", w.composite(*(w.code(part, "HI") for part in composite)))


def _write_provider(w: SegmentWriter, provider: Party) -> None:
    w.nm1(provider)
    w.address(provider.address)
    if provider.taxonomy:
        w.add("PRV", "PE", "PXC", w.code(provider.taxonomy, "Taxonomy"))
    w.references(provider.references)
    w.contacts(provider.contacts)


def _write_coverage(w: SegmentWriter, coverage: OtherCoverage, *, lines_are_dated: bool) -> None:
    c = coverage
    w.add(
        "SBR",
        c.sequence,
        c.relationship,
        w.code(c.group, "SBR03"),
        w.word(c.group_name, 60),
        c.insurance_type,
        "",
        "",
        "",
        c.filing_code,
    )
    _write_adjustments(w, c.adjustments)
    for qualifier, amount in (("D", c.paid), ("A8", c.noncovered), ("EAF", c.remaining)):
        if amount is not None:
            w.add("AMT", qualifier, number(amount))
    w.add("OI", "", "", c.benefits_assigned, c.patient_signature, "", c.release)
    if c.outpatient:
        w.add(*(w.code(element, "MOA") for element in c.outpatient))
    w.nm1(c.subscriber)
    w.address(c.subscriber.address)
    w.references(c.subscriber.references)
    _write_payer(w, c.payer)
    if c.paid_on is not None and not lines_are_dated:
        w.dtp(Event("573", c.paid_on))
    w.references(c.payer.references)
    if c.claim_control:
        w.add("REF", "F8", w.code(c.claim_control, "REF F8"))


def _write_line(w: SegmentWriter, line: ServiceLine, position: int) -> None:
    w.add("LX", str(position))
    w.add(
        "SV1",
        procedure(w, line.procedure),
        number(line.charge),
        line.unit,
        number(line.units),
        line.place_of_service,
        "",
        w.composite(*map(str, line.pointers)),
        "",
        "Y" if line.emergency else "",
    )
    w.dtp(Event("472", line.service_on, line.service_through))
    for event in line.dates:
        w.dtp(event)
    if line.line_control:
        w.add("REF", "6R", w.code(line.line_control, "REF 6R"))
    w.references(line.references)
    _write_amounts(w, line.amounts)
    for code, text in line.notes:
        w.add("NTE", code, w.word(text, 80))
    if line.drug is not None:
        w.add("LIN", "", "N4", w.required(line.drug.ndc, "NDC"))
        w.add("CTP", "", "", "", number(line.drug.quantity), line.drug.unit)
        if line.drug.prescription:
            w.add("REF", "XZ", w.code(line.drug.prescription, "Prescription"))
    for provider in _in_order(line.providers, _LINE_PROVIDER_ORDER):
        _write_provider(w, provider)
    for adjudication in line.adjudications:
        _write_adjudication(w, adjudication)


def _write_adjudication(w: SegmentWriter, adjudication: LineAdjudication) -> None:
    a = adjudication
    paid, units = number(a.paid), number(a.units)
    w.add("SVD", w.required(a.payer_id, "SVD01"), paid, procedure(w, a.procedure), "", units)
    _write_adjustments(w, a.adjustments)
    w.dtp(Event("573", a.paid_on))
    if a.remaining is not None:
        w.add("AMT", "EAF", number(a.remaining))


def _write_adjustments(w: SegmentWriter, adjustments: tuple[Adjustment, ...]) -> None:
    """One CAS for each group, six reasons in it: how payers want it (and how some refuse it otherwise)."""
    groups: dict[str, list[Adjustment]] = {}
    for adjustment in adjustments:
        groups.setdefault(adjustment.group, []).append(adjustment)
    for group, reasons in groups.items():
        for at in range(0, len(reasons), _REASONS_PER_CAS):
            triples: list[str] = []
            for r in reasons[at : at + _REASONS_PER_CAS]:
                triples += (r.reason, number(r.amount), number(r.quantity) if r.quantity is not None else "")
            w.add("CAS", group, *triples)


def _write_amounts(w: SegmentWriter, amounts: tuple[Amount, ...]) -> None:
    for amount in amounts:
        w.add("AMT", amount.qualifier, number(amount.amount))


def procedure(w: SegmentWriter, p: Procedure) -> str:
    """The composite: qualifier, code, modifiers, description in seventh place."""
    code = w.required(p.code, "Procedure code")
    if not p.modifiers and not p.description:
        return w.composite(p.qualifier, code)
    modifiers = (*p.modifiers, "", "", "", "")[:4]
    return w.composite(p.qualifier, code, *modifiers, w.word(p.description, 80))


def _in_order(providers: tuple[Party, ...], order: tuple[str, ...]) -> list[Party]:
    if len(providers) < 2:
        return list(providers)
    return sorted(providers, key=lambda p: order.index(p.role) if p.role in order else len(order))
