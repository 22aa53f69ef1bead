"""A claim read at once and the same claim read segment by segment: one record, one set of findings."""

from __future__ import annotations

import random

import pytest

from edi.x12.envelope import SetStart, read_sets
from edi.x12.findings import FindingLog
from edi.x12.remittance.read import RemittanceBody
from edi.x12.remittance.whole import whole_claim
from edi.x12.remittance.write import write_835
from edi.x12.tokens import Stretch, Tokenizer
from tests.conformance.x12.samples import FOLDER, expected, needs_samples
from tests.conformance.x12.test_mutations import DAMAGE
from tests.edi.x12.builders import ENVELOPE, claim_payment, remittance

WRITTEN = write_835([remittance(*(claim_payment(f"PCN{number}") for number in range(1, 6)))], ENVELOPE)
PLAIN = WRITTEN.replace(b"~\n", b"~")
CLAIM_CHANGES = (
    (b"CAS*CO*45*30", b"CAS*CO*45*10**253*20"),
    (b"CAS*CO*45*30", b"CAS*CO*45*31"),
    (b"CAS*CO*45*30", b"CAS*CO*45*3O"),
    (b"CAS*CO*45*30", b"CAS*CO*45*30*1"),
    (b"CAS*CO*45*30", b"CAS*CO*45"),
    (b"CAS*CO*45*30", b"CAS*CO*45*30*1*"),
    (b"DTM*472*20251103", b"DTM*472*20251399"),
    (b"DTM*472*20251103", b"DTM*472"),
    (b"REF*6R*", b"REF*6R~REF*6R*"),
    (b"SVC*HC", b"LX*2~SVC*HC"),
    (b"SVC*HC", b"MOA***MA01~PER*CX*X*TE*1~SVC*HC"),
    (b"SVC*HC", b"NM1*82*1~QTY*CA*3~AMT*AU*x~SVC*HC"),
    (b"SVC*HC", b"SVC~SVC*HC"),
    (b"REF*6R*", b"NM1*82*1*LATE~LQ*HE*N1~LQ*RX*2~LQ*HE~QTY*ZK*2~REF*6R*"),
    (b"REF*6R*", b"MIA*0~TS3*1~REF*6R*"),
    (b"CLP*PCN3", b"CLP~CLP*PCN3"),
    (b"~", b" ~"),
    (b"~", b"~\r\n"),
    (b"IEA*", b"GS*HP*A*B*20260101*1200*9*X*005010X221A1~IEA*"),
)


def stepwise(start: SetStart, log: FindingLog) -> RemittanceBody:
    body = RemittanceBody(start, log, guide=False)
    body.whole = ""
    return body


def at_once(start: SetStart, log: FindingLog) -> RemittanceBody:
    return RemittanceBody(start, log, guide=False)


def assert_equal_both_ways(data: bytes) -> None:
    assert list(read_sets(data, at_once)) == list(read_sets(data, stepwise))


def stretches(data: bytes) -> list[Stretch]:
    tokens = Tokenizer(data, FindingLog())
    tokens.whole = "CLP"
    return [piece for piece in tokens.pieces() if isinstance(piece, Stretch)]


def test_orderly_claims_between_two_others_are_read_at_once() -> None:
    found = [whole_claim(stretch) for stretch in stretches(WRITTEN)]

    assert [claim.elements[1] for claim in found if claim] == ["PCN1", "PCN2", "PCN3", "PCN4"]


def test_what_nobody_takes_at_once_is_given_again_one_by_one() -> None:
    tokens = Tokenizer(WRITTEN, FindingLog())
    tokens.whole = "CLP"
    segments = [piece for piece in tokens.pieces() if not isinstance(piece, Stretch)]

    assert segments == list(Tokenizer(WRITTEN, FindingLog()))


@pytest.mark.parametrize(("old", "new"), CLAIM_CHANGES)
def test_a_claim_out_of_the_ordinary_reads_the_same(old: bytes, new: bytes) -> None:
    assert old in PLAIN
    for times in (1, 3, -1):
        changed = PLAIN.replace(old, new, times)
        assert_equal_both_ways(changed)
        assert_equal_both_ways(changed.replace(b"~", b"~\n"))


@pytest.mark.parametrize("amount", ["1_0", "1E2", "1E9", " 5 ", "-5", "+5", "NaN", ".12345678", "-.1234567", "9" * 16])
def test_the_strangest_amounts_read_the_same(amount: str) -> None:
    for old, new in ((b"CAS*CO*45*30", b"CAS*CO*45*%s"), (b"*150*", b"*%s*")):
        assert old in WRITTEN
        assert_equal_both_ways(WRITTEN.replace(old, new % amount.encode()))


def test_damaged_files_read_the_same() -> None:
    rng = random.Random(835)
    for _ in range(2000):
        data = bytearray(WRITTEN)
        for _ in range(rng.choice((1, 1, 2, 5))):
            rng.choice(DAMAGE)(rng, data)
            data = data or bytearray(b"~")
        assert_equal_both_ways(bytes(data))


@needs_samples
def test_every_sample_reads_the_same() -> None:
    files = [FOLDER / str(facts["file"]) for facts in expected()]
    assert files
    for path in files:
        assert_equal_both_ways(path.read_bytes())
