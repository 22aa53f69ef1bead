"""Synthetic, balanced files of any size, the same every time: written by our own writers, claim by claim."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from edi.x12.claim.model import (
    Batch,
    BatchHeader,
    BillingProvider,
    Claim,
    Diagnosis,
    Payer,
    ServiceLine,
    Subscriber,
)
from edi.x12.claim.write import write_837p
from edi.x12.output import Envelope
from edi.x12.remittance.model import (
    ClaimPayment,
    PaymentTerms,
    Remittance,
    RemittanceHeader,
    ServicePayment,
)
from edi.x12.remittance.write import write_835
from edi.x12.values import Address, Adjustment, Amount, Contact, Event, Party, Procedure, Reference

SEED = 7
AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ENVELOPE = Envelope(sender="PAYER001", receiver="PRACTICE01", control=1, group_control=1, at=AT)
CODES = ("99213", "99214", "99203", "99204", "93000", "36415", "80053", "85025", "71046", "20610")
LAST = ("SMITH", "JOHNSON", "WILLIAMS", "BROWN", "JONES", "GARCIA", "MILLER", "DAVIS", "LOPEZ", "WILSON")
FIRST = ("JAMES", "MARY", "ROBERT", "PATRICIA", "JOHN", "JENNIFER", "MICHAEL", "LINDA", "DAVID", "ANNA")
SERVED, PAID = date(2025, 11, 3), date(2026, 1, 5)
WHERE = Address("1 CLINIC WAY", "", "SPRINGFIELD", "IL", "627010001")
DOCTOR = Party(role="82", last="DOE", first="JANE", is_person=True, id_qualifier="XX", id="1999999992")


def cents(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)


def write_era(path: Path, *, claims: int, per_set: int) -> None:
    rng = random.Random(SEED)
    numbers = range(1, claims + 1)
    sets = [numbers[at : at + per_set] for at in range(0, claims, per_set)]
    made = (_remittance(rng, position, chunk) for position, chunk in enumerate(sets, start=1))
    path.write_bytes(write_835(made, ENVELOPE))


def _remittance(rng: random.Random, position: int, numbers: range) -> Remittance:
    claims = tuple(_claim_payment(rng, number) for number in numbers)
    header = RemittanceHeader(
        control=f"{position:04}",
        payment=PaymentTerms(
            amount=sum((c.paid for c in claims), Decimal(0)),
            paid_on=PAID,
            format="CCP",
            sender_routing="011000015",
            sender_account="123456789",
            originator="1512345678",
            receiver_routing="011000028",
            receiver_account="987654321",
        ),
        trace=f"TRACE{position:08}",
        trace_payer="1512345678",
        payer=Party(
            role="PR",
            last="EXAMPLE HEALTH PLAN",
            address=WHERE,
            contacts=(Contact("BL", "EDI SUPPORT", (("TE", "8005550100"),)),),
        ),
        payee=Party(role="PE", last="EXAMPLE MEDICAL GROUP", id_qualifier="XX", id="1999999984"),
        production_on=PAID,
    )
    return Remittance(header, claims)


def _claim_payment(rng: random.Random, number: int) -> ClaimPayment:
    lines = tuple(_line_payment(rng, f"{number}L{position}") for position in (1, 2, 3))
    patient = Party(
        role="QC",
        last=rng.choice(LAST),
        first=rng.choice(FIRST),
        is_person=True,
        id_qualifier="MI",
        id=f"W{number:09}",
    )
    return ClaimPayment(
        control=f"PCN{number:07}",
        status="1",
        charge=sum((line.charge for line in lines), Decimal(0)),
        paid=sum((line.paid for line in lines), Decimal(0)),
        filing_code="12",
        payer_control=f"ICN{number:011}",
        facility_code="11",
        frequency="1",
        patient_responsibility=sum((line.charge - line.paid for line in lines), Decimal(0)),
        parties=(patient, DOCTOR),
        references=(Reference("EA", f"MRN{number}"),),
        dates=(Event("232", SERVED), Event("050", PAID)),
        lines=lines,
        group="1",
    )


def _line_payment(rng: random.Random, control: str) -> ServicePayment:
    charge = rng.randrange(5000, 40000)
    contractual = rng.randrange(500, charge // 2)
    patient = min(rng.choice((0, 1500, 2000, 2500)), charge - contractual)
    adjustments = [Adjustment("CO", "45", cents(contractual))]
    if patient:
        adjustments.append(Adjustment("PR", "3", cents(patient)))
    return ServicePayment(
        procedure=Procedure("HC", rng.choice(CODES), rng.choice(((), ("25",), ("59",)))),
        charge=cents(charge),
        paid=cents(charge - contractual - patient),
        units=Decimal(1),
        dates=(Event("472", SERVED),),
        adjustments=tuple(adjustments),
        references=(Reference("6R", control),),
        amounts=(Amount("B6", cents(charge - contractual)),),
        remarks=("N130",) if control.endswith("L1") else (),
    )


def claim_batches(*, claims: int, per_set: int) -> list[Batch]:
    """Professional claims, each with its own subscriber and three lines."""
    rng = random.Random(SEED)
    billing = BillingProvider("EXAMPLE MEDICAL GROUP", "1999999984", "123456789", WHERE, taxonomy="207Q00000X")
    payer = Payer("EXAMPLE HEALTH PLAN", "99999")
    desk = (Contact("IC", "EDI DESK", (("TE", "8005550100"),)),)
    batches = []
    for position, at in enumerate(range(0, claims, per_set), start=1):
        header = BatchHeader(
            reference=f"B{position:06}",
            created_on=AT.date(),
            created_at=time(12, 0),
            submitter=Party(role="41", last="EXAMPLE MSO", id_qualifier="46", id="MSO001", contacts=desk),
            receiver=Party(role="40", last="EXAMPLE CLEARINGHOUSE", id_qualifier="46", id="CLH001"),
            control=f"{position:04}",
        )
        numbers = range(at + 1, min(at + per_set, claims) + 1)
        batches.append(Batch(header, tuple(_claim(rng, number, billing, payer) for number in numbers)))
    return batches


def _claim(rng: random.Random, number: int, billing: BillingProvider, payer: Payer) -> Claim:
    lines = tuple(
        ServiceLine(
            procedure=Procedure("HC", rng.choice(CODES)),
            charge=cents(rng.randrange(5000, 40000)),
            service_on=SERVED,
            pointers=(1, 2),
            line_control=f"{number}L{position}",
        )
        for position in (1, 2, 3)
    )
    subscriber = Subscriber(
        last=rng.choice(LAST),
        first=rng.choice(FIRST),
        member_id=f"W{number:09}",
        birth_on=date(rng.randrange(1940, 1999), rng.randrange(1, 10), rng.randrange(10, 20)),
        gender=rng.choice("MF"),
        address=WHERE,
    )
    return Claim(
        control=f"PCN{number:07}",
        charge=sum((line.charge for line in lines), Decimal(0)),
        billing=billing,
        subscriber=subscriber,
        payer=payer,
        lines=lines,
        diagnoses=(Diagnosis("E119"), Diagnosis("I10")),
        clearinghouse_control=f"CLH{number:010}",
        providers=(DOCTOR,),
    )


def write_claims(path: Path, *, claims: int, per_set: int) -> None:
    path.write_bytes(write_837p(claim_batches(claims=claims, per_set=per_set), ENVELOPE))
