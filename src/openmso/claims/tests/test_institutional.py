"""A clinic bills a facility's services: from the charge to the 837I, its answer, and the UB-04 on paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from edi.x12.check import check_bytes
from edi.x12.claim.model import BatchHeader
from edi.x12.claim.model import Claim as Said
from edi.x12.claim.read import read_837
from openmso.agreements.testing import person
from openmso.charges.contracts import Occurrence, Stay, Surgery, ValueCode
from openmso.claims import pdf, testing
from openmso.claims.contracts import Claim
from openmso.claims.models.claims import Claim as Row
from openmso.claims.queries import telling
from openmso.claims.rules import ub04
from openmso.claims.services import deciding, mending, releasing, submitting
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse
from openmso.claims.tests.test_answers import UNDER, stage
from openmso.claims.tests.test_paper import drawn, inches
from openmso.exchange import testing as exchange
from openmso.exchange.contracts import PartnerFacts, PartnerKind, Transaction, Way
from openmso.exchange.queries import transmissions
from openmso.exchange.services import sending
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.platform.accounts.testing import signed_in
from openmso.platform.documents import queries as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading, scope

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DAY = date(2026, 11, 13)
STAY = Stay(
    "71", "9", "1", "01", conditions=("09",), occurrences=(Occurrence("11", date(2026, 11, 10)),),
    values=(ValueCode("80", Decimal("1.00")),),
)  # fmt: skip


@pytest.fixture
def billing(db: None) -> BillingHouse:
    return testing.billing_house(at=AT)


def clinic(billing: BillingHouse, stay: Stay | None = STAY) -> list[Claim]:
    return testing.clinic_claims(billing, at=AT, service_on=DAY, stay=stay)


def release(billing: BillingHouse, claim: Claim) -> tuple[str, bytes]:
    with billing.scope():
        submitting.submit(actor=testing.actor(AT), claim=claim.public_id, at=AT)
        (batch,) = releasing.release(actor=testing.actor(AT), practice=billing.id, at=AT)
        with reading():
            return batch.public_id, documents.read(batch.document, billing.id)


def test_a_visit_becomes_a_facility_s_claim_and_a_professional_one_beside_it(billing: BillingHouse) -> None:
    facility, professional = clinic(billing)

    assert (facility.form, professional.form) == ("I", "P")
    assert (facility.charged, professional.charged) == (Money.of("225.50"), Money.of("65.00"))
    assert facility.state is professional.state is S.READY, (facility.findings, professional.findings)
    assert [line.revenue_code for line in facility.lines] == ["0521", "0270"]


def test_the_837i_says_it_all_and_the_answer_finds_the_claim(billing: BillingHouse) -> None:
    facility, _ = clinic(billing)
    _, content = release(billing, facility)

    assert check_bytes(content, strict=True).valid, list(check_bytes(content, strict=True).all_findings())
    header, said = (one for one in read_837(content) if isinstance(one, BatchHeader | Said))
    assert isinstance(header, BatchHeader)
    assert isinstance(said, Said)
    assert header.is_institutional
    assert (said.place_of_service, said.facility_qualifier, said.frequency) == ("71", "A", "1")
    assert said.admission is not None
    assert (said.admission.kind, said.admission.source, said.admission.status) == ("9", "1", "01")
    assert {code[0] for code in said.codes} == {"BG", "BH", "BE"}
    assert [line.revenue_code for line in said.lines] == ["0521", "0270"]
    assert said.provider("71") is not None
    with billing.scope():
        testing.answer(billing, {facility.public_id: "A2:20"}, at=AT)
        assert testing.told(facility.public_id).state is S.ACCEPTED


def test_without_a_type_of_bill_it_waits_and_a_biller_says_it(billing: BillingHouse) -> None:
    facility, _ = clinic(billing, stay=None)
    assert facility.state is S.HELD
    assert facility.findings[0].code == "stay_missing"

    with billing.scope():
        mending.say_stay(
            actor=testing.actor(AT), claim=facility.public_id, stay=STAY, revenue={2: "0271"}, at=AT,
            sheet_version=facility.sheet_version,
        )  # fmt: skip
        mended = testing.told(facility.public_id)
    assert mended.state is S.READY
    assert mended.lines[1].revenue_code == "0271"
    assert mended.charged == facility.charged


def test_a_professional_claim_has_no_part_of_a_facility(billing: BillingHouse) -> None:
    _, professional = clinic(billing)
    with billing.scope(), pytest.raises(Refused, match="no part of a facility"):
        mending.say_stay(actor=testing.actor(AT), claim=professional.public_id, stay=STAY, at=AT)


def test_on_the_ub04_each_value_stands_in_its_place(billing: BillingHouse) -> None:
    facility, _ = clinic(billing)
    with billing.scope(), reading():
        sheet = telling.sheet_of(facility.public_id, today=AT.date())
    (page,) = ub04.pages(sheet)
    there = {(cell.item, cell.row): cell.text for cell in page}

    assert there["4", 2] == "0711"
    assert there["42", 18] == "0521"
    assert there["44", 18] == "99213 CG"
    assert there["42", 40] == "0001"
    assert there["47", 40].split() == ["225", "50"]
    assert there["76", 56] == sheet.attending.npi  # type: ignore[union-attr]
    taken: dict[int, list[tuple[int, int]]] = {}
    for cell in page:
        taken.setdefault(cell.row, []).append((cell.column, cell.column + len(cell.text)))
    for row in taken.values():
        row.sort()
        assert all(end <= begin for (_, end), (begin, _) in pairwise(row)), row
    on_paper = drawn(pdf.stock(sheet))
    assert {inches(on_paper, cell, left=10, top=3) for cell in page} == {True}, "a ruler held to the page"
    assert pdf.plain(sheet).startswith(b"%PDF")


def test_a_payer_that_takes_paper_gets_it_by_mail_and_its_clock_runs_from_then(billing: BillingHouse) -> None:
    mso = tenancy.mso()
    mail = exchange.partner(mso, PartnerFacts("Mail room of the payer", PartnerKind.PAYER, Way.PAPER), at=AT)
    exchange.route(mso, [mail], at=AT, payer=billing.payer.id, transaction=Transaction.CLAIM_I)
    facility, _ = clinic(billing)
    batch, content = release(billing, facility)
    assert content.startswith(b"%PDF")

    with scope(practices=[billing.id, mso], entities=[billing.house.entity.id]):
        with reading():
            row = transmissions.of_subjects("claims.batch", [batch])[batch]
        assert row.words == "Print it and mail it to Mail room of the payer."
        mailed = AT + timedelta(days=3)
        sending.handed_in(actor=testing.actor(mailed), transmission=row.public_id, words="Tracking 9400", at=mailed)
    outbox.deliver_pending(at=mailed)
    with billing.scope(), reading():
        assert Row.objects.get(public_id=facility.public_id).sent_at == mailed
        printed = telling.printed(batch)
    assert [key.public_id for key in printed.keys] == [facility.public_id]

    bo = signed_in(person("bo@rockland.example", "Bo", practice=billing.id, role="practice_owner", at=AT))
    page = f"/claims/batches/{batch}/"
    moved = bo.get(f"{page}paper.pdf", {"left": "9", "top": "-4"})
    pairs = zip(drawn(content), drawn(moved.content), strict=True)
    assert {(round(x - was_x, 1), round(y - was_y, 1)) for (was_x, was_y), (x, y) in pairs} == {(9.0, -4.0)}
    assert drawn(bo.get(f"{page}paper.pdf").content) == drawn(moved.content)  # its browser keeps the printer's
    assert b'value="-4"' in bo.get(page).content


def test_the_reason_for_the_visit_and_the_procedures_of_a_stay_are_said_in_the_837i_and_on_paper(
    billing: BillingHouse,
) -> None:
    facility, _ = clinic(billing, stay=None)
    stay = Stay(
        "11", "1", "1", "01", DAY, "08", "17", "K3580", visit_reasons=("R1031", "R112"),
        procedures=(Surgery("0DTJ4ZZ", DAY), Surgery("0DJD8ZZ", DAY)),
    )  # fmt: skip
    with billing.scope():
        mending.say_stay(actor=testing.actor(AT), claim=facility.public_id, stay=stay, at=AT)
        with reading():
            sheet = telling.sheet_of(facility.public_id, today=AT.date())
    _, content = release(billing, facility)

    assert check_bytes(content, strict=True).valid, list(check_bytes(content, strict=True).all_findings())
    (said,) = (one for one in read_837(content) if isinstance(one, Said))
    day = f"{DAY:%Y%m%d}"
    assert [code[:4] for code in said.codes if code[0] in {"APR", "BBR", "BBQ"}] == [
        ("APR", "R1031"), ("APR", "R112"), ("BBR", "0DTJ4ZZ", "D8", day), ("BBQ", "0DJD8ZZ", "D8", day),
    ]  # fmt: skip
    (page,) = ub04.pages(sheet)
    assert [cell.text for cell in page if cell.item in {"70", "74"}] == [
        "R1031", "R112", "0DTJ4ZZ", f"{DAY:%m%d%y}", "0DJD8ZZ", f"{DAY:%m%d%y}",
    ]  # fmt: skip


def test_a_payer_that_answers_by_revenue_code_is_matched_by_it_and_the_charge(billing: BillingHouse) -> None:
    facility, _ = clinic(billing)
    release(billing, facility)
    with billing.scope(), atomic.open():
        deciding.open_adjudications()
        answered = [("", "0270", "15.50", "10.00"), ("", "0521", "210.00", "150.00"), ("", "0270", "99.00", "0")]
        stage(1, billing, facility.public_id, answered, paid="160.00")
        deciding.match_adjudications()
        deciding.apply_adjudications(actor=testing.actor(AT), at=AT, under=UNDER)

    with billing.scope():
        told = testing.told(facility.public_id)
    assert [line.paid for line in told.lines] == [Money.of("150.00"), Money.of("10.00")]
