"""Measure a release and the floor on one server; prints the rows as JSON."""

from __future__ import annotations

import io
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench import apart

if TYPE_CHECKING:
    from bench.network import Network, Taken

CLAIMS = int(os.environ.get("BENCH_RELEASE", "20000"))
TARGET = 5.0


def rows() -> Iterator[dict[str, Any]]:
    """A fourth of the claims first, then all of them, of a practice each."""
    from bench.network import Network

    network = Network()
    few = released(network, 0, 1_000_000, CLAIMS // 4)
    all_ = released(network, 1, 10_000_000, CLAIMS)
    ours, floor = all_.released, all_.floor
    ratio = ours.cpu / floor
    missed = "MISSED " if ratio > TARGET else ""
    yield {
        "name": f"build and write 837P of {all_.claims:,} claims", "ours": ours.cpu, "peer": floor, "unit": "s CPU",
        "ratio": ratio, "target": f"≤ {TARGET:.0f}× pyx12 writing the segments",
        "note": f"{missed}{all_.segments:,} segments; server {ours.server:.1f} s CPU; judged and frozen before that in "
        f"{all_.frozen.cpu:.1f} s; memory above that of the start {few.memory} MB for {few.claims:,} claims, then "
        f"{all_.memory} MB more",
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Released:
    """What a release came to: claims, segments, seconds of freezing, of the release and of its floor, memory in MB."""

    claims: int
    segments: int
    frozen: Taken
    released: Taken
    floor: float
    memory: int


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
    memory, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, Taken.so_far(connection.connection)
    with scope(practices=[place.id], entities=[place.entity.id]):
        answered = submitting.submit_many(actor=network.actor, practice=place.id, claim_ids=claims, at=network.at)
        frozen = Taken.so_far(connection.connection)
        batches = releasing.release(actor=network.actor, practice=place.id, at=network.at)
    ended = Taken.so_far(connection.connection)
    used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) // 1024
    sent = sum(one.claims for one in batches)
    assert sent + len(answered.refused) == count, (sent, count, len(answered.refused))
    with scope(practices=[place.id]), reading():
        files = [documents.read(one.document, place.id) for one in batches]
    floor, segments = written(files)
    return Released(sent, segments, frozen - began, ended - frozen, floor, used)


def written(files: list[bytes]) -> tuple[float, int]:
    """Seconds of the processor that writing the segments of some files takes, and how many they are."""
    from pyx12.segment import Segment
    from pyx12.x12file import X12Writer

    took, segments = 0.0, 0
    for file in files:
        held = [Segment(part.strip(), "~", "*", ":") for part in file.decode().split("~") if part.strip()]
        began = time.process_time()
        with X12Writer(io.StringIO(), "~", "*", ":") as writer:
            for one in held:
                writer.Write(one)
        took += time.process_time() - began
        segments += len(held)
    return took, segments


if __name__ == "__main__":
    apart.measure(rows)
