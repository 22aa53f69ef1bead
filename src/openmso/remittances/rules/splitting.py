"""Who is paid in a file: the payee of each ST, read without the claims; and a file cut down to some of its STs.

One 835 file may pay several practices. None of them may see the payments of another, so each gets the envelope with
its own transactions only, byte for byte as the payer wrote them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from edi.x12.findings import FindingLog
from edi.x12.tokens import Tokenizer

SEGMENT_SIZE_MAX = 1 << 16
"""Longer than any segment of an 835: whatever it is, it is not one."""


@dataclass(slots=True)
class Payee:
    """The payee of one ST, the bytes `[start, end)` it stands in, SE included, and where its ISA begins."""

    control: str
    envelope: int
    start: int
    end: int
    npi: str = ""
    tin: str = ""
    name: str = ""

    @property
    def words(self) -> str:
        """How a person would name it."""
        ids = [f"NPI {self.npi}" if self.npi else "", f"TIN {self.tin}" if self.tin else ""]
        return ", ".join(part for part in (self.name[:60], *ids) if part) or "a payee without a number"


def payees_of(content: bytes) -> list[Payee]:
    """The payee of every 835 transaction of a file, in order; of what is no X12, none."""
    if b"835" not in content:
        return []
    found: list[Payee] = []
    envelope = 0
    current: Payee | None = None
    in_payee = False
    for elements, _, start, end in Tokenizer(io.BytesIO(content), FindingLog()):
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
            in_payee = elements[1:2] == ["PE"]
            if in_payee:
                _identify(current, elements)
        elif tag == "REF" and in_payee and elements[1:2] == ["TJ"]:
            current.tin = current.tin or "".join(elements[2:3]).strip()
        elif tag in {"LX", "CLP"}:
            in_payee = False
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


def carved(content: bytes, wanted: Iterable[Payee]) -> bytes:
    """The file with only these transactions: for each interchange its ISA and GS, their STs, and a fresh ending.

    Counts of the endings are those of what is kept; control numbers stay the payer's.
    """
    by_envelope: dict[int, list[Payee]] = {}
    for payee in wanted:
        by_envelope.setdefault(payee.envelope, []).append(payee)
    return b"".join(_interchange(content, envelope, payees) for envelope, payees in sorted(by_envelope.items()))


def _interchange(content: bytes, envelope: int, payees: list[Payee]) -> bytes:
    """One interchange; groups are told by the GS that stands before each ST."""
    header: list[tuple[list[str], int, int]] = []
    tokenizer = Tokenizer(io.BytesIO(content[envelope : payees[-1].end]), FindingLog())
    wanted = {payee.start - envelope: payee for payee in payees}
    groups: dict[int, list[Payee]] = {}
    for elements, _, start, end in tokenizer:
        if elements[0] in {"ISA", "GS"}:
            header.append((elements, envelope + start, envelope + end))
        elif elements[0] == "ST" and start in wanted:
            groups.setdefault(len(header) - 1, []).append(wanted[start])
    element, terminator = tokenizer.delimiters.element, tokenizer.delimiters.segment
    parts = [content[header[0][1] : header[0][2]]] if header else []
    for index, members in groups.items():
        group, start, end = header[index]
        parts.append(content[start:end])
        parts += [content[payee.start : payee.end] for payee in members]
        parts.append(element.join(("GE", str(len(members)), "".join(group[6:7]))).encode("latin-1"))
        parts.append(terminator.encode("latin-1"))
    number = "".join(header[0][0][13:14]) if header else ""
    parts.append(element.join(("IEA", str(len(groups)), number)).encode("latin-1") + terminator.encode("latin-1"))
    return b"".join(parts)
