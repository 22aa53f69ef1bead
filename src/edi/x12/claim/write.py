"""Claims out: 837P (005010X222A1) and 837I (005010X223A2), original or frequency 7 and 8, to any payer in line.

The hierarchy is made from the claims: neighbours with the same billing provider share a 2000A, with the same
subscriber and payer a 2000B, with the same patient a 2000C. What the guide would reject is refused before a byte is
written (`Unwritable`), so that a file of ours passes our own strict check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import attrgetter

from edi.x12.claim.model import Batch, BatchHeader, BillingProvider, Claim, Patient, Payer, Subscriber
from edi.x12.claim.refuse import refuse_unwritable
from edi.x12.claim.write_institutional import write_institutional
from edi.x12.claim.write_parts import write_payer
from edi.x12.claim.write_professional import write_professional
from edi.x12.output import Envelope, SegmentWriter, day
from edi.x12.values import Party

PROFESSIONAL = "005010X222A1"
INSTITUTIONAL = "005010X223A2"


def write_837p(batches: Iterable[Batch], envelope: Envelope) -> bytes:
    """One interchange with one group: a transaction set for each batch.

    Raises Unwritable, in words, for what the guide or the character set does not allow.
    """
    return _write(batches, envelope, PROFESSIONAL, write_professional)


def write_837i(batches: Iterable[Batch], envelope: Envelope) -> bytes:
    """The same for institutional claims."""
    return _write(batches, envelope, INSTITUTIONAL, write_institutional)


Say = Callable[[SegmentWriter, Claim], None]
"""How one claim (2300 and below) is said in a guide."""


def _write(batches: Iterable[Batch], envelope: Envelope, version: str, say: Say) -> bytes:
    writer = SegmentWriter(envelope)
    writer.open_interchange()
    writer.open_group("HC", version)
    for batch in batches:
        _write_batch(writer, batch, version, say)
    writer.close_group()
    writer.close_interchange(groups=1)
    return writer.bytes()


def _write_batch(w: SegmentWriter, batch: Batch, version: str, say: Say) -> None:
    header = batch.header
    w.open_set("837", header.control, version)
    write_header(w, header)
    levels = 0
    for billing, of_provider in groupby(batch.claims, key=attrgetter("billing")):
        levels += 1
        provider_level = levels
        w.add("HL", str(levels), "", "20", "1")
        write_billing(w, billing)
        for (subscriber, payer, is_patient), of_subscriber in groupby(of_provider, key=_subscriber_level):
            levels += 1
            subscriber_level = levels
            w.add("HL", str(levels), str(provider_level), "22", "0" if is_patient else "1")
            write_subscriber(w, subscriber, payer, is_patient=is_patient)
            for patient, of_patient in groupby(of_subscriber, key=attrgetter("patient")):
                if patient is not None:
                    levels += 1
                    w.add("HL", str(levels), str(subscriber_level), "23", "0")
                    write_patient(w, patient)
                for claim in of_patient:
                    refuse_unwritable(claim, is_institutional=version == INSTITUTIONAL)
                    say(w, claim)
    w.close_set()


def _subscriber_level(claim: Claim) -> tuple[Subscriber, Payer, bool]:
    """What a 2000B is made of: SBR02 says whether the subscriber is the patient, so it holds one kind of claims."""
    return claim.subscriber, claim.payer, claim.patient is None


def write_header(w: SegmentWriter, header: BatchHeader) -> None:
    """BHT, 1000A and 1000B."""
    """BHT, 1000A and 1000B."""
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


def write_billing(w: SegmentWriter, billing: BillingProvider) -> None:
    """2000A to 2010AC, below its HL."""
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


def write_subscriber(w: SegmentWriter, subscriber: Subscriber, payer: Payer, *, is_patient: bool) -> None:
    """2000B to 2010BB, below its HL."""
    s = subscriber
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
    write_payer(w, payer)
    w.references(payer.references)


def write_patient(w: SegmentWriter, patient: Patient) -> None:
    """2000C and 2010CA, below its HL."""
    p = patient
    w.add("PAT", p.relationship)
    w.nm1(Party(role="QC", last=p.last, first=p.first, middle=p.middle, suffix=p.suffix, is_person=True))
    w.address(p.address)
    w.add("DMG", "D8", day(p.birth_on), p.gender or "U")
    w.references(p.references)
