"""Estimates on the command line: what is owed with its clock, and what a file asks for, worked out and not kept."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openmso.agreements.testing import Cast
from openmso.claims.testing import open_for_billing
from openmso.cli.main import app
from openmso.contracting.testing import published
from openmso.eligibility import testing as eligibility
from openmso.eligibility.services import asking
from openmso.estimates.models import Estimate
from openmso.estimates.services import owing
from openmso.kit import clock
from openmso.patients import testing as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading

pytestmark = pytest.mark.usefixtures("committed")


def test_what_is_owed_is_listed_and_what_a_file_asks_for_is_worked_out_and_not_kept(cast: Cast, tmp_path: Path) -> None:
    at, house = clock.now(), cast.rockland
    actor = Actor.system("a test", at=at)
    open_for_billing(house, cast.payer, at=at)
    with cast.scope():
        published(practice=house.id, payer_id=cast.payer.id, at=at, wording="all: 50% of charge")
        one = patients.patient(practice=house.id, at=at)
        owed = owing.request(actor=actor, patient=one.public_id, reason="Sore knee", at=at,
                             service_on=at.date() + timedelta(days=20))  # fmt: skip

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, ["estimates", *words])
        assert done.exit_code == status, done.output
        return done.output

    (told,) = json.loads(run("owed", "--practice", "ROCK", "--json"))
    assert (told["id"], told["asked"], told["business_days_left"]) == (owed, "requested", 3)
    assert "no practice with the code NONE" in run("owed", "--practice", "NONE", status=1)

    file = tmp_path / "visit.json"
    asked = {"practice": "ROCK", "service_on": str(at.date()), "services": [{"code": "99213", "words": "Office visit"}]}
    file.write_text(json.dumps(asked))
    found = json.loads(run("compute", str(file), "--json"))
    assert (found["charge"], found["share"]) == ("140.00", "140.00")
    file.write_text(json.dumps(asked | {"payer": cast.payer.edi_id}))
    assert "has not said what the plan covers" in run("compute", str(file), status=1)
    file.write_text(json.dumps(asked | {"patient": one.public_id}))
    assert "No coverage holds on" in json.loads(run("compute", str(file), "--json", status=1))["error"]["message"]
    benefits = tmp_path / "271.x12"
    with cast.scope():
        patients.coverage(one, payer_id=cast.payer.id, at=at)
        asking.ask_about_patient(actor=actor, patient=one.public_id, at=at)
        (said,) = eligibility.asked(eligibility.Desk(), practice=house.id, at=at)
    benefits.write_bytes(said)
    shares = [run("compute", str(file), "--json")]
    file.write_text(json.dumps(asked | {"payer": cast.payer.edi_id}))
    shares.append(run("compute", str(file), "--benefits", str(benefits), "--json"))
    assert [json.loads(one)["share"] for one in shares] == ["25.00", "25.00"], (
        "the copay, by file as by the answer kept"
    )
    assert "Copay of" in run("compute", str(file), "--benefits", str(benefits))
    file.write_text("{}")
    assert "service_on" in run("compute", str(file), status=2)
    with cast.scope(), reading():
        assert Estimate.objects.count() == 1
