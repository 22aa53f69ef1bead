"""Claim status: inquiries and answers written, read back, and read from senders who leave levels out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from edi.x12.check import check_bytes
from edi.x12.output import Unwritable
from edi.x12.status.model import Patient, StatusAnswer, StatusHeader, StatusInquiry, StatusLine, Told
from edi.x12.status.read import read_276, read_277
from edi.x12.status.write import write_276, write_277
from edi.x12.values import Event, Party, Procedure, Reference
from tests.edi.x12.builders import ENVELOPE, money

ON = date(2026, 1, 6)
PAYER = Party(role="PR", last="EXAMPLE HEALTH PLAN", id_qualifier="PI", id="99999")
SENDER = Party(role="41", last="HARBOR RIDGE", id_qualifier="46", id="HR2201")
CLINIC = Party(role="1P", last="ROCKLAND", id_qualifier="XX", id="1999999984")
ANNA = Patient(
    Party(role="IL", last="MUNOZ", first="ANNA", is_person=True, id_qualifier="MI", id="W1"), date(1980, 2, 3), "F"
)
BEN = Patient(Party(role="QC", last="MUNOZ", first="BEN", is_person=True), date(2015, 4, 5), "M")
SERVICE = Event("472", ON, None, "20260106")
HEADER = StatusHeader("0001", "STA1", ON, time(9, 30))
LINE = StatusLine(Procedure("HC", "99213", ("25",)), money("150"), None, money("1"), "CLM-1-01", dates=(SERVICE,))


def inquiry(trace: str = "CLM-1", **changes: object) -> StatusInquiry:
    made = StatusInquiry(
        HEADER, PAYER, SENDER, CLINIC, ANNA, trace, references=(Reference("EJ", trace),), charge=money("150"),
        dates=(SERVICE,), lines=(LINE,),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def answer(trace: str = "CLM-1", **changes: object) -> StatusAnswer:
    told = Told("F1", "65", "", ON, money("150"), money("120.5"), ON, ON, "CHK99", "PAID")
    anna = replace(ANNA, birth_on=None, gender="")
    made = StatusAnswer(
        HEADER, "claim", PAYER, SENDER, trace, (told,), CLINIC, anna, references=(Reference("1K", "ICN7"),),
        dates=(SERVICE,), lines=(replace(LINE, paid=money("120.5"), told=(Told("F1", "65", "", ON),)),),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def asked(data: bytes) -> list[StatusInquiry]:
    return [replace(one, span=None) for one in read_276(data) if isinstance(one, StatusInquiry)]


def told(data: bytes) -> list[StatusAnswer]:
    return [replace(one, span=None) for one in read_277(data) if isinstance(one, StatusAnswer)]


def test_what_is_asked_is_read_back_and_passes_our_own_strict_check() -> None:
    both = [inquiry(), inquiry("CLM-2"), inquiry("CLM-3", dependent=BEN)]

    data = write_276(both, ENVELOPE)

    assert asked(data) == both
    assert data.count(b"HL*") == 5, "neighbours share payer, sender, provider and subscriber"
    report = check_bytes(data, strict=True)
    assert report.valid, [one.message for one in report.all_findings()]


def test_what_is_told_is_read_back_with_its_money() -> None:
    refused = answer(
        "0", level="provider", subscriber=None, told=(Told("E0", "24", "1P", ON),), lines=(), dates=(), references=()
    )
    given = [answer(), answer("CLM-3", dependent=replace(BEN, birth_on=None, gender="")), refused]

    data = write_277(given, ENVELOPE)

    found = told(data)
    assert sorted(one.trace for one in found) == ["0", "CLM-1", "CLM-3"]
    assert next(one for one in found if one.trace == "CLM-1") == given[0]
    assert next(one for one in found if one.level == "provider").told[0].category == "E0"
    assert (given[0].payer_control, given[0].told[0].paid, given[0].told[0].trace) == ("ICN7", money("120.5"), "CHK99")
    report = check_bytes(data, strict=True)
    assert report.valid, [one.message for one in report.all_findings()]


def test_three_composites_of_one_stc_are_three_statuses() -> None:
    data = write_277([answer()], ENVELOPE).replace(b"*CHK99***PAID", b"*CHK99*F1:107*F1:3:QC*PAID")

    assert [(one.category, one.code, one.entity) for one in told(data)[0].told] == [
        ("F1", "65", ""), ("F1", "107", ""), ("F1", "3", "QC"),
    ]  # fmt: skip


def test_a_sender_who_leaves_the_levels_out_is_still_understood() -> None:
    lines = write_277([answer()], ENVELOPE).split(b"~")
    bare = b"~".join(one for one in lines if not one.strip().startswith((b"HL", b"NM1*1P", b"NM1*IL")))

    [found] = told(bare)
    assert (found.level, found.trace, found.told[0].category) == ("claim", "CLM-1", "F1")


def test_an_acknowledgement_of_claims_is_no_answer_about_status() -> None:
    assert told(write_277([answer()], ENVELOPE).replace(b"X212", b"X214")) == []


def test_what_cannot_be_said_is_refused_in_words() -> None:
    with pytest.raises(Unwritable, match="The id of the payer is missing"):
        write_276([inquiry(source=replace(PAYER, id=""))], ENVELOPE)
