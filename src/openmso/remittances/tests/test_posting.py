"""Stories of posting: what a remittance does to claims, patients and books, once and to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from openmso.claims.models.claims import ClaimLine
from openmso.claims.queries import worklist
from openmso.kit.money import Money
from openmso.ledger.contracts import Method
from openmso.platform.outbox import services as outbox
from openmso.platform.outbox.models import Fact
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work.models import WorkItem
from openmso.remittances import testing
from openmso.remittances.contracts import Answer, FileState, Recoupment, RemittanceState
from openmso.remittances.models.payments import Application
from openmso.remittances.models.payments import ClaimPayment as KeptPayment
from openmso.remittances.queries import payments, recoupments
from openmso.remittances.services import matching, waiting
from openmso.remittances.services import recoupments as recouping
from openmso.remittances.testing import ClaimPayment, claim, line, reversal
from openmso.remittances.tests.office import Office

D = Decimal


def visit(
    control: str, *, paid: str = "80.00", contract: str = "45.00", copay: str = "15.00", status: str = "1"
) -> ClaimPayment:
    """An office visit of 140.00 as a payer of a contract decides it."""
    reasons = [f"CO 45 {contract}", f"PR 3 {copay}"]
    return claim(control, line("99213", "140.00", paid=paid, reasons=reasons, control=f"{control}-01"), status=status)


def facts(office: Office) -> list[str]:
    with office.reading():
        return list(Fact.objects.order_by("pk").values_list("name", flat=True))


def test_a_paid_claim_reaches_the_claim_the_patient_and_the_books(office: Office) -> None:
    sent = office.sent(("99213", "140.00"))

    outcome = office.pay(visit(sent.control))

    assert outcome.state is FileState.POSTED, outcome
    assert outcome.remittances[0].unmatched == 0
    after = office.claim(sent.public_id)
    assert (after.paid_amount, after.adjusted_amount, after.patient_amount) == (D(80), D(45), D(15))
    assert (after.open_amount, after.state) == (D(0), "paid")
    assert office.balances() == {"1010": D(80), "1110": D(15), "4000": D(-140), "4100": D(45)}
    assert office.balances(Method.CASH) == {"1010": D(80), "4000": D(-80)}
    assert {"remittances.RemittancePosted", "remittances.PaymentPosted"} <= set(facts(office))


@pytest.mark.parametrize(
    ("written", "kept"),
    [(b"O\\KAFOR", "O\\KAFOR"), (b"O\\NKAFOR", "O\\NKAFOR"), (b"OKA\tFOR", "OKA FOR"), (b"X" * 70, "X" * 60)],
)
def test_names_are_kept_as_the_payer_wrote_them(office: Office, written: bytes, kept: str) -> None:
    sent = office.sent(("99213", "140.00"))
    paid = testing.remittance(visit(sent.control), payee=office.house.biller, payer=office.payer.edi_id)

    outcome = office.post(testing.file_of(paid).replace(b"OKAFOR", written))

    assert outcome.state is FileState.POSTED, outcome
    with office.reading():
        row = payments.ClaimPayment.objects.get()
    assert (row.patient_last, row.patient_first) == (kept, "DANIEL")


class TestReversals:
    def test_a_reversal_and_a_correction_leave_what_the_correction_says(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))
        first = visit(sent.control)
        office.pay(first)

        office.pay(reversal(first), visit(sent.control, paid="95.00", copay="0.00"))

        after = office.claim(sent.public_id)
        assert (after.paid_amount, after.patient_amount, after.open_amount) == (D(95), D(0), D(0))
        assert office.balances() == {"1010": D(95), "4000": D(-140), "4100": D(45)}

    def test_a_reversal_names_the_payment_it_takes_back(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))
        first = visit(sent.control)
        office.pay(first)

        office.pay(reversal(first), visit(sent.control))

        with office.reading():
            rows = list(payments.ClaimPayment.objects.order_by("pk"))
        assert [row.reverses_id for row in rows] == [None, rows[0].pk, None]

    @pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0)])
    def test_the_order_of_files_does_not_matter(self, office: Office, order: tuple[int, ...]) -> None:
        sent = office.sent(("99213", "140.00"))
        first = visit(sent.control)
        other = office.sent(("99214", "500.00"))
        filler = claim(other.control, line("99214", "500.00", paid="500.00", control=f"{other.control}-01"))
        files = [(first,), (reversal(first), filler), (visit(sent.control, paid="95.00", copay="0.00"),)]

        for index in order:
            office.pay(*files[index], trace=f"T{index}")

        after = office.claim(sent.public_id)
        assert (after.paid_amount, after.adjusted_amount, after.patient_amount) == (D(95), D(45), D(0))
        assert office.balances() == {"1010": D(595), "4000": D(-640), "4100": D(45)}


class TestDenials:
    def test_pain_1_4_2_no_money_is_lost_on_posting_a_denied_claim_is_left_open(self, office: Office) -> None:
        """Denied lines that posting writes off are lost: openemr#7186."""
        sent = office.sent(("99213", "140.00"))

        office.pay(claim(sent.control, line("99213", "140.00", reasons=["CO 197 140.00"])))

        after = office.claim(sent.public_id)
        assert (after.open_amount, after.denied_amount, after.state) == (D(140), D(140), "denied")
        assert office.balances() == {"1100": D(140), "4000": D(-140)}
        assert "remittances.ClaimDenied" in facts(office)
        outbox.deliver_pending(at=office.at)
        with office.reading():
            assert worklist.found(sent.public_id, limit=1)[0].reason == "Authorization absent", "what the payer gave"

    def test_the_whole_charge_taken_as_contract_is_a_denial_in_disguise(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))

        office.pay(claim(sent.control, line("99213", "140.00", reasons=["CO 45 140.00"])))

        assert office.claim(sent.public_id).open_amount == D(140)

    def test_status_4_with_money_is_paid_and_status_1_without_is_denied(self, office: Office) -> None:
        """CLP02 is misused by payers; money and reasons decide (X12 RFI 1423, 1079)."""
        paid, denied = office.sent(("99213", "140.00")), office.sent(("99213", "140.00"))

        office.pay(
            visit(paid.control, status="4"), claim(denied.control, line("99213", "140.00", reasons=["CO 50 140.00"]))
        )

        assert office.claim(paid.public_id).state == "paid"
        assert office.claim(denied.public_id).state == "denied"

    def test_a_contractual_amount_never_becomes_the_patients(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))

        office.pay(claim(sent.control, line("99213", "140.00", paid="80.00", reasons=["CO 1 15.00", "CO 45 45.00"])))

        assert office.claim(sent.public_id).patient_amount == D(0)
        assert "1110" not in office.balances()


class TestLines:
    def test_a_dropped_modifier_still_finds_its_line(self, office: Office) -> None:
        """The payer omits the billed modifier: openemr#7293."""
        sent = office.sent(("99213", "140.00", ["25"]), ("36415", "18.00"))

        office.pay(
            claim(
                sent.control,
                line("36415", "18.00", paid="18.00"),
                line("99213", "140.00", paid="95.00", reasons=["CO 45 45.00"]),
            )
        )

        assert self.placed(office) == {1: 2, 2: 1}

    def test_a_changed_code_finds_its_line_by_the_code_that_was_billed(self, office: Office) -> None:
        sent = office.sent(("99214", "210.00"), ("99213", "140.00"))

        office.pay(
            claim(sent.control, line("99213", "210.00", paid="95.00", reasons=["CO 45 115.00"], submitted="99214"))
        )

        assert self.placed(office) == {1: 1}

    def test_a_line_that_the_payer_made_several_of_is_one_line_of_ours(self, office: Office) -> None:
        """Units judged apart, a code judged as two (RFI 2283, 498), a day told of the claim alone, a code not told."""
        sent = office.sent(("20610", "185.00"), ("11102", "90.00"), ("99213", "140.00"), ("36415", "18.00"))
        parts = (
            line("20610", "92.50", paid="40.00", reasons=["CO 45 52.50"], control=f"{sent.control}-01"),
            line("20610", "92.50", reasons=["CO 119 92.50"], control=f"{sent.control}-01"),
            line("11104", "90.00", paid="50.00", reasons=["CO 45 40.00"], submitted="11102"),
            line("11105", "0.00", paid="30.00", reasons=["OA 94 -30.00"], submitted="11102"),
            replace(line("99213", "140.00", paid="95.00", reasons=["CO 45 45.00"]), dates=()),
            line("36416", "18.00", paid="3.00", reasons=["CO 45 15.00"]),
        )

        office.pay(claim(sent.control, *parts))

        assert self.placed(office) == {1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 4}
        with office.reading():
            lines = list(ClaimLine.objects.filter(claim=sent).order_by("number"))
            assert [(one.paid_amount, one.denied_amount) for one in lines] == [
                (D(40), D("92.50")), (D(80), D(0)), (D(95), D(0)), (D(3), D(0))
            ]  # fmt: skip
        assert office.claim(sent.public_id).open_amount == D("92.50") == office.balances()["1100"]

    def placed(self, office: Office) -> dict[int, int]:
        with office.reading():
            return dict(payments.LineApplication.objects.values_list("number", "claim_line_number"))


class TestUnmatched:
    def test_its_money_waits_as_unapplied_cash_until_a_person_finds_the_claim(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))
        outcome = office.pay(visit("RFP-11873"))
        assert outcome.remittances[0].unmatched == 1
        assert office.balances() == {"1010": D(80), "2190": D(-80), "1100": D(140), "4000": D(-140)}
        with office.reading():
            row = payments.unmatched(page=PageAsk()).rows[0]

        with office.scope():
            matching.match_claim(
                actor=office.actor, payment=row.public_id, claim=sent.public_id, why="Old system's number", at=office.at
            )

        assert office.claim(sent.public_id).state == "paid"
        assert office.balances() == {"1010": D(80), "1110": D(15), "4000": D(-140), "4100": D(45)}
        with office.reading():
            assert payments.unmatched(page=PageAsk()).total == 0
            assert [row.claim for row in payments.payments(filters=Filters(), page=PageAsk()).rows] == [sent.public_id]

    def test_those_that_wait_are_those_that_apply_and_were_not_applied(self, office: Office) -> None:
        sent, strays = office.sent(("99213", "140.00")), [visit("OLD-1"), visit("OLD-2")]
        office.pay(visit(sent.control), *strays)
        with office.reading():
            waiting = payments.unmatched(page=PageAsk())
            applied = Application.objects.values("payment_id")
            wanted = KeptPayment.objects.filter(applies=True).exclude(pk__in=applied)
            assert {row.id for row in waiting.rows} == {row.pk for row in wanted}
            assert waiting.total == len(strays)

    def test_matching_twice_is_refused_in_words(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))
        office.pay(visit(sent.control))
        with office.reading():
            row = payments.payments(filters=Filters(), page=PageAsk()).rows[0]

        with office.scope(), pytest.raises(matching.AlreadyApplied, match="was posted to"):
            matching.match_claim(
                actor=office.actor, payment=row.public_id, claim=sent.public_id, why="again", at=office.at
            )


class TestDuplicates:
    def test_the_same_bytes_are_one_file_whatever_their_name(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))
        content = testing.file_of(testing.remittance(visit(sent.control), payee=office.house.biller))
        first = office.post(content, "monday.835")

        again = office.post(content, "tuesday.835")

        assert again == first
        assert office.balances()["1010"] == D(80)

    def test_the_same_payment_in_a_new_interchange_is_linked_to_the_first(self, office: Office) -> None:
        """The same ERA posts twice when it comes in another file: openemr#10681."""
        sent = office.sent(("99213", "140.00"))
        one = testing.remittance(visit(sent.control), payee=office.house.biller)
        first = office.post(testing.file_of(one, number=1))

        again = office.post(testing.file_of(one, number=2))

        assert again.state is FileState.DUPLICATE
        assert again.remittances[0].duplicate_of == first.remittances[0].public_id
        assert first.remittances[0].public_id in again.words
        assert office.balances()["1010"] == D(80)
        assert office.claim(sent.public_id).paid_amount == D(80)

    def test_a_file_with_a_known_and_a_new_payment_posts_the_new_one(self, office: Office) -> None:
        one, two = office.sent(("99213", "140.00")), office.sent(("99213", "140.00"))
        known = testing.remittance(visit(one.control), payee=office.house.biller, trace="A")
        office.post(testing.file_of(known))

        outcome = office.post(
            testing.file_of(
                known, testing.remittance(visit(two.control), payee=office.house.biller, trace="B", control="0002"),
                number=7,
            )
        )  # fmt: skip

        assert [one.state for one in outcome.remittances] == [RemittanceState.DUPLICATE, RemittanceState.POSTED]
        assert office.balances()["1010"] == D(160)

    def test_half_of_a_payment_that_was_posted_whole_pays_nothing_again(self, office: Office) -> None:
        """A file cut in two on its way still balances, under the same trace and another amount."""
        one, two = office.sent(("99213", "140.00")), office.sent(("99213", "140.00"))
        paid = [visit(one.control), visit(two.control)]
        whole = office.post(testing.file_of(testing.remittance(*paid, payee=office.house.biller, trace="T")))

        half = testing.file_of(testing.remittance(paid[1], payee=office.house.biller, trace="T"), number=2)
        again = office.post(half)

        assert again.state is FileState.QUARANTINED
        (finding,) = again.findings
        assert finding.code == "paid_already"
        assert two.control in finding.message
        assert f"{whole.remittances[0].public_id} for 160.00" in finding.message
        assert office.balances()["1010"] == D(160)
        assert office.claim(two.public_id).paid_amount == D(80)

    def test_two_halves_are_posted_once_each_and_the_whole_after_them_not_at_all(self, office: Office) -> None:
        one, two = office.sent(("99213", "140.00")), office.sent(("99213", "140.00"))
        small, large = visit(one.control), visit(two.control, paid="90.00", contract="35.00")

        outcomes = [
            office.post(
                testing.file_of(testing.remittance(*claims, payee=office.house.biller, trace="T"), number=number)
            )
            for number, claims in enumerate(([small], [large], [small, large], [small]), start=1)
        ]

        assert [outcome.state.value for outcome in outcomes] == ["posted", "posted", "quarantined", "duplicate"]
        assert office.balances()["1010"] == D(170)

    def test_the_same_payment_for_other_claims_is_no_duplicate(self, office: Office) -> None:
        """Of two halves of one amount the second must not be lost; nor what a payer changed under an old trace."""
        one, two = office.sent(("99213", "140.00")), office.sent(("99213", "140.00"))
        first, second = (
            office.post(
                testing.file_of(testing.remittance(visit(sent.control), payee=office.house.biller, trace="T"), number=n)
            )
            for n, sent in enumerate((one, two), start=1)
        )

        assert second.state is FileState.QUARANTINED
        assert second.findings[0].code == "paid_otherwise"
        assert f"claim {two.control}, which that does not pay" in second.findings[0].message
        assert first.remittances[0].public_id in second.findings[0].message

    def test_half_and_whole_in_one_file_are_refused_together(self, office: Office) -> None:
        one, two = office.sent(("99213", "140.00")), office.sent(("99213", "140.00"))
        paid = [visit(one.control), visit(two.control)]
        whole = testing.remittance(*paid, payee=office.house.biller, trace="T")
        half = testing.remittance(paid[0], payee=office.house.biller, trace="T", control="0002")

        outcome = office.post(testing.file_of(whole, half))

        assert outcome.state is FileState.QUARANTINED
        assert "stands in this file before" in outcome.findings[0].message

    def test_two_files_that_pay_nothing_are_two_when_their_claims_differ(self, office: Office) -> None:
        one, two = office.sent(("99213", "140.00")), office.sent(("99213", "140.00"))
        for sent in (one, two):
            outcome = office.pay(claim(sent.control, line("99213", "140.00", reasons=["PR 1 140.00"])), trace="0")

            assert outcome.state is FileState.POSTED

        assert office.balances()["1110"] == D(280)


class TestQuarantine:
    @pytest.mark.parametrize(
        ("say", "instead", "code"),
        [
            (b"BPR*I*80*", b"BPR*I*81*", "payment_out_of_balance"),
            (b"*140*80**1~", b"*140*79**1~", "line_out_of_balance"),
            (b"SE*", b"SE*9", "segment_count_wrong"),
        ],
    )
    def test_a_file_that_is_not_what_it_says_posts_nothing(
        self, office: Office, say: bytes, instead: bytes, code: str
    ) -> None:
        sent = office.sent(("99213", "140.00"))
        content = testing.file_of(testing.remittance(visit(sent.control), payee=office.house.biller))
        assert say in content

        outcome = office.post(content.replace(say, instead))

        assert outcome.state is FileState.QUARANTINED
        assert "Nothing was posted" in outcome.words
        assert outcome.findings
        assert office.balances() == {"1100": D(140), "4000": D(-140)}
        assert office.claim(sent.public_id).state == "sent"

    def test_a_payee_nobody_knows_is_quarantined_with_its_number(self, office: Office) -> None:
        stranger = testing.replace(office.house.biller, npi="1999999992", tin="999999999", name="SOMEBODY ELSE")

        outcome = office.post(testing.file_of(testing.remittance(visit("X"), payee=stranger)))

        assert outcome.state is FileState.QUARANTINED
        assert "1999999992" in outcome.words

    def test_a_closed_month_holds_the_file_until_a_day_is_given(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))
        outcome = office.pay(visit(sent.control), paid_on=date(2026, 1, 15))
        assert outcome.state is FileState.HELD
        assert "January 2026" in outcome.words

        from openmso.remittances.services import posting

        with office.scope():
            again = posting.post_file(
                actor=office.actor, practice=office.practice, file=outcome.file, at=office.at,
                posted_on=date(2026, 3, 2),
            )  # fmt: skip

        assert again.state is FileState.POSTED
        assert office.balances()["1010"] == D(80)


def open_references() -> list[Recoupment]:
    return list(recoupments.references(filters=Filters(), page=PageAsk(), on=date(2026, 3, 20)).rows)


class TestProviderAdjustments:
    def test_each_kind_goes_to_its_own_account(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))

        outcome = office.pay(
            visit(sent.control), provider=[("WO", "CLM-OLD", "20.00"), ("L6", "INT", "-3.12"), ("AH", "FEE", "1.00")]
        )

        assert outcome.state is FileState.POSTED
        books = office.balances()
        assert (books["1010"], books["2150"], books["4300"], books["6600"]) == (D("62.12"), D(20), D("-3.12"), D(1))

    def test_a_recoupment_taken_later_comes_to_zero(self, office: Office) -> None:
        """Reversed now, money taken with a later payment: WO negative, then WO positive under one reference."""
        one, two = office.sent(("99213", "140.00")), office.sent(("99213", "140.00"))
        first = visit(one.control)
        office.pay(first)
        office.pay(reversal(first), provider=[("WO", "ICN1", "-80.00")])
        with office.reading():
            assert [row.amount.amount for row in open_references()] == [D(-80)]

        office.pay(visit(two.control), provider=[("WO", "ICN1", "80.00")])

        with office.reading():
            assert open_references() == []
        assert "2150" not in office.balances()
        assert office.balances()["1010"] == D(80)

    def test_what_a_payment_could_not_bear_is_carried_held_and_taken_by_the_next(self, office: Office) -> None:
        """A forwarding balance: a reversal of 80 against a payment of 30 carries 50, which the next payment bears."""
        one, two, three = (office.sent(("99213", "140.00")) for _ in range(3))
        first = visit(one.control)
        office.pay(first)
        small = visit(two.control, paid="30.00", contract="95.00")
        office.pay(reversal(first), small, provider=[("FB", "EFT-2", "-50.00")], trace="EFT-2")
        with office.reading():
            [held] = open_references()
            assert (held.state.value, held.held.amount, held.codes) == ("held", D(50), "FB")
            assert held.words == "More than that payment was worth; the next ones are less by it."

        office.pay(visit(three.control), provider=[("FB", "EFT-2", "50.00")])

        with office.reading():
            closed = Filters((Term("is", "=", "closed", ""),))
            [row] = recoupments.references(filters=closed, page=PageAsk(), on=date(2026, 3, 20)).rows
            assert (row.reference, row.items, open_references()) == ("EFT-2", 2, [])
            told = recoupments.ledger(filters=Filters(), page=PageAsk()).rows
            assert [(each.row.code, each.held.amount) for each in told] == [("FB", D(0)), ("FB", D(50))]

    def test_what_is_taken_without_a_reason_is_work_until_somebody_says_what_it_answers(self, office: Office) -> None:
        sent = [office.sent(("99213", "140.00")) for _ in range(2)]
        office.pay(visit(sent[0].control), provider=[("WO", "ICN-OLD", "20.00")])
        with office.reading():
            [taken] = open_references()
        assert (taken.held.amount, taken.words) == (D(-20), "Takes money; no claim was taken back under this number.")

        with office.scope():
            assert waiting.unexplained_recoupments(at=office.at) == 1
            recouping.explain(
                actor=office.actor, adjustment=taken.public_id, answer=Answer.LETTER, answers="L-77",
                why="Their letter of 3 February", at=office.at,
            )  # fmt: skip
        with office.reading():
            assert WorkItem.objects.get().state == "done"
            assert open_references() == []
            assert recoupments.recoupment(taken.public_id, on=date(2026, 3, 20)).row.words == Answer.LETTER.label

        office.pay(visit(sent[1].control), provider=[("WO", "ICN-OLD", "5.00")])
        with office.reading():
            [again] = open_references()
            one = recoupments.recoupment(again.public_id, on=date(2026, 3, 20))
            assert (again.public_id, again.held.amount, len(one.movements)) == (taken.public_id, D(-25), 2)
            assert [said.answers for said in one.explanations] == ["L-77"]
            position = recoupments.tally(filters=Filters(), on=date(2026, 3, 20)).totals["held"]
        assert -position.amount == office.balances()["2150"], "the page says what the books say"

    def test_what_was_taken_before_it_was_left_waits_for_nobody_once_the_reversal_came(self, office: Office) -> None:
        """Files out of order, and a reference as Medicare writes it: its claim number, and ours behind it."""
        one, two = office.sent(("99213", "140.00")), office.sent(("99213", "140.00"))
        number = "1126090123456789012"
        first = replace(visit(one.control), payer_control=number)
        office.pay(first)
        office.pay(visit(two.control), provider=[("WO", f"{number}{one.control}", "80.00")])
        with office.scope():
            assert waiting.unexplained_recoupments(at=office.at) == 1

        office.pay(reversal(first), provider=[("WO", f"{number}{one.control}", "-80.00")])
        outbox.deliver_pending(at=office.at)

        with office.reading():
            assert (open_references(), WorkItem.objects.get().state) == ([], "done")
        books = office.balances()
        assert (books["1010"], "2150" in books) == (D(80), False)

        office.pay(reversal(visit(two.control)), provider=[("WO", f"ICN1 {two.control}", "-80.00")])
        with office.reading():
            assert [row.state.value for row in open_references()] == ["held"], "either number names the claim"

    def test_all_that_comes_beside_claims_is_listed_by_what_it_is_for(self, office: Office) -> None:
        """A month's capitation pays no claim; a claim under it is worth nothing more."""
        sent = office.sent(("99213", "140.00"))
        covered = claim(sent.control, line("99213", "140.00", reasons=["CO 24 140.00"]))

        office.pay(provider=[("CT", "202603", "-5000.00"), ("AH", "FEE", "12.50"), ("L6", "INT", "-1.50")])
        office.pay(covered)

        with office.reading():
            asked = Filters((Term("kind", "=", "capitation", ""), Term("posted", ">=", date(2026, 3, 1), "")))
            [row] = recoupments.beside(filters=asked, page=PageAsk()).rows
            assert (row.row.code, row.taken.amount, row.row.account) == ("CT", D(5000), "4000")
            assert recoupments.tally_beside(filters=Filters()).totals["taken"].amount == D(4989)
            assert [one.row.code for one in recoupments.beside(filters=Filters(), page=PageAsk(sort="amount")).rows] == [
                "CT", "L6", "AH"
            ]  # fmt: skip
        assert (office.balances()["1010"], office.claim(sent.public_id).state) == (D(4989), "paid")

    def test_a_refund_acknowledged_moves_nothing(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))

        office.pay(visit(sent.control), provider=[("72", "REF1", "50.00"), ("WO", "REF1", "-50.00")])

        assert "2150" not in office.balances()


class TestNextPayer:
    def test_a_forwarded_claim_leaves_the_patient_in_peace(self, office: Office) -> None:
        """Crossed over (CLP02 19): what the primary calls the patient's is asked of the secondary first."""
        sent = office.sent(("99213", "140.00"))

        office.pay(visit(sent.control, status="19"))

        assert office.balances() == {"1010": D(80), "1100": D(15), "4000": D(-140), "4100": D(45)}
        after = office.claim(sent.public_id)
        assert (after.patient_amount, after.open_amount) == (D(0), D(15)), "the claim says what the books say"
        assert "remittances.ClaimForwarded" in facts(office)

    def test_a_secondary_payment_takes_over_the_patients_share(self, office: Office) -> None:
        sent = office.sent(("99213", "140.00"))
        office.pay(visit(sent.control, status="19"))

        office.pay(
            claim(
                sent.control,
                line("99213", "140.00", paid="10.00", reasons=["OA 23 125.00", "PR 2 5.00"]),
                status="2",
                payer_control="S-1",
            ),
            payer="SECND",
        )

        books = office.balances()
        assert (books["1010"], books["1110"], books["4100"]) == (D(90), D(5), D(45))
        assert "1100" not in books
        after = office.claim(sent.public_id)
        assert (after.paid_amount, after.patient_amount, after.open_amount) == (D(90), D(5), D(0))
        with office.reading():
            assert payments.patient_share(practice=office.practice, claim_ids=[sent.pk]) == {sent.pk: Money.of(5)}
