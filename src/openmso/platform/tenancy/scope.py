"""Scope: the practices and books that a piece of work may touch, and the transaction that carries it.

A scope is set only at the edges (request, job, command, test) and never changes inside a transaction. The
transaction tells PostgreSQL with `SET LOCAL`, once, at its outermost level, so that nothing outlives it and a
savepoint can never leave a wider scope behind. Without a scope nothing is visible: the managers refuse, and
the database shows no row.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


class NoScope(RuntimeError):
    """Rows were asked for where no scope was set: a bug at an edge, never an answer to a person."""


class ScopeChanged(RuntimeError):
    """A scope was widened or changed inside a transaction that carries another."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The tenants whose rows, and the legal entities whose books, may be touched; and by which user."""

    practices: frozenset[int] = frozenset()
    entities: frozenset[int] = frozenset()
    user: int | None = None

    def settings(self) -> list[tuple[str, str]]:
        """The session settings that the row policies read."""
        return [
            ("openmso.practices", ",".join(map(str, sorted(self.practices)))),
            ("openmso.entities", ",".join(map(str, sorted(self.entities)))),
            ("openmso.user", "" if self.user is None else str(self.user)),
        ]


_current: ContextVar[Scope | None] = ContextVar("openmso_scope", default=None)
_NOTHING = Scope()


def current() -> Scope:
    """The scope in force; raises `NoScope` where there is none."""
    found = _current.get()
    if found is None:
        raise NoScope("No scope is set. Edges set one: `with scope(practices=..., user=...)`.")
    return found


@contextmanager
def scope(*, practices: Iterable[int] = (), entities: Iterable[int] = (), user: int | None = None) -> Iterator[Scope]:
    """Work within these practices and books until the block ends; not inside a transaction."""
    if _open_transactions():
        raise ScopeChanged("A scope is set before its transaction begins, not inside one.")
    wanted = Scope(frozenset(practices), frozenset(entities), user)
    token = _current.set(wanted)
    try:
        yield wanted
    finally:
        _current.reset(token)


class Transaction:
    """One transaction in the current scope: `with atomic():` or `@atomic` over a service.

    Nested uses join the outer transaction as savepoints, as in Django; the outermost one tells the database
    the scope.
    """

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def inside(*args: P.args, **kwargs: P.kwargs) -> R:
            with self.open():
                return function(*args, **kwargs)

        return inside

    @contextmanager
    def open(self, *, begins: str = "") -> Iterator[None]:
        """Begin, or join the one that is open; `begins` is said first to the database where one begins."""
        wanted = current()
        outermost, joins = not _open_transactions(), connection.in_atomic_block
        with transaction.atomic():
            if begins and not joins:
                with connection.cursor() as cursor:
                    cursor.execute(begins)
            if outermost:
                _tell(wanted)
            elif _told() != wanted:
                raise ScopeChanged("This transaction carries another scope.")
            yield
            if outermost and not connection.needs_rollback:
                _finish()
                _tell(_NOTHING)


atomic = Transaction()


def reading() -> AbstractContextManager[None]:
    """One short transaction for the questions of a page."""
    return atomic.open()


def snapshot() -> AbstractContextManager[None]:
    """One reading transaction that sees everything as it was when it began, however long it reads; it writes nothing.

    Inside a transaction that is open already it is a part of that one.
    """
    return atomic.open(begins="SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def before_commit(key: str, work: Callable[..., None], *items: object) -> None:
    """Do some work inside the outermost transaction, right before it commits; an error there undoes everything.

    Work is done in the order of the keys, whatever the order of asking; a key that starts with `~` comes after
    all words. Asking again with the same key and work adds the items to one call: `work(*items)`. What was asked
    for inside a nested transaction that was rolled back is forgotten with it.
    """
    if not _open_transactions():
        raise RuntimeError("There is no transaction of ours to finish: use `with atomic():` or `@atomic`.")
    transaction.on_commit(_Waiting(key, work, items))


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """Work that waits for the end of its transaction; Django forgets it with the savepoint it was asked for in."""

    key: str
    work: Callable[..., None]
    items: tuple[object, ...]

    def __call__(self) -> None:
        """After the commit nothing is left to do."""


def _finish() -> None:
    """Do the waiting work, lowest key first, and whatever work that work asks for in turn."""
    while waiting := [entry[1] for entry in connection.run_on_commit if isinstance(entry[1], _Waiting)]:
        first = min(waiting, key=lambda one: one.key)
        call = {one: None for one in waiting if one.key == first.key and one.work == first.work}
        connection.run_on_commit = [entry for entry in connection.run_on_commit if entry[1] not in call]
        first.work(*(item for one in call for item in one.items))


def _open_transactions() -> int:
    """How many transactions of ours are open; those a test case wraps around itself do not count."""
    return sum(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _tell(wanted: Scope) -> None:
    calls = ", ".join(["set_config(%s, %s, true)"] * 3)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [part for pair in wanted.settings() for part in pair])
    connection.openmso_scope = wanted  # type: ignore[attr-defined]


def _told() -> Scope | None:
    return getattr(connection, "openmso_scope", None)
