"""Rows that enter while the next are made."""

from __future__ import annotations

import threading

import pytest
from django.db import DataError, connection, transaction

from openmso.platform.database.copying import Copying

pytestmark = pytest.mark.django_db

COLUMNS = "number, word"


@pytest.fixture(autouse=True)
def table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE copied (number int, word text) ON COMMIT DROP")


def found() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, word FROM copied ORDER BY number")
        return cursor.fetchall()


def test_rows_enter_in_their_order_while_the_caller_goes_on() -> None:
    may_go = threading.Event()

    def late() -> str:
        assert may_go.wait(60)
        return "1\tone\n"

    with Copying() as copying:
        copying.copy([("copied", COLUMNS, late), ("copied", COLUMNS, lambda: "2\ttwo\n")])
        may_go.set()  # the caller is here, though nothing has entered
        copying.copy([("copied", COLUMNS, lambda: "3\tthree\n")])
        copying.wait()

        assert found() == [(1, "one"), (2, "two"), (3, "three")]


def test_what_the_server_refuses_is_told_by_what_comes_next() -> None:
    with Copying() as copying, pytest.raises(DataError, match="integer"), transaction.atomic():
        copying.copy([("copied", COLUMNS, lambda: "no number\tword\n")])
        copying.copy([("copied", COLUMNS, lambda: "1\tone\n")])

    assert found() == []


def test_what_the_server_refuses_in_the_end_is_told_in_the_end() -> None:
    with pytest.raises(DataError, match="integer"), transaction.atomic(), Copying() as copying:
        copying.copy([("copied", COLUMNS, lambda: "no number\tword\n")])

    assert found() == []


def test_a_caller_who_fails_leaves_the_connection_free() -> None:
    with pytest.raises(ValueError, match="the caller's"), transaction.atomic(), Copying() as copying:
        copying.copy([("copied", COLUMNS, lambda: "1\tone\n")])
        raise ValueError("the caller's own fault")

    assert found() == []
