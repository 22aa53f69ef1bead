"""Measure a release and the floor on one server; prints the rows as JSON."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import apart

if TYPE_CHECKING:
    from bench.network import Network, Taken

SIZES = [int(size) for size in os.environ.get("BENCH_RELEASE", "5000,20000,100000").split(",")]
TARGET = 5.0


def rows() -> Iterator[dict[str, Any]]:
    """The claims of a practice each, fewer first; the last and most are held against the floor."""
    from bench.network import Network

    network = Network()
    found = [released(network, house, (house + 1) * 5_000_000, size) for house, size in enumerate(SIZES)]
    most = found[-1]
    took, floor = most.took, most.floor
    built = took["said and frozen"] + took["files"]
    ratio, whole = built.cpu / floor, (built + took["judged"]).cpu / floor
    missed = "MISSED " if ratio > TARGET else ""
    apart_ = ", ".join(f"{what} {one.cpu:.1f} s ({one.server:.1f} of the server)" for what, one in took.items())
    memory = ", ".join(f"{one.memory[0]} and {one.memory[1]} MB for {one.claims:,} claims" for one in found)
    yield {
        "name": f"build and write 837P of {most.claims:,} claims", "ours": built.cpu, "peer": floor, "unit": "s CPU",
        "ratio": ratio, "target": f"≤ {TARGET:.0f}× pyx12 writing the segments",
        "note": f"{missed}{most.segments:,} segments; {apart_}; on the wall {built.wall:.0f} s; memory of freezing and "
        f"of the files above that before: {memory}",
    }  # fmt: skip
    yield {
        "name": "the same, judged once more before", "ours": (built + took["judged"]).cpu, "peer": floor,
        "unit": "s CPU", "ratio": whole, "target": "", "note": f"on the wall {(built + took['judged']).wall:.0f} s",
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Released:
    """What a release came to: claims, segments, what each of its parts took, and the seconds of its floor.

    Memory in MB above what the process held before, at its highest: while freezing, and while releasing.
    """

    claims: int
    segments: int
    took: dict[str, Taken]
    floor: float
    memory: tuple[int, int]


class Judging:
    """What judging took since this was made, apart from the freezing around it."""

    def __init__(self, connection: Any) -> None:
        from bench.network import Taken
        from openmso.claims.services import submitting

        self.took, inner = Taken(0.0, 0.0, 0.0), submitting.judged

        def timed(*args: Any) -> Any:
            began = Taken.so_far(connection)
            try:
                return inner(*args)
            finally:
                self.took += Taken.so_far(connection) - began

        self._submitting, self._inner = submitting, inner
        submitting.judged = timed

    def close(self) -> None:
        """Time no more."""
        self._submitting.judged = self._inner


class Memory:
    """The highest memory of this process above what it held when this was made."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")
        self._before = self._told("VmRSS")

    def risen(self) -> int:
        """In MB."""
        return max(self._told("VmHWM") - self._before, 0) // 1024

    @staticmethod
    def _told(name: str) -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def released(network: Network, house: int, first: int, count: int) -> Released:
    """Freeze, release and write again the claims of a practice."""
    from django.db import connection

    from bench.network import Taken, add
    from openmso.claims.services import releasing, submitting
    from openmso.kit.periods import Month
    from openmso.ledger.contracts import Method
    from openmso.ledger.services import books
    from openmso.platform.documents import queries as documents
    from openmso.platform.tenancy.scope import reading, scope

    place = network.houses[house]
    with scope(practices=[place.id], entities=[place.entity.id]):
        books.open_books(
            actor=network.actor, entity=place.entity.id, name="Books", method=Method.CASH,
            opens=Month.of(network.at.date()), at=network.at,
        )  # fmt: skip
    claims = add(place, network.payers, first=first, count=count, state="ready")
    connection.ensure_connection()
    memory, began, judging = Memory(), Taken.so_far(connection.connection), Judging(connection.connection)
    with scope(practices=[place.id], entities=[place.entity.id]):
        answered = submitting.submit_many(actor=network.actor, practice=place.id, claim_ids=claims, at=network.at)
        frozen, of_freezing = Taken.so_far(connection.connection), memory.risen()
        refused = len(answered.refused)
        judging.close()
        del answered
        memory = Memory()
        batches = releasing.release(actor=network.actor, practice=place.id, at=network.at)
    took = {
        "judged": judging.took, "said and frozen": frozen - began - judging.took,
        "files": Taken.so_far(connection.connection) - frozen,
    }  # fmt: skip
    of_release = memory.risen()
    sent = sum(one.claims for one in batches)
    assert sent + refused == count, (sent, count, refused)
    with scope(practices=[place.id]), reading():
        counted = [written(documents.read(one.document, place.id)) for one in batches]
    floor, segments = sum(seconds for seconds, _ in counted), sum(count for _, count in counted)
    return Released(sent, segments, took, floor, (of_freezing, of_release))


def written(file: bytes) -> tuple[float, int]:
    """Seconds of the processor that writing the segments of a file takes, and how many they are."""
    from pyx12.segment import Segment
    from pyx12.x12file import X12Writer

    held = [Segment(part.strip(), "~", "*", ":") for part in file.decode().split("~") if part.strip()]
    began = time.process_time()
    with X12Writer(io.StringIO(), "~", "*", ":") as writer:
        for one in held:
            writer.Write(one)
    return time.process_time() - began, len(held)


if __name__ == "__main__":
    apart.measure(rows)
