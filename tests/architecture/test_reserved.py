"""What is reserved is kept at the act: the lists of `reserved.py` are whole and true, and the documentation has them."""

from __future__ import annotations

from pathlib import Path

from openmso.config.roles import ROLES
from openmso.platform.access.contracts import LICENSEES, MANAGE_STAFF, OWNER, Side
from tests.architecture import reserved as lists


def test_every_act_that_carries_out_a_reserved_decision_asks_and_every_decision_is_spoken_of() -> None:
    assert list(lists.faults()) == []
    assert lists.table() in lists.DOCS.read_text(encoding="utf-8")


def test_negative_control_an_act_that_stops_asking_is_found(tmp_path: Path) -> None:
    room = tmp_path / "contracting"
    room.mkdir()
    (room / "services.py").write_text("def publish(*, actor, at):\n    return None\n", encoding="utf-8")

    assert "contracting.services:publish" not in lists.asking(tmp_path)
    assert lists.asking()["contracting.services:publish"] == "RD07"


def test_the_triggers_name_the_roles_of_the_house() -> None:
    words = Path("src/openmso/platform/access/migrations/0003_who_gives_roles.py").read_text(encoding="utf-8")

    def named(roles: list[str]) -> str:
        return ", ".join(repr(role) for role in roles)

    own = [role.code for role in ROLES if role.side is Side.PRACTICE]
    assert f"own CONSTANT text[] := ARRAY[{named(own)}]" in words
    assert f"licensees CONSTANT text[] := ARRAY[{named(list(LICENSEES))}]" in words
    neither = [role.code for role in ROLES if role.side in {Side.AUDITOR, Side.INTEGRATOR}]
    assert f"neither CONSTANT text[] := ARRAY[{named(neither)}]" in words
    assert [role.code for role in ROLES if role.side is Side.PRACTICE and MANAGE_STAFF.code in role.permissions] == [
        OWNER
    ]
