"""What is told is heard: once, in order, after the commit; what cannot be heard waits, visible, to be replayed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import OperationalError, connection

from openmso.kit.errors import Conflict, Refused
from openmso.kit.states import table_is_whole
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import queries as audit
from openmso.platform.database import faults
from openmso.platform.database.writing import insert
from openmso.platform.outbox import queries, registry, services
from openmso.platform.outbox.contracts import Delivered
from openmso.platform.outbox.models import Delivery, Fact
from openmso.platform.outbox.states import MOVES, Delivering
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui.contracts import PageAsk

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@dataclass(frozen=True)
class ClaimDenied:
    claim: str
    reason: str = "197"


@dataclass(frozen=True)
class WorkOpened:
    claim: str


Hear = Callable[..., None]


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_subscriptions", {})


@pytest.fixture
def rock() -> int:
    return Tenant.objects.create(code="ROCK", name="Rockland Family Practice", kind="practice").pk


def listen(hear: Hear, name: str = "denials.open_work", event: type = ClaimDenied) -> None:
    registry.subscribe(event, name=name)(hear)


def tell(practice: int, *claims: str) -> None:
    with scope(practices=[practice]), atomic.open():
        services.publish_all([ClaimDenied(claim) for claim in claims], practice=practice, at=AT)


def letters(practice: int) -> list[tuple[str, int]]:
    with scope(practices=[practice]), reading():
        return list(Delivery.objects.order_by("fact_id").values_list("state", "tries"))


class Heard:
    """A subscriber that remembers, and fails as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.claims: list[str] = []
        self.failures: Iterator[Exception] = iter(failures)

    def __call__(self, event: ClaimDenied, *, practice: int, actor: Actor, at: datetime) -> None:
        if failure := next(self.failures, None):
            raise failure
        self.claims.append(event.claim)


def passing() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = psycopg.errors.DeadlockDetected("deadlock detected")
    return error


def test_the_table_of_moves_is_whole() -> None:
    assert table_is_whole(MOVES, Delivering)


@pytest.mark.django_db
class TestDelivery:
    def test_a_fact_is_heard_once_and_in_order(self, rock: int) -> None:
        heard = Heard()
        listen(heard)
        tell(rock, "CLM-1", "CLM-2")
        tell(rock, "CLM-3")

        first, second = services.deliver_pending(at=AT), services.deliver_pending(at=LATER)

        assert heard.claims == ["CLM-1", "CLM-2", "CLM-3"]
        assert (first, second) == (Delivered(done=3), Delivered())

    @pytest.mark.parametrize("odd", [[], ["a\x1fb"], ["\x1e"]])
    def test_many_are_written_as_they_were_said(self, rock: int, odd: list[str]) -> None:
        said = ["", '{"a",NULL}', "back\\slash", "tab\there", "Muñoz", *odd]
        with scope(practices=[rock]), atomic.open():
            keys = insert(Fact, ["name", "payload"], ((one, {"said": one}) for one in said), practice_id=rock, at=AT)
            found = Fact.objects.order_by("pk").values_list("pk", "name", "payload", "behind")
            assert list(found) == [(key, one, {"said": one}, "") for key, one in zip(keys, said, strict=True)]
            with pytest.raises(TypeError, match="public_id must be given"):
                insert(Delivery, ["fact_id"], [(keys[0],)], practice_id=rock, subscriber="denials.open_work")

    def test_what_was_undone_is_never_heard(self, rock: int) -> None:
        heard = Heard()
        listen(heard)

        @atomic
        def tell_and_fail() -> None:
            services.publish(ClaimDenied("CLM-1"), practice=rock, at=AT)
            raise ValueError("no")

        with scope(practices=[rock]), pytest.raises(ValueError, match="no"):
            tell_and_fail()

        assert services.deliver_pending(at=AT) == Delivered()
        assert heard.claims == []

    def test_every_subscriber_hears_it(self, rock: int) -> None:
        one, two = Heard(), Heard()
        listen(one, "denials.open_work")
        listen(two, "analytics.count")
        tell(rock, "CLM-1")

        services.deliver_pending(at=AT)

        assert one.claims == two.claims == ["CLM-1"]

    def test_a_subscriber_may_publish_in_turn(self, rock: int) -> None:
        heard = Heard()

        def open_work(event: ClaimDenied, *, practice: int, actor: Actor, at: datetime) -> None:
            services.publish(WorkOpened(event.claim), practice=practice, at=at)

        listen(open_work)
        listen(heard, "analytics.count", WorkOpened)
        tell(rock, "CLM-1")

        assert services.deliver_pending(at=AT).done == 2
        assert heard.claims == ["CLM-1"]

    def test_a_subscriber_sees_only_the_practice_of_the_fact(self, rock: int) -> None:
        rival = Tenant.objects.create(code="RIVAL", name="Rival Eye Care", kind="practice").pk
        tell(rival, "CLM-9")
        seen: list[int] = []

        def look(event: ClaimDenied, *, practice: int, actor: Actor, at: datetime) -> None:
            seen.append(Fact.objects.count())

        listen(look)
        tell(rock, "CLM-1")
        services.deliver_pending(at=AT)

        assert seen == [1]

    def test_what_the_subscriber_wrote_and_the_record_stand_or_fall_together(self, rock: int) -> None:
        def write_and_fail(event: ClaimDenied, *, practice: int, actor: Actor, at: datetime) -> None:
            services.publish(WorkOpened(event.claim), practice=practice, at=at)
            raise Refused("There is no queue for denials.")

        listen(write_and_fail)
        tell(rock, "CLM-1")
        services.deliver_pending(at=AT)

        assert letters(rock) == [("dead", 1)]
        with scope(practices=[rock]), reading():
            assert Fact.objects.count() == 1


@pytest.mark.django_db
class TestFailures:
    def test_a_passing_fault_is_tried_again_and_holds_back_what_is_behind_it(self, rock: int) -> None:
        heard = Heard(passing())
        listen(heard)
        tell(rock, "CLM-1", "CLM-2")

        assert services.deliver_pending(at=AT) == Delivered(put_off=1)
        assert heard.claims == []
        assert services.deliver_pending(at=LATER) == Delivered(done=2)
        assert heard.claims == ["CLM-1", "CLM-2"]

    def test_after_five_tries_it_is_dead(self, rock: int) -> None:
        listen(Heard(*(passing() for _ in range(5))))
        tell(rock, "CLM-1")

        rounds = [services.deliver_pending(at=AT + timedelta(hours=n)) for n in range(6)]

        assert rounds == [Delivered(put_off=1)] * 4 + [Delivered(dead=1), Delivered()]
        assert letters(rock) == [("dead", faults.TRIES)]

    def test_any_other_error_is_dead_at_once_with_a_reason_and_the_next_goes_on(self, rock: int) -> None:
        heard = Heard(Refused("There is no queue for denials."))
        listen(heard)
        tell(rock, "CLM-1", "CLM-2")

        assert services.deliver_pending(at=AT) == Delivered(done=1, dead=1)
        assert heard.claims == ["CLM-2"]
        with scope(practices=[rock]), reading():
            (letter,) = queries.dead_letters(page=PageAsk()).rows
        assert letter.reason == "There is no queue for denials."
        assert (letter.fact.endswith(".ClaimDenied"), letter.failed_at) == (True, AT)

    def test_a_reason_never_quotes_values(self, rock: int) -> None:
        def insert(event: ClaimDenied, *, practice: int, actor: Actor, at: datetime) -> None:
            Tenant.objects.create(code="ROCK", name="Jane Secret", kind="practice")

        listen(insert)
        listen(Heard(KeyError("Jane Secret")), "b.hear")
        tell(rock, "CLM-1")
        services.deliver_pending(at=AT)

        with scope(practices=[rock]), reading():
            reasons = [letter.reason for letter in queries.dead_letters(page=PageAsk()).rows]
        assert len(reasons) == 2
        assert "Jane" not in " ".join(reasons)
        assert any("KeyError" in reason for reason in reasons)

    def test_a_subscriber_that_is_gone_leaves_a_dead_letter(self, rock: int) -> None:
        listen(Heard())
        tell(rock, "CLM-1")
        registry.subscriptions().clear()

        assert services.deliver_pending(at=AT) == Delivered(dead=1)

    def test_a_dead_letter_is_replayed_and_told_of(self, rock: int) -> None:
        heard = Heard(Refused("Not yet."))
        listen(heard)
        tell(rock, "CLM-1")
        services.deliver_pending(at=AT)

        with scope(practices=[rock]):
            with reading():
                (letter,) = queries.dead_letters(page=PageAsk()).rows
            services.replay(actor=Actor.system("Ada", at=LATER), public_id=letter.public_id, at=LATER, why="queue made")
            with pytest.raises(Conflict):
                services.replay(actor=Actor.system("Ada", at=LATER), public_id=letter.public_id, at=LATER)
        services.deliver_pending(at=LATER)

        assert heard.claims == ["CLM-1"]
        with scope(practices=[rock]), reading():
            (event,) = audit.history(("outbox.delivery", letter.public_id))
        assert event.sentence.startswith("Ada had")

    def test_nobody_may_replay_without_the_permission(self, rock: int) -> None:
        listen(Heard(Refused("Not yet.")))
        tell(rock, "CLM-1")
        services.deliver_pending(at=AT)

        with scope(practices=[rock]):
            with reading():
                (letter,) = queries.dead_letters(page=PageAsk()).rows
            with pytest.raises(Refused, match="Sign in"):
                services.replay(actor=Actor.nobody(at=AT), public_id=letter.public_id, at=AT)


def test_four_workers_deliver_each_fact_once_and_in_order(committed: str) -> None:
    rock = Tenant.objects.create(code="ROCK", name="Rockland Family Practice", kind="practice").pk
    heard = Heard()
    listen(heard)
    expected = [f"CLM-{n}" for n in range(120)]
    tell(rock, *expected)
    done: list[int] = []

    def work() -> None:
        try:
            done.append(services.deliver_pending(at=AT).done)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    services.deliver_pending(at=AT)

    assert heard.claims == expected
    assert set(letters(rock)) == {("done", 1)}
