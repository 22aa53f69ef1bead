"""After signing: facts change, clocks run, terms end. What that asks for waits for whoever must act, or happens."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from openmso.agreements import rules, testing
from openmso.agreements.contracts import LAW_WORK, RENEWAL_WORK, Side
from openmso.agreements.queries import agreements, renewals
from openmso.agreements.queries import law as queries
from openmso.agreements.services import abiding, drafting, law, renewing
from openmso.agreements.testing import NOW, Cast
from openmso.kit.errors import Refused
from openmso.parties import testing as parties
from openmso.parties.testing import House, builder
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import NotAllowed
from openmso.platform.accounts.testing import signed_in
from openmso.platform.identity.models import User
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import InboxFilters

pytestmark = pytest.mark.django_db
ENDS = date(2027, 1, 1)
FLAT = {"period": "month", "components": [{"kind": "flat", "amount": "4200.00", "per": "month"}]}


def instant(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 14, tzinfo=UTC)


def omar_of(cast: Cast, *houses: House) -> User:
    for tenant in (cast.mso.id, *(house.id for house in houses)):
        user = testing.person(
            "omar@harborridge.example", "Omar", practice=tenant, role="compliance_officer", at=cast.at
        )
    return user


def owner_of(house: House) -> User:
    return testing.person("owner@hudson.example", "Dr. Hudson", practice=house.id, role="practice_owner", at=NOW)


def waiting(cast: Cast, house: House, user: User, kind: str, at: datetime = NOW) -> list[Any]:
    actor, wanted = cast.actor(user, at=at), InboxFilters(kinds=(kind,))
    with cast.scope(house, user=user), reading():
        return list(work.inbox(actor=actor, filters=wanted, page=PageAsk(size=200), at=at).rows)


def say(cast: Cast, house: House, *, at: datetime = NOW, **facts: str) -> None:
    with cast.scope(house):
        named = {name.replace("__", "."): value for name, value in facts.items()}
        law.say(actor=builder(at), practice=house.id, facts=named, why="Board minutes", at=at)


def morning(cast: Cast, house: House, at: datetime) -> int:
    with cast.scope(house):
        abiding.watch(actor=builder(at), at=at)
        return renewing.watch(actor=builder(at), at=at)


def hudson_of(cast: Cast, *, state: str = "NY", fee: Any = FLAT, code: str = "HUDSON") -> tuple[House, str]:
    """A practice whose agreement runs through 2026 and renews by the year, with notice of ninety days."""
    house = parties.practice(at=NOW, code=code, name=f"{code.title()} Medical", state=state)
    return house, testing.executed(cast.mso, house, at=NOW, ends_on=ENDS, fee=fee).agreement


def test_a_fact_that_breaks_a_rule_waits_for_compliance_until_it_is_so_no_longer(cast: Cast) -> None:
    house, _ = hudson_of(cast, state="CO")
    omar = omar_of(cast, house)
    assert waiting(cast, house, omar, LAW_WORK) == []
    say(cast, house, practice__owner_licensed="no")
    found = waiting(cast, house, omar, LAW_WORK)
    assert [one.title for one in found] == ["GEN-CPOM-01: a rule of law is not met"]
    assert morning(cast, house, instant(3, 3)) == 0
    assert waiting(cast, house, omar, LAW_WORK, instant(3, 3))[0].due_at == found[0].due_at, (
        "the clock does not restart"
    )
    say(cast, house, practice__owner_licensed="yes")
    assert waiting(cast, house, omar, LAW_WORK) == []


def test_a_notice_runs_to_its_day_is_late_after_it_and_done_when_it_was_given(cast: Cast) -> None:
    house, agreement = hudson_of(cast, state="MA", code="BAY")
    omar = omar_of(cast, house)
    say(cast, house, transaction__planned="yes", practice__net_revenue="30000000", transaction__closes_on="2026-06-30")
    (item,) = (one for one in waiting(cast, house, omar, LAW_WORK) if "MA-343-01" in one.title)
    assert "by 1 May 2026" in item.title, "sixty days before it closes"
    assert item.due_at.date() == date(2026, 5, 1)
    late = instant(5, 2)
    morning(cast, house, late)
    with cast.scope(house), reading():
        found = queries.of_signed(agreements.agreement(agreement), moment=queries.Moment.CHANGE, on=late.date())
        assert next(one for one in found if one.rule.code == "MA-343-01").stops, (
            "nothing closes until the days have run"
        )
    say(cast, house, at=late, transaction__noticed_on="2026-04-30")
    assert [one for one in waiting(cast, house, omar, LAW_WORK, late) if "MA-343-01" in one.title] == []


def test_what_nobody_gave_notice_of_is_renewed_and_stays_open_without_a_gap(cast: Cast) -> None:
    house, agreement = hudson_of(cast)
    say(cast, house, practice__owner_licensed="yes")
    owner = owner_of(house)
    assert morning(cast, house, instant(8, 1)) == 0
    assert waiting(cast, house, owner, RENEWAL_WORK, instant(8, 1)) == [], "it is told when there is something to do"
    assert morning(cast, house, instant(9, 1)) == 0
    (told,) = waiting(cast, house, owner, RENEWAL_WORK, instant(9, 1))
    assert "It renews on 1 Jan 2027 for 12 months unless one side gives notice through 3 Oct 2026" in told.why
    with cast.scope(house), reading():
        terms = agreements.agreement(agreement).versions[0].terms
    with cast.scope(house):
        drafting.amend(
            actor=builder(NOW), agreement=agreement, starts_on=date(2026, 12, 1), terms=terms, at=NOW, summary="Hours"
        )
    assert morning(cast, house, instant(10, 3)) == 0, "the last day of notice is not over"
    assert morning(cast, house, instant(10, 5)) == 1
    assert morning(cast, house, instant(10, 6)) == 0, "once"
    assert waiting(cast, house, owner, RENEWAL_WORK, instant(10, 6)) == []
    with cast.scope(house), reading():
        found = agreements.agreement(agreement)
        first, second = found.versions
        assert (second.starts_on, second.terms.days.ends_on) == (ENDS, date(2028, 1, 1))
        assert second.document_sha256 == first.document_sha256, "under the same signed document"
        assert [one.name for one in second.signers] == [one.name for one in first.signers]
        assert queries.review(house.id, second.public_id) is not None, "the law was asked"
        assert found.draft is not None
        assert found.draft.number == 3
        for on in (date(2026, 12, 31), ENDS, date(2027, 12, 31)):
            assert {grant.line for grant in access.grants_in(house.id) if on in grant.days} == {
                line.code for line in first.terms.lines
            }
        assert not [grant for grant in access.grants_in(house.id) if date(2028, 1, 1) in grant.days]


def test_notice_in_time_ends_it_with_its_term_and_late_notice_is_refused_with_words(cast: Cast) -> None:
    house, agreement = hudson_of(cast)
    owner = owner_of(house)
    last = instant(10, 3)
    mine, hers = cast.actor(owner, at=last, fresh=True), cast.actor(cast.priya, at=last, fresh=True)
    late = instant(10, 5)
    then = cast.actor(owner, at=late, fresh=True)
    with cast.scope(house), pytest.raises(NotAllowed):
        renewing.give_notice(actor=hers, agreement=agreement, why="No", at=last)
    with cast.scope(house), pytest.raises(Refused, match="Say why"):
        renewing.give_notice(actor=mine, agreement=agreement, why=" ", at=last)
    with cast.scope(house), pytest.raises(Refused, match="to be given by 3 Oct 2026"):
        renewing.give_notice(actor=then, agreement=agreement, why="Late", at=late)
    with cast.scope(house):
        given = renewing.give_notice(actor=mine, agreement=agreement, why="We hire our own", at=last)
    assert (given.side, given.ends_on) == (Side.PRACTICE, ENDS)
    with cast.scope(house), pytest.raises(Refused, match="given already"):
        renewing.give_notice(actor=builder(last), agreement=agreement, why="Again", at=last)
    assert morning(cast, house, instant(10, 5)) == 0
    assert morning(cast, house, instant(12, 1)) == 0
    (told,) = waiting(cast, house, owner, RENEWAL_WORK, instant(12, 1))
    assert "We hire our own Plan its end." in told.why
    with cast.scope(house), reading():
        found = agreements.agreement(agreement)
        assert found.version_on(date(2026, 12, 31)) is not None
        assert rules.standing(found, ENDS) == "expired"
        assert [one.why for one in renewals.notices(found)] == ["We hire our own"]


def test_a_rule_of_law_keeps_an_agreement_from_being_renewed_until_it_is_met(cast: Cast) -> None:
    house, agreement = hudson_of(cast, state="CA", code="BAYSIDE")
    owner = owner_of(house)
    say(cast, house, relation__federal="yes", agreement__covers_all="no")
    at = instant(11, 20)
    assert morning(cast, house, at) == 0
    (told,) = waiting(cast, house, owner, RENEWAL_WORK, at)
    assert "a rule of law stops that: AKS-PSMC-0" in told.why
    yes = dict.fromkeys(
        ("agreement__covers_all", "fee__set_in_advance", "fee__is_fmv", "scope__is_reasonable"), "yes"
    ) | dict.fromkeys(("agreement__again_within_year", "fee__by_referrals", "scope__promotes_unlawful"), "no")
    say(cast, house, **yes, practice__owner_licensed="yes")
    assert morning(cast, house, instant(11, 21)) == 1
    with cast.scope(house), reading():
        assert len(agreements.agreement(agreement).versions) == 2


def test_an_owner_gives_notice_on_the_agreements_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openmso.kit.clock.now", lambda: NOW)
    house, agreement = hudson_of(cast)
    owner = signed_in(owner_of(house))
    here, notice = reverse("agreements:agreement", args=[agreement]), reverse("agreements:notice", args=[agreement])
    assert notice in owner.get(here).content.decode()
    assert "not renewed; what it opens closes" in owner.get(notice).content.decode()
    assert owner.post(notice, {"why": "We go on alone"}).url == here
    shown = owner.get(here).content.decode()
    assert "Not renewed: it ends on" in shown
    assert "We go on alone" in shown
    assert notice not in shown
