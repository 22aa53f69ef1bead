"""Who is paid in a file: the payee of each ST, read without the claims; and a file cut down to some of its STs.

One 835 file may pay several practices. None of them may see the payments of another, so each gets the envelope with
its own transactions only, byte for byte as the payer wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from edi.x12.findings import FindingLog
from edi.x12.tokens import Tokenizer

SEGMENT_SIZE_MAX = 1 << 16
"""Longer than any segment of an 835: whatever it is, it is not one."""
PIECE = 1 << 16


@dataclass(slots=True)
class Payee:
    """The payee of one ST, the bytes `[start, end)` it stands in, SE included, where its ISA begins, and its claims."""

    control: str
    envelope: int
    start: int
    end: int
    npi: str = ""
    tin: str = ""
    name: str = ""
    claims: int = 0

    @property
    def is_told(self) -> bool:
        """Whether it has been named."""
        return bool(self.name or self.npi or self.tin)

    @property
    def words(self) -> str:
        """How a person would name it."""
        ids = [f"NPI {self.npi}" if self.npi else "", f"TIN {self.tin}" if self.tin else ""]
        return ", ".join(part for part in (self.name[:60], *ids) if part) or "a payee without a number"


def payees_of(file: IO[bytes]) -> list[Payee]:
    """The payee of every 835 transaction of a file, in order; of what is no X12, none."""
    file.seek(0)
    found: list[Payee] = []
    envelope = 0
    current: Payee | None = None
    in_payee = False
    for elements, _, start, end in Tokenizer(file, FindingLog()):
        tag = elements[0]
        if end - start > SEGMENT_SIZE_MAX:
            return []
        if tag == "ISA":
            envelope, current = start, None
        elif tag == "ST" and elements[1:2] == ["835"]:
            current = Payee("".join(elements[2:3]), envelope, start, end)
            found.append(current)
        elif current is None:
            continue
        elif tag == "N1":
            in_payee = elements[1:2] == ["PE"] and not current.is_told  # the first: others stand at claims
            if in_payee:
                _identify(current, elements)
        elif tag == "REF" and in_payee and elements[1:2] == ["TJ"]:
            current.tin = current.tin or "".join(elements[2:3]).strip()
        elif tag in {"LX", "CLP"}:
            in_payee = False
            current.claims += tag == "CLP"
        elif tag == "SE":
            current.end = end
            current, in_payee = None, False
        if current is not None:
            current.end = end
    return found


def _identify(payee: Payee, elements: list[str]) -> None:
    payee.name = "".join(elements[2:3]).strip()
    qualifier, value = "".join(elements[3:4]), "".join(elements[4:5]).strip()
    if qualifier == "XX":
        payee.npi = value
    elif qualifier in {"FI", "24"}:
        payee.tin = value


def carved(file: IO[bytes], wanted: Iterable[Payee]) -> Iterator[bytes]:
    """The file with only these transactions: for each interchange its ISA and GS, their STs, and a fresh ending.

    It comes in pieces, none larger than `PIECE`. Counts of the endings are those of what is kept; control numbers
    stay the payer's.
    """
    by_envelope: dict[int, list[Payee]] = {}
    for payee in wanted:
        by_envelope.setdefault(payee.envelope, []).append(payee)
    for envelope, payees in sorted(by_envelope.items()):
        yield from _interchange(file, envelope, payees)


def _interchange(file: IO[bytes], envelope: int, payees: list[Payee]) -> Iterator[bytes]:
    """One interchange; groups are told by the GS that stands before each ST."""
    header: list[tuple[list[str], int, int]] = []
    file.seek(envelope)
    tokenizer = Tokenizer(file, FindingLog())
    wanted = {payee.start - envelope: payee for payee in payees}
    groups: dict[int, list[Payee]] = {}
    for elements, _, start, end in tokenizer:
        if elements[0] in {"ISA", "GS"}:
            header.append((elements, envelope + start, envelope + end))
        elif elements[0] == "ST" and start in wanted:
            groups.setdefault(len(header) - 1, []).append(wanted.pop(start))
        if not wanted:
            break
    element, terminator = tokenizer.delimiters.element, tokenizer.delimiters.segment
    if header:
        yield from _span(file, header[0][1], header[0][2])
    for index, members in groups.items():
        group, start, end = header[index]
        yield from _span(file, start, end)
        for payee in members:
            yield from _span(file, payee.start, payee.end)
        yield (element.join(("GE", str(len(members)), "".join(group[6:7]))) + terminator).encode("latin-1")
    number = "".join(header[0][0][13:14]) if header else ""
    yield (element.join(("IEA", str(len(groups)), number)) + terminator).encode("latin-1")


def _span(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` to before `end`."""
    file.seek(start)
    while start < end and (piece := file.read(min(PIECE, end - start))):
        start += len(piece)
        yield piece
