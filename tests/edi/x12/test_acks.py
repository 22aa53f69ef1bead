"""Acknowledgements written, read back, and made from an inbound file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from edi.x12.ack.answer import answer
from edi.x12.ack.f277ca import read_277ca
from edi.x12.ack.f999 import read_999, write_999
from edi.x12.ack.model import (
    ClaimAck,
    ClaimAckHeader,
    ClaimStatus,
    GroupAck,
    InterchangeAck,
    LevelStatus,
    LineStatus,
    Status,
)
from edi.x12.ack.ta1 import read_ta1, write_ta1
from edi.x12.ack.write_277ca import write_277ca
from edi.x12.check import check_bytes
from edi.x12.claim.write import write_837p
from edi.x12.values import Event, Party, Procedure, Reference
from tests.edi.x12.builders import ENVELOPE, SERVED, batch, claim, money

ON = date(2026, 1, 6)
PAYER = Party(role="PR", last="EXAMPLE HEALTH PLAN", id_qualifier="PI", id="99999")
US = Party(role="41", last="EXAMPLE MSO", id_qualifier="46", id="MSO001")
CLINIC = Party(role="85", last="ROCKLAND", id_qualifier="XX", id="1999999984")
ANNA = Party(role="QC", last="MUNOZ", first="ANNA", is_person=True, id_qualifier="MI", id="W1")


def inbound() -> bytes:
    return write_837p([batch(claim())], ENVELOPE)


def groups(data: bytes) -> list[GroupAck]:
    return [record for record in read_999(data) if isinstance(record, GroupAck)]


def test_ta1_round_trip_without_a_group() -> None:
    ack = InterchangeAck("000000001", ON, time(9, 30), "R", "024")
    data = write_ta1([ack], ENVELOPE)
    assert b"IEA*0*" in data
    assert check_bytes(data, strict=True).valid
    (back, _) = read_ta1(data)
    assert isinstance(back, InterchangeAck)
    assert replace(back, span=None) == ack
    assert not back.is_accepted


def test_a_good_file_is_accepted() -> None:
    answered = answer(inbound(), strict=True)
    assert answered.is_accepted
    (ack,) = answered.interchanges
    assert (ack.control, ack.code, ack.note) == ("000000001", "A", "000")
    (group,) = answered.groups
    assert (group.code, group.included, group.received, group.accepted) == ("A", 1, 1, 1)
    assert (group.functional_id, group.group_control) == ("HC", "1")
    data = write_999(answered.groups, ENVELOPE)
    assert check_bytes(data, strict=True).valid
    (back,) = groups(data)
    assert back.sets[0].control == "0001"
    assert back.is_accepted


def test_a_fault_is_named_by_segment_position_loop_and_element() -> None:
    bad = inbound().replace(b"BHT*0019*", b"BHT*0099*")
    answered = answer(bad, strict=True)
    (group,) = answered.groups
    assert (group.code, group.accepted) == ("R", 0)
    (error,) = group.sets[0].errors
    assert (error.tag, error.position, error.code) == ("BHT", 2, "8")
    assert (error.elements[0].position, error.elements[0].code) == (1, "7")
    data = write_999(answered.groups, ENVELOPE)
    assert check_bytes(data, strict=True).valid
    assert [replace(s, span=None) for s in groups(data)[0].sets] == list(group.sets)


def test_one_bad_set_of_two_is_a_partial_group() -> None:
    two = write_837p([batch(claim("A")), batch(claim("B"), control="0002")], ENVELOPE)
    (group,) = answer(two.replace(b"*0002~\nGE", b"*0003~\nGE")).groups
    assert group.code == "P"
    assert [(s.control, s.code, s.reasons) for s in group.sets] == [("0001", "A", ()), ("0002", "R", ("3",))]


def test_a_broken_interchange_is_rejected_by_ta1() -> None:
    bad = inbound().replace(b"IEA*1*000000001", b"IEA*1*000000009")
    (ack,) = answer(bad).interchanges
    assert (ack.code, ack.note) == ("R", "001")


def test_acknowledgements_are_not_answered_by_a_999() -> None:
    assert answer(write_999(answer(inbound()).groups, ENVELOPE)).groups == ()


def test_999_with_contexts_and_with_segments_of_the_997() -> None:
    head = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *260105*1200*^*00501*000000001*0*P*:~"
    body = (
        b"GS*FA*A*B*20260105*1200*1*X*005010X231A1~ST*999*0001*005010X231A1~AK1*HC*7*005010X222A1~"
        b"AK2*837*0001~IK3*CLM*22**8~CTX*CLM01:PCN1~IK4*5:3*1331*7*X~CTX*SITUATIONAL TRIGGER*CLM*43~IK5*R*5~"
        b"AK2*837*0002~AK3*NM1*8**8~AK4*9**1~AK5*R*5~AK9*R*2*2*0~SE*14*0001~GE*1*1~IEA*1*000000001~"
    )
    (group,) = groups(head + body)
    first, second = group.sets
    error = first.errors[0]
    assert error.contexts == (("CTX", "CLM01:PCN1"),)
    assert (error.elements[0].position, error.elements[0].component) == (5, 3)
    assert error.elements[0].bad_value == "X"
    assert error.elements[0].contexts[0][0] == "CTX"
    assert second.code == "R"
    assert second.errors[0].tag == "NM1"


def claim_ack() -> ClaimAck:
    fine = Status("A1", "20", "", ON, "WQ", money("300.5"))
    taken = Status("A2", "20", "", ON, "WQ", money("200.5"))
    refused = Status("A7", "562", "85", ON, "U", money("100"))
    also = Status("A7", "145", "", ON, "U", money("100"))
    of_line = Status("A7", "562", "85", ON, "U")
    header = ClaimAckHeader("0001", "R1", ON, time(9, 0), PAYER, US, trace="T1", received_on=ON, processed_on=ON)
    whole = LevelStatus("batch", "B000001", (fine,), US, 1, 1, money("200.5"), money("100"))
    ids = (Reference("1K", "ICN1"), Reference("D9", "D9X"))
    served = (Event("472", SERVED, None, "20251103"),)
    line = LineStatus(Procedure("HC", "99213"), money("100"), (of_line,), "2L1", served)
    return ClaimAck(
        header,
        whole,
        (
            ClaimStatus("PCN1", (taken,), ANNA, ids, served, (), CLINIC, "B000001"),
            ClaimStatus("PCN2", (refused, also), ANNA, (), served, (line,), CLINIC, "B000001"),
        ),
        (LevelStatus("provider", "P1", (replace(fine, effective_on=None),), CLINIC, 1, 1),),
    )


def test_277ca_round_trip_at_every_level() -> None:
    sent = claim_ack()
    data = write_277ca([sent], ENVELOPE)
    assert check_bytes(data, strict=True).valid, list(check_bytes(data, strict=True).all_findings())
    header, whole, provider, first, second, _ = read_277ca(data)
    assert isinstance(header, ClaimAckHeader)
    assert replace(header, span=None) == sent.header
    assert isinstance(whole, LevelStatus)
    assert replace(whole, span=None) == sent.batch
    assert isinstance(provider, LevelStatus)
    assert replace(provider, span=None) == sent.providers[0]
    assert isinstance(first, ClaimStatus)
    assert isinstance(second, ClaimStatus)
    assert replace(first, span=None) == sent.claims[0]
    assert [s.code for s in second.statuses] == ["562", "145"], "composites 01 and 10 of one STC"
    assert second.is_rejected
    assert not first.is_rejected
    assert first.payer_control == "ICN1"
    assert second.lines[0].line_control == "2L1"
    assert second.span is not None
    assert data[second.span.start :].startswith(b"TRN*2*PCN2")
