"""Claims, lines and other coverages of an 837 while their segments come in, and the frozen records made of them."""

from __future__ import annotations

from decimal import Decimal

from edi.x12.claim.model import (
    Admission,
    Attachment,
    BillingProvider,
    Cause,
    Claim,
    Diagnosis,
    Drug,
    Patient,
    Payer,
    ServiceLine,
    Subscriber,
)
from edi.x12.claim.other_payers import EMPTY, OpenAdjudication, OpenCoverage
from edi.x12.parties import OpenParty
from edi.x12.tokens import Segment
from edi.x12.values import (
    ZERO,
    Address,
    Amount,
    Event,
    RawSegment,
    Reference,
    Span,
    reference,
    to_decimal,
    to_event,
    to_procedure,
)

DIAGNOSIS_QUALIFIERS = frozenset({"ABK", "ABF", "BK", "BF"})
_TAX_IDS = frozenset({"EI", "SY"})
_ONE = Decimal(1)


class OpenLine:
    """2400 in the making."""

    def __init__(self, segment: Segment) -> None:
        self.number = segment[1]
        self.start = segment[2]
        self.sv = EMPTY
        self.charge = ZERO
        self.pointers: tuple[int, ...] = ()
        self.service = Event("472", None)
        self.references: list[Reference] = []
        self.dates: list[Event] = []
        self.amounts: list[Amount] = []
        self.notes: list[tuple[str, str]] = []
        self.providers: list[OpenParty] = []
        self.adjudications: list[OpenAdjudication] = []
        self.lin: list[str] | None = None
        self.ctp = EMPTY
        self.prescription = ""
        self.other: list[RawSegment] = []

    def take(self, elements: list[str], component: str) -> None:
        """A segment of the 2400 loop itself, or of its 2410."""
        e = elements + EMPTY
        match e[0]:
            case "SV1" | "SV2" | "SV3":
                self.sv = e
                self.charge = to_decimal(e[3] if e[0] == "SV2" else e[2]) or ZERO
                self.pointers = _pointers(e[7], component) if e[0] == "SV1" else ()
            case "DTP" if e[1] == "472":
                self.service = to_event(e[1], e[3])
            case "DTP":
                self.dates.append(to_event(e[1], e[3]))
            case "REF" if self.lin is not None:
                self.prescription = e[2].strip()
            case "REF":
                self.references.append(Reference(e[1], e[2].strip()))
            case "AMT" if (amount := to_decimal(e[2])) is not None:
                self.amounts.append(Amount(e[1], amount))
            case "NTE":
                self.notes.append((e[1], e[2]))
            case "LIN":
                self.lin = e
            case "CTP":
                self.ctp = e
            case _:
                self.other.append(tuple(elements))

    def build(self, last: Segment, component: str) -> ServiceLine:
        e = self.sv
        institutional = e[0] == "SV2"
        procedure, unit, units = (e[2], e[4], e[5]) if institutional else (e[1], e[3], e[4])
        if e[0] == "SV3":
            unit, units = "UN", e[6]
        references = tuple(self.references)
        return ServiceLine(
            procedure=to_procedure(procedure, component),
            charge=self.charge,
            units=to_decimal(units) or _ONE,
            unit=unit or "UN",
            service_on=self.service.on,
            service_through=self.service.through,
            pointers=self.pointers,
            place_of_service="" if institutional else e[5],
            line_control=reference(references, "6R"),
            emergency=not institutional and e[9] == "Y",
            revenue_code=e[1] if institutional else "",
            drug=self._drug(component),
            references=tuple(r for r in references if r.qualifier != "6R"),
            dates=tuple(self.dates),
            amounts=tuple(self.amounts),
            notes=tuple(self.notes),
            providers=tuple(p.build() for p in self.providers),
            adjudications=tuple(a.build(component) for a in self.adjudications),
            other=tuple(self.other),
            span=Span(self.number, last[1], self.start, last[3]),
        )

    def _drug(self, component: str) -> Drug | None:
        if self.lin is None:
            return None
        unit = self.ctp[5].partition(component)[0] or "UN"
        return Drug(self.lin[3], to_decimal(self.ctp[4]) or ZERO, unit, self.prescription)


class OpenClaim:
    """2300 in the making."""

    def __init__(self, segment: Segment) -> None:
        self.clm = segment[0] + EMPTY
        self.number = segment[1]
        self.start = segment[2]
        self.charge = ZERO
        self.dates: list[Event] = []
        self.references: list[Reference] = []
        self.amounts: list[Amount] = []
        self.notes: list[tuple[str, str]] = []
        self.diagnoses: list[Diagnosis] = []
        self.codes: list[RawSegment] = []
        self.providers: list[OpenParty] = []
        self.coverages: list[OpenCoverage] = []
        self.attachments: list[Attachment] = []
        self.admission: Admission | None = None
        self.lines: list[ServiceLine] = []
        self.other: list[RawSegment] = []

    def take(self, elements: list[str], component: str) -> None:
        """A segment of the 2300 loop itself."""
        e = elements + EMPTY
        match e[0]:
            case "DTP":
                self.dates.append(to_event(e[1], e[3]))
            case "REF":
                self.references.append(Reference(e[1], e[2].strip()))
            case "AMT" if (amount := to_decimal(e[2])) is not None:
                self.amounts.append(Amount(e[1], amount))
            case "NTE":
                self.notes.append((e[1], e[2]))
            case "PWK":
                self.attachments.append(Attachment(e[1], e[2], e[6].strip()))
            case "CL1":
                self.admission = Admission(e[1], e[2], e[3])
            case "HI":
                self._take_codes(elements, component)
            case _:
                self.other.append(tuple(elements))

    def _take_codes(self, elements: list[str], component: str) -> None:
        for element in elements[1:]:
            parts = element.split(component)
            if parts[0] in DIAGNOSIS_QUALIFIERS and len(parts) > 1:
                self.diagnoses.append(Diagnosis(parts[1], parts[0], "".join(parts[8:9])))
            elif element:
                self.codes.append(tuple(parts))

    def build(
        self,
        last: Segment,
        component: str,
        *,
        billing: BillingProvider,
        subscriber: Subscriber,
        patient: Patient | None,
        payer: Payer,
    ) -> Claim:
        e = self.clm
        place = [*e[5].split(component), "", ""]
        references = tuple(self.references)
        named = {q: reference(references, q) for q in ("F8", "D9", "G1", "9F")}
        return Claim(
            control=e[1].strip(),
            charge=self.charge,
            billing=billing,
            subscriber=subscriber,
            payer=payer,
            lines=tuple(self.lines),
            diagnoses=tuple(self.diagnoses),
            patient=patient,
            place_of_service=place[0],
            facility_qualifier=place[1],
            frequency=place[2],
            payer_control=named["F8"],
            provider_signature=e[6],
            assignment=e[7],
            benefits_assigned=e[8],
            release=e[9],
            patient_signature=e[10],
            cause=_cause(e[11], component),
            special_program=e[12],
            delay_reason=e[20],
            clearinghouse_control=named["D9"],
            prior_authorization=named["G1"],
            referral=named["9F"],
            references=tuple(r for r in references if r.qualifier not in named),
            dates=tuple(self.dates),
            amounts=tuple(self.amounts),
            notes=tuple(self.notes),
            codes=tuple(self.codes),
            providers=tuple(p.build() for p in self.providers),
            other_coverages=tuple(c.build() for c in self.coverages),
            attachments=tuple(self.attachments),
            admission=self.admission,
            other=tuple(self.other),
            span=Span(self.number, last[1], self.start, last[3]),
        )


def billing_of(party: OpenParty, taxonomy: str, pay_to: OpenParty | None, plan: OpenParty | None) -> BillingProvider:
    """2010AA, with the PRV of 2000A and what 2010AB and 2010AC add."""
    built = party.build()
    tax = next((r for r in built.references if r.qualifier in _TAX_IDS), Reference("EI", ""))
    return BillingProvider(
        name=built.last,
        npi=built.npi,
        tax_id=tax.value,
        address=built.address or Address(),
        tax_id_qualifier=tax.qualifier,
        first=built.first,
        middle=built.middle,
        taxonomy=taxonomy,
        is_person=built.is_person,
        references=tuple(r for r in built.references if r is not tax),
        contacts=built.contacts,
        pay_to=pay_to.address if pay_to else None,
        pay_to_plan=plan.build() if plan else None,
    )


def subscriber_of(party: OpenParty, sbr: list[str]) -> Subscriber:
    """2010BA with the SBR of 2000B."""
    built = party.build()
    return Subscriber(
        last=built.last,
        member_id=built.id,
        first=built.first,
        middle=built.middle,
        suffix=built.suffix,
        is_person=built.is_person,
        birth_on=party.birth_on,
        gender=party.gender,
        address=built.address,
        sequence=sbr[1],
        is_patient=sbr[2] == "18",
        group=sbr[3],
        group_name=sbr[4],
        insurance_type=sbr[5],
        filing_code=sbr[9],
        id_qualifier=built.id_qualifier,
        references=built.references,
    )


def patient_of(party: OpenParty, relationship: str) -> Patient:
    """2010CA with the PAT of 2000C."""
    built = party.build()
    return Patient(
        last=built.last,
        first=built.first,
        birth_on=party.birth_on,
        gender=party.gender,
        relationship=relationship,
        middle=built.middle,
        suffix=built.suffix,
        address=built.address,
        references=built.references,
    )


def _pointers(text: str, component: str) -> tuple[int, ...]:
    return tuple(int(p) for p in text.split(component) if p.isascii() and p.isdigit() and len(p) < 4)


def _cause(text: str, component: str) -> Cause | None:
    if not text:
        return None
    parts = text.split(component) + [""] * 5
    return Cause(tuple(code for code in parts[:3] if code), parts[3], parts[4])
