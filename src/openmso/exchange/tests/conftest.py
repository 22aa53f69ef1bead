"""An MSO with a practice, and the instant at which the stories begin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from openmso.parties import testing as parties
from openmso.platform.tenancy.queries import reach, with_mailroom
from openmso.platform.tenancy.scope import scope

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scene:
    """The MSO, a practice and a payer."""

    mso: int
    practice: int
    payer: int

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Work within the practice and the mailroom."""
        within = with_mailroom(reach(self.practice))
        with scope(practices=within.practices, entities=within.entities):
            yield


def open_scene() -> Scene:
    mso = parties.mso(at=NOW)
    return Scene(mso.id, parties.practice(at=NOW).id, parties.payer(mso, at=NOW).id)


@pytest.fixture
def scene(db: None) -> Scene:
    return open_scene()
