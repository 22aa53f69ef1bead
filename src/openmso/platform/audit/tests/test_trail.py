"""What is told is told with the change, in order, in words, and without what the trail must not hold."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import queries, registry, services, verifier
from openmso.platform.audit.contracts import EventFilters
from openmso.platform.audit.models import Event, Head, Read, Unsealed
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui.contracts import PageAsk

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
READS = Decision(True, "claims.read", None, "A test.", "GRT-TEST2222")
PRIYA = Actor.system("Priya", at=AT)
CLAIM = ("claims.claim", "CLM-7K2P9M4X")


@pytest.fixture(autouse=True)
def _sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_sentences", dict(registry.actions()))
    monkeypatch.setattr(registry, "_ungranted", dict(registry.ungranted()))
    monkeypatch.setattr(registry, "_readings", dict(registry._readings))
    registry.add_sentences({"tests.submitted": "{actor} sent claim {subject} to {payer} for {total}"})
    registry.add_ungranted({"tests.submitted": "nobody is asked in a test"})


def practice(code: str) -> int:
    return Tenant.objects.create(code=code, name=f"{code} Family Practice", kind="practice").pk


def tell(where: int, subject: tuple[str, str] = CLAIM, **facts: object) -> None:
    services.record(
        actor=PRIYA, action="tests.submitted", practice=where, subject=subject, at=AT, why="month end",
        facts={"payer": "AETNA", "total": Decimal("120.00")} | facts,
    )  # fmt: skip


def report_of(*practices: int, outside: bool = False) -> verifier.Report:
    with scope(practices=practices), reading():
        return queries.verify(outside=outside)


def test_a_sentence_counts_things_in_words() -> None:
    registry.add_sentences({"tests.posted": "{actor} posted {entries:entry,entries} of {claims:claim}"})

    def told(**facts: int) -> str:
        return registry.tell("tests.posted", actor="Priya", subject="", facts=facts)

    assert told(entries=1, claims=1) == "Priya posted 1 entry of 1 claim"
    assert told(entries=2_000, claims=2) == "Priya posted 2,000 entries of 2 claims"
    assert told(entries=2) == "Priya posted 2 entries of – claims"


def test_a_sentence_says_codes_days_and_amounts_as_people_do() -> None:
    registry.add_sentences({"tests.kept": "{kind} of {amount} for {month} until {ends_on}, back {until}"})
    registry.add_readings({"tests.kind": {"tests.invoice": "An invoice"}.__getitem__})
    facts = {
        "kind": "tests.invoice", "amount": "-1234.5", "month": "2026-03", "ends_on": "2026-03-31",
        "until": "2026-04-01T12:00:00+00:00",
    }  # fmt: skip

    told = registry.tell("tests.kept", actor="Priya", subject="", facts=facts)
    strange = registry.tell("tests.kept", actor="Priya", subject="", facts=facts | {"month": "spring", "ends_on": ""})

    assert told == "An invoice of −1,234.50 for March 2026 until 31 Mar 2026, back 1 Apr 2026 12:00 UTC"
    assert "for spring until –" in strange


def test_a_sentence_says_fields_as_people_call_them() -> None:
    registry.add_sentences({"tests.changed": "{actor} changed {fields}"})

    told = registry.tell(
        "tests.changed", actor="Priya", subject="", facts={"fields": "born_on, middle_name, clinician"}
    )

    assert told == "Priya changed birth date, middle name, clinician"


def test_the_purpose_of_a_file_reads_in_words() -> None:
    told = registry.tell(
        "documents.stored",
        actor="Elena",
        subject="DOC-7K2P9M4X",
        facts={"purpose": "settlement.invoice", "size": 1_200},
    )

    assert told == "Elena stored DOC-7K2P9M4X: Invoice of the MSO, 1,200 bytes"


@pytest.mark.django_db
class TestEvents:
    def test_an_event_reads_as_a_sentence(self) -> None:
        rock = practice("ROCK")
        with scope(practices=[rock]), atomic.open():
            tell(rock)

        with scope(practices=[rock]), reading():
            (row,) = queries.history(CLAIM)

        assert row.sentence == "Priya sent claim CLM-7K2P9M4X to AETNA for 120.00"
        assert (row.seq, row.at, row.why, row.facts["total"]) == (1, AT, "month end", "120.00")

    def test_it_is_written_at_the_end_and_not_before(self) -> None:
        rock = practice("ROCK")
        with scope(practices=[rock]), atomic.open():
            tell(rock)
            assert Event.objects.count() == 0

        with scope(practices=[rock]), reading():
            assert Event.objects.count() == 1

    def test_what_was_undone_was_never_told(self) -> None:
        rock = practice("ROCK")

        @atomic
        def tell_and_fail() -> None:
            tell(rock)
            raise ValueError("no")

        with scope(practices=[rock]):
            with pytest.raises(ValueError, match="no"):
                tell_and_fail()
            with reading():
                assert Event.objects.count() == 0
                assert Head.objects.count() == 0

    def test_a_practice_out_of_scope_cannot_be_told_of(self) -> None:
        rock, rival = practice("ROCK"), practice("RIVAL")

        with scope(practices=[rock]), pytest.raises(DatabaseError, match="row-level security"), atomic.open():
            tell(rival)

    def test_an_action_nobody_can_read_is_a_bug(self) -> None:
        rock = practice("ROCK")
        with scope(practices=[rock]), pytest.raises(registry.UnknownAction), atomic.open():
            services.record(actor=PRIYA, action="claims.teleported", practice=rock, subject=CLAIM, at=AT)

    def test_a_change_that_nobody_decided_is_a_bug(self) -> None:
        rock = practice("ROCK")
        registry.add_sentences({"tests.moved": "{actor} moved {subject}"})
        with scope(practices=[rock]), pytest.raises(registry.NoDecision), atomic.open():
            services.record(actor=PRIYA, action="tests.moved", practice=rock, subject=CLAIM, at=AT)

    def test_what_names_no_grant_is_counted_unless_its_action_or_the_house_needs_none(self) -> None:
        rock = practice("ROCK")
        registry.add_sentences({"tests.moved": "{actor} moved {subject}"})
        bare = Decision(True, "claims.work", rock, "A test.")
        with scope(practices=[rock]):
            with atomic.open():
                tell(rock)
            for decision in (READS, bare):
                with atomic.open():
                    services.record(
                        actor=PRIYA, action="tests.moved", practice=rock, subject=CLAIM, at=AT, decision=decision
                    )
            with reading():
                assert queries.ungranted() == 1
                assert queries.ungranted(house=[PRIYA.name]) == 0

    def test_commands_typed_on_the_machine_have_nobody_s_grant(self) -> None:
        """Nor does what they set off; a demo in which somebody took files in by command is still in order."""
        rock = practice("ROCK")
        registry.add_sentences({"tests.moved": "{actor} moved {subject}"})
        bare = Decision(True, "claims.work", rock, "A test.")
        with scope(practices=[rock]):
            for name in ("openmso intake", "intake for openmso intake", "OpenMSO (a job)"):
                with atomic.open():
                    services.record(
                        actor=Actor.system(name, at=AT), action="tests.moved", practice=rock, subject=CLAIM, at=AT,
                        decision=bare,
                    )  # fmt: skip
            with reading():
                assert queries.ungranted() == 1

    @pytest.mark.parametrize("value", [1.5, {"nested": 1}, [1], b"bytes", "x" * 201])
    def test_facts_are_plain(self, value: object) -> None:
        rock = practice("ROCK")
        with scope(practices=[rock]), pytest.raises((TypeError, ValueError), match="fact"), atomic.open():
            tell(rock, odd=value)

    def test_the_app_may_not_choose_its_place_in_the_chain(self) -> None:
        rock = practice("ROCK")
        with scope(practices=[rock]), atomic.open():
            Event.objects.create(
                practice_id=rock, seq=77, prev=b"x", hash=b"y", at=AT, recorded_at=AT, actor_name="Mallory",
                actor_kind="person", action="tests.submitted", subject_kind="claims.claim", subject_id="CLM-1",
            )  # fmt: skip

        with scope(practices=[rock]), reading():
            event = Event.objects.get()
        assert event.seq == 1
        assert event.recorded_at > AT
        assert report_of(rock).stands

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_head SET seq = 9",
            "DELETE FROM audit_head",
            "UPDATE audit_event SET why = ''",
            "DELETE FROM audit_event",
            "DELETE FROM audit_unsealed",
            "INSERT INTO audit_seal (practice_id) VALUES (1)",
            "SELECT audit_lock_head(1)",
            "TRUNCATE audit_event",
            "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        ],
    )
    def test_the_app_can_move_no_head_and_change_no_event(self, statement: str) -> None:
        rock = practice("ROCK")
        with scope(practices=[rock]), atomic.open():
            tell(rock)

        with (
            scope(practices=[rock]),
            pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
            atomic.open(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_events_can_be_asked_for(self) -> None:
        rock = practice("ROCK")
        with scope(practices=[rock]), atomic.open():
            for n in range(3):
                tell(rock, subject=("claims.claim", f"CLM-{n}"))

        with scope(practices=[rock]), reading():
            page = queries.events(filters=EventFilters(text="clm-1"), page=PageAsk())
            every = queries.events(filters=EventFilters(since=AT), page=PageAsk(size=2))

        assert [row.subject_id for row in page.rows] == ["CLM-1"]
        assert (every.total, len(every.rows)) == (3, 2)


@pytest.mark.django_db
class TestReads:
    def read(self, where: int, count: int = 1) -> None:
        services.record_read(
            actor=PRIYA, practice=where, subject=CLAIM, at=AT, count=count,
            classes={DataClass.DEMOGRAPHIC, DataClass.CLINICAL}, decision=READS,
        )  # fmt: skip

    def test_a_read_is_told_and_sealed_later(self) -> None:
        rock = practice("ROCK")
        with scope(practices=[rock]):
            with reading():
                self.read(rock, count=50)
            with reading():
                assert Unsealed.objects.count() == 1

            assert services.seal_reads() == 1
            assert services.seal_reads() == 0

            with reading():
                assert Unsealed.objects.count() == 0
                (row,) = queries.reads(CLAIM)
        assert (row.count, row.classes) == (50, ("clinical", "demographic"))
        report = report_of(rock)
        assert (report.reads, report.seals, report.stands) == (1, 1, True)

    def test_seals_follow_each_other(self) -> None:
        rock = practice("ROCK")
        with scope(practices=[rock]):
            for _ in range(3):
                with reading():
                    self.read(rock)
                services.seal_reads()
        assert report_of(rock).seals == 3
        assert report_of(rock).stands


@pytest.mark.django_db
def test_the_chain_is_the_same_computed_outside_the_database() -> None:
    rock, pine = practice("ROCK"), practice("PINE")
    odd = 'quotes " backslash \\ newline \n tab \t bell \x07 delete \x7f é 漢 😀   {"json": 1}'
    with scope(practices=[rock, pine], user=5), atomic.open():
        tell(pine, odd=odd)
        tell(rock, nothing=None, yes=True, count=12345678901234567890, day=AT.date())
        services.record(actor=PRIYA, action="tests.submitted", practice=rock, subject=CLAIM, why=odd, at=AT)

    inside, outside = report_of(rock, pine), report_of(rock, pine, outside=True)

    assert inside == outside
    assert (inside.events, inside.findings) == (3, ())


def test_two_threads_of_one_practice_leave_no_gap_and_no_deadlock(committed: str) -> None:
    rock, pine = practice("ROCK"), practice("PINE")
    errors: list[BaseException] = []

    def work(order: tuple[int, int]) -> None:
        try:
            for n in range(25):
                with scope(practices=[rock, pine]), atomic.open():
                    for where in order:
                        tell(where, subject=("claims.claim", f"CLM-{n}"))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(order,)) for order in ((rock, pine), (pine, rock), (rock, pine))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    report = report_of(rock, pine)
    assert (report.events, report.findings) == (150, ())
    with scope(practices=[rock, pine]), reading():
        assert set(Head.objects.values_list("seq", flat=True)) == {75}
        assert Read.objects.count() == 0


@pytest.mark.django_db
def test_a_read_left_unsealed_for_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    rock = practice("ROCK")
    with scope(practices=[rock]), reading():
        services.record_read(
            actor=PRIYA, practice=rock, subject=CLAIM, at=AT, classes={DataClass.CLINICAL}, decision=READS
        )
    assert report_of(rock).stands

    monkeypatch.setattr(verifier, "UNSEALED_MAX", timedelta(0))

    assert [finding.code for finding in report_of(rock).findings] == ["reads_unsealed"]
