"""Measure the ledger and its peers on one server; prints the rows as JSON."""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import apart
from openmso.platform.database import bootstrap, connect

BATCH = 1_000
SECONDS = 3.0
WORKERS = 2
ROUNDS = 3
ACCOUNTS = 5_000
PEER_DATABASE = "variant_c"


def main() -> None:
    """Both sides take turns, three rounds each; the median of the rounds counts."""
    server = connect.server()
    server.start()
    try:
        prepare()
        print(json.dumps(list(rows())))
    finally:
        server.stop()


def prepare() -> None:
    """The product's schema with two books, and the peer's schema in a database of its own."""
    import psycopg

    dsn = connect.server().dsn()
    bootstrap.prepare(dsn)
    apart.migrate()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {PEER_DATABASE}")
    with psycopg.connect(connect.server().dsn(database=PEER_DATABASE), autocommit=True) as connection:
        connection.execute((Path(__file__).parent / "variant_c.sql").read_text())
    with ProcessPoolExecutor(1) as pool:
        pool.submit(ours_prepare).result()


def rows() -> Iterator[dict[str, Any]]:
    """The table."""
    peer, drafts, staged, shared = [], [], [], []
    for _ in range(ROUNDS):
        peer.append(rate(peer_worker))
        drafts.append(rate(ours_worker, "drafts"))
        staged.append(rate(ours_worker, "staged"))
        shared.append(rate(ours_worker, "shared"))
    c = statistics.median(peer)
    yield row("entries of 2 lines, 1,000 a batch, beside variant C", statistics.median(drafts), c)
    yield row("the same by the staged door, as files post", statistics.median(staged), c)
    yield row("the same, both workers in one book", statistics.median(shared), c, target="")
    if importlib.util.find_spec("hordak"):
        yield row(
            "the same, beside django-hordak, one worker", rate(ours_worker, "drafts", workers=1), hordak(), target=""
        )


TARGET = "≥ 15,000 lines/s and ≥ 0.67× variant C"


def row(name: str, ours: float, peer: float, target: str = TARGET) -> dict[str, Any]:
    """One line of the table; ratio is ours over the peer's."""
    ratio = ours / peer
    missed = bool(target) and (ours < 15_000 or ratio < 1 / 1.5)
    note = ("MISSED: " if missed else "") + "two books, fsync on; ours with audit and row-level security"
    return {
        "name": f"ledger: {name}", "ours": ours, "peer": peer, "unit": "lines/s", "ratio": ratio, "target": target,
        "note": note,
    }  # fmt: skip


def rate(worker: Callable[..., tuple[int, float]], *arguments: Any, workers: int = WORKERS) -> float:
    """Lines per second of all workers together."""
    with ProcessPoolExecutor(workers) as pool:
        done = [future.result() for future in [pool.submit(worker, seed, *arguments) for seed in range(workers)]]
    return sum(lines for lines, _ in done) / max(seconds for _, seconds in done)


# ---- the peer --------------------------------------------------------------------------------------------------


def peer_worker(seed: int) -> tuple[int, float]:
    """Variant C, as the experiment drove it: arrays of plain integers, one call and one commit a batch."""
    import random
    import uuid

    import psycopg

    chance, lines = random.Random(seed), 0
    dsn = connect.server().dsn(database=PEER_DATABASE) + " options='-c search_path=l'"
    with psycopg.connect(dsn, autocommit=True) as connection:
        started = time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            accounts: list[int] = []
            cents: list[int] = []
            for _ in range(BATCH):
                amount = chance.randint(1, 10**6)
                accounts += chance.sample(range(1, ACCOUNTS + 1), 2)
                cents += [amount, -amount]
            keys = [uuid.uuid4() for _ in range(BATCH)]
            connection.execute(
                "SELECT post_batch(%s::int[],%s::int[],%s::uuid[],%s::int[],%s::int[],%s::int[],%s::int[],%s::bigint[])",
                (
                    [1] * BATCH,
                    [202611] * BATCH,
                    keys,
                    [2] * BATCH,
                    accounts,
                    [1] * 2 * BATCH,
                    [202611] * 2 * BATCH,
                    cents,
                ),
            )
            lines += 2 * BATCH
        return lines, time.perf_counter() - started


def hordak() -> float:
    """django-hordak's lines per second, in batches of 1,000; 100 accounts, because making them is slow."""
    import psycopg

    with psycopg.connect(connect.server().dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE hordak")
    command = [sys.executable, "-W", "ignore", "-m", "bench.ledger.hordak_peer", "100", str(BATCH), str(SECONDS)]
    environment = os.environ | {"BENCH_SOCKET": connect.server().socket}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return float(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout)


# ---- ours ------------------------------------------------------------------------------------------------------


def setup() -> None:
    """Django, in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmso.config.settings")
    import django

    django.setup()


def ours_prepare() -> None:
    """Two practices with books of 5,000 accounts."""
    setup()
    from openmso.ledger import testing
    from openmso.ledger.models import Account
    from openmso.platform.tenancy.scope import atomic

    for number in range(WORKERS):
        book = testing.open_books(testing.tenant(f"BENCH{number}", f"Bench {number}"))
        with testing.in_books(book), atomic.open():
            Account.objects.bulk_create(
                Account(entity_id=book.entity, code=f"A{i}", name=f"Account {i}", kind="asset", normal="debit")
                for i in range(1, ACCOUNTS + 1)
            )


@contextmanager
def book_of(number: int) -> Iterator[tuple[Any, Any]]:
    """One of the books, in scope, and the actor."""
    from openmso.ledger import testing
    from openmso.platform.tenancy.models import Entity
    from openmso.platform.tenancy.scope import scope

    entity = Entity.objects.order_by("pk")[number]
    with scope(practices=[entity.tenant_id], entities=[entity.pk]):
        yield entity.pk, testing.bookkeeper()


def ours_worker(seed: int, door: str) -> tuple[int, float]:
    """Batches of 1,000 entries through the services, a commit each."""
    setup()
    import random

    from openmso.ledger.testing import AT

    chance = random.Random(f"{seed} {door} {time.time_ns()}")
    batch = {"drafts": _drafts, "shared": _drafts, "staged": _staged}[door]
    with book_of(0 if door == "shared" else seed) as (entity, actor):
        lines, started = 0, time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            lines += batch(entity, actor, AT, chance)
        return lines, time.perf_counter() - started


def _drafts(entity: int, actor: Any, at: Any, chance: Any) -> int:
    from datetime import date
    from uuid import uuid4

    from openmso.kit.money import Money
    from openmso.ledger.contracts import EntryDraft, Source, credit, debit
    from openmso.ledger.services import posting

    day, source, entries = date(2026, 3, 10), Source("bench.item", "BNC-22222222"), []
    for _ in range(BATCH):
        amount, (one, other) = Money.cents(chance.randint(1, 10**6)), chance.sample(range(1, ACCOUNTS + 1), 2)
        lines = (debit(f"A{one}", amount, source=source), credit(f"A{other}", amount, source=source))
        entries.append(EntryDraft(entity, day, "Bench", lines, key=str(uuid4()), source=source))
    posting.post(actor=actor, entries=entries, at=at)
    return 2 * BATCH


def _staged(entity: int, actor: Any, at: Any, chance: Any) -> int:
    from django.db import connection

    from openmso.ledger.services import posting
    from openmso.platform.tenancy.scope import atomic

    with atomic.open(), connection.cursor() as cursor:
        posting.open_stage()
        cursor.execute(
            "INSERT INTO pg_temp.ledger_stage_entry (position, entity_id, posted_on, journal, memo, source_kind, "
            "source_id, key) SELECT i, %s, '2026-03-10', 'RM', 'Bench', 'bench.item', 'BNC-22222222', "
            "gen_random_uuid()::text FROM generate_series(1, %s) i",
            [entity, BATCH],
        )
        cursor.execute(
            "INSERT INTO pg_temp.ledger_stage_line (position, number, account, debit_amount, credit_amount, "
            "source_kind, source_id) SELECT i, n, 'A' || (1 + floor(random() * %s))::int, "
            "CASE n WHEN 1 THEN m ELSE 0 END, CASE n WHEN 2 THEN m ELSE 0 END, 'bench.item', 'BNC-22222222' "
            "FROM (SELECT i, (1 + floor(random() * 1000000))::numeric / 100 AS m FROM generate_series(1, %s) i) e, "
            "generate_series(1, 2) n",
            [ACCOUNTS, BATCH],
        )
        posted = posting.post_staged(actor=actor, at=at)
    return posted.lines


if __name__ == "__main__":
    main()
