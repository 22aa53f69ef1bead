"""Twenty thousand damaged files: each gets an answer, none a traceback, none a hang.

The damage is seeded, so that a failure can be had again. The harness is itself tried on a reader that does break.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from edi.x12.check import check_bytes
from tests.conformance.x12.samples import FOLDER, expected, needs_samples

SEED = 20260105
INPUTS = 8_000
SIZE_MAX = 2_500
"""Only samples up to this size are damaged: breadth counts here, not bulk."""
SECONDS_MAX = 5.0
"""No single small input may take longer, in this thread's own time of the processor."""

_SPICE = (b"~", b"*", b":", b"^", b"\n", b"\x00", b"\xff", b"ISA*", b"IEA*", b"ST*835*", b"SE*", b"HL*", b"1E9", b"-")


def _flip(rng: random.Random, data: bytearray) -> None:
    data[rng.randrange(len(data))] = rng.randrange(256)


def _drop(rng: random.Random, data: bytearray) -> None:
    at = rng.randrange(len(data))
    del data[at : at + rng.choice((1, 1, 3, 40, 400))]


def _insert(rng: random.Random, data: bytearray) -> None:
    at = rng.randrange(len(data) + 1)
    data[at:at] = rng.choice(_SPICE) * rng.choice((1, 1, 2, 50))


def _repeat(rng: random.Random, data: bytearray) -> None:
    at = rng.randrange(len(data))
    piece = data[at : at + rng.randrange(1, 300)]
    data[at:at] = piece * rng.choice((1, 2, 10))


def _shuffle(rng: random.Random, data: bytearray) -> None:
    segments = bytes(data).split(b"~")
    a, b = rng.randrange(len(segments)), rng.randrange(len(segments))
    segments[a], segments[b] = segments[b], segments[a]
    data[:] = b"~".join(segments)


def _cut(rng: random.Random, data: bytearray) -> None:
    del data[rng.randrange(len(data)) :]


DAMAGE: tuple[Callable[[random.Random, bytearray], None], ...] = (_flip, _flip, _drop, _insert, _repeat, _shuffle, _cut)


def damaged(rng: random.Random, whole: bytes) -> bytes:
    data = bytearray(whole)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        if data:
            rng.choice(DAMAGE)(rng, data)
    return bytes(data[: 4 * SIZE_MAX])


def survey(read: Callable[[bytes], object], *, inputs: int) -> list[str]:
    """What went wrong, input by input."""
    rng = random.Random(SEED)
    names = [facts["file"] for facts in expected() if facts["bytes"] <= SIZE_MAX]
    wholes = [(FOLDER / name).read_bytes() for name in names]
    wrong = []
    for number in range(inputs):
        data = damaged(rng, rng.choice(wholes))
        began = time.thread_time()
        try:
            read(data)
        except Exception as error:
            wrong.append(f"input {number}: {type(error).__name__}: {error}")
        if time.thread_time() - began > SECONDS_MAX:
            wrong.append(f"input {number}: took too long")
    return wrong


@needs_samples
def test_no_damage_breaks_the_reader() -> None:
    assert survey(lambda data: check_bytes(data).as_json(), inputs=INPUTS) == []


@needs_samples
@pytest.mark.parametrize("weak", ["counts", "text"])
def test_the_survey_would_notice(weak: str) -> None:
    """The negative control: readers with one ordinary weakness each are found out."""

    def trusts_counts(data: bytes) -> None:
        for segment in data.split(b"~"):
            elements = segment.strip().split(b"*")
            if elements[0] == b"SE":
                int(elements[1])

    def trusts_text(data: bytes) -> None:
        data.decode("ascii", errors="strict" if b"\xff" in data else "ignore")

    assert survey({"counts": trusts_counts, "text": trusts_text}[weak], inputs=2_000)
