"""Eligibility: inquiries and answers written, read back, and read from senders who know better."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from edi.x12.check import check_bytes
from edi.x12.eligibility.model import (
    Asked,
    Benefit,
    Delivery,
    Eligibility,
    Inquiry,
    InquiryHeader,
    Insured,
    Place,
    Refusal,
    Trace,
)
from edi.x12.eligibility.read import read_270, read_271
from edi.x12.eligibility.write import write_270, write_271
from edi.x12.output import Unwritable
from edi.x12.values import Address, Contact, Event, Party, Procedure, Reference
from tests.edi.x12.builders import ENVELOPE, money

ON = date(2026, 1, 6)
PAYER = Party(role="PR", last="EXAMPLE HEALTH PLAN", id_qualifier="PI", id="99999")
CLINIC = Party(role="1P", last="ROCKLAND", id_qualifier="XX", id="1999999984")
ANNA = Insured(
    Party(role="IL", last="MUNOZ", first="ANNA", is_person=True, id_qualifier="MI", id="W1"),
    birth_on=date(1980, 2, 3),
    gender="F",
    events=(Event("291", ON, None, "20260106"),),
)
BEN = Insured(
    Party(role="03", last="MUNOZ", first="BEN", is_person=True),
    birth_on=date(2015, 4, 5),
    gender="M",
    relationship="19",
    events=(Event("291", ON, None, "20260106"),),
)


def header(number: str, purpose: str = "13") -> InquiryHeader:
    return InquiryHeader(f"ELG{number}", ON, time(9, 30), number, purpose)


def inquiry(number: str = "0001", **changes: object) -> Inquiry:
    made = Inquiry(header(number), PAYER, CLINIC, ANNA, traces=(Trace("1", f"CHK{number}", "9MSO000001"),))
    return replace(made, **changes)  # type: ignore[arg-type]


def answer(number: str = "0001", **changes: object) -> Eligibility:
    made = Eligibility(
        header(number, "11"), PAYER, CLINIC, ANNA, traces=(Trace("2", f"CHK{number}", "9MSO000001"),),
        benefits=(Benefit("1", "IND", ("30",), plan="GOLD"),),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def inquiries(data: bytes) -> list[Inquiry]:
    return [replace(r, span=None) for r in read_270(data) if isinstance(r, Inquiry)]


def answers(data: bytes) -> list[Eligibility]:
    found = [r for r in read_271(data) if isinstance(r, Eligibility)]
    return [replace(r, span=None, benefits=tuple(replace(b, span=None) for b in r.benefits)) for r in found]


RICH = Benefit(
    "R", "FAM", ("30", "98"), "MC", "PLAN B", "23", money("12.5"), money("0.2"), "VS", money("3"), "Y", "N",
    Procedure("HC", "92014", ("25",)), (Delivery("VS", money("1"), "MO", money("12"), "22", money("2")),),
    (Reference("18", "PLAN7"),), (Event("290", ON, None, "20260106"),), (),
    ("CALL FIRST",), (Place("ZZ", "11"),),
    (Party(role="PRP", last="OTHER PLAN", id_qualifier="PI", id="77777", address=Address("1 A", "", "X", "IL", "62701"),
           contacts=(Contact("IC", "DESK", (("TE", "8005550100"),)),)),),
)  # fmt: skip


def test_inquiries_come_back_as_they_were() -> None:
    asked = (Asked(("30", "AL")), Asked((), Procedure("HC", "92014"), references=(Reference("G1", "A7"),)))
    made = [inquiry("0001", asked=asked), inquiry("0002", dependent=BEN)]
    data = write_270(made, ENVELOPE)
    assert check_bytes(data, strict=True).valid, list(check_bytes(data).all_findings())
    assert inquiries(data) == made
    assert data.count(b"ST*270*") == 2


def test_one_set_may_ask_about_many() -> None:
    made = [inquiry("0001"), inquiry("0001", dependent=BEN), inquiry("0001", receiver=replace(CLINIC, id="1999999992"))]
    data = write_270(made, ENVELOPE)
    assert (data.count(b"ST*270*"), data.count(b"*20*1"), data.count(b"*21*1")) == (1, 1, 2)
    assert check_bytes(data, strict=True).valid
    assert inquiries(data) == made


def test_answers_come_back_as_they_were() -> None:
    made = [
        answer("0001", benefits=(Benefit("1", "IND", ("30",)), RICH)),
        answer("0002", dependent=BEN),
        answer("0003", benefits=(), refusals=(Refusal("subscriber", "72", "C", "N"),)),
        answer("0004", subscriber=None, traces=(), benefits=(), refusals=(Refusal("source", "42", "R", "Y"),)),
    ]
    data = write_271(made, ENVELOPE)
    assert check_bytes(data, strict=True).valid, list(check_bytes(data).all_findings())
    back = answers(data)
    places = [[replace(no, segment=0, offset=0) for no in one.refusals] for one in back]
    assert places == [list(one.refusals) for one in made]
    assert [replace(one, refusals=()) for one in back] == [replace(one, refusals=()) for one in made]


def test_a_refusal_names_its_place() -> None:
    data = write_271([answer(benefits=(), refusals=(Refusal("subscriber", "72", "C", "N"),))], ENVELOPE)
    (back,) = [r for r in read_271(data) if isinstance(r, Eligibility)]
    assert data[back.refusals[0].offset :].startswith(b"AAA*N**72*C")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"NM1*03*", b"NM1*QC*", "element_code"),
        (b"EB*1*", b"EB*9*", "element_code"),
        (b"D8*20150405", b"D8*20151345", "date_unreadable"),
        (b"HL*3*2*22*1", b"HL*9*7*22*1", "hl_parent_unknown"),
        (b"PLAN B*23*12.5", b"PLAN B*23*1X.5", "quantity_unreadable"),
    ],
)
def test_what_a_sender_got_wrong_is_said_and_the_rest_is_read(old: bytes, new: bytes, code: str) -> None:
    data = write_271([answer(dependent=BEN, benefits=(Benefit("1", "IND", ("30",)), RICH))], ENVELOPE)
    assert old in data
    spoilt = data.replace(old, new)
    (back,) = answers(spoilt)
    assert back.person is not None
    assert (back.person.party.first, len(back.benefits)) == ("BEN", 2)
    assert code in {f.code for f in check_bytes(spoilt).all_findings()}


def test_a_payer_without_an_id_is_not_asked() -> None:
    with pytest.raises(Unwritable, match="id of the payer"):
        write_270([inquiry(source=replace(PAYER, id=""))], ENVELOPE)
