"""A job is asked for with its transaction, runs in its own scope, and tells why when it cannot."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from openmso.kit.errors import Conflict, Refused
from openmso.kit.states import table_is_whole
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import queries as audit
from openmso.platform.database import faults
from openmso.platform.jobs import queries, registry, services, tasks
from openmso.platform.jobs.models import DeadLetter
from openmso.platform.jobs.states import MOVES, Letter
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, current, reading, scope
from openmso.platform.ui.contracts import PageAsk

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
ADA = Actor.system("Ada", at=AT)


@pytest.fixture(autouse=True)
def _no_other_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_jobs", {})


@pytest.fixture
def rock() -> int:
    return Tenant.objects.create(code="ROCK", name="Rockland Family Practice", kind="practice").pk


class Work:
    """A job that remembers what it was given, and fails as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.calls: list[dict[str, Any]] = []
        self.actors: list[Actor] = []
        self.failures = iter(failures)

    def __call__(self, *, practice: int, at: datetime, actor: Actor, file: str) -> None:
        assert current().practices == {practice}
        assert actor.name == "OpenMSO (files.post)"
        self.calls.append({"practice": practice, "file": file})
        self.actors.append(actor)
        if failure := next(self.failures, None):
            raise failure


def declare(work: Work) -> Work:
    registry.job("files.post", queue="files")(work)
    return work


def queued() -> list[tuple[str, str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, queue_name, args FROM procrastinate_jobs WHERE task_name = 'files.post'")
        return [(name, queue, json.loads(arguments)) for name, queue, arguments in cursor.fetchall()]


def passing() -> OperationalError:
    error = OperationalError("x")
    error.__cause__ = psycopg.errors.SerializationFailure("x")
    return error


def attempt(rock: int, tries: int = 0) -> None:
    services.attempt("files.post", job_id=7, tries=tries, practice=rock, at=AT, arguments={"file": "DOC-1"})


def test_the_table_of_moves_is_whole() -> None:
    assert table_is_whole(MOVES, Letter)


class TestDeclaring:
    def test_a_job_takes_what_it_is_told_by_keyword(self) -> None:
        with pytest.raises(TypeError, match="actor, at"):
            registry.job("files.post")(lambda *, practice: None)

    def test_a_job_has_one_declaration(self) -> None:
        declare(Work())
        with pytest.raises(TypeError, match="twice"):
            declare(Work())

    def test_a_job_by_the_clock_belongs_to_the_network(self) -> None:
        with pytest.raises(TypeError, match="network"):
            registry.job("files.post", cron="0 6 * * *")(Work())

    def test_only_passing_faults_are_tried_again(self) -> None:
        decide = tasks.OnlyPassingFaults().get_retry_decision

        assert decide(exception=services.TryAgain(3, "deadlock"), job=None) is not None
        assert decide(exception=services.GivenUp("no"), job=None) is None
        assert decide(exception=ValueError("no"), job=None) is None


@pytest.mark.django_db
class TestDeferring:
    def test_it_joins_the_transaction(self, rock: int) -> None:
        declare(Work())

        with scope(practices=[rock]), atomic.open():
            services.defer("files.post", practice=rock, file="DOC-1")

        assert queued() == [("files.post", "files", {"practice": rock, "file": "DOC-1"})]

    def test_what_it_does_is_told_with_the_grant_of_who_asked(self, rock: int) -> None:
        work = Work()
        declare(work)

        with scope(practices=[rock]), atomic.open():
            services.defer("files.post", practice=rock, behind="GRT-1", file="DOC-1")
        ((_, _, arguments),) = queued()
        services.attempt(
            "files.post", job_id=7, tries=0, practice=arguments.pop("practice"), at=AT, arguments=arguments
        )

        assert work.actors[-1].behind == "GRT-1"

    def test_what_is_undone_was_never_asked_for(self, rock: int) -> None:
        declare(Work())

        @atomic
        def ask_and_fail() -> None:
            services.defer("files.post", practice=rock, file="DOC-1")
            raise ValueError("no")

        with scope(practices=[rock]), pytest.raises(ValueError, match="no"):
            ask_and_fail()

        assert queued() == []

    def test_an_unknown_job_is_a_bug(self, rock: int) -> None:
        with pytest.raises(registry.UnknownJob):
            services.defer("files.vanish", practice=rock)

    def test_arguments_are_plain(self, rock: int) -> None:
        declare(Work())
        with pytest.raises(TypeError, match="plain"):
            services.defer("files.post", practice=rock, file=AT)  # type: ignore[arg-type]


@pytest.mark.django_db
class TestRunning:
    def test_it_runs_in_its_practices_scope_and_leaves_out_what_it_does_not_know(self, rock: int) -> None:
        work = declare(Work())

        services.run("files.post", practice=rock, at=AT, file="DOC-1", from_a_newer_release=True)

        assert work.calls == [{"practice": rock, "file": "DOC-1"}]

    def test_a_passing_fault_asks_for_another_try(self, rock: int) -> None:
        declare(Work(passing()))

        with pytest.raises(services.TryAgain):
            attempt(rock)

        with scope(practices=[rock]), reading():
            assert DeadLetter.objects.count() == 0

    def test_the_fifth_passing_fault_is_the_last(self, rock: int) -> None:
        declare(Work(passing()))

        with pytest.raises(services.GivenUp):
            attempt(rock, tries=faults.TRIES - 1)

    def test_a_failure_leaves_a_dead_letter_that_quotes_no_values(self, rock: int) -> None:
        declare(Work(ValueError("Jane Secret, born 1980-01-01")))

        with pytest.raises(services.GivenUp) as told:
            attempt(rock)

        assert "Jane" not in str(told.value)
        assert told.value.__cause__ is None
        with scope(practices=[rock]), reading():
            (letter,) = queries.dead_jobs(page=PageAsk()).rows
        assert (letter.job, letter.arguments, letter.tries) == ("files.post", '{"file": "DOC-1"}', 1)
        assert letter.reason.startswith("ValueError at platform/jobs/")

    def test_a_dead_job_is_run_again_once_and_told_of(self, rock: int) -> None:
        declare(Work(Refused("The file is locked.")))
        with pytest.raises(services.GivenUp, match="locked"):
            attempt(rock)

        with scope(practices=[rock]):
            with reading():
                (letter,) = queries.dead_jobs(page=PageAsk()).rows
            services.replay(actor=ADA, public_id=letter.public_id, at=AT)
            with pytest.raises(Conflict):
                services.replay(actor=ADA, public_id=letter.public_id, at=AT)
            with reading():
                assert queries.dead_jobs(page=PageAsk()).rows == []
                (event,) = audit.history(("jobs.deadletter", letter.public_id))

        assert queued() == [("files.post", "files", {"practice": rock, "file": "DOC-1"})]
        assert event.sentence == "Ada had the job files.post run again"

    def test_health_counts_what_is_due(self, rock: int) -> None:
        declare(Work())
        services.defer("files.post", practice=rock, file="DOC-1")

        with scope(practices=[rock]), reading():
            found = queries.health(at=datetime.now(UTC))

        assert (found.due, found.running, found.workers, found.dead) == (1, 0, 0, 0)
        assert found.oldest_due_at is not None
