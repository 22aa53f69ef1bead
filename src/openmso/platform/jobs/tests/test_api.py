"""Dead letters by API: jobs that were given up and facts that were not delivered are listed, and done again once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client

from openmso.platform.accounts.testing import bearer, person, tenant, token_for
from openmso.platform.jobs import registry, services
from openmso.platform.outbox import registry as subscribers
from openmso.platform.outbox import services as facts
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import scope

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
MAY = ["jobs.read", "jobs.replay", "outbox.read", "outbox.replay"]


@dataclass(frozen=True)
class ClaimDenied:
    claim: str


class Hears:
    """A subscriber that fails until it is mended."""

    def __init__(self) -> None:
        self.is_mended, self.heard = False, [""][:0]

    def __call__(self, event: ClaimDenied, *, practice: int, actor: object, at: datetime) -> None:
        if not self.is_mended:
            raise ValueError("no")
        self.heard.append(event.claim)


@pytest.fixture(autouse=True)
def _no_other_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_jobs", {})
    registry.job("files.post", queue="files")(lambda *, practice, at, actor, file: None)


@pytest.fixture
def hears(monkeypatch: pytest.MonkeyPatch) -> Hears:
    monkeypatch.setattr(subscribers, "_subscriptions", {})
    made = Hears()
    subscribers.subscribe(ClaimDenied, name="denials.open_work")(made)
    return made


def desk_of(code: str) -> tuple[Tenant, Client]:
    """An MSO and software that acts for its service desk."""
    mso = tenant(code, f"{code} MSO", kind="mso")
    user = person(f"ivo@{code.lower()}.example", "Ivo", it_desk=mso, administrator=mso)
    return mso, bearer(token_for(user, MAY, [mso]))


def given_up(where: Tenant, number: int = 1) -> None:
    services.bury(
        "files.post", job_id=number, tries=3, practice=where.pk, reason="The file is gone.", at=AT,
        arguments={"file": "DOC-1"},
    )  # fmt: skip


def undelivered(where: Tenant) -> None:
    with scope(practices=[where.pk]):
        facts.publish(ClaimDenied("CLM-1"), practice=where.pk, at=AT)
    facts.deliver_pending(at=AT)


def items(software: Client, kind: str, query: str = "") -> list[dict[str, str]]:
    found: list[dict[str, str]] = software.get(f"/api/{kind}?{query}").json()["items"]
    return found


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'files.post'")
        return int(cursor.fetchone()[0])


def test_a_job_that_was_given_up_runs_again_once() -> None:
    mso, desk = desk_of("HARBOR")
    given_up(mso)
    (letter,) = items(desk, "dead-jobs", "q=files")
    assert (letter["job"], letter["reason"], letter["tries"]) == ("files.post", "The file is gone.", 3)
    assert items(desk, "dead-jobs", "q=claims") == []

    answers = [desk.post(f"/api/dead-jobs/{letter['id']}/replay") for _ in range(2)]

    assert [one.status_code for one in answers] == [202, 409]
    assert queued() == 1
    assert items(desk, "dead-jobs") == []


def test_a_fact_that_was_not_delivered_is_delivered_again(hears: Hears) -> None:
    mso, desk = desk_of("HARBOR")
    undelivered(mso)
    (letter,) = items(desk, "dead-facts", "q=denials")
    assert letter["subscriber"] == "denials.open_work"
    hears.is_mended = True

    answers = [desk.post(f"/api/dead-facts/{letter['id']}/replay") for _ in range(2)]
    facts.deliver_pending(at=AT)

    assert [one.status_code for one in answers] == [202, 409]
    assert hears.heard == ["CLM-1"]
    assert items(desk, "dead-facts") == []


def test_the_desk_of_another_mso_sees_and_does_nothing(hears: Hears) -> None:
    mso, desk = desk_of("HARBOR")
    _, theo = desk_of("RIVAL")
    given_up(mso)
    undelivered(mso)

    for kind in ("dead-jobs", "dead-facts"):
        (letter,) = items(desk, kind)
        assert items(theo, kind) == []
        assert theo.post(f"/api/{kind}/{letter['id']}/replay").status_code == 404
        assert items(desk, kind) == [letter]
    assert queued() == 0


def test_who_may_look_may_not_replay() -> None:
    mso, desk = desk_of("HARBOR")
    given_up(mso)
    (letter,) = items(desk, "dead-jobs")
    user = person("lee@harbor.example", "Lee", it_desk=mso, administrator=mso)
    looker = bearer(token_for(user, ["jobs.read", "outbox.read"], [mso]))

    assert items(looker, "dead-jobs") == [letter]
    assert looker.post(f"/api/dead-jobs/{letter['id']}/replay").status_code == 403
