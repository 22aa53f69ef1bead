"""One 835 of three claims, in every dress that senders put on it: the claims are always the same three."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from edi.x12.check import check_bytes
from edi.x12.findings import FindingLog
from edi.x12.output import Envelope
from edi.x12.remittance.model import ClaimPayment
from edi.x12.remittance.read import read_835
from edi.x12.remittance.write import write_835
from edi.x12.tokens import Delimiters, Tokenizer
from tests.edi.x12.builders import AT, claim_payment, payment_line, remittance

THREE = ("PCN1", "PCN2", "PCN3")


def dressed(delimiters: Delimiters | None = None, *, newlines: bool = True, control: int = 1) -> bytes:
    envelope = Envelope(
        sender="PAYER1",
        receiver="MSO001",
        control=control,
        group_control=control,
        at=AT,
        delimiters=delimiters or Delimiters(),
        newlines=newlines,
    )
    return write_835([remittance(*(claim_payment(control) for control in THREE))], envelope)


def lines_of(width: int, data: bytes) -> bytes:
    return b"".join(data[at : at + width] + b"\r\n" for at in range(0, len(data), width))


def controls(data: bytes) -> list[str]:
    return [record.control for record in read_835(data) if isinstance(record, ClaimPayment)]


def codes(data: bytes) -> set[str]:
    return {finding.code for finding in check_bytes(data).all_findings()}


PLAIN = dressed()

DRESSES: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "newline after each terminator": (lambda: PLAIN, set()),
    "one long line": (lambda: dressed(newlines=False), set()),
    "carriage return and newline": (lambda: PLAIN.replace(b"\n", b"\r\n"), set()),
    "newline as terminator": (lambda: PLAIN.replace(b"~\n", b"\n"), set()),
    "carriage return and newline as terminator": (lambda: PLAIN.replace(b"~\n", b"\r\n"), set()),
    "pipe, caret and backtick": (
        lambda: dressed(Delimiters(element="|", component=">", segment="`", repetition="!"), newlines=False),
        set(),
    ),
    "control characters": (
        lambda: dressed(
            Delimiters(element="\x1d", component="\x1f", segment="\x1c", repetition="\x1e"), newlines=False
        ),
        set(),
    ),
    "empty segments": (lambda: PLAIN.replace(b"~\n", b"~~\n"), {"empty_segment"}),
    "byte order mark": (lambda: b"\xef\xbb\xbf" + PLAIN, {"byte_order_mark"}),
    "leading newlines": (lambda: b"\r\n \n" + PLAIN, set()),
    "indented": (lambda: PLAIN.replace(b"\n", b"\n   \t"), set()),
    "no last terminator": (lambda: PLAIN.rstrip(b"~\n"), {"unterminated_segment"}),
    "a NUL in a name": (lambda: PLAIN.replace(b"MUNOZ", b"MU\x00NOZ"), {"nul_character"}),
    "Latin-1 in a name": (lambda: PLAIN.replace(b"MUNOZ", b"MU\xd1OZ"), {"not_ascii"}),
    "UTF-8 in a name": (lambda: PLAIN.replace(b"MUNOZ", "MUÑOZ".encode()), {"not_ascii"}),
    "cut into lines of 80": (lambda: lines_of(80, dressed(newlines=False)), {"line_break_in_segment"}),
    "cut before the terminator of the ISA": (lambda: lines_of(105, dressed(newlines=False)), {"line_break_in_segment"}),
    "end-of-file mark": (lambda: PLAIN + b"\x1a", set()),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_three_claims_are_read_in_any_dress(dress: str) -> None:
    make, expected = DRESSES[dress]
    data = make()
    report = check_bytes(data)
    assert controls(data) == list(THREE)
    assert report.valid, list(report.all_findings())
    assert codes(data) == expected
    assert str(report.transactions[0].paid) == "300"


@pytest.mark.parametrize("dress", DRESSES)
def test_spans_point_at_the_bytes_of_the_claim(dress: str) -> None:
    data = DRESSES[dress][0]()
    for record in read_835(data):
        if isinstance(record, ClaimPayment):
            assert record.span is not None
            words = data[record.span.start : record.span.end]
            words = words.replace(b"\r\n", b"")
            assert words.startswith(b"CLP")
            assert words.count(record.control.encode()) == 2  # CLP01, and in our CLP07
            for line in record.lines:
                assert line.span is not None
                assert data[line.span.start : line.span.end].startswith(b"SVC")


@pytest.mark.parametrize("first", [PLAIN.rstrip(b"~\n") + b"\n", PLAIN + b"\xef\xbb\xbf"])
def test_files_set_end_to_end_are_read_as_what_they_were(first: bytes) -> None:
    """One that lacked its last terminator, and one before a file with a byte order mark."""
    report = check_bytes(first + dressed(control=2))
    assert report.valid, list(report.all_findings())
    assert controls(first + dressed(control=2)) == list(THREE) * 2


def test_a_name_cut_at_the_end_of_a_line_begins_no_interchange() -> None:
    data = dressed(newlines=False).replace(b"MUNOZ", b"LOU\nISA")
    assert b"LOU\nISA*" in data
    assert check_bytes(data).valid
    assert controls(data) == list(THREE)


def test_text_before_and_between_interchanges_is_reported_and_read_over() -> None:
    data = b"Dear partner,\nhere is the file.\n" + PLAIN + b"--- next ---\n" + dressed(control=2)
    assert controls(data) == list(THREE) * 2
    junk = [f for f in check_bytes(data).findings if f.code == "data_outside_interchange"]
    assert [data[f.offset or 0 :][:4] for f in junk] == [b"Dear", b"--- "]
    assert not check_bytes(data).valid


def test_each_interchange_brings_its_own_separators() -> None:
    other = dressed(Delimiters("|", ">", "\n", "^"), newlines=False, control=2)
    assert controls(PLAIN + other + PLAIN) == list(THREE) * 3


@pytest.mark.parametrize("between", [b"", b"\n\n", b"--- next ---\n"])
def test_many_small_interchanges_are_read_each_where_it_stands(between: bytes) -> None:
    data = between.join([PLAIN, dressed(newlines=False, control=2)] * 40)
    claims = [r for r in read_835(data) if isinstance(r, ClaimPayment)]
    assert [claim.control for claim in claims] == list(THREE) * 80
    assert all(data[claim.span.start :].startswith(b"CLP*" + claim.control.encode()) for claim in claims if claim.span)


def test_a_cut_off_interchange_followed_by_a_whole_one() -> None:
    cut = PLAIN[: PLAIN.index(b"CLP*PCN3")]
    data = cut + dressed(Delimiters("|", ">", "~", "^"), control=2)
    assert controls(data) == ["PCN1", "PCN2", *THREE]
    assert {"set_not_closed", "group_not_closed", "interchange_not_closed"} <= codes(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"*:~\n", b"~\n"),  # ISA16 left out
        (b"*:~\n", b"*~\n"),  # or empty
        (b"*1200*^*", b"*"),  # elements in the middle left out
    ],
)
def test_an_isa_that_lacks_elements_is_one_finding_and_the_sets_are_read(old: bytes, new: bytes) -> None:
    data = PLAIN.replace(old, new, 1)
    assert data != PLAIN
    assert controls(data) == list(THREE)
    assert codes(data) - {"interchange_control_mismatch"} == {"isa_not_fixed_width"}


def test_a_file_without_isa_is_still_read() -> None:
    bare = PLAIN[PLAIN.index(b"ST*835") : PLAIN.index(b"GE*")]
    assert controls(bare) == list(THREE)
    assert {"no_interchange", "set_outside_group"} <= codes(bare)


@pytest.mark.parametrize("junk", [b"", b"   \r\n", b"\xef\xbb\xbf", b"\x00" * 5000, b"hello", b"ISA*", b"~" * 9999])
def test_what_is_not_x12_is_an_answer_too(junk: bytes) -> None:
    report = check_bytes(junk)
    assert not report.valid
    assert report.transactions == ()


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        (b"\x1f\x8b\x08", "gzip archive"), (b"PK\x03\x04", "zip archive"), (b"%PDF-1.7", "PDF"),
        ("ISA*00*".encode("utf-16"), "UTF-16"), ("ISA*00*".encode("utf-16-be"), "UTF-16"), (PLAIN.lower(), "small letters"), ("ISA*".encode("cp500"), "EBCDIC"),
    ],
)  # fmt: skip
def test_what_is_no_x12_is_told_what_it_seems_to_be(begins: bytes, words: str) -> None:
    (finding,) = check_bytes(begins).findings
    assert finding.code == "not_x12"
    assert words in finding.message


def test_a_segment_that_does_not_end_is_one_finding_and_the_rest_is_read() -> None:
    long = PLAIN[: PLAIN.index(b"GS*")] + b"X" * 3_000_000 + b"~" + PLAIN[PLAIN.index(b"GS*") :]
    report = check_bytes(long)
    assert [f.code for f in report.findings] == ["segment_too_long", "segment_outside_set"]
    assert controls(long) == list(THREE)


def test_chunks_may_end_anywhere() -> None:
    """Read byte by byte, a file tells the same as read whole."""

    class Drip(io.RawIOBase):
        def __init__(self, data: bytes, step: int) -> None:
            self.data, self.step, self.at = data, step, 0

        def read(self, size: int = -1) -> bytes:
            self.at += self.step
            return self.data[self.at - self.step : self.at]

    for dress, (make, _) in DRESSES.items():
        data = make()
        whole = list(Tokenizer(data, FindingLog()))
        for step in (1, 7, 106, 107):
            dripped = list(Tokenizer(Drip(data, step), FindingLog()))  # type: ignore[arg-type]
            assert dripped == whole, (dress, step)


def test_a_segment_without_end_does_not_fill_the_memory() -> None:
    data = PLAIN.replace(b"CLP*PCN2", b"NTE*" + b"A" * 2_000_000 + b"~\nCLP*PCN2")
    assert "segment_too_long" in codes(data)
    assert controls(data) == list(THREE)


def test_120_lines_are_read() -> None:
    lines = tuple(payment_line("10", "10", control=f"L{n}") for n in range(120))
    data = write_835([remittance(claim_payment("PCN1", *lines))], Envelope("A", "B", 1, 1, AT))
    (record,) = (r for r in read_835(data) if isinstance(r, ClaimPayment))
    assert [line.line_control for line in record.lines] == [f"L{n}" for n in range(120)]


def test_an_interchange_is_found_wherever_a_line_ends_within_its_header() -> None:
    two = dressed(newlines=False) + dressed(newlines=False, control=2)
    at = two.index(b"ISA", 1)

    for within in range(106):
        report = check_bytes(lines_of(80, two[: at + within]) + lines_of(80, two[at + within :]))
        assert [one.claims for one in report.transactions] == [3, 3], within
        assert report.valid, within


BINARY = bytes(range(256)) + b"~SE*3*0001~\r\nIEA*1*000000001~ISA*00*" + b"\xef\xbb\xbf~~"
"""A scanned page has every byte, and may have what ends segments, sets and files elsewhere."""


def with_paper(*segments: bytes, terminator: bytes = b"~") -> bytes:
    """A 275 (which comes with the papers that a claim lacks) with these segments, counted as they are meant."""
    body = terminator.join(
        (b"ST*275*0001*005010X210", b"BGN*02*1*20261130", *segments, b"SE*%d*0001" % (len(segments) + 3))
    )
    head = b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261130*1200*^*00501*000000001*0*T*:"
    tail = (b"GS*PI*SENDER*RECEIVER*20261130*1200*1*X*005010X210", body, b"GE*1*1", b"IEA*1*000000001", b"")
    return head + terminator + terminator.join(tail)


@pytest.mark.parametrize("terminator", [b"~", b"~\n", b"\n", b"\r\n"])
def test_a_paper_is_as_long_as_it_says_whatever_bytes_it_has(terminator: bytes) -> None:
    """BIN01 and BDS02 count bytes: none of them ends a segment, wherever a chunk of the file ends."""
    for head in (b"BIN*%d*", b"BDS*B64*%d*"):
        data = with_paper(head % len(BINARY) + BINARY, b"CAT*AE*MB", head % 3 + b"YWI", terminator=terminator)
        assert not codes(data)
        assert [one.set_id for one in check_bytes(data).transactions] == ["275"]
        for chunk in (1, 5, 300, 1 << 16):
            segments = list(Tokenizer(data, FindingLog(), chunk=chunk))
            (first, second) = (segment for segment in segments if segment.elements[0] in ("BIN", "BDS"))
            assert data[first.start : first.end].rstrip(b"\r\n~").startswith(head % len(BINARY) + BINARY[:250])
            assert second.elements[-1] == "YWI"
            assert len(segments) == 10


@pytest.mark.parametrize("size", [b"", b"9", b"4000", b"99999999999999", b"\xb2"])
def test_a_paper_that_is_not_as_long_as_it_says_ends_with_its_terminator(size: bytes) -> None:
    data = with_paper(b"BDS*ASC*" + size + b"*Content-Type: text/plain", b"LQ*AT*OZ")
    assert codes(data) - {"not_ascii"} == {"binary_size_wrong"}
    assert check_bytes(data).valid
