"""The register and the gate as they are lived: Omar keeps the register, Elena checks payments, Theo sees nothing."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from typer.testing import CliRunner

from openmso.agreements.testing import Cast
from openmso.cli.main import app
from openmso.compliance.contracts import LINE
from openmso.compliance.models import register as tables
from openmso.compliance.models.runs import PaymentLine
from openmso.compliance.queries import register, runs
from openmso.compliance.rules import reading as files
from openmso.compliance.services import keeping, watching
from openmso.compliance.states import Said, Standing
from openmso.compliance.testing import leie, new_term, payment, registered
from openmso.compliance.tests.office import (
    DEC,
    in_inbox,
    omar_of,
    valued,
)
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.parties.testing import builder
from openmso.platform.access.contracts import NotAllowed
from openmso.platform.accounts.testing import signed_in
from openmso.platform.audit import queries as audit
from openmso.platform.tenancy.scope import atomic, reading
from openmso.platform.ui.contracts import Filters, PageAsk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_omar_keeps_the_register_and_nobody_else_and_the_trail_tells(cast: Cast) -> None:
    omar = omar_of(cast)
    with cast.scope():
        for user in (cast.priya, cast.ana):
            with pytest.raises(NotAllowed):
                keeping.answer(
                    actor=cast.actor(user), arrangement=registered(cast.rockland.id, at=cast.at), at=cast.at,
                    element="stark_services.necessary", said=Said.MET, evidence="x",
                )  # fmt: skip
        made = registered(cast.rockland.id, at=cast.at)
        keeping.answer(
            actor=cast.actor(omar), arrangement=made, element="stark_services.necessary", said=Said.MET,
            evidence="Board minutes of 2 March", at=cast.at,
        )  # fmt: skip
        with pytest.raises(Refused, match="There is no element"):
            keeping.answer(
                actor=cast.actor(omar), arrangement=made, element="stark_services.value", said=Said.MET, evidence="x",
                at=cast.at,
            )  # fmt: skip
        with reading():
            actions = [one.action for one in audit.history(("compliance.arrangement", made), practice=cast.rockland.id)]
    assert set(actions) >= {
        "compliance.registered", "compliance.terms_written", "compliance.signed", "compliance.opined",
        "compliance.activated", "compliance.answered",
    }  # fmt: skip
    with cast.scope(cast.rival), reading():
        assert register.listing(filters=Filters(), page=PageAsk(), at=cast.at).total == 0
        with pytest.raises(NotFound):
            register.arrangement(made)
    assert signed_in(cast.theo).get(reverse("compliance:arrangement", args=[made])).status_code in {403, 404}


def test_activating_and_renewing_outside_the_value_is_refused_with_words_and_by_the_database(cast: Cast) -> None:
    actor, at = builder(DEC), DEC
    with cast.scope():
        made = registered(cast.rockland.id, at=at, active=False)
        with pytest.raises(Refused, match="no opinion of fair market value an hour"):
            keeping.activate(actor=actor, arrangement=made, number=1, at=at)
        keeping.file_opinion(actor=actor, arrangement=made, new=valued(Decimal(150), Decimal(190)), at=at)
        assert keeping.activate(actor=actor, arrangement=made, number=1, at=at).terms[0].activated_on == at.date()
        renewal = dataclasses.replace(
            new_term(), rate=Decimal("195.00"), starts_on=date(2027, 1, 1), ends_on=date(2028, 1, 1), why="Renewal"
        )
        keeping.write_term(actor=actor, arrangement=made, new=renewal, at=at)
        with pytest.raises(Refused, match=r"\$195.00 an hour lies outside"):
            keeping.activate(actor=actor, arrangement=made, number=2, at=at)

        with atomic.open():
            row = tables.Term.objects.get(arrangement__public_id=made, number=2)
            for value in (None, tables.Opinion.objects.get()):
                with pytest.raises(DatabaseError, match="an opinion of value covers"), transaction.atomic():
                    tables.Activation.objects.create(
                        practice_id=row.practice_id, term=row, opinion=value, activated_on=at.date(), recorded_at=at,
                        recorded_by="somebody",
                    )  # fmt: skip
            for model in (tables.Term, tables.Opinion, tables.Arrangement, tables.Signature, PaymentLine):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    model.objects.update(recorded_by="otherwise")
        with reading():
            assert register.arrangement(made).terms[1].activated_on is None


def test_what_runs_out_waits_for_omar_ninety_days_ahead_and_no_longer_once_there_is_a_next_one(cast: Cast) -> None:
    omar, at = omar_of(cast), datetime(2026, 10, 3, 12, tzinfo=UTC)
    kind = "compliance.arrangement"
    with cast.scope():
        made = registered(cast.rockland.id, at=DEC - timedelta(120), value={"expires_on": date(2026, 12, 1)})
        assert watching.watch(actor=builder(at), at=at - timedelta(60)) == 0
        assert watching.watch(actor=builder(at), at=at) == 2
        assert watching.watch(actor=builder(at), at=at) == 2  # twice is once
    waiting = in_inbox(cast, omar, kind, at)
    assert [one.due_at.date() for one in waiting] == [date(2026, 12, 1), date(2026, 12, 31)]

    with cast.scope():
        keeping.file_opinion(
            actor=cast.actor(omar, at=at), arrangement=made, at=at,
            new=valued(Decimal(150), Decimal(190), opined_on=at.date(), expires_on=date(2028, 12, 31)),
        )  # fmt: skip
        assert [one.due_at.date() for one in in_inbox(cast, omar, kind, at)] == [date(2026, 12, 31)]
        keeping.end(actor=cast.actor(omar, at=at), arrangement=made, ends_on=date(2027, 1, 1), why="No more", at=at)
    assert in_inbox(cast, omar, kind, at) == []


# ---- the doors ---------------------------------------------------------------------------------------------------


def test_screens_and_api_do_the_same_and_refuse_alike(cast: Cast) -> None:
    keeper = omar_of(cast)
    omar, ana = signed_in(keeper), signed_in(cast.ana)
    practice = cast.rockland.practice.public_id
    about = {"practice": practice, "title": "Director", "kind": "services", "party": "physician", "name": "Ida Moss"}
    assert omar.post(reverse("compliance:new"), about | {"npi": "1234567890"}).status_code == 422
    assert omar.post(reverse("compliance:new"), about).status_code == 303
    (row,) = omar.get("/api/arrangements?q=moss").json()["items"]
    one = row["id"]
    written = {
        "services": "Direct", "pay": "hour", "rate": "180.00", "hours_cap": "20", "starts_on": "2026-01-01",
        "last_on": "2026-12-31", "written_on": "2025-12-15", "in_advance": "on", "reasonable": "Needed",
        "grounds": ["stark_services"],
    }  # fmt: skip
    assert omar.post(reverse("compliance:write-term", args=[one]), written).status_code == 303
    assert b"cannot be activated" in omar.get(reverse("compliance:arrangement", args=[one])).content
    refused = omar.post(f"/api/arrangements/{one}/terms/1/activation", content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_activated")
    value = {"method": "market", "unit": "hour", "low": "150.00", "high": "200.00", "appraiser": "Pine",
             "opined_on": "2026-01-02", "expires_on": "2026-12-31"}  # fmt: skip
    assert omar.post(reverse("compliance:file-opinion", args=[one]), value).status_code == 303
    for side in ("ours", "party"):
        signed = {"side": side, "by": "Kate", "signed_on": "2026-01-05"}
        assert omar.post(reverse("compliance:sign", args=[one, 1]), signed).status_code == 303
    assert omar.post(reverse("compliance:activate", args=[one, 1])).status_code == 303
    answered = {"said": "met", "evidence": "Minutes"}
    assert omar.post(reverse("compliance:answer", args=[one, "stark_services.lawful"]), answered).status_code == 303
    assert (
        omar.post(reverse("compliance:name-relative", args=[one]), {"name": "Max", "relation": "son"}).status_code
        == 303
    )
    told = omar.get(f"/api/arrangements/{one}").json()
    assert (told["standing"], told["terms"][0]["activated_on"], told["checklists"][0]["gaps"]) == (
        "active", cast.at.date().isoformat(), 1
    )  # fmt: skip

    paid = payment("Ida Moss", starts_on=date(2026, 1, 1), through=date(2026, 1, 31))
    text = files.written([paid, dataclasses.replace(paid, reference="again")])
    shown = omar.post(
        reverse("compliance:check"), {"practice": practice, "file": SimpleUploadedFile("a.csv", b"payee\n")}
    )
    assert (shown.status_code, b"the column amount is missing" in shown.content) == (422, True)
    done = omar.post(
        reverse("compliance:check"), {"practice": practice, "file": SimpleUploadedFile("a.csv", text.encode())}
    )
    assert done.status_code == 303
    (run,) = omar.get("/api/payment-checks").json()["items"]
    assert (run["released"], run["stopped"], run["unsettled"]) == (1, 1, 1)
    (stopped,) = omar.get(f"/api/payment-checks/{run['id']}/payments?outcome=stopped").json()["items"]
    assert [each["reason"] for each in stopped["faults"]] == ["twice"]
    assert b"was paid before" in omar.get(reverse("compliance:line", args=[stopped["id"]])).content
    assert omar.get(reverse("compliance:payable", args=[run["id"]])).content.count(b"Ida Moss") == 1
    settled = omar.post(reverse("compliance:settle", args=[stopped["id"]]), {"words": "Not paid, sent back"})
    assert settled.status_code == 303
    assert in_inbox(cast, keeper, LINE) == []
    told = {"practice": practice, "nature": "family", "party": "Ida Moss", "band": "none", "words": "My sister"}
    assert ana.post(reverse("governance:disclose"), told).status_code == 303
    words = "Interest of the family of Dr. Ana Rockland"
    for address, rows in ((reverse("compliance:arrangements"), 1), (reverse("compliance:run", args=[run["id"]]), 2)):
        assert omar.get(address).text.count(f'title="{words}') == rows, "a flag, with its words on the page of the row"
    for address in (reverse("compliance:arrangement", args=[one]), reverse("compliance:line", args=[stopped["id"]])):
        assert f"<p>{words}" in omar.get(address).text
    ended = {"last_on": "2026-03-01", "why": "Left"}
    assert omar.post(reverse("compliance:end", args=[one]), ended).status_code == 303

    for address in ("arrangements", "runs"):
        page = ana.get(reverse(f"compliance:{address}")).content.decode()
        assert "Ida Moss" in page or "a.csv" in page
    assert ana.post(reverse("compliance:settle", args=[stopped["id"]]), {"words": "x"}).status_code == 403
    exported = ana.get(reverse("compliance:arrangements"), {"export": "csv", "q": "is:ended"})
    assert b"Ida Moss" in (b"".join(exported) if exported.streaming else exported.content)


def test_the_commands_check_payments_and_list_the_register(cast: Cast, tmp_path: Path) -> None:
    with cast.scope():
        made = registered(cast.rockland.id, at=cast.at)
    file = tmp_path / "november.csv"
    file.write_text(files.written([payment(), payment(amount=Money.of("5.00"))]), encoding="utf-8")

    def run(*words: str, status: int) -> Any:
        done = CliRunner().invoke(app, ["compliance", *words, "--json"])
        assert done.exit_code == status, done.output
        return json.loads(done.output)

    asked = ("check", str(file), "--practice", "ROCK", "--dry-run", "--on", "2026-12-01")
    told = run(*asked, status=1)
    assert [(one["outcome"], [each["reason"] for each in one["faults"]]) for one in told["payments"]] == [
        ("released", []), ("stopped", ["twice", "amount"])
    ]  # fmt: skip
    with cast.scope(), reading():
        assert runs.runs(filters=Filters(), page=PageAsk()).total == 0  # a dry run keeps nothing
        (row,) = register.listing(filters=Filters(), page=PageAsk(), at=cast.at).rows
    assert (row.public_id, row.standing) == (made, Standing.ACTIVE)
    clear = run("clearance", "ROCK", status=1)
    assert {stop["rule"] for one in clear["flows"] for stop in one["stops"]} == {"HIPAA-BA-01"}
    assert [one["id"] for one in run("register", "--practice", "ROCK", "--standing", "active", status=0)] == [made]
    assert run("exclusions", status=1)["list"] is None
    published = tmp_path / "UPDATED.csv"
    published.write_bytes(leie({"LASTNAME": "ROCKLAND", "FIRSTNAME": "MARA"}))
    found = run("exclusions", str(published), status=1)
    assert (found["list"]["count"], {one["what"] for one in found["matches"]}) == (
        1, {"party of Medical director", "clinician"}
    )  # fmt: skip
    published.write_text("payee,amount\n", encoding="utf-8")
    assert run("exclusions", str(published), status=2)["faults"] == ["Line 1: the column LASTNAME is missing."]
    file.write_text("payee,amount\nx,?\n", encoding="utf-8")
    assert run("check", str(file), "--practice", "ROCK", status=2)["faults"][0].startswith("Line 2, amount")
