"""What waits for a person waits once, for whoever may do it, until it is done; and everybody can see why."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, connection

from openmso.kit.errors import Forbidden, NotFound
from openmso.kit.money import Money
from openmso.kit.periods import DayRange
from openmso.kit.states import IllegalMove, table_is_whole
from openmso.platform.access import registry as access
from openmso.platform.access.contracts import (
    Actor,
    ActorKind,
    Assignment,
    Permission,
    Role,
    Side,
    Standing,
    Tenancy,
)
from openmso.platform.audit import queries as audit
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.work import queries, registry, services
from openmso.platform.work.contracts import MINE, NOBODYS, InboxFilters, Kind, NewItem, when
from openmso.platform.work.models import SavedView, WorkEntry, WorkItem
from openmso.platform.work.states import MOVES, Happened, Working

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
DUE = AT + timedelta(days=3)
SYSTEM = Actor.system("OpenMSO", at=AT)


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(access, "_permissions", dict(access.permissions()))
    monkeypatch.setattr(access, "_roles", dict(access.roles()))
    access.add_permissions([Permission("tests.bill", "bill"), Permission("tests.code", "code")])
    access._roles["tests_biller"] = Role("tests_biller", "Biller", Side.PRACTICE, frozenset({"tests.bill"}))
    registry.add_kinds(
        [Kind("claims.held", "Claim on hold", "tests.bill"), Kind("codes.ask", "Code asked", "tests.code")]
    )


def practice(code: str) -> int:
    return Tenant.objects.create(code=code, name=f"{code} Family Practice", kind="practice").pk


def biller(name: str, *practices: int, user: int = 7) -> Actor:
    """A person who may bill in some practices and nothing else."""
    return Actor(
        ActorKind.PERSON, name, AT, user_id=user, user=f"USR-{user}",
        standing=Standing.of(
            assignments=tuple(
                Assignment(one, "tests_biller", "", DayRange(date(2026, 1, 1))) for one in practices
            ),
            tenants={one: Tenancy(one, f"P{one}", "America/New_York", False) for one in practices},
        ),
    )  # fmt: skip


def wait_for(
    where: int, key: str = "hold", *, kind: str = "claims.held", priority: int = 50, due_at: datetime = DUE,
    amount: str | None = "120.00",
) -> str:  # fmt: skip
    with scope(practices=[where]):
        return services.open_item(
            practice=where, kind=kind, subject=("claims.claim", f"CLM-{key}"), title=f"Claim {key} is held",
            why="The member id is missing. Ask the front office.", priority=priority, priority_why="By hand", due_at=due_at, key=key, at=AT,
            amount=None if amount is None else Decimal(amount),
        )  # fmt: skip


def shown(actor: Actor, *practices: int, at: datetime = AT, **filters: object) -> list[str]:
    with scope(practices=practices), reading():
        page = queries.inbox(actor=actor, filters=InboxFilters(**filters), page=PageAsk(), at=at)  # type: ignore[arg-type]
    return [row.subject_id.removeprefix("CLM-") for row in page.rows]


def test_the_table_of_moves_is_whole() -> None:
    assert table_is_whole(MOVES, Working)


@pytest.mark.django_db
class TestOpening:
    def test_the_same_key_is_the_same_item_while_it_is_open(self) -> None:
        rock = practice("ROCK")
        first, again = wait_for(rock, priority=50), wait_for(rock, priority=90)

        assert first == again
        with scope(practices=[rock]), reading():
            assert WorkItem.objects.get().priority == 90
            assert [entry.what for entry in queries.history(public_id=first)] == [Happened.CHANGED, Happened.OPENED]

    def test_nothing_is_told_when_nothing_changed(self) -> None:
        rock = practice("ROCK")
        first = wait_for(rock)
        wait_for(rock)
        with scope(practices=[rock]), reading():
            assert len(queries.history(public_id=first)) == 1

    def test_it_says_why_it_is_next_in_the_days_of_whoever_reads_it(self) -> None:
        """Days are told from today in the practice, so that what was written once is true on every day."""
        rock, alien = practice("ROCK"), practice("ALIEN")
        seen_on = date(2026, 3, 4)
        with scope(practices=[rock]):
            services.open_item(
                practice=rock, kind="claims.held", subject=("claims.claim", "CLM-1"), title="Held", why="No plan.",
                priority=80, priority_why=f"the patient is seen {when(seen_on)}", due_at=DUE, key="k", at=AT,
            )  # fmt: skip
            with reading():
                told = [
                    queries.whys(
                        replace(biller("Priya", rock), at=AT + timedelta(days=n)), "claims.claim", ["CLM-1"], ()
                    )
                    for n in (0, 1, 4)
                ]
                hers = queries.whys(biller("Theo", alien), "claims.claim", ["CLM-1"], ())

        assert [one["CLM-1"] for one in told] == [
            "Urgent: the patient is seen in 2 days; due in 3 days",
            "Urgent: the patient is seen tomorrow; due in 2 days",
            "Urgent: the patient is seen 2 days ago; 1 day late",
        ]
        assert hers == {}

    def test_pain_1_4_1_work_across_practices_is_one_queue_by_function_and_permission(self) -> None:
        """One sign-in: the same kind of work of all practices one works for in one order, and of no other."""
        rock, lake, alien = practice("ROCK"), practice("LAKE"), practice("ALIEN")
        for where, key, priority in ((rock, "r1", 40), (lake, "l1", 90), (rock, "r2", 70), (alien, "a1", 99)):
            wait_for(where, key, priority=priority)
        wait_for(lake, "coded", kind="codes.ask", priority=95)
        priya = biller("Priya", rock, lake)

        assert shown(priya, rock, lake, kinds=("claims.held",)) == ["l1", "r2", "r1"]
        with scope(practices=[rock, lake]):
            taken = services.take_next(actor=priya, at=AT)
        assert taken is not None
        assert (taken.practice_name, taken.subject_id) == ("LAKE Family Practice", "CLM-l1")
        assert shown(biller("Theo", alien), rock, lake) == []

    def test_a_key_that_is_done_waits_anew(self) -> None:
        rock = practice("ROCK")
        first = wait_for(rock)
        released = partial(
            services.close_item, practice=rock, key="hold", actor=SYSTEM, at=AT, outcome="Released",
            under=SYSTEM.may("work.use", rock),
        )  # fmt: skip
        with scope(practices=[rock]):
            assert released()
            assert not released()

        assert wait_for(rock) != first

    def test_many_are_opened_at_once(self) -> None:
        rock = practice("ROCK")
        items = [
            NewItem(
                "claims.held",
                ("claims.claim", f"CLM-{n}"),
                f"Claim {n}",
                "Held.",
                n % 100,
                "By its number",
                DUE,
                f"k{n}",
            )
            for n in range(300)
        ]
        with scope(practices=[rock]):
            opened = services.open_items(practice=rock, items=items, at=AT)
            assert services.open_items(practice=rock, items=items, at=AT) == opened
            with reading():
                assert (len(set(opened.values())), WorkEntry.objects.count()) == (300, 300)

    @pytest.mark.parametrize(
        "wrong",
        [{"priority": 101}, {"priority": -1}, {"due_at": AT.replace(tzinfo=None)}, {"key": " "}, {"kind": "no.such"}],
    )
    def test_an_item_says_everything(self, wrong: dict[str, object]) -> None:
        rock = practice("ROCK")
        with pytest.raises((ValueError, LookupError)):
            wait_for(rock, **wrong)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"state": "snoozed"}, "snoozed_work_says_until_when"),
            ({"state": "done"}, "done_work_says_when_and_how"),
            ({"priority": 101}, "priorities_run_from_0_to_100"),
            ({"priority_why": ""}, "priorities_say_why"),
            ({"assignee_user": 7}, "assigned_work_names_its_person"),
        ],
    )
    def test_the_database_keeps_the_promises(self, change: dict[str, object], rule: str) -> None:
        rock = practice("ROCK")
        wait_for(rock)
        with scope(practices=[rock]), pytest.raises(IntegrityError, match=rule), atomic.open():
            WorkItem.objects.update(**change)


@pytest.mark.django_db
class TestInbox:
    def test_the_most_pressing_comes_first_and_the_amounts_are_summed(self) -> None:
        rock = practice("ROCK")
        wait_for(rock, "low", priority=10, amount="1.50")
        wait_for(rock, "late", priority=90, due_at=DUE)
        wait_for(rock, "soon", priority=90, due_at=AT, amount=None)
        priya = biller("Priya", rock)

        assert shown(priya, rock) == ["soon", "late", "low"]
        with scope(practices=[rock]), reading():
            page = queries.inbox(
                actor=priya, filters=InboxFilters(), page=PageAsk(size=1, sort="amount", desc=True), at=AT
            )
        assert (page.total, page.totals["amount"]) == (3, Money.of("121.50"))
        assert page.rows[0].amount == Decimal("120.00")

    def test_one_sees_only_what_one_may_work_and_only_there(self) -> None:
        rock, rival = practice("ROCK"), practice("RIVAL")
        wait_for(rock, "mine")
        wait_for(rock, "codes", kind="codes.ask")
        wait_for(rival, "theirs")
        priya = biller("Priya", rock)

        assert shown(priya, rock, rival) == ["mine"]
        assert shown(biller("Theo", rival), rock) == []
        assert shown(Actor.nobody(at=AT), rock, rival) == []

    def test_it_can_be_narrowed(self) -> None:
        rock = practice("ROCK")
        wait_for(rock, "a", priority=90, amount="500.00")
        wait_for(rock, "b", priority=10, due_at=AT)
        priya = biller("Priya", rock)
        with scope(practices=[rock]):
            taken = services.take_next(actor=priya, at=AT)

        assert taken is not None
        assert (taken.subject_id, taken.assignee) == ("CLM-a", "Priya")
        assert shown(priya, rock, assigned=MINE) == ["a"]
        assert shown(priya, rock, assigned=NOBODYS) == ["b"]
        assert shown(priya, rock, assigned="priy") == ["a"]
        assert shown(priya, rock, amount_min=Decimal(200)) == ["a"]
        assert shown(priya, rock, due_before=DUE) == ["b"]
        assert shown(priya, rock, priority_min=50) == ["a"]
        assert shown(priya, rock, text="clm-b") == ["b"]
        assert shown(priya, rock, kinds=("codes.ask",)) == []


@pytest.mark.django_db
class TestWorking:
    def test_a_snoozed_item_comes_back_by_itself(self) -> None:
        rock = practice("ROCK")
        public_id, priya = wait_for(rock), biller("Priya", rock)
        tomorrow = AT + timedelta(days=1)
        with scope(practices=[rock]):
            services.snooze(actor=priya, public_id=public_id, until=tomorrow, at=AT, why="payer calls back")

        assert shown(priya, rock) == []
        assert shown(priya, rock, state="snoozed") == ["hold"]
        assert shown(priya, rock, at=tomorrow) == ["hold"]
        assert shown(priya, rock, at=tomorrow, state="snoozed") == []

    def test_done_can_be_undone_for_ten_minutes(self) -> None:
        rock = practice("ROCK")
        public_id, priya = wait_for(rock), biller("Priya", rock)
        with scope(practices=[rock]):
            services.done(actor=priya, public_id=public_id, at=AT, outcome="Member id found")
            services.undo_done(actor=priya, public_id=public_id, at=AT + timedelta(minutes=10))
            assert shown(priya, rock) == ["hold"]
            services.done(actor=priya, public_id=public_id, at=AT)
            with pytest.raises(services.CannotBeWorked, match="ten minutes"):
                services.undo_done(actor=priya, public_id=public_id, at=AT + timedelta(minutes=11))
            with pytest.raises(IllegalMove):
                services.done(actor=priya, public_id=public_id, at=AT)

    def test_done_is_not_undone_when_the_same_thing_waits_anew(self) -> None:
        rock = practice("ROCK")
        public_id, priya = wait_for(rock), biller("Priya", rock)
        with scope(practices=[rock]):
            services.done(actor=priya, public_id=public_id, at=AT)
        wait_for(rock)
        with scope(practices=[rock]), pytest.raises(services.CannotBeWorked, match="anew"):
            services.undo_done(actor=priya, public_id=public_id, at=AT)

    def test_nobody_is_given_what_they_may_not_do(self) -> None:
        rock, pine = practice("ROCK"), practice("PINE")
        public_id, priya, theo = wait_for(rock), biller("Priya", rock), biller("Theo", pine)
        with scope(practices=[rock]):
            with pytest.raises(services.CannotBeWorked, match="Theo may not work on this"):
                services.assign(actor=priya, public_id=public_id, at=AT, to=theo)
            (told,) = services.assign_many(actor=priya, public_ids=[public_id], at=AT, to=theo)
            with reading():
                assert WorkItem.objects.get().assignee == ""
        assert not told.is_done

    def test_everything_is_told_in_the_history_and_the_trail(self) -> None:
        rock = practice("ROCK")
        public_id, priya = wait_for(rock), biller("Priya", rock)
        with scope(practices=[rock]):
            services.assign(actor=priya, public_id=public_id, at=AT, to=biller("Theo", rock))
            services.comment(actor=priya, public_id=public_id, at=AT, text="Called the front office.")
            services.done(actor=priya, public_id=public_id, at=AT, outcome="Member id found")
            with reading():
                story = queries.history(public_id=public_id)
                trail = audit.history(("work.workitem", public_id))

        assert [entry.what for entry in story] == [
            Happened.DONE, Happened.COMMENTED, Happened.ASSIGNED, Happened.OPENED,
        ]  # fmt: skip
        assert [event.sentence for event in trail] == [
            f"Priya finished {public_id}: Member id found",
            f"Priya gave {public_id} to Theo",
        ]

    def test_work_of_another_kind_or_practice_is_refused(self) -> None:
        rock, rival = practice("ROCK"), practice("RIVAL")
        coding, theirs = wait_for(rock, "codes", kind="codes.ask"), wait_for(rival)
        priya = biller("Priya", rock)
        with scope(practices=[rock]):
            with pytest.raises(Forbidden):
                services.done(actor=priya, public_id=coding, at=AT)
            with pytest.raises(NotFound):
                services.done(actor=priya, public_id=theirs, at=AT)
            with reading(), pytest.raises(NotFound):
                queries.item(actor=priya, public_id=coding, at=AT)

    def test_many_are_done_at_once_with_a_finding_for_each_that_is_not(self) -> None:
        rock = practice("ROCK")
        ids = [wait_for(rock, f"k{n}") for n in range(3)]
        priya = biller("Priya", rock)
        with scope(practices=[rock]):
            services.done(actor=priya, public_id=ids[1], at=AT)
            found = services.done_many(actor=priya, public_ids=[*ids, "WRK-NOSUCH22"], at=AT)

        assert [one.is_done for one in found] == [True, False, True, False]
        assert "cannot become done" in found[1].sentence
        assert shown(priya, rock) == []

    def test_too_many_at_once_are_refused(self) -> None:
        rock = practice("ROCK")
        with scope(practices=[rock]), pytest.raises(services.CannotBeWorked, match="1,000"):
            services.done_many(actor=SYSTEM, public_ids=[str(n) for n in range(1_001)], at=AT)


@pytest.mark.django_db
def test_views_are_ones_own_or_the_teams() -> None:
    rock, cedar = practice("ROCK"), practice("CEDAR")
    priya, omar = biller("Priya", user=7), biller("Omar", user=8)
    with scope(practices=[rock, cedar], user=7):
        mine = services.save_view(actor=priya, name="Big ones", path="/work/", query="q=amount>500", at=AT)
        services.save_view(actor=priya, name="Late", path="/work/", query="q=due:overdue", at=AT, is_team=True)
        services.save_view(actor=priya, name="Big ones", path="/work/", query="q=amount>900", at=AT)
        with reading():
            assert [(view.name, view.is_team) for view in queries.saved_views(actor=priya, path="/work/")] == [
                ("Big ones", False), ("Late", True),
            ]  # fmt: skip
    with scope(practices=[rock, cedar], user=8):
        with reading():
            assert [view.name for view in queries.saved_views(actor=omar, path="/work/")] == ["Late"]
        with pytest.raises(NotFound):
            services.forget_view(actor=omar, public_id=mine)
    with scope(practices=[rock, cedar], user=7):
        services.forget_view(actor=priya, public_id=mine)
        with pytest.raises(services.CannotBeWorked):
            services.save_view(actor=priya, name="x", path="//evil.example/", query="", at=AT)
    with scope(user=7), pytest.raises(services.CannotBeWorked, match="no practice"):
        services.save_view(actor=priya, name="x", path="/work/", query="", at=AT, is_team=True)


@pytest.mark.django_db
def test_a_teams_view_stays_within_the_practices_it_speaks_of() -> None:
    """Its query may name a patient: who works for one of two practices, or for a rival, must not read it."""
    rock, cedar, rival = practice("ROCK"), practice("CEDAR"), practice("RIVAL")
    priya, theo = biller("Priya", user=7), biller("Theo", user=8)
    with scope(practices=[rock, cedar], user=7):
        services.save_view(actor=priya, name="Okafor", path="/work/", query="q=okafor", at=AT, is_team=True)

    for practices in ([rival], [rock], [rival, cedar], []):
        with scope(practices=practices, user=8), reading():
            assert queries.saved_views(actor=theo, path="/work/") == []
            assert SavedView.objects.count() == 0, "the wall of the database says the same"
    with scope(practices=[rock, cedar, rival], user=8), reading():
        assert [view.name for view in queries.saved_views(actor=theo, path="/work/")] == ["Okafor"]
    with scope(practices=[rock, cedar, rival], user=8), atomic.open():
        assert SavedView.objects.update(name="mine") == 0, "what is shared is read, not changed"


def test_people_who_ask_for_the_next_at_once_get_different_items(committed: str) -> None:
    rock = practice("ROCK")
    for n in range(12):
        wait_for(rock, f"k{n}")
    taken: list[str] = []
    gate = threading.Barrier(4)

    def take(user: int) -> None:
        try:
            actor = biller(f"P{user}", rock, user=user)
            gate.wait(20)
            with scope(practices=[rock]):
                for _ in range(3):
                    row = services.take_next(actor=actor, at=AT, filters=InboxFilters(assigned=NOBODYS))
                    taken.append(row.public_id if row else "nothing")
        finally:
            connection.close()

    _together([lambda user=user: take(user) for user in range(1, 5)])

    assert len(set(taken)) == 12
    assert "nothing" not in taken


def test_the_same_key_opened_by_many_at_once_is_one_item(committed: str) -> None:
    rock = practice("ROCK")
    opened: list[str] = []
    gate = threading.Barrier(4)

    def open_it() -> None:
        try:
            gate.wait(20)
            opened.append(wait_for(rock))
        finally:
            connection.close()

    _together([open_it] * 4)

    assert len(opened) == 4
    assert len(set(opened)) == 1


def _together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
