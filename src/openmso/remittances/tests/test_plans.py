"""Posting goes over a file set by set, in books that no statistics were ever gathered of.

The server's own module `auto_explain` tells how often each step of each statement ran.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from openmso.remittances import testing
from openmso.remittances.tests.office import Office, open_office

CLAIMS = 200
MOST = 10 * 2 * CLAIMS
"""How much a step may do: ten times for each line of the file."""
TELL = {
    "session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0", "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off", "auto_explain.log_nested_statements": "on", "auto_explain.log_format": "json",
    "client_min_messages": "log", "enable_seqscan": "off",
}  # fmt: skip
"""What the server is to tell. Tables are taken to be large: none is read whole where an index leads."""


@pytest.fixture
def office(committed: str) -> Office:
    return open_office()


@pytest.fixture
def plans(committed: str, superuser: psycopg.Connection, office: Office) -> list[dict[str, Any]]:
    """The plans of what this test's database is asked from here on, as they ran."""
    for name, value in TELL.items():
        superuser.execute(f"ALTER DATABASE {committed} SET {name} = '{value}'")
    connection.close()
    told: list[dict[str, Any]] = []
    connection.ensure_connection()
    raw = connection.connection
    raw.add_notice_handler(
        lambda notice: (
            told.append(json.loads(re.sub(r"^.*?plan:\n", "", notice.message_primary, flags=re.S)))
            if "plan:" in (notice.message_primary or "")
            else None
        )
    )
    return told


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes of a plan."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from steps(below)


def work(step: dict[str, Any]) -> float:
    """How many rows a step gave or threw away, or how often it ran: whichever is more."""
    thrown = sum(step.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Join Filter", "Index Recheck"))
    return step["Actual Loops"] * max(1, step["Actual Rows"] + thrown)


def heavy(plans: list[dict[str, Any]]) -> list[tuple[float, str, str]]:
    """The steps that did more than they may: how much, what they are, and the statement."""
    assert len(plans) > 100, "the server tells its plans"
    return [
        (work(step), step["Node Type"], " ".join(plan["Query Text"].split())[:200])
        for plan in plans
        for step in steps(plan["Plan"])
        if work(step) > MOST
    ]


@pytest.mark.parametrize("told", ["each line has its number", "lines look alike"])
def test_no_step_of_posting_grows_with_the_square_of_the_file(
    plans: list[dict[str, Any]], office: Office, told: str
) -> None:
    names = office.sent_many(CLAIMS, ("99213", "140.00"), ("36415", "20.00"))
    paid = [
        testing.claim(
            name,
            *(testing.line(code, charge, paid=charge, control=f"{name}-{number:02}" if "number" in told else "")
              for number, (code, charge) in enumerate([("99213", "140.00"), ("36415", "20.00")], start=1)),
        )
        for name in names
    ]  # fmt: skip
    plans.clear()

    outcome = office.pay(*paid)

    assert [one.posted for one in outcome.remittances] == [CLAIMS]
    assert not heavy(plans)


def test_nor_does_finding_what_was_paid_before(plans: list[dict[str, Any]], office: Office) -> None:
    """The same payment under a new envelope, and half of it."""
    names = office.sent_many(CLAIMS, ("99213", "140.00"))
    paid = [testing.claim(name, testing.line("99213", "140.00", paid="140.00")) for name in names]
    office.pay(*paid, trace="EFT-WHOLE")
    plans.clear()

    again = office.pay(*paid, trace="EFT-WHOLE")
    half = office.pay(*paid[: CLAIMS // 2], trace="EFT-WHOLE")

    assert [outcome.state.value for outcome in (again, half)] == ["duplicate", "quarantined"]
    assert not heavy(plans)


def test_a_join_of_all_with_all_is_found(plans: list[dict[str, Any]], office: Office) -> None:
    """The control: what the test above must not see, it would see."""
    office.sent_many(CLAIMS, ("99213", "140.00"), ("36415", "20.00"))
    plans.clear()
    with office.reading(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM claims_claimline a JOIN claims_claimline b ON a.service_on = b.service_on")

    assert any(work(step) > MOST for plan in plans for step in steps(plan["Plan"]))
