"""`python -m bench [NAME...]`: run the benchmarks and print one table; `--record` writes docs/benchmarks.md."""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

import bench

PAGE = Path("docs/benchmarks.md")


class Row(TypedDict):
    """One measurement: ours and the peer's in the same unit, the ratio as the target states it."""

    name: str
    ours: float
    peer: float
    unit: str
    ratio: float
    target: str
    note: str


def main(arguments: list[str]) -> int:
    """Run what is named, or everything; exit status 1 when a target is missed."""
    names = [name for name in arguments if not name.startswith("-")]
    rows = list(measured(names))
    table = "\n".join(lines(rows))
    print(table)
    if "--record" in arguments:
        PAGE.write_text(page(table))
    return 1 if any(row["note"].startswith("MISSED") for row in rows) else 0


def measured(names: list[str]) -> Iterator[Row]:
    """The rows of every benchmark package, in order of name."""
    for found in sorted(pkgutil.iter_modules(bench.__path__), key=lambda module: module.name):
        if found.ispkg and (not names or found.name in names):
            print(f"Measuring {found.name} ...", file=sys.stderr, flush=True)
            module: Any = importlib.import_module(f"bench.{found.name}")
            yield from module.run()


def lines(rows: list[Row]) -> Iterator[str]:
    """The rows as a Markdown table."""
    yield "| what | ours | peer or floor | unit | ratio | target | note |"
    yield "|---|---:|---:|---|---:|---|---|"
    for row in rows:
        yield (
            f"| {row['name']} | {row['ours']:,.3g} | {row['peer']:,.3g} | {row['unit']} | {row['ratio']:.2f} "
            f"| {row['target']} | {row['note']} |"
        )


def page(table: str) -> str:
    """The page of recorded figures, with the machine they were measured on."""
    where = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    machine = f"{os.cpu_count()} cores of {processor()}, {where}"
    return (
        "# Benchmarks\n\n"
        f"Measured on {datetime.now(UTC).date().isoformat()} on {machine} by `make bench`, each figure beside its "
        f"peer in the same run. Ratios are what counts; absolute figures move with the machine.\n\n{table}\n"
    )


def processor() -> str:
    """The model of the processor, as the kernel names it; the platform's word where it names none."""
    facts = Path("/proc/cpuinfo")
    named = re.search(r"^model name\s*:\s*(.+)$", facts.read_text(), re.MULTILINE) if facts.exists() else None
    return named[1] if named else platform.processor() or "an unnamed processor"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
