"""FHIR bundles nobody here wrote: every entry is accounted for, visits become claims, a code map makes them clean."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from openmso.charges.models import Charge
from openmso.claims import testing
from openmso.claims.queries import worklist
from openmso.intake.contracts import Outcome, Taken
from openmso.intake.models import IntakeItem
from openmso.intake.rules.codemap import BadCodeMap
from openmso.intake.services import taking
from openmso.parties import testing as parties
from openmso.parties.contracts import Person
from openmso.parties.services import clinicians
from openmso.platform.tenancy.scope import reading
from openmso.scheduling.models import Visit

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
SYNTHEA = (
    "Buster_Hoeger_ad2e3fc5-2b5d-4cb9-8d03-9ea0f4ac8423.json",
    "Clemente_Kreiger_1484a42d-0eaf-4654-9cbf-6b050a5cd73b.json",
)


@pytest.fixture(scope="module")
def rockland(built_once: None) -> testing.BillingHouse:
    return testing.billing_house(at=NOW)


def take(house: testing.BillingHouse, path: Path, code_map: dict[str, object] | None = None) -> Taken:
    mapped = ("map.json", json.dumps(code_map).encode()) if code_map else None
    with house.scope():
        return taking.take(
            actor=testing.actor(NOW), practice=house.id, name=path.name, content=path.read_bytes(), at=NOW,
            code_map=mapped,
        )  # fmt: skip


@pytest.mark.parametrize("name", SYNTHEA)
def test_every_entry_of_a_bundle_is_accounted_for(rockland: testing.BillingHouse, shared: Path, name: str) -> None:
    path = shared / "samples/fhir/fhir_synthea_bundles" / name
    bundle = json.loads(path.read_text())
    kinds = Counter(entry["resource"]["resourceType"] for entry in bundle["entry"])

    taken = take(rockland, path)

    assert taken.total == len(bundle["entry"]) == taken.used + taken.kept + taken.refused
    assert Counter(item.kind for item in taken.items) == kinds
    assert all(item.words for item in taken.items)
    assert taken.visits == kinds["Encounter"]


def test_claims_of_clinical_codes_are_held_with_named_findings(rockland: testing.BillingHouse, shared: Path) -> None:
    taken = take(rockland, shared / "samples/fhir/fhir_synthea_bundles" / SYNTHEA[0])

    assert taken.claims_ready == 0
    assert taken.claims_held == taken.visits
    for held in taken.held:
        assert {"no_coverage", "procedure_code", "diagnosis_code"} & set(held.findings)
    with rockland.scope(), reading():
        assert worklist.conservation(practice=rockland.id).holds


def test_the_same_file_twice_makes_nothing_new(rockland: testing.BillingHouse, shared: Path) -> None:
    path = shared / "samples/fhir/fhir_synthea_bundles" / SYNTHEA[0]
    first = take(rockland, path)

    again = take(rockland, path)

    assert (again.visits, again.charges) == (0, 0)
    assert (again.claims_held, again.total) == (first.claims_held, first.total)
    with rockland.scope(), reading():
        assert Visit.objects.count() == first.visits
        assert IntakeItem.objects.filter(outcome=Outcome.USED, kind="Encounter").count() == 2 * first.visits


@pytest.mark.parametrize("at_once", [True, False], ids=["with the file", "afterwards"])
@pytest.mark.parametrize("name", SYNTHEA)
def test_a_code_map_with_coverages_makes_the_claims_clean(
    rockland: testing.BillingHouse, shared: Path, name: str, at_once: bool
) -> None:
    path = shared / "samples/fhir/fhir_synthea_bundles" / name
    if not at_once:
        assert take(rockland, path).claims_ready == 0

    taken = take(rockland, path, code_map(path, rockland.payer.edi_id))

    known = [held.findings for held in taken.held]  # the map makes visits of new patients of some that came before
    assert set(known) <= {("new_patient_seen_before",)}
    assert taken.claims_ready + len(known) == sum(item.kind == "Encounter" for item in taken.items)


def code_map(path: Path, payer: str) -> dict[str, object]:
    """Every clinical code of a bundle as an office visit, and as a disease of the airways."""
    codes: dict[str, list[str]] = {}

    def walk(value: object) -> None:
        if isinstance(value, dict):
            if value.get("system") in {"http://snomed.info/sct", "http://hl7.org/fhir/sid/cvx"}:
                number = len(codes)
                codes.setdefault(str(value["code"]), [str(99202 + number), f"J{30 + number % 8}.{number % 9}"])
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(json.loads(path.read_text()))
    cover = {"payer": payer, "member_id": "W123456789", "starts_on": "1900-01-01"}
    return {"codes": codes, "coverages": [cover], "delay_reason": "9"}


def test_every_example_of_the_standard_gets_an_answer(rockland: testing.BillingHouse, shared: Path) -> None:
    for path in sorted((shared / "samples/fhir/fhir_r4_examples").glob("*.json")):
        taken = take(rockland, path)
        assert taken.total == taken.used + taken.kept + taken.refused >= 1, path.name


def test_a_code_map_names_clinicians_of_visits_that_were_taken_in_before(rockland: testing.BillingHouse) -> None:
    with rockland.scope():
        other = clinicians.add(
            actor=testing.actor(NOW), practice=rockland.id, person=Person("Moss", "Ida", credential="MD"),
            npi=parties.npi(77_777_777), taxonomy=parties.FAMILY_MEDICINE, starts_on=date(2020, 1, 1), at=NOW,
        )  # fmt: skip
    practitioner = "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999999999"
    bundle = json.dumps([
        {"resourceType": "Patient", "id": "p", "name": [{"family": "Reyes", "given": ["Ana"]}], "birthDate": "1980-01-01"},
        {"resourceType": "Encounter", "id": "e", "status": "finished", "subject": {"reference": "Patient/p"},
         "period": {"start": "2026-11-09"}, "participant": [{"individual": {"reference": practitioner}}],
         "type": [{"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "99213"}]}]},
    ]).encode()  # fmt: skip

    said: list[str] = []

    def findings(code_map: dict[str, object] | None) -> set[str]:
        mapped = ("map.json", json.dumps(code_map).encode()) if code_map else None
        with rockland.scope():
            taken = taking.take(
                actor=testing.actor(NOW), practice=rockland.id, name="x", content=bundle, at=NOW, code_map=mapped
            )
        said.append(taken.words)
        return {finding for held in taken.held for finding in held.findings}

    assert "renderer_missing" in findings(None)
    assert "renderer_missing" not in findings({"clinicians": {"9999999999": other.npi}})
    with rockland.scope(), reading():
        assert Visit.objects.get().clinician_id == other.id
    findings(None)
    assert said[1:] == [
        "It was taken in before; its claims were looked at again with the code map.",
        "It was taken in before; nothing is new.",
    ]


def test_a_later_bundle_adds_to_a_visit_what_an_earlier_one_lacked(rockland: testing.BillingHouse) -> None:
    def bill(name: str, code: str) -> dict[str, object]:
        service = {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": code}]}
        items = [{"productOrService": service, "encounter": [{"reference": "Encounter/e"}]}]
        return {"resourceType": "Claim", "id": name, "status": "active", "use": "claim", "item": items}

    seen = [
        {"resourceType": "Patient", "id": "p", "name": [{"family": "Reyes", "given": ["Ana"]}]},
        {"resourceType": "Encounter", "id": "e", "status": "finished", "subject": {"reference": "Patient/p"},
         "period": {"start": "2026-11-09"}},
        bill("a", "99213"),
    ]  # fmt: skip

    def brought(*more: dict[str, object]) -> Taken:
        content = json.dumps([*seen, *more]).encode()
        with rockland.scope():
            return taking.take(actor=testing.actor(NOW), practice=rockland.id, name="x", content=content, at=NOW)

    brought()
    later = brought(bill("b", "36415"))

    assert (later.visits, later.charges, later.claims_held) == (0, 1, 1)
    assert next(item.words for item in later.items if item.kind == "Encounter") == "Was added to the visit as a charge."
    with rockland.scope(), reading():
        assert worklist.conservation(practice=rockland.id).holds
        assert sorted(Charge.objects.values_list("code", flat=True)) == ["36415", "99213"]
    assert brought(bill("b", "36415")).charges == 0


def test_an_id_that_another_patient_or_visit_has_brings_nothing_into_it(rockland: testing.BillingHouse) -> None:
    def bundle(family: str, born_on: str, day: str, patient: str = "1") -> bytes:
        return json.dumps([
            {"resourceType": "Patient", "id": patient, "name": [{"family": family, "given": ["A"]}], "birthDate": born_on},
            {"resourceType": "Encounter", "id": "1", "status": "finished", "period": {"start": day},
             "subject": {"reference": f"Patient/{patient}"}},
        ]).encode()  # fmt: skip

    def outcomes(content: bytes) -> list[Outcome]:
        with rockland.scope():
            taken = taking.take(actor=testing.actor(NOW), practice=rockland.id, name="x", content=content, at=NOW)
        return [item.outcome for item in taken.items]

    assert outcomes(bundle("Moss", "1980-01-01", "2026-11-02")) == [Outcome.USED] * 2
    assert outcomes(bundle("Reyes", "1991-05-05", "2026-11-03")) == [Outcome.REFUSED] * 2
    assert outcomes(bundle("Reyes", "1991-05-05", "2026-11-03", patient="2")) == [Outcome.USED, Outcome.REFUSED]


@pytest.mark.parametrize(
    "content",
    [b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Pat', b"{", b'{"amount":' + b"9" * 5000 + b"}", b'{"resourceType": 7}', b"[1,2]",
     b'{"entry": [' + b"[" * 100_000, b'{"resourceType":"Bundle","entry":[{},{"resource":null},{"resource":[]}]}'],
)  # fmt: skip
def test_broken_json_is_refused_in_words(rockland: testing.BillingHouse, content: bytes) -> None:
    with rockland.scope():
        taken = taking.take(actor=testing.actor(NOW), practice=rockland.id, name="x.json", content=content, at=NOW)

    assert taken.refused >= 1
    assert all(item.words for item in taken.items)


@pytest.mark.parametrize(
    "content",
    [b"{", b"[7]", b'{"codes": 7}', b'{"codes": {}, "coverages": {"payer": "1"}}', b'{"clinicians": [1]}',
     b'{"coverages": [7]}', b'{"coverages": [{"payer": "1", "member_id": "2", "starts_on": "soon"}]}', b"", b"\r\r",
     b"system,code\n1,2\n", b"x" * 200_000, b"PK\x03\x04", b"[" * 100_000],
)  # fmt: skip
def test_a_code_map_that_cannot_be_read_is_refused_in_words(rockland: testing.BillingHouse, content: bytes) -> None:
    with rockland.scope(), pytest.raises(BadCodeMap) as no:
        taking.take(
            actor=testing.actor(NOW), practice=rockland.id, name="x.json", content=b"{}", at=NOW,
            code_map=("map", content),
        )  # fmt: skip

    assert no.value.sentence


ODD: tuple[object, ...] = (
    "x" * 5000, 7, -1, 1e308, None, True, [], {}, [1], [None], "a\0b", "\ud800x", {"reference": 7}, "2026-02-30",
    [{"coding": "x"}], {"coding": [{"code": "c" * 300, "system": "s" * 300}]},
)  # fmt: skip


def test_an_odd_value_anywhere_is_answered(rockland: testing.BillingHouse, shared: Path) -> None:
    """Whatever stands where something else was due: an account of every entry, never an exception."""
    whole = json.loads((shared / "samples/fhir/fhir_synthea_bundles" / SYNTHEA[0]).read_text())
    by_kind: dict[str, list[object]] = {}
    for entry in whole["entry"]:
        by_kind.setdefault(entry["resource"]["resourceType"], []).append(entry)
    few = json.dumps([entry for entries in by_kind.values() for entry in entries[:2]])
    chance = random.Random(20261128)

    for _ in range(60):
        entries = json.loads(few)
        for _ in range(3):
            place, key = chance.choice(list(places(entries)))
            place[key] = chance.choice(ODD)
        content = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
        with rockland.scope():
            taken = taking.take(
                actor=testing.actor(NOW), practice=rockland.id, name="odd.json", content=content, at=NOW
            )
        assert taken.total == len(entries) == taken.used + taken.kept + taken.refused


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value, as its container and key."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from places(value[key])
