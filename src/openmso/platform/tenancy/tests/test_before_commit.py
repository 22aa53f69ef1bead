"""Work that waits for the end: in order, once, inside the transaction, and forgotten with what was undone."""

from __future__ import annotations

import pytest
from django.db import connection

from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, before_commit, scope

pytestmark = pytest.mark.django_db


def test_it_runs_in_the_order_of_the_keys_inside_the_transaction() -> None:
    heard: list[str] = []

    with scope(), atomic.open():
        before_commit("~last", lambda: heard.append("last"))
        before_commit("b", lambda: heard.append("b"))
        before_commit("a", lambda: heard.append(f"a in a transaction: {connection.in_atomic_block}"))
        assert heard == []

    assert heard == ["a in a transaction: True", "b", "last"]


def test_items_of_one_key_and_work_come_in_one_call() -> None:
    calls: list[tuple[object, ...]] = []

    def work(*items: object) -> None:
        calls.append(items)

    with scope(), atomic.open():
        before_commit("a", work, 1)
        with atomic.open():
            before_commit("a", work, 2, 3)

    assert calls == [(1, 2, 3)]


def test_what_a_rolled_back_inner_transaction_asked_for_is_forgotten() -> None:
    heard: list[object] = []

    with scope(), atomic.open():
        before_commit("a", heard.append, "outer")
        with pytest.raises(ValueError, match="no"), atomic.open():
            before_commit("a", heard.append, "inner")
            raise ValueError("no")

    assert heard == ["outer"]


def test_what_a_rolled_back_outer_transaction_asked_for_never_runs() -> None:
    heard: list[object] = []

    with scope():
        with pytest.raises(ValueError, match="no"), atomic.open():
            before_commit("a", heard.append, "undone")
            raise ValueError("no")
        with atomic.open():
            before_commit("a", heard.append, "done")

    assert heard == ["done"]


def test_work_may_leave_work_in_turn_and_the_last_key_stays_last() -> None:
    heard: list[str] = []

    def first() -> None:
        heard.append("first")
        before_commit("~audit", lambda: heard.append("audit of first"))
        before_commit("z", lambda: heard.append("z"))

    with scope(), atomic.open():
        before_commit("a", first)

    assert heard == ["first", "z", "audit of first"]


def test_an_error_there_undoes_everything() -> None:
    def refuse() -> None:
        raise ValueError("the trail cannot be written")

    with scope(), pytest.raises(ValueError, match="trail"), atomic.open():
        Tenant.objects.create(code="GONE", name="Gone", kind="practice")
        before_commit("a", refuse)

    assert not Tenant.objects.filter(code="GONE").exists()


def test_a_database_error_is_told_as_itself() -> None:
    with scope(), pytest.raises(Exception, match="division by zero"), atomic.open(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def test_outside_a_transaction_it_is_a_bug() -> None:
    with scope(), pytest.raises(RuntimeError, match="no transaction"):
        before_commit("a", lambda: None)
