"""Execution and termination: the signed document makes the version, and the version writes the grants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openmso.agreements import rules, termsheet
from openmso.agreements.contracts import (
    EXECUTE,
    TERMINATE,
    Agreement,
    S,
    Side,
    SignedDocument,
    Signer,
    Terms,
    Version,
)
from openmso.agreements.events import AgreementExecuted, AgreementTerminated
from openmso.agreements.law.judging import Finding
from openmso.agreements.models.agreement import (
    AgreementDraft,
    AgreementVersion,
    ServiceAgreement,
    Signature,
    VersionLine,
)
from openmso.agreements.models.paper import OwnWords, VersionText
from openmso.agreements.queries import agreements as queries
from openmso.agreements.services import companions, counsel, law, rounds
from openmso.agreements.services.drafting import desk, locked, move
from openmso.agreements.services.scans import NotSignable, refuse_paper
from openmso.kit import clock
from openmso.kit.errors import Conflict
from openmso.kit.periods import DayRange
from openmso.platform.access import duties
from openmso.platform.access import services as access
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic

PURPOSE = "agreements.signed"
PARTED = {"first": "wrote this draft", "then": "record it as executed"}
"""The two acts that are for two people (`access.duties`)."""


class Overlaps(Conflict):
    """The practice has an agreement on these days already."""

    code = "agreements_overlap"


@atomic
def execute(
    *, actor: Actor, agreement: str, document: SignedDocument, signers: Sequence[Signer], at: datetime
) -> Version:
    """Record the draft on the desk as executed: a first version or an amendment.

    It takes two people: who wrote the draft as it stands does not also record that it was signed (`SamePerson`).
    As `carry_out`, which says what follows and what is refused.
    """
    row = locked(agreement)
    decision = actor.must(EXECUTE.code, row.practice_id)
    draft = desk(row)
    duties.another(actor, did=draft.drafted_by, **PARTED)
    return carry_out(row, draft, actor=actor, document=document, signers=signers, at=at, under=decision)


def refuse_unready(
    row: ServiceAgreement, draft: AgreementDraft, *, at: datetime, content_sha256: str = ""
) -> list[Finding]:
    """What the law comes to for a draft that both sides could sign; refused as `carry_out` refuses."""
    terms = termsheet.from_json(draft.terms)
    for fault in rules.faults(terms):
        raise NotSignable(fault.sentence, field=fault.field, fix=fault.fix)
    _refuse_overlap(row, terms, draft.starts_on)
    companions.refuse_missing(queries.agreement(row.public_id), terms, on=draft.starts_on)
    counsel.refuse_returned(row, draft, content_sha256=content_sha256)
    return law.refuse_unlawful(queries.agreement(row.public_id), on=clock.day_in(row.practice.zone, at))


@atomic
def carry_out(
    row: ServiceAgreement, draft: AgreementDraft, *, actor: Actor, document: SignedDocument, signers: Sequence[Signer],
    at: datetime, under: Decision, articles: Sequence[Mapping[str, Any]] = (), content_sha256: str = "",
) -> Version:  # fmt: skip
    """Make a version of a draft that both sides signed, as `under` allows.

    The version is frozen with the SHA-256 of its document; what the version before opened ends on the day this one
    takes effect, and the grants of its lines are written. Refused for terms with a fault, a side that has not
    signed, a document that is no PDF, days on which another agreement of the practice holds, a draft that counsel
    returned, and what a rule of law stops (`NotLawful`); what the law came to is kept with the version. `articles`
    are the text of a paper that was made here, by its fingerprint.
    """
    agreement, decision = row.public_id, under
    terms, number = termsheet.from_json(draft.terms), draft.number
    today = clock.day_in(row.practice.zone, at)
    found = refuse_unready(row, draft, at=at, content_sha256=content_sha256)
    refuse_unsigned(signers, document, at)
    rounds.changed(row, why="It was executed another way.", actor=actor, at=at, under=decision)
    kept = documents.store(
        actor=actor, practice=row.practice_id, name=document.name, content=document.content,
        media_type="application/pdf", purpose=PURPOSE, at=at, under=decision,
    )  # fmt: skip
    before = list(AgreementVersion.objects.filter(agreement=row).order_by("number"))
    version = _freeze(row, draft, terms, document=kept.public_id, sha256=kept.sha256, at=at)
    _sign(version, signers)
    if articles:
        _say(version, articles, content_sha256)
    OwnWords.objects.filter(agreement=row).delete()
    law.keep_review(version, found, actor=actor, on=today, at=at)
    if S(row.state) is S.DRAFT:
        move(row, to=S.EXECUTED, actor=actor, at=at)
    why = f"version {number} of {agreement} takes effect"
    for old in before:
        _end(actor, old, version.starts_on, why, at, decision)
    _open(actor, version, terms, at, decision)
    draft.delete()
    documents.became(document=kept, subject=("agreements.version", version.public_id), practice=row.practice_id, at=at)
    outbox.publish(
        AgreementExecuted(agreement, version.public_id, number, version.starts_on), practice=row.practice_id, at=at
    )
    audit.record(
        actor=actor, action="agreements.amended" if before else "agreements.executed", practice=row.practice_id, at=at,
        subject=("agreements.agreement", agreement), decision=decision,
        facts={"number": number, "starts_on": str(version.starts_on), "sha256": kept.sha256},
    )  # fmt: skip
    return queries.agreement(agreement).versions[-1]


@atomic
def renew(*, actor: Actor, agreement: str, at: datetime) -> Version:
    """Renew an agreement by its own terms: the same document and signers, the term longer by the months agreed.

    The next version takes effect on the day on which the term ends, and its grants go on from there. A draft on the
    desk takes the number after it. Refused for a term without an end or renewal, and what a rule of law stops
    (`NotLawful`); whether notice was given is asked before (`renewing.watch`).
    """
    row = locked(agreement)
    decision = actor.must(EXECUTE.code, row.practice_id)
    last = AgreementVersion.objects.filter(agreement=row).order_by("-number").first()
    terms = termsheet.from_json(last.terms) if last and S(row.state) is S.EXECUTED else None
    if last is None or terms is None or terms.days.ends_on is None or not terms.renewal_months:
        raise NotSignable(f"{agreement} is not renewed by its terms.", fix="Amend it.")
    starts_on, today, longer = terms.days.ends_on, clock.day_in(row.practice.zone, at), rules.renewed(terms)
    found = law.refuse_renewal(queries.agreement(agreement), longer, starts_on=starts_on, on=today)
    rounds.changed(row, why="The agreement was renewed meanwhile.", actor=actor, at=at, under=decision)
    AgreementDraft.objects.filter(agreement=row).update(number=last.number + 2)
    carried = AgreementDraft(
        number=last.number + 1, starts_on=starts_on, terms=termsheet.to_json(longer),
        summary=f"Renewed by its terms for {terms.renewal_months} months",
    )  # fmt: skip
    version = _freeze(row, carried, longer, document=last.document, sha256=last.document_sha256, at=at)
    signed = Signature.objects.filter(version=last).order_by("pk")
    _sign(version, [Signer(Side(one.side), one.name, one.title, one.signed_at) for one in signed])
    for kept in VersionText.objects.filter(version=last):
        _say(version, kept.articles, kept.content_sha256)
    law.keep_review(version, found, actor=actor, on=today, at=at)
    _open(actor, version, longer, at, decision)
    outbox.publish(
        AgreementExecuted(agreement, version.public_id, version.number, starts_on), practice=row.practice_id, at=at
    )
    audit.record(
        actor=actor, action="agreements.renewed", practice=row.practice_id, at=at, decision=decision,
        subject=("agreements.agreement", agreement),
        facts={"number": version.number, "starts_on": str(starts_on), "ends_on": str(longer.days.ends_on)},
    )  # fmt: skip
    return queries.agreement(agreement).versions[-1]


@atomic
def terminate(
    *, actor: Actor, agreement: str, ends_on: date, why: str, at: datetime,
    wind_down_lines: Sequence[str] = (), winds_down_until: date | None = None,
) -> Agreement:  # fmt: skip
    """End an agreement from a day on, today at the earliest; either side may at any time.

    All its grants end on that day. Lines named for the wind-down stay readable, and only readable, until
    `winds_down_until`, so that what was billed can be followed to its end.
    """
    row = locked(agreement)
    decision = actor.must(TERMINATE.code, row.practice_id)
    if not why.strip():
        raise NotSignable("Say why the agreement ends.", field="why")
    today = clock.day_in(row.practice.zone, at)
    if ends_on < today:
        raise NotSignable(f"{ends_on} is past.", field="ends_on", fix=f"End it today, {today}, or on a later day.")
    _refuse_wind_down(row, ends_on, wind_down_lines, winds_down_until)
    row.terminated_on, row.terminated_why = ends_on, why.strip()[:200]
    row.wind_down_lines, row.winds_down_until = list(wind_down_lines), winds_down_until
    move(row, to=S.TERMINATED, actor=actor, at=at, why=why.strip())
    rounds.changed(row, why="The agreement was terminated.", actor=actor, at=at, under=decision)
    OwnWords.objects.filter(agreement=row).delete()
    AgreementDraft.objects.filter(agreement=row).delete()
    versions = list(AgreementVersion.objects.filter(agreement=row).order_by("number"))
    for version in versions:
        _end(actor, version, ends_on, f"{agreement} terminated: {why.strip()}", at, decision)
    if winds_down_until is not None:
        days = DayRange(ends_on, winds_down_until)
        _wind_down(actor, versions[-1], wind_down_lines, days, at, decision)
    outbox.publish(AgreementTerminated(agreement, ends_on), practice=row.practice_id, at=at)
    audit.record(
        actor=actor, action="agreements.terminated", practice=row.practice_id, at=at, why=why.strip(),
        subject=("agreements.agreement", agreement), decision=decision,
        facts={"ends_on": str(ends_on), "wind_down_lines": " ".join(sorted(wind_down_lines))},
    )  # fmt: skip
    return queries.agreement(agreement)


def refuse_unsigned(signers: Sequence[Signer], document: SignedDocument, at: datetime) -> None:
    """Refuse what keeps a paper from being a signed one: missing signers, a day to come, a paper that is no PDF."""
    for fault in rules.signer_faults(signers):
        raise NotSignable(fault.sentence, field=fault.field, fix=fault.fix)
    if any(signer.signed_at > at for signer in signers):
        raise NotSignable("Somebody is to have signed in the future.", field="signers", fix="Correct the time.")
    refuse_paper(document)


def _refuse_overlap(row: ServiceAgreement, terms: Terms, starts_on: date) -> None:
    """A practice has one agreement in force at a time, so that every line has one source and every day one fee.

    The tenant's row is locked, so that two agreements executed at once see each other.
    """
    list(ServiceAgreement.objects.select_for_update().filter(practice_id=row.practice_id).order_by("pk"))
    mine = DayRange(starts_on, terms.days.ends_on)
    for other in queries.of(row.practice_id):
        if other.public_id == row.public_id:
            continue
        for version, days in queries.holding_days(other):
            if days.meets(mine) is not None:
                raise Overlaps(
                    f"{version.agreement} is in force on some of these days.", field="starts_on",
                    fix="Amend that agreement, or terminate it first.",
                )  # fmt: skip


def _freeze(
    row: ServiceAgreement, draft: AgreementDraft, terms: Terms, *, document: str, sha256: str, at: datetime
) -> AgreementVersion:
    version = AgreementVersion.objects.create(
        practice_id=row.practice_id, agreement=row, number=draft.number, mode=terms.mode.value,
        starts_on=draft.starts_on, ends_on=terms.days.ends_on, mso_entity_id=terms.mso.entity,
        practice_entity_id=terms.practice.entity, terms=draft.terms, summary=draft.summary, document=document,
        document_sha256=sha256, executed_at=at,
    )  # fmt: skip
    VersionLine.objects.bulk_create(
        VersionLine(
            practice_id=row.practice_id, version=version, line=line.code, starts_on=line.days.starts_on,
            ends_on=line.days.ends_on, done_by=line.done_by.value,
        )
        for line in terms.lines
    )  # fmt: skip
    return version


def _sign(version: AgreementVersion, signers: Sequence[Signer]) -> None:
    Signature.objects.bulk_create(
        Signature(
            practice_id=version.practice_id, version=version, side=signer.side.value, name=signer.name.strip(),
            title=signer.title.strip(), signed_at=signer.signed_at,
        )
        for signer in signers
    )  # fmt: skip


def _say(version: AgreementVersion, articles: Sequence[Mapping[str, Any]], content_sha256: str) -> None:
    VersionText.objects.create(
        practice_id=version.practice_id, version=version, articles=list(articles), content_sha256=content_sha256
    )


def _open(actor: Actor, version: AgreementVersion, terms: Terms, at: datetime, decision: Decision) -> None:
    """Write the grants of a version: each line's data classes, on its days within the term."""
    holds = DayRange(version.starts_on, None)
    lines = []
    for line in terms.lines:
        days = rules.days_of_line(line, terms, holds)
        if days is not None:
            lines.append(access.LineInScope(line.code, rules.opens(line), days.starts_on, days.ends_on))
    access.grant(
        actor=actor, practice=version.practice_id, agreement=version.public_id,
        document_sha256=version.document_sha256, lines=lines, at=at, under=decision,
    )  # fmt: skip


def _end(actor: Actor, version: AgreementVersion, ends_on: date, why: str, at: datetime, decision: Decision) -> None:
    access.end_grants(
        actor=actor, practice=version.practice_id, agreement=version.public_id, ends_on=ends_on, why=why[:200], at=at,
        under=decision,
    )  # fmt: skip


def _refuse_wind_down(row: ServiceAgreement, ends_on: date, lines: Sequence[str], until: date | None) -> None:
    if bool(lines) != (until is not None):
        raise NotSignable("A wind-down has lines and a last day, or neither.", field="winds_down_until")
    if until is not None and until <= ends_on:
        raise NotSignable("The wind-down ends after the agreement.", field="winds_down_until")
    latest = AgreementVersion.objects.filter(agreement=row).order_by("-number").first()
    in_scope = {line.code for line in termsheet.from_json(latest.terms).lines} if latest else set()
    for code in lines:
        if code not in rules.RUN_OFF or code not in in_scope:
            raise NotSignable(f"{code} is no line to wind down here.", field="wind_down_lines",
                              fix="Choose lines of the agreement that follow what was billed.")  # fmt: skip


def _wind_down(
    actor: Actor, version: AgreementVersion, lines: Sequence[str], days: DayRange, at: datetime, decision: Decision
) -> None:
    """Grants that read and do nothing, on the paper of the last version."""
    terms = termsheet.from_json(version.terms)
    chosen = [line for line in terms.lines if line.code in lines]
    access.grant(
        actor=actor, practice=version.practice_id, agreement=version.agreement.public_id, at=at, under=decision,
        document_sha256=version.document_sha256,
        lines=[
            access.LineInScope(line.code, rules.opens(line), days.starts_on, days.ends_on, read_only=True)
            for line in chosen
        ],
    )  # fmt: skip
