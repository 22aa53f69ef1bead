"""Every sample file: its totals exactly, its validity by its figures, its claims and their bytes."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest

from edi.x12.ack.answer import answer
from edi.x12.ack.f277ca import read_277ca
from edi.x12.ack.f999 import read_999
from edi.x12.ack.model import GroupAck, InterchangeAck
from edi.x12.ack.ta1 import read_ta1
from edi.x12.check import check_file
from edi.x12.claim.model import Claim
from edi.x12.claim.places import places
from edi.x12.claim.read import read_837
from edi.x12.eligibility.model import Eligibility, Inquiry
from edi.x12.eligibility.read import read_270, read_271
from edi.x12.findings import FindingLog
from edi.x12.remittance.model import ClaimPayment, ProviderAdjustment
from edi.x12.remittance.read import read_835
from edi.x12.status.model import StatusAnswer, StatusInquiry
from edi.x12.status.read import read_276, read_277
from edi.x12.tokens import Tokenizer
from tests.conformance.x12.samples import FOLDER, expected, is_sound, needs_samples

pytestmark = needs_samples

FILES = expected()
every_file = pytest.mark.parametrize("facts", FILES, ids=[facts["file"] for facts in FILES])


def of_type(*names: str) -> pytest.MarkDecorator:
    chosen = [facts for facts in FILES if facts["type"] in names]
    return pytest.mark.parametrize("facts", chosen, ids=[facts["file"] for facts in chosen])


@every_file
def test_totals_and_validity(facts: dict[str, Any]) -> None:
    report = check_file(FOLDER / facts["file"])
    errors = [f.message for f in report.all_findings() if f.severity == "error"]
    assert report.valid == is_sound(facts), errors
    sets = [one.as_json() for one in report.transactions]
    assert len(sets) == sum(facts["st"].values())
    for total in ("claims", "charge", "paid"):
        found = [Decimal(str(one[total])) for one in sets if one[total] is not None]
        if total in facts:
            assert sum(found) == Decimal(str(facts[total]))
        else:
            assert not any(found)


@every_file
def test_segments_and_separators(facts: dict[str, Any]) -> None:
    with (FOLDER / facts["file"]).open("rb") as stream:
        tokens = Tokenizer(stream, FindingLog())
        segments = list(tokens)
    data = (FOLDER / facts["file"]).read_bytes()
    assert len(segments) == facts["segments"]
    assert tokens.size == facts["bytes"] == len(data)
    for segment in segments:
        assert data[segment.start :].startswith(segment.elements[0].encode())
    assert all(a.end <= b.start for a, b in itertools.pairwise(segments))


@of_type("835", "278")
def test_remittances_claim_by_claim(facts: dict[str, Any]) -> None:
    if "paid" not in facts:
        return
    data = (FOLDER / facts["file"]).read_bytes()
    records = list(read_835(data))
    claims = [r for r in records if isinstance(r, ClaimPayment)]
    items = [item for r in records if isinstance(r, ProviderAdjustment) for item in r.items]
    assert sum(len(c.lines) for c in claims) == facts["lines"]
    assert sum((i.amount for i in items), Decimal(0)) == Decimal(facts["plb"])
    assert len(items) == facts["plb_n"]
    assert sum(c.is_reversal for c in claims) == facts["reversals"]
    out_of_balance = [f.code for c in claims for f in c.findings]
    assert out_of_balance.count("line_out_of_balance") == facts["unbalanced_lines"]
    for claim in claims:
        assert claim.span is not None
        assert data[claim.span.start :].startswith(b"CLP")


@of_type("837P", "837I", "837D")
def test_claims_one_by_one(facts: dict[str, Any]) -> None:
    data = (FOLDER / facts["file"]).read_bytes()
    claims = [r for r in read_837(data) if isinstance(r, Claim)]
    assert [(one.control, one.span) for one in places(data)] == [(claim.control, claim.span) for claim in claims]
    assert len(claims) == facts.get("claims", 0)
    assert sum(len(c.lines) for c in claims) == facts.get("lines", 0)
    assert sum(len(line.adjudications) for c in claims for line in c.lines) == facts.get("svd", 0)
    found = {frequency: sum(c.frequency == frequency for c in claims) for frequency in facts.get("clm05_3", {})}
    assert found == facts.get("clm05_3", {})
    for claim in claims:
        assert claim.span is not None
        assert data[claim.span.start :].startswith(b"CLM")


@of_type("999")
def test_acknowledgements(facts: dict[str, Any]) -> None:
    with (FOLDER / facts["file"]).open("rb") as stream:
        groups = [r for r in read_999(stream) if isinstance(r, GroupAck)]
    found = [code for g in groups for code in [*(s.code for s in g.sets if s.code), g.code]]
    assert found == [ack.partition(":")[2] for ack in facts["acks"]]


@of_type("TA1")
def test_interchange_acknowledgements(facts: dict[str, Any]) -> None:
    with (FOLDER / facts["file"]).open("rb") as stream:
        acks = [r for r in read_ta1(stream) if isinstance(r, InterchangeAck)]
    assert [(a.control, a.code) for a in acks] == [(control, code) for control, code, _ in facts["ta1"]]


@of_type("277CA")
def test_claim_acknowledgements(facts: dict[str, Any]) -> None:
    """Every first composite of an STC that the independent count has is on some record of ours."""
    with (FOLDER / facts["file"]).open("rb") as stream:
        records = list(read_277ca(stream))
    statuses = [s for r in records for s in getattr(r, "statuses", ())]
    statuses += [s for r in records for line in getattr(r, "lines", ()) for s in line.statuses]
    found = [f"{s.category}:{s.code}" for s in statuses]
    for status, count in facts.get("stc", {}).items():
        assert found.count(status) >= count


def of_tag(data: bytes, facts: dict[str, Any], tag: str) -> list[list[str]]:
    """The segments of a tag, cut without our tokenizer."""
    found = data.decode("utf-8-sig").replace("\n", "").split(facts["delims"]["term"])
    cut = [segment.strip().split(facts["delims"]["el"]) for segment in found]
    return [elements for elements in cut if elements[0] == tag]


@of_type("276", "277")
def test_status_claim_by_claim(facts: dict[str, Any]) -> None:
    """Every TRN is a claim or a level of ours that begins there, and every STC stands on one of them."""
    data = (FOLDER / facts["file"]).read_bytes()
    read = read_276 if facts["type"] == "276" else read_277
    found = [r for r in read(data) if isinstance(r, StatusInquiry | StatusAnswer)]
    assert [one.trace for one in found] == [trn[2] for trn in of_tag(data, facts, "TRN")]
    told = [t for one in found for t in getattr(one, "told", ())]
    told += [t for one in found for line in one.lines for t in line.told]
    for status, count in facts.get("stc", {}).items():
        assert [f"{t.category}:{t.code}" for t in told].count(status) == count
    for one in found:
        assert one.span is not None
        assert data[one.span.start :].startswith(b"TRN")


@of_type("270")
def test_inquiries_one_by_one(facts: dict[str, Any]) -> None:
    data = (FOLDER / facts["file"]).read_bytes()
    found = [r for r in read_270(data) if isinstance(r, Inquiry)]
    assert [a.service_types[0] for r in found for a in r.asked] == [
        e[1].split("^")[0] for e in of_tag(data, facts, "EQ")
    ]
    assert [t.number for r in found for t in r.traces] == [e[2] for e in of_tag(data, facts, "TRN")]
    born = [r.person.birth_on for r in found if r.person.birth_on]
    assert [f"{day:%Y%m%d}" for day in born] == [e[2] for e in of_tag(data, facts, "DMG")]
    assert {r.source.id for r in found} <= {e[9] if len(e) > 9 else "" for e in of_tag(data, facts, "NM1")}
    for one in found:
        assert one.span is not None
        assert data[one.span.start : one.span.end].count(b"EQ") == len(one.asked)


@of_type("271")
def test_answers_one_by_one(facts: dict[str, Any]) -> None:
    """Every EB, AAA and INS that the independent count has, at its person, and every benefit at its bytes."""
    data = (FOLDER / facts["file"]).read_bytes()
    found = [r for r in read_271(data) if isinstance(r, Eligibility)]
    benefits = [benefit for r in found for benefit in r.benefits]
    assert len(benefits) == facts.get("eb", 0)
    refused = [no.reason for r in found for no in (*r.refusals, *(a for b in r.benefits for a in b.refusals))]
    assert refused == facts.get("aaa", [])
    assert sum(bool(r.person and r.person.relationship) for r in found) == facts.get("ins", 0)
    assert len(found) == facts["st"]["271"]
    for segments, told in (
        ("MSG", [text for b in benefits for text in b.messages]),
        ("TRN", [t.number for r in found for t in r.traces]),
    ):
        at = 1 if segments == "MSG" else 2
        if not facts["env_errors"]:
            assert set(told) <= {e[at] for e in of_tag(data, facts, segments)}
    for benefit in benefits:
        assert benefit.span is not None
        assert data[benefit.span.start :].startswith(b"EB")


@every_file
def test_every_file_can_be_answered(facts: dict[str, Any]) -> None:
    with (FOLDER / facts["file"]).open("rb") as stream:
        answered = answer(stream)
    assert len(answered.interchanges) == facts["isa"]
