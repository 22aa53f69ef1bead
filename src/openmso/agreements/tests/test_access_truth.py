"""Role by state of the agreement: who may do what, asked of the real decision with the real roles and grants."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from openmso.agreements import testing
from openmso.agreements.queries import baas as baa_queries
from openmso.agreements.services import baas, execution
from openmso.agreements.testing import NOW, Cast
from openmso.parties.testing import builder
from openmso.platform.tenancy.scope import reading

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
STATES = ("in force", "not begun", "no baa", "winding down", "over")
PERMISSIONS = ("claims.read", "claims.submit", "agreements.read", "agreements.draft", "agreements.terminate")
MAY = {
    # role            in force         not begun     no baa        winding down  over
    "biller":         ("rs...",        ".....",      ".....",      "r....",      "....."),
    "practice_owner": ("r.a..",        "r.a..",      "r.a..",      "r.a..",      "r.a.."),
    "mso_executive":  ("..adt",        "..adt",      "..adt",      "..adt",      "..adt"),
    "controller":     ("..ad.",        "..ad.",      "..ad.",      "..ad.",      "..ad."),
    "practice_staff": ("r....",        "r....",      "r....",      "r....",      "r...."),
}  # fmt: skip
LETTERS = dict(zip(PERMISSIONS, "rsadt", strict=True))


def bring_to(cast: Cast, state: str) -> datetime:
    """Put Rockland's agreement into a state; the instant at which to ask."""
    with cast.scope():
        if state == "no baa":
            with reading():
                (baa,) = baa_queries.of(cast.rockland.id)
            baas.end(actor=builder(NOW), baa=baa.public_id, ends_on=TODAY, why="Ended", at=NOW)
        if state in {"winding down", "over"}:
            lines = ["revenue_cycle"] if state == "winding down" else []
            execution.terminate(
                actor=builder(NOW), agreement=cast.agreement.agreement, ends_on=TODAY, why="Over", at=NOW,
                wind_down_lines=lines, winds_down_until=date(2026, 6, 1) if lines else None,
            )  # fmt: skip
    return datetime(2025, 12, 31, 15, tzinfo=UTC) if state == "not begun" else NOW


@pytest.mark.parametrize("state", STATES)
def test_who_may_do_what(cast: Cast, state: str) -> None:
    at = bring_to(cast, state)
    since = date(2025, 1, 1)

    seen = {}
    for role in MAY:
        email = f"{role}@somewhere.example"
        user = testing.person(email, role, practice=cast.rockland.id, role=role, at=NOW, since=since)
        actor = cast.actor(user, at=at, fresh=True)
        seen[role] = "".join(LETTERS[code] if actor.can(code, cast.rockland.id) else "." for code in PERMISSIONS)

    assert seen == {role: row[STATES.index(state)] for role, row in MAY.items()}


def test_nobody_of_another_practice_may_anything_in_any_state(cast: Cast) -> None:
    for state in STATES[:2]:
        at = bring_to(cast, state)
        theo = cast.actor(cast.theo, at=at, fresh=True)
        assert not any(theo.can(code, cast.rockland.id) for code in PERMISSIONS)
