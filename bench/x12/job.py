"""One job in one process: `python -m bench.x12.job NAME FILE` prints its CPU seconds, memory and what it found.

A process each, so that neither memory nor caches of one reader help or hurt another.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

Job = Callable[[Path], dict[str, object]]


def ours_835(path: Path) -> dict[str, object]:
    """Typed claims with the three balances."""
    from edi.x12.remittance.model import ClaimPayment
    from edi.x12.remittance.read import read_835

    claims, paid = 0, Decimal(0)
    with path.open("rb") as stream:
        for record in read_835(stream):
            if isinstance(record, ClaimPayment):
                claims += 1
                paid += record.paid
    return {"claims": claims, "paid": str(paid)}


def ours_check(path: Path) -> dict[str, object]:
    """The whole check: balances, envelope and the guide."""
    from edi.x12.check import check_file

    report = check_file(path)
    paid = sum((one.paid or Decimal(0) for one in report.transactions), Decimal(0))
    return {"claims": sum(one.claims or 0 for one in report.transactions), "paid": str(paid)}


def ours_837(path: Path) -> dict[str, object]:
    from edi.x12.claim.model import Claim
    from edi.x12.claim.read import read_837

    with path.open("rb") as stream:
        return {"claims": sum(isinstance(record, Claim) for record in read_837(stream))}


def floor_835(path: Path) -> dict[str, object]:
    """The least that a Python reader of an 835 can do: chunks, slots, Decimal, one claim at a time; no checks."""
    claims, paid = 0, Decimal(0)
    with path.open("rb") as stream:
        for claim in _floor_claims(stream):
            claims += 1
            paid += claim.paid
    return {"claims": claims, "paid": str(paid)}


class _FloorLine:
    __slots__ = ("adjustments", "charge", "paid", "procedure", "references")

    def __init__(self, e: list[bytes]) -> None:
        self.procedure = e[1]
        self.charge = Decimal(e[2].decode())
        self.paid = Decimal(e[3].decode())
        self.adjustments: list[tuple[bytes, bytes, Decimal]] = []
        self.references: list[tuple[bytes, bytes]] = []


class _FloorClaim:
    __slots__ = ("adjustments", "charge", "control", "lines", "other", "paid", "payer_control", "share", "status")

    def __init__(self, e: list[bytes]) -> None:
        self.control, self.status, self.share, self.payer_control = e[1], e[2], e[5], e[7]
        self.charge = Decimal(e[3].decode())
        self.paid = Decimal(e[4].decode())
        self.adjustments: list[tuple[bytes, bytes, Decimal]] = []
        self.lines: list[_FloorLine] = []
        self.other: list[list[bytes]] = []


def _floor_segments(stream: BinaryIO) -> Iterator[list[bytes]]:
    text = stream.read(1 << 16)
    element, terminator = text[3:4], text[105:106]
    while True:
        parts = text.split(terminator)
        text = parts.pop()
        for part in parts:
            yield part.strip(b"\r\n").split(element)
        more = stream.read(1 << 16)
        if not more:
            return
        text += more


def _floor_claims(stream: BinaryIO) -> Iterator[_FloorClaim]:
    claim: _FloorClaim | None = None
    line: _FloorLine | None = None
    for e in _floor_segments(stream):
        tag = e[0]
        if tag == b"CLP":
            if claim:
                yield claim
            claim, line = _FloorClaim(e), None
        elif claim is None:
            continue
        elif tag == b"SVC":
            line = _FloorLine(e)
            claim.lines.append(line)
        elif tag == b"CAS":
            reasons = [(e[1], e[i], Decimal(e[i + 1].decode())) for i in range(2, len(e) - 1, 3)]
            (line or claim).adjustments.extend(reasons)
        elif tag == b"REF" and line:
            line.references.append((e[1], e[2]))
        elif tag in (b"SE", b"PLB"):
            yield claim
            claim = None
        else:
            claim.other.append(e)


def oxedi_835(path: Path) -> dict[str, object]:
    import oxedi

    claims = sum(len(batch.tables["claims"]) for batch in oxedi.stream(path.read_bytes()))
    return {"claims": claims}


def x12sdk_835(path: Path) -> dict[str, object]:
    from x12sdk.io import X12ModelReader

    claims, paid = 0, Decimal(0)
    with X12ModelReader(str(path)) as reader:
        for model in reader.models():
            for header in model.loop_2000:
                for claim in header.loop_2100:
                    claims += 1
                    paid += Decimal(claim.clp_segment.claim_payment_amount)
    return {"claims": claims, "paid": str(paid)}


def pyx12_validate(path: Path) -> dict[str, object]:
    import io
    import logging

    import pyx12.params
    import pyx12.x12n_document

    logging.disable(logging.CRITICAL)
    valid = pyx12.x12n_document.x12n_document(pyx12.params.params(), str(path), io.StringIO(), None, None)
    return {"valid": valid}


def write_837(path: Path) -> dict[str, object]:
    """Write as many claims as the file's name says; the records are made before the clock starts."""
    from bench.x12.files import ENVELOPE, claim_batches
    from edi.x12.claim.write import write_837p

    batches = claim_batches(claims=int(path.stem.split("_")[1]), per_set=500)
    began = time.process_time()
    data = write_837p(batches, ENVELOPE)
    return {"segments": data.count(b"~"), "cpu": time.process_time() - began}


JOBS: dict[str, Job] = {
    job.__name__: job
    for job in (
        ours_835,
        ours_check,
        ours_837,
        floor_835,
        oxedi_835,
        x12sdk_835,
        pyx12_validate,
        write_837,
    )
}


NEEDS = {
    "ours_835": "edi.x12.remittance.read",
    "ours_check": "edi.x12.check",
    "ours_837": "edi.x12.claim.read",
    "oxedi_835": "oxedi",
    "x12sdk_835": "x12sdk.io",
    "pyx12_validate": "pyx12.x12n_document",
    "write_837": "bench.x12.files",
}
"""What a job imports before its clock starts."""


def main(name: str, path: str) -> None:
    try:
        if name in NEEDS:
            importlib.import_module(NEEDS[name])
    except ImportError as error:
        print(json.dumps({"absent": str(error)}))
        return
    gc.collect()
    began = time.process_time()
    result = JOBS[name](Path(path))
    result.setdefault("cpu", time.process_time() - began)
    result["rss_mb"] = _peak_mb()
    print(json.dumps(result))


def _peak_mb() -> float:
    """Peak resident memory of this process alone (`ru_maxrss` would remember the one that started it)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:3])
