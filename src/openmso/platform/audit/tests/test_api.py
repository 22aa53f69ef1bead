"""The trail by API: what was changed, by whom and why; who read what; and whether it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.accounts.testing import bearer, person, tenant, token_for
from openmso.platform.audit import registry, services
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui import counting

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
READS = Decision(True, "claims.read", None, "A test.", "GRT-TEST2222")
PRIYA = Actor.system("Priya", at=AT)
CLAIM, OTHER = "CLM-7K2P9M4X", "CLM-23456789"


@pytest.fixture(autouse=True)
def _sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_sentences", dict(registry.actions()))
    monkeypatch.setattr(registry, "_ungranted", dict(registry.ungranted()))
    registry.add_sentences({"tests.sent": "{actor} sent {subject}", "tests.held": "{actor} held {subject}"})
    registry.add_ungranted(dict.fromkeys(("tests.sent", "tests.held"), "nobody is asked in a test"))


@pytest.fixture
def rock() -> Tenant:
    return tenant("ROCK", "Rockland Family Practice")


@pytest.fixture
def ana(rock: Tenant) -> Client:
    """Software of the owner of Rockland."""
    user = person("ana@rockland.example", "Ana", practice_owner=rock)
    return bearer(token_for(user, ["audit.read"], [rock]))


@pytest.fixture
def theo() -> Client:
    """Software of the owner of a rival practice."""
    rival = tenant("RIVAL", "Rival Eye Care")
    user = person("theo@rival.example", "Theo", practice_owner=rival)
    return bearer(token_for(user, ["audit.read"], [rival]))


def tell(where: Tenant, action: str, claim: str, *, at: datetime = AT) -> None:
    with scope(practices=[where.pk]), atomic.open():
        services.record(
            actor=PRIYA, action=action, practice=where.pk, subject=("claims.claim", claim), at=at, why="month end"
        )


def told(software: Client, query: str) -> list[str]:
    found = software.get(f"/api/audit-events?by=Priya&{query}").json()["items"]
    return [one["sentence"] for one in found]


def test_an_event_is_told_with_what_proves_it(rock: Tenant, ana: Client) -> None:
    tell(rock, "tests.sent", CLAIM)

    (event,) = ana.get(f"/api/audit-events?about={CLAIM}").json()["items"]

    wanted = {
        "practice": "ROCK", "actor": "Priya", "action": "tests.sent", "sentence": f"Priya sent {CLAIM}",
        "about_kind": "claims.claim", "about": CLAIM, "why": "month end", "at": "2026-03-02T14:00:00Z",
    }  # fmt: skip
    assert {name: event[name] for name in wanted} == wanted
    assert len(bytes.fromhex(event["hash"])) == 32


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [f"Priya held {OTHER}", f"Priya sent {CLAIM}"]),
        ("action=tests.held", [f"Priya held {OTHER}"]),
        (f"about={CLAIM}", [f"Priya sent {CLAIM}"]),
        ("about_kind=claims.batch", []),
        ("q=held", [f"Priya held {OTHER}"]),
        ("since=2026-03-02T15:00:00Z", [f"Priya held {OTHER}"]),
        ("until=2026-03-02T15:00:00Z", [f"Priya sent {CLAIM}"]),
        ("practice=ROCK&size=1&page=2", [f"Priya sent {CLAIM}"]),
    ],
)
def test_filters_narrow_the_trail(rock: Tenant, ana: Client, query: str, found: list[str]) -> None:
    tell(rock, "tests.sent", CLAIM)
    tell(rock, "tests.held", OTHER, at=AT + timedelta(hours=2))

    assert told(ana, query) == found


def test_a_long_trail_says_how_many_events_there_are(
    rock: Tenant, ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "COUNTED_AT_ONCE", 2)
    for _ in range(3):
        tell(rock, "tests.sent", CLAIM)

    assert ana.get("/api/audit-events?by=Priya&size=1").json()["total"] == 3


def test_who_read_a_patients_data_is_told(rock: Tenant, ana: Client) -> None:
    with scope(practices=[rock.pk]), reading():
        services.record_read(
            actor=PRIYA,
            practice=rock.pk,
            subject=("claims.claim", CLAIM),
            at=AT,
            classes={DataClass.CLINICAL},
            decision=READS,
        )

    found = ana.get(f"/api/audit-reads?about_kind=claims.claim&about={CLAIM}").json()

    assert [(one["actor"], one["classes"]) for one in found] == [("Priya", ["clinical"])]


def test_an_untouched_trail_stands(rock: Tenant, ana: Client) -> None:
    tell(rock, "tests.sent", CLAIM)

    proof = ana.get("/api/audit-proof").json()

    assert (proof["stands"], proof["findings"]) == (True, [])
    assert proof["events"] >= 1


def test_theo_sees_nothing(rock: Tenant, theo: Client) -> None:
    tell(rock, "tests.sent", CLAIM)
    with scope(practices=[rock.pk]), reading():
        services.record_read(
            actor=PRIYA,
            practice=rock.pk,
            subject=("claims.claim", CLAIM),
            at=AT,
            classes={DataClass.CLINICAL},
            decision=READS,
        )

    assert told(theo, f"about={CLAIM}") == []
    assert theo.get("/api/audit-events?practice=ROCK").status_code == 404
    assert theo.get(f"/api/audit-reads?about_kind=claims.claim&about={CLAIM}").json() == []


def test_a_token_without_the_permission_is_told_so(rock: Tenant) -> None:
    user = person("lee@rockland.example", "Lee", practice_owner=rock)
    software = bearer(token_for(user, ["documents.read"], [rock]))

    assert [software.get(f"/api/{path}").status_code for path in ("audit-events", "audit-proof")] == [403, 403]
