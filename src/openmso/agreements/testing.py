"""Builders for tests of all apps: an executed agreement, a business associate agreement, and the cast.

    harbor, rockland = parties.mso(at=NOW), parties.practice(at=NOW)
    version = executed(harbor, rockland, at=NOW)

The cast: Priya bills for Rockland Family Practice at the MSO; Ana owns it; Theo owns a rival practice in the same
installation, with an agreement of its own, and must see nothing of Rockland.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from openmso.agreements.contracts import (
    DENIED_BY_US,
    Line,
    Mode,
    Promise,
    Side,
    SignedDocument,
    Signer,
    Terms,
    Unit,
    Version,
)
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.fees.terms import FeeTerms
from openmso.agreements.fees.waterfall import Priority
from openmso.agreements.queries import agreements as queries
from openmso.agreements.services import baas, drafting, execution
from openmso.agreements.tasks.contracts import Task
from openmso.kit.periods import DayRange
from openmso.parties import contracts as parties
from openmso.parties import testing as party_builders
from openmso.parties.queries import practices
from openmso.parties.testing import House, builder
from openmso.platform.access import queries as access_queries
from openmso.platform.access import services as access
from openmso.platform.access.contracts import Actor
from openmso.platform.identity.models import User
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
"""A Monday morning in Maine: the day on which stories play unless they say otherwise."""
SINCE = date(2026, 1, 1)
ALL_LINES = (
    "front_office eligibility coding_support revenue_cycle payment_posting denials patient_billing accounting "
    "scheduling purchasing"
)
PERCENT: dict[str, Any] = {
    "period": "month",
    "components": [{"kind": "percent", "rate": "6%", "of": "net_collections", "exclude": ["medicaid"]}],
    "minimum": "1200.00",
}
PROMISES = {
    "revenue_cycle": (Promise("claims.held", "Held claims touched within", Decimal(2), Unit.DAYS,
                              clock_hours=Decimal(20)),),
    "denials": (Promise("denials.first_touch", "First touch of a denial within", Decimal(10), Unit.DAYS,
                        clock_hours=Decimal(100)),
                Promise(DENIED_BY_US, "Denied claims that the MSO could have kept from it", Decimal(30), Unit.PERCENT)),
}  # fmt: skip


def pdf(words: str = "Management services agreement") -> SignedDocument:
    """A signed paper: the least that begins as a PDF does. Other words are another document."""
    return SignedDocument("agreement.pdf", b"%PDF-1.7\n% " + words.encode() + b"\n%%EOF\n")


def signers(at: datetime) -> tuple[Signer, ...]:
    """One signer for each side."""
    return (
        Signer(Side.MSO, "Elena Vass", "Chief executive", at),
        Signer(Side.PRACTICE, "Dr. Ana Rockland", "Owner", at),
    )


def terms(
    mso: parties.Mso, house: House, *, lines: str = ALL_LINES, starts_on: date = SINCE, ends_on: date | None = None,
    fee: FeeTerms | dict[str, Any] | None = None, mode: Mode = Mode.THIRD_PARTY, payments: Priority | None = None,
    tasks: tuple[Task, ...] = (),
) -> Terms:  # fmt: skip
    """Terms with lines by their codes, from a day on; the fee as terms or JSON; tasks that nobody says are usual."""
    days = DayRange(starts_on, ends_on)
    with scope(practices=[mso.id, house.id]), reading():
        mso_entity = practices.entities(mso.id, on=starts_on)[0]
        ours = queries.party(mso.id, mso_entity.id, on=starts_on)
        theirs = queries.party(house.id, house.entity.id, on=starts_on)
    return Terms(
        mode=mode, mso=ours, practice=theirs, days=days, reserved=("RD03", "RD06", "RD07", "RD13"),
        lines=tuple(Line(code, days, promises=PROMISES.get(code, ())) for code in lines.split()),
        fee=fee if isinstance(fee, FeeTerms) else terms_of(fee or PERCENT), payments=payments, tasks=tasks,
    )  # fmt: skip


def executed(
    mso: parties.Mso, house: House, *, at: datetime, lines: str = ALL_LINES, starts_on: date = SINCE,
    ends_on: date | None = None, fee: FeeTerms | dict[str, Any] | None = None, mode: Mode = Mode.THIRD_PARTY,
    with_baa: bool = True, payments: Priority | None = None, tasks: tuple[Task, ...] = (), **more: Any,
) -> Version:  # fmt: skip
    """An agreement drafted, signed and executed, by default with a business associate agreement; `more` are terms."""
    agreed = terms(
        mso,
        house,
        lines=lines,
        starts_on=starts_on,
        ends_on=ends_on,
        fee=fee,
        mode=mode,
        payments=payments,
        tasks=tasks,
    )
    agreed = replace(agreed, **more)
    with scope(practices=[mso.id, house.id]):
        agreement = drafting.begin(actor=builder(at), practice=house.id, terms=agreed, at=at)
        version = execution.execute(
            actor=builder(at), agreement=agreement, document=pdf(f"{agreement}"), signers=signers(at), at=at
        )
    if with_baa:
        baa(house, at=at, starts_on=starts_on)
    return version


def baa(house: House, *, at: datetime, starts_on: date = SINCE, ends_on: date | None = None) -> str:
    """A business associate agreement of a practice; returns its public id."""
    with scope(practices=[house.id]):
        return baas.sign(
            actor=builder(at), practice=house.id, starts_on=starts_on, ends_on=ends_on, at=at,
            document=pdf(f"Business associate agreement {house.practice.code}"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in the stories, on the day `at`."""

    at: datetime
    mso: parties.Mso
    rockland: House
    rival: House
    agreement: Version
    payer: parties.Payer
    priya: User
    ana: User
    theo: User

    def actor(self, user: User, *, at: datetime | None = None, fresh: bool = False) -> Actor:
        """Somebody of the cast as a request would see them, with everything read now."""
        return access_queries.actor_for(user, at=at or self.at, fresh=fresh)

    @contextmanager
    def scope(self, *houses: House, user: User | None = None) -> Iterator[None]:
        """Work in the scope of these practices and their books, by default Rockland's."""
        chosen = {house.id for house in houses or (self.rockland,)}
        reach = tenancy.reach(*chosen)
        with scope(practices=reach.practices, entities=reach.entities, user=user.pk if user else None):
            yield


def person(email: str, name: str, *, practice: int, role: str, at: datetime, since: date = SINCE) -> User:
    """Somebody with an account and a role in a practice (or in the MSO)."""
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    with scope(practices=[practice]):
        access.assign(
            actor=builder(at), practice=practice, user_id=user.pk, role=role, starts_on=since, at=at,
            set_up="The paper of a test",
        )  # fmt: skip
    return user


def cast(*, at: datetime = NOW) -> Cast:
    """The cast, in two practices that each have an executed agreement with the same MSO."""
    harbor = party_builders.mso(at=at)
    rockland = party_builders.practice(at=at)
    rival = party_builders.practice(at=at, code="RIVAL", name="Rival Eye Care")
    agreement = executed(harbor, rockland, at=at)
    executed(harbor, rival, at=at)
    return Cast(
        at, harbor, rockland, rival, agreement, party_builders.payer(harbor, at=at),
        priya=person("priya@harborridge.example", "Priya Raman", practice=rockland.id, role="biller", at=at),
        ana=person("ana@rockland.example", "Dr. Ana Rockland", practice=rockland.id, role="practice_owner", at=at),
        theo=person("theo@rival.example", "Theo Marsh", practice=rival.id, role="practice_owner", at=at),
    )  # fmt: skip
