"""A 278 written and read back; what others wrote, read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from conftest import SHARED
from edi.x12.check import check_bytes
from edi.x12.review.model import Decision, Person, Refusal, Review, ReviewHeader, Service
from edi.x12.review.read import read_278
from edi.x12.review.write import write_278
from edi.x12.values import Event, Party, Procedure
from tests.edi.x12.builders import ENVELOPE

D = Decimal
DAY = date(2026, 11, 9)
HEADER = ReviewHeader("AUQ-7K2P9M4X", DAY, time(10, 30))
REQUEST = Review(
    HEADER, Party("X3", "TIDEWATER HEALTH", id_qualifier="PI", id="60054"),
    Party("1P", "ROCKLAND FAMILY PRACTICE", id_qualifier="XX", id="1999999992"),
    Person(Party("IL", "OKAFOR", "DANIEL", is_person=True, id_qualifier="MI", id="W123456789"), date(1968, 2, 14), "M"),
    trace="AUQ-7K2P9M4X", place="11", diagnoses=("E119",), dates=(Event("AAH", DAY, date(2026, 12, 31)),),
    services=(Service(Procedure("HC", "90837"), D(8)), Service(Procedure("HC", "90834", ("95",)), D(2))),
)  # fmt: skip
SAMPLES = sorted(SHARED.glob("samples/x12/278__*"))


def back(content: bytes) -> list[Review]:
    return [one for one in read_278(content) if isinstance(one, Review)]


def said(review: Review) -> Review:
    """As it was said: without where it stands in the file, and what the file adds."""
    header = replace(review.header, control="0001")
    return replace(review, span=None, header=header, dates=tuple(replace(one, text="") for one in review.dates))


ANSWER = replace(
    REQUEST, header=replace(HEADER, purpose="11"), decision=Decision("A6", "AUTH-1", ""), units=D(6),
    messages=("SIX VISITS",), dates=(Event("472", DAY, date(2026, 12, 31)),), services=(),
)  # fmt: skip
CHILD = Person(Party("QC", "OKAFOR", "ADA", is_person=True), date(2015, 5, 1), "F")
REFUSED = replace(REQUEST, header=replace(HEADER, purpose="11"), refusals=(Refusal("22", "72", "C"),), services=())


@pytest.mark.parametrize("wanted", [REQUEST, ANSWER, replace(REQUEST, dependent=CHILD), REFUSED])
def test_what_is_written_reads_back_the_same(wanted: Review) -> None:
    content = write_278([wanted], ENVELOPE, origin="1123456789")

    assert check_bytes(content, strict=True).valid
    (one,) = back(content)
    if wanted.refusals:
        assert [r.reason for r in one.refusals] == ["72"]
    else:
        assert said(one) == wanted


@pytest.mark.skipif(not SAMPLES, reason="the sample files are not here")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name[5:50])
def test_every_278_of_others_is_read_to_its_end(path: Path) -> None:
    content = path.read_bytes()
    reviews = back(content)

    if b"HL*" in content:
        assert reviews
    if b"HCR*" in content:
        assert any(one.decided for one in reviews)
    if b"AAA*" in content:
        assert any(one.refusals for one in reviews)


@pytest.mark.skipif(not SAMPLES, reason="the sample files are not here")
def test_a_published_answer_is_understood() -> None:
    path = SHARED / "samples/x12/278__irobayna__referral_response_to_request_for_review.edi"

    (one,) = back(path.read_bytes())

    assert one.is_answer
    assert one.decided == Decision("A1", "AUTH0001", "")
    assert one.trace == "111099"
    assert (one.category, one.place) == ("SC", "11")
    assert one.on("AAH") == Event("AAH", date(2005, 5, 2), date(2005, 6, 2), "20050502-20050602")
    assert (one.units, one.subscriber.party.id, one.payer.id) == (D(1), "12345678901", "789312")


PASSING = [path for path in SAMPLES if "irobayna" in path.name and "home_health" not in path.name]
"""Published as examples of the guide; the one about home health counts its segments wrong."""


@pytest.mark.skipif(not PASSING, reason="the sample files are not here")
@pytest.mark.parametrize("path", PASSING, ids=lambda path: path.name[15:60])
def test_the_guides_own_examples_keep_to_our_table(path: Path) -> None:
    assert [one.message for one in check_bytes(path.read_bytes(), strict=True).all_findings()] == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (b"NM1*X3*2", b"NM1*ZZ*2", "2010A"),
        (b"HL*3*2*22*1~", b"", "HL*22"),
        (b"UM*HS*", b"UM*QQ*", "UM01 is 'QQ'"),
        (b"BHT*0007*13", b"BHT*0007*99", "BHT02 is '99'"),
    ],
    ids=["nobody who reviews", "no subscriber", "no kind of request", "no purpose"],
)
def test_a_278_is_judged_by_more_than_its_envelope(was: bytes, becomes: bytes, said: str) -> None:
    content = write_278([REQUEST], ENVELOPE, origin="1123456789")
    assert was in content
    broken = content.replace(was, becomes)

    assert said in " ".join(one.message for one in check_bytes(broken, strict=True).all_findings())
