"""Cards by Stripe, against a server on this machine that answers as its API does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from openmso.billing.providers import Ask, KeptCard, NotGenuine, Unreachable
from openmso.billing.providers.stripe import Stripe
from openmso.billing.states import Paid, Paying
from openmso.billing.tests.stripe_stub import SIGNING, StripeStub, serving
from openmso.kit.money import ZERO, Money

ASK = Ask(
    "OLP-23456789", "ROCK", Money.of("45.10"), "Statement PSM-23456789", "https://pay.example/x/?back=OLP-23456789"
)
CARD = KeptCard("cus_1", "pm_1", "visa", "4242", date(2028, 2, 29))


@pytest.fixture
def stub() -> Iterator[StripeStub]:
    with serving() as found:
        yield found


def stripe(stub: StripeStub, *, tries: int = 0) -> Stripe:
    return Stripe(
        key="sk_test_x", signing=SIGNING, accounts={"ROCK": "acct_rock"}, api=stub.url, timeout=0.2, tries=tries
    )


def test_a_patient_pays_on_its_page_and_the_card_is_kept(stub: StripeStub) -> None:
    by = stripe(stub)
    assert (by.serves("ROCK"), by.serves("LUMEN")) == (True, False)
    opened = by.open(Ask(ASK.name, ASK.practice, ASK.amount, ASK.words, ASK.back, keeps_card=True))
    assert opened.url.startswith(by.origin)
    assert by.look("ROCK", opened.reference).state is Paying.STARTED
    stub.pays(opened.reference)
    told = by.look("ROCK", opened.reference)
    assert (told.state, told.amount, told.receipt[:3], told.card) == (Paying.PAID, ASK.amount, "pi_", CARD)
    given = stub.asked[0][2]
    assert given["payment_intent_data[setup_future_usage]"] == "off_session"
    assert given["line_items[0][price_data][unit_amount]"] == "4510"
    assert stub.accounts == {"acct_rock"}
    stub.held[opened.reference]["status"] = "expired"
    assert by.look("ROCK", opened.reference).state is Paying.DECLINED


def test_a_card_is_kept_without_a_payment(stub: StripeStub) -> None:
    by = stripe(stub)
    opened = by.open(Ask(ASK.name, "ROCK", ZERO, ASK.words, ASK.back, keeps_card=True))
    session = stub.held[opened.reference]
    assert (session["mode"], session["customer"]) == ("setup", "cus_1")
    session |= {"status": "complete", "setup_intent": {
        "id": "seti_1", "payment_method": {"id": "pm_1", "card": {"brand": "visa", "last4": "4242", "exp_month": 2,
                                                                  "exp_year": 2028}}}}  # fmt: skip
    told = by.look("ROCK", opened.reference)
    assert (told.state, told.amount, told.card) == (Paying.PAID, ZERO, CARD)


def test_a_kept_card_pays_or_declines_and_money_goes_back_once(stub: StripeStub) -> None:
    by = stripe(stub)
    reference, told = by.charge(ASK, CARD)
    assert (told.state, told.amount, told.receipt) == (Paying.PAID, ASK.amount, reference)
    assert by.charge(ASK, CARD)[0] == reference, "the same name is charged once"
    other = Ask("OLP-98765432", "ROCK", ASK.amount, ASK.words)
    reference, told = by.charge(other, KeptCard("cus_1", "pm_declines", "visa", "0002", None))
    assert (told.state, told.words, reference[:3]) == (Paying.DECLINED, "Your card was declined.", "pi_")
    assert by.look("ROCK", reference).state is Paying.DECLINED
    back = {by.refund(name="RFD-1", practice="ROCK", receipt="pi_0", amount=Money.of(5)) for _ in range(2)}
    assert len(back) == 1


def test_what_does_not_answer_is_told_and_tried_again_under_the_same_name(stub: StripeStub) -> None:
    stub.slow = 1
    with pytest.raises(Unreachable):
        stripe(stub).open(ASK)
    stub.broken = 1
    with pytest.raises(Unreachable):
        stripe(stub).open(ASK)
    stub.broken = 1
    opened = stripe(stub, tries=1).open(ASK)
    assert [one for one in stub.held if one.startswith("cs_")] == [opened.reference]
    with pytest.raises(Unreachable):
        stripe(stub).look("ROCK", "cs_of_somebody_else")


def test_only_its_own_signed_messages_are_heard(stub: StripeStub) -> None:
    by = stripe(stub)
    session = by.open(ASK).reference
    assert by.heard(*stub.message("checkout.session.completed", session)) == ASK.name
    body, signature = stub.message("checkout.session.completed", session)
    for forged in (
        (body + b" ", signature),
        (body, ""),
        stub.message("checkout.session.completed", session, key="whsec_other"),
        stub.message("checkout.session.completed", session, at=time.time() - 3600),
    ):
        with pytest.raises(NotGenuine):
            by.heard(*forged)


def test_a_payout_is_read_with_all_its_balance_transactions(stub: StripeStub) -> None:
    charge = {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"}
    stub.pays_out(
        "po_1",
        {"id": "txn_1", "reporting_category": "charge", "amount": 4510, "fee": 161, "source": charge},
        {"id": "txn_2", "reporting_category": "refund", "amount": -1000, "fee": 0, "source": {"id": "re_1"}},
        {"id": "txn_3", "reporting_category": "fee", "amount": -200, "fee": 0, "description": "Radar"},
        {"id": "txn_4", "reporting_category": "dispute", "amount": -4510, "fee": 1500,
         "source": {"id": "dp_1", "object": "dispute", "payment_intent": "pi_1"}},
        {"id": "txn_5", "reporting_category": "topup", "amount": 9000, "fee": 0},
        arrives=1_773_360_000,
    )  # fmt: skip
    (found,) = stripe(stub).payouts("ROCK", datetime(2026, 3, 1, tzinfo=UTC))
    assert (found.name, found.on, str(found.amount)) == ("po_1", date(2026, 3, 13), "61.39")
    assert [(one.kind, one.about, str(one.amount), str(one.fee)) for one in found.lines] == [
        (Paid.CHARGE, "pi_1", "45.10", "1.61"), (Paid.REFUND, "re_1", "-10.00", "0.00"),
        (Paid.FEE, "", "-2.00", "0.00"), (Paid.DISPUTE, "pi_1", "-45.10", "15.00"), (Paid.OTHER, "", "90.00", "0.00"),
    ]  # fmt: skip
    assert found.raw.count(b"\n") >= 6
    assert b'"txn_5"' in found.raw
    assert stub.asked[0][2]["status"] == "paid"
    assert stub.accounts == {"acct_rock"}
