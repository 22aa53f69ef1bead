"""Laws that hold for every adjudication: nothing is lost, nothing is doubled, the order of files says nothing."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.x12.check import check_bytes
from edi.x12.remittance.model import Adjustment, ClaimPayment
from openmso.parties.testing import npi
from openmso.remittances.contracts import FileState
from openmso.remittances.queries import cash
from openmso.remittances.rules import splitting
from openmso.remittances.rules.judging import judge
from openmso.remittances.testing import claim, file_of, line, remittance, reversal
from openmso.remittances.tests.office import Office

CENTS = st.integers(0, 50_000).map(lambda n: Decimal(n).scaleb(-2))
REASONS = st.sampled_from("CO 45|CO 253|CO 97|CO 16|PR 1|PR 2|PR 3|PR 204|OA 23|OA 18|PI 45|CO 999|CO 94".split("|"))


@st.composite
def decided(draw: st.DrawFn, charge: Decimal, control: str = "X") -> ClaimPayment:
    """A claim of one line of that charge: any reasons, any amounts, the rest is paid."""
    named = draw(st.lists(REASONS, max_size=4, unique=True))
    left, reasons = charge, []
    for one in named:
        amount = min(left, draw(CENTS))
        left -= amount
        reasons.append(f"{one} {amount}")
    return claim(control, line("99213", str(charge), paid=str(left), reasons=reasons, control=f"{control}-01"))


@settings(max_examples=300)
@given(CENTS.flatmap(decided))
def test_every_cent_of_the_charge_is_somewhere_and_a_reversal_is_its_mirror(one: ClaimPayment) -> None:
    judged, back = judge(one), judge(reversal(one))

    assert one.charge == one.paid + judged.sums.all()
    assert judged.sums.all() == -back.sums.all()
    for effect in ("contractual", "other", "patient", "denied", "prior"):
        assert getattr(judged.sums, effect) == -getattr(back.sums, effect)


@settings(max_examples=200)
@given(CENTS.flatmap(decided))
def test_a_contract_never_reaches_the_patient_and_a_denial_is_never_written_off(one: ClaimPayment) -> None:
    judged = judge(one)

    patients = sum((a.amount for _, _, a, _ in judged.effects if a.group == "PR"), Decimal(0))
    assert judged.sums.patient == patients
    for _, _, adjustment, effect in judged.effects:
        if adjustment.group != "PR" and adjustment.reason in {"97", "16", "18", "999"}:
            assert effect.value == "denied"


@pytest.mark.django_db
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_posted_conserves_and_does_not_depend_on_the_order(office: Office, data: st.DataObject) -> None:
    """Payment, reversal and correction of one claim, in two orders: the same claim, the same books."""
    charge = Decimal("140.00")
    before = office.balances()
    ends = []
    for seed in (1, 2):
        sent = office.sent(("99213", str(charge)))
        if seed == 1:
            first, second = data.draw(decided(charge)), data.draw(decided(charge))
        mine = [named(one, sent.control) for one in (first, reversal(first), second)]
        filler = office.sent(("99214", "900.00"))
        carrier = claim(filler.control, line("99214", "900.00", paid="900.00", control=f"{filler.control}-01"))
        files = [(one, carrier) if one.paid < 0 else (one,) for one in mine]
        random.Random(seed).shuffle(files)
        for one in files:
            assert office.pay(*one).state is FileState.POSTED
        after = office.claim(sent.public_id)
        assert charge == after.paid_amount + after.adjusted_amount + after.patient_amount + after.open_amount
        ends.append((after.paid_amount, after.adjusted_amount, after.patient_amount, after.state))
        books = {code: amount - before.get(code, Decimal(0)) for code, amount in office.balances().items()}
        assert sum(books.values()) == 0
        before = office.balances()
    assert ends[0] == ends[1]
    with office.reading():
        in_transit = cash.cash_position(practice=office.practice).in_transit.amount
    assert in_transit == office.balances().get("1010", Decimal(0))


def named(one: ClaimPayment, control: str) -> ClaimPayment:
    return replace(one, control=control)


def test_a_file_of_two_practices_is_cut_along_its_transactions() -> None:
    one, two = (
        remittance(
            claim(name, line("99213", "10.00", paid="10.00")), control=f"000{n}", trace=name,
            payee=Payee(name, npi(n, individual=False), f"{n}23456789"),
        )
        for n, name in ((1, "ONE"), (2, "TWO"))
    )  # fmt: skip
    content = file_of(one, two)
    payees = splitting.payees_of(io.BytesIO(content))

    mine = b"".join(splitting.carved(io.BytesIO(content), payees[1:]))

    assert [payee.npi for payee in payees] == [npi(1, individual=False), npi(2, individual=False)]
    assert b"ONE" not in mine
    assert content[payees[1].start : payees[1].end] in mine
    assert splitting.payees_of(io.BytesIO(mine))[0].npi == npi(2, individual=False)
    assert check_bytes(mine).valid
    named_again = content.replace(b"SVC*", f"N1*PE*OTHER*XX*{npi(9, individual=False)}~REF*TJ*999999999~SVC*".encode())
    assert [(one.npi, one.tin) for one in splitting.payees_of(io.BytesIO(named_again))] == [
        (one.npi, one.tin) for one in payees
    ], "who is paid stands before the claims"


class Payee:
    """What the builder needs of a billing provider."""

    def __init__(self, name: str, npi: str, tin: str) -> None:
        self.name, self.npi, self.tin = name, npi, tin[:9]


def test_what_raises_a_payment_leaves_nothing_open_and_a_bundled_line_is_not_denied() -> None:
    """Interest (225) in any group; two lines paid as one (94 and 97); and what looks like that and is a denial."""
    whole = line("20611", "185.00", paid="120.00", reasons=["OA 94 -140.00", "CO 45 205.00"])
    within = line("20611", "140.00", reasons=["CO 97 140.00"])
    for one, denied, other in (
        (claim("X", line("99213", "140.00", paid="98.12", reasons=["CO 45 45.00", "OA 225 -3.12"])), "0", "-3.12"),
        (claim("X", line("99213", "140.00", paid="98.12", reasons=["CO 45 45.00"]), reasons=["CO 225 -3.12"],
               paid="101.24"), "0", "-3.12"),
        (claim("X", whole, within), "0", "0"),
        (claim("X", line("20611", "185.00", paid="120.00", reasons=["CO 45 65.00"]), within), "140", "0"),
        (claim("X", line("99213", "140.00", paid="10.00", reasons=["CO 197 -10.00", "CO 45 140.00"])), "-10", "0"),
    ):  # fmt: skip
        judged, back = judge(one), judge(reversal(one))
        assert (judged.sums.denied, judged.sums.other) == (Decimal(denied), Decimal(other)), one
        assert back.sums.denied == -judged.sums.denied


def test_adjustments_of_the_claim_level_count_with_those_of_the_lines() -> None:
    one = claim("X", line("99213", "100.00", paid="100.00"), reasons=["CO 45 30.00", "PR 2 10.00"])

    judged = judge(one)

    assert one.paid == Decimal("60.00")
    assert (judged.sums.contractual, judged.sums.patient) == (Decimal("30.00"), Decimal("10.00"))
    assert [place for place, _, _, _ in judged.effects] == [0, 0]
    assert isinstance(judged.effects[0][2], Adjustment)
