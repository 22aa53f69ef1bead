"""What a file is, told by its content: the transactions in it, as those who take them are called."""

from __future__ import annotations

from typing import IO

from edi.x12.envelope import SetStart, read_sets
from edi.x12.tokens import Segment

ACK_GUIDE = "X214"
"""The guide of the claim acknowledgement; any other 277 answers a question about status."""


def kinds_of(content: IO[bytes]) -> tuple[str, ...]:
    """`("TA1", "999")`: what stands in the file, in order; nothing where it is no X12."""
    found: dict[str, None] = {}

    def of_set(start: SetStart, log: object) -> None:
        found[_kind(start)] = None

    content.seek(0)
    for record in read_sets(content, of_set):
        if isinstance(record, Segment) and record.elements[0] == "TA1":
            found["TA1"] = None
    content.seek(0)
    return tuple(found)


def _kind(start: SetStart) -> str:
    if start.set_id == "277":
        return "277CA" if ACK_GUIDE in start.guide or ACK_GUIDE in start.version else "277"
    return start.set_id
