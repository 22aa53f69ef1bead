"""Nothing moves between practice, MSO and others that was not asked for: the lists of `payments.py` are whole and true."""

from __future__ import annotations

import ast

from openmso.compliance.rules.clearing import ASKED
from tests.architecture import payments


def test_every_service_that_moves_money_asks_first_or_says_why_it_need_not() -> None:
    found = payments.moving()
    assert list(payments.faults(found)) == []
    assert (set(payments.CLEARED) | set(payments.APART)) - set(found) == set(), "a list names what is no more"
    assert all(payments.APART.values())


def test_every_flow_is_asked_for_somewhere_and_every_flow_is_asked_something() -> None:
    named = {flow for flows in (*payments.CLEARED.values(), *payments.TOLD.values()) for flow in flows.split()}
    assert named == {one.name for one in ASKED}
    assert all(ASKED.values())


def test_negative_control_a_service_that_pays_without_asking_is_found() -> None:
    (node,) = ast.parse(
        "def pay_bonus(*, actor, at):\n    ledger.post(actor=actor, entries=[], at=at, under=())\n"
    ).body
    assert isinstance(node, ast.FunctionDef)
    assert payments.is_moving(node)
    found = payments.moving() | {"treasury.services.bonus:pay_bonus": node}
    assert list(payments.faults(found)) == ["treasury.services.bonus:pay_bonus moves money and is in neither list"]
    assert not payments.asks(node, "FEE", {})
