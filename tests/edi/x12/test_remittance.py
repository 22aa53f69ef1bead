"""An 835 read, balanced at three levels, and written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.x12.check import check_bytes
from edi.x12.envelope import FileEnd
from edi.x12.output import Unwritable
from edi.x12.remittance.model import (
    ClaimPayment,
    ProviderAdjustment,
    RemittanceHeader,
    RemittanceTotals,
)
from edi.x12.remittance.read import read_835, remittances
from edi.x12.remittance.write import write_835
from edi.x12.values import Adjustment
from tests.edi.x12.builders import ENVELOPE, claim_payment, money, payment_line, remittance


def written(**changes: str) -> bytes:
    return write_835([remittance(claim_payment("PCN1"), claim_payment("PCN2"), **changes)], ENVELOPE)


def test_the_records_come_in_the_order_of_the_file() -> None:
    kinds = [type(record) for record in read_835(written(taken="25"))]
    claim, plb = ClaimPayment, ProviderAdjustment
    assert kinds == [RemittanceHeader, claim, claim, plb, RemittanceTotals, FileEnd]


def test_the_header_says_how_much_when_and_by_which_trace() -> None:
    header = next(iter(read_835(written())))
    assert isinstance(header, RemittanceHeader)
    assert header.payment.amount == money("200")
    assert header.payment.paid_on == date(2025, 12, 1)
    assert (header.trace, header.trace_payer) == ("TRACE00000001", "1512345678")
    assert header.payer.last == "EXAMPLE HEALTH PLAN"
    assert header.payee.npi == "1999999984"
    assert header.production_on == date(2025, 12, 1)
    assert (header.interchange_control, header.group_control) == ("000000001", "1")


def test_a_claim_keeps_everything_the_payer_said() -> None:
    (claim,) = (r for r in read_835(written()) if isinstance(r, ClaimPayment) and r.control == "PCN1")
    assert claim.patient is not None
    assert claim.patient.id == "W000000001"
    assert claim.payer_control == "ICNPCN1"
    line = claim.lines[0]
    assert (line.procedure.code, line.procedure.modifiers) == ("99213", ("25",))
    assert line.line_control == "1L1"
    assert line.service_on == date(2025, 11, 3)
    assert line.adjustments == (
        Adjustment("CO", "45", money("30"), None),
        Adjustment("PR", "3", money("20"), None),
    )
    assert line.remarks == ("N130",)


def test_what_we_write_passes_our_strict_check_and_reads_back_the_same() -> None:
    data = written(taken="25")
    assert check_bytes(data, strict=True).valid
    assert write_835(remittances(data), ENVELOPE) == data


def test_unknown_segments_stay_on_the_record_and_are_a_finding() -> None:
    data = written().replace(b"LQ*HE*N130~", b"ZZ9*WHAT*IS*THIS~", 1).replace(b"*000000001~\nGS", b"*000000001~\nGS")
    (claim, _) = (r for r in read_835(data) if isinstance(r, ClaimPayment))
    assert claim.lines[0].other == (("ZZ9", "WHAT", "IS", "THIS"),)
    finding = next(f for f in check_bytes(data).all_findings() if f.code == "segment_unknown")
    assert finding.loop == "2110"
    assert finding.offset is not None
    assert data[finding.offset :].startswith(b"ZZ9")
    assert check_bytes(data).valid
    assert not check_bytes(data, strict=True).valid


BREAKS = {
    "a line": (b"SVC*HC:99213:25*150*100*", b"SVC*HC:99213:25*150*90*", "line_out_of_balance"),
    "a claim": (b"CLP*PCN1*1*150*100*", b"CLP*PCN1*1*150*90*", "claim_out_of_balance"),
    "a claim's charge": (b"CLP*PCN1*1*150*", b"CLP*PCN1*1*151*", "claim_charge_not_sum_of_lines"),
    "the payment": (b"BPR*I*200*", b"BPR*I*201*", "payment_out_of_balance"),
    "a cent": (b"BPR*I*200*", b"BPR*I*200.01*", "payment_out_of_balance"),
    "an amount": (b"CLP*PCN1*1*150*100*", b"CLP*PCN1*1*150*1O0*", "amount_unreadable"),
    "a payment below zero": (b"BPR*I*200*", b"BPR*I*-200*", "payment_negative"),
}


@pytest.mark.parametrize("what", BREAKS)
def test_out_of_balance_is_found_where_it_is(what: str) -> None:
    old, new, code = BREAKS[what]
    whole = written()
    assert check_bytes(whole).valid, "the control: in balance before it is broken"
    data = whole.replace(old, new, 1)
    assert data != whole
    report = check_bytes(data)
    assert not report.valid
    finding = next(f for f in report.all_findings() if f.code == code)
    assert finding.offset is not None
    assert data[finding.offset :].startswith(old[:3])


def test_a_bad_claim_carries_its_findings_and_leaves_its_neighbour_alone() -> None:
    data = written().replace(b"CLP*PCN1*1*150*100*", b"CLP*PCN1*1*150*90*")
    bad, good = (r for r in read_835(data) if isinstance(r, ClaimPayment))
    assert not bad.is_balanced
    assert good.is_balanced
    (totals,) = (r for r in read_835(data) if isinstance(r, RemittanceTotals))
    assert not totals.is_balanced


def test_a_reversal_and_its_correction_balance() -> None:
    minus = payment_line("-150", "-100", Adjustment("CO", "45", money("-50")))
    reversal = replace(claim_payment("PCN1", minus, status="22"), patient_responsibility=money("0"))
    corrected = claim_payment("PCN1", payment_line("150", "120", Adjustment("CO", "45", money("30"))))
    data = write_835([remittance(reversal, corrected)], ENVELOPE)
    assert check_bytes(data, strict=True).valid
    first, second = (r for r in read_835(data) if isinstance(r, ClaimPayment))
    assert first.is_reversal
    assert not second.is_reversal
    assert first.paid + second.paid == money("20")


def test_an_unbalanced_remittance_is_not_written() -> None:
    good = remittance(claim_payment("PCN1"))
    wrong = replace(good.claims[0], paid=money("99"))
    with pytest.raises(Unwritable, match="PCN1"):
        write_835([replace(good, claims=(wrong,))], ENVELOPE)


unhurried = settings(suppress_health_check=[HealthCheck.too_slow])
"""How slow examples are drawn would measure the machine."""

cents = st.integers(min_value=-10_000_000, max_value=10_000_000).map(lambda n: Decimal(n).scaleb(-2))


@unhurried
@given(
    lines=st.lists(
        st.tuples(cents, st.lists(cents, max_size=8)),
        min_size=1,
        max_size=6,
    ),
    taken=cents,
)
def test_what_balances_before_writing_balances_after_reading(
    lines: list[tuple[Decimal, list[Decimal]]], taken: Decimal
) -> None:
    made = tuple(
        payment_line(
            str(charge),
            str(charge - sum(parts, Decimal(0))),
            *(Adjustment("CO", "45", part) for part in parts),
        )
        for charge, parts in lines
    )
    claim = claim_payment("PCN1", *made)
    one = remittance(claim, taken=str(taken))
    if one.header.payment.amount < 0:
        with pytest.raises(Unwritable):
            write_835([one], ENVELOPE)
        return
    data = write_835([one], ENVELOPE)
    (back,) = remittances(data)
    assert check_bytes(data, strict=True).valid
    assert back.claims[0].charge == claim.charge
    assert back.claims[0].adjusted == claim.adjusted
    assert back.totals is not None
    assert back.totals.paid - back.totals.provider_adjusted == back.totals.amount


@unhurried
@given(cents.filter(bool), st.sampled_from([b"CLP", b"SVC", b"BPR"]))
def test_any_single_change_of_money_is_found(change: Decimal, tag: bytes) -> None:
    """The negative control of the balances: no shift of one paid amount goes unseen."""
    data = written()
    at = data.index(tag)
    segment = data[at : data.index(b"~", at)]
    elements = segment.split(b"*")
    position = {b"CLP": 4, b"SVC": 3, b"BPR": 2}[tag]
    elements[position] = str(Decimal(elements[position].decode()) + change).encode()
    assert not check_bytes(data[:at] + b"*".join(elements) + data[at + len(segment) :]).valid
