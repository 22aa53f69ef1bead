"""An 837 written, read back, and refused where it cannot be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.x12.check import check_bytes
from edi.x12.claim.model import Batch, BatchHeader, BatchTotals, Claim, Diagnosis, Drug
from edi.x12.claim.places import places
from edi.x12.claim.read import read_837
from edi.x12.claim.said import Sayer, write_said
from edi.x12.claim.write import write_837p
from edi.x12.output import SegmentWriter, Unwritable
from edi.x12.values import Address, Adjustment, Amount, Event, Party, Reference
from tests.edi.x12.builders import (
    ANNA,
    BEN,
    CLINIC,
    DOCTOR,
    ENVELOPE,
    PAYER,
    batch,
    claim,
    money,
    secondary_claim,
    visit,
)


def claims_of(data: bytes) -> list[Claim]:
    return [record for record in read_837(data) if isinstance(record, Claim)]


def again(data: bytes) -> bytes:
    """Read, and write what was read."""
    batches: list[Batch] = []
    claims: list[Claim] = []
    header: BatchHeader | None = None
    for record in read_837(data):
        if isinstance(record, BatchHeader):
            header, claims = record, []
        elif isinstance(record, Claim):
            claims.append(record)
        elif isinstance(record, BatchTotals):
            assert header is not None
            batches.append(Batch(header, claims))
    return write_837p(batches, ENVELOPE)


def rich_claim() -> Claim:
    facility = Party(
        role="77",
        last="Main Campus",
        id_qualifier="XX",
        id="1999999976",
        address=Address("9 Elm St", "", "Springfield", "IL", "627010002"),
    )
    line = replace(
        visit("75.25"),
        service_through=date(2025, 11, 4),
        place_of_service="12",
        pointers=(2, 1),
        emergency=True,
        drug=Drug("00002143380", Decimal("0.5"), "ML", "RX77"),
        notes=(("ADD", "Given at home"),),
        providers=(replace(DOCTOR, role="DK", taxonomy=""),),
    )
    return claim(
        "PCN9",
        lines=(line, visit("24.75", control="9L2")),
        providers=(facility, DOCTOR, replace(DOCTOR, role="DN", taxonomy="")),
        prior_authorization="AUTH1",
        referral="REF2",
        clearinghouse_control="D9-1",
        references=(Reference("EA", "MRN1"),),
        dates=(Event("431", date(2025, 11, 1), None, "20251101"),),
        amounts=(Amount("F5", money("10")),),
        notes=(("ADD", "Please hurry"),),
    )


FILES = {
    "one claim": lambda: batch(claim()),
    "a dependent": lambda: batch(claim("A"), claim("B", patient=BEN), claim("C", patient=BEN)),
    "a secondary claim": lambda: batch(secondary_claim()),
    "everything": lambda: batch(rich_claim()),
    "two billing providers": lambda: batch(
        claim("A"), claim("B", billing=replace(CLINIC, npi="1999999968")), claim("C")
    ),
    "a replacement": lambda: batch(claim("A", frequency="7", payer_control="ICN1")),
    "a pay-to address": lambda: batch(
        claim("A", billing=replace(CLINIC, pay_to=Address("PO Box 1", "", "Springfield", "IL", "62701")))
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_what_we_write_passes_our_strict_check_and_reads_back_the_same(name: str) -> None:
    data = write_837p([FILES[name]()], ENVELOPE)
    report = check_bytes(data, strict=True)
    assert report.valid, list(report.all_findings())
    assert again(data) == data


@pytest.mark.parametrize("name", FILES)
def test_what_was_said_claim_by_claim_is_the_same_file_and_every_claim_is_where_it_is_told(name: str) -> None:
    whole, sayer = FILES[name](), Sayer()
    said = [sayer.say(one) for one in whole.claims]
    data, found = write_said(whole.header, said, ENVELOPE)
    assert data == write_837p([whole], ENVELOPE)
    assert found == list(places(data))


def test_a_claim_that_is_refused_leaves_nothing_in_the_next() -> None:
    sayer = Sayer()
    wanted = sayer.say(claim("A"))
    with pytest.raises(Unwritable):
        sayer.say(claim("A", lines=(visit("1"), replace(visit("1"), line_control="a*b")), diagnoses=claim().diagnoses))
    assert sayer.say(claim("A")) == wanted


def test_a_claim_comes_back_with_its_context() -> None:
    data = write_837p([batch(claim("A"), claim("B", patient=BEN))], ENVELOPE)
    first, second = claims_of(data)
    assert first.billing == second.billing
    assert first.billing.npi == CLINIC.npi
    assert first.billing.taxonomy == CLINIC.taxonomy
    assert first.subscriber.last == "MUNOZ"
    assert first.subscriber.is_patient
    assert first.patient is None
    assert second.patient is not None
    assert second.patient.first == "BEN"
    assert first.payer == replace(PAYER, name="EXAMPLE HEALTH PLAN")
    assert [line.line_control for line in first.lines] == ["1L1", "1L2"]
    assert [d.code for d in first.diagnoses] == ["L570", "I10"]
    assert first.span is not None
    assert data[first.span.start : first.span.end].startswith(b"CLM*A*")


def test_a_rich_claim_comes_back_whole() -> None:
    (back,) = claims_of(write_837p([batch(rich_claim())], ENVELOPE))
    line = back.lines[0]
    assert line.drug == Drug("00002143380", Decimal(".5"), "ML", "RX77")
    assert line.pointers == (2, 1)
    assert (line.service_on, line.service_through) == (date(2025, 11, 3), date(2025, 11, 4))
    assert line.emergency
    assert back.patient_paid == money("10")
    assert (back.prior_authorization, back.referral) == ("AUTH1", "REF2")
    assert back.reference("EA") == "MRN1"
    assert {p.role for p in back.providers} == {"77", "82", "DN"}


def test_a_secondary_claim_says_what_the_first_payer_did() -> None:
    data = write_837p([batch(secondary_claim())], ENVELOPE)
    assert b"CAS*PR*2*15**1*5~" in data, "all reasons of one group stand in one CAS"
    assert b"DTP*573" in data
    assert data.count(b"DTP*573") == 1, "only at line level"
    (back,) = claims_of(data)
    (coverage,) = back.other_coverages
    assert coverage.claim_control == "ICN123"
    assert (coverage.paid, coverage.remaining) == (money("80"), money("20"))
    (adjudication,) = back.lines[0].adjudications
    assert adjudication.payer_id == coverage.payer.id
    assert [a.reason for a in adjudication.adjustments] == ["2", "1"]


def test_words_are_folded_and_identifiers_are_not_changed() -> None:
    odd = replace(ANNA, last="Núñez*Smith’s~ \n“Ann”", member_id="ab-12")
    data = write_837p([batch(claim(subscriber=odd))], ENVELOPE)
    assert b'NM1*IL*1*NUNEZ SMITH\'S "ANN"*ANNA****MI*ab-12~' in data
    assert b"*LUKASZ*BJORG*" in write_837p(
        [batch(claim(subscriber=replace(ANNA, last="Łukasz", first="Bjørg")))], ENVELOPE
    )
    with pytest.raises(Unwritable, match="The name '李' has no letter"):
        write_837p([batch(claim(subscriber=replace(ANNA, last="李")))], ENVELOPE)
    with pytest.raises(Unwritable, match="NM109"):
        write_837p([batch(claim(subscriber=replace(ANNA, member_id="W*1")))], ENVELOPE)


REFUSED = {
    "no lines": {"lines": ()},
    "51 lines": {"lines": tuple(visit("1") for _ in range(51))},
    "charge is not the sum": {"charge": money("1")},
    "no diagnosis": {"diagnoses": ()},
    "13 diagnoses": {"diagnoses": tuple(Diagnosis(f"A0{n}") for n in range(13))},
    "pointer to nothing": {"lines": (replace(visit("1"), pointers=(3,)),)},
    "no day of service": {"lines": (replace(visit("1"), service_on=None),)},
    "replacement of nothing": {"frequency": "7"},
    "void of nothing": {"frequency": "8"},
    "no control number": {"control": " "},
    "a separator in the control number": {"control": "A*B"},
    "five modifiers": {
        "lines": (replace(visit("1"), procedure=replace(visit("1").procedure, modifiers=tuple("ABCDE"))),)
    },
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_claim_that_cannot_be_said_is_refused(why: str) -> None:
    changes = dict(REFUSED[why])
    control = str(changes.pop("control", "PCN1"))
    with pytest.raises(Unwritable):
        write_837p([batch(claim(control, **changes))], ENVELOPE)


def test_nothing_is_not_a_file() -> None:
    with pytest.raises(Unwritable):
        write_837p([], ENVELOPE)


def test_seven_reasons_of_one_group_do_not_fit() -> None:
    one = secondary_claim()
    adjudication = one.lines[0].adjudications[0]
    crowded = replace(adjudication, adjustments=tuple(Adjustment("CO", str(n), money("1")) for n in range(7)))
    line = replace(one.lines[0], adjudications=(crowded,))
    with pytest.raises(Unwritable, match="group CO"):
        write_837p([batch(replace(one, lines=(line,)))], ENVELOPE)


def test_levels_are_counted_from_one_and_name_their_parents() -> None:
    other = replace(CLINIC, npi="1999999968")
    data = write_837p([batch(claim("A"), claim("B", patient=BEN), claim("C", billing=other))], ENVELOPE)
    levels = [s.split(b"*")[1:] for s in data.split(b"~\n") if s.startswith(b"HL*")]
    assert levels == [
        [b"1", b"", b"20", b"1"],
        [b"2", b"1", b"22", b"0"],
        [b"3", b"1", b"22", b"1"],
        [b"4", b"3", b"23", b"0"],
        [b"5", b"", b"20", b"1"],
        [b"6", b"5", b"22", b"0"],
    ]


DISTURBED = {
    "charge": (b"CLM*PCN0000001*200.5*", b"CLM*PCN0000001*201*", "charge_not_sum_of_lines"),
    "line number": (b"LX*2~", b"LX*3~", "lx_number_wrong"),
    "level number": (b"HL*2*1*22", b"HL*7*1*22", "hl_number_wrong"),
    "parent": (b"HL*2*1*22", b"HL*2*9*22", "hl_parent_unknown"),
    "pointer": (b"*UN*1***1~", b"*UN*1***9~", "pointer_without_diagnosis"),
    "missing tax id": (b"REF*EI*123456789~\n", b"", "segment_missing"),
    "guide": (b"005010X222A1", b"005010X999A9", "version_unknown"),
}


@pytest.mark.parametrize("what", DISTURBED)
def test_content_is_a_warning_and_strictly_an_error(what: str) -> None:
    old, new, code = DISTURBED[what]
    data = write_837p([batch(claim())], ENVELOPE).replace(old, new)
    if not new:
        data = data.replace(b"SE*31*", b"SE*30*")
    report = check_bytes(data)
    assert code in {f.code for f in report.all_findings()}
    assert report.valid, list(report.all_findings())
    assert not check_bytes(data, strict=True).valid


unhurried = settings(suppress_health_check=[HealthCheck.too_slow])
"""How slow examples are drawn would measure the machine."""

words = st.text(min_size=1, max_size=50).filter(str.strip)


@unhurried
@given(last=words, first=words, line1=words, note=words)
def test_no_text_can_break_the_file(last: str, first: str, line1: str, note: str) -> None:
    subscriber = replace(ANNA, last=last, first=first, address=Address(line1, "", "X", "IL", "62701"))
    made = claim(subscriber=subscriber, notes=(("ADD", note),))
    if not all(SegmentWriter(ENVELOPE).word(text, 60) for text in (last, first, line1)):
        with pytest.raises(Unwritable, match="has no letter"):
            write_837p([batch(made)], ENVELOPE)
        return
    data = write_837p([batch(made)], ENVELOPE)
    report = check_bytes(data, strict=True)
    assert report.valid
    assert report.transactions[0].claims == 1
    assert report.transactions[0].charge == made.charge
    assert again(data) == data


charges = st.decimals(min_value=0, max_value=Decimal("99999.99"), places=2)


@unhurried
@given(st.lists(st.lists(charges, min_size=1, max_size=5), min_size=1, max_size=8))
def test_every_cent_charged_is_in_the_file(charged: list[list[Decimal]]) -> None:
    claims = [claim(f"P{n}", lines=tuple(visit(str(c)) for c in lines)) for n, lines in enumerate(charged)]
    (report,) = check_bytes(write_837p([batch(*claims)], ENVELOPE), strict=True).transactions
    assert report.claims == len(claims)
    assert report.charge == sum((c for lines in charged for c in lines), Decimal(0))
    assert not report.has_errors
