"""Rules written on screen: a biller drafts, a lead makes live, claims are held, a person has the last word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from openmso.agreements.testing import Cast, person
from openmso.claims import contracts, testing
from openmso.claims.models.rulebook import RuleVersion, ScrubRule
from openmso.claims.queries import rulebook as queries
from openmso.claims.queries import trying
from openmso.claims.rules import catalogue
from openmso.claims.rules.catalogue import BadRule
from openmso.claims.services import rulebook, scrubbing
from openmso.claims.services.scrubbing import NotOverridable
from openmso.claims.states import RuleState, S
from openmso.claims.testing import BillingHouse, claim_at
from openmso.kit.errors import Conflict, Forbidden, NotFound, Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.access.duties import SamePerson
from openmso.platform.audit import queries as trail
from openmso.platform.audit.contracts import EventFilters
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk, Term

pytestmark = pytest.mark.django_db


@pytest.fixture
def lori(cast: Cast, now: datetime) -> Actor:
    """The billing lead, of Rockland and of the MSO itself."""
    person("lori@harborridge.example", "Lori Lead", practice=cast.rockland.id, role="billing_lead", at=now)
    lead = person("lori@harborridge.example", "Lori Lead", practice=cast.mso.id, role="billing_lead", at=now)
    return cast.actor(lead)


@pytest.fixture
def within(cast: Cast, rockland: BillingHouse) -> Iterator[None]:
    """Rockland and the MSO's own tenant, as the edges set the scope."""
    with scope(practices=[cast.rockland.id, cast.mso.id], entities=[cast.rockland.entity.id]):
        yield


def text(**changes: Any) -> dict[str, Any]:
    """A rule for Rockland: visits of people under 60 with diabetes are held."""
    when = {"all": [
        {"property": "line.code", "operator": "is", "value": "99213"},
        {"property": "claim.diagnoses", "operator": "begins_with", "value": "E11"},
        {"property": "patient.age", "operator": "less", "value": 60},
    ]}  # fmt: skip
    return {
        "title": "Diabetes visits are counselled", "action": "hold", "words": "The payer wants the counselling code.",
        "fix": "Add the code, or say why not.", "evidence": "Payer's bulletin of 1 November",
        "scope": {"practices": ["ROCK"]}, "when": when, **changes,
    }  # fmt: skip


def live(cast: Cast, lori: Actor, at: datetime, **changes: Any) -> str:
    code = rulebook.draft(actor=cast.actor(cast.priya), text=text(**changes), at=at)
    rulebook.make_live(actor=lori, code=code, why="We saw three denials", at=at)
    return code


def scrubbed(claim: contracts.Claim, rockland: BillingHouse, at: datetime) -> contracts.Claim:
    scrubbing.scrub(actor=testing.actor(at), practice=rockland.id, claim_ids=[claim.id], at=at)
    with reading():
        return testing.told(claim.public_id)


def test_pain_1_4_7_scrubbing_absent_a_billers_own_rule_holds_a_claim_and_a_person_has_the_last_word(
    cast: Cast, rockland: BillingHouse, lori: Actor, within: None, now: datetime
) -> None:
    claim = claim_at(S.READY, rockland, at=now)
    code = rulebook.draft(actor=cast.actor(cast.priya), text=text(), at=now)
    assert scrubbed(claim, rockland, now).state is S.READY, "a draft judges nothing"

    rulebook.make_live(actor=lori, code=code, why="We saw three denials", at=now)
    held = scrubbed(claim, rockland, now)

    assert (held.state, held.hold_reason) == (S.HELD, "Line 1: The payer wants the counselling code.")
    (finding,) = held.findings
    assert (finding.code, finding.severity, finding.line) == (code, "hold", 1)
    assert finding.source == "Payer's bulletin of 1 November"
    scrubbing.override(actor=lori, claim=claim.public_id, code=code, line=1, why="Counselled by the nurse", at=now)
    with reading():
        assert testing.told(claim.public_id).state is S.READY


def test_numbers_13_humans_can_override_a_block_of_a_rule_written_here_but_only_who_makes_rules_live(
    cast: Cast, rockland: BillingHouse, lori: Actor, within: None, now: datetime
) -> None:
    """Over-strict validation: somebody who answers for it can always let a claim go."""
    code = live(cast, lori, now, action="block")
    claim = claim_of(rockland, now)
    who = {"claim": claim.public_id, "code": code, "line": 1, "at": now}
    assert claim.findings[0].severity == "block"

    with pytest.raises(Forbidden):
        scrubbing.override(actor=cast.actor(cast.priya), why="It is fine", **who)  # type: ignore[arg-type]
    scrubbing.override(actor=lori, why="The payer agreed by telephone", **who)  # type: ignore[arg-type]

    with reading():
        assert testing.told(claim.public_id).state is S.READY
    with pytest.raises(NotOverridable):
        scrubbing.override(actor=lori, claim=claim.public_id, code="biller_npi", line=None, why="No NPI", at=now)


def claim_of(rockland: BillingHouse, at: datetime) -> contracts.Claim:
    """A claim just built, whatever state the rules put it in."""
    return claim_at(S.READY, rockland, at=at)


def test_numbers_17_a_hold_says_what_it_waits_for_and_is_work_with_a_due_day(
    cast: Cast, rockland: BillingHouse, lori: Actor, within: None, now: datetime
) -> None:
    """Hold buckets fill and nobody works them: each is an item of the inbox, by finding, and closes by itself."""
    from openmso.platform.work import queries as work

    code = live(cast, lori, now)
    claim = claim_of(rockland, now)
    with reading():
        (item,) = work.open_for(("claims.claim", claim.public_id), at=now)
    assert (item.kind, item.why) == ("claims.held", "Line 1: The payer wants the counselling code.")
    assert item.due_at is not None

    rulebook.retire(actor=lori, code=code, why="The payer took it back", at=now)
    assert scrubbed(claim, rockland, now).state is S.READY
    with reading():
        assert work.open_for(("claims.claim", claim.public_id), at=now) == []


def test_pain_1_4_8_rules_drift_and_fail_silently_versions_never_change_and_a_faulty_one_holds(
    cast: Cast, rockland: BillingHouse, lori: Actor, within: None, now: datetime
) -> None:
    code = live(cast, lori, now)
    rulebook.draft(actor=cast.actor(cast.priya), code=code, text=text(action="warn"), at=now)
    later = (now + timedelta(days=3)).date()
    rulebook.make_live(actor=lori, code=code, why="Warn only", starts_on=later, at=now)
    claim = claim_of(rockland, now)
    assert claim.findings[0].severity == "hold", "the new version is not in force yet"
    after = now + timedelta(days=3)
    assert scrubbed(claim, rockland, after).findings[0].severity == "warn"

    with reading():
        page = queries.page(code)
        _, _, changes = queries.changes(page, 2)
    assert [one.number for one in page.versions] == [2, 1]
    assert [(one.what, one.before, one.after) for one in changes] == [("What it does", "holds the claim", "warns")]
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        RuleVersion.objects.filter(rule__code=code).update(why="It was never so")

    rule = ScrubRule.objects.get(code=code)
    faulty = {**text(), "when": {"property": "claim.colour", "operator": "is", "value": "red"}}
    RuleVersion.objects.create(
        rule=rule, number=3, text=faulty, sha256=rulebook.digest(faulty), starts_on=later, drafted_name="An old release",
        approved_by="", approved_name="An old release", approved_at=after, why="Kept before the property went",
    )  # fmt: skip
    held = scrubbed(claim, rockland, after)
    assert held.state is S.HELD
    assert "cannot be judged" in held.hold_reason


def test_it_takes_two_people_and_the_right_ones(
    cast: Cast, rockland: BillingHouse, lori: Actor, within: None, now: datetime
) -> None:
    priya, ana = cast.actor(cast.priya), cast.actor(cast.ana)
    code = rulebook.draft(actor=priya, text=text(), at=now)

    with pytest.raises(Forbidden):
        rulebook.make_live(actor=priya, code=code, why="I am sure", at=now)
    with pytest.raises(Forbidden):
        rulebook.draft(actor=ana, text=text(), at=now)
    rulebook.draft(actor=lori, code=code, text=text(action="warn"), at=now)
    with pytest.raises(SamePerson):
        rulebook.make_live(actor=lori, code=code, why="I am sure", at=now)

    everywhere = rulebook.draft(actor=priya, text=text(scope={}), at=now)
    only_rockland = cast.actor(
        person("lee@harborridge.example", "Lee", practice=cast.rockland.id, role="billing_lead", at=now)
    )
    with pytest.raises(Forbidden):
        rulebook.make_live(actor=only_rockland, code=everywhere, why="For all of us", at=now)
    assert rulebook.make_live(actor=lori, code=everywhere, why="For all of us", at=now) == 1
    with reading():
        told = trail.events(filters=EventFilters(subject_kind="claims.rule", subject_id=everywhere), page=PageAsk())
    assert [one.sentence for one in told.rows] == [
        f"Lori Lead made version 1 of the rule {everywhere} live from {now:%-d %b %Y}",
        f"Priya Raman wrote the rule {everywhere}",
    ]


def test_a_rule_for_a_practice_out_of_reach_is_neither_written_nor_seen(
    cast: Cast, rockland: BillingHouse, lori: Actor, within: None, now: datetime
) -> None:
    with pytest.raises(NotFound):
        rulebook.draft(actor=cast.actor(cast.priya), text=text(scope={"practices": ["RIVAL"]}), at=now)
    code = live(cast, lori, now)

    with scope(practices=[cast.rival.id]), reading():
        assert code not in {row.code for row in queries.rows()}
        with pytest.raises(NotFound):
            queries.page(code)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "No"}, "title of a rule"), ({"words": ""}, "words of a rule"), ({"evidence": ""}, "evidence of a rule"),
        ({"action": "shout"}, "what the rule does"), ({"action": "off"}, "retired, not switched off"),
        ({"scope": {"moon": ["full"]}}, "has no moon"), ({"scope": {"states": "ME"}}, "states of the scope"),
        ({"scope": {"service_from": "soon"}}, "soon is no day"),
    ],
)  # fmt: skip
def test_a_text_that_is_not_whole_is_refused_with_its_field(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRule, match=words) as no:
        catalogue.read(text(**changes))

    assert no.value.field


def test_what_was_done_cannot_be_done_again_and_no_day_lies_in_the_past(
    cast: Cast, rockland: BillingHouse, lori: Actor, within: None, now: datetime
) -> None:
    priya = cast.actor(cast.priya)
    code = rulebook.draft(actor=priya, text=text(), at=now)
    with pytest.raises(Refused, match="is past"):
        rulebook.make_live(actor=lori, code=code, why="As of June", starts_on=now.date().replace(day=1), at=now)
    with pytest.raises(Refused, match="Say why"):
        rulebook.make_live(actor=lori, code=code, why=" ", at=now)
    rulebook.make_live(actor=lori, code=code, why="We saw denials", at=now)
    with pytest.raises(Conflict, match="No draft"):
        rulebook.make_live(actor=lori, code=code, why="Once more", at=now)
    with pytest.raises(Refused, match="not rewritten"):
        rulebook.draft(actor=priya, code="line_twice", text=text(), at=now)
    rulebook.retire(actor=lori, code=code, why="No more denials", at=now)
    with pytest.raises(Conflict, match="Only a live rule"):
        rulebook.retire(actor=lori, code=code, why="Again", at=now)
    never = rulebook.draft(actor=priya, text=text(), at=now)
    rulebook.discard(actor=priya, code=never, at=now)
    with reading():
        assert {row.code: row.state for row in queries.rows() if row.code in {code, never}} == {
            code: RuleState.RETIRED, never: RuleState.RETIRED,
        }  # fmt: skip


def test_a_rule_of_the_house_is_switched_off_for_one_practice_with_a_reason(
    cast: Cast, rockland: BillingHouse, lori: Actor, within: None, now: datetime
) -> None:
    twice = [testing.Line("93000"), testing.Line("93000")]
    off = {"title": "Tracings are read twice here", "action": "off", "of": "line_twice", "evidence": "The cardiologist's letter",
           "scope": {"practices": ["ROCK"]}}  # fmt: skip
    code = rulebook.draft(actor=cast.actor(cast.priya), text=off, at=now)
    rulebook.make_live(actor=lori, code=code, why="Two tracings a day are usual", at=now)

    claim = claim_at(S.READY, rockland, lines=twice, at=now)

    assert code == "line_twice.1"
    assert claim.state is S.READY
    with reading():
        assert [row.code for row in queries.page("line_twice").adjustments] == [code]


def test_the_catalogue_is_narrowed_by_state_action_origin_and_words(
    cast: Cast, rockland: BillingHouse, lori: Actor, within: None, now: datetime
) -> None:
    code = live(cast, lori, now)

    def found(q: str = "", **terms: str) -> set[str]:
        filters = Filters(tuple(Term(key, "=", value, value) for key, value in terms.items()), q)
        with reading():
            return {row.code for row in queries.listing(filters=filters, page=PageAsk(size=500)).rows}

    assert found(origin="own") == {code}
    assert found("diabetes rock") == {code}
    assert code in found(action="hold") - found(action="warn")
    assert "biller_npi" in found(action="block", origin="house")


def test_the_editor_tries_a_rule_on_a_claim_condition_by_condition(
    cast: Cast, rockland: BillingHouse, within: None, now: datetime
) -> None:
    claim = claim_of(rockland, now)
    with reading():
        tried = trying.tried(catalogue.read(text()), claim.public_id, today=now.date())

    assert tried.within
    assert tried.findings == (("hold", "Line 1: The payer wants the counselling code."),)
    assert tried.steps[0] == ("Line 1: code is 99213", "99213", "yes")
