"""Claims read by the column are the claims read one by one: the same rows, the same sums, the same findings."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from edi.x12 import tokens
from edi.x12.remittance import read
from edi.x12.remittance.model import ClaimBlock
from edi.x12.tokens import Stretch
from openmso.platform.tenancy.scope import atomic
from openmso.remittances.rules import columns
from openmso.remittances.services import staging
from openmso.remittances.tests.office import Office, open_office

SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "samples" / "x12"
NAMES = sorted(path.name for path in SAMPLES.glob("835__*")) if SAMPLES.is_dir() else [""]
TABLES = {"payment": staging.PAYMENT.replace("public_id, ", ""), "line": staging.LINE, "adjustment": staging.ADJUSTMENT}
ReadBlock = Callable[[Stretch], ClaimBlock | None]


@pytest.fixture(scope="module")
def _office(built_once: None) -> Office:
    return open_office()


@pytest.fixture
def office(db: None, _office: Office) -> Office:
    return replace(_office)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few claims, so that small files have some."""
    monkeypatch.setattr(tokens, "CHUNK", 600)
    monkeypatch.setattr(read, "BLOCK_SIZE", 5000)


class Reader:
    """Reads blocks, and counts the claims it could read."""

    def __init__(self) -> None:
        self.claims = 0

    def __call__(self, stretch: Stretch) -> ClaimBlock | None:
        block = columns.read_block(stretch)
        self.claims += block.claims if block else 0
        return block


def staged(office: Office, content: bytes, read_block: ReadBlock, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    """All that staging makes of a file: rows of the three tables, sheets, findings."""
    monkeypatch.setattr(staging, "read_block", read_block)
    with office.scope(), atomic.open():
        made = staging.stage(content)
        with connection.cursor() as cursor:
            tables = {}
            for table, names in TABLES.items():
                cursor.execute(f"SELECT {names} FROM remittances_stage_{table} ORDER BY 1, 2, 3")
                tables[table] = cursor.fetchall()
        sheets = [(one.header, one.totals, one.provider, one.claims, one.line_paid, one.business_key)
                  for one in made.sheets]  # fmt: skip
        transaction.set_rollback(True)
    return tables, sheets, made.findings, made.payments


def both(office: Office, content: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """Stage a file both ways and compare; returns how many claims were read by the column."""
    reader = Reader()
    together = staged(office, content, reader, monkeypatch)
    one_by_one = staged(office, content, lambda stretch: None, monkeypatch)
    assert together == one_by_one
    return reader.claims


def money(rng: random.Random) -> Decimal:
    return Decimal(rng.choice([0, 0, 1, 10, 12_345, 99_999, 100_000])).scaleb(-2) * rng.choice([1, 1, 1, -1])


REASONS = ["45", "1", "2", "97", "23", "253", "204", "999", "B7", "94", "225"]
BUNDLED = [
    "SVC*HC:80053*100*140**1*HC:82947", "CAS*OA*94*-40", "SVC*HC:80053*40*0**0*HC:84132", "CAS*CO*97*40"
]  # fmt: skip
"""Two lines paid as one, as the guide has it: one raised by the charge of the other, which is within it."""


def adjustments(rng: random.Random) -> tuple[list[str], Decimal]:
    """Up to three CAS of up to four reasons, and what they take off."""
    segments, total = [], Decimal(0)
    for _ in range(rng.randint(0, 3)):
        text = f"CAS*{rng.choice(['CO', 'PR', 'OA', 'PI'])}"
        for _ in range(rng.randint(1, 4)):
            amount = money(rng)
            total += amount
            text += f"*{rng.choice(REASONS)}*{amount}*{rng.choice(['', '1', '2.5'])}"
        segments.append(text.rstrip("*") if rng.random() < 0.5 else text)
    return segments, total


def claim(rng: random.Random, number: int) -> list[str]:
    """Any claim that balances, of any shape that the guide has."""
    paid, line_charge, segments = Decimal(0), Decimal(0), []
    own, off = adjustments(rng) if rng.random() < 0.2 else ([], Decimal(0))
    lines = rng.randint(0, 4)
    for place in range(lines):
        reasons, less = adjustments(rng)
        charge = money(rng)
        if rng.random() < 0.1:  # the whole charge above what is allowed: a denial in disguise
            reasons, less = [f"CAS*CO*45*{charge}"], charge
        code = rng.choice(["HC:99213", "HC:99213:25", "HC:A0428:RH::59", "AD:D0120", "NU:0250", "99213", "HC"])
        tail = rng.choice(["**1", "", "***HC:99214:25", "**0.5*HC:99215*2", "*0510*3", "**"])
        segments += [f"SVC*{code}*{charge}*{charge - less}{tail}"]
        segments += rng.choice([["DTM*472*20260302"], ["DTM*150*20260301", "DTM*151*20260304"], []])
        segments += reasons
        segments += rng.choice([[f"REF*6R*{number}-{place}"], ["REF*LU*11", "REF*6R*  padded"], []])
        segments += rng.choice([["AMT*B6*12.50"], ["AMT*KH*1", "AMT*B6*3"], []])
        segments += rng.choice([["QTY*ZK*1"], [], []]) + rng.choice([["LQ*HE*N130"], ["LQ*HE*M15", "LQ*HE*N4"], [], []])
        line_charge += charge
        paid += charge - less
    if rng.random() < 0.1:
        segments, lines, line_charge, paid = segments + BUNDLED, lines + 2, line_charge + 140, paid + 140
    charge = line_charge if lines else money(rng)
    paid = (paid if lines else charge) - off
    status = rng.choice(["1", "1", "2", "3", "4", "19", "22", "23", "25"])
    head = [
        f"CLP*C{number}*{status}*{charge}*{paid}*{rng.choice(['', '12.00', '0'])}*{rng.choice(['12', 'MB', ''])}*ICN {number}"
    ]
    head[0] += rng.choice(["", "*11*1", "*11*1**470*1.5"])
    head += own
    head += ["NM1*QC*1*OKAFOR*DANIEL****MI*W123"] if rng.random() < 0.9 else []
    head += rng.choice([["NM1*IL*1*O'BRIEN*MARY****MI*W9"], [], []])
    head += rng.choice([["NM1*82*1*DOE*JANE****XX*1999999992"], [], []])
    head += rng.choice([["MOA***MA01*N4"], ["MOA*0.5**MA18"], [], []]) + rng.choice(
        [["REF*F8*OLD 1"], ["REF*EA*77"], []]
    )
    head += rng.choice([["DTM*232*20260301", "DTM*233*20260302"], ["DTM*050*20260310"], []])
    head += rng.choice([["PER*CX**TE*2075550100"], [], []]) + rng.choice([["AMT*AU*100"], [], []])
    return head + segments


ODD = [
    "XX*9*NOBODY KNOWS", "DTM*472*20269999", "AMT*B6*abc", "CAS*CO*45*1.005", "LX*2", "TS3*1234567890*11*20261231*1*1",
    "REF*6R*back\\slash", "MIA*1**1*1", "SVC*HC:1*1*9", "CAS*CO*45", "NM1*QC*1*LATE", "PER*CX*ÉCLAIR",
]  # fmt: skip


def file(claims: list[list[str]], *, newline: str) -> bytes:
    """An 835 around claims; its BPR is what they pay."""
    paid = sum((Decimal(one[0].split("*")[4]) for one in claims), Decimal(0))
    body = ["ST*835*0001", f"BPR*I*{paid}*C*ACH*CCP*****1987654321******20260312", "TRN*1*T1*1987654321",
            "N1*PR*ATLANTIC SHIELD*XV*60054", "N1*PE*ROCKLAND*XX*2000000010", "LX*1", *(s for one in claims for s in one)]  # fmt: skip
    segments = [
        "ISA*00*          *00*          *ZZ*SHIELD         *ZZ*MSO001         *260312*1500*^*00501*000000001*0*P*:",
        "GS*HP*SHIELD*MSO001*20260312*1500*1*X*005010X221A1", *body, f"SE*{len(body) + 1}*0001", "GE*1*1",
        "IEA*1*000000001",
    ]  # fmt: skip
    return "".join(f"{segment}~{newline}" for segment in segments).encode()


@pytest.mark.parametrize("seed", range(25))
def test_any_claims_come_out_alike(office: Office, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    claims = [claim(rng, number) for number in range(80)]

    together = both(office, file(claims, newline=rng.choice(["", "\n"])), monkeypatch)

    assert together >= 20, "hardly a claim was read by the column: the comparison says nothing"


@pytest.mark.parametrize("odd", ODD)
def test_a_claim_that_is_not_in_order_is_read_by_itself_with_the_same_findings(
    office: Office, odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(7)
    claims = [claim(rng, number) for number in range(60)]
    claims[30].append(odd)

    together = both(office, file(claims, newline="\n"), monkeypatch)

    assert 0 < together < 60


@pytest.mark.parametrize("name", NAMES)
def test_files_that_nobody_here_wrote_come_out_alike(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not name:
        pytest.skip(f"real sample files are not here: {SAMPLES} is missing")

    both(office, (SAMPLES / name).read_bytes(), monkeypatch)


def test_negative_control_a_column_that_is_wrong_is_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(3)
    content = file([claim(rng, number) for number in range(60)], newline="\n")
    monkeypatch.setattr(columns, "RANKS", columns.RANKS | {"1": 7})

    with pytest.raises(AssertionError):
        both(office, content, monkeypatch)
