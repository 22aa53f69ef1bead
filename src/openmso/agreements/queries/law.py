"""Questions of law: which rules hold here, what is known of a practice, and what the rules come to for its papers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openmso.agreements.contracts import Agreement, Terms, Version
from openmso.agreements.fees.terms import FeeTerms
from openmso.agreements.law import deriving, judging, rulebook
from openmso.agreements.law.judging import Finding
from openmso.agreements.law.rulebook import Moment, Rule
from openmso.agreements.models.law import CounselSignOff, LawReview, LawRule, LegalFact
from openmso.agreements.queries import agreements, baas, companions
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices, providers
from openmso.platform.tenancy import queries as tenancy


@dataclass(frozen=True, slots=True)
class Written:
    """A version of a rule as an office wrote it; the house's own has the number 0."""

    rule: Rule | None
    number: int
    why: str
    at: datetime | None
    by: str
    user: str


@dataclass(frozen=True, slots=True)
class SignedOff:
    """Counsel's word for a rule, and whether it is for the rule as it stands now."""

    counsel: str
    firm: str
    note: str
    until_on: date | None
    at: datetime
    by: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A rule that stops a step: in words with its citation, and what is done about it."""

    rule: str
    says: str
    fix: str


@dataclass(frozen=True, slots=True)
class Known:
    """A fact of a practice: its value, and who said it, or that the papers say it themselves."""

    name: str
    value: Any
    said: str
    why: str
    at: datetime | None
    by: str


def rules(*, on: date) -> tuple[Rule, ...]:
    """The rules that are asked here: the house's, those an office wrote in their place or beside them, signed off."""
    made = {one.code: one for one in rulebook.of_the_house()}
    for row in LawRule.objects.order_by("number"):
        if row.withdrawn:
            made.pop(row.code, None)
        else:
            made[row.code] = rulebook.rule_of(row.body, number=row.number)
    signed: dict[str, dict[str, str]] = {}
    for word in CounselSignOff.objects.order_by("pk"):
        if word.until_on is None or on < word.until_on:
            signed.setdefault(word.code, {})[word.sha256] = word.counsel
    return tuple(
        replace(one, signed_off=signed[one.code].get(hash_of(one), "")) if one.code in signed else one
        for one in made.values()
    )


def rule(code: str, *, on: date) -> Rule:
    """One rule as it is asked here; raises `NotFound`."""
    found = next((one for one in rules(on=on) if one.code == code), None)
    if found is None:
        raise NotFound(f"There is no rule {code}.", field="code")
    return found


def versions(code: str) -> list[Written]:
    """The versions of a rule, the latest first; the house's own is the last of them."""
    made = [
        Written(
            None if row.withdrawn else rulebook.rule_of(row.body, number=row.number), row.number, row.why, row.at,
            row.by, row.user,
        )
        for row in LawRule.objects.filter(code=code).order_by("-number")
    ]  # fmt: skip
    ours = next((one for one in rulebook.of_the_house() if one.code == code), None)
    return [*made, Written(ours, 0, "of the house", None, "", "")] if ours else made


def sign_offs(rule: Rule) -> list[SignedOff]:
    """Counsel's words for a rule, the latest first."""
    now = hash_of(rule)
    return [
        SignedOff(row.counsel, row.firm, row.note, row.until_on, row.at, row.by, row.sha256 == now)
        for row in CounselSignOff.objects.filter(code=rule.code).order_by("-pk")
    ]


def hash_of(rule: Rule) -> str:
    """The SHA-256 of a rule as it is written, by which counsel's word is tied to it."""
    return hashlib.sha256(json.dumps(rulebook.as_data(rule), sort_keys=True).encode()).hexdigest()


def said(practice: int) -> dict[str, Known]:
    """What people said of a practice: the last of each fact, unless it was taken back.

    What was said in words that are none of the fact's values is as if nobody had said it: it is asked again.
    """
    last: dict[str, LegalFact] = {}
    for row in LegalFact.objects.filter(practice_id=practice).order_by("pk"):
        last[row.name] = row
    made: dict[str, Known] = {}
    for name, row in last.items():
        with suppress(deriving.BadFact):
            if row.value:
                made[name] = Known(name, deriving.value_of(name, row.value), row.value, row.why, row.at, row.by)
    return made


def facts(
    practice: int, terms: Terms, *, starts_on: date, on: date, before: Terms | None = None,
    begun_on: date | None = None, agreed_on: date | None = None, day: date | None = None,
) -> dict[str, Known]:  # fmt: skip
    """Everything that is known of a practice under some terms that hold from `starts_on` on.

    What papers and registers say goes before what people said. `day` is the day of which they are asked: today, or the
    first day of the terms where that is to come. `agreed_on` is the day on which the terms were signed.
    """
    papers = derived(
        practice, terms, starts_on=starts_on, before=before, begun_on=begun_on, agreed_on=agreed_on or on,
        day=day or max(starts_on, on),
    )  # fmt: skip
    told = said(practice)
    return told | {name: one for name, one in papers.items() if name not in told or name not in deriving.PRESUMED}


def derived(
    practice: int, terms: Terms, *, starts_on: date, before: Terms | None, begun_on: date | None, agreed_on: date,
    day: date,
) -> dict[str, Known]:  # fmt: skip
    """What papers and registers say by themselves on a day; nobody says it otherwise."""
    house, baa = practices.practice(practice, on=day), baas.in_force(practice, day)
    found = deriving.from_terms(
        terms, state=house.state, specialty=house.specialty.value, begun_on=begun_on or starts_on, before=before,
        starts_on=starts_on, agreed_on=agreed_on, has_baa=baa is not None,
        taxonomies=[one.taxonomy for one in providers.billers(practice, on=day)],
    )  # fmt: skip
    found |= companions.legal_facts(practice, day)
    if baa is not None:
        found["baa.notice_hours"] = Decimal(baa.incident_notice_hours)
    found["mso.ownership"] = practices.mso(terms.mso.tenant).ownership.value
    return {
        name: Known(name, value, deriving.said_of(value), f"From {deriving.whence(name)}", None, "")
        for name, value in found.items()
    }


def settled(practice: int, *, on: date) -> dict[str, Known]:
    """What nobody has to say of a practice, nor may say otherwise: what its papers and registers say.

    Of what is on the desk before what is signed; without an agreement nothing is settled yet.
    """
    held = [one for one in agreements.of(practice) if one.draft or one.versions]
    known = known_of(held[-1], on=on) if held else {}
    return {name: one for name, one in known.items() if one.at is None and name not in deriving.PRESUMED}


def case(known: Mapping[str, Known]) -> dict[str, Any]:
    """The facts by name alone, as rules are asked over them."""
    return {name: one.value for name, one in known.items()}


def known_of(agreement: Agreement, *, on: date, signed_only: bool = False) -> dict[str, Known]:
    """What is known of an agreement: of its draft where one is on the desk, else of what holds or was signed last.

    Of what is signed alone it is what is so on that very day; of a draft that begins later, on its first day.
    """
    paper = (None if signed_only else agreement.draft) or agreement.version_on(on) or agreement.latest
    assert paper is not None, "an agreement has a draft or a version"
    signed = [one for one in agreement.versions if one.number < paper.number]
    begun = agreement.versions[0].starts_on if agreement.versions else paper.starts_on
    return facts(
        agreement.practice, paper.terms, starts_on=paper.starts_on, on=on, begun_on=begun,
        before=signed[-1].terms if signed else None, day=on if signed_only else None,
        agreed_on=tenancy.today(agreement.practice, paper.executed_at) if isinstance(paper, Version) else on,
    )  # fmt: skip


def findings(
    practice: int, known: Mapping[str, Known], *, moment: Moment | None, on: date, today: date | None = None
) -> list[Finding]:
    """What the rules of the practice's state come to at a moment, or at any, those that stop it first.

    `today` is the day on which it is asked, where the day `on` which it is to hold is another.
    """
    state = practices.practice(practice, on=on).state
    return judging.judge(rules(on=on), case(known), state=state, moment=moment, on=on, today=today)


def at_signing(agreement: Agreement, *, on: date) -> list[Finding]:
    """What the law comes to for the draft on the desk, on the day on which it takes effect."""
    assert agreement.draft is not None, "a draft is on the desk"
    known = known_of(agreement, on=on)
    return findings(agreement.practice, known, moment=Moment.SIGN, on=agreement.draft.starts_on, today=on)


def of_signed(agreement: Agreement, *, moment: Moment, on: date) -> list[Finding]:
    """What the law comes to at a moment for what holds on a day, or was signed last; a draft counts for nothing."""
    return findings(agreement.practice, known_of(agreement, on=on, signed_only=True), moment=moment, on=on)


def stops(found: Iterable[Finding]) -> list[Stop]:
    """What of some findings stops a step."""
    return [
        Stop(
            one.rule.code, f"{one.rule.code}: {one.cited}",
            f"Say first: {'; '.join(one.asked)}." if one.asks else one.rule.remedy,
        )
        for one in found if one.stops
    ]  # fmt: skip


def stops_payment(agreement: Agreement, *, on: date, shown: Mapping[str, Any] | None = None) -> list[Stop]:
    """The rules that stop a payment under what is signed.

    `shown` are facts that the payment itself shows, by their names; they go before what anybody said.
    """
    known = known_of(agreement, on=on, signed_only=True)
    known |= {
        name: Known(name, value, deriving.said_of(value), "the payment shows it", None, "")
        for name, value in (shown or {}).items()
    }
    return stops(findings(agreement.practice, known, moment=Moment.PAYMENT, on=on))


def at_renewal(agreement: Agreement, terms: Terms, *, starts_on: date, on: date) -> list[Finding]:
    """What the law comes to for the next term of an agreement, on the day on which it begins."""
    begun = agreement.versions[0].starts_on
    known = facts(agreement.practice, terms, starts_on=starts_on, on=on, begun_on=begun)
    return findings(agreement.practice, known, moment=Moment.RENEWAL, on=starts_on, today=on)


def since(finding: Finding, known: Mapping[str, Known]) -> datetime | None:
    """When the last of the facts that a finding rests on was said; none where papers say them all."""
    names = judging.facts_of(finding.rule)
    return max((at for name in names if name in known and (at := known[name].at) is not None), default=None)


def of_other_fee(agreement: Agreement, fee: FeeTerms, *, on: date) -> list[Finding]:
    """What the rules that ask about fees come to if an agreement were amended to another fee on a day."""
    paper = agreement.version_on(on) or agreement.latest or agreement.draft
    assert paper is not None, "an agreement has a draft or a version"
    begun = agreement.versions[0].starts_on if agreement.versions else paper.starts_on
    known = facts(
        agreement.practice, replace(paper.terms, fee=fee), starts_on=on, on=on, begun_on=begun, before=paper.terms
    )
    found = findings(agreement.practice, known, moment=Moment.SIGN, on=on)
    return [one for one in found if any(name.startswith("fee.") for name in judging.facts_of(one.rule))]


def wants_other_fee(agreement: Agreement, *, on: date) -> list[Finding]:
    """The rules that stop the fee as it is agreed, or want another kind of it."""
    paper = agreement.version_on(on) or agreement.latest
    found = of_other_fee(agreement, paper.terms.fee, on=on) if paper and paper.terms.fee else []
    return [one for one in found if one.stops or one.verdict is judging.Verdict.SWITCHES]


def of_other_terms(agreement: Agreement, terms: Terms, *, starts_on: date, on: date) -> list[Finding]:
    """What the law would come to at signing if an agreement were amended to other terms from a day on."""
    paper = agreement.version_on(on) or agreement.latest
    begun = agreement.versions[0].starts_on if agreement.versions else starts_on
    known = facts(
        agreement.practice, terms, starts_on=starts_on, on=on, begun_on=begun, before=paper.terms if paper else None
    )
    return findings(agreement.practice, known, moment=Moment.SIGN, on=starts_on, today=on)


def review(practice: int, version: str) -> LawReview | None:
    """What the law came to when a version was signed; none of versions from before there were reviews."""
    return LawReview.objects.filter(practice_id=practice, version__public_id=version).first()
