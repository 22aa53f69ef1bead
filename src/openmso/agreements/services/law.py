"""Law in this installation: rules are written and signed off, facts are said, and what is signed is reviewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from openmso.agreements.contracts import COUNSEL, FACTS, LAW, Agreement, Terms
from openmso.agreements.law import deriving, judging, rulebook
from openmso.agreements.law.facts import FACTS as CATALOGUE
from openmso.agreements.law.judging import Finding
from openmso.agreements.models.agreement import AgreementVersion
from openmso.agreements.models.law import CounselSignOff, LawReview, LawRule, LegalFact
from openmso.agreements.queries import law as queries
from openmso.agreements.rules import Fault
from openmso.agreements.services import abiding, versions
from openmso.kit.errors import NotFound, Refused
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

NOT_THE_MSO = "Rules of law are kept by the MSO."
_write = partial(versions.write, LawRule, kind="law", fix="Name the statute or who asked for it.")
PARTED = {"first": "wrote this version", "then": "record that counsel signed it off"}

TOLD_AT_ONCE = 30
"""Facts that one event of the trail holds; more become several."""


class NotLawful(Refused):
    """A rule of law stops the step; the sentence has its citation, the fix says what is done about it."""

    code = "not_lawful"


@atomic
def write_rule(*, actor: Actor, mso: int, given: Mapping[str, Any], why: str, at: datetime) -> int:
    """Write a version of a rule, or a new one; it is asked from now on, and counsel's word for the last one is over.

    Returns its number. Raises `BadRule` for a rule that cannot be judged, `Refused` where no reason is given.
    """
    decision = actor.must(LAW.code, mso)
    made = rulebook.rule_of(given)
    return _write(actor=actor, mso=mso, code=made.code, body=rulebook.as_data(made), why=why, at=at, decision=decision)


@atomic
def withdraw_rule(*, actor: Actor, mso: int, code: str, why: str, at: datetime) -> int:
    """Ask a rule of nobody any longer; a later version brings it back. Returns the number."""
    decision = actor.must(LAW.code, mso)
    if all(one.code != code for one in queries.rules(on=actor.today)):
        raise NotFound(f"There is no rule {code}.", field="code")
    return _write(actor=actor, mso=mso, code=code, body={}, why=why, at=at, decision=decision)


@atomic
def sign_off(
    *, actor: Actor, mso: int, code: str, counsel: str, note: str, at: datetime, firm: str = "",
    until_on: date | None = None,
) -> None:  # fmt: skip
    """Record that counsel confirmed a rule as it is written now; one that was only recalled may stop things from here.

    Who wrote the version does not also record counsel's word (`SamePerson`).
    """
    decision = actor.must(COUNSEL.code, mso)
    rule = queries.rule(code, on=actor.today)
    written = queries.versions(code)
    duties.another(actor, did=written[0].user if written else "", **PARTED)
    if not counsel.strip() or not note.strip():
        raise Refused("Counsel has a name, and says what was looked at.", code="no_reason",
                      field="note" if counsel.strip() else "counsel")  # fmt: skip
    if until_on is not None and until_on <= actor.today:
        raise Refused("It is looked at again on a later day.", code="past", field="until_on")
    CounselSignOff.objects.create(
        code=code, sha256=queries.hash_of(rule), counsel=counsel.strip()[:80], firm=firm.strip()[:80],
        note=note.strip()[:300], until_on=until_on, at=at, by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action="agreements.law_signed_off", practice=mso, subject=("agreements.law", code), at=at,
        facts={"counsel": counsel.strip(), "number": rule.number}, why=note.strip(), decision=decision,
    )  # fmt: skip


@atomic
def say(*, actor: Actor, practice: int, facts: Mapping[str, str], why: str, at: datetime) -> int:
    """Say what is so of a practice and the MSO, by names of facts; an empty text takes a fact back.

    What is said already stays as it is. What rules ask after that waits for compliance at once. Returns how many are
    new. Raises `BadFact` for a name or value that is none, and for what papers or registers say otherwise.
    """
    decision = actor.must(FACTS.code, practice)
    if not why.strip():
        raise Refused("Say what shows it.", code="no_reason", field="why", fix="Name the document or who was asked.")
    now = queries.said(practice)
    plain = {name: deriving.said_of(deriving.value_of(name, text)) for name, text in facts.items()}
    new = {name: text for name, text in plain.items() if text != (now[name].said if name in now else "")}
    _refuse_other(practice, new, on=tenancy.today(practice, at))
    LegalFact.objects.bulk_create(
        LegalFact(practice_id=practice, name=name, value=text[:80], why=why.strip()[:300], at=at, by=actor.name[:160])
        for name, text in new.items()
    )  # fmt: skip
    told = [(CATALOGUE[name].label, text or "unknown again") for name, text in new.items()]
    for first in range(0, len(told), TOLD_AT_ONCE):
        audit.record(
            actor=actor, action="agreements.facts_said", practice=practice, subject=("agreements.facts", ""), at=at,
            facts=dict(told[first : first + TOLD_AT_ONCE]), why=why.strip(), decision=decision,
        )  # fmt: skip
    if new:
        abiding.look(practice=practice, actor=actor, at=at, under=decision)
    return len(new)


def _refuse_other(practice: int, new: Mapping[str, str], *, on: date) -> None:
    """Nobody says otherwise what papers and registers say; taking back what was said is never refused."""
    settled = queries.settled(practice, on=on)
    for name, text in new.items():
        if text and name in settled and text != settled[name].said:
            raise deriving.BadFact(
                f"{CATALOGUE[name].label}: {settled[name].said}, by {deriving.whence(name)}. Nobody says otherwise.",
                field=name, fix="Change the paper or the entry; the rules read it by themselves.",
            )  # fmt: skip


def refuse_unlawful(agreement: Agreement, *, on: date) -> list[Finding]:
    """What the law comes to for the draft that is to be signed; raises `NotLawful` where a rule stops it."""
    return _unless_stopped(queries.at_signing(agreement, on=on), field="document")


def refuse_renewal(agreement: Agreement, terms: Terms, *, starts_on: date, on: date) -> list[Finding]:
    """What the law comes to for the next term of an agreement; raises `NotLawful` where a rule stops it."""
    return _unless_stopped(queries.at_renewal(agreement, terms, starts_on=starts_on, on=on), field="")


def _unless_stopped(found: list[Finding], *, field: str) -> list[Finding]:
    if stops := faults(found):
        more = f" {len(stops) - 1} more of the kind stand on the agreement's page of law." if stops[1:] else ""
        raise NotLawful(stops[0].sentence, field=field, fix=f"{stops[0].fix}{more}")
    return found


def faults(found: Sequence[Finding]) -> list[Fault]:
    """What stops a step, each in words with its citation and what is done about it."""
    return [Fault("document", one.says, one.fix) for one in queries.stops(found)]


def keep_review(version: AgreementVersion, found: Sequence[Finding], *, actor: Actor, on: date, at: datetime) -> None:
    """Keep what the law came to when a version was signed."""
    LawReview.objects.create(
        practice_id=version.practice_id, version=version, on=on, at=at, by=actor.name[:160],
        findings=[judging.as_data(one) for one in found],
    )  # fmt: skip
