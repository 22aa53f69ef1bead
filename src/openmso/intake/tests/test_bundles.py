"""What a bundle says, in the many ways that systems say it: references, orders, parts inside others, what is no bill."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest

from edi.health import stream
from openmso.intake.contracts import Outcome
from openmso.intake.rules import bundles
from openmso.intake.rules.codemap import CodeMap
from openmso.intake.rules.drafts import Load

NPI = "http://hl7.org/fhir/sid/us-npi"
CPT = "http://www.ama-assn.org/go/cpt"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
Json = dict[str, Any]


def coded(code: str, system: str = CPT) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def patient(**more: Any) -> Json:
    return {"resourceType": "Patient", "id": "p", "name": [{"family": "Moss", "given": ["Ida"]}]} | more


def encounter(name: str = "e", **more: Any) -> Json:
    return {
        "resourceType": "Encounter", "id": name, "status": "finished", "class": {"code": "AMB"},
        "subject": {"reference": "Patient/p"}, "period": {"start": "2026-03-02T09:00:00Z"},
    } | more  # fmt: skip


def claim(*items: Json, **more: Any) -> Json:
    return {"resourceType": "Claim", "id": "c", "status": "active", "use": "claim", "item": list(items)} | more


def item(code: str, *encounters: str, **more: Any) -> Json:
    refs = [{"reference": f"Encounter/{name}"} for name in encounters]
    return {"productOrService": coded(code), "encounter": refs} | more


def coverage(name: str, **more: Any) -> Json:
    return {
        "resourceType": "Coverage", "id": name, "status": "active", "beneficiary": {"reference": "Patient/p"},
        "payor": [{"display": "Atlantic Shield"}], "subscriberId": f"W-{name}",
    } | more  # fmt: skip


def practitioner(npi: str, name: str = "d") -> Json:
    return {"resourceType": "Practitioner", "id": name, "identifier": [{"system": NPI, "value": npi}]}


def read(*resources: Json, urls: bool = False) -> Load:
    """The load of a bundle; with `urls`, its entries have full URLs and their resources no ids."""
    entries = []
    for one in resources:
        name = f"urn:uuid:{one['id']}"
        entries.append(
            {"fullUrl": name, "resource": {k: v for k, v in one.items() if k != "id"}} if urls else {"resource": one}
        )
    content = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    loaded = bundles.load(stream.entries(io.BytesIO(content)), CodeMap())
    assert len(loaded.items) == len(resources)
    return loaded


def told(loaded: Load, kind: str) -> list[tuple[Outcome, str]]:
    return [(one.outcome, one.words) for one in loaded.items if one.kind == kind]


MRN = {"identifier": [{"system": "urn:mrn", "value": "77"}]}


@pytest.mark.parametrize(
    ("ref", "urls"),
    [
        ({"reference": "Patient/p"}, False),
        ({"reference": "https://ehr.example/fhir/Patient/p/_history/3"}, False),
        ({"reference": "urn:uuid:p"}, True),
        ({"reference": "Patient?identifier=urn:mrn|77"}, False),
        ({"type": "Patient", "identifier": {"system": "urn:mrn", "value": "77"}}, False),
    ],
)
def test_a_patient_is_named_by_id_url_or_identifier(ref: Json, urls: bool) -> None:
    (visit,) = read(patient(**MRN), encounter(subject=ref), urls=urls).visits

    assert visit.patient == "p"


@pytest.mark.parametrize(
    "ref",
    [
        {"reference": "Practitioner/d"},
        {"reference": f"Practitioner?identifier={NPI}|1999999984"},
        {"identifier": {"system": "urn:oid:2.16.840.1.113883.4.6", "value": "1999999984"}},
        {"reference": "PractitionerRole/r"},
        {"reference": "#inside"},
    ],
)
def test_whoever_rendered_is_known_by_npi(ref: Json) -> None:
    role = {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/d"}}
    nurse = {"individual": {"reference": "Practitioner/nurse"}}
    seen = encounter(
        participant=[nurse, {"type": [coded("PPRF", "x")], "individual": ref}],
        contained=[practitioner("1999999984", "inside")],
    )

    (visit,) = read(patient(), practitioner("1999999984"), practitioner("1245319599", "nurse"), role, seen).visits

    assert visit.npi == "1999999984"


def test_an_npi_need_not_stand_in_the_file_and_a_claim_names_who_the_encounter_does_not() -> None:
    bill = claim(
        item("99213", "e"),
        careTeam=[{"sequence": 1, "provider": {"identifier": {"system": NPI, "value": "1999999984"}}}],
    )

    (visit,) = read(patient(), encounter(), bill).visits

    assert visit.npi == "1999999984"


def test_each_line_of_a_claim_goes_to_its_own_visit_once() -> None:
    bill = claim(item("99213", "a"), item("93000", "b"), item("36415", "a", "b"), item("81002"), total={"value": 500})

    first, second = read(patient(), encounter("a"), encounter("b"), bill).visits

    assert [line.code for line in first.lines] == ["99213", "36415", "81002"]
    assert [line.code for line in second.lines] == ["93000"]
    assert {line.left for line in (*first.lines, *second.lines)} == {None}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"status": "cancelled"}, "The claim is cancelled: it bills nothing."),
        ({"status": "entered-in-error"}, "The claim is entered in error: it bills nothing."),
        ({"use": "preauthorization"}, "It asks for authorization: it bills nothing."),
        ({"use": "predetermination"}, "It asks what would be paid: it bills nothing."),
    ],
)
def test_a_claim_that_bills_nothing_is_kept_aside(more: Json, words: str) -> None:
    loaded = read(patient(), encounter(), claim(item("99213", "e"), **more))

    assert told(loaded, "Claim") == [(Outcome.KEPT, words)]
    assert loaded.visits[0].lines == ()


def test_a_claim_that_names_no_encounter_is_of_the_only_one_that_day() -> None:
    own = {"patient": {"reference": "Patient/p"}, "billablePeriod": {"start": "2026-03-02"}}
    bill = claim(item("99213"), **own)

    assert [line.code for line in read(patient(), encounter(), bill).visits[0].lines] == ["99213"]
    two = read(patient(), encounter("a"), encounter("b"), bill)
    assert told(two, "Claim")[0][0] is Outcome.KEPT
    assert [visit.lines for visit in two.visits] == [(), ()]


def test_a_service_is_billed_once_whatever_its_claim_and_its_procedure_call_it() -> None:
    done = {
        "resourceType": "Procedure", "id": "x", "status": "completed", "encounter": {"reference": "Encounter/e"},
        "code": {"coding": [{"system": CPT, "code": "93000", "display": "Tracing"}]},
    }  # fmt: skip

    (visit,) = read(patient(), encounter(), done, claim(item("93000", "e"))).visits

    assert [line.key for line in visit.lines] == ["Claim/c/1"]


def test_resources_without_id_or_url_are_known_by_what_they_say() -> None:
    ids = [patient(id=""), patient(id="", birthDate="1980-01-01"), patient(id="")]

    first, again = read(*ids), read(*reversed(ids))

    assert {one.key for one in first.patients} == {one.key for one in again.patients}
    assert len({one.key for one in first.patients}) == 3


def test_pointers_name_the_diagnosis_of_that_number_wherever_it_comes_to_stand() -> None:
    diagnoses = [
        {"sequence": 30, "diagnosisCodeableConcept": coded("I10", ICD)},
        {"sequence": 10, "diagnosisCodeableConcept": coded("E11.9", ICD)},
        {"sequence": 20, "diagnosisCodeableConcept": coded("E11.9", ICD)},
    ]
    bill = claim(
        item("99213", "e", diagnosisSequence=[30, 20], modifier=[coded("25"), coded("rooh", "x")]),
        item("93000", "e", diagnosisSequence=[20, 10], unitPrice={"value": 40.5}, quantity={"value": 2},
             locationCodeableConcept=coded("22", "pos")),
        diagnosis=diagnoses,
    )  # fmt: skip

    (visit,) = read(patient(), encounter(), bill).visits

    assert visit.diagnoses == ("E119", "I10")
    assert [(line.pointers, line.modifiers, line.amount) for line in visit.lines] == [
        ((2, 1), ("25",), None), ((1,), (), Decimal("81.0")),
    ]  # fmt: skip
    assert visit.place_of_service == "22"


def test_diagnoses_of_an_encounter_stand_by_their_rank() -> None:
    conditions = [
        {"resourceType": "Condition", "id": name, "code": coded(code, ICD)}
        for name, code in (("x", "I10"), ("y", "J45.20"))
    ]
    seen = encounter(
        diagnosis=[{"condition": {"reference": "Condition/x"}}, {"condition": {"reference": "Condition/y"}, "rank": 1}]
    )

    assert read(patient(), *conditions, seen).visits[0].diagnoses == ("J4520", "I10")


def test_coverages_without_an_order_stand_as_the_claim_has_them_and_years_do_not_compete() -> None:
    year = {"start": "2025-01-01", "end": "2025-12-31"}
    bill = claim(
        item("99213", "e"),
        insurance=[
            {"sequence": 2, "coverage": {"reference": "Coverage/b"}},
            {"sequence": 1, "coverage": {"reference": "Coverage/c"}},
        ],
    )

    loaded = read(
        patient(), coverage("a", period=year), coverage("b", period={"start": "2026-01-01"}),
        coverage("c", period={"start": "2026-01-01"}), encounter(), bill,
    )  # fmt: skip

    assert {one.member_id: one.order for one in loaded.covers} == {"W-a": "P", "W-c": "P", "W-b": "S"}


def test_a_coverage_says_who_holds_and_who_pays_it() -> None:
    mother = {"resourceType": "RelatedPerson", "id": "m", "name": [{"family": "Moss", "given": ["Una"]}]}
    payer = {
        "resourceType": "Organization", "id": "o", "name": "Shield",
        "identifier": [{"system": NPI, "value": "1234567893"}, {"system": "urn:payer", "value": "60054"}],
    }  # fmt: skip
    own = {
        "payor": [{"reference": "Organization/o"}],
        "relationship": coded("child", "x"),
        "subscriber": {"reference": "RelatedPerson/m"},
    }
    member = {"subscriberId": "", "identifier": [{"value": "CARD"}, {"type": coded("MB", "x"), "value": "M-1"}]}

    loaded = read(
        patient(), mother, payer, coverage("a", **own, **member), coverage("b", payor=[{"reference": "Patient/p"}])
    )

    (cover,) = loaded.covers
    assert (cover.member_id, cover.relationship, "60054" in cover.payer_ids) == ("M-1", "19", True)
    assert cover.subscriber is not None
    assert cover.subscriber.first == "Una"
    assert told(loaded, "Coverage")[1] == (Outcome.KEPT, "The patient pays: nobody else is to be billed.")


def test_a_resource_that_stands_twice_is_accounted_for_twice() -> None:
    """Searches and exports set end to end bring the same resource again; once changed, nobody knows which holds."""
    asthma = {"resourceType": "Condition", "id": "k", "code": coded("J45.909", ICD)}

    loaded = read(patient(), asthma, asthma, asthma | {"code": coded("J45.20", ICD)})

    assert told(loaded, "Condition") == [
        (Outcome.KEPT, "No visit of this file speaks of it."),
        (Outcome.KEPT, "The file has the same before."),
        (Outcome.REFUSED, "The file has another Condition of this id before."),
    ]


def test_a_number_beyond_all_numbers_is_no_amount() -> None:
    line = {"net": {"value": "1" + "0" * 2_000_000}}
    loaded = read(patient(), encounter(), claim(item("99213", "e", **line)))
    assert loaded.visits[0].lines[0].code == "99213"


def test_json_of_something_else_is_refused_as_a_whole_before_it_is_read_to_the_end() -> None:
    rows = json.dumps([{"visit": n} for n in range(bundles.UNREADABLE_MAX + 1)]).encode()
    with pytest.raises(bundles.NotResources, match="More than 1,000 entries of the file are no FHIR resources"):
        bundles.load(stream.entries(io.BytesIO(rows)), CodeMap())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_array_of_resources_is_read_like_a_bundle_in_any_encoding(encoding: str) -> None:
    content = json.dumps([patient(), encounter()]).encode(encoding)

    assert len(bundles.load(stream.entries(io.BytesIO(content)), CodeMap()).visits) == 1
