"""A practice leaves with everything it owns, and arrives elsewhere as the same practice: to the cent, to the byte."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings

from conftest import clone, drop, working_in
from edi.health import fhir
from openmso.claims.queries import worklist
from openmso.denials.tests.conftest import Desk
from openmso.ledger.queries import proof
from openmso.patients.models import Patient
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import queries as trail
from openmso.platform.database.connect import OWNER
from openmso.platform.documents import queries as documents
from openmso.platform.documents import services as documents_kept
from openmso.platform.tenancy import moving
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.vault.fields import indexes_for, plaintext
from openmso.portability.queries import totals, whole
from openmso.portability.rules import manifest as manifests
from openmso.portability.rules.contents import MEASURES, OF_THE_NETWORK, REFERENCES, STAYS
from openmso.portability.services import bringing, taking
from openmso.remittances.tests.office import open_office

SECRET = "123-45-6789"


def test_every_model_of_the_house_leaves_with_its_practice_or_says_why_not() -> None:
    owned = {model._meta.label for model in moving.owned()}
    leaving = {model._meta.label for model in whole.leaving()}
    named = {*OF_THE_NETWORK, *(one.model for one in REFERENCES)}
    shared = {model._meta.label for model in moving.shared()}

    assert owned - leaving == set(STAYS), "what stays is a practice's, and stands in the list"
    assert all(STAYS.values())
    assert all(OF_THE_NETWORK.values())
    unnamed = {label for label in shared if label not in named and label.partition(".")[0] not in named}
    assert not unnamed, f"neither a reference nor named with a reason: {sorted(unnamed)}"
    assert {label for label in named if "." in label} <= shared, "what is named is there"
    assert {one.model for one in MEASURES} <= leaving


def test_nothing_secret_leaves_but_what_the_practice_owns() -> None:
    told = {(one.table, one.column): one for one in whole.dictionary()}

    protected = {key: one.leaves for key, one in told.items() if one.data_class == "identity_secret"}
    assert set(protected.values()) == {
        "in clear, in secrets.csv", "no: made anew from the secret", "no: it is the network's",
    }  # fmt: skip
    assert protected["identity.User", "password"] == "no: it is the network's"
    assert protected["exchange.Partner", "private_key"] == "no: it is the network's"


@pytest.fixture
def desk(committed: str) -> Desk:
    return Desk(open_office())


@pytest.fixture
def empty(committed: str) -> Iterator[str]:
    """A migrated house without a row."""
    name = clone("openmso_portability_empty")
    yield name
    drop(name)


@contextmanager
def elsewhere(name: str, store: Path, *, as_owner: bool = True) -> Iterator[None]:
    """Within it the application works in another house, which keeps its documents in a store of its own."""
    database = connections["default"].settings_dict
    usual = database["USER"]
    documents = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": store}}
    with working_in(name), override_settings(STORAGES=settings.STORAGES | {"documents": documents}):
        database["USER"] = OWNER if as_owner else usual
        try:
            yield
        finally:
            connections["default"].close()
            database["USER"] = usual


def test_what_was_taken_away_is_the_same_in_an_empty_house(desk: Desk, empty: str, tmp_path: Path) -> None:
    denied, to, store = desk.deny("CO 197 140.00"), tmp_path / "out" / "ROCK", tmp_path / "store"
    with desk.scope(), atomic.open():
        patient = Patient.objects.get()
        patient.ssn = SECRET
        patient.save()
    actor = Actor.system("openmso export", at=desk.office.at)
    within = tenancy.reach(desk.office.practice)
    with scope(practices=within.practices, entities=within.entities), reading():
        code = next(one.code for one in tenancy.tenants_in_scope())
        before = totals.figures()

    told = taking.exported(actor=actor, code=code, to=to, at=desk.office.at)

    assert told.figures == before, "what is counted in a snapshot is what was there"
    assert {path.relative_to(to).as_posix() for path in to.rglob("*") if path.is_file()} == {
        *(one.path for one in told.files), "manifest.json", "READ ME.txt",
    }  # fmt: skip
    assert [row["value"] for row in csv.DictReader((to / "secrets.csv").read_text().splitlines())].count(SECRET) == 1
    asked = fhir.claim(json.loads((to / "fhir/Claim.ndjson").read_text()))
    assert (asked.id, asked.total, asked.items[0].codes[0].code) == (denied.claim_name, Decimal("140"), "99213")
    person = fhir.patient(json.loads((to / "fhir/Patient.ndjson").read_text()))
    assert (person.id, person.last) == (asked.patient, patient.last_name), "what is written is read as others' is"
    (benefit,) = map(json.loads, (to / "fhir/ExplanationOfBenefit.ndjson").read_text().splitlines())
    told_of_line = {one["category"]["coding"][0]["code"]: one["amount"]["value"]
                    for one in benefit["item"][0]["adjudication"]}  # fmt: skip
    assert (benefit["claim"]["reference"], told_of_line["denied"]) == (f"Claim/{asked.id}", 140)
    assert SECRET not in (to / "tables/patients.Patient.csv").read_text()
    with pytest.raises(taking.FolderThere):
        taking.exported(actor=actor, code=code, to=to, at=desk.office.at)

    with elsewhere(empty, store):
        brought = bringing.brought(actor=actor, folder=to, at=desk.office.at)
        assert brought.is_new
        assert brought.compared
        assert all(one.equal for one in brought.compared)
        again = bringing.brought(actor=actor, folder=to, at=desk.office.at)
        assert (again.is_new, again.compared) == (False, brought.compared), "it is brought in once"

    with elsewhere(empty, store, as_owner=False):
        with scope(practices=within.practices, entities=within.entities), reading():
            (row,) = worklist.claims(filters=Filters(), page=PageAsk()).rows
            assert (row.public_id, row.state.value, str(row.open)) == (denied.claim_name, "denied", "140.00")
            arrived = Patient.objects.get(ssn_index__in=indexes_for(
                Patient, "ssn", practice=desk.office.practice, value=SECRET))  # fmt: skip
            assert plaintext(arrived.ssn) == SECRET, "sealed anew, and found by its index"
            assert trail.verify().stands
            assert all(not proof.check(entity=entity).flaws for entity in within.entities)
            assert documents.verify().is_whole
            assert documents.verify().documents == len(told.of_kind("document"))
        desk.office.sent(("99213", "90.00"))  # whoever works on there is in nobody's way


def test_an_export_that_is_not_whole_is_refused_and_leaves_nothing(desk: Desk, empty: str, tmp_path: Path) -> None:
    desk.deny("CO 197 140.00")
    store = tmp_path / "store"
    actor, to = Actor.system("openmso export", at=desk.office.at), tmp_path / "ROCK"
    with desk.reading():
        code = next(one.code for one in tenancy.tenants() if one.pk == desk.office.practice)
    told = taking.exported(actor=actor, code=code, to=to, at=desk.office.at)
    claims, era = "tables/claims.Claim.csv", next(one.path for one in told.files if one.path.endswith(".835"))

    def spoiled(path: str, content: bytes | None) -> Path:
        copy = tmp_path / "spoiled"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(to, copy)
        (copy / path).unlink() if content is None else (copy / path).write_bytes(content)
        return copy

    ours = settings.STORAGES
    whole_manifest = (to / manifests.NAME).read_bytes()
    other = json.loads(whole_manifest)
    other["practice"]["name"] = "Somebody else's"
    changed = (to / claims).read_bytes().replace(b"denied", b"paid  ")
    cases = (
        (era, None, f"{era} is missing"), (claims, changed, f"{claims} was changed"),
        (claims, changed[:-10], f"{claims} is cut off"), (manifests.NAME, whole_manifest[:-40], "cut off"),
        (manifests.NAME, json.dumps(other).encode(), "was changed after it was sealed"),
    )  # fmt: skip
    with elsewhere(empty, store):
        for path, content, words in cases:
            with pytest.raises(manifests.NotAnExport, match=words):
                bringing.brought(actor=actor, folder=spoiled(path, content), at=desk.office.at)
        with pytest.raises(manifests.NotAnExport, match="not sealed by the house"):
            bringing.brought(actor=actor, folder=to, at=desk.office.at, key="00" * 32)
        with pytest.raises(documents_kept.NotKept, match="already"), override_settings(STORAGES=ours):
            bringing.brought(actor=actor, folder=to, at=desk.office.at)
        assert tenancy.tenants() == [], "whole or not at all"
    with elsewhere(connections["default"].settings_dict["NAME"], store), pytest.raises(bringing.NotEmpty):
        bringing.brought(actor=actor, folder=to, at=desk.office.at)
    with desk.reading():
        assert documents.verify().is_whole, "the files of the house it left are as they were"
