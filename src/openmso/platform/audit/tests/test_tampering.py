"""A superuser changes the trail behind the application's back; the verifier says so.

What the database alone can show is found without the exported heads. A cut tail whose head was moved too, and a
chain that was computed anew, show only against heads that were kept outside: the negative controls say that.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.accounts.testing import bearer, person, signed_in, token_for
from openmso.platform.audit import queries, registry, services, verifier
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
READS = Decision(True, "claims.read", None, "A test.", "GRT-TEST2222")
ADA = Actor.system("Ada", at=AT)
EVENTS = 12

REWRITE = f"""
DO $$ DECLARE e audit_event; last bytea := decode(repeat('00', 32), 'hex'); n bigint := 0; BEGIN
  FOR e IN SELECT * FROM audit_event WHERE practice_id = {{rock}} ORDER BY seq LOOP
    n := n + 1;
    UPDATE audit_event SET seq = n, prev = last WHERE id = e.id;
    UPDATE audit_event SET hash = sha256(prev || {verifier._sql("openmso.event.1", "seq", verifier._EVENT)})
      WHERE id = e.id RETURNING hash INTO last;
  END LOOP;
  UPDATE audit_head SET seq = n, hash = last WHERE practice_id = {{rock}};
END $$
"""
"""What an attacker who knows everything does to make a changed chain agree with itself."""


class Trail:
    """A practice with events and sealed reads, its exported heads, and an attacker."""

    def __init__(self, attacker: psycopg.Connection, folder: Path) -> None:
        self.attacker, self.file = attacker, folder / "heads.jsonl"
        self.rock = Tenant.objects.create(code="ROCK", name="Rockland Family Practice", kind="practice").pk
        with scope(practices=[self.rock]):
            for n in range(EVENTS):
                with atomic.open():
                    services.record(actor=ADA, action="tests.told", practice=self.rock, subject=("t", f"T-{n}"), at=AT)
                with reading():
                    services.record_read(
                        actor=ADA,
                        practice=self.rock,
                        subject=("t", f"T-{n}"),
                        at=AT,
                        classes={DataClass.CLINICAL},
                        decision=READS,
                    )
                services.seal_reads()
            assert services.export_heads(to=self.file, at=AT) == 1

    def attack(self, *statements: str) -> None:
        self.attacker.execute("SET session_replication_role = replica")  # the triggers are asleep
        for statement in statements:
            self.attacker.execute(statement.format(rock=self.rock))

    def codes(self, *, with_heads: bool = False, outside: bool = False) -> set[str]:
        with scope(practices=[self.rock]), reading():
            report = queries.verify(heads=self.file if with_heads else None, outside=outside)
        return {finding.code for finding in report.findings}


@pytest.fixture
def committed(cleared: str) -> str:
    return cleared


@pytest.fixture
def trail(superuser: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trail:
    monkeypatch.setattr(registry, "_sentences", dict(registry.actions()))
    monkeypatch.setattr(registry, "_ungranted", dict(registry.ungranted()))
    registry.add_sentences({"tests.told": "{actor} told {subject}"})
    registry.add_ungranted({"tests.told": "nobody is asked in a test"})
    return Trail(superuser, tmp_path)


def test_an_untouched_trail_stands(trail: Trail) -> None:
    assert trail.codes(with_heads=True) == set()
    assert trail.codes(with_heads=True, outside=True) == set()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE audit_event SET why = 'changed' WHERE practice_id = {rock} AND seq = 5", "event_changed"),
        ("UPDATE audit_event SET facts = '{{\"a\": 1}}' WHERE practice_id = {rock} AND seq = 5", "event_changed"),
        ("UPDATE audit_event SET recorded_at = at WHERE practice_id = {rock} AND seq = 5", "event_changed"),
        ("UPDATE audit_event SET seq = seq + 100 WHERE practice_id = {rock} AND seq = 12", "number_missing"),
        ("DELETE FROM audit_event WHERE practice_id = {rock} AND seq = 5", "link_broken"),
        ("DELETE FROM audit_event WHERE practice_id = {rock} AND seq = 1", "number_missing"),
        ("DELETE FROM audit_event WHERE practice_id = {rock} AND seq > 9", "event_head_differs"),
        ("DELETE FROM audit_event WHERE practice_id = {rock}", "event_head_differs"),
        ("UPDATE audit_head SET seq = 11 WHERE practice_id = {rock}", "event_head_differs"),
        ("DELETE FROM audit_head WHERE practice_id = {rock}", "event_head_differs"),
        ("UPDATE audit_read SET actor_name = 'Nobody' WHERE practice_id = {rock}", "reads_changed"),
        ("DELETE FROM audit_read WHERE subject_id = 'T-3'", "reads_changed"),
        ("UPDATE audit_seal SET reads = reads[2:] WHERE seq = 4", "seal_changed"),
        ("DELETE FROM audit_seal WHERE seq = 4", "seal_missing"),
        ("DELETE FROM audit_seal WHERE seq = 12", "seal_head_differs"),
    ],
)
@pytest.mark.parametrize("outside", [False, True], ids=["inside", "outside"])
def test_what_the_rows_themselves_show(trail: Trail, statement: str, code: str, outside: bool) -> None:
    trail.attack(statement)

    assert code in trail.codes(outside=outside)


def test_page_and_api_tell_it_to_who_asks(trail: Trail) -> None:
    rock = Tenant.objects.get(pk=trail.rock)
    ana = person("ana@rockland.example", "Ana", practice_owner=rock)
    software, browser = bearer(token_for(ana, ["audit.read"], [rock])), signed_in(ana)
    assert software.get("/api/audit-proof").json()["stands"]
    assert "/audit/proof/ROCK/" in browser.get("/audit/proof/").content.decode()
    assert "Stands" in browser.get("/audit/proof/ROCK/").content.decode()

    trail.attack("UPDATE audit_event SET why = 'changed' WHERE practice_id = {rock} AND seq = 5")

    proof = software.get("/api/audit-proof").json()
    assert not proof["stands"]
    assert [(one["code"], one["seq"]) for one in proof["findings"]] == [("event_changed", 5)]
    page = browser.get("/audit/proof/ROCK/").content.decode()
    assert "Stands" not in page
    assert proof["findings"][0]["sentence"] in page


def test_chains_are_proven_one_after_the_other(trail: Trail) -> None:
    rock = Tenant.objects.get(pk=trail.rock)
    later = Tenant.objects.create(code="WEST", name="West Hill Dermatology", kind="practice")
    ana = person("ana@rockland.example", "Ana", practice_owner=[rock, later])
    trail.attack("UPDATE audit_event SET why = 'changed' WHERE practice_id = {rock} AND seq = 5")
    browser = signed_in(ana)

    first = browser.get("/audit/proof/ROCK/", headers={"HX-Request": "true"}).content.decode()
    last = browser.get("/audit/proof/WEST/", headers={"HX-Request": "true"}).content.decode()
    alone = browser.get("/audit/proof/ROCK/").content.decode()

    assert ["event_changed" in part for part in (first, last, alone)] == [True, False, True]
    assert ["Stands" in part for part in (first, last, alone)] == [False, True, False]
    assert ["/audit/proof/WEST/" in part for part in (first, last, alone)] == [True, False, False]
    assert "1 of 2" in first
    software = bearer(token_for(ana, ["audit.read"], [rock, later]))
    assert not software.get("/api/audit-proof").json()["stands"]
    assert software.get("/api/audit-proof?practice=WEST").json()["stands"]


def test_an_event_slipped_in_is_found(trail: Trail) -> None:
    trail.attack(
        "UPDATE audit_event SET seq = seq + 1 WHERE seq > 11",
        "INSERT INTO audit_event (practice_id, seq, at, recorded_at, actor_name, actor_kind, session, request, "
        '"grant", permission, action, subject_kind, subject_id, facts, why, prev, hash) '
        "SELECT practice_id, 12, at, recorded_at, 'Mallory', actor_kind, session, request, "
        '"grant", permission, action, subject_kind, subject_id, facts, why, prev, hash '
        "FROM audit_event WHERE practice_id = {rock} AND seq = 11",
    )

    assert {"event_changed", "link_broken"} <= trail.codes()


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (("DELETE FROM audit_event WHERE seq > 9", REWRITE), "event_tail_cut"),
        (("UPDATE audit_event SET why = 'changed' WHERE seq = 5", REWRITE), "event_chain_rewritten"),
        (("DELETE FROM audit_event WHERE seq = 5", REWRITE), "event_tail_cut"),
        (("DELETE FROM audit_event", "DELETE FROM audit_head WHERE true", "DELETE FROM audit_seal",
          "DELETE FROM audit_read"), "event_tail_cut"),
    ],
    ids=["tail cut and head moved", "all computed anew", "one removed and all computed anew", "everything gone"],
)  # fmt: skip
def test_what_only_the_exported_heads_show(trail: Trail, statements: tuple[str, ...], code: str) -> None:
    trail.attack(*statements)

    assert trail.codes() == set(), "negative control: without the heads this attack goes unseen"
    assert code in trail.codes(with_heads=True)
    assert code in trail.codes(with_heads=True, outside=True)


def test_random_tampering_never_goes_unseen(trail: Trail) -> None:
    chance = random.Random(2026)
    columns = ["actor_name", "why", "subject_id", "permission", "session", '"grant"', "action", "actor_kind"]
    for _ in range(40):
        seq, column = chance.randint(1, EVENTS), chance.choice(columns)
        (before,) = trail.attacker.execute(f"SELECT {column} FROM audit_event WHERE seq = {seq}").fetchone() or ("",)
        trail.attack(f"UPDATE audit_event SET {column} = {column} || 'x' WHERE seq = {seq}")
        assert "event_changed" in trail.codes(), (seq, column)
        trail.attacker.execute(f"UPDATE audit_event SET {column} = %s WHERE seq = %s", [before, seq])
        assert trail.codes() == set()


def test_heads_that_were_touched_are_refused(trail: Trail) -> None:
    trail.file.write_text(trail.file.read_text().replace('"seq":12', '"seq":11'))

    with pytest.raises(queries.BadHeads, match="not signed by this key"):
        trail.codes(with_heads=True)


def test_heads_of_another_house_are_refused(trail: Trail) -> None:
    line = verifier.signed([], at=AT, seed=bytes(range(32)))

    with pytest.raises(verifier.BadHeads):
        verifier.read_heads([line], key=verifier.public_key(bytes(32)))


def test_the_file_of_heads_only_grows(trail: Trail) -> None:
    with scope(practices=[trail.rock]):
        with atomic.open():
            services.record(actor=ADA, action="tests.told", practice=trail.rock, subject=("t", "T-X"), at=AT)
        services.export_heads(to=trail.file, at=AT)

    assert len(trail.file.read_text().splitlines()) == 2
    assert trail.codes(with_heads=True) == set()
