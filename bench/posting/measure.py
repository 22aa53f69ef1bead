"""Measure posting and its floor on one server; prints the rows as JSON."""

from __future__ import annotations

import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from bench import apart
from openmso.platform.database import connect

CLAIMS = int(os.environ.get("BENCH_CLAIMS", "20000"))
FILES, OF_FILE, WORKERS = int(os.environ.get("BENCH_FILES", "200")), 250, 4
PRACTICES = 10
"""Of the day of files: workers meet in the same practice and post in different ones."""
ROUNDS = 3
STAGING_ROUNDS = 7
LINES = (("99213", "140.00"), ("36415", "18.00"), ("93000", "65.00"))
TARGET = 8.0
COPY_SCHEMA = "bench_floor"


def rows() -> Iterator[dict[str, Any]]:
    """Each round posts a new file of the same shape and then copies what it inserted; medians count."""
    from openmso.remittances.tests.office import open_office

    office = open_office()
    ours, floor, inserted = [], [], {}
    for number in range(1, ROUNDS + 1):
        content = era(office, number)
        before = counts()
        ours.append(posting_seconds(office, content))
        inserted = {table: count - before[table] for table, count in counts().items() if count > before[table]}
        floor.append(copied(inserted).wall)
    taken, floored = statistics.median(ours), statistics.median(floor)
    total = sum(inserted.values())
    what = ", ".join(f"{count:,} {table}" for table, count in sorted(inserted.items(), key=lambda i: -i[1])[:7])
    note = f"{total:,} rows: {what}; {CLAIMS / taken:,.0f} claims/s"
    name = f"post an 835 of {CLAIMS:,} claims, parsed to committed"
    yield row(name, taken, floored, TARGET, f"≤ {TARGET:.0f}× COPY", note)
    yield from staging_rows(office, era(office, ROUNDS + 1))
    yield day_row(office.payer)


def row(
    name: str, ours: float, peer: float, limit: float, target: str, note: str, unit: str = "s"
) -> dict[str, Any]:  # fmt: skip
    """One line of the table: seconds, and how many times the floor ours takes."""
    ratio = ours / peer if peer else 0.0
    missed = "MISSED " if peer and ratio > limit else ""
    return {
        "name": name, "ours": ours, "peer": peer, "unit": unit, "ratio": ratio, "target": target,
        "note": missed + note,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the wall and of the processor: of this process, of those it waited for, and of all of the server."""

    wall: float
    cpu: float

    @classmethod
    def so_far(cls) -> Spent:
        """Since the processes began."""
        mine = sum(
            used.ru_utime + used.ru_stime
            for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        )
        return cls(time.perf_counter(), mine + server_cpu())

    def __sub__(self, before: Spent) -> Spent:
        return Spent(self.wall - before.wall, self.cpu - before.cpu)


def server_cpu() -> float:
    """Seconds of the server's processes, those that have ended included."""
    with superuser() as connection:
        head = stat(connection.info.backend_pid)[1]
    ticks = sum(stat(head)[11:15])
    for child in Path("/proc").glob("[0-9]*"):
        try:
            told = stat(int(child.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
        ticks += sum(told[11:13]) if told[1] == head else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def stat(process: int) -> list[int]:
    """The numbers of /proc/PID/stat behind the name and the state: 1 is the parent, 11 to 14 are ticks of it and its own."""
    return [0, *map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1:])]


def day_row(payer: Any) -> dict[str, Any]:
    """A day of files of some practices, posted by several workers at once; the floor copies all their rows at once."""
    from openmso.remittances.tests.office import open_office

    offices = [open_office(code=f"DAY{number}", name=f"Practice {number}", payer=payer) for number in range(PRACTICES)]
    days = [
        (office, office.take(era_of(office, 1000 + place * FILES + number, claims)))
        for place, office in enumerate(offices)
        for number, claims in enumerate(sent(office, (place + 1) * 1_000_000))
    ]
    days = [day for turn in range(FILES // PRACTICES) for day in days[turn :: FILES // PRACTICES]]
    work = [f"{office.practice}:{office.house.entity.id}:{file}" for office, file in days]
    with superuser() as connection:
        connection.execute("ANALYZE")
    before = counts()
    taken, failed = by_workers(work)
    assert not any(failed), failed
    inserted = {table: count - before[table] for table, count in counts().items() if count > before[table]}
    assert inserted["remittances_claimpayment"] == FILES * OF_FILE, inserted
    with superuser() as connection:
        ((deadlocks,),) = connection.execute("SELECT sum(deadlocks) FROM pg_stat_database").fetchall()
    assert deadlocks == 0, deadlocks
    floor = copied(inserted)
    note = (
        f"{sum(inserted.values()):,} rows of {PRACTICES} practices, no deadlock; workers were up; on the "
        f"wall {taken.wall:.0f} s, {taken.wall / floor.wall:.1f}x, {FILES * OF_FILE / taken.wall:,.0f} claims/s"
    )
    name = f"a day of {FILES} files, {FILES * OF_FILE:,} claims, by {WORKERS} workers"
    return row(name, taken.cpu, floor.cpu, TARGET, f"≤ {TARGET:.0f}× COPY", note, "s CPU")


def by_workers(work: list[str]) -> tuple[Spent, list[int]]:
    """What the work takes of workers that are up already, and how each of them ended."""
    command, pipe = [sys.executable, "-m", "bench.posting.worker"], subprocess.PIPE
    workers = [
        subprocess.Popen([*command, *work[one::WORKERS]], stdin=pipe, stdout=pipe, text=True) for one in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "up\n"
    start = sum(sum(stat(worker.pid)[11:13]) for worker in workers) / os.sysconf("SC_CLK_TCK")
    began = Spent.so_far()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("begin\n")
        worker.stdin.flush()
    failed = [worker.wait() for worker in workers]
    taken = Spent.so_far() - began
    return Spent(taken.wall, taken.cpu - start), failed


def sent(office: Any, first: int) -> Iterator[dict[str, list[tuple[str, str, str]]]]:
    """New claims of a practice by control, with the control, code and charge of each line: file by file."""
    from bench.network import add

    claims = add(office.house, [office.payer.id], first=first, count=FILES // PRACTICES * OF_FILE, state="sent")
    with superuser() as connection:
        lines = connection.execute(
            "SELECT c.control, l.line_control, l.code, l.amount::text FROM claims_claim c "
            "JOIN claims_claimline l ON l.claim_id = c.id WHERE c.id = ANY(%s) ORDER BY c.id, l.number", [claims],
        ).fetchall()  # fmt: skip
    found: dict[str, list[tuple[str, str, str]]] = {}
    for control, *line in lines:
        found.setdefault(control, []).append((line[0], line[1], line[2]))
    for start in range(0, len(found), OF_FILE):
        yield dict(list(found.items())[start : start + OF_FILE])


def era(office: Any, number: int, count: int = CLAIMS) -> bytes:
    """A file over new claims, of three lines each."""
    controls = office.sent_many(count, *LINES)
    return era_of(office, number, {
        control: [(f"{control}-{place:02}", code, charge) for place, (code, charge) in enumerate(LINES, start=1)]
        for control in controls
    })  # fmt: skip


def era_of(office: Any, number: int, claims: dict[str, list[tuple[str, str, str]]]) -> bytes:
    """A file that pays claims by control, line by line: a contract reduction and a patient's share on every line."""
    from openmso.remittances import testing

    paid = [
        testing.claim(
            control,
            *(
                testing.line(
                    code, charge, paid=f"{float(charge) - 15:.2f}", reasons=["CO 45 10.00", "PR 2 5.00"], control=name
                )
                for name, code, charge in lines
            ),
            payer_control=f"ICN{number}{index}",
        )
        for index, (control, lines) in enumerate(claims.items())
    ]  # fmt: skip
    one = testing.remittance(*paid, payee=office.house.biller, trace=f"BENCH-{number}", paid_on=date(2026, 3, 12))
    return testing.file_of(one, number=number)


def posting_seconds(office: Any, content: bytes) -> float:
    """From the stored file to the commit."""
    from openmso.remittances.contracts import FileState
    from openmso.remittances.services import posting

    file = office.take(content)
    began = time.perf_counter()
    with office.scope():
        outcome = posting.post_file(actor=office.actor, practice=office.practice, file=file, at=office.at)
    taken = time.perf_counter() - began
    assert outcome.state is FileState.POSTED, outcome.words
    assert outcome.remittances[0].unmatched == 0, outcome.words
    return taken


def staging_seconds(office: Any, content: bytes) -> float:
    """From bytes to balanced rows in the staging tables, rolled back after."""
    from django.db import transaction

    from openmso.platform.tenancy.scope import atomic
    from openmso.remittances.services import staging

    with office.scope(), atomic.open():
        began = time.perf_counter()
        staged = staging.stage(content)
        taken = time.perf_counter() - began
        assert staged.payments == CLAIMS
        transaction.set_rollback(True)
    return taken


def counts() -> dict[str, int]:
    """How many rows each table has."""
    with superuser() as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            table: connection.execute(f'SELECT count(*) FROM public."{table}"').fetchone()[0]  # type: ignore[index]
            for (table,) in tables
        }


def superuser() -> psycopg.Connection:
    """Past row-level security, to count and to copy."""
    return psycopg.connect(connect.server().dsn(database=connect.DATABASE), autocommit=True)


def copied(inserted: dict[str, int]) -> Spent:
    """COPY of the newest rows of these tables into copies without triggers and policies, in one transaction."""
    with superuser() as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {COPY_SCHEMA} CASCADE; CREATE SCHEMA {COPY_SCHEMA}")
        payload: dict[str, bytes] = {}
        for table, count in inserted.items():
            connection.execute(f'CREATE TABLE {COPY_SCHEMA}."{table}" (LIKE public."{table}" INCLUDING ALL)')
            for name, definition in connection.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'f' AND conrelid = %s::regclass",
                [f'public."{table}"'],
            ).fetchall():
                connection.execute(f'ALTER TABLE {COPY_SCHEMA}."{table}" ADD CONSTRAINT "{name}" {definition}')
            payload[table] = exported(connection, table, count)
        began = Spent.so_far()
        with connection.transaction():
            for table, data in payload.items():
                columns = insertable(connection, table)
                with connection.cursor().copy(f'COPY {COPY_SCHEMA}."{table}" ({columns}) FROM STDIN') as copy:
                    copy.write(data)
        return Spent.so_far() - began


def exported(connection: psycopg.Connection, table: str, count: int) -> bytes:
    """The newest rows of a table in COPY's text form, oldest first."""
    columns = insertable(connection, table)
    order = "id" if '"id"' in columns.split(", ") else "ctid"
    query = (
        f'SELECT {columns} FROM (SELECT *, ctid AS row_place FROM public."{table}" ORDER BY {order} DESC LIMIT {count}) '
        f"newest ORDER BY {'row_place' if order == 'ctid' else 'id'}"
    )
    with connection.cursor().copy(f"COPY ({query}) TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)


def insertable(connection: psycopg.Connection, table: str) -> str:
    """The columns that are not generated."""
    found = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [f'public."{table}"'],
    ).fetchall()
    return ", ".join(f'"{name}"' for (name,) in found)


def staging_rows(office: Any, content: bytes) -> Iterator[dict[str, Any]]:
    """Bytes to staged rows, in turns with oxedi feeding the same COPY where it is installed; medians count."""
    is_there = importlib.util.find_spec("oxedi") is not None
    turns = [
        (staging_seconds(office, content), oxedi_seconds(content) if is_there else 0.0) for _ in range(STAGING_ROUNDS)
    ]
    ours, peer = (statistics.median(times) for times in zip(*turns, strict=True))
    beside = "oxedi neither balances nor judges them" if is_there else "oxedi is not installed"
    note = f"{CLAIMS * 4:,} claims and lines, {CLAIMS * 6:,} adjustments; {beside}"
    yield row("bytes to balanced rows staged in PostgreSQL", ours, peer, 1.0, "≤ 1× oxedi and the same COPY", note)


def oxedi_seconds(content: bytes) -> float:
    """Its flat tables into the same staging tables by the same client, as CSV, which is the quickest it offers."""
    from bench.posting.oxedi_peer import staged
    from openmso.remittances.services.staging import STAGE

    with superuser() as connection, connection.transaction(force_rollback=True):
        began = time.perf_counter()
        connection.execute(STAGE)
        for table, columns, rows in staged(content):
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)") as copy:
                copy.write(rows)
        taken = time.perf_counter() - began
        ((claims, lines),) = connection.execute(
            "SELECT (SELECT count(*) FROM remittances_stage_payment), (SELECT count(*) FROM remittances_stage_line)"
        ).fetchall()
        assert (claims, lines) == (CLAIMS, CLAIMS * len(LINES)), (claims, lines)
        return taken


if __name__ == "__main__":
    apart.measure(rows)
