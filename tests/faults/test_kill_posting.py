"""kill -9 of the worker while it posts, twenty-five times: nothing is lost, doubled, or ever seen by halves.

Workers are forks of this process, so that a cycle costs milliseconds, not a start of Python. A reader looks at the
database all the while, in single statements, as any screen does. The same harness over a worker that commits claim by
claim must fail: a harness that cannot fail proves nothing.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial

import psycopg
import pytest
from django.db import connections

from openmso.ledger.queries import proof
from openmso.remittances import testing
from openmso.remittances.contracts import FileState
from openmso.remittances.models.files import File
from openmso.remittances.services import posting, receiving
from openmso.remittances.tests.office import Office, open_office

pytestmark = pytest.mark.faults

CYCLES = 25
FILES = 25
CLAIMS = 30
PAID = Decimal("80.00")
SECONDS_MAX = 120
WAITING = "SELECT count(*) FROM remittances_file WHERE state = 'received'"
AT_WORK = "SELECT FROM pg_stat_activity WHERE application_name = %s AND xact_start IS NOT NULL"
LOOK = """
SELECT split_part(r.trace, '/', 1) AS trace, count(DISTINCT p.id) AS payments, coalesce(sum(p.paid_amount), 0) AS paid,
       (SELECT coalesce(sum(l.debit_amount - l.credit_amount), 0) FROM ledger_line l
          JOIN ledger_account a ON a.id = l.account_id WHERE a.code = '1010') AS clearing,
       (SELECT coalesce(sum(paid_amount), 0) FROM remittances_claimpayment) AS all_paid,
       (SELECT coalesce(sum(paid_amount), 0) FROM claims_claim) AS on_claims,
       (SELECT coalesce(sum(debit_amount - credit_amount), 0) FROM ledger_line) AS off_balance
  FROM remittances_remittance r LEFT JOIN remittances_claimpayment p ON p.remittance_id = r.id
 WHERE r.state = 'posted' GROUP BY 1
"""


def wrong(connection: psycopg.Connection) -> list[str]:
    """What one look at the database shows to be wrong."""
    found = []
    for trace, payments, paid, clearing, all_paid, on_claims, off in connection.execute(LOOK).fetchall():
        if payments not in {0, CLAIMS} or paid != payments * PAID:
            found.append(f"{trace} is seen by halves: {payments} of {CLAIMS} claims, {paid}")
        if clearing != all_paid or on_claims != all_paid:
            found.append(f"paid {all_paid}, in the books {clearing}, on claims {on_claims}")
        if off:
            found.append(f"the books are off by {off}")
    return found


class Watch:
    """A reader that looks all the time."""

    def __init__(self, dsn: str) -> None:
        self.dsn, self.found, self.looks, self._stop = dsn, set[str](), 0, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            while not self._stop.wait(0.01):
                self.found.update(wrong(connection))
                self.looks += 1

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()


@contextmanager
def forked(work: Callable[[], None]) -> Iterator[int]:
    """A child process at work; it never comes back into the test, and says on stderr what it died of.

    It connects anew: what it inherits is the parent's, and perhaps a connection to another database, because a browser
    that was driven earlier in this process keeps a loop running, under which Django holds connections of its own. Its
    connections bear its number.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            os.environ["PGAPPNAME"] = str(os.getpid())
            with suppress(AttributeError):
                del connections["default"]
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def waiting_files(office: Office) -> list[str]:
    with office.reading():
        return list(File.objects.filter(state=FileState.RECEIVED).order_by("pk").values_list("public_id", flat=True))


def careful(office: Office, files: int | None = None) -> None:
    """The worker as it is: one transaction a file; all that wait, or so many."""
    for file in waiting_files(office)[:files]:
        with office.scope():
            posting.post_file(actor=office.actor, practice=office.practice, file=file, at=office.at)


def careless(office: Office) -> None:
    """The worker as it must not be: a commit for every claim of the file."""
    for number in range(1, FILES + 1):
        whole = remittance_of(office, number)
        for place, claim in enumerate(whole.claims):
            one = replace(
                whole, claims=(claim,),
                header=replace(whole.header, trace=f"{whole.header.trace}/{place}",
                               payment=replace(whole.header.payment, amount=claim.paid)),
            )  # fmt: skip
            office.post(testing.file_of(one, number=number * 1000 + place))


CONTROLS: list[str] = []


def remittance_of(office: Office, number: int) -> testing.Remittance:
    """The remittance of one file: its claims paid alike."""
    mine = CONTROLS[(number - 1) * CLAIMS : number * CLAIMS]
    claims = [
        testing.claim(c, testing.line("99213", "140.00", paid=str(PAID), reasons=["CO 45 45.00", "PR 3 15.00"]))
        for c in mine
    ]
    return testing.remittance(*claims, payee=office.house.biller, trace=f"F{number:02}")


@pytest.fixture
def office(committed: str) -> Office:
    made = open_office()
    CONTROLS[:] = made.sent_many(FILES * CLAIMS, ("99213", "140.00"))
    return made


@pytest.fixture
def dsn(committed: str) -> str:
    return f"{os.environ['OPENMSO_TEST_SERVER']} dbname={committed}"


def seconds_a_file(office: Office) -> float:
    """How long a worker takes here and now from its start until it has posted one file."""
    began = time.monotonic()
    with forked(lambda: careful(office, 1)) as worker:
        assert os.waitpid(worker, 0)[1] == 0
    return time.monotonic() - began


def wait_until(holds: Callable[[], bool], worker: int) -> None:
    """Wait until it holds, or the worker has ended."""
    until = time.monotonic() + SECONDS_MAX
    while not holds() and os.waitid(os.P_PID, worker, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def kill_again_and_again(office: Office, dsn: str) -> set[str]:
    """Start a careful worker, kill it somewhere in its work, look; `CYCLES` times. What was ever seen to be wrong.

    Some are left to post a file before. When they are killed is measured in the work of this machine, not in seconds,
    and learned anew from each: one that was done before has shown that the machine has become quicker.
    """
    rng, whole = random.Random(42), seconds_a_file(office)
    with Watch(dsn) as watch, psycopg.connect(dsn, autocommit=True) as connection:

        def waiting() -> int:
            return connection.execute(WAITING).fetchone()[0]  # type: ignore[index]

        def goes_on(worker: int, *, leaving: int) -> bool:
            return waiting() <= leaving and connection.execute(AT_WORK, [str(worker)]).rowcount > 0

        for _ in range(CYCLES):
            before = rng.choice((0, 0, 0, 1))
            leaving = waiting() - before
            with forked(partial(careful, office, before + 1)) as worker:
                wait_until(partial(goes_on, worker, leaving=leaving), worker)
                time.sleep(rng.uniform(0, whole))
                os.kill(worker, signal.SIGKILL)
                if os.WIFEXITED(ended := os.waitpid(worker, 0)[1]) and ended:
                    watch.found.add("a worker died of an error of its own; stderr says which")
            watch.found.update(wrong(connection))
            whole *= 0.5 if waiting() < leaving else 1.1
    assert watch.looks > CYCLES, "the reader never looked"
    return watch.found


def test_a_killed_worker_leaves_nothing_lost_doubled_or_half_visible(office: Office, dsn: str) -> None:
    for number in range(1, FILES + 1):
        office.take(testing.file_of(remittance_of(office, number), number=number), name=f"f{number}.835")
    for number in (1, 2, 3):
        office.take(testing.file_of(remittance_of(office, number), number=900 + number), name="again.835")
    received = len(waiting_files(office))

    seen = kill_again_and_again(office, dsn)
    assert 0 < len(waiting_files(office)) < received, "the kills hit nothing, or nothing was posted between them"
    careful(office)

    assert not seen
    with psycopg.connect(dsn, autocommit=True) as connection:
        assert not wrong(connection)
        rows = connection.execute(LOOK).fetchall()
    assert {row[0] for row in rows} == {f"F{number:02}" for number in range(1, FILES + 1)}
    assert all(row[1] == CLAIMS for row in rows)
    assert office.balances()["1010"] == PAID * CLAIMS * FILES
    with office.reading():
        assert proof.check(entity=office.house.entity.id).sound
        assert File.objects.filter(state=FileState.DUPLICATE).count() == 3


def test_the_harness_catches_a_worker_that_commits_claim_by_claim(office: Office, dsn: str) -> None:
    with Watch(dsn) as watch, forked(lambda: careless(office)) as worker:
        wait_until(lambda: bool(watch.found), worker)

    assert any("by halves" in finding for finding in watch.found)


def test_eight_uploads_of_one_file_at_once_are_one_posting(office: Office) -> None:
    content = testing.file_of(remittance_of(office, 1))

    def upload(number: int) -> str:
        try:
            with office.scope():
                receipt = receiving.receive(
                    actor=office.actor, practice=office.practice, name=f"copy-{number}.835", content=content,
                    at=office.at, defer=False,
                )  # fmt: skip
                return (
                    posting.post_file(
                        actor=office.actor, practice=office.practice, file=receipt.files[0].file, at=office.at
                    )
                    .remittances[0]
                    .public_id
                )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(upload, range(8)))

    assert len(answers) == 1
    assert office.balances()["1010"] == PAID * CLAIMS


def test_eight_envelopes_of_one_payment_at_once_are_one_posting(office: Office) -> None:
    one = remittance_of(office, 1)

    def upload(number: int) -> str:
        try:
            return office.post(testing.file_of(one, number=number)).state.value
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(upload, range(1, 9)))

    assert answers == ["duplicate"] * 7 + ["posted"]
    assert office.balances()["1010"] == PAID * CLAIMS
