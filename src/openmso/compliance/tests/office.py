"""Who keeps the register and checks payments, and what they are asked in the stories."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from openmso.agreements import testing as agreements
from openmso.agreements.testing import Cast
from openmso.compliance.contracts import NewOpinion, Payment
from openmso.compliance.queries import runs
from openmso.compliance.rules import reading as files
from openmso.compliance.services import exclusions, running
from openmso.compliance.states import Pay
from openmso.compliance.testing import leie, opinion
from openmso.parties.testing import builder
from openmso.platform.identity.models import User
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import InboxFilters

DEC = datetime(2026, 12, 1, 15, tzinfo=UTC)
"""When payments are checked: what was done through November is over."""
NO_HOURS: dict[str, Any] = {"hours": None, "time_record": ""}
RENT = {"pay": Pay.MONTH, "rate": Decimal("4200.00"), "hours_cap": None, "grounds": ("stark_space",)}
HALF = date(2026, 7, 1)
FIRST = {"starts_on": date(2026, 10, 1), "through": date(2026, 10, 31)}


def omar_of(cast: Cast) -> User:
    for tenant in (cast.mso.id, cast.rockland.id):
        user = agreements.person(
            "omar@harborridge.example", "Omar Haddad", practice=tenant, role="compliance_officer", at=cast.at
        )
    return user


def in_inbox(cast: Cast, user: User, kind: str, at: datetime = DEC) -> list[Any]:
    actor, wanted = cast.actor(user, at=at), InboxFilters(kinds=(kind,))
    with cast.scope(user=user), reading():
        return list(work.inbox(actor=actor, filters=wanted, page=PageAsk(size=200), at=at).rows)


def check(cast: Cast, payments: list[Payment], *, at: datetime = DEC, user: User | None = None) -> Any:
    actor = cast.actor(user, at=at) if user else builder(at)
    with cast.scope(cast.rockland, cast.rival):
        return running.check(
            actor=actor, practice=cast.rockland.id, name="november.csv", at=at,
            content=files.written(payments).encode(),
        )  # fmt: skip


def lines(cast: Cast, run: str, *terms: Term) -> list[Any]:
    with cast.scope(), reading():
        return list(runs.lines(filters=Filters(terms), page=PageAsk(size=500, sort="number"), run=run).rows)


def valued(low: Decimal, high: Decimal, *, unit: Pay = Pay.HOUR, **changes: Any) -> NewOpinion:
    one = opinion(**changes)
    return NewOpinion(one.method, low, high, unit, one.appraiser, one.opined_on, one.expires_on)


def listed(cast: Cast, *rows: dict[str, str], as_of: date = date(2026, 11, 10), at: datetime = DEC) -> Any:
    with scope(practices=[cast.mso.id, cast.rockland.id]):
        return exclusions.load(
            actor=builder(at), mso=cast.mso.id, name="UPDATED.csv", content=leie(*rows), as_of=as_of, at=at
        )
