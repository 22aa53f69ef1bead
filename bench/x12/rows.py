"""The table of the codec: each row is ours beside a peer or the floor, from the same run."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.x12.files import write_claims, write_era

Row = dict[str, object]

FLOOR_MULTIPLE_MAX = 5
MEMORY_MAX_MB = 60
WRITTEN_MIN = 150_000
"""Segments a second."""
CLAIMS = 20_000
REPEATS = 5
"""Of ours and of the quick peers, the best counts; peers that need minutes are run once."""
ROOT = Path(__file__).resolve().parents[2]


def run() -> list[Row]:
    """Write the files, run every job, give the rows. Takes some minutes when the peers are there."""
    with tempfile.TemporaryDirectory() as folder:
        era = Path(folder) / f"835_{CLAIMS}.edi"
        one_set = Path(folder) / f"835one_{CLAIMS}.edi"
        claims = Path(folder) / f"837_{CLAIMS}.edi"
        write_era(era, claims=CLAIMS, per_set=500)
        write_era(one_set, claims=CLAIMS, per_set=CLAIMS)
        write_claims(claims, claims=CLAIMS, per_set=500)
        return [
            _ceiling("835 typed and balanced, against a floor that checks nothing", era),
            _race("835 typed and balanced, against oxedi", era, "ours_835", "oxedi_835", 0.33, REPEATS),
            _race("835 typed and balanced, against x12sdk models", era, "ours_835", "x12sdk_835", 15, 1),
            _race("835 typed and balanced, against pyx12's validator", era, "ours_835", "pyx12_validate", 40, 1),
            _memory("835 of 20,000 claims in 40 sets", era),
            _memory("835 of 20,000 claims in one set", one_set),
            _writing(claims),
        ]


def _job(name: str, path: Path) -> Row:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "PYTHONHASHSEED": "0"}
    ran = subprocess.run(
        [sys.executable, "-m", "bench.x12.job", name, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=ROOT,
    )
    found: Row = json.loads(ran.stdout.splitlines()[-1])
    return found


def _seconds(found: Row) -> float:
    return float(str(found["cpu"]))


def _best(ours: str, peer: str, path: Path, repeats: int) -> tuple[float, float, str]:
    """Ours and the peer in turn, the best of each; and whether both found the same."""
    first, other = _job(ours, path), _job(peer, path)
    if "absent" in other:
        return _seconds(first), math.nan, f"peer absent: {other['absent']}"
    note = "same totals" if _same(first, other) else f"TOTALS DIFFER: {first} {other}"
    mine, its = _seconds(first), _seconds(other)
    for turn in range(1, REPEATS):
        mine = min(mine, _seconds(_job(ours, path)))
        if turn < repeats:
            its = min(its, _seconds(_job(peer, path)))
    return mine, its, note


def _ceiling(name: str, path: Path) -> Row:
    """Our CPU as a multiple of the floor's."""
    mine, its, note = _best("ours_835", "floor_835", path, REPEATS)
    return _row(name, mine, its, mine / its, f"<= {FLOOR_MULTIPLE_MAX}", mine / its <= FLOOR_MULTIPLE_MAX, note)


def _race(name: str, path: Path, ours: str, peer: str, at_least: float, repeats: int) -> Row:
    """Our speed as a multiple of the peer's."""
    mine, its, note = _best(ours, peer, path, repeats)
    return _row(
        name, mine, its, its / mine, f">= {at_least}", None if math.isnan(its) else its / mine >= at_least, note
    )


def _same(ours: Row, peer: Row) -> bool:
    shared = [key for key in ("claims", "paid") if key in ours and key in peer]
    return all(str(ours[key]) == str(peer[key]) for key in shared)


def _memory(name: str, path: Path) -> Row:
    """Our memory beside that of the floor, which keeps one claim and nothing else."""
    mine, its = (float(str(_job(job, path)["rss_mb"])) for job in ("ours_835", "floor_835"))
    note = f"of a file of {path.stat().st_size / 1e6:.1f} MB"
    return _row(name, mine, its, mine / its, f"<= {MEMORY_MAX_MB} MB", mine <= MEMORY_MAX_MB, note, unit="MB")


def _writing(path: Path) -> Row:
    """Segments a second, beside the speed that is asked for."""
    found = [_job("write_837", path) for _ in range(REPEATS)]
    speed = max(int(str(one["segments"])) / _seconds(one) for one in found)
    ratio = speed / WRITTEN_MIN
    return _row("837P written", speed, WRITTEN_MIN, ratio, ">= 1", ratio >= 1, "peer is the target", unit="segments/s")


_VERDICTS = {True: "met", False: "MISSED", None: "not measured"}


def _row(
    name: str,
    ours: float,
    peer: float,
    ratio: float,
    target: str,
    met: bool | None,
    note: str,
    *,
    unit: str = "s CPU",
) -> Row:
    return {
        "name": name,
        "ours": ours,
        "peer": peer,
        "ratio": ratio,
        "target": target,
        "unit": unit,
        "note": f"{_VERDICTS[met]}; {note}",
    }
