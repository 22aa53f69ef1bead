"""Initiatives of the network: off until the practice says yes, taken back whenever it wants, asked by what uses them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from openmso.agreements import testing
from openmso.agreements.initiatives.catalogue import BadInitiative
from openmso.agreements.queries import initiatives as asking
from openmso.agreements.services import initiatives
from openmso.agreements.testing import NOW, Cast
from openmso.cli.main import app
from openmso.kit import clock
from openmso.kit.errors import NotFound
from openmso.platform.access.contracts import NotAllowed
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import atomic, scope

pytestmark = pytest.mark.django_db
TODAY, APRIL = date(2026, 3, 2), date(2026, 4, 1)
LATER = datetime(2026, 5, 4, 15, tzinfo=UTC)


def test_a_practice_says_yes_from_a_day_takes_it_back_and_its_history_stays(cast: Cast) -> None:
    user = testing.person("kate@harborridge.example", "Kate", practice=cast.mso.id, role="mso_executive", at=NOW)
    testing.person("kate@harborridge.example", "Kate", practice=cast.rockland.id, role="mso_executive", at=NOW)
    ana, kate, rockland = cast.actor(cast.ana), cast.actor(user), cast.rockland.id

    def joined(on: date) -> bool:
        return asking.takes_part(rockland, "benchmarking", on=on)

    with scope(practices=[rockland, cast.mso.id]), atomic.open():
        said = {"practice": rockland, "code": "benchmarking"}
        assert not joined(TODAY), "off until somebody says yes"
        with pytest.raises(NotAllowed, match="None of your roles"):
            initiatives.choose(actor=kate, joins=True, at=NOW, **said)
        with pytest.raises(BadInitiative, match="does not take part already"):
            initiatives.choose(actor=ana, joins=False, at=NOW, **said)
        with pytest.raises(BadInitiative, match="is past"):
            initiatives.choose(actor=ana, joins=True, from_on=date(2026, 3, 1), at=NOW, **said)
        initiatives.choose(actor=ana, joins=True, from_on=APRIL, at=NOW, **said)
        assert (joined(TODAY), joined(APRIL)) == (False, True)
        (row,) = [one for one in asking.rows_of(on=TODAY) if one.code == "benchmarking"]
        assert (row.part, row.since) == ("soon", APRIL)
        initiatives.choose(actor=ana, joins=False, why="We could be guessed", at=LATER, **said)
        assert (joined(date(2026, 5, 3)), joined(LATER.date())) == (True, False)
        assert [one.joins for one in asking.choices(rockland, "benchmarking")] == [True, False]
        initiatives.choose(actor=ana, joins=True, at=LATER, **said)
        write = {"mso": cast.mso.id, "at": LATER}
        now = asking.initiative("benchmarking")
        given = {"code": now.code, "words": now.words, "says": now.says, "uses": "Everything"}
        with pytest.raises(BadInitiative, match="said yes to what it used before"):
            initiatives.write(actor=kate, given=given, why="More", **write)
        initiatives.withdraw(actor=kate, code="benchmarking", why="Nobody looked", **write)
        assert not joined(LATER.date()), "of what is withdrawn nobody takes part"
        with pytest.raises(NotFound):
            initiatives.choose(actor=ana, joins=True, at=LATER, **said)
        initiatives.write(actor=kate, given=given | {"uses": now.uses}, why="Asked for again", **write)
        assert not joined(LATER.date()), "it is asked anew"
        assert len(asking.choices(rockland, "benchmarking")) == 3


def test_the_owner_says_so_on_the_page_and_by_api_and_nobody_else_sees_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    rockland = cast.rockland.practice.public_id
    ana, theo = signed_in(cast.ana), signed_in(cast.theo)
    place = reverse("agreements:initiative-choose", args=["group_purchasing", rockland])
    assert "What the practice orders" in ana.get(place).content.decode()
    done = ana.post(place, {"joins": "yes", "from_on": "2026-03-02", "why": "Vaccines"})
    assert done.status_code == 303, done.context["form"].errors
    page = ana.get(reverse("agreements:initiative", args=["group_purchasing"])).content.decode()
    assert "Takes part" in page
    assert "Vaccines" in page
    listed = ana.get(reverse("agreements:initiatives"), {"q": "is:in"}).content.decode()
    assert "Buy together" in listed
    assert "Contract with payers" not in listed
    way = f"/api/practices/{rockland}/initiatives/group_purchasing"
    assert ana.post(way, {"joins": False}, "application/json").status_code == 201
    assert [one["joins"] for one in ana.get(way).json()] == [True, False]
    assert theo.post(place, {"joins": "yes", "from_on": "2026-03-02"}).status_code == 404
    assert theo.get(way).status_code == 404
    assert "Vaccines" not in theo.get(reverse("agreements:initiative", args=["group_purchasing"])).content.decode()
    assert {one["practice"] for one in theo.get("/api/initiatives").json()} == {"RIVAL"}
    done = CliRunner().invoke(app, ["agreements", "initiatives", "--practice", "ROCK", "--json"])
    told = {one["initiative"]: (one["part"], one["by"]) for one in json.loads(done.stdout)}
    assert (told["group_purchasing"], told["campaigns"]) == (("out", cast.ana.name), ("off", ""))


def test_a_practice_without_an_agreement_in_force_takes_part_in_nothing(cast: Cast) -> None:
    ana = cast.actor(cast.ana)
    with scope(practices=[cast.rockland.id]), atomic.open():
        initiatives.choose(actor=ana, practice=cast.rockland.id, code="campaigns", joins=True, at=NOW)
        assert asking.takes_part(cast.rockland.id, "campaigns", on=TODAY)
        assert not asking.takes_part(cast.rockland.id, "campaigns", on=date(2025, 12, 31))
        assert asking.taking_part("campaigns", among=[cast.rockland.id, cast.rival.id], on=TODAY) == {cast.rockland.id}
