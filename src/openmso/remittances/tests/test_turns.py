"""Payers one after the other: the second and third are asked for what the first left, with what it decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from edi.x12.check import check_bytes
from edi.x12.claim.model import Claim as EdiClaim
from edi.x12.claim.read import read_837
from openmso.charges import testing as charges
from openmso.charges.contracts import ChargeDraft
from openmso.claims.models.claims import Claim
from openmso.claims.models.claims import Decision as Decided
from openmso.claims.queries import sheets, turns, worklist
from openmso.claims.services import building, correcting, releasing, submitting, turning
from openmso.claims.states import S
from openmso.kit.errors import Conflict
from openmso.kit.money import Money
from openmso.parties import testing as parties
from openmso.parties.contracts import Payer
from openmso.patients import testing as patients
from openmso.patients.contracts import Order
from openmso.platform.documents import queries as documents
from openmso.platform.work import queries as work
from openmso.remittances.queries import payments
from openmso.remittances.services import asking
from openmso.remittances.testing import ClaimPayment, claim, line, reversal
from openmso.remittances.tests.office import AT, SERVED, Office, office_of
from openmso.scheduling import testing as scheduling

FIRST = ("CO 45 45.00", "CO 253 0.50", "PR 1 10.00", "PR 2 5.00")


@dataclass(slots=True)
class House:
    """An office with three payers, and a patient whom all of them cover."""

    office: Office
    payers: tuple[Payer, ...]

    def sent(self, *, covers: int = 2, charge: str = "140.00") -> Claim:
        """A claim that left for the first of the patient's payers, through the real services."""
        office = self.office
        with office.scope():
            patient = patients.patient(practice=office.practice, at=AT)
            for payer, order, number in zip(self.payers[:covers], Order, ("W1111", "W2222", "W3333"), strict=False):
                patients.coverage(patient, payer_id=payer.id, at=AT, order=order, member_id=number)
            visit = scheduling.visit(office.house, patient_id=patient.id, service_on=SERVED, at=AT)
            drafts = [ChargeDraft("99213", SERVED, ("25",), (1,), amount=Money.of(charge))]
            charges.charged(visit, at=AT, lines=drafts, diagnoses=("E119",))
            name = building.build(actor=office.actor, practice=office.practice, at=AT, visit_ids=[visit.id]).claims[0]
            submitting.submit(actor=office.actor, claim=name, at=AT)
            releasing.release(actor=office.actor, practice=office.practice, at=AT)
        return office.claim(name)

    def decide(self, sent: Claim, payer: int, *reasons: str, paid: str, status: str, icn: str) -> ClaimPayment:
        """One payer's decision, posted."""
        control = f"{sent.control}-01"
        made = claim(
            sent.control, line("99213", "140.00", paid=paid, reasons=reasons, control=control), status=status,
            payer_control=icn,
        )  # fmt: skip
        self.office.pay(made, payer=self.payers[payer].edi_id)
        return made

    def first(self, sent: Claim, *, status: str = "1") -> ClaimPayment:
        """The first payer pays 79.50 of 140, leaves 15 to the patient."""
        return self.decide(sent, 0, *FIRST, paid="79.50", status=status, icn="ICN-1")

    def release(self, name: str) -> EdiClaim:
        """Send the claim; what stands in the file."""
        office = self.office
        with office.scope():
            submitting.submit(actor=office.actor, claim=name, at=AT)
            (batch,) = releasing.release(actor=office.actor, practice=office.practice, at=AT)
        with office.reading():
            content = documents.read(batch.document, office.practice)
        assert check_bytes(content, strict=True).valid
        (said,) = (record for record in read_837(content) if isinstance(record, EdiClaim))
        return said

    def whole(self, name: str) -> Claim:
        """The claim, after proving that no cent of it is lost: by claim, by line, by decisions, in the books."""
        row = self.office.claim(name)
        assert row.total_amount == row.paid_amount + row.adjusted_amount + row.patient_amount + row.open_amount
        with self.office.reading():
            for part, column in (
                ("paid", "paid_amount"),
                ("adjusted", "adjusted_amount"),
                ("patient", "patient_amount"),
            ):
                of_lines = sum(one[0] for one in row_lines(row).values_list(column))
                of_claim = sum(one[0] for one in Decided.objects.filter(claim=row).values_list(column))
                assert of_claim == getattr(row, column), part
                assert of_lines == getattr(row, column), part
            share = payments.patient_share(practice=self.office.practice, claim_ids=[row.pk]).get(row.pk, Money.of(0))
        assert share.amount == row.patient_amount
        books = self.office.balances()
        assert books.get("1110", Decimal(0)) == row.patient_amount, "the patient's receivable"
        assert books.get("1100", Decimal(0)) == row.open_amount, "the insurers' receivable"
        return row

    def items(self, name: str) -> list[str]:
        with self.office.reading():
            return [item.kind for item in work.open_for(("claims.claim", name), at=AT)]


def row_lines(row: Claim):  # type: ignore[no-untyped-def]
    from openmso.claims.models.claims import ClaimLine

    return ClaimLine.objects.filter(claim=row)


@pytest.fixture(scope="module")
def _house(built_once: None) -> House:
    house = parties.practice(at=AT, code="TURN", name="Turn Street Practice")
    mso = parties.mso(at=AT, code="MTURN", name="MSO of Turn Street")
    three = tuple(
        parties.payer(mso, at=AT, edi_id=number, name=name)
        for number, name in (("60054", "First Health"), ("SECND", "Second Mutual"), ("THIRD", "Third Benefit"))
    )
    office = office_of(house, three[0], at=AT)
    with office.scope():
        charges.fee_schedule(practice=house.id, at=AT)
    return House(office, three)


@pytest.fixture
def house(db: None, _house: House) -> House:
    return replace(_house, office=replace(_house.office))


class TestSecondaryClaimsCarryEveryReason:
    """Pain: secondary claims carry wrong CAS, several reasons of a group are lost (rcm 1.3 no. 1, 1.4 no. 3)."""

    def test_pain_1_4_3_secondary_claims_tell_what_the_first_payer_decided_word_for_word(self, house: House) -> None:
        sent = house.sent()
        house.first(sent)

        after = house.whole(sent.public_id)
        assert (after.state, after.ordinal, after.payer_id) == (S.READY, "S", house.payers[1].id)
        assert (after.patient_amount, after.open_amount) == (Decimal(0), Decimal(15)), (
            "asked of the next payer, not of the patient"
        )

        said = house.release(sent.public_id)
        assert (said.subscriber.sequence, said.payer.id, said.subscriber.member_id) == ("S", "SECND", "W2222")
        (coverage,) = said.other_coverages
        assert (coverage.sequence, coverage.payer.id, coverage.subscriber.id) == ("P", "60054", "W1111")
        assert (coverage.paid, coverage.remaining, coverage.claim_control) == (
            Decimal("79.50"),
            Decimal("15.00"),
            "ICN-1",
        )
        (decided,) = said.lines[0].adjudications
        assert (decided.payer_id, decided.paid, decided.paid_on) == ("60054", Decimal("79.50"), date(2026, 3, 12))
        assert [f"{a.group} {a.reason} {a.amount:.2f}" for a in decided.adjustments] == list(FIRST)
        assert coverage.adjustments == (), "what lines say is not said again for the claim"

    def test_reasons_of_the_claim_level_stand_at_the_claim_level(self, house: House) -> None:
        sent = house.sent()
        made = claim(
            sent.control, line("99213", "140.00", paid="95.00", reasons=["CO 45 45.00"], control=f"{sent.control}-01"),
            reasons=["PR 1 10.00", "PR 2 5.00"], payer_control="ICN-1",
        )  # fmt: skip
        house.office.pay(made, payer="60054")

        said = house.release(sent.public_id)

        (coverage,) = said.other_coverages
        assert [(a.group, a.reason, a.amount) for a in coverage.adjustments] == [("PR", "1", 10), ("PR", "2", 5)]
        assert (coverage.paid, coverage.remaining) == (80, 15)
        assert [a.reason for a in said.lines[0].adjudications[0].adjustments] == ["45"]


class TestTheChain:
    def test_three_payers_and_the_patient_account_for_every_cent(self, house: House) -> None:
        sent = house.sent(covers=3)
        house.first(sent)
        house.release(sent.public_id)
        house.decide(sent, 1, "OA 23 125.00", "PR 3 5.00", paid="10.00", status="2", icn="ICN-2")

        third = house.whole(sent.public_id)
        assert (third.state, third.ordinal, third.open_amount, third.paid_amount) == (S.READY, "T", 5, Decimal("89.50"))
        said = house.release(sent.public_id)
        assert [one.sequence for one in said.other_coverages] == ["P", "S"]
        assert [a.payer_id for a in said.lines[0].adjudications] == ["60054", "SECND"]
        house.decide(sent, 2, "OA 23 135.00", "PR 3 2.00", paid="3.00", status="3", icn="ICN-3")

        after = house.whole(sent.public_id)
        assert (after.state, after.paid_amount, after.patient_amount, after.open_amount) == (
            S.PAID,
            Decimal("92.50"),
            2,
            0,
        )
        with house.office.reading():
            chain = turns.chain(sent.public_id)
            assert worklist.conservation(practice=house.office.practice).holds
        assert [(one.words, one.payer) for one in chain] == [
            ("primary", "First Health"), ("secondary", "Second Mutual"), ("tertiary", "Third Benefit"),
        ]  # fmt: skip

    def test_a_second_payer_that_calls_itself_the_first_is_known_all_the_same(self, house: House) -> None:
        sent = house.sent()
        house.first(sent)
        house.release(sent.public_id)
        house.decide(sent, 1, "OA 23 125.00", "PR 3 5.00", paid="10.00", status="1", icn="ICN-2")

        after = house.whole(sent.public_id)
        assert (after.state, after.patient_amount) == (S.PAID, 5)

    def test_what_one_payer_denied_is_worked_on_before_the_next_is_asked(self, house: House) -> None:
        sent = house.sent()
        house.decide(sent, 0, "CO 197 140.00", paid="0", status="1", icn="ICN-1")

        assert house.whole(sent.public_id).state == S.DENIED

    def test_without_a_further_coverage_the_rest_is_the_patients(self, house: House) -> None:
        sent = house.sent(covers=1)
        house.first(sent)

        after = house.whole(sent.public_id)
        assert (after.state, after.patient_amount, after.ordinal) == (S.PAID, 15, "P")


class TestDidThePrimaryCrossOver:
    """Pain: the biller works out by hand whether the primary sent the claim on (rcm 1.3 no. 11)."""

    @pytest.mark.parametrize("status", ["19"])
    def test_a_crossed_over_claim_is_not_billed_and_says_until_when_it_waits(self, house: House, status: str) -> None:
        sent = house.sent()
        house.first(sent, status=status)

        after = house.whole(sent.public_id)
        assert (after.ordinal, after.forwarded, after.open_amount) == ("P", True, 15)
        with house.office.reading():
            told = turns.chain(sent.public_id)[-1]
        assert (told.payer, told.ordinal) == ("Second Mutual", "S")
        assert "not billed" in told.state
        assert "11 Apr 2026" in told.state, "thirty days"

        house.decide(sent, 1, "OA 23 125.00", "PR 3 5.00", paid="10.00", status="2", icn="X-2")

        after = house.whole(sent.public_id)
        assert (after.state, after.patient_amount, after.forwarded) == (S.PAID, 5, False)

    def test_a_crossover_that_nobody_answers_becomes_work_and_may_be_billed(self, house: House) -> None:
        sent = house.sent()
        house.first(sent, status="19")
        office = house.office
        with office.scope():
            assert turning.late_crossovers(at=AT + timedelta(days=29)) == 0
            assert turning.late_crossovers(at=AT + timedelta(days=32)) == 1
        assert house.items(sent.public_id) == ["claims.crossover_late"]

        with office.scope():
            asking.ask_next(actor=office.actor, claim=sent.public_id, at=AT)

        after = house.whole(sent.public_id)
        assert (after.state, after.ordinal, after.forwarded) == (S.READY, "S", False)
        assert house.items(sent.public_id) == []
        assert house.release(sent.public_id).other_coverages[0].claim_control == "ICN-1"


class TestByHand:
    def test_a_coverage_that_comes_to_light_late_is_asked_and_the_patient_is_not(self, house: House) -> None:
        sent = house.sent(covers=1)
        house.first(sent)
        office = house.office
        with office.scope(), pytest.raises(turning.NotThisTurn, match="no further coverage"):
            asking.ask_next(actor=office.actor, claim=sent.public_id, at=AT)
        add_second(house, sent)

        with office.scope():
            asking.ask_next(actor=office.actor, claim=sent.public_id, at=AT)

        after = house.whole(sent.public_id)
        assert (after.state, after.patient_amount, after.open_amount) == (S.READY, 0, 15)

        with office.scope():
            asking.leave_to_patient(actor=office.actor, claim=sent.public_id, why="Plan was not in force", at=AT)

        after = house.whole(sent.public_id)
        assert (after.state, after.ordinal, after.patient_amount) == (S.PAID, "P", 15)

    def test_a_claim_that_one_payer_judged_is_neither_dropped_nor_changed(self, house: House) -> None:
        sent = house.sent()
        house.first(sent)
        office = house.office
        with office.scope(), pytest.raises(Conflict, match="not dropped"):
            building.drop(actor=office.actor, claim=sent.public_id, why="No", at=AT)
        with office.scope(), pytest.raises(correcting.NotEditable):
            correcting.change(
                actor=office.actor, claim=sent.public_id, fields={}, at=AT,
                lines={1: correcting.LineChange(units=Decimal(2))},
            )  # fmt: skip


class TestTheFirstPayerChangesItsMind:
    def test_before_the_second_was_asked_it_is_told_the_new_decision(self, house: House) -> None:
        sent = house.sent()
        made = house.first(sent)
        self.correct(house, sent, made)

        after = house.whole(sent.public_id)
        assert (after.state, after.open_amount) == (S.READY, 25)
        assert house.items(sent.public_id) == []
        (coverage,) = house.release(sent.public_id).other_coverages
        assert (coverage.paid, coverage.remaining, coverage.claim_control) == (Decimal("69.50"), 25, "ICN-1C")

    def test_after_the_second_was_asked_a_person_gets_words(self, house: House) -> None:
        sent = house.sent()
        made = house.first(sent)
        house.release(sent.public_id)
        self.correct(house, sent, made)

        after = house.whole(sent.public_id)
        assert after.state == S.SENT, "the second payer still has it"
        with house.office.reading():
            (item,) = work.open_for(("claims.claim", sent.public_id), at=AT)
        assert item.kind == "claims.earlier_payer_changed"
        assert "had paid 79.50 and left 15.00; now it is 69.50 and 25.00" in item.why

        house.decide(sent, 1, "OA 23 125.00", "PR 3 5.00", paid="10.00", status="2", icn="ICN-2")
        with house.office.scope():
            asking.ask_again(actor=house.office.actor, claim=sent.public_id, why="New decision", at=AT)
        said = house.release(sent.public_id)
        assert (said.frequency, said.payer_control) == ("7", "ICN-2")
        assert said.other_coverages[0].paid == Decimal("69.50")
        assert house.items(sent.public_id) == []

    def correct(self, house: House, sent: Claim, made: ClaimPayment) -> None:
        anew = claim(
            sent.control,
            line("99213", "140.00", paid="69.50", control=f"{sent.control}-01",
                 reasons=["CO 45 45.00", "PR 1 20.00", "PR 2 5.00", "CO 253 0.50"]),
            payer_control="ICN-1C",
        )  # fmt: skip
        house.office.pay(reversal(made), anew, payer="60054", provider=[("FB", "EFT-C", "-10.00")])

    def test_in_whatever_order_the_files_come_the_patient_owes_the_same(self, house: House) -> None:
        sent = house.sent()
        made = house.first(sent)
        house.release(sent.public_id)
        house.decide(sent, 1, "OA 23 125.00", "PR 3 5.00", paid="10.00", status="2", icn="ICN-2")
        self.correct(house, sent, made)

        after = house.whole(sent.public_id)
        assert (after.patient_amount, after.paid_amount, after.open_amount) == (5, Decimal("79.50"), 10)


class TestScrub:
    def test_what_a_later_payer_must_be_told_is_told_or_the_claim_waits(self, house: House) -> None:
        sent = house.sent()
        made = claim(
            sent.control, line("99214", "140.00", paid="80.00", reasons=["CO 45 45.00", "PR 1 15.00"], on=date(2026, 1, 5)),
            payer_control="ICN-1",
        )  # fmt: skip
        house.office.pay(made, payer="60054")

        after = house.office.claim(sent.public_id)
        assert after.state == S.HELD
        assert after.hold_reason == "1 of the lines that First Health decided fit no line of this claim."

    def test_the_days_to_file_count_from_what_the_first_payer_decided(self, house: House) -> None:
        sent = house.sent()
        house.first(sent)
        after = house.office.claim(sent.public_id)
        with house.office.reading():
            sheet, _ = sheets.sheets([after], today=AT.date())[after.pk]
        assert sheet.payer is not None
        assert after.due_on == date(2026, 3, 12) + timedelta(days=sheet.payer.filing_days)


def add_second(house: House, sent: Claim) -> None:
    office = house.office
    with office.scope():
        from openmso.patients import services
        from openmso.patients.contracts import CoverageDraft

        draft = CoverageDraft(house.payers[1].id, "W2222", date(2026, 1, 1), order=Order.SECONDARY)
        services.cover(actor=office.actor, practice=office.practice, patient_id=sent.patient_id, draft=draft, at=AT)
