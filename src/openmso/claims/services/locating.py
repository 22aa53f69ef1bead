"""Where in the 837 that left an error of a 999 stands: its IK303 has four characters, so that 2010AA comes as 2010."""

from __future__ import annotations

from dataclasses import replace

from edi.x12.ack.model import SegmentError, SetAck
from edi.x12.claim.places import loops_at
from openmso.claims.models.submissions import Batch
from openmso.platform.documents import queries as documents

WHOLE = frozenset({"2300", "2320", "2400", "2410", "2430"})
"""Loops whose names have four characters."""


def in_full(batch: Batch, one: SetAck) -> tuple[SegmentError, ...]:
    """The errors of a set, each with the loop in full where the segment of its tag stands at its place in our file."""
    short = {error.position for error in one.errors if len(error.loop) <= 4 and error.loop not in WHOLE}
    if not short:
        return one.errors
    told = loops_at(documents.read(batch.document, batch.practice_id), one.control, short)
    return tuple(_in_full(error, *told.get(error.position, ("", ""))) for error in one.errors)


def _in_full(error: SegmentError, tag: str, loop: str) -> SegmentError:
    return replace(error, loop=loop) if tag == error.tag and loop.startswith(error.loop) else error
