"""Signing: a draft is sent to named signers, its bytes frozen; when all have signed those, it is executed.

There is one way to a version: `execution.carry_out`. A paper that was signed with ink, here or before there was this
system, takes the same way with its scan as the document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from openmso.agreements import pdf, rules
from openmso.agreements.contracts import EXECUTE, Side, SignedDocument, Signer, Version
from openmso.agreements.models.agreement import AgreementDraft, ServiceAgreement
from openmso.agreements.models.signing import RoundSigner, SigningAct, SigningRound
from openmso.agreements.paper import text
from openmso.agreements.paper.contracts import (
    CERTIFICATE,
    SIGN,
    TO_SIGN,
    Act,
    NamedSigner,
    Signing,
    SigningState,
)
from openmso.agreements.paper.providers import HERE, PROVIDERS, WAYS, Completed, Packet, address_class
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import clocks, paper
from openmso.agreements.queries import signing as signings
from openmso.agreements.services import counsel, execution, rounds
from openmso.agreements.services.drafting import desk, locked
from openmso.agreements.services.execution import PURPOSE
from openmso.agreements.services.scans import NotSignable
from openmso.kit.errors import Forbidden, NotFound
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import queries as stored
from openmso.platform.documents import services as documents
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

PRIORITY = 80
PARTED = {"first": "wrote this draft", "then": "send it for signature"}
INTENT = "I have read this document and sign it as {title}, {side}, meaning to be bound by it."
"""The sentence that a signer confirms (15 USC 7006(5): a signature is made with the intent to sign)."""


class NotYourSignature(Forbidden):
    """They are not named as a signer, or have acted already."""

    code = "not_your_signature"


@atomic
def send(
    *, actor: Actor, agreement: str, signers: Sequence[NamedSigner], at: datetime, provider: str = HERE
) -> str:  # fmt: skip
    """Freeze the draft's paper and have named signers sign it; the public id of the signing.

    Refused for who wrote the draft (`SamePerson`), without counsel's sign-off of what it says now (`NotSignedOff`),
    for signers who may not sign for their side, while it is out already, and as `execution.refuse_unready` refuses.
    """
    row = locked(agreement)
    decision = actor.must(EXECUTE.code, row.practice_id)
    draft = desk(row)
    for one in counsel.writers(agreement, draft):
        duties.another(actor, did=one, **PARTED)
    if provider not in WAYS:
        raise NotSignable(f"There is no way {provider!r} to sign.", field="provider", fix=f"Known: {', '.join(WAYS)}.")
    if signings.out(agreement) is not None:
        raise NotSignable("It is out for signature already.", fix="Recall it first.")
    _refuse_signers(row, signers, provider, at)
    execution.refuse_unready(row, draft, at=at)
    said = paper.of_draft(queries.agreement(agreement))
    counsel.refuse_unreviewed(agreement, draft.number, said.content_sha256)
    round_ = _freeze(row, draft, said, provider=provider, actor=actor, at=at, under=decision)
    _name(round_, signers, at=at)
    names = " and ".join(one.name for one in signers)
    audit.record(
        actor=actor, action="agreements.sent", practice=row.practice_id, at=at, decision=decision,
        subject=("agreements.agreement", agreement),
        facts={"signers": names, "number": draft.number, "sha256": round_.document_sha256},
    )  # fmt: skip
    return round_.public_id


@atomic
def sign(*, actor: Actor, agreement: str, intent: str, address: str, at: datetime) -> Version | None:
    """Sign the frozen paper with one's own account; the version, where everybody has signed.

    `intent` is the sentence that `intent_of` gives, confirmed. Refused for whoever is not named (`NotYourSignature`),
    for another sentence, and as `execution.carry_out` refuses once it is the last signature.
    """
    row, decision, round_, signer = _mine(actor, agreement)
    if intent.strip() != intent_of(signer.title, Side(signer.side)):
        raise NotSignable("Confirm that you have read it and mean to sign.", field="intent")
    content = stored.read(round_.document, row.practice_id)
    if hashlib.sha256(content).hexdigest() != round_.document_sha256:
        raise NotSignable("The frozen paper is not the one that was sent.", fix="Recall it and send it anew.")
    _act(round_, signer, Act.SIGNED, actor=actor, at=at, address=address, intent=intent.strip())
    _done(round_, signer, actor=actor, at=at, outcome=Act.SIGNED.label, under=decision)
    audit.record(
        actor=actor, action="agreements.signed", practice=row.practice_id, at=at, decision=decision,
        subject=("agreements.agreement", agreement),
        facts={"side": Side(signer.side).within, "sha256": round_.document_sha256},
    )  # fmt: skip
    state = _state(agreement, round_)
    if any(one.act is None for one in state.signers):
        return None
    name = f"{agreement} version {round_.number}.pdf"
    signed = [Signer(one.side, one.name, one.title, one.at or at) for one in state.signers]
    return _complete(
        row, round_, Completed(SignedDocument(name, content), tuple(signed)), actor=actor, at=at, under=decision
    )


@atomic
def decline(*, actor: Actor, agreement: str, why: str, address: str, at: datetime) -> None:
    """Decline to sign, in words; the draft goes back to its desk and signatures given already are void."""
    row, decision, round_, signer = _mine(actor, agreement)
    if not why.strip():
        raise NotSignable("Say why, so that it can be mended.", field="why")
    _act(round_, signer, Act.DECLINED, actor=actor, at=at, address=address, why=why)
    rounds.end(round_, Signing.DECLINED, why=f"{signer.name}: {why.strip()}", actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="agreements.declined", practice=row.practice_id, at=at, why=why.strip()[:200],
        subject=("agreements.agreement", agreement), decision=decision,
    )  # fmt: skip


@atomic
def recall(*, actor: Actor, agreement: str, why: str, at: datetime) -> None:
    """Take back what is out for signature; signatures given already are void."""
    row = locked(agreement)
    decision = actor.must(EXECUTE.code, row.practice_id)
    if not why.strip():
        raise NotSignable("Say why.", field="why")
    rounds.end(_out(row), Signing.VOID, why=why, actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="agreements.recalled", practice=row.practice_id, at=at, why=why.strip()[:200],
        subject=("agreements.agreement", agreement), decision=decision,
    )  # fmt: skip


@atomic
def bring_back(
    *, actor: Actor, agreement: str, document: SignedDocument, signers: Sequence[Signer], at: datetime,
    unreviewed: str = "",
) -> Version:  # fmt: skip
    """Record a paper that was signed elsewhere, with who signed it when: one that was sent so, or an older one.

    Who wrote the draft does not record it (`SamePerson`). What is out for signature here comes back by its signers
    alone. What was not sent from here needs counsel's word as that does, or `unreviewed`: why it was signed without,
    which the trail keeps. Raises `NotSignedOff`, and `NotBroughtBack` where those who signed are not those named.
    """
    row = locked(agreement)
    decision = actor.must(EXECUTE.code, row.practice_id)
    draft = desk(row)
    duties.another(actor, did=draft.drafted_by, **execution.PARTED)
    round_ = SigningRound.objects.select_for_update().filter(agreement=row, state=Signing.OPEN.value).first()
    if round_ is None:
        if no := counsel.why_not_seen(agreement, draft.number):
            _unreviewed(row, draft.number, unreviewed, no, actor=actor, at=at, under=decision)
        return execution.execute(actor=actor, agreement=agreement, document=document, signers=signers, at=at)
    if round_.provider == HERE:
        raise NotSignable("It is out for signature here, by its named signers.", fix="Recall it to record a paper.")
    execution.refuse_unsigned(signers, document, at)
    back = PROVIDERS[round_.provider].bring_back(_packet(row, round_), Completed(document, tuple(signers)))
    digest = hashlib.sha256(back.document.content).hexdigest()
    for place, signed in _by_place(round_, back.signers):
        SigningAct.objects.create(
            practice_id=row.practice_id, round=round_, signer=place, act=Act.SIGNED.value, at=signed.signed_at,
            by=f"{signed.name}, recorded by {actor.name}"[:120], user=actor.user, document_sha256=digest,
            address_class=address_class("").value, intent="Signed on paper.",
        )  # fmt: skip
    return _complete(row, round_, back, actor=actor, at=at, under=decision)


def _unreviewed(
    row: ServiceAgreement, number: int, why: str, no: counsel.NotSignedOff, *, actor: Actor, at: datetime,
    under: Decision,
) -> None:  # fmt: skip
    """Keep in the trail why a paper was signed without counsel's word; refused without a reason."""
    if not why.strip():
        raise counsel.NotSignedOff(no.sentence, field="unreviewed",
                                   fix="Ask counsel first; of a paper signed before it came here, say so.")  # fmt: skip
    audit.record(
        actor=actor, action="agreements.unreviewed", practice=row.practice_id, at=at, why=why.strip()[:200],
        subject=("agreements.agreement", row.public_id), facts={"number": number}, decision=under,
    )  # fmt: skip


def intent_of(title: str, side: Side) -> str:
    """The sentence that a signer confirms."""
    return INTENT.format(title=title, side=side.within)


def _refuse_signers(row: ServiceAgreement, signers: Sequence[NamedSigner], provider: str, at: datetime) -> None:
    for fault in rules.signer_faults([Signer(one.side, one.name, one.title, at) for one in signers]):
        raise NotSignable(fault.sentence, field=fault.field, fix=fault.fix)
    if provider != HERE:
        return
    may = {one.user: one for one in signings.who_signs(row.practice_id, at=at)}
    for one in signers:
        known = may.get(one.user)
        if known is None or known.side is not one.side:
            raise NotSignable(
                f"{one.name} may not sign {one.side.within}.", field=f"{one.side.value}_signer",
                fix="A practice's owner signs for it, an executive for the MSO.",
            )  # fmt: skip
    if len({one.user for one in signers}) != len(signers):
        raise NotSignable("One account does not sign for both sides.", field="signers")


def _freeze(
    row: ServiceAgreement, draft: AgreementDraft, said: paper.Paper, *, provider: str, actor: Actor, at: datetime,
    under: Decision,
) -> SigningRound:  # fmt: skip
    agreement = queries.agreement(row.public_id)
    assert agreement.draft is not None, "the draft is on the desk"
    content = pdf.document(agreement, said.articles, paper=agreement.draft, frozen_at=at)
    kept = documents.store(
        actor=actor, practice=row.practice_id, name=f"{row.public_id} version {draft.number}.pdf", content=content,
        media_type="application/pdf", purpose=PURPOSE, at=at, under=under,
    )  # fmt: skip
    made = SigningRound.objects.create(
        practice_id=row.practice_id, agreement=row, number=draft.number, provider=provider,
        content_sha256=said.content_sha256, document=kept.public_id, document_sha256=kept.sha256,
        articles=text.as_data(said.articles), state=Signing.OPEN.value, sent_at=at, sent_by=actor.name[:120],
        sent_user=actor.user,
    )  # fmt: skip
    documents.became(document=kept, subject=("agreements.signing", made.public_id), practice=row.practice_id, at=at)
    return made


def _name(round_: SigningRound, signers: Sequence[NamedSigner], *, at: datetime) -> None:
    """Name the signers; what is signed here waits for each of them, what is handed over is handed over."""
    row = round_.agreement
    for place, one in enumerate(signers):
        RoundSigner.objects.create(
            practice_id=row.practice_id, round=round_, place=place, side=one.side.value, name=one.name.strip()[:80],
            title=one.title.strip()[:80], user=one.user if round_.provider == HERE else "",
        )  # fmt: skip
        if round_.provider == HERE:
            work.open_item(
                practice=row.practice_id, kind=TO_SIGN, subject=("agreements.agreement", row.public_id),
                title=f"{one.name} signs {row.public_id}, version {round_.number}", priority=PRIORITY,
                why=f"{round_.sent_by} sent it to be signed {one.side.within}.", at=at,
                due_at=clocks.sla_due(row.practice_id, "", TO_SIGN, at), priority_why="Nothing opens before",
                key=rounds.sign_key(round_, place),
            )  # fmt: skip
    if round_.provider != HERE:
        PROVIDERS[round_.provider].hand_over(_packet(row, round_))


def _packet(row: ServiceAgreement, round_: SigningRound) -> Packet:
    named = [NamedSigner(one.side, one.name, one.title) for one in _state(row.public_id, round_).signers]
    return Packet(
        round_.public_id, f"{row.public_id}, version {round_.number}", stored.read(round_.document, row.practice_id),
        round_.document_sha256, tuple(named),
    )  # fmt: skip


def _mine(actor: Actor, agreement: str) -> tuple[ServiceAgreement, Decision, SigningRound, RoundSigner]:
    """What is out for signature, and the place where the actor is named; nobody signs for somebody else."""
    row = locked(agreement)
    decision = actor.must(SIGN.code, row.practice_id)
    round_ = _out(row)
    signer = RoundSigner.objects.filter(round=round_, user=actor.user).exclude(user="").first()
    if signer is None:
        raise NotYourSignature("You are not named as a signer of this.", fix="Who is named signs.")
    if signings.side_of(actor, decision) != signer.side:
        raise NotYourSignature(f"You do not stand {Side(signer.side).within} today.")
    if SigningAct.objects.filter(round=round_, signer=signer).exists():
        raise NotYourSignature("You have signed this already.", fix="It waits for the others.")
    return row, decision, round_, signer


def _out(row: ServiceAgreement) -> SigningRound:
    found = SigningRound.objects.select_for_update().filter(agreement=row, state=Signing.OPEN.value).first()
    if found is None:
        raise NotFound("Nothing of this agreement is out for signature.", field="agreement")
    return found


def _act(
    round_: SigningRound, signer: RoundSigner, act: Act, *, actor: Actor, at: datetime, address: str, intent: str = "",
    why: str = "",
) -> None:  # fmt: skip
    SigningAct.objects.create(
        practice_id=round_.practice_id, round=round_, signer=signer, act=act.value, at=at, by=actor.name[:120],
        user=actor.user, address_class=address_class(address).value, intent=intent,
        document_sha256=round_.document_sha256, why=why.strip()[:300],
    )  # fmt: skip


def _done(
    round_: SigningRound, signer: RoundSigner, *, actor: Actor, at: datetime, outcome: str, under: Decision
) -> None:
    work.close_item(
        practice=round_.practice_id, key=rounds.sign_key(round_, signer.place), actor=actor, at=at, outcome=outcome,
        under=under,
    )  # fmt: skip


def _complete(
    row: ServiceAgreement, round_: SigningRound, done: Completed, *, actor: Actor, at: datetime, under: Decision
) -> Version:
    """All have signed: the certificate is kept, the signing ends, and the version is made."""
    certificate = documents.store(
        actor=actor, practice=row.practice_id, name=f"Certificate {round_.public_id}.pdf", at=at, under=under,
        content=pdf.certificate(_state(row.public_id, round_), at=at), media_type="application/pdf",
        purpose=CERTIFICATE.code,
    )  # fmt: skip
    round_.certificate = certificate.public_id
    rounds.end(round_, Signing.COMPLETE, why="", actor=actor, at=at, under=under)
    return execution.carry_out(
        row, desk(row), actor=actor, document=done.document, signers=done.signers, at=at, under=under,
        articles=round_.articles, content_sha256=round_.content_sha256,
    )  # fmt: skip


def _by_place(round_: SigningRound, came: Sequence[Signer]) -> list[tuple[RoundSigner, Signer]]:
    named = RoundSigner.objects.filter(round=round_).order_by("place")
    held = {(one.side.value, " ".join(one.name.lower().split())): one for one in came}
    return [(one, held[one.side, " ".join(one.name.lower().split())]) for one in named]


def _state(agreement: str, round_: SigningRound) -> SigningState:
    return next(one for one in signings.rounds(agreement) if one.public_id == round_.public_id)
