"""Records and files that the tests of the codec share: a small practice, its payers, a claim, a payment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from edi.x12.claim.model import (
    Batch,
    BatchHeader,
    BillingProvider,
    Claim,
    Diagnosis,
    LineAdjudication,
    OtherCoverage,
    Patient,
    Payer,
    ServiceLine,
    Subscriber,
)
from edi.x12.output import Envelope
from edi.x12.remittance.model import (
    ClaimPayment,
    PaymentTerms,
    ProviderAdjustment,
    ProviderAdjustmentItem,
    Remittance,
    RemittanceHeader,
    ServicePayment,
)
from edi.x12.values import Address, Adjustment, Amount, Contact, Event, Party, Procedure, Reference

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
SERVED = date(2025, 11, 3)
PAID = date(2025, 12, 1)

ENVELOPE = Envelope(sender="MSO001", receiver="PAYER1", control=1, group_control=1, at=AT)

CLINIC = BillingProvider(
    name="Rockland Dermatology LLC",
    npi="1999999984",
    tax_id="123456789",
    address=Address("1 Clinic Way", "", "Springfield", "IL", "62701-0001"),
    taxonomy="207N00000X",
)
PAYER = Payer(name="Example Health Plan", id="99999")
MEDICARE = Payer(name="Medicare Part B", id="00952")
ANNA = Subscriber(
    last="Muñoz",
    first="Anna",
    member_id="W000000001",
    birth_on=date(1980, 2, 3),
    gender="F",
    address=Address("22 Oak St", "", "Springfield", "IL", "62701"),
)
BEN = Patient(last="Muñoz", first="Ben", birth_on=date(2015, 4, 5), gender="M", address=ANNA.address)
DOCTOR = Party(
    role="82",
    last="Doe",
    first="Jane",
    is_person=True,
    id_qualifier="XX",
    id="1999999992",
    taxonomy="207N00000X",
)


def money(text: str) -> Decimal:
    return Decimal(text)


def visit(charge: str = "150.00", *, code: str = "99213", control: str = "1L1") -> ServiceLine:
    return ServiceLine(
        procedure=Procedure("HC", code, ("25",)),
        charge=money(charge),
        service_on=SERVED,
        line_control=control,
    )


def claim(control: str = "PCN0000001", **changes: object) -> Claim:
    lines = changes.pop("lines", (visit("150.00"), visit("50.50", code="11102", control="1L2")))
    assert isinstance(lines, tuple)
    values: dict[str, object] = {
        "control": control,
        "charge": sum((line.charge for line in lines), Decimal(0)),
        "billing": CLINIC,
        "subscriber": ANNA,
        "payer": PAYER,
        "lines": lines,
        "diagnoses": (Diagnosis("L57.0"), Diagnosis("I10")),
        "providers": (DOCTOR,),
    }
    return Claim(**(values | changes))  # type: ignore[arg-type]


def secondary_claim() -> Claim:
    """Medicare has paid 80 of 100; 20 is the patient's and goes to the second payer."""
    adjudication = LineAdjudication(
        payer_id=MEDICARE.id,
        paid=money("80"),
        procedure=Procedure("HC", "99213"),
        adjustments=(Adjustment("PR", "2", money("15")), Adjustment("PR", "1", money("5"))),
        paid_on=PAID,
        remaining=money("20"),
    )
    line = ServiceLine(
        procedure=Procedure("HC", "99213"),
        charge=money("100"),
        service_on=SERVED,
        line_control="2L1",
        adjudications=(adjudication,),
    )
    coverage = OtherCoverage(
        payer=MEDICARE,
        subscriber=Party(role="IL", last="Muñoz", first="Anna", is_person=True, id_qualifier="MI", id="1EG4TE5MK73"),
        filing_code="MB",
        paid=money("80"),
        remaining=money("20"),
        outpatient=("MOA", "", "", "MA01"),
        claim_control="ICN123",
    )
    subscriber = Subscriber(
        last="Muñoz",
        first="Anna",
        member_id="W1",
        sequence="S",
        birth_on=ANNA.birth_on,
        gender="F",
        address=ANNA.address,
    )
    return claim("PCN2", lines=(line,), subscriber=subscriber, other_coverages=(coverage,))


def batch(*claims: Claim, control: str = "0001") -> Batch:
    header = BatchHeader(
        reference="B000001",
        created_on=AT.date(),
        created_at=time(12, 0),
        submitter=Party(
            role="41",
            last="Example MSO",
            id_qualifier="46",
            id="MSO001",
            contacts=(Contact("IC", "EDI Desk", (("TE", "8005550100"),)),),
        ),
        receiver=Party(role="40", last="Example Clearinghouse", id_qualifier="46", id="CLH001"),
        control=control,
    )
    return Batch(header, claims)


def payment_line(charge: str, paid: str, *adjustments: Adjustment, control: str = "1L1") -> ServicePayment:
    return ServicePayment(
        procedure=Procedure("HC", "99213", ("25",)),
        charge=money(charge),
        paid=money(paid),
        units=Decimal(1),
        dates=(Event("472", SERVED, None, "20251103"),),
        adjustments=adjustments,
        references=(Reference("6R", control),),
        amounts=(Amount("B6", money(paid)),),
        remarks=("N130",),
    )


def claim_payment(control: str = "PCN0000001", *lines: ServicePayment, status: str = "1") -> ClaimPayment:
    lines = lines or (
        payment_line("150", "100", Adjustment("CO", "45", money("30")), Adjustment("PR", "3", money("20"))),
    )
    return ClaimPayment(
        control=control,
        status=status,
        charge=sum((line.charge for line in lines), Decimal(0)),
        paid=sum((line.paid for line in lines), Decimal(0)),
        patient_responsibility=money("20"),
        filing_code="12",
        payer_control="ICN" + control,
        facility_code="11",
        frequency="1",
        parties=(Party(role="QC", last="MUNOZ", first="ANNA", is_person=True, id_qualifier="MI", id="W000000001"),),
        dates=(Event("232", SERVED, None, "20251103"),),
        lines=lines,
        group="1",
    )


def remittance(*claims: ClaimPayment, taken: str = "0", control: str = "0001") -> Remittance:
    claims = claims or (claim_payment(),)
    paid = sum((c.paid for c in claims), Decimal(0))
    items = (ProviderAdjustmentItem("WO", "TAKEBACK1", money(taken)),)
    header = RemittanceHeader(
        control=control,
        payment=PaymentTerms(
            amount=paid - money(taken),
            method="ACH",
            paid_on=PAID,
            format="CCP",
            sender_routing="011000015",
            sender_account="123456789",
            originator="1512345678",
            receiver_routing="011000028",
            receiver_account="987654321",
        ),
        trace="TRACE00000001",
        trace_payer="1512345678",
        payer=Party(
            role="PR",
            last="EXAMPLE HEALTH PLAN",
            address=Address("100 MAIN ST", "", "SPRINGFIELD", "IL", "627010000"),
            contacts=(Contact("BL", "EDI SUPPORT", (("TE", "8005550100"),)),),
        ),
        payee=Party(role="PE", last="ROCKLAND DERMATOLOGY", id_qualifier="XX", id="1999999984"),
        production_on=PAID,
    )
    adjustments = (ProviderAdjustment("1999999984", date(2026, 12, 31), items),) if money(taken) else ()
    return Remittance(header, claims, adjustments)
