"""Law at work: what is signed where, who says what is so, who writes rules, and whose word makes a rule hard."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from openmso.agreements import testing
from openmso.agreements.law import rulebook
from openmso.agreements.law.judging import Verdict
from openmso.agreements.models.law import LegalFact
from openmso.agreements.queries import agreements
from openmso.agreements.queries import baas as baa_queries
from openmso.agreements.queries import law as queries
from openmso.agreements.services import baas, drafting, execution, law
from openmso.agreements.testing import NOW, Cast, pdf, signers
from openmso.cli.main import app
from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.parties import testing as parties
from openmso.parties.testing import House, builder
from openmso.platform.access.contracts import NotAllowed
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import atomic, reading, scope

pytestmark = pytest.mark.django_db
FLAT = {"period": "month", "components": [{"kind": "flat", "amount": "4200.00", "per": "month"}]}
LATER = datetime(2026, 12, 1, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def drafted(cast: Cast, house: House, **changes: Any) -> str:
    terms = testing.terms(cast.mso, house, **changes)
    with cast.scope(house):
        return drafting.begin(actor=builder(NOW), practice=house.id, terms=terms, at=NOW)


def sign(cast: Cast, house: House, agreement: str) -> None:
    with cast.scope(house):
        execution.execute(
            actor=builder(NOW), agreement=agreement, document=pdf(agreement), signers=signers(NOW), at=NOW
        )


def say(cast: Cast, house: House, **facts: str) -> int:
    with cast.scope(house):
        named = {name.replace("__", "."): value for name, value in facts.items()}
        return law.say(actor=builder(NOW), practice=house.id, facts=named, why="Minutes of 1 March", at=NOW)


def test_a_percentage_is_not_signed_in_new_york_and_a_flat_fee_is_with_its_review(cast: Cast) -> None:
    hudson = parties.practice(at=NOW, code="HUDSON", name="Hudson Medical", state="NY")
    agreement = drafted(cast, hudson)
    with pytest.raises(law.NotLawful, match=r"NY-FS-01: .*\(Educ. Law 6530") as no:
        sign(cast, hudson, agreement)
    assert "flat fee" in no.value.fix
    with cast.scope(hudson):
        terms = testing.terms(cast.mso, hudson, fee=FLAT)
        drafting.revise(actor=builder(NOW), agreement=agreement, terms=terms, at=NOW, summary="Flat")
    sign(cast, hudson, agreement)
    with cast.scope(hudson), reading():
        version = agreements.agreement(agreement).versions[0]
        review = queries.review(hudson.id, version.public_id)
        assert review is not None
        assert not [one for one in review.findings if one["stops"]]
        assert "GEN-CPOM-01" in {one["code"] for one in review.findings}


def test_oregon_wants_to_know_who_owns_the_practice_and_lets_go_once_it_is_said(cast: Cast) -> None:
    cascade = parties.practice(at=NOW, code="CASC", name="Cascade Family Practice", state="OR")
    agreement = drafted(cast, cascade)
    with pytest.raises(law.NotLawful, match="OR-CPOM-08") as no:
        sign(cast, cascade, agreement)
    assert "Licensees of the state hold at least 51 %" in no.value.fix
    assert say(cast, cascade, practice__majority_licensed="yes", mso__owns_majority="yes") == 2
    with pytest.raises(law.NotLawful, match="OR-951-01"):
        sign(cast, cascade, agreement)
    assert say(cast, cascade, practice__majority_licensed="yes", mso__owns_majority="no") == 1
    sign(cast, cascade, agreement)


def test_facts_are_said_by_who_may_with_what_shows_them_and_are_taken_back(cast: Cast) -> None:
    rockland = cast.rockland
    with cast.scope(), pytest.raises(NotAllowed):
        law.say(actor=cast.actor(cast.priya), practice=rockland.id, facts={"relation.dhs": "yes"}, why="x", at=NOW)
    for facts, why, words in (
        ({"relation.dhs": "perhaps"}, "x", "Say yes or no"), ({"lease.colour": "red"}, "x", "no fact"),
        ({"lease.days": "-1"}, "x", "Say a number"), ({"relation.dhs": "yes"}, " ", "what shows it"),
    ):  # fmt: skip
        with cast.scope(), pytest.raises(Refused) as no:
            law.say(actor=builder(NOW), practice=rockland.id, facts=facts, why=why, at=NOW)
        assert words in f"{no.value.sentence} {no.value.fix}"
    assert say(cast, rockland, relation__dhs="yes", lease__days="400") == 2
    assert say(cast, rockland, relation__dhs="yes") == 0
    assert say(cast, rockland, relation__dhs="") == 1
    with cast.scope(), reading():
        assert set(queries.said(rockland.id)) == {"lease.days"}
    with cast.scope(cast.rival), reading():
        assert queries.said(rockland.id) == {}


def test_nobody_says_otherwise_what_the_paper_says_and_the_baa_is_asked_on_the_day_of_the_payment(
    cast: Cast,
) -> None:
    """Rockland's fee is 6 %: saying that it is none is refused, and what was said before the paper loses."""
    rockland, agreement = cast.rockland, cast.agreement.agreement
    with pytest.raises(Refused, match=r"follows revenue or collections: yes, by the terms of the agreement"):
        say(cast, rockland, fee__is_percentage="no")
    assert say(cast, rockland, fee__is_percentage="yes", relation__dhs="no", baa__downstream="yes") == 3
    with cast.scope():
        with atomic.open():
            for name, value in (("fee.is_contingent", "no"), ("lease.rent_kind", "a share")):
                LegalFact.objects.create(
                    practice_id=rockland.id, name=name, value=value, why="Said before", at=NOW, by="Elena"
                )
        with reading():
            (held,) = baa_queries.of(rockland.id)
        baas.end(actor=builder(LATER), baa=held.public_id, ends_on=LATER.date(), why="Ended", at=LATER)
        with reading():
            found = agreements.agreement(agreement)
            known = queries.known_of(found, on=NOW.date())
            assert (known["fee.is_contingent"].value, known["fee.is_contingent"].at) == (True, None)
            assert "lease.rent_kind" not in known, "what is none of its values is asked again"
            for at, stopped in ((NOW, False), (LATER, True)):
                stops = {one.rule for one in queries.stops_payment(found, on=at.date())}
                assert ("HIPAA-BA-01" in stops) is stopped, at
    assert say(cast, rockland, fee__is_contingent="") == 1, "it can be taken back"


def test_a_recalled_rule_is_made_hard_by_counsels_word_until_it_is_written_anew(cast: Cast) -> None:
    def kind() -> tuple[bool, str, int]:
        with reading():
            found = queries.rule("DISC-01", on=NOW.date())
            return found.is_hard, found.signed_off, found.number

    actor, mso = builder(NOW), cast.mso.id
    with scope(practices=[mso]):
        assert kind() == (False, "", 0)
        with pytest.raises(Refused, match="what was looked at"):
            law.sign_off(actor=actor, mso=mso, code="DISC-01", counsel="R. Hale", note="", at=NOW)
        law.sign_off(actor=actor, mso=mso, code="DISC-01", counsel="R. Hale", note="42 CFR 1001.952(h)", at=NOW)
        assert kind() == (True, "R. Hale", 0)
        with reading():
            given = rulebook.as_data(queries.rule("DISC-01", on=NOW.date()))
        assert law.write_rule(actor=actor, mso=mso, given=given | {"remedy": "Credit it."}, why="Shorter", at=NOW) == 1
        assert kind() == (False, "", 1)
        with reading():
            assert [one.stands for one in queries.sign_offs(queries.rule("DISC-01", on=NOW.date()))] == [False]
        law.withdraw_rule(actor=actor, mso=mso, code="DISC-01", why="Counsel's advice", at=NOW)
        with reading():
            assert "DISC-01" not in {one.code for one in queries.rules(on=NOW.date())}
            assert [one.number for one in queries.versions("DISC-01")] == [2, 1, 0]


def test_who_wrote_a_rule_does_not_also_record_counsels_word(cast: Cast) -> None:
    for role in ("compliance_officer", "mso_executive"):
        user = testing.person("omar@harborridge.example", "Omar", practice=cast.mso.id, role=role, at=NOW)
    omar = cast.actor(user, fresh=True)
    given = rulebook.as_data(rulebook.of_the_house()[0]) | {"code": "ME-TEST-01", "places": ["ME"]}
    with scope(practices=[cast.mso.id]):
        law.write_rule(actor=omar, mso=cast.mso.id, given=given, why="A test", at=NOW)
        with pytest.raises(Refused, match="somebody else has to record that counsel signed it off"):
            law.sign_off(actor=omar, mso=cast.mso.id, code="ME-TEST-01", counsel="R. Hale", note="All", at=NOW)
        with pytest.raises(NotAllowed):
            law.write_rule(actor=cast.actor(cast.ana), mso=cast.mso.id, given=given, why="No", at=NOW)


@pytest.fixture
def omar(cast: Cast) -> Client:
    """The compliance officer of the MSO, who also works for Rockland."""
    for practice in (cast.mso.id, cast.rockland.id):
        user = testing.person("omar@harborridge.example", "Omar", practice=practice, role="compliance_officer", at=NOW)
    return signed_in(user)


def test_the_page_of_law_says_what_stops_asks_for_facts_and_takes_them(cast: Cast, omar: Client) -> None:
    agreement = cast.agreement.agreement
    here = reverse("agreements:law", args=[agreement])
    shown = omar.get(here).content.decode()
    assert "Nothing stops signing" in shown
    assert "One party leases premises or equipment to the other" in shown
    form = omar.get(reverse("agreements:facts", args=[agreement])).content.decode()
    assert "Lease of premises or equipment" in form
    assert "Days of the lease" not in form, "asked only once there is a lease"
    assert "Where the practice is" not in form, "what papers say is not asked"
    bad = omar.post(reverse("agreements:facts", args=[agreement]), {"lease__between_parties": "yes"})
    assert bad.status_code == 422
    said = {"lease__between_parties": "yes", "lease__days": "90", "why": "The lease of 2024"}
    assert omar.post(reverse("agreements:facts", args=[agreement]) + "?all=1", said).url == here
    shown = omar.get(here).content.decode()
    assert "1 rule stops signing" in shown
    assert "Days of the lease is at least 365" in shown
    assert "The lease of 2024" in shown
    ana = signed_in(cast.ana)
    assert "Days of the lease" in ana.get(here).content.decode(), "the owner sees what the law comes to"
    assert reverse("agreements:facts", args=[agreement]) not in ana.get(here).content.decode()


def test_a_compliance_officer_writes_a_rule_on_screen_and_finds_it_in_the_list(cast: Cast, omar: Client) -> None:
    values = {
        "code": "ME-LEASE-01", "outcome": "block", "words": "No lease by the click in Maine.", "places": "me",
        "moments": ["sign"], "citation": "Test 1", "source": "https://example.org", "evidence": "seen",
        "as_of": "2026-03-01", "side": "before", "why": "A test", "when-all0-property": "lease.rent_kind",
        "when-all0-operator": "is", "when-all0-value": "per_click_referrals",
    }  # fmt: skip
    bad = omar.post(reverse("agreements:law-new"), values | {"places": "XX"})
    assert bad.status_code == 422
    assert "is no state" in bad.content.decode()
    made = omar.post(reverse("agreements:law-new"), values)
    assert made.url == reverse("agreements:law-rule", args=["ME-LEASE-01"])
    assert "How the rent is set is per_click_referrals" in omar.get(made.url).content.decode()
    changed = omar.get(reverse("agreements:law-change", args=["ME-LEASE-01"])).content.decode()
    assert 'value="per_click_referrals"' in changed
    listed = omar.get(reverse("agreements:law-rules") + "?q=state:ME outcome:block").content.decode()
    assert "ME-LEASE-01" in listed
    assert "NY-FS-01" not in listed
    with cast.scope(), reading():
        found = queries.findings(
            cast.rockland.id, queries.known_of(agreements.agreement(cast.agreement.agreement), on=NOW.date()),
            moment=rulebook.Moment.SIGN, on=NOW.date(),
        )  # fmt: skip
    assert next(one for one in found if one.rule.code == "ME-LEASE-01").verdict is Verdict.ASKS


def test_the_command_judges_a_file_of_facts_without_a_database(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({"state": "NY", "on": "2026-12-01", "facts": {"fee.is_percentage": True}}))
    answer = CliRunner().invoke(app, ["law", "check", str(file), "--json"])
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["findings"][0]["code"] == "NY-FS-01"
    file.write_text(json.dumps({"state": "NY", "on": "2026-12-01", "facts": {"fee.is_percentage": False}}))
    assert CliRunner().invoke(app, ["law", "check", str(file)]).exit_code == 0
    for wrong in (
        {"state": "XX"},
        {"state": "NY", "on": "soon"},
        {"state": "NY", "on": "2026-12-01", "facts": {"a": 1}},
        {"state": "NY", "on": "2026-12-01", "moments": "sign"},
        {"state": "NY", "on": "2026-12-01", "facts": {"place.cpom": "moderate"}},
        {"state": "TX", "on": "2026-12-01", "facts": {"practice.profession": "optics"}},
    ):
        file.write_text(json.dumps(wrong))
        assert CliRunner().invoke(app, ["law", "check", str(file)]).exit_code == 1
    file.write_text(json.dumps({"state": "TX", "on": "2026-12-01", "facts": {
        "practice.profession": "Optometry", "fee.is_percentage": True}}))  # fmt: skip
    folded = CliRunner().invoke(app, ["law", "check", str(file), "--json"])
    assert json.loads(folded.stdout)["findings"][0]["code"] == "TX-OPT-01"
    listed = CliRunner().invoke(app, ["law", "rules", "--state", "or", "--json"])
    assert {"OR-951-01", "AKS-PSMC-01"} <= {one["code"] for one in json.loads(listed.stdout)}
