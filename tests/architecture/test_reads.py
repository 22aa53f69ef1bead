"""Whoever reads patient data by the API is told of in the trail, and the trail is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ninja.operation import Operation

from openmso.config.api import api
from openmso.kit.classes import PHI, DataClass
from openmso.platform.access import registry
from openmso.platform.accounts import testing
from openmso.platform.api import reads
from openmso.platform.audit import queries, services
from openmso.platform.audit.models import Read, Unsealed
from openmso.platform.tenancy.scope import reading, scope
from tests.architecture import matrix, objects

MONEY = ["1250.00"]
"""The example that every form of an amount gives."""
WORDS_OF_PATIENTS = {"patient", "diagnoses", "birth_date", "born_on", "mrn", "member_id", "service_on"}
"""Fields that are a patient's whatever the form they stand in."""


def shown(operation: Operation) -> frozenset[DataClass]:
    """The classes of patient data that an operation's answers hold."""
    models = [one for one in operation.response_models.values() if isinstance(one, type)]
    return frozenset().union(*(reads.classes_of(one) for one in models))


def told(world: matrix.World) -> list[Read]:
    """The readings that the trail of the practice knows."""
    with scope(practices=[world.theirs.id]), reading():
        return list(Read.objects.all())


OWN = {"/api/work-reviews/mine"}
"""What people read of what they did themselves: the insider of the matrix did nothing, and nothing is there to tell."""
READS = sorted(
    (path, method) for path, method, found in api.operations()
    if method == "GET" and shown(found) and path not in OWN
)  # fmt: skip


def test_there_are_operations_that_show_patient_data() -> None:
    assert len(READS) >= 11


def test_each_reading_of_patient_data_is_told_and_sealed(world: matrix.World) -> None:
    insider = testing.person("insider@theirs.example", "Insider", **matrix.everything("THEIRS", "MTHEIRS"))
    browser, routes = testing.signed_in(insider), {f"/{one.path}": one for one in matrix.routes()}
    known, wrong = {row.pk for row in told(world)}, []

    for path, _ in READS:
        status = browser.get(routes[_form(path)].filled(world.objects | objects.PLAIN)).status_code
        fresh = [row for row in told(world) if row.pk not in known]
        known |= {row.pk for row in fresh}
        if status != 200 or not fresh:
            wrong.append(f"{path} answers {status} and is told {len(fresh)} times")
        wrong += [
            f"{path} is told without who, or by which right"
            for row in fresh
            if not (row.grant and row.permission and row.actor_user == insider.pk)
        ]

    assert wrong == []
    with scope(practices=[world.theirs.id]):
        services.seal_reads()
        with reading():
            assert not set(Unsealed.objects.values_list("read", flat=True)) & known
            assert queries.verify().stands


def test_a_field_of_a_patient_names_its_class() -> None:
    assert [name for name, classes in _fields() if name in WORDS_OF_PATIENTS and not classes] == []


def test_an_operation_shows_no_class_that_its_permission_does_not() -> None:
    """Whoever holds the permission sees the classes it declares; the words of work are for whoever may do it."""
    wrong = [
        f"{path} shows {sorted(shown(found))}, {said} declares {sorted(declared)}"
        for path, _, found in api.operations()
        if (said := api.declaration(found)) != "work.use" and not said.startswith("own:")
        and not shown(found) <= (declared := registry.permission(said).classes)
    ]  # fmt: skip

    assert wrong == []


def test_whoever_holds_a_permission_sees_the_classes_it_shows() -> None:
    wrong = [
        f"{role.code} holds {code} and does not see {sorted(missing)}"
        for role in registry.roles().values()
        for code in sorted(role.permissions)
        if (missing := (registry.permission(code).classes & PHI) - role.classes)
    ]

    assert wrong == []


def _fields() -> Iterator[tuple[str, frozenset[DataClass]]]:
    """Every field of every answer of a GET, with the classes in it."""
    for _, method, found in api.operations():
        for model in found.response_models.values() if method == "GET" else ():
            yield from _within(model.model_json_schema() if isinstance(model, type) else {})


def _within(schema: Any) -> Iterator[tuple[str, frozenset[DataClass]]]:
    if isinstance(schema, dict):
        for name, part in (schema.get("properties") or {}).items():
            if part.get("examples") != MONEY:  # what a patient owes is money, not the patient
                yield name, frozenset(map(DataClass, reads.named(part)))
        for part in schema.values():
            yield from _within(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _within(part)


def _form(path: str) -> str:
    return path.replace("{", "<").replace("}", ">")
