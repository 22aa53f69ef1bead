"""Measure the load of all pairs and the check of 10,000 lines on one server; prints the rows as JSON."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import psycopg

from bench import apart
from openmso.platform.database import connect

PAIRS = int(os.environ.get("BENCH_PAIRS", "2600000"))
FILES, ROUNDS, LINES, CHECKS = 4, 3, 10_000, 9
CODES = 14_000
DAY = date(2026, 8, 10)
NOW = datetime(2026, 8, 10, 12, tzinfo=UTC)
COLUMNS = "load_id, column1, column2, starts_on, ends_on, indicator, rationale"
JOIN = """
SELECT count(*) FROM (
  SELECT DISTINCT a.claim, p.column1, p.column2, p.indicator
    FROM bench_line a JOIN bench_line b ON b.claim = a.claim AND b.day = a.day AND b.code <> a.code
    JOIN codes_pairedit p ON p.load_id = %(load)s AND p.column1 = a.code AND p.column2 = b.code
     AND p.starts_on <= a.day AND (p.ends_on IS NULL OR a.day < p.ends_on)) found
"""


def rows() -> Iterator[dict[str, Any]]:
    """Each round loads an edition of its own and copies the same rows; medians count."""
    from openmso.parties import testing
    from openmso.platform.tenancy.scope import scope

    mso = testing.mso(at=NOW).id
    with scope(practices=[mso]):
        ours, keyed, bare, load = [], [], [], 0
        for number in range(1, ROUNDS + 1):
            taken, load = load_seconds(number)
            ours.append(taken)
            keyed.append(copy_seconds(load, with_key=True))
            bare.append(copy_seconds(load, with_key=False))
        name = f"load {PAIRS:,} pairs from four official files"
        note = f"ours keeps the files and judges every row; COPY without any key takes {statistics.median(bare):.2f} s"
        yield row(name, statistics.median(ours), statistics.median(keyed), 3.0, "≤ 3× COPY of the rows", note)
        yield check_row(load)


def row(name: str, ours: float, peer: float, limit: float, target: str, note: str) -> dict[str, Any]:
    """One line of the table: seconds, and how many times the floor ours takes."""
    ratio = ours / peer
    missed = "MISSED " if ratio > limit else ""
    return {
        "name": f"codes: {name}", "ours": ours, "peer": peer, "unit": "s", "ratio": ratio, "target": target,
        "note": missed + note,
    }  # fmt: skip


def edition(number: int) -> list[Any]:
    """Four files: every code of column 1 with its share of codes of column 2, a tenth of the pairs ended."""
    from openmso.codes.contracts import SourceFile
    from openmso.codes.testing import PTP_HEAD, WHY

    each = PAIRS // CODES + 1
    pair = pl.DataFrame({"n": pl.int_range(PAIRS, eager=True)}).select(
        one=10_000 + pl.col("n") // each, two=10_000 + (pl.col("n") // each * 7 + pl.col("n") % each * 71) % CODES,
        n="n",
    )  # fmt: skip
    lines = pair.select(
        pl.format(
            "{}\t{}\t\t{}\t{}\t{}\t{}\r", "one", "two", 20_000_101 + pl.col("n") % 20 * 10_000,
            pl.when(pl.col("n") % 10 == 0).then(pl.lit("20251231")).otherwise(pl.lit("*")),
            (pl.col("n") + number) % 2, pl.lit(WHY),
        )
    ).to_series()  # fmt: skip
    files = []
    for part, start in enumerate(range(0, PAIRS, PAIRS // FILES + 1), start=1):
        body = "\n".join(lines.slice(start, PAIRS // FILES + 1).to_list()) + "\n"
        files.append(SourceFile(f"ccipra-v32{number}r0-f{part}.TXT", (PTP_HEAD + body).encode()))
    return files


def load_seconds(number: int) -> tuple[float, int]:
    """From bytes to the commit; the key of the load."""
    from openmso.codes import services
    from openmso.codes.models import Load
    from openmso.codes.services import Edition
    from openmso.platform.access.contracts import Actor

    files, who = edition(number), Actor.system("bench", at=NOW)
    began = time.perf_counter()
    done = services.load(actor=who, kind="ncci-ptp", edition=Edition(f"2026Q{number}"), files=files, at=NOW)
    taken = time.perf_counter() - began
    assert done.rows == PAIRS, done
    return taken, Load.objects.get(public_id=done.public_id).pk


def superuser() -> psycopg.Connection:
    """Past row-level security, to copy."""
    return psycopg.connect(connect.server().dsn(database=connect.DATABASE), autocommit=True)


def copy_seconds(load: int, *, with_key: bool) -> float:
    """COPY of the rows of a load into a table of the same columns; with its key, or without any."""
    with superuser() as connection:
        connection.execute("DROP TABLE IF EXISTS bench_pair")
        connection.execute(f"CREATE TABLE bench_pair (LIKE codes_pairedit {'INCLUDING ALL' if with_key else ''})")
        select = f"SELECT {COLUMNS} FROM codes_pairedit WHERE load_id = {load} ORDER BY column1, column2"
        with connection.cursor().copy(f"COPY ({select}) TO STDOUT") as copy:
            data = b"".join(bytes(part) for part in copy)
        began = time.perf_counter()
        with connection.cursor().copy(f"COPY bench_pair ({COLUMNS}) FROM STDIN") as copy:
            copy.write(data)
        return time.perf_counter() - began


def check_row(load: int) -> dict[str, Any]:
    """10,000 lines of 2,500 claims of one day each: through the door that claims use, and as a join alone."""
    from openmso.codes.queries import edits
    from openmso.platform.tenancy.scope import reading

    chance, services = random.Random(7), []
    for claim in range(LINES // 4):
        first = chance.randrange(CODES)
        beside = [(first * 7 + chance.randrange(180) * 71) % CODES for _ in range(3)]
        services += [(claim, str(10_000 + code), DAY) for code in {first, *beside}]
    with superuser() as connection:
        connection.execute(
            'DROP TABLE IF EXISTS bench_line; CREATE TABLE bench_line (claim int, code text COLLATE "C", day date)'
        )
        with connection.cursor().copy("COPY bench_line FROM STDIN") as copy:
            copy.write("".join(f"{claim}\t{code}\t{day}\n" for claim, code, day in services))
        connection.execute("ANALYZE bench_line; ANALYZE codes_pairedit")
        ours, floor, found = [], [], 0
        for _ in range(CHECKS):
            began = time.perf_counter()
            with reading():
                found = sum(map(len, edits.pairs(services).values()))
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            ((joined,),) = connection.execute(JOIN, {"load": load}).fetchall()
            floor.append(time.perf_counter() - began)
            assert joined == found > 1_000, (joined, found)
    note = (
        f"{len(services):,} lines of {LINES // 4:,} claims, {found:,} hits; the join counts them, ours hands them over"
    )
    return row(
        "check 10,000 lines", statistics.median(ours), statistics.median(floor), 2.0, "≤ 2× the plain join", note
    )


if __name__ == "__main__":
    apart.measure(rows)
