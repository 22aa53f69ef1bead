"""A file of many transaction sets as files of one: each with its own envelope, bytes of the sets as they came.

Whoever gets answers for several of its own at once gives each only its part. Put one after another, parts are a file
again: a file may hold many interchanges.
"""

from __future__ import annotations

from collections.abc import Iterator

from edi.x12.findings import FindingLog
from edi.x12.tokens import Tokenizer


def singles(content: bytes) -> Iterator[bytes]:
    """Each set, and each TA1, in an interchange of its own; ISA and GS as they were, the counts made right.

    What stands outside an interchange, and a set without its SE, is left out.
    """
    tokens = Tokenizer(content, FindingLog())
    isa = gs = b""
    interchange = group = ""
    begun = -1
    for segment in tokens:
        raw, tag = content[segment.start : segment.end], segment.elements[0]
        element, end = tokens.delimiters.element, tokens.delimiters.segment
        if tag == "ISA":
            isa, gs, interchange, begun = raw, b"", segment.elements[-4].strip(), -1
        elif tag == "GS" and len(segment.elements) > 6:
            gs, group = raw, segment.elements[6]
        elif tag == "TA1" and isa:
            yield isa + raw + _ended(element, end, ("IEA", "0", interchange))
        elif tag == "ST":
            begun = segment.start
        elif tag == "SE" and isa and gs and begun >= 0:
            yield (
                isa + gs + content[begun : segment.end]
                + _ended(element, end, ("GE", "1", group), ("IEA", "1", interchange))
            )  # fmt: skip
            begun = -1


def _ended(element: str, end: str, *segments: tuple[str, ...]) -> bytes:
    return "".join(element.join(one) + end for one in segments).encode()
