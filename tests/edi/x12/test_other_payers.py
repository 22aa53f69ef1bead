"""Coordination of benefits in an 837: what earlier payers decided is said, read back, and adds up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from edi.x12.check import check_bytes
from edi.x12.claim.model import Claim, LineAdjudication, OtherCoverage, Payer
from edi.x12.claim.read import read_837
from edi.x12.claim.write import write_837p
from edi.x12.output import Unwritable
from edi.x12.values import Adjustment, Party, Procedure, Reference
from tests.conformance.x12.samples import FOLDER, needs_samples
from tests.edi.x12.builders import ENVELOPE, MEDICARE, PAID, batch, claim, money, secondary_claim, visit

MEDIGAP = Payer(name="Example Medigap", id="77777")


def tertiary_claim() -> Claim:
    """Medicare paid 80 of 100, Medigap 15 of the rest; 5 goes to the third payer."""
    second = secondary_claim()
    (line,), (first,) = second.lines, second.other_coverages
    own = LineAdjudication(
        payer_id=MEDIGAP.id,
        paid=money("15"),
        procedure=Procedure("HC", "99213"),
        adjustments=(Adjustment("OA", "23", money("80")), Adjustment("PR", "2", money("5"))),
        paid_on=PAID,
        remaining=money("5"),
    )
    coverage = OtherCoverage(
        payer=MEDIGAP,
        subscriber=first.subscriber,
        sequence="S",
        paid=money("15"),
        remaining=money("5"),
        claim_control="ICN456",
        providers=(Party("82", is_person=True, references=(Reference("G2", "P77"),)),),
    )
    return replace(
        second,
        control="PCN3",
        lines=(replace(line, adjudications=(*line.adjudications, own)),),
        other_coverages=(first, coverage),
        subscriber=replace(second.subscriber, sequence="T"),
    )


def bundled_claim() -> Claim:
    """The payer paid the second line with the first (bundled), and the third as two services (unbundled)."""

    def decided(paid: str, *adjusted: Adjustment, code: str = "99213", into: str = "") -> LineAdjudication:
        return LineAdjudication(
            MEDICARE.id, money(paid), Procedure("HC", code), adjustments=adjusted, paid_on=PAID, bundled_into=into
        )

    lines = (
        replace(visit("100", control="L1"), adjudications=(decided("60", Adjustment("CO", "45", money("40"))),)),
        replace(
            visit("50", control="L2"),
            adjudications=(decided("0", Adjustment("CO", "97", money("50")), into="1"),),
        ),
        replace(
            visit("30", control="L3"),
            adjudications=(
                decided("10", code="11102"),
                decided("15", Adjustment("CO", "45", money("5")), code="11103"),
            ),
        ),
    )
    (coverage,) = secondary_claim().other_coverages
    paid = replace(coverage, paid=money("85"), remaining=money("0"))
    return claim("PCN4", lines=lines, other_coverages=(paid,))


@pytest.mark.parametrize("made", [secondary_claim, tertiary_claim, bundled_claim])
def test_what_earlier_payers_decided_is_read_back_as_it_was_said(made: object) -> None:
    wanted = made()  # type: ignore[operator]
    data = write_837p([batch(wanted)], ENVELOPE)
    assert check_bytes(data, strict=True).valid
    (back,) = (record for record in read_837(data) if isinstance(record, Claim))
    assert [line.adjudications for line in back.lines] == [line.adjudications for line in wanted.lines]
    for ours, read in zip(wanted.other_coverages, back.other_coverages, strict=True):
        assert (read.sequence, read.paid, read.remaining) == (ours.sequence, ours.paid, ours.remaining)
        assert (read.claim_control, read.adjustments) == (ours.claim_control, ours.adjustments)
        assert [p.references for p in read.providers] == [p.references for p in ours.providers]


UNBALANCED = {
    "other_payer_line_out_of_balance": (b"SVD*00952*80*", b"SVD*00952*79*"),
    "other_payer_paid_not_sum_of_lines": (b"AMT*D*80~", b"AMT*D*81~"),
    "other_payer_claim_out_of_balance": (b"CAS*PR*2*15**1*5~", b"CAS*PR*2*15**1*6~"),
}


@pytest.mark.parametrize("code", UNBALANCED)
def test_a_decision_that_does_not_add_up_is_found(code: str) -> None:
    old, new = UNBALANCED[code]
    data = write_837p([batch(secondary_claim())], ENVELOPE)
    assert old in data
    report = check_bytes(data.replace(old, new), strict=True)
    found = {finding.code for finding in report.all_findings()}
    assert code in found
    assert not report.valid


def test_a_decision_that_does_not_add_up_is_not_written() -> None:
    one = secondary_claim()
    (coverage,) = one.other_coverages
    with pytest.raises(Unwritable, match=r"AMT\*D of payer 00952 is 79"):
        write_837p([batch(replace(one, other_coverages=(replace(coverage, paid=money("79")),)))], ENVELOPE)


@needs_samples
@pytest.mark.parametrize(
    "name",
    [
        "837P__LinuxForHealth__demo.cob.example3.B.837",
        "837P__LinuxForHealth__demo.cob.example3.C.837",
        "837P__irobayna__COB_claim_from_billing_provider_to_payer_b.edi",
        "837P__irobayna__COB_claim_from_payer_a_to_payer_b_in_payer_to_payer.edi",
    ],
)
def test_the_guides_own_example_of_a_second_payer(name: str) -> None:
    """Claim and line level reasons stand apart, and nothing is found out of balance."""
    data = (FOLDER / name).read_bytes()
    (made,) = (record for record in read_837(data) if isinstance(record, Claim))
    (coverage,) = made.other_coverages
    assert (coverage.sequence, coverage.payer.id) == ("P", "999996666")
    assert (coverage.paid, coverage.remaining) == (Decimal("39.15"), Decimal("36.89"))
    assert [(a.group, a.reason, a.amount) for a in coverage.adjustments] == [
        ("PR", "1", Decimal("21.89")),
        ("PR", "2", Decimal("15")),
    ]
    assert [a.paid for line in made.lines for a in line.adjudications] == [Decimal(x) for x in ("40", "15", "21.04")]
    assert [a.adjustments for a in made.lines[0].adjudications] == [(Adjustment("CO", "42", Decimal(3)),)]
    assert {a.paid_on.isoformat() for line in made.lines for a in line.adjudications if a.paid_on} == {"2005-10-15"}
    assert not {f.code for f in check_bytes(data).all_findings() if f.code.startswith("other_payer")}
